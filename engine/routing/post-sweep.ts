/**
 * Times between some positions and every state at once, from the labels of a metric: labels give them at all ancestors of
 * a position's ends, every other place takes the smallest over its upper neighbours, parents first. Delling, Goldberg,
 * Nowatzyk, Werneck, "PHAST" (2011), as in `kernels/sweep.ts`, but without the workspace that labels must be made with
 * for that, and with answers state by state.
 */
import { UNREACHED_MS } from '../units.ts';
import type { EndColumns } from './kernels/query.ts';
import type { LabelSpace } from './kernels/label-space.ts';
import { LABEL_UNREACHED } from './labels.ts';

/** Positions that are swept together: their times at one place fill a line of the cache. */
const LANES = 16;

/** `from`: from the positions to the states; `to`: from the states to the positions. */
export type SweepDirection = 'from' | 'to';

/**
 * Fills rows[state * n + i] with the time between position i of n, given by its exits (`from`) or entries (`to`), and each
 * state; UNREACHED_MS where there is no way. Cost about 8 ms for 16 positions in a city of 64,000 junctions.
 */
export function sweepRows(
  space: LabelSpace,
  positions: EndColumns,
  direction: SweepDirection,
  rows: Uint32Array,
): void {
  const n = positions.first.length - 1;
  const { nNodes, node, firstUp, up } = space;
  const arcMs = direction === 'from' ? space.downTime : space.upTime;
  const placeMs = new Int32Array(LANES * nNodes);
  for (let first = 0; first < n; first += LANES) {
    const nLanes = Math.min(LANES, n - first);
    placeMs.fill(LABEL_UNREACHED);
    for (let lane = 0; lane < nLanes; lane++) seed(space, positions, first + lane, direction, placeMs, lane);
    for (let place = 0; place < nNodes; place++) {
      const at = LANES * place;
      for (let i = firstUp[place]; i < firstUp[place + 1]; i++) {
        const ms = arcMs[i];
        if (ms === LABEL_UNREACHED) continue;
        const above = LANES * up[i];
        for (let lane = 0; lane < LANES; lane++) {
          const through = placeMs[above + lane] + ms;
          if (through < placeMs[at + lane]) placeMs[at + lane] = through;
        }
      }
      const row = node[place] * n + first;
      for (let lane = 0; lane < nLanes; lane++) {
        const timeMs = placeMs[at + lane];
        rows[row + lane] = timeMs >= LABEL_UNREACHED ? UNREACHED_MS : timeMs;
      }
    }
  }
}

/** Puts the times between a position and the ancestors of its ends into a lane. */
function seed(
  { nodeRecord, depth, parent, to, from }: LabelSpace,
  positions: EndColumns,
  position: number,
  direction: SweepDirection,
  placeMs: Int32Array,
  lane: number,
): void {
  const labels = direction === 'from' ? to : from;
  for (let e = positions.first[position]; e < positions.first[position + 1]; e++) {
    const state = positions.state[e];
    let place = nodeRecord[2 * state];
    const label = nodeRecord[2 * state + 1];
    for (let d = depth[place]; d >= 0; d--, place = parent[place]) {
      const timeMs = labels[label + d] + positions.timeMs[e];
      if (timeMs < placeMs[LANES * place + lane]) placeMs[LANES * place + lane] = timeMs;
    }
  }
}
