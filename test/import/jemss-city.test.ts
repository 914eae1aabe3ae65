/** A whole JEMSS simulation: what becomes of it, what is said to be left out, and how broken inputs are told. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import type { JemssDisk } from '../../engine/import/jemss/folder.ts';
import { importJemss, type JemssImport } from '../../engine/import/jemss/import-jemss.ts';
import { checkRoadExtract } from '../../engine/import/road-extract.ts';
import { scenarioSchema, type ScenarioJson } from '../../engine/scenario/schema.ts';
import { CONFIG, diskOf, jemssTown } from '../support/jemss-city.ts';
import { describeWithData } from '../support/shared-data.ts';
import { zipOf } from '../support/zip-writer.ts';

type Changes = Parameters<typeof jemssTown>[0];

const importTown = (changes?: Changes): Promise<JemssImport> =>
  importJemss(diskOf(jemssTown(changes)), CONFIG, { places: 8 });

/** The scenario, held to the published schema. */
function scenarioOf({ scenario, roads }: JemssImport): ScenarioJson {
  checkRoadExtract(roads.extract);
  return scenarioSchema.parse(scenario);
}

describe('a JEMSS simulation', () => {
  it('becomes a scenario with the same posts, units, needs, delays, targets and times', async () => {
    const scenario = scenarioOf(await importTown());
    expect(scenario.posts).toEqual([
      { id: 'station-1', name: 'West', lonLat: [0, 0.001] },
      { id: 'station-2', name: 'East', lonLat: [0.02, 0.008] },
    ]);
    expect(scenario.units.map(({ post }) => post)).toEqual(['station-1', 'station-2', 'station-2']);
    expect(scenario.destinations).toEqual([{ id: 'hospital-1', kind: 'hospital', lonLat: [0.01, 0] }]);
    const { demand } = scenario;
    if (demand.type !== 'poisson') throw new Error('random calls were expected');
    expect(
      demand.categories.map(({ id, share, siren, priority }) => ({ id, share, siren, priority })),
    ).toEqual([
      { id: 'highPriority', share: 0.5, siren: true, priority: 1 },
      { id: 'medPriority', share: 0.25, siren: true, priority: 2 },
      { id: 'lowPriority', share: 0.25, siren: false, priority: 3 },
    ]);
    for (const { onSceneS, transport } of demand.categories) {
      expect(onSceneS).toEqual({ type: 'exponential', mean: 720 });
      expect(transport).toEqual({
        share: 0.8,
        kind: 'hospital',
        handoverS: { type: 'exponential', mean: 360 },
      });
    }
    expect(demand.sources[0].callsPerHour).toBe(2);
    expect(scenario.delays).toMatchObject({ callHandlingS: 50, turnoutAtPostS: 0 });
    expect(scenario.run).toMatchObject({ warmUpS: 86_400, durationS: 172_800, replications: 3 });
    expect(scenario.profiles[0]).toMatchObject({ arcTimes: { calm: 'mode_2', siren: 'mode_1' } });
    expect(scenario.standards[0]).toMatchObject({
      clauses: [480, 480, 1200].map((thresholdS) => ({
        thresholdS,
        clockStart: 'occurred',
        event: 'firstArrival',
      })),
    });
    // JEMSS names times, and no share of the calls that should keep them
    const [standard] = scenario.standards as { clauses: object[] }[];
    for (const clause of standard.clauses) expect(clause).not.toHaveProperty('targetShare');
  });

  it('lets urgent calls take units as its redispatch does, and names pairs that no policy has', async () => {
    const lowerToHigh = scenarioOf(await importTown());
    expect(lowerToHigh.dispatch).toEqual({
      type: 'pre-emption',
      urgentPriority: 1,
      phases: ['turningOut', 'enRoute'],
      minSavingS: 1,
    });
    const off = await importTown({
      'redispatch.csv': (text) => text.replace('Redispatch\n1\n', 'Redispatch\n0\n'),
    });
    expect(scenarioOf(off).dispatch).toEqual({ type: 'closest-available' });
    const all = await importTown({ 'redispatch.csv': (text) => `${text}lowPriority,medPriority,1\n` });
    expect(scenarioOf(all).dispatch).toMatchObject({ type: 'pre-emption', urgentPriority: 2 });
    const odd = await importTown({
      'redispatch.csv': (text) => text.replace('medPriority,highPriority,1\n', ''),
    });
    expect(scenarioOf(odd).dispatch).toEqual({ type: 'closest-available' });
    expect(odd.account.leftOut.join('\n')).toContain('redispatch from lowPriority to highPriority');
  });

  it('has its calls where the raster has weight', async () => {
    const { files } = await importTown();
    const rows = files.get('places.csv')!.trim().split('\n');
    expect(rows[0]).toBe('lon,lat');
    const cells = rows.slice(1).map((row) =>
      row
        .split(',')
        .map((value) => Math.round(Number(value) * 100))
        .join(' '),
    );
    expect(cells.sort()).toEqual(['1 1', '2 1', '2 1', '2 1', '2 2', '2 2', '2 2', '2 2']);
  });

  it('names what it does not carry over', async () => {
    const { account } = await importTown({
      'travel.csv': (text) =>
        text.replace('1,medPriority,1', '1,medPriority,1').replace('0,1\n', '0,1\n0.5,2\n').replace('\n\ntravelSetsTiming', '\n2,highPriority,1\n2,medPriority,1\n2,lowPriority,2\n\ntravelSetsTiming'),
      'sim_config.xml': (text) =>
        text.replace('<module>none', '<module>zhang_ip').replace('findNearestDispatchableAmb!', 'mine!').replace('</simFiles>', '<extra>x.csv</extra></simFiles>'),
    }); // prettier-ignore
    const said = account.leftOut.join('\n');
    expect(said).toContain('1 other entry of travelSetsTiming');
    expect(said).toContain('move-up module zhang_ip');
    expect(said).toContain('the function mine! of <dispatch>: the closest unit is sent');
    expect(said).toContain('the file <extra> x.csv');
  });

  it('is the same from a zip archive beside the missing files', async () => {
    const packed = jemssTown();
    const input = '/jemss/town/input';
    const csv = [...packed.keys()].filter((path) => path.startsWith(input));
    const archive = zipOf(
      Object.fromEntries(csv.map((path) => [path.slice(input.length + 1), packed.get(path)!])),
    );
    for (const path of csv) packed.delete(path);
    packed.set(`${input}/all.zip`, archive);
    const { scenario, files, roads } = await importJemss(diskOf(packed), CONFIG, { places: 8 });
    const plain = await importTown();
    expect([scenario, files, roads]).toEqual([plain.scenario, plain.files, plain.roads]);
  });

  it('may give its calls in a file: they come when and where they came', async () => {
    const { scenario, files, account } = await importTown({
      'sim_config.xml': (text) =>
        text.replace('<callGenConfig>$configFileDir/gen_config.xml</callGenConfig>', '<calls>$configFileDir/density.xyz</calls>'),
      'density.xyz': () =>
        'miscData\nstartTime\n0\n\ncalls\nindex,priority,x,y,arrivalTime,dispatchDelay,onSceneDuration,transport,hospitalIndex,handoverDuration\n' +
        '1,1,0.01,0.01,1.25,0.001,0.01,1,1,0.02\n2,3,0.02,0.01,1.5000001,0.002,0.02,0,-1,0\n',
    }); // prettier-ignore
    const { demand, delays } = scenarioSchema.parse(scenario);
    expect(demand).toMatchObject({ type: 'calls', file: 'calls.csv' });
    expect(demand.categories[0].transport).toEqual({ share: 0.5, kind: 'hospital', handoverS: 1728 });
    expect(delays.callHandlingS).toEqual({ type: 'empirical', file: 'laws.csv', column: 'dispatchDelay' });
    expect(files.get('calls.csv')).toBe(
      'id,time,lon,lat,category,onSceneS\n' +
        '1,2026-01-05T06:00:00Z,0.01,0.01,highPriority,864\n2,2026-01-05T12:00:00.009Z,0.02,0.01,lowPriority,1728\n',
    );
    expect(account.leftOut).toContain('the hospital that 1 calls name: the nearest is taken');
  });
});

