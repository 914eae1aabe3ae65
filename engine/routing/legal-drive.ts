/** Whether a drive whose course is given keeps the rules of a metric: closed roads and turn restrictions. */
import { arcOfStep, endOfArcMm, startOfArcMm, type DriveStep } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { Metric } from './metric.ts';
import type { NetworkArcIx, StateIx } from './network.ts';

/** What is wrong with a drive. */
export interface BrokenRule {
  /** The step that may not be driven. */
  step: number;
  /** The restriction that forbids it (index in the graph); NONE where the road is closed that way. */
  restriction: number;
}

/**
 * The first step that breaks a rule, or null. The driver sets off at the first step, and again wherever the drive turns
 * round between two junctions; in between junctions are passed without a stop. Steps join end to end: not checked here.
 * Cost O(steps x arcs of a node).
 */
export function brokenRule(metric: Metric, steps: readonly DriveStep[]): BrokenRule | null {
  const { network, arcTimeMs, networkTimeMs } = metric;
  const { graph } = network;
  let state: StateIx = NONE;
  let arcBefore = NONE;
  let atNode = false;
  for (let i = 0; i < steps.length; i++) {
    const { fromMm, toMm } = steps[i];
    if (fromMm === toMm) continue;
    const arc = arcOfStep(graph, steps[i]);
    if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) return { step: i, restriction: NONE };
    if (atNode && fromMm === startOfArcMm(graph, arc)) {
      const used = arcFrom(metric, state, arc);
      if (networkTimeMs[used] === UNREACHED_MS) return { step: i, restriction: restrictionOf(metric, used) };
      state = network.head[used];
    } else if (arc !== arcBefore) {
      state = network.endState[arc];
    }
    arcBefore = arc;
    atNode = toMm === endOfArcMm(graph, arc);
  }
  return null;
}

/** The network's arc on which a road arc is driven from a state of its tail. */
function arcFrom({ network }: Metric, state: StateIx, arc: number): NetworkArcIx {
  for (let i = network.firstOut[state]; i < network.firstOut[state + 1]; i++) {
    if (network.roadArc[i] === arc) return i;
  }
  throw new Error(`Broken invariant: arc ${arc} does not leave state ${state}`);
}

/** The restriction that closes an arc of the network, of several the first that speaks of it. */
function restrictionOf({ network }: Metric, arc: NetworkArcIx): number {
  const at = network.bannedArc.indexOf(arc);
  return at < 0 ? NONE : network.bannedBy[at];
}
