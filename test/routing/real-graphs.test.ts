/**
 * Every map and graph of the shared data folder: certificates of one-to-all and all-to-one times as the kernels give them,
 * equality with plain Dijkstra state by state, drives that re-add and break no restriction, and all times again after roads
 * were closed one by one and all streets were given other times.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { BucketSearch } from '../../engine/routing/bucket-search.ts';
import { obeysOf } from '../../engine/routing/build-metric.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import type { LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { endColumns, LabelQuery, type EndColumns } from '../../engine/routing/kernels/query.ts';
import { LabelSweep } from '../../engine/routing/kernels/sweep.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { entriesOf, exitsOf } from '../../engine/routing/position-ends.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import type { Positions } from '../../engine/routing/router.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { KERNEL_KINDS, spacesOf, timesOfSearch } from '../support/contenders.ts';
import { count, FULL, TIMEOUT_MS } from '../support/counts.ts';
import { faultOfDrive, faultOfTimes, RuleBook } from '../support/drive-checks.ts';
import { testStream } from '../support/random-city.ts';
import { randomPositionsOn } from '../support/random-plan.ts';
import { metricOf, type RoadPlan } from '../support/road-plan.ts';
import { describeWithData } from '../support/shared-data.ts';
import { NGRAPH_CITIES, readNgraphCity, readRome99, readWashington } from '../support/shared-graphs.ts';
import { must } from '../support/swarm.ts';

const SOURCES = count(3, 1_000);
const DRIVES = count(220, 40_000);
/** Drives that are compared with those of the reference, which takes milliseconds for each. */
const SAME_DRIVES = count(15, 1_000);
const CLOSED_ROADS = count(8, 200);
/** So many times that routers sweep. */
const MATRIX_ROWS = 150;
const MATRIX_COLUMNS = 400;
/** Sources whose times are held at once. */
const BATCH = 16;
const SEED = 7;

describeWithData(`roads and graphs as they are (seed ${SEED})`, (data) => {
  const maps = readdirSync(join(data, 'osm')).sort();
  const profiles = FULL ? ['car', 'plain'] : ['car'];

  it.for(maps.flatMap((name) => profiles.map((type): [string, string] => [name, type])))(
    '%s with profile %s',
    { timeout: TIMEOUT_MS },
    async ([name, type], { annotate }) => {
      const bytes = new Uint8Array(readFileSync(join(data, 'osm', name)));
      const { graph } = await readRoadGraph({ name, sha256: '', bytes }, { pedestrianStreets: false });
      const profile = findProfile(type);
      await annotate(check(buildMetric(graph, profile, { siren: false }), obeysOf(graph, profile, false)));
    },
  );

  it.for([
    ['Rome 1999, places made up', () => readRome99(data, 'made up')],
    ['Rome 1999, all in one place', () => readRome99(data, 'all the same')],
    ['Washington by time, places made up', () => readWashington(data, 'time', 'made up')],
    ['Washington by distance, all in one place', () => readWashington(data, 'distance', 'all the same')],
    ...NGRAPH_CITIES.map((city): [string, () => RoadPlan] => [city, () => readNgraphCity(data, city)]),
  ] as [string, () => RoadPlan][])('%s', { timeout: TIMEOUT_MS }, async ([, read], { annotate }) => {
    await annotate(check(metricOf(read()), null));
  });
});

type Obeys = ((restriction: number) => boolean) | null;

/**
 * @param obeys  which restrictions bind; null where turn rules play no part
 * @returns what was compared
 */
function check(metric: Metric, obeys: Obeys): string {
  const { network } = metric;
  const { graph } = network;
  const random = testStream(SEED);
  const hierarchies = new Hierarchies();
  const [{ space, builder }] = spacesOf(metric, hierarchies, ['wasm'])!;
  const reached = checkTimes(metric, space, randomPositionsOn(graph, random, SOURCES));
  // what the comparison is worth: small clips are full of cut-off streets, cities are reached nearly whole
  expect(reached).toBeGreaterThan((network.nStates > 5_000 ? 0.5 : 0.1) * 2 * SOURCES * network.nStates);
  const driven = checkDrives(metric, obeys, hierarchies, random);

  // roads closed one after the other, then other times everywhere
  const withTimes = (times: Uint32Array): Metric =>
    createMetric(graph, times, { name: 'changed', ...(obeys === null ? {} : { obeys }) });
  const closed = metric.arcTimeMs.slice();
  for (let i = 0; i < CLOSED_ROADS; i++) {
    const road = random.below(graph.nArcs);
    closed[road] = UNREACHED_MS;
    const arcs = network.use.subarray(network.firstUse[road], network.firstUse[road + 1]);
    builder.update(arcs, new Uint32Array(arcs.length).fill(UNREACHED_MS));
  }
  checkTimes(withTimes(closed), space, randomPositionsOn(graph, random, 1));
  const slowed = closed.map((timeMs) =>
    timeMs === UNREACHED_MS ? timeMs : Math.round(timeMs * (1 + 2 * random.uniform())),
  );
  const slow = withTimes(slowed);
  expect(builder.build(slow.networkTimeMs)).toBe(true);
  checkTimes(slow, space, randomPositionsOn(graph, random, 1));
  return (
    `${network.nStates} states, ${network.nArcs} arcs, ${graph.restrictions.length} restrictions: ` +
    `${2 * SOURCES} certificates over ${reached} times, ${driven} drives, ${CLOSED_ROADS} closures`
  );
}

