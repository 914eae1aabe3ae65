/** The engine as benches ask it: the one place to change when a faster kernel takes over a job. */
import type { EdgeInterval, RoadPosition, Route } from '../engine/graph/road-graph.ts';
import { createRouter } from '../engine/routing/dijkstra-router.ts';
import { fastestRouter } from '../engine/routing/fastest-router.ts';
import { buildHierarchy, type Hierarchy } from '../engine/routing/hierarchy.ts';
import { buildLabels, nodeTimeMs, type Labels } from '../engine/routing/labels.ts';
import type { Metric } from '../engine/routing/metric.ts';
import { contractionOrder } from '../engine/routing/order.ts';
import type { Positions, Router } from '../engine/routing/router.ts';
import { topologyOf } from '../engine/routing/topology.ts';
import { exitsOf, entriesOf, directTimeMs, type PositionEnd } from '../engine/routing/position-ends.ts';
import { NONE, UNREACHED_MS, type Ms } from '../engine/units.ts';
import type { NearestUnits } from './contenders/nearest.ts';

export interface Subject {
  metric: Metric;
  /** Answers to positions, by the fastest router. */
  router: Router;
  /** The reference that every row compares with. */
  reference: Router;
  /** What answers from labels, for the table. */
  kernel: string;
  timeMs: (fromState: number, toState: number) => Ms;
  /** Times from a state to each of `to`, into `out`. */
  timesFromMs: (fromState: number, to: Uint32Array, out: Uint32Array) => void;
  /** Row-major times between states, into `out`. */
  matrixMs: (from: Uint32Array, to: Uint32Array, out: Uint32Array) => void;
  /** Times from each of at most 16 states to every road node, in their order: out[i * nNodes + node]. */
  toAllMs: (from: Uint32Array, out: Uint32Array) => void;
  positionTimesFromMs: (from: RoadPosition, to: Positions) => Uint32Array;
  route: (from: RoadPosition, to: RoadPosition) => Route | null;
  reachFrom: (from: RoadPosition, limitMs: Ms) => EdgeInterval[];
  /** Exact answers for other times of the network's arcs; afterwards `timeMs` gives them. */
  setTimes: (networkTimeMs: Uint32Array) => void;
  /** Exact answers with a road arc closed, and with it open again. */
  closeArc: (arc: number) => void;
  openArc: (arc: number) => void;
  nearestUnits: (nUnits: number) => NearestUnits;
  /** What does each job, for the table. */
  matrixKernel: string;
  reachKernel: string;
  updateKernel: string;
  nearestKernel: (nFree: number) => string;
}

/** Order, hierarchy and labels of a metric from nothing. */
export function buildFromNothing(metric: Metric): {
  hierarchy: Hierarchy;
  labels: Labels;
  timeMs: Subject['timeMs'];
} {
  const topology = topologyOf(metric.network);
  const hierarchy = buildHierarchy(topology, contractionOrder(topology));
  const labels = labelled(metric, hierarchy, metric.networkTimeMs);
  return { hierarchy, labels, timeMs: (from, to) => nodeTimeMs(labels, from, to) };
}

function labelled(metric: Metric, hierarchy: Hierarchy, networkTimeMs: Uint32Array): Labels {
  const labels = buildLabels(metric.network, hierarchy, networkTimeMs);
  if (labels === null) throw new Error('times beyond what labels hold');
  return labels;
}

export function createSubject(plain: Metric): Subject {
  const built = buildFromNothing(plain);
  const { hierarchy } = built;
  let { labels } = built;
  const metric: Metric = { ...plain, labels };
  const { network } = metric;
  const router = fastestRouter(metric);
  const timeMs = (from: number, to: number): Ms => nodeTimeMs(labels, from, to);
  const timesFromMs = (from: number, to: Uint32Array, out: Uint32Array): void => {
    for (let i = 0; i < to.length; i++) out[i] = nodeTimeMs(labels, from, to[i]);
  };
  return {
    metric,
    router,
    reference: createRouter(plain),
    kernel: 'labels, TypeScript',
    timeMs,
    timesFromMs,
    matrixMs: (from, to, out) =>
      from.forEach((state, i) => timesFromMs(state, to, out.subarray(i * to.length, (i + 1) * to.length))),
    toAllMs: (from, out) =>
      from.forEach((state, i) =>
        timesFromMs(
          state,
          network.baseState,
          out.subarray(i * network.graph.nNodes, (i + 1) * network.graph.nNodes),
        ),
      ),
    positionTimesFromMs: (from, to) => router.timesFrom(from, to),
    route: (from, to) => router.route(from, to),
    reachFrom: (from, limitMs) => router.reachFrom(from, limitMs),
    setTimes: (networkTimeMs) => {
      labels = labelled(metric, hierarchy, networkTimeMs);
    },
    closeArc(arc) {
      const closed = metric.networkTimeMs.slice();
      for (const use of network.use.subarray(network.firstUse[arc], network.firstUse[arc + 1]))
        closed[use] = UNREACHED_MS;
      labels = labelled(metric, hierarchy, closed);
    },
    openArc() {
      labels = labelled(metric, hierarchy, metric.networkTimeMs);
    },
    nearestUnits: (nUnits) => nearestByScan(metric, nUnits, timeMs),
    matrixKernel: 'labels, TypeScript',
    reachKernel: 'bounded Dijkstra (router)',
    updateKernel: 'relabelling, TypeScript',
    nearestKernel: () => 'labels, TypeScript, every free unit',
  };
}

/** Asks for the time of every free unit. */
function nearestByScan(metric: Metric, nUnits: number, timeMs: Subject['timeMs']): NearestUnits {
  const positions: RoadPosition[] = [];
  const exits: PositionEnd[][] = [];
  const isFree = new Uint8Array(nUnits);
  return {
    move(unit, position) {
      positions[unit] = position;
      exits[unit] = exitsOf(metric, position);
    },
    setFree(unit, free) {
      isFree[unit] = free ? 1 : 0;
    },
    nearest(incident, found) {
      const entries = entriesOf(metric, incident);
      let best = UNREACHED_MS;
      found.unit = NONE;
      for (let unit = 0; unit < nUnits; unit++) {
        if (isFree[unit] === 0) continue;
        let time = directTimeMs(metric, positions[unit], incident);
        for (const exit of exits[unit]) {
          for (const entry of entries)
            time = Math.min(time, exit.timeMs + timeMs(exit.state, entry.state) + entry.timeMs);
        }
        if (time >= best) continue;
        best = time;
        found.unit = unit;
      }
      found.timeMs = best;
    },
  };
}
