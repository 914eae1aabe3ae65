/** Queries on labels, in TypeScript and in WebAssembly, and on the hierarchy alone, against all times by Floyd and Warshall. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { HierarchyQuery } from '../../engine/routing/hierarchy-query.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import { createLabelSpace, type LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import type { KernelKind } from '../../engine/routing/kernels/load.ts';
import { openQueryScratch, scratchBytes } from '../../engine/routing/kernels/query-scratch.ts';
import * as word from '../../engine/routing/kernels/query-slots.ts';
import { endColumns, LabelQuery, type StateTime } from '../../engine/routing/kernels/query.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import {
  labelSpaceOf,
  randomEnds,
  randomMetric,
  timeBetweenEnds,
  timesBetweenAll,
  timesOfSearch,
} from '../support/label-space.ts';
import { printGraph, randomGraph, testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';

const KINDS: readonly KernelKind[] = ['typescript', 'wasm'];

const placeOf = (seed: number, metric: Metric): string => `seed ${seed}\n${printGraph(metric.network.graph)}`;

/** Groups of the label that a thread gathered last, of a source. */
function nGathered(space: LabelSpace, thread: number): number {
  const { head } = openQueryScratch(space, thread);
  return new Uint32Array(head.buffer, head[word.GATHERED], 1)[0];
}

describe('times between states', () => {
  it('are those of Floyd and Warshall for every pair, one by one and many at a time (seeds 1 to 120)', async () => {
    let reached = 0;
    let unreached = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const metric = await randomMetric(seed);
      const n = metric.network.nStates;
      const all = timesBetweenAll(metric);
      const { space } = labelSpaceOf(metric);
      const from = Uint32Array.from({ length: n * n }, (_, i) => Math.floor(i / n));
      const to = Uint32Array.from({ length: n * n }, (_, i) => i % n);
      const expected = Uint32Array.from(all);
      const read: number[] = [];
      for (const kind of KINDS) {
        const query = new LabelQuery(space, { thread: KINDS.indexOf(kind), kind });
        const out = new Uint32Array(n * n);
        query.timesOfPairs(from, to, out);
        expect(out, `${kind} ${placeOf(seed, metric)}`).toEqual(expected);
        const before = query.labelEntriesRead;
        const single = Uint32Array.from(from, (state, i) => query.timeMs(state, to[i]));
        expect(single, `${kind} ${placeOf(seed, metric)}`).toEqual(expected);
        expect(query.labelEntriesRead).toBe(2 * before); // the same work either way
        read.push(before);
      }
      expect(read[0]).toBe(read[1]);
      for (const timeMs of expected) if (timeMs === UNREACHED_MS) unreached++; else reached++; // prettier-ignore
    }
    expect(reached).toBeGreaterThan(0.1 * (reached + unreached));
    expect(unreached).toBeGreaterThan(0.1 * (reached + unreached));
  });

  it('are exact where a drive takes days, and one of twelve days or more counts as none', async () => {
    const graph = await randomGraph(3, 30);
    const times = new Uint32Array(graph.nArcs).fill(8 * 3_600_000);
    const metric = createMetric(graph, times, { name: 'slow' });
    const all = timesBetweenAll(metric);
    const n = metric.network.nStates;
    const { space } = labelSpaceOf(metric);
    expect(
      all
        .filter((timeMs) => timeMs !== UNREACHED_MS)
        .sort()
        .at(-1),
    ).toBeGreaterThan(2 * 86_400_000);
    const here = (timeMs: number): StateTime[] => [{ state: 0, timeMs }];
    const longest = 0x3fff_fffe;
    for (const kind of KINDS) {
      const query = new LabelQuery(space, { thread: 0, kind });
      for (let i = 0; i < n * n; i++) expect(query.timeMs(Math.floor(i / n), i % n)).toBe(all[i]);
      const out = new Uint32Array(1);
      for (const [before, after, timeMs] of [
        [longest, 0, longest],
        [0, longest, longest],
        [longest, 1, UNREACHED_MS],
        [longest, longest, UNREACHED_MS],
        [0, UNREACHED_MS, UNREACHED_MS],
        [UNREACHED_MS, 0, UNREACHED_MS],
        [UNREACHED_MS, UNREACHED_MS, UNREACHED_MS],
      ]) {
        expect(query.timeBetween(here(before), here(after)), `${kind} ${before} ${after}`).toBe(timeMs);
        query.timesFrom(here(before), endColumns([here(after)]), out);
        expect(out[0], `${kind} ${before} ${after}`).toBe(timeMs);
        query.timesTo(endColumns([here(before)]), here(after), out);
        expect(out[0], `${kind} ${before} ${after}`).toBe(timeMs);
      }
      // the sum of all three leaves the 32 bits
      const there = all.findIndex((timeMs, state) => state < n && timeMs > 0 && timeMs !== UNREACHED_MS);
      const end = [{ state: there, timeMs: longest }];
      expect(query.timeBetween(here(longest), end)).toBe(UNREACHED_MS);
      query.timesFrom(here(longest), endColumns([end]), out);
      expect(out[0]).toBe(UNREACHED_MS);
    }
  });
});

