/**
 * Answers from labels in TypeScript: the oracle of assembly/query.ts, and its stand-in where there is no WebAssembly. Both
 * read and write the same words of the same block. A fastest way between two states passes one of their common ancestors
 * in the elimination tree, so its time is the smallest sum over two runs of labels (Farhan, Koehler, Ohms, Wang,
 * "Hierarchical cut labelling", 2023).
 */
import { UNREACHED_MS, type Ms } from '../../units.ts';
import { commonAncestors } from '../hierarchy.ts';
import type { LabelSpace } from './label-space.ts';
import { addToCounter, type QueryScratch } from './query-scratch.ts';
import * as word from './query-slots.ts';
import { LABEL_UNREACHED } from './slots.ts';

/**
 * `work` is the byte address of a thread's scratch; tables and answers lie in its buffers. Direction 0 is
 * away from the gathered position, 1 towards it.
 */
export interface QueryKernels {
  /** Time between two states, UNREACHED_MS where there is no way. */
  timeMs(work: number, from: number, to: number): Ms;
  /** ANSWER[i] is the time from STATE_A[i] to STATE_B[i], at most MAX_ENDS of them. */
  timesOfStatePairs(work: number, nPairs: number): void;
  /** ANSWER[i] is the time from position i of table A to position i of table B. */
  timesOfPositionPairs(work: number, nPairs: number): void;
  /**
   * The label of a position from its ends, STATE_A and TIME_A: what a state there would have. For ends on one root path
   * this is one run, that of the deepest, whose entry for each ancestor is the smallest over the ends at or below it.
   * Correct because the common ancestors of an end a with any state t are those of a deeper end b with t, as far as they
   * lie at or above a: if t is below a, they are all of a's path, and only b may share more; if not, a and b share the same.
   * Ends on several root paths make several groups.
   */
  gatherLabel(work: number, direction: number, nEnds: number): void;
  /** ANSWER[i] is the time between the gathered position and position i of table B. */
  timesWithGathered(work: number, direction: number, nPositions: number): void;
  /**
   * Walks back along the fastest way from the position gathered in direction 0, whose nStarts ends are STATE_A and TIME_A,
   * to WALK_STATE, which is reached at WALK_MS: each time over the first arc in the order of ENTERING that leaves a
   * state strictly earlier and is tight. ANSWER becomes the arcs, the last of the way first, at most MAX_ENDS of them;
   * WALK_STATE and WALK_MS become where the walk has come to: an end of the position at its time, a state that only arcs
   * of zero time lead to, the first that is reached by WALK_UNTIL_MS (-1 to walk on), or, with MAX_ENDS arcs, anywhere.
   * @returns the number of arcs
   */
  walkBack(work: number, nStarts: number): number;
}

export class TypescriptQueryKernels implements QueryKernels {
  private readonly space: LabelSpace;
  private readonly head: Uint32Array;
  private readonly u32: Uint32Array;
  private readonly i32: Int32Array;
  private readonly toEntry: number;
  private readonly fromEntry: number;

  constructor(space: LabelSpace, { head }: QueryScratch) {
    this.space = space;
    this.head = head;
    this.u32 = new Uint32Array(head.buffer);
    this.i32 = new Int32Array(head.buffer);
    this.toEntry = space.to.byteOffset / 4;
    this.fromEntry = space.from.byteOffset / 4;
  }

  timeMs(_work: number, from: number, to: number): Ms {
    const { nodeRecord } = this.space;
    const n = commonAncestors(this.space, nodeRecord[2 * from], nodeRecord[2 * to]);
    addToCounter(this.head, word.LABEL_ENTRIES_READ, 2 * n);
    return reported(
      this.smallestSum(this.toEntry + nodeRecord[2 * from + 1], this.fromEntry + nodeRecord[2 * to + 1], n),
    );
  }

  timesOfStatePairs(work: number, nPairs: number): void {
    const { u32 } = this;
    const answer = this.buffer(word.ANSWER);
    const a = this.buffer(word.STATE_A);
    const b = this.buffer(word.STATE_B);
    for (let i = 0; i < nPairs; i++) this.i32[answer + i] = this.timeMs(work, u32[a + i], u32[b + i]);
  }

