/**
 * Sweeps in TypeScript: the oracle of assembly/sweep.ts, and its stand-in where there is no WebAssembly. Times from 16
 * sources to many places at once: labels give them at all ancestors of a source, so there is no search upward; every
 * other place takes the smallest over its upper neighbours, in an order in which these come first. Delling, Goldberg,
 * Nowatzyk, Werneck, "PHAST" (2011); restricted to the ancestors of some targets: Delling, Goldberg, Werneck, "Faster
 * batched shortest paths in road networks" (RPHAST, 2011).
 *
 * Places of a plan come by depth, then by number of arcs, so that loops of equal length follow each other: on Porto this
 * takes 0.25 ms where the preorder takes 0.47, whose loops the processor cannot foresee.
 */
import { UNREACHED_MS } from '../../units.ts';
import type { LabelSpace } from './label-space.ts';
import { addToCounter, type QueryScratch } from './query-scratch.ts';
import * as word from './query-slots.ts';
import { LABEL_UNREACHED } from './slots.ts';

/** `work` is the byte address of a thread's scratch. Direction 0 sweeps away from the sources, 1 towards them. */
export interface SweepKernels {
  /** Begins a plan: of every place, or of none yet. */
  markPlaces(work: number, isMarked: number): void;
  /** Adds the states of STATE_B and their ancestors to the plan. */
  markAncestors(work: number, nEnds: number): void;
  /** Numbers the places of the plan and lists their arcs. @returns how many they are */
  layOutPlan(work: number): number;
  /** Replaces states of STATE_B by their numbers in the plan. */
  numberEnds(work: number, nEnds: number): void;
  /** Puts the times between a position, STATE_A and TIME_A, and its ancestors into a lane. */
  seedLane(work: number, direction: number, lane: number, nEnds: number): void;
  sweep(work: number, direction: number): void;
  /** Row l of ANSWER_ROWS becomes the times of lane l at states from `firstState` on; the plan holds every place. */
  copyStates(work: number, firstState: number, nStates: number, nLanes: number): void;
  /** Row l of ANSWER_ROWS becomes the times of lane l at the positions of table B, whose ends were numbered. */
  copyPositions(work: number, nPositions: number, nLanes: number): void;
}

export class TypescriptSweepKernels implements SweepKernels {
  private readonly space: LabelSpace;
  private readonly head: Uint32Array;
  private readonly u32: Uint32Array;
  private readonly i32: Int32Array;
  private readonly seeded: Uint8Array;

  constructor(space: LabelSpace, { head }: QueryScratch) {
    this.space = space;
    this.head = head;
    this.u32 = new Uint32Array(head.buffer);
    this.i32 = new Int32Array(head.buffer);
    this.seeded = new Uint8Array(head.buffer, head[word.SEEDED], space.nNodes);
  }

  markPlaces(_work: number, isMarked: number): void {
    const numbers = this.buffer(word.NUMBER);
    this.u32.fill(isMarked === 1 ? 0 : word.NOT_SWEPT, numbers, numbers + this.space.nNodes);
  }

  markAncestors(_work: number, nEnds: number): void {
    const { u32 } = this;
    const { nodeRecord, parent } = this.space;
    const numbers = this.buffer(word.NUMBER);
    const states = this.buffer(word.STATE_B);
    for (let e = 0; e < nEnds; e++) {
      let place = nodeRecord[2 * u32[states + e]];
      while (u32[numbers + place] === word.NOT_SWEPT) {
        u32[numbers + place] = 0;
        place = parent[place]; // a root is its own
      }
    }
  }

