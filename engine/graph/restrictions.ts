/** Turn restrictions of an extract as sequences of arcs of the graph. */
import type { RoadExtract, TurnRestriction } from '../import/road-extract.ts';
import type { GraphRestriction, RoadGraph } from './road-graph.ts';

/**
 * Places each restriction on arcs: the arc of `from` that enters the via, the arcs along the via ways, the arc of `to`
 * that leaves it. One that fits no arcs, or more than one (its way runs through the via unsplit), is counted as not placed.
 */
export function placeRestrictions(
  graph: RoadGraph,
  extract: RoadExtract,
  segmentWay: Uint32Array,
  nodeOf: Uint32Array,
): { restrictions: GraphRestriction[]; restrictionsNotPlaced: number } {
  const arcsOfWay = new Map<number, number[]>();
  for (const r of extract.restrictions) {
    for (const way of [r.fromWay, r.toWay, ...r.viaWays]) arcsOfWay.set(way, []);
  }
  for (let arc = 0; arc < graph.nArcs; arc++) arcsOfWay.get(segmentWay[graph.arcSegment[arc]])?.push(arc);

  const restrictions: GraphRestriction[] = [];
  let restrictionsNotPlaced = 0;
  for (const r of extract.restrictions) {
    const arcs = placeOne(graph, r, arcsOfWay, nodeOf);
    if (arcs === null) restrictionsNotPlaced++;
    else {
      const { osmId, kind, vehicle, except, condition, when } = r;
      restrictions.push({ osmId, kind, arcs, vehicle, except, condition, when });
    }
  }
  return { restrictions, restrictionsNotPlaced };
}

/** Real via ways take a few steps; ways that branch and meet again could take any number. */
const MAX_WALK_STEPS = 10_000;

function placeOne(
  graph: RoadGraph,
  r: TurnRestriction,
  arcsOfWay: Map<number, number[]>,
  nodeOf: Uint32Array,
): number[] | null {
  const { head, tail } = graph;
  const from = arcsOfWay.get(r.fromWay)!;
  const to = arcsOfWay.get(r.toWay)!;
  if (r.viaNode !== null) {
    const via = nodeOf[r.viaNode];
    const entering = from.filter((arc) => head[arc] === via);
    const leaving = to.filter((arc) => tail[arc] === via);
    return entering.length === 1 && leaving.length === 1 ? [entering[0], leaving[0]] : null;
  }
  // Via ways: every walk from -> via 1 -> … -> to that uses each way's arcs in one direction; exactly one must exist.
  const found: number[][] = [];
  let steps = 0;
  const walk = (arcs: number[], stage: number): void => {
    if (found.length > 1 || ++steps > MAX_WALK_STEPS) return;
    const at = head[arcs[arcs.length - 1]];
    const backTo = tail[arcs[arcs.length - 1]];
    if (stage >= 0 && stage < r.viaWays.length) {
      for (const arc of arcsOfWay.get(r.viaWays[stage])!) {
        if (tail[arc] === at && head[arc] !== backTo && !arcs.includes(arc)) walk([...arcs, arc], stage);
      }
    }
    const next = stage + 1;
    if (next < r.viaWays.length) {
      for (const arc of arcsOfWay.get(r.viaWays[next])!) if (tail[arc] === at) walk([...arcs, arc], next);
    } else {
      for (const arc of to) if (tail[arc] === at) found.push([...arcs, arc]);
    }
  };
  for (const arc of from) walk([arc], -1);
  return found.length === 1 && steps <= MAX_WALK_STEPS ? found[0] : null;
}
