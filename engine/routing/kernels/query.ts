/** Exact times between states and between positions, from the labels of one metric: the query object of a thread. */
import { assert } from '../../errors.ts';
import type { Ms } from '../../units.ts';
import type { StateIx } from '../network.ts';
import { loadKernels, type KernelKind } from './load.ts';
import type { LabelSpace } from './label-space.ts';
import { counterOf, openQueryScratch, type QueryScratch } from './query-scratch.ts';
import { chunkEnd, copyEnds, countOf, type EndColumns, type StateTime, type Times } from './query-ends.ts';
import * as word from './query-slots.ts';
import { TypescriptQueryKernels, type QueryKernels } from './query-typescript.ts';

export { countOf, endColumns, type EndColumns, type StateTime, type Times } from './query-ends.ts';

/**
 * Queries of one thread; they allocate nothing. Times are exact ms, UNREACHED_MS where there is no way; a drive of
 * 12 days or more (LABEL_UNREACHED) counts as none. States and positions are taken as given: they must be the network's.
 */
export class LabelQuery {
  private readonly scratch: QueryScratch;
  private readonly kernels: QueryKernels;
  private readonly tables: readonly [EndColumns, EndColumns];
  private readonly answer: Uint32Array;
  /** How often a place, and a source, was gathered: whoever comes back to one sees whether it is still there. */
  placesGathered = 0;
  sourcesGathered = 0;

  /**
   * @param thread  whose scratch to use; queries of one thread may share it
   * @param kind  which kernels; left out, the fast ones where they run
   */
  constructor(space: LabelSpace, { thread, kind }: { thread: number; kind?: KernelKind }) {
    this.scratch = openQueryScratch(space, thread);
    this.kernels = loadKernels(space, kind) ?? new TypescriptQueryKernels(space, this.scratch);
    const { head } = this.scratch;
    const view = (name: number, length: number) => new Uint32Array(head.buffer, head[name], length);
    this.tables = [
      {
        first: view(word.FIRST_A, word.MAX_POSITIONS + 1),
        state: view(word.STATE_A, word.MAX_ENDS),
        timeMs: view(word.TIME_A, word.MAX_ENDS),
      },
      {
        first: view(word.FIRST_B, word.MAX_POSITIONS + 1),
        state: view(word.STATE_B, word.MAX_ENDS),
        timeMs: view(word.TIME_B, word.MAX_ENDS),
      },
    ];
    this.answer = view(word.ANSWER, word.MAX_ENDS);
  }

  /** Whether this thread's scratch has room for sweeps. */
  get hasSweeps(): boolean {
    return this.scratch.hasSweeps;
  }

  /** Label entries read by all queries of this thread's scratch so far: the same for all kernels. */
  get labelEntriesRead(): number {
    return counterOf(this.scratch, word.LABEL_ENTRIES_READ);
  }

  /** Time between two states. Cost about 0.07 us in a city of 64,000 junctions, most of it the memory's delay. */
  timeMs(from: StateIx, to: StateIx): Ms {
    return this.kernels.timeMs(this.scratch.address, from, to);
  }

  /** out[i] becomes the time from from[i] to to[i]; delays of the memory overlap between pairs. */
  timesOfPairs(from: Uint32Array, to: Uint32Array, out: Times): void {
    const [a, b] = this.tables;
    for (let start = 0; start < from.length; start += word.MAX_ENDS) {
      const end = Math.min(start + word.MAX_ENDS, from.length);
      a.state.set(start === 0 && end === from.length ? from : from.subarray(start, end));
      b.state.set(start === 0 && end === from.length ? to : to.subarray(start, end));
      this.kernels.timesOfStatePairs(this.scratch.address, end - start);
      this.copyAnswers(out, start, end);
    }
  }

  /** out[i] becomes the time from position i of `from` to position i of `to`, by ways over states. */
  timesOfPositionPairs(from: EndColumns, to: EndColumns, out: Times): void {
    const n = countOf(from);
    for (let start = 0; start < n;) {
      const end = Math.min(chunkEnd(from, start), chunkEnd(to, start));
      copyEnds(from, start, end, this.tables[0]);
      copyEnds(to, start, end, this.tables[1]);
      this.kernels.timesOfPositionPairs(this.scratch.address, end - start);
      this.copyAnswers(out, start, end);
      start = end;
    }
  }

  /** Time between two positions given by their ends, by ways over states. */
  timeBetween(from: readonly StateTime[], to: readonly StateTime[]): Ms {
    this.putEnds(from, this.tables[0]);
    this.putEnds(to, this.tables[1]);
    this.kernels.timesOfPositionPairs(this.scratch.address, 1);
    return this.answer[0];
  }

  /** out[i] becomes the time from a position, given by its exits, to position i, given by its entries. */
  timesFrom(from: readonly StateTime[], to: EndColumns, out: Times): void {
    this.gather(from, 0);
    this.timesWithGathered(0, to, out);
  }

  /** out[i] becomes the time from position i, given by its exits, to a position, given by its entries. */
  timesTo(from: EndColumns, to: readonly StateTime[], out: Times): void {
    this.gather(to, 1);
    this.timesWithGathered(1, from, out);
  }

  /** Gathers a place, given by its entries, for `timesToGathered`. */
  gatherPlace(to: readonly StateTime[]): void {
    this.gather(to, 1);
  }