describe('times between positions', () => {
  it('are the smallest over their ends, wherever these lie: pairs, one to many, many to one (seeds 1 to 120)', async () => {
    let groups = 0;
    let reached = 0;
    let compared = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const metric = await randomMetric(seed);
      const all = timesBetweenAll(metric);
      const { space, hierarchy } = labelSpaceOf(metric);
      const random = testStream(seed);
      const from = Array.from({ length: 25 }, () => randomEnds(random, metric));
      const to = Array.from({ length: 25 }, () => randomEnds(random, metric));
      const [fromColumns, toColumns] = [endColumns(from), endColumns(to)];
      const read: number[] = [];
      for (const kind of KINDS) {
        const place = `${kind} ${placeOf(seed, metric)}`;
        const query = new LabelQuery(space, { thread: KINDS.indexOf(kind), kind });
        const out = new Int32Array(25);
        query.timesOfPositionPairs(fromColumns, toColumns, out);
        expect([...out], place).toEqual(from.map((ends, i) => timeBetweenEnds(all, ends, to[i])));
        from.forEach((ends, i) => expect(query.timeBetween(ends, to[i]), place).toBe(out[i]));
        for (const ends of from) {
          query.timesFrom(ends, toColumns, out);
          expect([...out], place).toEqual(to.map((other) => timeBetweenEnds(all, ends, other)));
          groups = Math.max(groups, nGathered(space, KINDS.indexOf(kind)));
          for (const timeMs of out) if (timeMs !== UNREACHED_MS) reached++;
          compared += out.length;
        }
        for (const ends of to) {
          query.timesTo(fromColumns, ends, out);
          expect([...out], place).toEqual(from.map((other) => timeBetweenEnds(all, other, ends)));
        }
        read.push(query.labelEntriesRead);
      }
      expect(read[0]).toBe(read[1]);
      const climbing = new HierarchyQuery(hierarchy, space.upTime, space.downTime);
      const out = new Uint32Array(25);
      for (const ends of from.slice(0, 5)) {
        climbing.timesFrom(ends, toColumns, out);
        expect([...out], placeOf(seed, metric)).toEqual(to.map((other) => timeBetweenEnds(all, ends, other)));
      }
      for (const ends of to.slice(0, 5)) {
        climbing.timesTo(fromColumns, ends, out);
        expect([...out], placeOf(seed, metric)).toEqual(
          from.map((other) => timeBetweenEnds(all, other, ends)),
        );
      }
      from.forEach((ends, i) =>
        expect(climbing.timeBetween(ends, to[i])).toBe(timeBetweenEnds(all, ends, to[i])),
      );
    }
    expect(groups).toBeGreaterThan(3); // ends on several root paths
    expect(reached).toBeGreaterThan(0.1 * compared);
    expect(reached).toBeLessThan(0.9 * compared);
  });

  it('do not depend on how many are asked at a time', async () => {
    const metric = await randomMetric(14);
    const { space } = labelSpaceOf(metric);
    const random = testStream(14);
    const some = Array.from({ length: 3 * word.MAX_POSITIONS + 5 }, () => randomEnds(random, metric));
    // as many ends as a table takes, then as many again in the middle of a chunk
    const { nStates } = metric.network;
    const most = Array.from({ length: word.MAX_ENDS }, (_, e) => ({ state: e % nStates, timeMs: 5000 }));
    some[7] = most;
    some[2000] = most;
    const columns = endColumns(some);
    const n = some.length;
    const outs = KINDS.map((kind) => {
      const query = new LabelQuery(space, { thread: 0, kind });
      const out = new Uint32Array(n);
      query.timesFrom(some[1], columns, out);
      some.forEach((ends, i) => expect(query.timeBetween(some[1], ends), `position ${i}`).toBe(out[i]));
      const others = Array.from(some, (_, i) => (some[i].length > 100 ? some[1] : some[(i * 7) % 5]));
      const pairs = new Uint32Array(n);
      query.timesOfPositionPairs(columns, endColumns(others), pairs);
      some.forEach((ends, i) => expect(query.timeBetween(ends, others[i]), `pair ${i}`).toBe(pairs[i]));
      const states = Uint32Array.from({ length: word.MAX_ENDS + 3 }, () => random.below(nStates));
      const times = new Uint32Array(states.length);
      query.timesOfPairs(states, states.slice().reverse(), times);
      times.forEach((timeMs, i) => {
        expect(query.timeMs(states[i], states[states.length - 1 - i])).toBe(timeMs);
      });
      return out;
    });
    expect(outs[0]).toEqual(outs[1]);
    const query = new LabelQuery(space, { thread: 0 });
    // positions 100 to 139, as a view
    const part = { ...columns, first: columns.first.subarray(100, 141) };
    const few = { ...part, state: part.state.slice(0, part.first[40]) };
    for (const view of [part, few]) {
      const of = new Uint32Array(40);
      query.timesFrom(some[1], view, of);
      expect(of).toEqual(outs[0].subarray(100, 140));
    }
    const tooMany = endColumns([[...most, most[0]]]);
    expect(() => query.timesFrom(some[1], tooMany, new Uint32Array(1))).toThrow(
      'position 0 has 4097 ends; 4096 are the most',
    );
    expect(() => query.timesFrom(most.slice(0, 65), columns, new Uint32Array(n))).toThrow(
      'a position to gather has 65 ends; 64 are the most',
    );
    const times = new Uint32Array(n);
    query.timesFrom(most.slice(0, 64), columns, times);
    for (let i = 0; i < 50; i++) expect(times[i]).toBe(query.timeBetween(most.slice(0, 64), some[i]));
  });

  it('leave the same bytes in the scratch region, whoever computes them', async () => {
    const metric = await randomMetric(31);
    const { space } = labelSpaceOf(metric);
    const random = testStream(31);
    const ends = Array.from({ length: 60 }, () => randomEnds(random, metric));
    const columns = endColumns(ends);
    const { nStates } = metric.network;
    const states = Uint32Array.from({ length: 500 }, () => random.below(nStates));
    const [scratch] = space.scratch;
    const jobs: ((query: LabelQuery, out: Uint32Array) => void)[] = [
      (query, out) => ends.forEach((one) => query.timesFrom(one, columns, out)),
      (query, out) => ends.forEach((one) => query.timesTo(columns, one, out)),
      (query, out) => query.timesOfPairs(states, states.slice().reverse(), out),
      (query, out) => query.timesOfPositionPairs(columns, columns, out),
      (query, out) => {
        const [exits, ...others] = ends;
        const entries = others.flat().slice(0, 100);
        query.timesToStates(exits, entries, out);
        const arcs: number[] = [];
        entries.forEach(({ state }, i) => {
          if (out[i] !== UNREACHED_MS) query.walkBack(exits, state, out[i], arcs);
        });
        expect(arcs.length).toBeGreaterThan(20);
        out.set(arcs.slice(0, 400), 100);
      },
    ];
    for (const [j, job] of jobs.entries()) {
      const [typescript, wasm] = KINDS.map((kind) => {
        scratch.fill(0);
        job(new LabelQuery(space, { thread: 0, kind }), new Uint32Array(500));
        const { head } = openQueryScratch(space, 0);
        head[word.TOUCHED] = 0;
        // what WebAssembly is yet to combine is its own affair
        new Uint8Array(head.buffer, head[word.RUNS], word.RUN_BYTES * word.MAX_RUNS).fill(0);
        return scratch.slice();
      });
      expect(
        typescript.every((value, i) => value === wasm[i]),
        `job ${j}`,
      ).toBe(true);
    }
  });

  it('are asked of a thread of the space, which has labels', async () => {
    const metric = await randomMetric(5);
    const { space, hierarchy } = labelSpaceOf(metric);
    expect(() => new LabelQuery(space, { thread: 2 })).toThrow(
      'a label space for 2 threads, asked for thread 2',
    );
    const bare = createLabelSpace(hierarchy, metric.network, {
      threads: 1,
      scratchBytes: scratchBytes(hierarchy),
      withLabels: false,
    }) as LabelSpace;
    expect(() => new LabelQuery(bare, { thread: 0 })).toThrow('a label space without labels');
    const cramped = createLabelSpace(hierarchy, metric.network, {
      threads: 1,
      scratchBytes: 4096,
      withLabels: true,
    }) as LabelSpace;
    expect(() => new LabelQuery(cramped, { thread: 0 })).toThrow('without scratch for queries');
  });
});

