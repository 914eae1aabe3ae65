/** Searches with buckets and with a heap: equal times, certificates, and what they leave to the next search. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { BucketSearch } from '../../engine/routing/bucket-search.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { networkOf } from '../../engine/routing/network.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import type { SearchDirection, SearchMetric } from '../../engine/routing/search-arcs.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

const ANY_TIME_MS = UNREACHED_MS - 1;
type Seed = [state: number, timeMs: number];

/** What arcs may take, in ms: each network draws from one of these. */
const TIMES: readonly (readonly number[])[] = [
  [0, 1000, 2000, 3000, UNREACHED_MS],
  [0],
  [0, 0, 0, 1],
  [1, 2, 3, 50_000],
  [700, 900, 1100, 80_000, 9_000_000],
  [0, 1, ANY_TIME_MS / 2, ANY_TIME_MS - 1, ANY_TIME_MS],
];

function metricOf(graph: RoadGraph, seed: number): SearchMetric {
  const random = testStream(seed);
  const network = networkOf(graph, { withTurns: seed % 2 === 0 });
  const times = TIMES[random.below(TIMES.length)];
  return {
    network,
    networkTimeMs: Uint32Array.from({ length: network.nArcs }, () => times[random.below(times.length)]),
  };
}

/** Times of all states by Bellman and Ford's method: knows nothing of queues. */
function timesByRounds(
  { network, networkTimeMs }: SearchMetric,
  direction: SearchDirection,
  seeds: readonly Seed[],
): number[] {
  const [from, to] = direction === 'out' ? [network.tail, network.head] : [network.head, network.tail];
  const times = Array.from({ length: network.nStates }, () => UNREACHED_MS);
  for (const [state, timeMs] of seeds) times[state] = Math.min(times[state], timeMs);
  for (let changed = true; changed;) {
    changed = false;
    for (let arc = 0; arc < network.nArcs; arc++) {
      if (networkTimeMs[arc] === UNREACHED_MS) continue;
      const timeMs = times[from[arc]] + networkTimeMs[arc];
      if (timeMs >= times[to[arc]]) continue;
      times[to[arc]] = timeMs;
      changed = true;
    }
  }
  return times;
}

/** Says what is wrong with times: an arc that would improve one, or a time that nothing leads to. */
function faultsOf(
  { network, networkTimeMs }: SearchMetric,
  direction: SearchDirection,
  { seeds, limitMs, times }: { seeds: readonly Seed[]; limitMs: number; times: readonly number[] },
): string[] {
  const [from, to] = direction === 'out' ? [network.tail, network.head] : [network.head, network.tail];
  const faults: string[] = [];
  const explained = new Set<number>();
  for (const [state, timeMs] of seeds) {
    if (timeMs <= limitMs && timeMs < times[state])
      faults.push(`seed ${state} at ${timeMs} improves ${times[state]}`);
    if (timeMs === times[state]) explained.add(state);
  }
  for (let arc = 0; arc < network.nArcs; arc++) {
    if (networkTimeMs[arc] === UNREACHED_MS || times[from[arc]] === UNREACHED_MS) continue;
    const timeMs = times[from[arc]] + networkTimeMs[arc];
    if (timeMs <= limitMs && timeMs < times[to[arc]])
      faults.push(`arc ${arc} improves ${times[to[arc]]} to ${timeMs}`);
    if (timeMs === times[to[arc]]) explained.add(to[arc]);
  }
  times.forEach((timeMs, state) => {
    if (timeMs !== UNREACHED_MS && !explained.has(state))
      faults.push(`nothing leads to ${state} at ${timeMs}`);
    if (timeMs !== UNREACHED_MS && timeMs > limitMs)
      faults.push(`${state} at ${timeMs} lies beyond the limit`);
  });
  return faults;
}