  layOutPlan(): number {
    const { u32 } = this;
    const { nNodes, firstUp, up, depth } = this.space;
    const numbers = this.buffer(word.NUMBER);
    const order: number[] = [];
    for (let p = 0; p < nNodes; p++) if (u32[numbers + p] !== word.NOT_SWEPT) order.push(p);
    const classOf = (p: number) => Math.min(firstUp[p + 1] - firstUp[p], word.MAX_CLASS);
    order.sort((p, q) => depth[p] - depth[q] || classOf(p) - classOf(q) || p - q);
    for (let i = 0; i < order.length; i++) u32[numbers + order[i]] = i;
    let plan = this.buffer(word.PLAN);
    for (const p of order) {
      u32[plan++] = firstUp[p + 1] - firstUp[p];
      u32[plan++] = firstUp[p];
      for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
        u32[plan++] = this.head[word.DIST] + 4 * word.LANES * u32[numbers + up[i]];
      }
    }
    this.seeded.fill(0, 0, order.length);
    this.head[word.N_SWEPT] = order.length;
    return order.length;
  }

  numberEnds(_work: number, nEnds: number): void {
    const { u32 } = this;
    const numbers = this.buffer(word.NUMBER);
    const states = this.buffer(word.STATE_B);
    for (let e = 0; e < nEnds; e++) {
      u32[states + e] = u32[numbers + this.space.nodeRecord[2 * u32[states + e]]];
    }
  }

  seedLane(_work: number, direction: number, lane: number, nEnds: number): void {
    const { u32, i32, seeded } = this;
    const { nodeRecord, depth, parent, to, from } = this.space;
    const labels = direction === 0 ? to : from;
    const numbers = this.buffer(word.NUMBER);
    const dist = this.buffer(word.DIST);
    const states = this.buffer(word.STATE_A);
    const times = this.buffer(word.TIME_A);
    let read = 0;
    for (let e = 0; e < nEnds; e++) {
      let place = nodeRecord[2 * u32[states + e]];
      const label = nodeRecord[2 * u32[states + e] + 1];
      for (let j = depth[place]; j >= 0; j--, place = parent[place]) {
        const number = u32[numbers + place];
        if (number === word.NOT_SWEPT) continue;
        read++;
        const line = dist + word.LANES * number;
        if (seeded[number] === 0) {
          seeded[number] = 1;
          i32.fill(LABEL_UNREACHED, line, line + word.LANES);
        }
        const timeMs = labels[label + j] + u32[times + e];
        if (timeMs < i32[line + lane]) i32[line + lane] = timeMs;
      }
    }
    addToCounter(this.head, word.LABEL_ENTRIES_READ, read);
  }

  sweep(_work: number, direction: number): void {
    const { u32, i32, seeded, head } = this;
    const times = direction === 0 ? this.space.downTime : this.space.upTime;
    const nSwept = head[word.N_SWEPT];
    let line = this.buffer(word.DIST);
    let plan = this.buffer(word.PLAN);
    let swept = 0;
    for (let p = 0; p < nSwept; p++, line += word.LANES) {
      if (seeded[p] === 0) i32.fill(LABEL_UNREACHED, line, line + word.LANES);
      seeded[p] = 0;
      const n = u32[plan++];
      let arc = u32[plan++];
      for (const end = plan + n; plan < end; plan++, arc++) {
        const upper = u32[plan] / 4;
        const arcMs = times[arc];
        for (let lane = 0; lane < word.LANES; lane++) {
          const timeMs = (i32[upper + lane] + arcMs) | 0;
          if (timeMs < i32[line + lane]) i32[line + lane] = timeMs;
        }
      }
      swept += n;
    }
    addToCounter(head, word.ARCS_SWEPT, swept);
  }

  copyStates(_work: number, firstState: number, nStates: number, nLanes: number): void {
    const { u32, i32 } = this;
    const numbers = this.buffer(word.NUMBER);
    const dist = this.buffer(word.DIST);
    const rows = this.buffer(word.ANSWER_ROWS);
    for (let i = 0; i < nStates; i++) {
      const line = dist + word.LANES * u32[numbers + this.space.nodeRecord[2 * (firstState + i)]];
      for (let lane = 0; lane < nLanes; lane++) {
        i32[rows + lane * word.ROW_STRIDE + i] = reported(i32[line + lane]);
      }
    }
  }

  copyPositions(_work: number, nPositions: number, nLanes: number): void {
    const { u32, i32 } = this;
    const dist = this.buffer(word.DIST);
    const rows = this.buffer(word.ANSWER_ROWS);
    const first = this.buffer(word.FIRST_B);
    const ends = this.buffer(word.STATE_B);
    const times = this.buffer(word.TIME_B);
    const start = u32[first];
    for (let i = 0; i < nPositions; i++) {
      const begin = u32[first + i] - start;
      const end = u32[first + i + 1] - start;
      for (let lane = 0; lane < nLanes; lane++) {
        let best = LABEL_UNREACHED;
        for (let e = begin; e < end; e++) {
          const timeMs = i32[dist + word.LANES * u32[ends + e] + lane] + u32[times + e];
          if (timeMs < best) best = timeMs;
        }
        i32[rows + lane * word.ROW_STRIDE + i] = reported(best);
      }
    }
  }

  /** Where a buffer begins, in words. */
  private buffer(name: number): number {
    return this.head[name] / 4;
  }
}

/** A time of a sweep as the engine tells it. */
const reported = (timeMs: number): number => (timeMs >= LABEL_UNREACHED ? UNREACHED_MS : timeMs);
