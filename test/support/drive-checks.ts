/**
 * What must hold of a drive and of the times of a search, told from the graph alone: nothing here is shared with the
 * routers it checks.
 */
import type { GraphRestriction, RoadGraph, RoadPosition, Route } from '../../engine/graph/road-graph.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';

/** Restrictions that bind, as forbidden or only allowed ways on after a sequence of arcs. */
export class RuleBook {
  /** By the last arc of what must have been driven. */
  private readonly rules = new Map<
    number,
    { before: readonly number[]; last: Set<number>; only: boolean }[]
  >();

  private readonly begins: (readonly number[])[];

  constructor(restrictions: readonly Pick<GraphRestriction, 'kind' | 'arcs'>[]) {
    this.begins = restrictions.map(({ arcs }) => arcs.slice(0, -1));
    for (const { kind, arcs } of restrictions) {
      const before = arcs.slice(0, -1);
      const only = kind.startsWith('only_');
      const key = before[before.length - 1];
      let list = this.rules.get(key);
      if (list === undefined) this.rules.set(key, (list = []));
      // several of a kind after the same arcs are one rule: of `only_` each allows its own way on
      const known = list.find((rule) => rule.only === only && rule.before.join() === before.join());
      if (known === undefined) list.push({ before, last: new Set(arcs.slice(-1)), only });
      else known.last.add(arcs[arcs.length - 1]);
    }
  }

  /** The longest end of a drive that begins what some rule asks for: all that later arcs can be forbidden for. */
  remembered(arcs: readonly number[]): readonly number[] {
    for (let from = 0; from < arcs.length; from++) {
      const end = arcs.slice(from);
      for (const before of this.begins) {
        if (before.length >= end.length && end.every((arc, i) => arc === before[i])) return end;
      }
    }
    return [];
  }

  /** Whether a drive over these road arcs, one after the other without a stop, breaks a restriction. */
  isBroken(arcs: readonly number[]): boolean {
    for (let i = 1; i < arcs.length; i++) {
      for (const { before, last, only } of this.rules.get(arcs[i - 1]) ?? []) {
        const start = i - before.length;
        if (start < 0 || last.has(arcs[i]) !== !only) continue;
        let isSame = true;
        for (let j = 0; j < before.length && isSame; j++) isSame = arcs[start + j] === before[j];
        if (isSame) return true;
      }
    }
    return false;
  }
}

/** What is wrong with a drive that is said to take `timeMs`; null where all is well. */
export function faultOfDrive(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  rules: RuleBook,
  { from, to, timeMs, route }: { from: RoadPosition; to: RoadPosition; timeMs: number; route: Route | null },
): string | null {
  if (route === null) return timeMs === UNREACHED_MS ? null : `no drive where the time is ${timeMs}`;
  if (timeMs === UNREACHED_MS) return 'a drive where there is no way';
  const nodeAt = (segment: number, offsetMm: number): number =>
    offsetMm === 0
      ? graph.segmentFrom[segment]
      : offsetMm === graph.segmentLengthMm[segment]
        ? graph.segmentTo[segment]
        : NONE;
  const joins = (a: RoadPosition, segment: number, offsetMm: number): boolean => {
    if (a.segment === segment && a.offsetMm === offsetMm) return true;
    const node = nodeAt(a.segment, a.offsetMm);
    return node !== NONE && node === nodeAt(segment, offsetMm);
  };
  let here = from;
  let sumMs = 0;
  let lengthMm = 0;
  const arcs: number[] = [];
  for (let i = 0; i < route.steps.length; i++) {
    const { segment, fromMm, toMm, endMs } = route.steps[i];
    const streetMm = graph.segmentLengthMm[segment];
    if (!joins(here, segment, fromMm)) return `step ${i} does not begin where the one before ends`;
    if (fromMm === toMm || Math.max(fromMm, toMm) > streetMm || Math.min(fromMm, toMm) < 0) {
      return `step ${i} leads nowhere`;
    }
    const backward = toMm < fromMm;
    const arc = (backward ? graph.segmentBackwardArc : graph.segmentForwardArc)[segment];
    if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) return `step ${i} drives a closed street`;
    // partial times are rounded down from the beginning of the arc: of integers, so that nothing is lost
    const into = (offsetMm: number): number =>
      Number((BigInt(arcTimeMs[arc]) * BigInt(backward ? streetMm - offsetMm : offsetMm)) / BigInt(streetMm));
    sumMs +=
      fromMm === (backward ? streetMm : 0) && toMm === (backward ? 0 : streetMm)
        ? arcTimeMs[arc]
        : into(toMm) - into(fromMm);
    if (endMs !== sumMs) return `step ${i} ends at ${endMs}, not at ${sumMs}`;
    lengthMm += Math.abs(toMm - fromMm);
    arcs.push(arc);
    here = { segment, offsetMm: toMm };
  }
  if (!joins(here, to.segment, to.offsetMm)) return 'the drive does not end at the goal';
  if (sumMs !== timeMs || route.travelTimeMs !== timeMs) {
    return `steps add up to ${sumMs}, the drive says ${route.travelTimeMs}, the time is ${timeMs}`;
  }
  if (lengthMm !== route.lengthMm) return `steps are ${lengthMm} mm long, the drive says ${route.lengthMm}`;
  if (rules.isBroken(arcs)) return 'the drive breaks a restriction';
  return null;
}

