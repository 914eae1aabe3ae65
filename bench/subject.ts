/** The engine as benches ask it: the one place to change when a faster kernel takes over a job. */
import type { EdgeInterval, RoadGraph, RoadPosition, Route } from '../engine/graph/road-graph.ts';
import { createRouter } from '../engine/routing/dijkstra-router.ts';
import { buildHierarchy, type Hierarchy } from '../engine/routing/hierarchy.ts';
import {
  createLabelBuilder,
  type LabelBuilder,
  type UpdateWork,
} from '../engine/routing/kernels/label-builder.ts';
import { takeThread, type LabelSpace } from '../engine/routing/kernels/label-space.ts';
import { endColumns, LabelQuery, type EndColumns } from '../engine/routing/kernels/query.ts';
import { LabelSweep, type SweepTargets } from '../engine/routing/kernels/sweep.ts';
import { createLabelRouter } from '../engine/routing/label-router.ts';
import { buildLabels, openLabels } from '../engine/routing/labels.ts';
import type { Metric } from '../engine/routing/metric.ts';
import { contractionOrder } from '../engine/routing/order.ts';
import { entriesOf, exitsOf } from '../engine/routing/position-ends.ts';
import type { SearchMetric } from '../engine/routing/search-arcs.ts';
import type { Positions, Router } from '../engine/routing/router.ts';
import { networkOf } from '../engine/routing/network.ts';
import { NearestUnits } from '../engine/routing/nearest-units.ts';
import { ReachQuery } from '../engine/routing/reach-query.ts';
import { topologyOf } from '../engine/routing/topology.ts';
import { NONE, UNREACHED_MS, type Ms } from '../engine/units.ts';
import type { NearestContender } from './contenders/nearest.ts';

export interface Subject {
  metric: Metric;
  space: LabelSpace;
  query: LabelQuery;
  sweep: LabelSweep;
  /** Answers to positions, by the fastest router. */
  router: Router;
  /** The reference that every row compares with. */
  reference: Router;
  timeMs: (fromState: number, toState: number) => Ms;
  /** Times from a state to each of `to`, into `out`. */
  timesFromMs: (fromState: number, to: Uint32Array, out: Uint32Array) => void;
  /** Row-major times between states, into `out`. */
  matrixMs: (from: Uint32Array, to: Uint32Array, out: Uint32Array) => void;
  /** Times from each of at most 16 states to every road node, in their order: out[i * nNodes + node]. */
  toAllMs: (from: Uint32Array, out: Uint32Array) => void;
  positionTimesFromMs: (from: RoadPosition, to: Positions) => Uint32Array;
  /** The same with targets prepared once for many sources; without drives that never leave a segment. */
  prepareTargets: (to: Positions) => EndColumns;
  preparedTimesFromMs: (from: RoadPosition, to: EndColumns, out: Uint32Array) => void;
  route: (from: RoadPosition, to: RoadPosition) => Route | null;
  reachFrom: (from: RoadPosition, limitsMs: readonly Ms[]) => EdgeInterval[][];
  /** Exact answers for other times of the network's arcs. */
  setTimes: (networkTimeMs: Uint32Array) => void;
  /** Exact answers with a road arc closed, and with it open again. */
  closeArc: (arc: number) => UpdateWork;
  openArc: (arc: number) => UpdateWork;
  nearestUnits: (nUnits: number) => NearestContender;
  /** Counters of what routes and reaches have cost so far. */
  routeWork: () => Record<string, number>;
  reachWork: () => Record<string, number>;
  /** The same labels asked and built by the kernels in TypeScript. */
  typescript: () => Pick<Built, 'query' | 'sweep' | 'builder'>;
  builder: LabelBuilder;
  /** What does each job, for the table. */
  kernel: string;
  sweepKernel: string;
  reachKernel: string;
  updateKernel: string;
  nearestKernel: string;
}

export interface Built {
  hierarchy: Hierarchy;
  space: LabelSpace;
  builder: LabelBuilder;
  query: LabelQuery;
  sweep: LabelSweep;
}

/** Threads that ask at the same time: this one, and the workers of benches. */
const THREADS = 8;

/** Everything that answers on a city's roads, from nothing but these: network, order, hierarchy and labels. */
export function buildFromRoads(
  graph: RoadGraph,
  networkTimeMs: Uint32Array,
  { withTurns }: { withTurns: boolean },
): Built {
  // a graph that nobody has seen: networks are kept by graph
  const network = networkOf({ ...graph }, { withTurns });
  return buildFromNothing({ network, networkTimeMs });
}

/** Order, hierarchy and labels of a metric from nothing. */
export function buildFromNothing({ network, networkTimeMs }: SearchMetric): Built {
  const topology = topologyOf(network);
  const hierarchy = buildHierarchy(topology, contractionOrder(topology));
  const labels = buildLabels(network, hierarchy, networkTimeMs, { threads: THREADS, withSweeps: true });
  if (labels === null) throw new Error('times beyond what labels hold');
  const { space, query, sweep } = openLabels(labels);
  return { hierarchy, space, builder: createLabelBuilder(space), query, sweep: sweep! };
}

