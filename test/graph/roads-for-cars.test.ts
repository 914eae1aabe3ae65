/**
 * Roads read for cars alone are what they were before there were other modes: the hashes below were taken then. Read
 * for everybody, the roads for cars are still in it, unchanged.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { ColumnName } from '../../engine/graph/columns.ts';
import { largestStrongPart } from '../../engine/graph/components.ts';
import { arcOfStep, checkRoadGraph, mainModeBit, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { modeBit, TRAVEL_MODES, type TravelMode } from '../../engine/import/road-extract.ts';
import { map } from '../support/ascii-map.ts';
import { readBytes, readMap } from '../support/read-map.ts';
import { describeWithData } from '../support/shared-data.ts';
import { TOWN } from '../support/tiny-map.ts';

/** The columns of version 1 of the graph file, in its order. */
const COLUMNS_OF_VERSION_1: readonly ColumnName[] = [
  'nodeOsmId',
  'segmentOsmWayId',
  'nodeLonE7',
  'nodeLatE7',
  'firstOut',
  'head',
  'tail',
  'arcSegment',
  'firstIn',
  'inArc',
  'segmentFrom',
  'segmentTo',
  'segmentForwardArc',
  'segmentBackwardArc',
  'segmentLengthMm',
  'segmentName',
  'firstShape',
  'shapeLonE7',
  'shapeLatE7',
  'shapeAtMm',
  'nodeMain',
  'arcBackward',
  'segmentClass',
  'segmentMaxForwardKph',
  'segmentMaxBackwardKph',
];

