/**
 * RoadExtract -> RoadGraph: ways are split at junctions (nodes that several ways share, that one way passes twice, or
 * where a way ends), each piece becomes a segment with its shape, each open direction an arc.
 */
import { assert } from '../errors.ts';
import { haversineM } from '../geo.ts';
import { sha256Hex } from '../hash.ts';
import { checkRoadExtract, DIRECTION, modeBits, type RoadExtract } from '../import/road-extract.ts';
import { LIMITS } from '../limits.ts';
import { fromE7, NONE } from '../units.ts';
import { columnBytes, graphCounts, packColumns } from './columns.ts';
import { noControls, placeControls } from './controls.ts';
import { placeRestrictions } from './restrictions.ts';
import { checkRoadGraph, mainPart, type RoadGraph } from './road-graph.ts';

/**
 * Builds and checks the graph. Nodes keep the order of the extract, segments the order of (way, position on it),
 * arcs are sorted by (tail, head, segment, direction): the same extract gives the same bytes.
 * Cost O(extract log extract).
 */
export async function buildRoadGraph(extract: RoadExtract): Promise<RoadGraph> {
  checkRoadExtract(extract);
  const { nodes, ways } = extract;
  const nWays = ways.osmId.length;
  const isJunction = findJunctions(extract);

  const nodeOf = new Uint32Array(nodes.lonE7.length).fill(NONE);
  let nNodes = 0;
  for (let n = 0; n < nodeOf.length; n++) if (isJunction[n] === 1) nodeOf[n] = nNodes++;
  assert(nNodes <= LIMITS.roadNodes, 'more road nodes than the limit');
  const nodeLonE7 = new Int32Array(nNodes);
  const nodeLatE7 = new Int32Array(nNodes);
  const nodeOsmId = new Float64Array(nNodes);
  for (let n = 0; n < nodeOf.length; n++) {
    if (nodeOf[n] === NONE) continue;
    nodeLonE7[nodeOf[n]] = nodes.lonE7[n];
    nodeLatE7[nodeOf[n]] = nodes.latE7[n];
    nodeOsmId[nodeOf[n]] = nodes.osmId[n];
  }

  let nSegments = 0;
  let nShape = 0;
  for (let way = 0; way < nWays; way++) {
    const last = ways.firstRef[way + 1] - 1;
    let pieces = 1;
    for (let i = ways.firstRef[way] + 1; i < last; i++) pieces += isJunction[ways.refs[i]];
    nSegments += pieces;
    nShape += last - ways.firstRef[way] + pieces;
  }

  const segmentFrom = new Uint32Array(nSegments);
  const segmentTo = new Uint32Array(nSegments);
  const segmentWay = new Uint32Array(nSegments);
  const segmentFirstRef = new Uint32Array(nSegments);
  const segmentLengthMm = new Uint32Array(nSegments);
  const firstShape = new Uint32Array(nSegments + 1);
  const shapeLonE7 = new Int32Array(nShape);
  const shapeLatE7 = new Int32Array(nShape);
  const shapeAtMm = new Uint32Array(nShape);
  let segment = 0;
  let shape = 0;
  for (let way = 0; way < nWays; way++) {
    const end = ways.firstRef[way + 1];
    let metres = 0;
    for (let i = ways.firstRef[way]; i < end; i++) {
      const n = ways.refs[i];
      if (i > ways.firstRef[way]) {
        const before = ways.refs[i - 1];
        metres += haversineM(
          fromE7(nodes.lonE7[before]),
          fromE7(nodes.latE7[before]),
          fromE7(nodes.lonE7[n]),
          fromE7(nodes.latE7[n]),
        );
      }
      shapeLonE7[shape] = nodes.lonE7[n];
      shapeLatE7[shape] = nodes.latE7[n];
      shapeAtMm[shape++] = Math.round(metres * 1000);
      if (isJunction[n] === 0 || i === ways.firstRef[way]) continue;
      // A junction ends this piece and starts the next one.
      const first = firstShape[segment];
      const given = ways.lengthMm?.[way] ?? 0;
      setSegmentLength(shapeAtMm, first, shape - 1, given);
      segmentLengthMm[segment] = shapeAtMm[shape - 1];
      segmentFirstRef[segment] = firstRefOf(first, shape, i);
      segmentFrom[segment] = nodeOf[ways.refs[segmentFirstRef[segment]]];
      segmentTo[segment] = nodeOf[n];
      segmentWay[segment] = way;
      firstShape[++segment] = shape;
      assert(given === 0 || i === end - 1, () => `way ${way} has a given length but is split`);
      if (i < end - 1) {
        metres = 0;
        shapeLonE7[shape] = nodes.lonE7[n];
        shapeLatE7[shape] = nodes.latE7[n];
        shapeAtMm[shape++] = 0;
      }
    }
  }
  assert(segment === nSegments && shape === nShape, 'segments were counted wrongly');

  const arcs = buildArcs(nNodes, segmentFrom, segmentTo, (s) => ways.direction[segmentWay[s]]);
  const ofWay = <T extends Uint8Array | Uint32Array | Float64Array>(target: T, column: T): T => {
    for (let s = 0; s < nSegments; s++) target[s] = column[segmentWay[s]];
    return target;
  };
  const modes = modeBits(extract.modes ?? ['car']);
  const access = arcAccess(arcs, segmentWay, ways, modes);
  const graph: RoadGraph = {
    nNodes,
    nArcs: arcs.head.length,
    nSegments,
    nodeLonE7,
    nodeLatE7,
    nodeOsmId,
    nodeMain: new Uint8Array(nNodes),
    ...arcs,
    arcAccess: access,
    ...noControls(arcs.head.length),
    segmentFrom,
    segmentTo,
    segmentLengthMm,
    segmentClass: ofWay(new Uint8Array(nSegments), ways.roadClass),
    segmentSurface:
      ways.surface === undefined ? new Uint8Array(nSegments) : ofWay(new Uint8Array(nSegments), ways.surface),
    segmentMaxForwardKph: ofWay(new Uint8Array(nSegments), ways.maxSpeedForwardKph),
    segmentMaxBackwardKph: ofWay(new Uint8Array(nSegments), ways.maxSpeedBackwardKph),
    segmentOsmWayId: ofWay(new Float64Array(nSegments), ways.osmId),
    segmentName: ofWay(new Uint32Array(nSegments), ways.name),
    firstShape,
    shapeLonE7,
    shapeLatE7,
    shapeAtMm,
    ...givenTimes(arcs, segmentWay, ways),
    modes,
    restrictions: [],
    restrictionsNotPlaced: 0,
    names: extract.names,
    source: extract.source,
    contentHash: '',
  };
  graph.nodeMain = mainPart(graph);
  Object.assign(graph, placeControls(graph, extract, segmentFirstRef));
  Object.assign(graph, placeRestrictions(graph, extract, segmentWay, nodeOf));
  graph.contentHash = await graphContentHash(graph);
  checkRoadGraph(graph);
  return graph;
}