  timesOfPositionPairs(_work: number, nPairs: number): void {
    const { u32, i32 } = this;
    const { nodeRecord } = this.space;
    const answer = this.buffer(word.ANSWER);
    const [firstA, stateA, timeA] = this.table(word.FIRST_A, word.STATE_A, word.TIME_A);
    const [firstB, stateB, timeB] = this.table(word.FIRST_B, word.STATE_B, word.TIME_B);
    const startA = u32[firstA];
    const startB = u32[firstB];
    let read = 0;
    for (let i = 0; i < nPairs; i++) {
      let best = LABEL_UNREACHED;
      for (let e = u32[firstA + i] - startA; e < u32[firstA + i + 1] - startA; e++) {
        const a = u32[stateA + e];
        for (let f = u32[firstB + i] - startB; f < u32[firstB + i + 1] - startB; f++) {
          const b = u32[stateB + f];
          const n = commonAncestors(this.space, nodeRecord[2 * a], nodeRecord[2 * b]);
          const timeMs =
            this.smallestSum(
              this.toEntry + nodeRecord[2 * a + 1],
              this.fromEntry + nodeRecord[2 * b + 1],
              n,
            ) +
            u32[timeA + e] +
            u32[timeB + f];
          if (timeMs < best) best = timeMs;
          read += 2 * n;
        }
      }
      i32[answer + i] = reported(best);
    }
    addToCounter(this.head, word.LABEL_ENTRIES_READ, read);
  }

  gatherLabel(_work: number, direction: number, nEnds: number): void {
    const { u32, i32 } = this;
    const { nodeRecord, depth, subtreeEnd } = this.space;
    const labels = direction === 0 ? this.toEntry : this.fromEntry;
    const states = this.buffer(word.STATE_A);
    const times = this.buffer(word.TIME_A);
    const gathered = this.gathered(direction);
    let group = gathered + 4;
    let run = group + (word.MAX_GATHERED_ENDS * word.GROUP_BYTES) / 4;
    const rowLength = this.rowLength();
    const left: number[] = [];
    for (let e = 0; e < nEnds; e++) left.push(e);
    let nGroups = 0;
    let read = 0;
    while (left.length > 0) {
      let anchor = 0;
      for (const e of left) anchor = Math.max(anchor, nodeRecord[2 * u32[states + e]]);
      const length = depth[anchor] + 1;
      i32.fill(LABEL_UNREACHED, run, run + 4 * Math.ceil(length / 4));
      for (let k = left.length - 1; k >= 0; k--) {
        const e = left[k];
        const state = u32[states + e];
        const place = nodeRecord[2 * state];
        if (anchor >= subtreeEnd[place]) continue; // no ancestor of the anchor
        left.splice(k, 1);
        const n = depth[place] + 1;
        const label = labels + nodeRecord[2 * state + 1];
        for (let j = 0; j < n; j++) {
          const timeMs = i32[label + j] + u32[times + e];
          if (timeMs < i32[run + j]) i32[run + j] = timeMs;
        }
        read += n;
      }
      u32[group] = anchor;
      u32[group + 1] = length;
      u32[group + 2] = 4 * run;
      group += word.GROUP_BYTES / 4;
      run += rowLength;
      nGroups++;
    }
    u32[gathered] = nGroups;
    addToCounter(this.head, word.LABEL_ENTRIES_READ, read);
  }

  timesWithGathered(_work: number, direction: number, nPositions: number): void {
    const { u32, i32 } = this;
    const { nodeRecord } = this.space;
    const labels = direction === 0 ? this.fromEntry : this.toEntry;
    const answer = this.buffer(word.ANSWER);
    const [first, states, times] = this.table(word.FIRST_B, word.STATE_B, word.TIME_B);
    const start = u32[first];
    const gathered = this.gathered(direction);
    let read = 0;
    for (let i = 0; i < nPositions; i++) {
      let best = LABEL_UNREACHED;
      for (let e = u32[first + i] - start; e < u32[first + i + 1] - start; e++) {
        const state = u32[states + e];
        const label = labels + nodeRecord[2 * state + 1];
        for (let g = 0; g < u32[gathered]; g++) {
          const group = gathered + 4 + (g * word.GROUP_BYTES) / 4;
          const n = commonAncestors(this.space, u32[group], nodeRecord[2 * state]);
          const timeMs = this.smallestSum(u32[group + 2] / 4, label, n) + u32[times + e];
          if (timeMs < best) best = timeMs;
          read += 2 * n;
        }
      }
      i32[answer + i] = reported(best);
    }
    addToCounter(this.head, word.LABEL_ENTRIES_READ, read);
  }

