/**
 * Signals, signs and crossings of the map, as what a driver meets on each arc: behind its tail and up to its head
 * included, in its direction.
 *
 * - A direction that is tagged (`forward`, `backward`, along the way) decides. Signs at a junction face every arc that
 *   enters it. A stop or give-way sign within a way faces the nearer junction (OpenStreetMap wiki, Tag:highway=stop), or
 *   the only direction that may be driven; signals and crossings within a way face both.
 * - Signals of one junction are often drawn several times: at its node and before it, at the four nodes of two dual
 *   carriageways, as crossings beside them. Signals, and crossings with signals, count as one where each lies within
 *   ONE_STOP_M behind the one before, an arc's tail included; as signals when any of them are. So do level crossings
 *   of several tracks.
 */
import { type Control, CONTROLS, DIRECTION, type RoadExtract } from '../import/road-extract.ts';
import { NONE } from '../units.ts';
import { mainModeBit, type RoadGraph } from './road-graph.ts';

/**
 * Gaps between signals along the ways of 19 extracts: most under 30 m (one junction) or over 80 m (the next one), fewest
 * from 40 to 60 m.
 */
const ONE_STOP_M = 50;

/** The column of each of CONTROLS. */
export const CONTROL_COLUMNS = {
  signals: 'arcSignals',
  stop: 'arcStops',
  giveWay: 'arcGiveWays',
  signalCrossing: 'arcSignalCrossings',
  miniRoundabout: 'arcMiniRoundabouts',
  levelCrossing: 'arcLevelCrossings',
} as const satisfies Record<Control, keyof RoadGraph>;

type ArcControls = Record<(typeof CONTROL_COLUMNS)[Control], Uint8Array>;

export const noControls = (nArcs: number): ArcControls => ({
  arcSignals: new Uint8Array(nArcs),
  arcStops: new Uint8Array(nArcs),
  arcGiveWays: new Uint8Array(nArcs),
  arcSignalCrossings: new Uint8Array(nArcs),
  arcMiniRoundabouts: new Uint8Array(nArcs),
  arcLevelCrossings: new Uint8Array(nArcs),
});

const bit = (control: Control): number => 1 << CONTROLS.indexOf(control);
const SIGNALS = bit('signals');
const SIGNAL_CROSSING = bit('signalCrossing');
const LEVEL_CROSSING = bit('levelCrossing');
const SIGNS = bit('stop') | bit('giveWay');
const ONE_BY_ONE: readonly Control[] = ['stop', 'giveWay', 'miniRoundabout'];

/**
 * The controls on each arc.
 * @param segmentFirstRef  where in the extract's `refs` each segment begins: its shape points are nodes from there on
 */
export function placeControls(
  graph: Omit<RoadGraph, keyof ArcControls>,
  extract: RoadExtract,
  segmentFirstRef: Uint32Array,
): ArcControls {
  const columns = noControls(graph.nArcs);
  const { controls, controlDirection } = extract.nodes;
  if (controls === undefined || controlDirection === undefined) return columns;
  const { refs } = extract.ways;
  const { firstShape, shapeAtMm } = graph;
  const roads = new MainRoads(graph);
  const hasControls = new Uint8Array(graph.nSegments);
  for (let segment = 0; segment < graph.nSegments; segment++) {
    const first = segmentFirstRef[segment];
    const end = first + firstShape[segment + 1] - firstShape[segment];
    for (let i = first; i < end; i++) if (controls[refs[i]] !== 0) hasControls[segment] = 1;
  }

  /** The controls at a shape point of a segment that face traffic in a direction. */
  const facing = (segment: number, point: number, backward: number): number => {
    const node = refs[segmentFirstRef[segment] + point - firstShape[segment]];
    const found = controls[node];
    const direction = controlDirection[node];
    if (found === 0) return 0;
    const faced = backward === 1 ? DIRECTION.backward : DIRECTION.forward;
    if (direction !== 0) return (direction & faced) !== 0 ? found : found & ~(SIGNALS | SIGNS);
    return (found & SIGNS) !== 0 && !roads.signFaces(segment, point, backward) ? found & ~SIGNS : found;
  };

  for (let arc = 0; arc < graph.nArcs; arc++) {
    const segment = graph.arcSegment[arc];
    if (hasControls[segment] === 0) continue;
    const backward = graph.arcBackward[arc];
    const [first, last] = [firstShape[segment], firstShape[segment + 1] - 1];
    const [tail, head, step] = backward === 1 ? [last, first, -1] : [first, last, 1];
    const atTail = facing(segment, tail, backward);
    // what a run of neighbouring signals has been counted as; at the tail the arc before has counted it
    let signalsAtMm = (atTail & (SIGNALS | SIGNAL_CROSSING)) !== 0 ? shapeAtMm[tail] : -Infinity;
    let run: 'before' | 'crossing' | 'signals' = 'before';
    let tracksAtMm = (atTail & LEVEL_CROSSING) !== 0 ? shapeAtMm[tail] : -Infinity;
    for (let point = tail; point !== head;) {
      point += step;
      const found = facing(segment, point, backward);
      if (found === 0) continue;
      const atMm = shapeAtMm[point];
      const isNear = (beforeMm: number): boolean => Math.abs(atMm - beforeMm) <= ONE_STOP_M * 1000;
      for (const control of ONE_BY_ONE) {
        if ((found & bit(control)) !== 0) add(columns[CONTROL_COLUMNS[control]], arc, 1);
      }
      if ((found & LEVEL_CROSSING) !== 0) {
        if (!isNear(tracksAtMm)) add(columns.arcLevelCrossings, arc, 1);
        tracksAtMm = atMm;
      }
      if ((found & (SIGNALS | SIGNAL_CROSSING)) !== 0) {
        const isSignals = (found & SIGNALS) !== 0;
        if (!isNear(signalsAtMm)) {
          run = isSignals ? 'signals' : 'crossing';
          add(isSignals ? columns.arcSignals : columns.arcSignalCrossings, arc, 1);
        } else if (isSignals && run === 'crossing') {
          run = 'signals';
          add(columns.arcSignalCrossings, arc, -1);
          add(columns.arcSignals, arc, 1);
        }
        signalsAtMm = atMm;
      }
    }
  }
  return columns;
}