/** The modes each arc is open to: those of its way in its direction. */
function arcAccess(
  { arcSegment, arcBackward }: ArcColumns,
  segmentWay: Uint32Array,
  { forwardModes, backwardModes }: RoadExtract['ways'],
  modes: number,
): Uint8Array {
  const access = new Uint8Array(arcSegment.length).fill(modes);
  if (forwardModes === undefined || backwardModes === undefined) return access;
  for (let arc = 0; arc < access.length; arc++) {
    access[arc] = (arcBackward[arc] === 1 ? backwardModes : forwardModes)[segmentWay[arcSegment[arc]]];
  }
  return access;
}

/** The times that came with the ways, by arc. */
function givenTimes(
  { arcSegment, arcBackward }: ArcColumns,
  segmentWay: Uint32Array,
  { times, osmId }: RoadExtract['ways'],
): Pick<RoadGraph, 'arcTimes'> {
  if (times === undefined || times.length === 0) return {};
  assert(segmentWay.length === osmId.length, 'a way with given times is split');
  return {
    arcTimes: times.map(({ name, forwardMs, backwardMs }) => ({
      name,
      ms: Uint32Array.from(
        arcSegment,
        (segment, arc) => (arcBackward[arc] === 1 ? backwardMs : forwardMs)[segmentWay[segment]],
      ),
    })),
  };
}

/** Position in `refs` of the first shape point of the piece that ends at ref `i` with shape rows [first, shape). */
const firstRefOf = (first: number, shape: number, i: number): number => i - (shape - 1 - first);

/** Makes the piece at least 1 mm long, or exactly `givenMm` long where a length is given. */
function setSegmentLength(shapeAtMm: Uint32Array, first: number, last: number, givenMm: number): void {
  const measured = shapeAtMm[last];
  if (givenMm > 0) {
    for (let i = first + 1; i < last; i++) {
      shapeAtMm[i] = measured > 0 ? Math.floor((shapeAtMm[i] * givenMm) / measured) : 0;
    }
    shapeAtMm[last] = givenMm;
  } else if (measured === 0) {
    shapeAtMm[last] = 1;
  }
}

