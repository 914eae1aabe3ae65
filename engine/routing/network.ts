/**
 * The graph that searches run on. Its nodes are states: one base state for each road node, and, where turn rules are
 * kept, one more for each beginning of a restriction that a vehicle may arrive with ("split" junctions), so that a
 * search over states needs no memory of its own. Forbidden arcs are part of it: a metric closes those that its profile
 * obeys, hence one network serves all profiles with turn rules.
 */
import type { RoadGraph } from '../graph/road-graph.ts';
import { NONE, type ArcIx, type NodeIx } from '../units.ts';
import { alongHilbertCurve } from './hilbert.ts';
import { TurnAutomaton, type Ban } from './turns.ts';

/** Position of a state in the columns of a `Network`. */
export type StateIx = number;
/** Position of an arc between states in the columns of a `Network`; `ArcIx` is one of the road graph. */
export type NetworkArcIx = number;

export interface Network {
  graph: RoadGraph;
  nStates: number;
  nArcs: number;
  /** Road node of each state. States are numbered along a Hilbert curve; those of one node follow each other. */
  roadNode: Uint32Array;
  /** First state of each road node: the one of a vehicle that has just set off there, free to take any arc. */
  baseState: Uint32Array;
  /** Arcs leaving state s are firstOut[s] .. firstOut[s + 1), by road arc. */
  firstOut: Uint32Array;
  head: Uint32Array;
  tail: Uint32Array;
  roadArc: Uint32Array;
  /** Arcs entering state s are inArc[firstIn[s] .. firstIn[s + 1)], by road arc, then tail. */
  firstIn: Uint32Array;
  inArc: Uint32Array;
  /** The state at the end of each road arc, for a vehicle that set off on it. */
  endState: Uint32Array;
  /** The arcs on which road arc a is driven: use[firstUse[a] .. firstUse[a + 1)], ascending. */
  firstUse: Uint32Array;
  use: Uint32Array;
  /**
   * Arc bannedArc[i] breaks restriction bannedBy[i] of the graph, but not for those whom one of the restrictions
   * allowedBy[firstAllowed[i] .. firstAllowed[i + 1]) binds.
   */
  bannedArc: Uint32Array;
  bannedBy: Uint32Array;
  firstAllowed: Uint32Array;
  allowedBy: Uint32Array;
}

const plainNetworks = new WeakMap<RoadGraph, Network>();
const turnNetworks = new WeakMap<RoadGraph, Network>();

/**
 * The network of a graph, made once.
 * @param withTurns  whether states remember what restrictions ask for; without, states are the road nodes
 * Cost O(arcs), about 0.1 us an arc and a sort.
 */
export function networkOf(graph: RoadGraph, { withTurns }: { withTurns: boolean }): Network {
  if (!withTurns || graph.restrictions.length === 0)
    return cached(plainNetworks, graph, () => build(graph, null));
  return cached(turnNetworks, graph, () => build(graph, new TurnAutomaton(graph)));
}

function cached(known: WeakMap<RoadGraph, Network>, graph: RoadGraph, make: () => Network): Network {
  let network = known.get(graph);
  if (network === undefined) known.set(graph, (network = make()));
  return network;
}

