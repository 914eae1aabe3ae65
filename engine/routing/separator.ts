/**
 * Small balanced node separators by inertial flow (Schild and Sommer, "On balanced separators in road networks", 2015):
 * along a few directions of the map the lowest and the highest nodes are two ends; the smallest cut between them is found
 * while both ends grow and the flow is kept. The cuts nearest either end are the candidates.
 */
import { cutNearSource, cutNearTarget, nearSideOf } from './order-cut.ts';
import { FlowWork } from './order-flow.ts';
import type { Parts } from './order-parts.ts';
import { pushLeftmostPaths, pushPaths } from './order-paths.ts';

/**
 * Shares of a part that serve as ends. Measured on Porto: these give 0.5 % fewer completed arcs and 1.5 % shorter labels
 * than 15, 25, 35, 45 %, the two of 15 and 30 % nearly the same in four fifths of the time.
 */
const END_SHARES = [0.1, 0.15, 0.2, 0.3, 0.4];
/**
 * Weight of the depth that a cut leaves (as the root of the halves' sizes) against its own size. Measured on three cities
 * and a grid: 1.6 gives 1 to 4 % fewer completed arcs and 3 to 5 % shorter labels than 0.7; with 3 most of it is lost.
 */
const DEPTH_WEIGHT = 1.6;
/** Parts from this size on begin with leftmost paths: smaller ones have few paths, found as fast without. */
const LEFTMOST_FROM = 500;

/** Workspace for all separators of one graph. */
export class SeparatorWork {
  /** The separator found last: slots cut[0 .. nCut). */
  cut: Int32Array;
  nCut = 0;
  private candidate: Int32Array;
  private readonly flow: FlowWork;

  constructor(nNodes: number) {
    this.cut = new Int32Array(nNodes);
    this.candidate = new Int32Array(nNodes);
    this.flow = new FlowWork(nNodes);
  }

  /**
   * Finds the best separator of the part in slots [start, end), which is connected and has two nodes or more. It is never
   * empty; where nothing separates the part (all are neighbours of all) it is one of the ends.
   * @param directions  which of parts.along to try, likeliest first: a good cut found early spares work later
   */
  find(parts: Parts, start: number, end: number, directions: Int32Array, nDirections: number): void {
    const { flow } = this;
    const size = end - start;
    let bestScore = Infinity;
    for (let d = 0; d < nDirections; d++) {
      flow.begin(parts, directions[d], start, end);
      for (let k = 0; k < END_SHARES.length; k++) {
        flow.growEnds(Math.max(1, Math.floor(size * END_SHARES[k])));
        // A cut is about as large as the flow and at best it halves the part: with more flow than this it cannot win.
        const most = bestScore - leastDepthScore(bestScore, size);
        if (k === 0 && size >= LEFTMOST_FROM) pushLeftmostPaths(flow, most);
        for (let pushed = 1; pushed > 0 && flow.flow < most;) pushed = pushPaths(flow, most - flow.flow);
        if (flow.flow >= most) break;
        for (let side = 0; side < 2; side++) {
          const { candidate } = this;
          const nCut = side === 0 ? cutNearSource(flow, candidate) : cutNearTarget(flow, candidate);
          const score = nCut + depthScore(nearSideOf(flow), nCut, size);
          if (score >= bestScore) continue;
          bestScore = score;
          this.candidate = this.cut;
          this.cut = candidate;
          this.nCut = nCut;
        }
      }
    }
  }
}

/** Estimated mean depth below a cut that leaves `near` nodes on one side. */
function depthScore(near: number, nCut: number, size: number): number {
  const far = size - near - nCut;
  return (DEPTH_WEIGHT * (near * Math.sqrt(near) + far * Math.sqrt(far))) / size;
}

/** The least that can be with a cut of up to `nCut` nodes: when it halves the part. */
function leastDepthScore(nCut: number, size: number): number {
  const half = Math.max(0, (size - nCut) / 2);
  return (DEPTH_WEIGHT * 2 * half * Math.sqrt(half)) / size;
}