describe('times from the hierarchy alone', () => {
  it('are those of Floyd and Warshall for every pair (seeds 1 to 120)', async () => {
    for (let seed = 1; seed <= 120; seed++) {
      const metric = await randomMetric(seed);
      const n = metric.network.nStates;
      const all = timesBetweenAll(metric);
      const { space, hierarchy } = labelSpaceOf(metric);
      const query = new HierarchyQuery(hierarchy, space.upTime, space.downTime);
      const times = Float64Array.from(all, (_, i) => query.timeMs(Math.floor(i / n), i % n));
      expect(times, placeOf(seed, metric)).toEqual(all);
    }
  });

  it('follow new times of the arcs', async () => {
    const metric = await randomMetric(9);
    const { space, hierarchy } = labelSpaceOf(metric);
    const query = new HierarchyQuery(hierarchy, space.upTime, space.downTime);
    const slower = createMetric(
      metric.network.graph,
      metric.arcTimeMs.map((t) => (t === UNREACHED_MS ? t : 3 * t + 1)),
      {
        name: 'slower',
        obeys: () => true,
      },
    );
    createLabelBuilder(space, 'typescript').build(slower.networkTimeMs);
    const n = metric.network.nStates;
    const all = timesBetweenAll(slower);
    for (let i = 0; i < n * n; i++) expect(query.timeMs(Math.floor(i / n), i % n)).toBe(all[i]);
  });

  it('take as much work as there are arcs on both root paths', async () => {
    const metric = await randomMetric(22);
    const { space, hierarchy } = labelSpaceOf(metric);
    const { parent, firstUp, place } = hierarchy;
    const query = new HierarchyQuery(hierarchy, space.upTime.fill(1), space.downTime.fill(1));
    const arcsAbove = (p: number): number =>
      firstUp[p + 1] - firstUp[p] + (parent[p] === p ? 0 : arcsAbove(parent[p]));
    query.timeMs(3, 11);
    expect(query.arcsRelaxed).toBe(arcsAbove(place[3]) + arcsAbove(place[11]));
  });
});