describe('a broken input', () => {
  const faults: [string, Changes, RegExp][] = [
    ['no arc there', { 'arcs.csv': (text) => text.replace('15,1,5,', '15,1,7,') }, /arcs\.csv row 21, column toNode: "7" is not allowed; allowed: numbers from 1 to 6/],
    ['a time of zero', { 'arcs.csv': (text) => text.replace('0.0013', '0') }, /row 7, column mode_2: "0" is not allowed; allowed: numbers above 0 to 24/],
    ['a time that is no number', { 'arcs.csv': (text) => text.replace('0.0013', 'fast') }, /row 7, column mode_2: "fast" is not allowed/],
    ['an arc in a circle', { 'arcs.csv': (text) => text.replace('15,1,5,', '15,1,1,') }, /row 21, column toNode: is 1, where the arc begins/],
    ['numbers out of order', { 'nodes.csv': (text) => text.replace('\n3,', '\n4,') }, /nodes\.csv row 5, column index: is 4; rows are numbered/],
    ['a column misspelt', { 'nodes.csv': (text) => text.replace('index,x', 'index,X') }, /nodes\.csv row 2: the table "nodes" has no column "x" \(did you mean "X"\?\)/],
    ['a table missing', { 'stations.csv': (text) => text.replace('stations', 'station') }, /stations\.csv: has no table "stations" \(did you mean "station"\?\)/],
    ['an empty file', { 'hospitals.csv': () => '' }, /hospitals\.csv: has no table "hospitals"; found: none/],
    ['a missing file', { 'hospitals.csv': null }, /sim_config\.xml line \d+, <hospitals>: \/jemss\/town\/input\/hospitals\.csv is not there, nor in an archive/],
    ['an unknown priority', { 'travel.csv': (text) => text.replace('1,medPriority', '1,midPriority') }, /column priority: "midPriority" is not a priority \(did you mean "medPriority"\?\)/],
    ['a law by another name', { 'gen_config.xml': (text) => text.replace('Exponential(12/60/24)', 'Weibull(2)') }, /gen_config\.xml line \d+, <onSceneDuration>: "Weibull\(2\)" names the law Weibull/],
    ['a broken sum', { 'gen_config.xml': (text) => text.replace('1 + 2 + 0.1', '1 + * 2') }, /<minLastCallArrivalTime>: "1 \+ \* 2" has a "\*" where a value should stand/],
    ['an unknown variable', { 'sim_config.xml': (text) => text.replace('$jemssDir/town', '$HOME/town') }, /<inputPath>: "\$HOME\/town\/input" holds \$HOME; \$jemssDir and \$configFileDir are known/],
    ['a file of another kind', { 'sim_config.xml': (text) => text.replaceAll('simConfig', 'genConfig') }, /begins with <genConfig>; a <simConfig> was expected/],
    ['an entity', { 'sim_config.xml': (text) => text.replace('<simConfig>', '<!DOCTYPE x [<!ENTITY a "b">]><simConfig>') }, /holds a document type/],
    ['modes that differ', { 'travel.csv': (text) => text.replace('2,792\n', '2,792\n3,500\n') }, /is the last of 3 travel modes, but the arcs have 2/],
    ['an ambulance nowhere', { 'ambulances.csv': (text) => text.replace('3,2,1', '3,9,1') }, /ambulances\.csv row 5, column stationIndex: "9" is not allowed; allowed: numbers from 1 to 2/],
  ]; // prettier-ignore
  it.each(faults)('with %s names file, place and value', async (_, changes, message) => {
    const error = await importTown(changes).then(() => null, (caught: unknown) => caught); // prettier-ignore
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
  });

  it('has all that is wrong with it told at once', async () => {
    const error = await importTown({
      'stations.csv': (text) => text.replace('0.001', 'x'),
      'travel.csv': (text) => text.replace('1128', '-1'),
      'gen_config.xml': (text) => text.replace('Bernoulli(0.8)', 'Bernoulli(8)'),
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems.map(({ file }) => file.split('/').at(-1))).toEqual([
      'stations.csv',
      'travel.csv',
      'gen_config.xml',
    ]);
  });

  it('that is cut anywhere, in any of its files, is one InputError or still whole (every 7th byte)', async () => {
    const town = jemssTown();
    for (const [path, bytes] of town) {
      for (let length = 0; length < bytes.length; length += 7) {
        const cut = new Map(town).set(path, bytes.subarray(0, length));
        const outcome = await importJemss(diskOf(cut), CONFIG, { places: 3 }).then(
          (made) => scenarioSchema.safeParse(made.scenario).success,
          (error: unknown) => error instanceof InputError,
        );
        expect({ path, length, outcome }).toEqual({ path, length, outcome: true });
      }
    }
  });
});

describeWithData('the cities of JEMSS and of its tests', (data) => {
  const disk: JemssDisk = {
    read: async (path) => ((await stat(path).catch(() => null))?.isFile() ? readFile(path) : null),
    list: (folder) => readdir(folder).catch(() => []),
  };
  const small = 'test/data/cities/small';
  const cities: [string, { posts: number; units: number; hospitals: number; moveUp: string; dispatch: string }][] = [
    [`${small}/1/sim_config.xml`, { posts: 12, units: 20, hospitals: 6, moveUp: 'back-to-post', dispatch: 'pre-emption' }],
    [`${small}/1/mexclp/sim_config.xml`, { posts: 12, units: 20, hospitals: 6, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    [`${small}/1/sim_configs/sim_config_dmexclp.xml`, { posts: 12, units: 20, hospitals: 6, moveUp: 'dynamic-mexclp', dispatch: 'closest-available' }],
    [`${small}/1/sim_configs/sim_config_nested_comp_table.xml`, { posts: 12, units: 20, hospitals: 6, moveUp: 'compliance-table', dispatch: 'closest-available' }],
    [`${small}/1/sim_configs/sim_config_priority_list.xml`, { posts: 12, units: 20, hospitals: 6, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    [`${small}/2/sim_config.xml`, { posts: 3, units: 5, hospitals: 2, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    [`${small}/4/sim_config.xml`, { posts: 5, units: 8, hospitals: 3, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    [`${small}/5/sim_config.xml`, { posts: 3, units: 5, hospitals: 2, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    [`${small}/7/sim_config.xml`, { posts: 3, units: 9, hospitals: 1, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    ['example/cities/generated/small/1/sim_config.xml', { posts: 12, units: 20, hospitals: 6, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    ['example/cities/manhattan/1/reps/input/sim_config.xml', { posts: 8, units: 12, hospitals: 10, moveUp: 'back-to-post', dispatch: 'closest-available' }],
    ['example/cities/auckland/1/single/input/sim_config.xml', { posts: 14, units: 16, hospitals: 4, moveUp: 'back-to-post', dispatch: 'pre-emption' }],
  ]; // prettier-ignore
  it.each(cities)(
    '%s is read as a whole: %j',
    async (config, expected) => {
      const made = await importJemss(disk, join(data, 'jemss', config), { places: 100 });
      const { posts, units, destinations, moveUp, dispatch } = scenarioOf(made);
      const lengths = [posts, units, destinations].map((list) => (Array.isArray(list) ? list.length : -1));
      expect({
        posts: lengths[0],
        units: lengths[1],
        hospitals: lengths[2],
        moveUp: moveUp.type,
        dispatch: dispatch.type,
      }).toEqual(expected);
      expect(made.account.different.length).toBeGreaterThan(0);
      expect(made.account.leftOut.length).toBeGreaterThan(0);
    },
    30_000,
  );
});
