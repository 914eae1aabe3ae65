/** Sweeps, in TypeScript and in WebAssembly, against all times by Floyd and Warshall and against queries one by one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import type { KernelKind } from '../../engine/routing/kernels/load.ts';
import { openQueryScratch } from '../../engine/routing/kernels/query-scratch.ts';
import * as word from '../../engine/routing/kernels/query-slots.ts';
import { endColumns, LabelQuery, type StateTime } from '../../engine/routing/kernels/query.ts';
import { LabelSweep } from '../../engine/routing/kernels/sweep.ts';
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
import { printGraph, testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';

const KINDS: readonly KernelKind[] = ['typescript', 'wasm'];

const placeOf = (kind: string, seed: number, metric: Metric): string =>
  `${kind} seed ${seed}\n${printGraph(metric.network.graph)}`;

const someEnds = (seed: number, metric: Metric, count: number): StateTime[][] => {
  const random = testStream(seed);
  return Array.from({ length: count }, () => randomEnds(random, metric));
};

const tableOf = (
  all: Float64Array,
  from: readonly (readonly StateTime[])[],
  to: readonly (readonly StateTime[])[],
): number[] => from.flatMap((a) => to.map((b) => timeBetweenEnds(all, a, b)));

describe('one-to-all times', () => {
  it('are those of Floyd and Warshall to and from every state, in batches of any size (seeds 1 to 100)', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const metric = await randomMetric(seed);
      const all = timesBetweenAll(metric);
      const n = metric.network.nStates;
      const every = Array.from({ length: n }, (_, state): StateTime[] => [{ state, timeMs: 0 }]);
      const some = someEnds(seed, metric, 1 + (seed % 40));
      const { space } = labelSpaceOf(metric);
      const work: number[][] = [];
      for (const kind of KINDS) {
        const sweep = new LabelSweep(space, { thread: KINDS.indexOf(kind), kind });
        const out = new Uint32Array(some.length * n);
        sweep.timesFrom(endColumns(some), out);
        expect([...out], placeOf(kind, seed, metric)).toEqual(tableOf(all, some, every));
        sweep.timesTo(endColumns(some), out);
        const towards = some.flatMap((ends) => every.map((state) => timeBetweenEnds(all, state, ends)));
        expect([...out], placeOf(kind, seed, metric)).toEqual(towards);
        work.push([sweep.labelEntriesRead, sweep.arcsSwept]);
      }
      expect(work[0]).toEqual(work[1]);
    }
  });

  it('follow new times of the arcs', async () => {
    const metric = await randomMetric(21);
    const { space } = labelSpaceOf(metric);
    const sources = endColumns(someEnds(21, metric, 5));
    const out = new Uint32Array(5 * metric.network.nStates);
    const sweeps = KINDS.map((kind, thread) => new LabelSweep(space, { thread, kind }));
    for (const sweep of sweeps) sweep.timesFrom(sources, out);
    const before = out.slice();
    const times = metric.arcTimeMs.map((timeMs) => (timeMs === UNREACHED_MS ? timeMs : 2 * timeMs));
    const slower = createMetric(metric.network.graph, times, { name: 'slower', obeys: () => true });
    createLabelBuilder(space, 'typescript').build(slower.networkTimeMs);
    const fresh = new Uint32Array(out.length);
    new LabelSweep(labelSpaceOf(slower).space, { thread: 0, kind: 'typescript' }).timesFrom(sources, fresh);
    for (const sweep of sweeps) {
      sweep.timesFrom(sources, out);
      expect(out).toEqual(fresh);
    }
    expect(out).not.toEqual(before);
  });
});

describe('matrices by sweeps', () => {
  it('are the times of every pair, along rows and along columns (seeds 1 to 100)', async () => {
    let reached = 0;
    let cells = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const metric = await randomMetric(seed);
      const all = timesBetweenAll(metric);
      const { space } = labelSpaceOf(metric);
      const few = someEnds(seed, metric, 1 + (seed % 37));
      const many = someEnds(1000 + seed, metric, 40);
      const work: number[][] = [];
      for (const kind of KINDS) {
        const place = placeOf(kind, seed, metric);
        const sweep = new LabelSweep(space, { thread: KINDS.indexOf(kind), kind });
        const out = new Uint32Array(few.length * many.length);
        sweep.matrix(endColumns(few), endColumns(many), out);
        expect([...out], place).toEqual(tableOf(all, few, many));
        sweep.matrix(endColumns(many), endColumns(few), out);
        expect([...out], place).toEqual(tableOf(all, many, few));
        for (const timeMs of out) if (timeMs !== UNREACHED_MS) reached++;
        cells += out.length;
        work.push([sweep.labelEntriesRead, sweep.arcsSwept]);
      }
      expect(work[0]).toEqual(work[1]);
    }
    expect(reached).toBeGreaterThan(0.1 * cells);
    expect(reached).toBeLessThan(0.9 * cells);
  });

  it('do not depend on what else the scratch served in between, nor on how many are asked at a time', async () => {
    const metric = await randomMetric(44);
    const { space } = labelSpaceOf(metric);
    const n = metric.network.nStates;
    const few = someEnds(1, metric, 20);
    const many = someEnds(2, metric, 2 * word.MAX_ROW + 3);
    for (const kind of KINDS) {
      const query = new LabelQuery(space, { thread: 0, kind });
      const sweep = new LabelSweep(space, { thread: 0, kind });
      const other = new LabelSweep(space, { thread: 0, kind });
      const expected = new Uint32Array(few.length * many.length);
      const row = new Uint32Array(many.length);
      few.forEach((ends, i) => {
        query.timesFrom(ends, endColumns(many), row);
        expected.set(row, i * many.length);
      });
      const targets = sweep.prepare(endColumns(many));
      const columns = other.prepare(endColumns(few));
      const out = new Uint32Array(expected.length);
      for (let turn = 0; turn < 2; turn++) {
        sweep.rowsTo(targets, endColumns(few), out);
        expect(out).toEqual(expected);
        other.timesTo(endColumns(few), new Uint32Array(few.length * n)); // a plan of every place
        out.fill(0);
        other.columnsFrom(columns, endColumns(many), out); // another of a few
        expect(out).toEqual(expected);
        query.timesFrom(few[0], endColumns(many), row);
        out.fill(0);
      }
    }
  });

  it('sweep the ancestors of the targets only', async () => {
    const metric = await randomMetric(47);
    const { space, hierarchy } = labelSpaceOf(metric);
    const { parent, firstUp, place } = hierarchy;
    const [from, to] = [endColumns([[{ state: 5, timeMs: 0 }]]), endColumns([[{ state: 9, timeMs: 0 }]])];
    let arcs = 0;
    for (let p = place[9]; ; p = parent[p]) {
      arcs += firstUp[p + 1] - firstUp[p];
      if (parent[p] === p) break;
    }
    expect(arcs).toBeGreaterThan(0);
    expect(arcs).toBeLessThan(hierarchy.up.length);
    for (const kind of KINDS) {
      const sweep = new LabelSweep(space, { thread: KINDS.indexOf(kind), kind });
      sweep.matrix(from, to, new Uint32Array(1));
      expect(sweep.arcsSwept).toBe(arcs);
      sweep.timesFrom(from, new Uint32Array(metric.network.nStates));
      expect(sweep.arcsSwept).toBe(arcs + hierarchy.up.length);
    }
  });

  it('take a view of some of the positions', async () => {
    const metric = await randomMetric(45);
    const all = timesBetweenAll(metric);
    const { space } = labelSpaceOf(metric);
    const [from, to] = [someEnds(9, metric, 30), someEnds(10, metric, 50)];
    const view = (ends: StateTime[][], first: number, end: number) => {
      const columns = endColumns(ends);
      return { ...columns, first: columns.first.subarray(first, end + 1) };
    };
    for (const kind of KINDS) {
      const sweep = new LabelSweep(space, { thread: 0, kind });
      const out = new Uint32Array(20 * 30);
      sweep.matrix(view(from, 5, 25), view(to, 12, 42), out);
      expect([...out]).toEqual(tableOf(all, from.slice(5, 25), to.slice(12, 42)));
      sweep.matrix(view(to, 12, 42), view(from, 5, 25), out);
      expect([...out]).toEqual(tableOf(all, to.slice(12, 42), from.slice(5, 25)));
    }
  });

  it('take positions of any number of ends, none included', async () => {
    const metric = await randomMetric(46);
    const all = timesBetweenAll(metric);
    const { space } = labelSpaceOf(metric);
    const { nStates } = metric.network;
    const huge = Array.from({ length: word.MAX_ENDS + 9 }, (_, e) => ({
      state: e % nStates,
      timeMs: 100_000 - e,
    }));
    const few = [huge, [], ...someEnds(3, metric, 3)];
    const many = [[], ...someEnds(4, metric, 9)];
    for (const kind of KINDS) {
      const sweep = new LabelSweep(space, { thread: 0, kind });
      const out = new Uint32Array(few.length * many.length);
      sweep.matrix(endColumns(few), endColumns(many), out);
      expect([...out]).toEqual(tableOf(all, few, many));
      expect(() => sweep.rowsTo(sweep.prepare(endColumns(few)), endColumns(many), out)).toThrow(
        `position 0 has ${huge.length} ends; ${word.MAX_ENDS} are the most`,
      );
      sweep.matrix(endColumns([]), endColumns(many), new Uint32Array(0));
      sweep.matrix(endColumns(many), endColumns([]), new Uint32Array(0));
      sweep.matrix(endColumns(few), endColumns(many), out);
      expect([...out]).toEqual(tableOf(all, few, many));
    }
  });

  it('leave the same bytes in the scratch region, whoever computes them', async () => {
    const metric = await randomMetric(58);
    const { space } = labelSpaceOf(metric);
    const [few, many] = [endColumns(someEnds(5, metric, 16)), endColumns(someEnds(6, metric, 33))];
    const bytes = KINDS.map((kind) => {
      space.scratch[0].fill(0);
      const sweep = new LabelSweep(space, { thread: 0, kind });
      sweep.matrix(few, many, new Uint32Array(16 * 33));
      const { head } = openQueryScratch(space, 0);
      const view = (name: number, length: number): number[] => [
        ...new Int32Array(head.buffer, head[name], length),
      ];
      const nSwept = head[word.N_SWEPT];
      const rows = Array.from({ length: 16 }, (_, lane) =>
        view(word.ANSWER_ROWS, 16 * word.ROW_STRIDE).slice(
          lane * word.ROW_STRIDE,
          lane * word.ROW_STRIDE + 33,
        ),
      );
      return [
        [...head],
        view(word.DIST, 16 * nSwept),
        view(word.NUMBER, space.nNodes),
        view(word.PLAN, 2 * nSwept),
        rows,
      ];
    });
    expect(bytes[0]).toEqual(bytes[1]);
  });
});

describeWithData('sweeps on the roads of Porto', (data) => {
  it("give plain Dijkstra's times to and from every state, and a matrix of 40 x 3,000 positions pair by pair", async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'osm', 'porto.osm.pbf')));
    const source = { name: 'porto.osm.pbf', sha256: '', bytes };
    const { graph } = await readRoadGraph(source, { pedestrianStreets: false });
    const times = Uint32Array.from(graph.arcSegment, (segment) =>
      Math.round(graph.segmentLengthMm[segment] / 13),
    );
    const metric = createMetric(graph, times, { name: 'even', obeys: () => true });
    const { nStates } = metric.network;
    const { space } = labelSpaceOf(metric);
    const sweeps = KINDS.map((kind, thread) => new LabelSweep(space, { thread, kind }));
    const random = testStream(78);
    const starts = Array.from({ length: 18 }, () => random.below(nStates));
    const sources = endColumns(starts.map((state) => [{ state, timeMs: 0 }]));
    const [[away, also], [towards, likewise]] = (['timesFrom', 'timesTo'] as const).map((job) =>
      sweeps.map((sweep) => {
        const out = new Uint32Array(18 * nStates);
        sweep[job](sources, out);
        return out;
      }),
    );
    expect(differences(away, also)).toBe(0);
    expect(differences(towards, likewise)).toBe(0);
    for (const i of [0, 15, 17]) {
      const row = (out: Uint32Array): Uint32Array => out.subarray(i * nStates, (i + 1) * nStates);
      expect(differences(row(away), timesOfSearch(metric, starts[i], 'out'))).toBe(0);
      expect(differences(row(towards), timesOfSearch(metric, starts[i], 'in'))).toBe(0);
    }
    const few = someEnds(7, metric, 40);
    const many = someEnds(8, metric, 3000);
    const query = new LabelQuery(space, { thread: 0 });
    const expected = new Uint32Array(40 * 3000);
    few.forEach((ends, i) =>
      query.timesFrom(ends, endColumns(many), expected.subarray(3000 * i, 3000 * (i + 1))),
    );
    for (const sweep of sweeps) {
      const out = new Uint32Array(40 * 3000);
      sweep.matrix(endColumns(few), endColumns(many), out);
      expect(differences(out, expected)).toBe(0);
      sweep.columnsFrom(sweep.prepare(endColumns(few)), endColumns(many), out.fill(0));
      expect(differences(out, expected)).toBe(0);
    }
    expect(sweeps[0].arcsSwept).toBe(sweeps[1].arcsSwept);
  });
});

const differences = (a: Uint32Array, b: Uint32Array): number =>
  a.reduce((n, timeMs, i) => (timeMs === b[i] ? n : n + 1), 0);