function add(column: Uint8Array, arc: number, count: number): void {
  column[arc] = Math.min(255, column[arc] + count);
}

/** Farther than this, or behind more ends of ways, a junction has no sign of its own along a road. */
const FAR_MM = 500_000;
const MANY_ENDS = 50;

/** The roads of the main mode, on which a sign without direction is told to face one way or the other. */
class MainRoads {
  private readonly graph: Omit<RoadGraph, keyof ArcControls>;
  /** How many ends of main roads meet at each node; 3 or more make a junction. */
  private readonly ends: Uint8Array;
  private readonly bit: number;

  constructor(graph: Omit<RoadGraph, keyof ArcControls>) {
    this.graph = graph;
    this.bit = mainModeBit(graph);
    this.ends = new Uint8Array(graph.nNodes);
    for (let segment = 0; segment < graph.nSegments; segment++) {
      if (!this.isOpen(segment, 0) && !this.isOpen(segment, 1)) continue;
      for (const node of [graph.segmentFrom[segment], graph.segmentTo[segment]]) {
        this.ends[node] = Math.min(255, this.ends[node] + 1);
      }
    }
  }

  /** Whether a sign without direction, at a shape point of a segment, faces traffic in a direction. */
  signFaces(segment: number, point: number, backward: number): boolean {
    const { graph } = this;
    const [first, last] = [graph.firstShape[segment], graph.firstShape[segment + 1] - 1];
    const isEnd = point === (backward === 1 ? first : last);
    if (isEnd && this.ends[this.headOf(segment, backward)] > 2) return true;
    if (!this.isOpen(segment, 1 - backward)) return true;
    if (!this.isOpen(segment, backward)) return false;
    const onMm = this.toJunctionMm(segment, point, backward);
    const backMm = this.toJunctionMm(segment, point, 1 - backward);
    return onMm <= backMm;
  }

  private isOpen(segment: number, backward: number): boolean {
    const { segmentBackwardArc, segmentForwardArc, arcAccess } = this.graph;
    const arc = (backward === 1 ? segmentBackwardArc : segmentForwardArc)[segment];
    return arc !== NONE && (arcAccess[arc] & this.bit) !== 0;
  }

  private headOf(segment: number, backward: number): number {
    return (backward === 1 ? this.graph.segmentFrom : this.graph.segmentTo)[segment];
  }

  /** Length from a shape point to the next junction in a direction, through ends of ways; Infinity where none is near. */
  private toJunctionMm(segment: number, point: number, backward: number): number {
    const { shapeAtMm, segmentLengthMm } = this.graph;
    let lengthMm = backward === 1 ? shapeAtMm[point] : segmentLengthMm[segment] - shapeAtMm[point];
    for (let ends = 0; ends < MANY_ENDS && lengthMm < FAR_MM; ends++) {
      const node = this.headOf(segment, backward);
      if (this.ends[node] > 2) return lengthMm;
      const next = this.ends[node] === 2 ? this.otherSegment(node, segment) : NONE;
      if (next === NONE) return Infinity;
      backward = this.graph.segmentFrom[next] === node ? 0 : 1;
      segment = next;
      lengthMm += segmentLengthMm[segment];
    }
    return Infinity;
  }

  /** The main road that goes on from a node where two ends meet, or NONE (a loop). */
  private otherSegment(node: number, segment: number): number {
    const { firstOut, firstIn, inArc, arcSegment } = this.graph;
    for (let arc = firstOut[node]; arc < firstOut[node + 1]; arc++) {
      if (this.goesOn(arcSegment[arc], segment)) return arcSegment[arc];
    }
    for (let i = firstIn[node]; i < firstIn[node + 1]; i++) {
      if (this.goesOn(arcSegment[inArc[i]], segment)) return arcSegment[inArc[i]];
    }
    return NONE;
  }

  private goesOn(next: number, segment: number): boolean {
    return next !== segment && (this.isOpen(next, 0) || this.isOpen(next, 1));
  }
}