  /** The same from columns: the first n entries of each. */
  gatherPlaceOf(n: number, state: ArrayLike<StateIx>, timeMs: ArrayLike<Ms>): void {
    assert(
      n <= word.MAX_GATHERED_ENDS,
      () => `a place to gather has ${n} ends; ${word.MAX_GATHERED_ENDS} are the most`,
    );
    this.placesGathered++;
    const [table] = this.tables;
    table.first[0] = 0;
    table.first[1] = n;
    for (let e = 0; e < n; e++) {
      table.state[e] = state[e];
      table.timeMs[e] = timeMs[e];
    }
    this.kernels.gatherLabel(this.scratch.address, 1, n);
  }

  /**
   * Where positions are put, by their exits, for `timesToGathered`: at most MAX_POSITIONS, with MAX_ENDS exits in all,
   * first[0] being 0. Every other query overwrites them.
   */
  get table(): EndColumns {
    return this.tables[1];
  }

  /** Times from the first n positions of `table` to the gathered place: a view that the next query overwrites. */
  timesToGathered(n: number): Uint32Array {
    this.kernels.timesWithGathered(this.scratch.address, 1, n);
    return this.answer;
  }

  /** out[i] becomes the time from a position, given by its exits, to the state of entry i. */
  timesToStates(from: readonly StateTime[], entries: readonly StateTime[], out: Times): void {
    this.gather(from, 0);
    const [, table] = this.tables;
    assert(
      entries.length <= word.MAX_POSITIONS,
      `${entries.length} entries; ${word.MAX_POSITIONS} are the most`,
    );
    for (let i = 0; i < entries.length; i++) {
      table.first[i] = i;
      table.state[i] = entries[i].state;
      table.timeMs[i] = 0;
    }
    table.first[entries.length] = entries.length;
    this.kernels.timesWithGathered(this.scratch.address, 0, entries.length);
    this.copyAnswers(out, 0, entries.length);
  }

  /**
   * The arcs of the fastest way from the position that was asked from last (`timesFrom`, `timesToStates`), given by its
   * exits again, to a state: appended to `arcs`, the last of the way first. The way is the one of `DijkstraSearch.entryArc`.
   * @param timeMs  the time to the state
   * @returns the exit that the way begins with, or null where only arcs of zero time lead on
   * Cost about 0.1 us an arc.
   */
  walkBack<End extends StateTime>(
    from: readonly End[],
    state: StateIx,
    timeMs: Ms,
    arcs: number[],
  ): End | null {
    const walk = { state, timeMs };
    this.walkOn(from, walk, -1, arcs);
    return from.find((end) => end.state === walk.state && end.timeMs === walk.timeMs) ?? null;
  }

  /**
   * Goes on with such a walk from where it has come to, until the first state that is reached by `untilMs`, or as far as
   * it goes. Whoever comes back to a walk after other questions gathers its source again.
   */
  walkOn(from: readonly StateTime[], walk: StateTime, untilMs: Ms, arcs: number[]): void {
    const { head, address } = this.scratch;
    this.putEnds(from, this.tables[0]);
    head[word.WALK_STATE] = walk.state;
    head[word.WALK_MS] = walk.timeMs;
    head[word.WALK_UNTIL_MS] = untilMs;
    for (;;) {
      const nArcs = this.kernels.walkBack(address, from.length);
      for (let i = 0; i < nArcs; i++) arcs.push(this.answer[i]);
      if (nArcs < word.MAX_ENDS) break;
    }
    walk.state = head[word.WALK_STATE];
    walk.timeMs = head[word.WALK_MS];
  }

  /** Gathers a source, given by its exits, for `walkOn`. */
  gatherSource(from: readonly StateTime[]): void {
    this.gather(from, 0);
  }

  private gather(ends: readonly StateTime[], direction: 0 | 1): void {
    assert(
      ends.length <= word.MAX_GATHERED_ENDS,
      `a position to gather has ${ends.length} ends; ${word.MAX_GATHERED_ENDS} are the most`,
    );
    if (direction === 0) this.sourcesGathered++;
    else this.placesGathered++;
    this.putEnds(ends, this.tables[0]);
    this.kernels.gatherLabel(this.scratch.address, direction, ends.length);
  }

  private timesWithGathered(direction: 0 | 1, positions: EndColumns, out: Times): void {
    const n = countOf(positions);
    for (let start = 0; start < n;) {
      const end = chunkEnd(positions, start);
      copyEnds(positions, start, end, this.tables[1]);
      this.kernels.timesWithGathered(this.scratch.address, direction, end - start);
      this.copyAnswers(out, start, end);
      start = end;
    }
  }

  /** One position as the only one of a table. */
  private putEnds(ends: readonly StateTime[], table: EndColumns): void {
    assert(ends.length <= word.MAX_ENDS, `a position has ${ends.length} ends; ${word.MAX_ENDS} are the most`);
    table.first[0] = 0;
    table.first[1] = ends.length;
    for (let e = 0; e < ends.length; e++) {
      table.state[e] = ends[e].state;
      table.timeMs[e] = ends[e].timeMs;
    }
  }

  private copyAnswers(out: Times, start: number, end: number): void {
    const { answer } = this;
    for (let i = start; i < end; i++) out[i] = answer[i - start];
  }
}