function build(graph: RoadGraph, turns: TurnAutomaton | null): Network {
  const nMemories = turns?.memories.length ?? 0;
  const nStates = graph.nNodes + nMemories;
  const { roadNode, baseState, memoryOf, stateOf } = numberStates(graph, turns);

  const firstOut = new Uint32Array(nStates + 1);
  for (let s = 0; s < nStates; s++) {
    const node = roadNode[s];
    firstOut[s + 1] = firstOut[s] + graph.firstOut[node + 1] - graph.firstOut[node];
  }
  const nArcs = firstOut[nStates];
  const head = new Uint32Array(nArcs);
  const tail = new Uint32Array(nArcs);
  const roadArc = new Uint32Array(nArcs);
  const endState = new Uint32Array(graph.nArcs);
  const bans: (Ban & { arc: NetworkArcIx })[] = [];
  const stateAfter = (memory: number, arc: ArcIx): StateIx => {
    const next = turns === null ? NONE : turns.after(memory, arc);
    return next === NONE ? baseState[graph.head[arc]] : stateOf[next];
  };
  for (let arc = 0; arc < graph.nArcs; arc++) endState[arc] = stateAfter(NONE, arc);
  for (let s = 0; s < nStates; s++) {
    const memory = memoryOf[s];
    let at = firstOut[s];
    for (let arc = graph.firstOut[roadNode[s]]; arc < graph.firstOut[roadNode[s] + 1]; arc++) {
      head[at] = memory === NONE ? endState[arc] : stateAfter(memory, arc);
      tail[at] = s;
      roadArc[at] = arc;
      if (memory !== NONE) for (const ban of turns!.forbidding(memory, arc)) bans.push({ ...ban, arc: at });
      at++;
    }
  }

  const firstAllowed = new Uint32Array(bans.length + 1);
  bans.forEach(({ unless }, i) => (firstAllowed[i + 1] = firstAllowed[i] + unless.length));
  const uses = grouped(graph.nArcs, roadArc, nArcs, (i) => i);
  // in order of road arc, and of tail within it, because a road arc's uses ascend with their tails
  const entering = grouped(nStates, head, nArcs, (i) => uses.list[i]);
  return {
    graph,
    nStates,
    nArcs,
    roadNode,
    baseState,
    firstOut,
    head,
    tail,
    roadArc,
    firstIn: entering.first,
    inArc: entering.list,
    endState,
    firstUse: uses.first,
    use: uses.list,
    bannedArc: Uint32Array.from(bans, ({ arc }) => arc),
    bannedBy: Uint32Array.from(bans, ({ restriction }) => restriction),
    firstAllowed,
    allowedBy: Uint32Array.from(bans.flatMap(({ unless }) => unless)),
  };
}

/** States along the Hilbert curve of their nodes, the base state first, then memories in their order. */
function numberStates(
  graph: RoadGraph,
  turns: TurnAutomaton | null,
): { roadNode: Uint32Array; baseState: Uint32Array; memoryOf: Uint32Array; stateOf: Uint32Array } {
  const { nNodes } = graph;
  const nMemories = turns?.memories.length ?? 0;
  const memoriesAt = new Map<NodeIx, number[]>();
  for (let memory = 0; memory < nMemories; memory++) {
    const node = turns!.nodeOf(graph, memory);
    const list = memoriesAt.get(node);
    if (list === undefined) memoriesAt.set(node, [memory]);
    else list.push(memory);
  }
  const roadNode = new Uint32Array(nNodes + nMemories);
  const memoryOf = new Uint32Array(nNodes + nMemories).fill(NONE);
  const baseState = new Uint32Array(nNodes);
  const stateOf = new Uint32Array(nMemories);
  let next = 0;
  for (const node of alongHilbertCurve(graph.nodeLonE7, graph.nodeLatE7)) {
    baseState[node] = next;
    roadNode[next++] = node;
    for (const memory of memoriesAt.get(node) ?? []) {
      stateOf[memory] = next;
      memoryOf[next] = memory;
      roadNode[next++] = node;
    }
  }
  return { roadNode, baseState, memoryOf, stateOf };
}

/** Items item(0), item(1), … by the group that `groupOf[item]` names, in their order. */
function grouped(
  nGroups: number,
  groupOf: Uint32Array,
  nItems: number,
  item: (i: number) => number,
): { first: Uint32Array; list: Uint32Array } {
  const first = new Uint32Array(nGroups + 1);
  for (let i = 0; i < nItems; i++) first[groupOf[i] + 1]++;
  for (let g = 0; g < nGroups; g++) first[g + 1] += first[g];
  const next = first.slice();
  const list = new Uint32Array(nItems);
  for (let i = 0; i < nItems; i++) {
    const it = item(i);
    list[next[groupOf[it]]++] = it;
  }
  return { first, list };
}

/** States that vehicles at a road node can be in: first .. end. */
export function statesOfNode(
  { roadNode, baseState, nStates }: Network,
  node: NodeIx,
): { first: StateIx; end: StateIx } {
  const first = baseState[node];
  let end = first + 1;
  while (end < nStates && roadNode[end] === node) end++;
  return { first, end };
}