function findJunctions({ nodes, ways }: RoadExtract): Uint8Array {
  const uses = new Uint8Array(nodes.lonE7.length);
  const isJunction = new Uint8Array(nodes.lonE7.length);
  for (let way = 0; way < ways.osmId.length; way++) {
    const first = ways.firstRef[way];
    const last = ways.firstRef[way + 1] - 1;
    for (let i = first; i <= last; i++) {
      const n = ways.refs[i];
      if (uses[n] === 1 || i === first || i === last) isJunction[n] = 1;
      uses[n] = 1;
    }
  }
  return isJunction;
}

type ArcColumns = Pick<
  RoadGraph,
  | 'firstOut'
  | 'head'
  | 'tail'
  | 'arcSegment'
  | 'arcBackward'
  | 'firstIn'
  | 'inArc'
  | 'segmentForwardArc'
  | 'segmentBackwardArc'
>;

function buildArcs(
  nNodes: number,
  segmentFrom: Uint32Array,
  segmentTo: Uint32Array,
  directionOf: (segment: number) => number,
): ArcColumns {
  const nSegments = segmentFrom.length;
  const firstOut = new Uint32Array(nNodes + 1);
  let nArcs = 0;
  for (let s = 0; s < nSegments; s++) {
    const direction = directionOf(s);
    if (direction & DIRECTION.forward) firstOut[segmentFrom[s] + 1]++;
    if (direction & DIRECTION.backward) firstOut[segmentTo[s] + 1]++;
    nArcs += direction === DIRECTION.both ? 2 : 1;
  }
  assert(nArcs <= LIMITS.roadArcs, 'more arcs than the limit');
  for (let n = 0; n < nNodes; n++) firstOut[n + 1] += firstOut[n];

  // Bucket by tail in order of (segment, direction), then sort each short bucket by head.
  const slot = firstOut.slice();
  const halfArc = new Uint32Array(nArcs); // segment * 2 + backward
  for (let s = 0; s < nSegments; s++) {
    const direction = directionOf(s);
    if (direction & DIRECTION.forward) halfArc[slot[segmentFrom[s]]++] = s * 2;
    if (direction & DIRECTION.backward) halfArc[slot[segmentTo[s]]++] = s * 2 + 1;
  }
  const headOf = (half: number): number => ((half & 1) === 1 ? segmentFrom : segmentTo)[half >>> 1];
  const head = new Uint32Array(nArcs);
  const tail = new Uint32Array(nArcs);
  const arcSegment = new Uint32Array(nArcs);
  const arcBackward = new Uint8Array(nArcs);
  const segmentForwardArc = new Uint32Array(nSegments).fill(NONE);
  const segmentBackwardArc = new Uint32Array(nSegments).fill(NONE);
  const firstIn = new Uint32Array(nNodes + 1);
  for (let n = 0; n < nNodes; n++) {
    const bucket = halfArc
      .subarray(firstOut[n], firstOut[n + 1])
      .sort((a, b) => headOf(a) - headOf(b) || a - b);
    bucket.forEach((half, i) => {
      const arc = firstOut[n] + i;
      const backward = half & 1;
      head[arc] = headOf(half);
      tail[arc] = n;
      arcSegment[arc] = half >>> 1;
      arcBackward[arc] = backward;
      (backward ? segmentBackwardArc : segmentForwardArc)[half >>> 1] = arc;
      firstIn[head[arc] + 1]++;
    });
  }
  for (let n = 0; n < nNodes; n++) firstIn[n + 1] += firstIn[n];
  const inSlot = firstIn.slice();
  const inArc = new Uint32Array(nArcs);
  for (let arc = 0; arc < nArcs; arc++) inArc[inSlot[head[arc]]++] = arc;
  return {
    firstOut,
    head,
    tail,
    arcSegment,
    arcBackward,
    firstIn,
    inArc,
    segmentForwardArc,
    segmentBackwardArc,
  };
}

/** Hash of all columns, names and restrictions: what answers depend on, and nothing of where the graph came from. */
export async function graphContentHash(graph: RoadGraph): Promise<string> {
  const counts = graphCounts(graph);
  const facts = [counts, graph.names, graph.modes, graph.restrictions, graph.restrictionsNotPlaced];
  const names = graph.arcTimes?.map(({ name }) => name) ?? [];
  const text = new TextEncoder().encode(JSON.stringify(names.length > 0 ? [...facts, names] : facts));
  const size = columnBytes(counts, names.length);
  const bytes = new Uint8Array(size + text.length);
  packColumns(graph, bytes, 0);
  bytes.set(text, size);
  return sha256Hex(bytes);
}
