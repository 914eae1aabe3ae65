/**
 * Fastest times under turn restrictions by a search over what has been driven, written down as lists of arcs: an oracle for
 * networks of any small size, which knows nothing of the engine's states. (`turn-oracle.ts` keeps whole histories, and the
 * words of each restriction; it is plainer, and for a dozen junctions.)
 */
import { nodeOfPosition, type RoadGraph, type RoadPosition } from '../../engine/graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import type { RuleBook } from './drive-checks.ts';

/** A vehicle at a node, and the end of its way that some rule may still look at. */
interface Standing {
  node: number;
  history: readonly number[];
  timeMs: number;
  isDone: boolean;
}

/** Times from one position to others. Cost O(standings squared), some dozens a junction with rules. */
export function timesByHistory(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  rules: RuleBook,
  from: RoadPosition,
  to: readonly RoadPosition[],
): number[] {
  const known = new Map<string, Standing>();
  const arrive = (arc: number, before: readonly number[], timeMs: number): void => {
    const history = rules.remembered([...before, arc]);
    put(graph.head[arc], history, timeMs);
  };
  const put = (node: number, history: readonly number[], timeMs: number): void => {
    const key = `${node}:${history.join()}`;
    const other = known.get(key);
    if (other === undefined) known.set(key, { node, history, timeMs, isDone: false });
    else if (timeMs < other.timeMs) other.timeMs = timeMs;
  };
  const startNode = nodeOfPosition(graph, from);
  if (startNode !== NONE) put(startNode, [], 0);
  else {
    for (const arc of openArcs(graph, arcTimeMs, from.segment)) {
      arrive(arc, [], arcTimeMs[arc] - into(graph, arcTimeMs, arc, from));
    }
  }
  for (;;) {
    let next: Standing | null = null;
    for (const standing of known.values()) {
      if (!standing.isDone && (next === null || standing.timeMs < next.timeMs)) next = standing;
    }
    if (next === null) break;
    next.isDone = true;
    for (let arc = graph.firstOut[next.node]; arc < graph.firstOut[next.node + 1]; arc++) {
      if (arcTimeMs[arc] === UNREACHED_MS || rules.isBroken([...next.history, arc])) continue;
      arrive(arc, next.history, next.timeMs + arcTimeMs[arc]);
    }
  }
  const all = [...known.values()];
  return to.map((goal) => {
    let best = direct(graph, arcTimeMs, from, goal);
    const node = nodeOfPosition(graph, goal);
    for (const standing of all) {
      if (standing.node === node) best = Math.min(best, standing.timeMs);
    }
    if (node !== NONE) return best;
    for (const arc of openArcs(graph, arcTimeMs, goal.segment)) {
      for (const standing of all) {
        if (standing.node !== graph.tail[arc] || rules.isBroken([...standing.history, arc])) continue;
        best = Math.min(best, standing.timeMs + into(graph, arcTimeMs, arc, goal));
      }
    }
    return best;
  });
}

const openArcs = (graph: RoadGraph, arcTimeMs: Uint32Array, segment: number): number[] =>
  [graph.segmentForwardArc[segment], graph.segmentBackwardArc[segment]].filter(
    (arc) => arc !== NONE && arcTimeMs[arc] !== UNREACHED_MS,
  );

/** Time from the beginning of an arc to a position on its street, rounded down. */
function into(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  arc: number,
  { segment, offsetMm }: RoadPosition,
): number {
  const lengthMm = graph.segmentLengthMm[segment];
  const alongMm = graph.arcBackward[arc] === 1 ? lengthMm - offsetMm : offsetMm;
  return Number((BigInt(arcTimeMs[arc]) * BigInt(alongMm)) / BigInt(lengthMm));
}

function direct(graph: RoadGraph, arcTimeMs: Uint32Array, from: RoadPosition, to: RoadPosition): number {
  if (from.segment !== to.segment) return UNREACHED_MS;
  if (from.offsetMm === to.offsetMm) return 0;
  const backward = to.offsetMm < from.offsetMm ? 1 : 0;
  const arcs = openArcs(graph, arcTimeMs, from.segment).filter((arc) => graph.arcBackward[arc] === backward);
  return arcs.length === 0
    ? UNREACHED_MS
    : into(graph, arcTimeMs, arcs[0], to) - into(graph, arcTimeMs, arcs[0], from);
}