  walkBack(_work: number, nStarts: number): number {
    const { head, u32, i32 } = this;
    const { firstIn, entering, arcTime } = this.space;
    const [, starts, startTimes] = this.table(word.FIRST_A, word.STATE_A, word.TIME_A);
    const answer = this.buffer(word.ANSWER);
    let state = head[word.WALK_STATE];
    let timeMs = head[word.WALK_MS];
    const untilMs = this.i32[head.byteOffset / 4 + word.WALK_UNTIL_MS];
    let behind = NO_STATE;
    let nArcs = 0;
    const isStart = (): boolean => {
      for (let e = 0; e < nStarts; e++) {
        if (u32[starts + e] === state && u32[startTimes + e] === timeMs) return true;
      }
      return false;
    };
    /** The hub that proved the last arc tight: as a rule it proves the next one, too. */
    let hub = 0;
    while (nArcs < word.MAX_ENDS && timeMs > untilMs && !isStart()) {
      const end = firstIn[state + 1];
      // some arc is tight; where none takes no time, the last one left needs no proof
      let nLeft = 0;
      for (let i = firstIn[state]; i < end; i++) {
        const arcMs = arcTime[entering[2 * i]];
        if (arcMs > timeMs || entering[2 * i + 1] === behind) continue;
        nLeft += arcMs === 0 ? word.MAX_ENDS : 1;
      }
      let i = firstIn[state];
      for (; i < end; i++) {
        const arcMs = arcTime[entering[2 * i]];
        const tail = entering[2 * i + 1];
        // the way does not come from where it goes
        if (arcMs === 0 || arcMs > timeMs || tail === behind) continue;
        if (nLeft === 1) break;
        const proof = this.hubWithin(tail, timeMs - arcMs, hub);
        if (proof < 0) {
          nLeft--;
          continue;
        }
        hub = proof;
        break;
      }
      if (i === end) break;
      i32[answer + nArcs++] = entering[2 * i];
      timeMs -= arcTime[entering[2 * i]];
      behind = state;
      state = entering[2 * i + 1];
    }
    head[word.WALK_STATE] = state;
    head[word.WALK_MS] = timeMs;
    return nArcs;
  }

  /** Depth of a common ancestor over which a state is reached within a time from the gathered position; -1 for none. */
  private hubWithin(state: number, limitMs: number, first: number): number {
    const { u32, i32 } = this;
    const { nodeRecord } = this.space;
    const label = this.fromEntry + nodeRecord[2 * state + 1];
    const gathered = this.gathered(0);
    let read = 0;
    let found = -1;
    for (let g = 0; g < u32[gathered] && found < 0; g++) {
      const group = gathered + 4 + (g * word.GROUP_BYTES) / 4;
      const n = commonAncestors(this.space, u32[group], nodeRecord[2 * state]);
      const run = u32[group + 2] / 4;
      read += 2;
      if (first < n && i32[run + first] + i32[label + first] <= limitMs) {
        found = first;
        break;
      }
      for (let block = 0; block < n && found < 0; block += 4) {
        read += 8;
        for (let j = block; j < Math.min(block + 4, n) && found < 0; j++) {
          if (i32[run + j] + i32[label + j] <= limitMs) found = j;
        }
      }
    }
    addToCounter(this.head, word.LABEL_ENTRIES_READ, read);
    return found;
  }

  /** Smallest sum of two runs of n entries; LABEL_UNREACHED where there is none. */
  private smallestSum(a: number, b: number, n: number): number {
    const { i32 } = this;
    let least = LABEL_UNREACHED;
    for (let j = 0; j < n; j++) {
      const sum = i32[a + j] + i32[b + j];
      if (sum < least) least = sum;
    }
    return least;
  }

  /** Where a buffer begins, in words. */
  private buffer(name: number): number {
    return this.head[name] / 4;
  }

  private table(first: number, states: number, times: number): [number, number, number] {
    return [this.buffer(first), this.buffer(states), this.buffer(times)];
  }

  private gathered(direction: number): number {
    return (this.head[word.GATHERED] + direction * this.head[word.GATHERED_BYTES]) / 4;
  }

  /** Words between the runs of a gathered label. */
  private rowLength(): number {
    return (this.head[word.GATHERED_BYTES] - 16) / word.MAX_GATHERED_ENDS / 4 - word.GROUP_BYTES / 4;
  }
}

/** No state has this number. */
const NO_STATE = 0xffff_ffff;

/** A sum of labels as the engine tells it. */
const reported = (timeMs: number): Ms => (timeMs >= LABEL_UNREACHED ? UNREACHED_MS : timeMs);
