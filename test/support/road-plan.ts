/**
 * Small road networks as plain data: what random tests make, build in microseconds, shrink when they fail and print, so
 * that a failing case can be pasted into a test.
 */
import { noControls } from '../../engine/graph/controls.ts';
import { checkRoadGraph, mainPart, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';

/** The time of a direction in which a street is closed by the metric, though it has an arc. */
export const CLOSED = UNREACHED_MS;

/** From and to node, length in mm, time forward and backward in ms: null where the street has no arc that way. */
export type StreetPlan = [
  from: number,
  to: number,
  lengthMm: number,
  forwardMs: number | null,
  backwardMs: number | null,
];

/** Drives are streets in order, each 2 x street, and 1 more where it is driven backward. `obeyed` by the metric. */
export interface RestrictionPlan {
  kind: string;
  drive: number[];
  obeyed: boolean;
}

export interface RoadPlan {
  /** Longitude and latitude of each node in 1e-7 degrees. */
  nodes: [lonE7: number, latE7: number][];
  streets: StreetPlan[];
  restrictions: RestrictionPlan[];
  /** False for a metric without turn rules. */
  turnRules: boolean;
}

/** A street's time in one direction. */
const timeOf = (street: StreetPlan, backward: number): number | null => street[3 + backward];

/** The graph of a plan: columns as `buildRoadGraph` lays them out, without the hash. Nodes without streets stay. */
export function graphOf({ nodes, streets, restrictions }: RoadPlan, name = 'plan'): RoadGraph {
  const nNodes = nodes.length;
  const nSegments = streets.length;
  const endsOf = (half: number): [tail: number, head: number] => {
    const [from, to] = streets[half >> 1];
    return (half & 1) === 1 ? [to, from] : [from, to];
  };
  const halves: number[] = [];
  for (let half = 0; half < 2 * nSegments; half++) {
    if (timeOf(streets[half >> 1], half & 1) !== null) halves.push(half);
  }
  halves.sort((a, b) => endsOf(a)[0] - endsOf(b)[0] || endsOf(a)[1] - endsOf(b)[1] || a - b);
  const nArcs = halves.length;
  const arcOfHalf = new Uint32Array(2 * nSegments).fill(NONE);
  halves.forEach((half, arc) => (arcOfHalf[half] = arc));
  const tail = Uint32Array.from(halves, (half) => endsOf(half)[0]);
  const head = Uint32Array.from(halves, (half) => endsOf(half)[1]);
  const entering = Array.from({ length: nArcs }, (_, arc) => arc).sort((a, b) => head[a] - head[b] || a - b);
  const ends = streets.flatMap(([from, to]) => [from, to]);
  const zeros = (): Uint8Array => new Uint8Array(nSegments);
  const graph: RoadGraph = {
    nNodes,
    nArcs,
    nSegments,
    nodeLonE7: Int32Array.from(nodes, ([lonE7]) => lonE7),
    nodeLatE7: Int32Array.from(nodes, ([, latE7]) => latE7),
    nodeOsmId: Float64Array.from(nodes, (_, node) => node + 1),
    nodeMain: new Uint8Array(nNodes),
    firstOut: firstOf(tail, nNodes),
    head,
    tail,
    arcSegment: Uint32Array.from(halves, (half) => half >> 1),
    arcBackward: Uint8Array.from(halves, (half) => half & 1),
    arcAccess: new Uint8Array(nArcs).fill(1),
    ...noControls(nArcs),
    firstIn: firstOf(head, nNodes),
    inArc: Uint32Array.from(entering),
    segmentFrom: Uint32Array.from(streets, ([from]) => from),
    segmentTo: Uint32Array.from(streets, ([, to]) => to),
    segmentForwardArc: arcOfHalf.filter((_, half) => half % 2 === 0),
    segmentBackwardArc: arcOfHalf.filter((_, half) => half % 2 === 1),
    segmentLengthMm: Uint32Array.from(streets, ([, , lengthMm]) => lengthMm),
    segmentClass: zeros(),
    segmentSurface: zeros(),
    segmentMaxForwardKph: zeros(),
    segmentMaxBackwardKph: zeros(),
    segmentOsmWayId: Float64Array.from(streets, (_, street) => street + 1),
    segmentName: new Uint32Array(nSegments),
    firstShape: Uint32Array.from({ length: nSegments + 1 }, (_, street) => 2 * street),
    shapeLonE7: Int32Array.from(ends, (node) => nodes[node][0]),
    shapeLatE7: Int32Array.from(ends, (node) => nodes[node][1]),
    shapeAtMm: Uint32Array.from(streets.flatMap(([, , lengthMm]) => [0, lengthMm])),
    modes: 1,
    restrictions: restrictions.map(({ kind, drive }, i) => ({
      osmId: i + 1,
      kind,
      arcs: drive.map((half) => arcOfHalf[half]),
      vehicle: '',
      except: [],
      condition: '',
      when: 'always',
    })),
    restrictionsNotPlaced: 0,
    names: [''],
    source: { name, format: 'plan', attribution: '' },
    contentHash: '',
  };
  graph.nodeMain = mainPart(graph);
  checkRoadGraph(graph);
  return graph;
}

/** Where the items of each group begin in a list sorted by group. */
function firstOf(group: Uint32Array, nGroups: number): Uint32Array {
  const first = new Uint32Array(nGroups + 1);
  for (const g of group) first[g + 1]++;
  for (let g = 0; g < nGroups; g++) first[g + 1] += first[g];
  return first;
}

/** Times of the arcs of a plan's graph. */
export const timesOf = ({ streets }: RoadPlan, graph: RoadGraph): Uint32Array =>
  Uint32Array.from(graph.arcSegment, (street, arc) => timeOf(streets[street], graph.arcBackward[arc])!);

/** The metric of a plan, on a graph of it. */
export function metricOf(plan: RoadPlan, graph = graphOf(plan)): Metric {
  const { restrictions, turnRules } = plan;
  return createMetric(graph, timesOf(plan, graph), {
    name: graph.source.name,
    ...(turnRules ? { obeys: (restriction: number) => restrictions[restriction].obeyed } : {}),
  });
}

/** One line to paste behind `metricOf(`. */
export const printPlan = (plan: RoadPlan): string => JSON.stringify(plan).replaceAll(`${CLOSED}`, 'CLOSED');

/** The plan without a street, and without the restrictions that speak of it. */
function withoutStreet(plan: RoadPlan, gone: number): RoadPlan {
  const renumbered = (half: number): number => (half >> 1 > gone ? half - 2 : half);
  return {
    ...plan,
    streets: plan.streets.filter((_, street) => street !== gone),
    restrictions: plan.restrictions
      .filter(({ drive }) => drive.every((half) => half >> 1 !== gone))
      .map((restriction) => ({ ...restriction, drive: restriction.drive.map(renumbered) })),
  };
}

/** The plan without a node that no street touches. */
function withoutNode(plan: RoadPlan, gone: number): RoadPlan {
  const renumbered = (node: number): number => (node > gone ? node - 1 : node);
  return {
    ...plan,
    nodes: plan.nodes.filter((_, node) => node !== gone),
    streets: plan.streets.map(([from, to, ...rest]) => [renumbered(from), renumbered(to), ...rest]),
  };
}

/**
 * A smaller plan that still fails: streets, restrictions, directions and idle nodes are taken away one by one for as long
 * as it does. At most `most` tries.
 */
export function shrunk(plan: RoadPlan, fails: (plan: RoadPlan) => boolean, most = 3000): RoadPlan {
  let best = plan;
  let tries = 0;
  const tryEach = (count: () => number, smaller: (i: number) => RoadPlan | null): boolean => {
    let found = false;
    for (let i = count() - 1; i >= 0; i--) {
      const next = smaller(i);
      if (next === null || tries++ >= most || !fails(next)) continue;
      best = next;
      found = true;
    }
    return found;
  };
  const round = (): boolean => {
    const streets = tryEach(
      () => best.streets.length,
      (i) => (best.streets.length > 1 ? withoutStreet(best, i) : null),
    );
    const restrictions = tryEach(
      () => best.restrictions.length,
      (i) => ({ ...best, restrictions: best.restrictions.filter((_, r) => r !== i) }),
    );
    const directions = tryEach(
      () => 2 * best.streets.length,
      (half) => {
        const street = [...best.streets[half >> 1]] as StreetPlan;
        if (street[3] === null || street[4] === null) return null;
        if (best.restrictions.some(({ drive }) => drive.includes(half))) return null;
        street[3 + (half & 1)] = null;
        return { ...best, streets: best.streets.map((other, s) => (s === half >> 1 ? street : other)) };
      },
    );
    const nodes = tryEach(
      () => best.nodes.length,
      (i) =>
        best.nodes.length > 1 && best.streets.every(([from, to]) => from !== i && to !== i)
          ? withoutNode(best, i)
          : null,
    );
    return streets || restrictions || directions || nodes;
  };
  while (tries < most && round());
  return best;
}
