/**
 * Everything in the engine that gives travel times, by name and behind one question: the matrix between two lists of
 * positions. Tests of laws ask all of them, so a kernel that is new is tested by a line here.
 */
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { BucketSearch } from '../../engine/routing/bucket-search.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { HierarchyQuery } from '../../engine/routing/hierarchy-query.ts';
import { createLabelBuilder, type LabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import { createLabelSpace, type LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import type { KernelKind } from '../../engine/routing/kernels/load.ts';
import { MAX_GATHERED_ENDS } from '../../engine/routing/kernels/query-slots.ts';
import { scratchBytes } from '../../engine/routing/kernels/query-scratch.ts';
import { endColumns, LabelQuery, type StateTime } from '../../engine/routing/kernels/query.ts';
import { LabelSweep } from '../../engine/routing/kernels/sweep.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { directTimeMs, entriesOf, exitsOf } from '../../engine/routing/position-ends.ts';
import type { Positions, Router } from '../../engine/routing/router.ts';
import { UNREACHED_MS } from '../../engine/units.ts';

export const KERNEL_KINDS: readonly KernelKind[] = ['typescript', 'wasm'];

export interface Contender {
  name: string;
  /** Row-major, from.length x to.length. */
  matrix(from: Positions, to: Positions): Uint32Array;
}

/** The routers of a metric by name: the reference first. */
export function routersOf(metric: Metric, hierarchies = new Hierarchies()): Record<string, Router> {
  return {
    'Dijkstra router': createRouter(metric),
    'fastest router': fastestRouter(withLabels([metric], { hierarchies })[0]),
    'hierarchy router': fastestRouter(withLabels([metric], { hierarchies, maxBytes: 0 })[0]),
  };
}

/** The four ways to ask a router for times. */
export function routerContenders(name: string, router: Router): Contender[] {
  const each =
    (times: (from: RoadPosition, to: RoadPosition) => number) => (from: Positions, to: Positions) =>
      Uint32Array.from(from.flatMap((a) => to.map((b) => times(a, b))));
  return [
    { name: `${name}, one by one`, matrix: each((a, b) => router.timeMs(a, b)) },
    { name: `${name}, matrix`, matrix: (from, to) => router.matrix(from, to) },
    { name: `${name}, one to many`, matrix: (from, to) => byRows(from, to, (a) => router.timesFrom(a, to)) },
    {
      name: `${name}, many to one`,
      matrix: (from, to) => byColumns(from, to, (b) => router.timesTo(from, b)),
    },
  ];
}

/** Label spaces of one metric, one built by the kernels of each kind. */
export interface Spaces {
  space: LabelSpace;
  builder: LabelBuilder;
  kind: KernelKind;
}

/** @returns null where the metric's times are too long for labels */
export function spacesOf(
  metric: Metric,
  hierarchies = new Hierarchies(),
  kinds = KERNEL_KINDS,
): Spaces[] | null {
  const hierarchy = hierarchies.of(metric.network);
  const spaces: Spaces[] = [];
  for (const kind of kinds) {
    const space = createLabelSpace(hierarchy, metric.network, {
      threads: 1,
      scratchBytes: scratchBytes(hierarchy),
      withLabels: true,
    });
    if ('refused' in space) throw new Error(space.refused);
    const builder = createLabelBuilder(space, kind);
    if (!builder.build(metric.networkTimeMs)) return null;
    spaces.push({ space, builder, kind });
  }
  return spaces;
}

/** The first column in which two label spaces differ, of those that mean something at rest; null where none does. */
export function differenceOf(a: LabelSpace, b: LabelSpace): string | null {
  const columns = ['arcTime', 'baseTime', 'upTime', 'downTime', 'to', 'from', 'queued', 'changed'] as const;
  for (const column of columns) {
    const [left, right] = [a[column], b[column]];
    for (let i = 0; i < left.length; i++) {
      if (left[i] !== right[i]) return `${column}[${i}] is ${left[i]} and ${right[i]}`;
    }
  }
  return null;
}

/** Kernels on the labels and the hierarchy of a space, asked in every way they can be asked. */
export function kernelContenders(
  metric: Metric,
  { space, kind }: Pick<Spaces, 'space' | 'kind'>,
  hierarchies: Hierarchies,
): Contender[] {
  const query = new LabelQuery(space, { thread: 0, kind });
  const sweep = new LabelSweep(space, { thread: 0, kind });
  const contenders: Contender[] = [
    { name: `label query (${kind}), one by one`, matrix: onePairAtATime(metric, query) },
    { name: `label query (${kind}), pairs`, matrix: (from, to) => pairs(metric, query, from, to) },
    { name: `label query (${kind}), one to many`, matrix: rowsOf(metric, query) },
    { name: `label query (${kind}), many to one`, matrix: columnsOf(metric, query) },
    {
      name: `sweep (${kind}), matrix`,
      matrix(from, to) {
        const times = new Uint32Array(from.length * to.length);
        sweep.matrix(exitColumns(metric, from), entryColumns(metric, to), times);
        return withDirect(metric, from, to, times);
      },
    },
    {
      name: `sweep (${kind}), one to all`,
      matrix: toStates(metric, 'out', (ends) => {
        const times = new Uint32Array(ends.length * metric.network.nStates);
        sweep.timesFrom(endColumns(ends), times);
        return times;
      }),
    },
    {
      name: `sweep (${kind}), all to one`,
      matrix: toStates(metric, 'in', (ends) => {
        const times = new Uint32Array(ends.length * metric.network.nStates);
        sweep.timesTo(endColumns(ends), times);
        return times;
      }),
    },
  ];
  if (kind === 'wasm') return contenders;
  const climb = new HierarchyQuery(hierarchies.of(metric.network), space.upTime, space.downTime);
  return [
    ...contenders,
    { name: 'hierarchy query, one by one', matrix: onePairAtATime(metric, climb) },
    { name: 'hierarchy query, one to many', matrix: rowsOf(metric, climb) },
    { name: 'hierarchy query, many to one', matrix: columnsOf(metric, climb) },
  ];
}

/** Searches on the metric itself: one to all, away and towards. */
export function searchContenders(metric: Metric): Contender[] {
  return (['out', 'in'] as const).flatMap((direction) =>
    Object.entries({ Dijkstra: new DijkstraSearch(metric), buckets: new BucketSearch(metric) }).map(
      ([name, search]) => ({
        name: `search (${name}), ${direction}`,
        matrix: toStates(metric, direction, (ends) => {
          const times = new Uint32Array(ends.length * metric.network.nStates);
          ends.forEach((seeds, i) =>
            times.set(timesOfSearch(search, direction, seeds, metric), i * metric.network.nStates),
          );
          return times;
        }),
      }),
    ),
  );
}

/** Times of all states from (`in`: to) some seeds. */
export function timesOfSearch(
  search: DijkstraSearch | BucketSearch,
  direction: 'out' | 'in',
  seeds: readonly StateTime[],
  { network: { nStates } }: Pick<Metric, 'network'>,
): Uint32Array {
  search.start(direction);
  for (const { state, timeMs } of seeds) search.seed(state, timeMs);
  search.settleAll(UNREACHED_MS - 1);
  const times = new Uint32Array(nStates);
  for (let state = 0; state < nStates; state++) times[state] = search.timeOf(state);
  return times;
}

type OneByOne = Pick<LabelQuery, 'timeBetween'>;
type OneToMany = Pick<LabelQuery, 'timesFrom' | 'timesTo'>;

const onePairAtATime =
  (metric: Metric, query: OneByOne) =>
  (from: Positions, to: Positions): Uint32Array => {
    const [exits, entries] = [exitLists(metric, from), entryLists(metric, to)];
    const times = exits.flatMap((a) => entries.map((b) => query.timeBetween(a, b)));
    return withDirect(metric, from, to, Uint32Array.from(times));
  };

function pairs(metric: Metric, query: LabelQuery, from: Positions, to: Positions): Uint32Array {
  const [exits, entries] = [exitLists(metric, from), entryLists(metric, to)];
  const times = new Uint32Array(from.length * to.length);
  query.timesOfPositionPairs(
    endColumns(exits.flatMap((ends) => to.map(() => ends))),
    endColumns(exits.flatMap(() => entries)),
    times,
  );
  return withDirect(metric, from, to, times);
}

const rowsOf =
  (metric: Metric, query: OneToMany) =>
  (from: Positions, to: Positions): Uint32Array => {
    const columns = entryColumns(metric, to);
    const row = new Uint32Array(to.length);
    const times = byRows(from, to, (a) => {
      query.timesFrom(exitsOf(metric, a), columns, row);
      return row;
    });
    return withDirect(metric, from, to, times);
  };

const columnsOf =
  (metric: Metric, query: OneToMany & OneByOne) =>
  (from: Positions, to: Positions): Uint32Array => {
    const columns = exitColumns(metric, from);
    const column = new Uint32Array(from.length);
    const times = byColumns(from, to, (b) => {
      const entries = entriesOf(metric, b);
      // around a junction of so many states kernels are asked one by one: routers know
      if (entries.length <= MAX_GATHERED_ENDS) query.timesTo(columns, entries, column);
      else from.forEach((a, i) => (column[i] = query.timeBetween(exitsOf(metric, a), entries)));
      return column;
    });
    return withDirect(metric, from, to, times);
  };

/** A matrix from times between the ends of some positions and all states. */
const toStates =
  (metric: Metric, direction: 'out' | 'in', ask: (ends: StateTime[][]) => Uint32Array) =>
  (from: Positions, to: Positions): Uint32Array => {
    const { nStates } = metric.network;
    const [exits, entries] = [exitLists(metric, from), entryLists(metric, to)];
    const [near, far] = direction === 'out' ? [exits, entries] : [entries, exits];
    const all = ask(near);
    const times = new Uint32Array(from.length * to.length);
    near.forEach((_, i) =>
      far.forEach((ends, j) => {
        let best = UNREACHED_MS;
        for (const { state, timeMs } of ends) best = Math.min(best, all[i * nStates + state] + timeMs);
        times[direction === 'out' ? i * to.length + j : j * to.length + i] = best;
      }),
    );
    return withDirect(metric, from, to, times);
  };

/** The drive that stays on the common street of two positions knows no state. */
function withDirect(metric: Metric, from: Positions, to: Positions, times: Uint32Array): Uint32Array {
  from.forEach((a, i) =>
    to.forEach((b, j) => {
      const at = i * to.length + j;
      times[at] = Math.min(times[at], directTimeMs(metric, a, b));
    }),
  );
  return times;
}

function byRows(from: Positions, to: Positions, row: (a: RoadPosition) => Uint32Array): Uint32Array {
  const times = new Uint32Array(from.length * to.length);
  from.forEach((a, i) => times.set(row(a), i * to.length));
  return times;
}

function byColumns(from: Positions, to: Positions, column: (b: RoadPosition) => Uint32Array): Uint32Array {
  const times = new Uint32Array(from.length * to.length);
  to.forEach((b, j) => column(b).forEach((timeMs, i) => (times[i * to.length + j] = timeMs)));
  return times;
}

const exitLists = (metric: Metric, at: Positions): StateTime[][] => at.map((p) => exitsOf(metric, p));
const entryLists = (metric: Metric, at: Positions): StateTime[][] => at.map((p) => entriesOf(metric, p));
const exitColumns = (metric: Metric, at: Positions) => endColumns(exitLists(metric, at));
const entryColumns = (metric: Metric, at: Positions) => endColumns(entryLists(metric, at));