/** By number of states: what is the same for all lists of so many. */
const plainColumns = new Map<number, Pick<EndColumns, 'first' | 'timeMs'>>();

/** States as positions that lie on them; no list but the states is made anew. */
export function columnsOfStates(state: Uint32Array): EndColumns {
  let plain = plainColumns.get(state.length);
  if (plain === undefined) {
    plain = {
      first: Uint32Array.from({ length: state.length + 1 }, (_, i) => i),
      timeMs: new Uint32Array(state.length),
    };
    plainColumns.set(state.length, plain);
  }
  return { ...plain, state };
}

export function createSubject(plain: Metric): Subject {
  const { space, builder, query, sweep } = buildFromNothing(plain);
  const metric: Metric = { ...plain, labels: space };
  const { network, networkTimeMs } = metric;
  const { baseState, firstUse, use } = network;
  const router = createLabelRouter(metric, space);
  const byWasm = builder.kind === 'wasm' ? 'WASM SIMD' : 'TypeScript';
  const reach = new ReachQuery(metric);
  const atNode = { state: 0, timeMs: 0 };
  /** All road nodes as targets, prepared when first asked for. */
  let allNodes: SweepTargets | undefined;
  const usesOf = (arc: number): Uint32Array => use.subarray(firstUse[arc], firstUse[arc + 1]);
  return {
    metric,
    space,
    query,
    sweep,
    builder,
    router,
    reference: createRouter(plain),
    timeMs: (from, to) => query.timeMs(from, to),
    timesFromMs(from, to, out) {
      atNode.state = from;
      query.timesFrom([atNode], columnsOfStates(to), out);
    },
    matrixMs: (from, to, out) => sweep.matrix(columnsOfStates(from), columnsOfStates(to), out),
    toAllMs(from, out) {
      sweep.rowsTo((allNodes ??= sweep.prepare(columnsOfStates(baseState))), columnsOfStates(from), out);
    },
    positionTimesFromMs: (from, to) => router.timesFrom(from, to),
    prepareTargets: (to) => endColumns(to.map((position) => entriesOf(metric, position))),
    preparedTimesFromMs: (from, to, out) => query.timesFrom(exitsOf(metric, from), to, out),
    route: (from, to) => router.route(from, to),
    reachFrom: (from, limitsMs) => reach.from(from, limitsMs),
    setTimes(times) {
      builder.build(times);
    },
    closeArc: (arc) =>
      builder.update(usesOf(arc), new Uint32Array(firstUse[arc + 1] - firstUse[arc]).fill(UNREACHED_MS)),
    openArc: (arc) =>
      builder.update(
        usesOf(arc),
        usesOf(arc).map((i) => networkTimeMs[i]),
      ),
    nearestUnits: (nUnits) => nearestByEngine(metric, space, query, nUnits),
    routeWork: () => ({ labelEntriesRead: query.labelEntriesRead }),
    reachWork: () => ({ statesSettled: reach.statesSettled }),
    typescript: () => {
      const thread = takeThread(space)!;
      return {
        query: new LabelQuery(space, { thread, kind: 'typescript' }),
        sweep: new LabelSweep(space, { thread, kind: 'typescript' }),
        builder: createLabelBuilder(space, 'typescript'),
      };
    },
    kernel: `labels, ${byWasm}`,
    sweepKernel: `sweeps of 16, ${byWasm}`,
    reachKernel: 'one bucket search for all limits',
    updateKernel: `customise and label, ${byWasm}`,
    nearestKernel: `search or bounds and labels, ${byWasm}`,
  };
}

/** The engine's nearest units, told of moves as a contender is. */
function nearestByEngine(
  metric: Metric,
  space: LabelSpace,
  query: LabelQuery,
  nUnits: number,
): NearestContender {
  const units = new NearestUnits(metric, space, query, nUnits);
  const positions: RoadPosition[] = [];
  const positionOf = (unit: number): RoadPosition => positions[unit];
  const isFree = new Uint8Array(nUnits);
  return {
    move(unit, position) {
      positions[unit] = position;
      if (isFree[unit] === 1) units.put(unit, position.segment);
    },
    setFree(unit, free) {
      isFree[unit] = free ? 1 : 0;
      if (free) units.put(unit, positions[unit].segment);
      else units.remove(unit);
    },
    nearest(incident, found) {
      const [nearest] = units.nearest(incident, 1, positionOf);
      found.unit = nearest === undefined ? NONE : nearest.unit;
      found.timeMs = nearest === undefined ? UNREACHED_MS : nearest.travelTimeMs;
    },
    work: () => ({ unitsTimed: units.unitsTimed, statesSettled: units.search.nSettled }),
  };
}