describe('a search in buckets on random networks', () => {
  it('gives the times of the heap and of rounds over all arcs, both ways, within every limit (seeds 1 to 150)', async () => {
    let reached = 0;
    let beyond = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const plain = await randomGraph(seed, seed % 10 === 0 ? 300 : 8 + (seed % 40));
      const graph = withRandomRestrictions(plain, seed, seed % 7);
      const metric = metricOf(graph, seed);
      const { nStates } = metric.network;
      const buckets = new BucketSearch(metric);
      const heap = new DijkstraSearch(metric);
      const random = testStream(1000 + seed);
      // one search object for all questions: nothing may stay of the one before
      for (let question = 0; question < 8; question++) {
        const direction = question % 2 === 0 ? 'out' : 'in';
        const spreadMs = [1, 5000, 10_000_000][random.below(3)];
        const seeds = Array.from({ length: 1 + random.below(4) }, (): Seed => [
          random.below(nStates),
          random.below(spreadMs),
        ]);
        const limitMs = [ANY_TIME_MS, 0, 1 + random.below(4000), random.below(20_000_000)][random.below(4)];
        buckets.start(direction);
        heap.start(direction);
        for (const [state, timeMs] of seeds) {
          buckets.seed(state, timeMs);
          heap.seed(state, timeMs);
        }
        const settledBefore = heap.nSettled;
        buckets.settleAll(limitMs);
        heap.settleAll(limitMs);
        const times = Array.from({ length: nStates }, (_, state) => buckets.timeOf(state));
        const cut = (timeMs: number): number => (timeMs <= limitMs ? timeMs : UNREACHED_MS);
        const place =
          JSON.stringify({ seed, question, direction, seeds, limitMs }) + `\n${printGraph(graph)}`;
        expect(times, place).toEqual(times.map((_, state) => cut(heap.timeOf(state))));
        expect(times, place).toEqual(timesByRounds(metric, direction, seeds).map(cut));
        expect(faultsOf(metric, direction, { seeds, limitMs, times }), place).toEqual([]);
        const within = times.flatMap((timeMs, state) => (timeMs === UNREACHED_MS ? [] : [state]));
        expect(
          [...new Set(buckets.reached)].sort((a, b) => a - b),
          place,
        ).toEqual(within);
        expect(heap.nSettled - settledBefore, place).toBe(within.length);
        reached += within.length;
        beyond += nStates - within.length;
      }
    }
    expect(reached).toBeGreaterThan(20_000);
    expect(beyond).toBeGreaterThan(5000);
  });

  it('takes every seed at its least time and none beyond the limit', async () => {
    const metric = metricOf(await randomGraph(3, 20), 3);
    const closed = { ...metric, networkTimeMs: metric.networkTimeMs.map(() => UNREACHED_MS) };
    for (const search of [new BucketSearch(closed), new DijkstraSearch(closed)]) {
      search.start('out');
      for (const [state, timeMs] of [
        [4, 900],
        [4, 700],
        [4, 800],
        [5, 1001],
        [6, 1000],
      ])
        search.seed(state, timeMs);
      search.settleAll(1000);
      expect([4, 6, 7].map((state) => search.timeOf(state))).toEqual([700, 1000, UNREACHED_MS]);
    }
  });

  it('takes many seeds at once, and many at one state (more than the queues hold at first)', async () => {
    const metric = metricOf(await randomGraph(10, 300), 1);
    const { nStates } = metric.network;
    const seeds: Seed[] = [];
    for (let state = 0; state < nStates; state++) seeds.push([state, 5000]);
    for (let timeMs = 4000; timeMs > 0; timeMs--) seeds.push([timeMs % 3, timeMs]);
    for (const search of [new BucketSearch(metric), new DijkstraSearch(metric)]) {
      search.start('out');
      for (const [state, timeMs] of seeds) search.seed(state, timeMs);
      search.settleAll(ANY_TIME_MS);
      const times = Array.from({ length: nStates }, (_, state) => search.timeOf(state));
      expect(times).toEqual(timesByRounds(metric, 'out', seeds));
    }
  });

  it('copies times out in the order asked for', async () => {
    const metric = metricOf(await randomGraph(8, 30), 8);
    for (const search of [new BucketSearch(metric), new DijkstraSearch(metric)]) {
      search.start('out');
      search.seed(2, 10);
      search.settleAll(ANY_TIME_MS);
      const out = new Uint32Array(3);
      search.copyTimes(Uint32Array.of(2, 0, 7), out);
      expect([...out]).toEqual([10, search.timeOf(0), search.timeOf(7)]);
    }
  });
});

describeWithData('a search in buckets on the roads of Porto', (data) => {
  it('gives the times of the heap both ways, and settles hardly a state twice; work is counted alike each time', async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'osm/porto.osm.pbf')));
    const { graph } = await readRoadGraph({ name: 'porto', sha256: '', bytes }, { pedestrianStreets: false });
    for (const [name, siren] of [
      ['plain', false],
      ['patrol-car', true],
    ] as const) {
      const metric = buildMetric(graph, findProfile(name), { siren });
      const { nStates } = metric.network;
      const buckets = new BucketSearch(metric);
      const heap = new DijkstraSearch(metric);
      for (const direction of ['out', 'in'] as const) {
        for (let i = 1; i <= 2; i++) {
          const before = { buckets: buckets.nSettled, heap: heap.nSettled };
          for (const search of [buckets, heap]) {
            search.start(direction);
            search.seed(Math.floor((i * nStates) / 3), 0);
            search.settleAll(ANY_TIME_MS);
          }
          let different = 0;
          let reached = 0;
          for (let state = 0; state < nStates; state++) {
            if (buckets.timeOf(state) !== heap.timeOf(state)) different++;
            if (heap.timeOf(state) !== UNREACHED_MS) reached++;
          }
          expect(different).toBe(0);
          expect(reached).toBeGreaterThan(0.9 * nStates);
          expect(heap.nSettled - before.heap).toBe(reached);
          const work = buckets.nSettled - before.buckets;
          expect(work).toBeGreaterThanOrEqual(reached);
          expect(work).toBeLessThan(1.03 * reached);
          buckets.start(direction);
          buckets.seed(Math.floor((i * nStates) / 3), 0);
          buckets.settleAll(ANY_TIME_MS);
          expect(buckets.nSettled - before.buckets).toBe(2 * work);
        }
      }
    }
  });
});