function hashOfVersion1(graph: RoadGraph): string {
  const hash = createHash('sha256');
  for (const name of COLUMNS_OF_VERSION_1) {
    const { buffer, byteOffset, byteLength } = graph[name];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const { nNodes, nArcs, nSegments, names } = graph;
  return hash.update(JSON.stringify([nNodes, nArcs, nSegments, names])).digest('hex');
}

async function read(path: string, modes?: readonly TravelMode[], pedestrianStreets = false) {
  const options = { ...(modes ? { modes } : {}), pedestrianStreets };
  return buildRoadGraph(await readBytes(new Uint8Array(readFileSync(path)), options));
}

/** Length open to cars by street: way, direction, class, limit, surface, name. Streets are cut where paths join. */
function carLengthMm(graph: RoadGraph): Map<string, number> {
  const lengthMm = new Map<string, number>();
  for (let arc = 0; arc < graph.nArcs; arc++) {
    if ((graph.arcAccess[arc] & 1) === 0) continue;
    const s = graph.arcSegment[arc];
    const kph = graph.arcBackward[arc] === 1 ? graph.segmentMaxBackwardKph[s] : graph.segmentMaxForwardKph[s];
    const street = [
      graph.segmentOsmWayId[s],
      graph.arcBackward[arc],
      graph.segmentClass[s],
      kph,
      graph.segmentSurface[s],
      graph.names[graph.segmentName[s]],
    ].join();
    lengthMm.set(street, (lengthMm.get(street) ?? 0) + graph.segmentLengthMm[s]);
  }
  return lengthMm;
}

const gothenburg = createRequire(import.meta.url).resolve('geojson-path-finder/test/large-network.json');

describe('roads for cars alone', () => {
  it.each([
    [false, '48bf5264dc42d0f04c4990c55735956779687e743bd6c05e65de78abd9d113b4'],
    [true, 'b5c843f917343b72d60f33a56b26496299417db3fcbb650139e49b0013486504'],
  ])('of Gothenburg, pedestrian streets open: %s, are byte for byte what they were', async (open, hash) => {
    const graph = await read(gothenburg, undefined, open);
    expect(hashOfVersion1(graph)).toBe(hash);
    expect([graph.modes, ...new Set(graph.arcAccess)]).toEqual([1, 1]);
  });
});

describeWithData('roads for cars', (data) => {
  it.each([
    ['porto.osm.pbf', '1a0e7d87f73f7ef559655afb1b56ca216c2e0ec6c8c543e7f4aec5fc01ad41a1'],
    ['helsinki.osm.pbf', '71dcd44b81e7450e1c5155320744fa08f7b0cfa687ddedb44e135ff492f97009'],
    ['moscow-clip.osm.gz', '31cab8fa367e24c6009fd6ee6c8c1cc5496ff5ec70c843f787d6ef552ed45715'],
  ])('alone, of %s, are byte for byte what they were', async (file, hash) => {
    const graph = await read(`${data}/osm/${file}`, ['car']);
    expect(hashOfVersion1(graph)).toBe(hash);
    expect([graph.modes, ...new Set(graph.arcAccess)]).toEqual([1, 1]);
  });

  it.each(['helsinki.osm.pbf', 'berlin-siegessaeule.osm.gz', 'liechtenstein.osm.pbf'])(
    'of %s are all there, and nothing more, when roads are read for everybody',
    async (file) => {
      const cars = await read(`${data}/osm/${file}`, ['car']);
      const all = await read(`${data}/osm/${file}`, TRAVEL_MODES);
      checkRoadGraph(all);
      expect(all.modes).toBe(15);
      const [before, after] = [carLengthMm(cars), carLengthMm(all)];
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      // each piece of a cut street is rounded to a millimetre
      for (const [street, mm] of before) expect(Math.abs(after.get(street)! - mm)).toBeLessThan(100);
      // every turn restriction is placed on the same streets
      const turns = (graph: RoadGraph): string[] =>
        graph.restrictions.map(({ osmId, kind, arcs }) => {
          const streets = arcs.map((arc) => [
            graph.segmentOsmWayId[graph.arcSegment[arc]],
            graph.arcBackward[arc],
          ]);
          return JSON.stringify([osmId, kind, streets]);
        });
      expect(turns(all)).toEqual(expect.arrayContaining(turns(cars)));
      // the main part is that of cars: the same junctions are in it
      const main = (graph: RoadGraph): Set<number> =>
        new Set([...graph.nodeOsmId].filter((_, node) => graph.nodeMain[node] === 1));
      const mainOfAll = main(all);
      expect([...main(cars)].filter((id) => !mainOfAll.has(id))).toEqual([]);
      // people on foot get farther
      const onFoot = largestStrongPart(all, (arc) => (all.arcAccess[arc] & modeBit('foot')) !== 0);
      expect(onFoot.filter(Boolean).length).toBeGreaterThan(mainOfAll.size);
    },
  );
});

describe('roads for several modes', () => {
  it('have an arc where any of them may pass, and say which', async () => {
    const graph = await buildRoadGraph(await readMap(TOWN, false, TRAVEL_MODES));
    const access = Object.fromEntries(
      Array.from({ length: graph.nArcs }, (_, arc) => {
        const [from, to] = [graph.tail[arc], graph.head[arc]].map((node) => graph.nodeOsmId[node]);
        return [`${from}>${to} way ${graph.segmentOsmWayId[graph.arcSegment[arc]]}`, graph.arcAccess[arc]];
      }),
    );
    expect(access).toEqual({
      '1>2 way 10': 15,
      '2>1 way 10': 15,
      '2>3 way 10': 15,
      '3>2 way 10': 15,
      '4>2 way 11': 15,
      '2>4 way 11': 8, // one-way for vehicles
      '2>5 way 11': 15,
      '5>2 way 11': 8,
      '4>5 way 12': 8, // a footway
      '5>4 way 12': 8,
    });
    expect(arcOfStep(graph, { segment: graph.arcSegment[0], fromMm: 0, toMm: 1 })).toBeGreaterThanOrEqual(0);
  });

  it('have the main part of cars, or of the first mode where there are none', async () => {
    // cars drive round 1-2 only; on foot one goes farther
    const streets = {
      nodes: [1, 2, 3, 4, 5].map((id) => ({ id, lon: id / 1000, lat: 0 })),
      ways: [
        { id: 10, refs: [1, 2], tags: { highway: 'service' } },
        { id: 11, refs: [2, 3], tags: { highway: 'footway', bicycle: 'yes' } },
        { id: 12, refs: [3, 4], tags: { highway: 'footway', bicycle: 'yes' } },
        { id: 13, refs: [4, 5], tags: { highway: 'steps' } },
      ],
      relations: [],
    };
    const main = async (modes: readonly TravelMode[]): Promise<[number, number[]]> => {
      const graph = await buildRoadGraph(await readMap(streets, false, modes));
      return [mainModeBit(graph), [...graph.nodeOsmId].filter((_, node) => graph.nodeMain[node] === 1)];
    };
    expect(await main(['car', 'foot'])).toEqual([1, [1, 2]]);
    expect(await main(['bicycle', 'foot'])).toEqual([4, [1, 2, 3, 4]]);
    expect(await main(['foot'])).toEqual([8, [1, 2, 3, 4, 5]]);
  });

  it('of a hand-made network are open to all its modes, unless it says more', async () => {
    const { extract } = await map('A---B', { AB: { oneway: true } });
    const everybody = await buildRoadGraph({ ...extract, modes: ['car', 'foot'] });
    expect([everybody.modes, ...everybody.arcAccess]).toEqual([9, 9]);
    const ways = { ...extract.ways, forwardModes: Uint8Array.of(1), backwardModes: Uint8Array.of(0) };
    const carsOnly = await buildRoadGraph({ ...extract, modes: ['car', 'foot'], ways });
    expect([carsOnly.modes, ...carsOnly.arcAccess]).toEqual([9, 1]);
    const disagreeing = { ...ways, backwardModes: Uint8Array.of(8) };
    await expect(buildRoadGraph({ ...extract, modes: ['car', 'foot'], ways: disagreeing })).rejects.toThrow(
      /way 0 is open to other modes than its direction says/,
    );
    await expect(buildRoadGraph({ ...extract, modes: ['foot'], ways })).rejects.toThrow(
      /way 0 is open to a mode that was not asked for/,
    );
  });
});