/**
 * The certificate of one-to-all (`in`: all-to-one) times: no arc improves a time, a start is reached at its own time or
 * earlier, and every reached state hangs on a start by arcs that take exactly the difference of their ends. So the times
 * are the fastest whoever found them (RoutingKit, src/test_dijkstra.cpp; ways by zero arcs in a circle prove nothing, hence
 * the walk from the starts). Cost O(arcs). @returns what is wrong, or null
 */
export function faultOfTimes(
  { network, networkTimeMs }: Pick<Metric, 'network' | 'networkTimeMs'>,
  seeds: readonly { state: number; timeMs: number }[],
  direction: 'out' | 'in',
  timeMs: ArrayLike<number>,
): string | null {
  const { nStates, nArcs, firstOut, firstIn, inArc } = network;
  const [from, to] = direction === 'out' ? [network.tail, network.head] : [network.head, network.tail];
  for (let arc = 0; arc < nArcs; arc++) {
    const before = timeMs[from[arc]];
    if (networkTimeMs[arc] === UNREACHED_MS || before === UNREACHED_MS) continue;
    if (before + networkTimeMs[arc] < timeMs[to[arc]]) {
      return `arc ${arc} improves state ${to[arc]} to ${before + networkTimeMs[arc]} from ${timeMs[to[arc]]}`;
    }
  }
  const isProven = new Uint8Array(nStates);
  const queue: number[] = [];
  const prove = (state: number): void => {
    if (isProven[state] === 1) return;
    isProven[state] = 1;
    queue.push(state);
  };
  for (const seed of seeds) {
    if (timeMs[seed.state] > seed.timeMs) return `start ${seed.state} is reached at ${timeMs[seed.state]}`;
    if (timeMs[seed.state] === seed.timeMs) prove(seed.state);
  }
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const first = direction === 'out' ? firstOut : firstIn;
    for (let i = first[state]; i < first[state + 1]; i++) {
      const arc = direction === 'out' ? i : inArc[i];
      const isTight =
        networkTimeMs[arc] !== UNREACHED_MS && timeMs[state] + networkTimeMs[arc] === timeMs[to[arc]];
      if (isTight) prove(to[arc]);
    }
  }
  for (let state = 0; state < nStates; state++) {
    if (timeMs[state] !== UNREACHED_MS && isProven[state] === 0) {
      return `nothing leads to state ${state} in its time of ${timeMs[state]}`;
    }
  }
  return null;
}