/**
 * Times of the kernels between each position and all states, both ways: certified, and equal to those of both searches.
 * @returns how many states were reached, both ways together
 */
function checkTimes(metric: Metric, space: LabelSpace, positions: Positions): number {
  const { nStates } = metric.network;
  const searches = { Dijkstra: new DijkstraSearch(metric), buckets: new BucketSearch(metric) };
  const states: EndColumns = {
    first: Uint32Array.from({ length: nStates + 1 }, (_, state) => state),
    state: Uint32Array.from({ length: nStates }, (_, state) => state),
    timeMs: new Uint32Array(nStates),
  };
  const kernels = KERNEL_KINDS.map((kind) => ({
    kind,
    query: new LabelQuery(space, { thread: 0, kind }),
    sweep: new LabelSweep(space, { thread: 0, kind }),
  }));
  let reached = 0;
  for (const direction of ['out', 'in'] as const) {
    for (let first = 0; first < positions.length; first += BATCH) {
      const batch = positions.slice(first, first + BATCH);
      const ends = batch.map((at) => (direction === 'out' ? exitsOf(metric, at) : entriesOf(metric, at)));
      const swept = kernels.map(({ sweep }) => {
        const times = new Uint32Array(batch.length * nStates);
        if (direction === 'out') sweep.timesFrom(endColumns(ends), times);
        else sweep.timesTo(endColumns(ends), times);
        return times;
      });
      ends.forEach((seeds, i) => {
        const place = `${direction} ${JSON.stringify(batch[i])}`;
        const certified = swept[1].subarray(i * nStates, (i + 1) * nStates);
        const fault = faultOfTimes(metric, seeds, direction, certified);
        must(fault === null, () => `sweep ${place}: ${fault}`);
        for (const timeMs of certified) if (timeMs !== UNREACHED_MS) reached++;
        same(
          `sweep (${kernels[0].kind}) ${place}`,
          swept[0].subarray(i * nStates, (i + 1) * nStates),
          certified,
        );
        for (const [name, search] of Object.entries(searches)) {
          same(`${name} ${place}`, timesOfSearch(search, direction, seeds, metric), certified);
        }
        const times = new Uint32Array(nStates);
        for (const { kind, query } of kernels) {
          if (direction === 'out') query.timesFrom(seeds, states, times);
          else query.timesTo(states, seeds, times);
          same(`label query (${kind}) ${place}`, times, certified);
        }
      });
    }
  }
  return reached;
}

function same(name: string, found: Uint32Array, expected: Uint32Array): void {
  for (let i = 0; i < expected.length; i++) {
    must(found[i] === expected[i], () => `${name}: ${found[i]}, not ${expected[i]}, for state ${i}`);
  }
}

/**
 * Drives of the fastest router between random positions: driven step by step, and some compared with the reference.
 * @returns how many there were
 */
function checkDrives(metric: Metric, obeys: Obeys, hierarchies: Hierarchies, random: RandomStream): number {
  const { graph } = metric.network;
  const rules = new RuleBook(graph.restrictions.filter((_, i) => obeys?.(i) ?? false));
  const reference = createRouter(metric);
  const router = fastestRouter(withLabels([metric], { hierarchies, withSweeps: true })[0]);
  let driven = 0;
  const compare = (i: number, from: RoadPosition, to: RoadPosition): void => {
    const timeMs = router.timeMs(from, to);
    const route = router.route(from, to);
    const fault = faultOfDrive(graph, metric.arcTimeMs, rules, { from, to, timeMs, route });
    must(fault === null, () => `${fault}: ${JSON.stringify([from, to, route])}`);
    if (route !== null) driven++;
    if (i >= SAME_DRIVES) return;
    expect(timeMs).toBe(reference.timeMs(from, to));
    expect(route).toEqual(reference.route(from, to));
  };
  // large matrices are swept
  const from = randomPositionsOn(graph, random, MATRIX_ROWS);
  const to = randomPositionsOn(graph, random, MATRIX_COLUMNS);
  const matrix = router.matrix(from, to);
  from.forEach((at, i) => {
    const times = i < 2 ? reference.timesFrom(at, to) : router.timesFrom(at, to);
    same(`matrix, row ${i}`, matrix.subarray(i * MATRIX_COLUMNS, (i + 1) * MATRIX_COLUMNS), times);
  });
  for (let i = 0; i < DRIVES; i++) {
    const [from, to] = randomPositionsOn(graph, random, 2);
    compare(i, from, to);
  }
  expect(driven).toBeGreaterThan(0.1 * DRIVES);
  return driven;
}
