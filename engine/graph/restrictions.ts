/** Turn restrictions of an extract as sequences of arcs of the graph. */
import { modeBits, type RoadExtract, type TravelMode, type TurnRestriction } from '../import/road-extract.ts';
import type { GraphRestriction, RoadGraph } from './road-graph.ts';
import { turnFits } from './turn.ts';

/**
 * Places each restriction on arcs: the arc of `from` that enters the via, the arcs along the via ways, the arc of `to`
 * that leaves it. Where several would do (a way runs through the via unsplit, or several ways are named), the one turn
 * that goes the way its kind says is taken; so must one whose members were inferred. One that fits no arcs, or still
 * more than one, is counted as not placed.
 */
export function placeRestrictions(
  graph: RoadGraph,
  extract: RoadExtract,
  segmentWay: Uint32Array,
  nodeOf: Uint32Array,
): { restrictions: GraphRestriction[]; restrictionsNotPlaced: number } {
  const arcsOfWay = new Map<number, number[]>();
  for (const r of extract.restrictions) {
    for (const way of [...r.fromWays, ...r.toWays, ...r.viaWays]) arcsOfWay.set(way, []);
  }
  for (let arc = 0; arc < graph.nArcs; arc++) arcsOfWay.get(segmentWay[graph.arcSegment[arc]])?.push(arc);

  const restrictions: GraphRestriction[] = [];
  let restrictionsNotPlaced = 0;
  for (const r of extract.restrictions) {
    const arcs = placeForFirstMode(graph, r, arcsOfWay, nodeOf);
    if (arcs === null) restrictionsNotPlaced++;
    else {
      const { osmId, kind, vehicle, except, condition, when } = r;
      restrictions.push({ osmId, kind, arcs, vehicle, except, condition, when });
    }
  }
  return { restrictions, restrictionsNotPlaced };
}

/** Whom a restriction for one of OSM's vehicles binds; others (hgv, bus…) drive where cars and motorcycles do. */
const BOUND: ReadonlyMap<string, readonly TravelMode[]> = new Map<string, readonly TravelMode[]>([
  ['', ['car', 'motorcycle', 'bicycle']],
  ['vehicle', ['car', 'motorcycle', 'bicycle']],
  ['motorcar', ['car']],
  ['motorcycle', ['motorcycle']],
  ['bicycle', ['bicycle']],
  ['foot', ['foot']],
]);
const MOTOR: readonly TravelMode[] = ['car', 'motorcycle'];

/**
 * A one-way street has arcs against its direction where people walk or cycle there. So a turn is sought on the arcs of
 * each mode that it binds, in turn; on all arcs where none of these modes was read.
 */
function placeForFirstMode(
  graph: RoadGraph,
  r: TurnRestriction,
  arcsOfWay: Map<number, number[]>,
  nodeOf: Uint32Array,
): number[] | null {
  const bound = (BOUND.get(r.vehicle) ?? MOTOR)
    .map((mode) => modeBits([mode]))
    .filter((bit) => (bit & graph.modes) !== 0);
  for (const bits of bound.length > 0 ? bound : [graph.modes]) {
    const arcsOf = (ways: readonly number[]): number[] =>
      ways.flatMap((way) => arcsOfWay.get(way)!).filter((arc) => (graph.arcAccess[arc] & bits) !== 0);
    const arcs =
      r.viaNode !== null
        ? placeOverNode(graph, r, arcsOf, nodeOf[r.viaNode])
        : placeOverWays(graph, r, arcsOf);
    if (arcs !== null) return arcs;
  }
  return null;
}

/** A junction has a few streets; a way drawn to pass one node thousands of times would give millions of turns. */
const MAX_TURNS = 400;

type ArcsOf = (ways: readonly number[]) => number[];

function placeOverNode(graph: RoadGraph, r: TurnRestriction, arcsOf: ArcsOf, via: number): number[] | null {
  const entering = arcsOf(r.fromWays).filter((arc) => graph.head[arc] === via);
  const leaving = arcsOf(r.toWays).filter((arc) => graph.tail[arc] === via);
  if (entering.length * leaving.length > MAX_TURNS) return null;
  const turns = entering.flatMap((arc) => leaving.map((next) => [arc, next]));
  if (turns.length === 1 && !r.isInferred) return turns[0];
  const fitting = turns.filter(([arc, next]) => turnFits(graph, arc, next, r.kind));
  return fitting.length === 1 ? fitting[0] : null;
}

/** Real via ways take a few steps; ways that branch and meet again could take any number. */
const MAX_WALK_STEPS = 10_000;

/** Every walk from -> via 1 -> … -> to that uses each way's arcs in one direction; exactly one must exist. */
function placeOverWays({ head, tail }: RoadGraph, r: TurnRestriction, arcsOf: ArcsOf): number[] | null {
  const to = arcsOf(r.toWays);
  const vias = r.viaWays.map((way) => arcsOf([way]));
  const found: number[][] = [];
  let steps = 0;
  const walk = (arcs: number[], stage: number): void => {
    if (found.length > 1 || ++steps > MAX_WALK_STEPS) return;
    const at = head[arcs[arcs.length - 1]];
    const backTo = tail[arcs[arcs.length - 1]];
    if (stage >= 0 && stage < vias.length) {
      for (const arc of vias[stage]) {
        if (tail[arc] === at && head[arc] !== backTo && !arcs.includes(arc)) walk([...arcs, arc], stage);
      }
    }
    const next = stage + 1;
    if (next < vias.length) {
      for (const arc of vias[next]) if (tail[arc] === at) walk([...arcs, arc], next);
    } else {
      for (const arc of to) if (tail[arc] === at) found.push([...arcs, arc]);
    }
  };
  for (const arc of arcsOf(r.fromWays)) walk([arc], -1);
  return found.length === 1 && steps <= MAX_WALK_STEPS ? found[0] : null;
}
