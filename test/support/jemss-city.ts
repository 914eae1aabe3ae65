/** A JEMSS city that fits on a page, in memory: a square with a one-way street, two stations, one hospital. */
import type { JemssDisk } from '../../engine/import/jemss/folder.ts';

export const CONFIG = '/jemss/town/sim_config.xml';
const INPUT = '/jemss/town/input';

const simConfig = `<?xml version="1.0" encoding="UTF-8"?>
<simConfig>
  <!-- a remark -->
  <inputPath>$jemssDir/town/input</inputPath>
  <simFiles>
    <ambulances>ambulances.csv</ambulances>
    <arcs>arcs.csv</arcs>
    <callGenConfig>$configFileDir/gen_config.xml</callGenConfig>
    <hospitals>hospitals.csv</hospitals>
    <map>map.csv</map>
    <nodes>nodes.csv</nodes>
    <priorities>priorities.csv</priorities>
    <redispatch>redispatch.csv</redispatch>
    <stations>stations.csv</stations>
    <statsControl>stats.csv</statsControl>
    <travel>travel.csv</travel>
  </simFiles>
  <decision>
    <callQueueing>addCallToQueueSortPriorityThenTime!</callQueueing>
    <dispatch>findNearestDispatchableAmb!</dispatch>
    <moveUp><module>none</module></moveUp>
  </decision>
</simConfig>
`;

const genConfig = `<genConfig>
  <outputPath/>
  <mode>calls</mode>
  <numCallsFiles>3</numCallsFiles>
  <sim>
    <minLastCallArrivalTime>1 + 2 + 0.1</minLastCallArrivalTime>
    <callDistributions>
      <interarrivalTime seed="1">Exponential(1/48)</interarrivalTime>
      <priority seed="2">Categorical([0.5, 0.25, 0.25])</priority>
      <dispatchDelay seed="3">Normal(50/60/60/24, 0)</dispatchDelay>
      <onSceneDuration seed="4">Exponential(12/60/24)</onSceneDuration>
      <transport seed="5">Bernoulli(0.8)</transport>
      <handoverDuration seed="6">Exponential(6/60/24)</handoverDuration>
    </callDistributions>
    <callDensityRaster cellSeed="7" cellLocSeed="8"><filename>density.xyz</filename></callDensityRaster>
  </sim>
</genConfig>
`;

/** Nodes 1 2 3 in the south, 4 5 6 in the north; 3 is of a motorway, where nobody leaves the road; 1 > 5 is one-way. */
const FILES: Readonly<Record<string, string>> = {
  [CONFIG]: simConfig,
  '/jemss/town/gen_config.xml': genConfig,
  '/jemss/town/density.xyz': '0.01 0.01 1\n0.02 0.01 3\n0.01 0.02 0\n0.02 0.02 4\n',
  [`${INPUT}/map.csv`]: 'map,1\nxMin,xMax,yMin,yMax,xScale,yScale\n0,0.03,0,0.03,100,100\n',
  [`${INPUT}/nodes.csv`]:
    'nodes,,,\nindex,x,y,offRoadAccess\n1,0.00,0.00,1.0\n2,0.01,0.00,1.0\n3,0.02,0.00,0.0\n4,0.00,0.01,1\n5,0.01,0.01,1\n6,0.02,0.01,1\n',
  [`${INPUT}/arcs.csv`]:
    'miscData,,,,\narcForm,numModes,,,\ndirected,2,,,\n,,,,\narcs,,,,\nindex,fromNode,toNode,mode_1,mode_2\n' +
    [
      [1, 2, 0.001, 0.0013],
      [2, 1, 0.0011, 0.0015],
      [2, 3, 0.0005, 0.0006],
      [3, 2, 0.0005, 0.0006],
      [1, 4, 0.002, 0.0021],
      [4, 1, 0.002, 0.0021],
      [2, 5, 0.003, 0.0045],
      [5, 2, 0.003, 0.0045],
      [3, 6, 0.0007, 0.0009],
      [6, 3, 0.0007, 0.0009],
      [4, 5, 0.0012, 0.0016],
      [5, 4, 0.0012, 0.0016],
      [5, 6, 0.0013, 0.0017],
      [6, 5, 0.0013, 0.0017],
      [1, 5, 0.0015, 0.0037],
    ]
      .map((arc, i) => [i + 1, ...arc].join(','))
      .join('\n') +
    '\n',
  [`${INPUT}/stations.csv`]: 'stations\nindex,x,y,capacity,name\n1,0.0,0.001,2,West\n2,0.02,0.008,2,East\n',
  [`${INPUT}/ambulances.csv`]: 'ambulances\nindex,stationIndex,class\n1,1,1\n2,2,1\n3,2,1\n',
  [`${INPUT}/hospitals.csv`]: 'hospitals\nindex,x,y\n1,0.01,0.0\n',
  [`${INPUT}/priorities.csv`]:
    'priorities\npriority,name,targetResponseTime\n1,highPriority,0.005555556\n2,medPriority,8/60/24\n3,lowPriority,0.013888889\n',
  [`${INPUT}/travel.csv`]:
    'travelModes\ntravelModeIndex,offRoadSpeed\n1,1128\n2,792\n\ntravelSets\ntravelSetIndex,priority,travelModeIndex\n1,highPriority,1\n1,medPriority,1\n1,lowPriority,2\n\ntravelSetsTiming\nstartTime,travelSetIndex\n0,1\n',
  [`${INPUT}/redispatch.csv`]:
    'miscData\nallowRedispatch\n1\n\nredispatchConditions\nfromCallPriority,toCallPriority,allowRedispatch\nlowPriority,highPriority,1\nmedPriority,highPriority,1\n',
  [`${INPUT}/stats.csv`]: 'params,,\nwarmUpDuration,periodDurations,doCyclePeriodDurations\n1,[2],false\n',
};

/** The city with some files changed: `change('arcs.csv', (text) => …)`; null takes one away. */
export function jemssTown(
  changes: Readonly<Record<string, ((text: string) => string) | null>> = {},
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of Object.entries(FILES)) {
    const name = Object.keys(changes).find((changed) => path.endsWith(`/${changed}`));
    const change = name === undefined ? undefined : changes[name];
    if (change === null) continue;
    files.set(path, new TextEncoder().encode(change === undefined ? text : change(text)));
  }
  return files;
}

/** Files in memory as a disk. */
export const diskOf = (files: ReadonlyMap<string, Uint8Array>): JemssDisk => ({
  read: (path) => Promise.resolve(files.get(path) ?? null),
  list: (folder) =>
    Promise.resolve([
      ...new Set(
        [...files.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0]),
      ),
    ]),
});