describeWithData('queries on the roads of Porto', (data) => {
  it("give plain Dijkstra's times from 3 places to every state, in both directions, with turn restrictions", async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'osm', 'porto.osm.pbf')));
    const source = { name: 'porto.osm.pbf', sha256: '', bytes };
    const { graph } = await readRoadGraph(source, { pedestrianStreets: false });
    const times = Uint32Array.from(graph.arcSegment, (segment) =>
      Math.round(graph.segmentLengthMm[segment] / 13),
    );
    const metric = createMetric(graph, times, { name: 'even', obeys: () => true });
    const { nStates } = metric.network;
    const { space, hierarchy } = labelSpaceOf(metric);
    const queries = KINDS.map((kind, thread) => new LabelQuery(space, { thread, kind }));
    const climbing = new HierarchyQuery(hierarchy, space.upTime, space.downTime);
    const every = Uint32Array.from({ length: nStates }, (_, state) => state);
    const columns = endColumns(Array.from(every, (state) => [{ state, timeMs: 0 }]));
    const random = testStream(77);
    for (let i = 0; i < 3; i++) {
      const start = random.below(nStates);
      const ends = [{ state: start, timeMs: 0 }];
      const starts = new Uint32Array(nStates).fill(start);
      const [away, towards] = (['out', 'in'] as const).map((direction) =>
        timesOfSearch(metric, start, direction),
      );
      const out = new Uint32Array(nStates);
      for (const query of queries) {
        query.timesOfPairs(starts, every, out);
        expect(differences(out, away)).toBe(0);
        query.timesOfPairs(every, starts, out);
        expect(differences(out, towards)).toBe(0);
        query.timesFrom(ends, columns, out);
        expect(differences(out, away)).toBe(0);
        query.timesTo(columns, ends, out);
        expect(differences(out, towards)).toBe(0);
      }
      expect(queries[0].labelEntriesRead).toBe(queries[1].labelEntriesRead);
      for (let k = 0; k < 500; k++) {
        const state = random.below(nStates);
        expect(climbing.timeMs(start, state)).toBe(away[state]);
        expect(climbing.timeMs(state, start)).toBe(towards[state]);
      }
    }
  });
});

const differences = (a: Uint32Array, b: Uint32Array): number =>
  a.reduce((n, timeMs, i) => (timeMs === b[i] ? n : n + 1), 0);
