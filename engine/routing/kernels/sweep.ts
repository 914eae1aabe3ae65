/** One-to-all times and matrices, 16 sources at a time, from the hierarchy and labels of one metric. */
import { assert } from '../../errors.ts';
import type { LabelSpace } from './label-space.ts';
import { loadKernels, type KernelKind } from './load.ts';
import { chunkEnd, copyEnds, countOf, type EndColumns, type Times } from './query-ends.ts';
import { counterOf, openQueryScratch, type QueryScratch } from './query-scratch.ts';
import * as word from './query-slots.ts';
import { TypescriptSweepKernels, type SweepKernels } from './sweep-typescript.ts';

/** Positions that sweeps go to (or, against the traffic, come from), prepared once for many sources. */
export interface SweepTargets {
  positions: EndColumns;
  /** The same with ends by their number in the plan. */
  numbered: EndColumns;
  planId: number;
}

/** 0: away from the sources; 1: towards them. */
type Direction = 0 | 1;

/**
 * Sweeps of one thread. Times are exact ms, UNREACHED_MS where there is no way; a drive of 12 days or more
 * (LABEL_UNREACHED) counts as none. States and positions are taken as given: they must be the network's.
 */
export class LabelSweep {
  private readonly space: LabelSpace;
  private readonly scratch: QueryScratch;
  private readonly kernels: SweepKernels;
  private readonly sources: EndColumns;
  private readonly targets: EndColumns;
  private readonly rows: Uint32Array[];

  /**
   * @param thread  whose scratch to use; sweeps and queries of one thread may share it
   * @param kind  which kernels; left out, the fast ones where they run
   */
  constructor(space: LabelSpace, { thread, kind }: { thread: number; kind?: KernelKind }) {
    this.space = space;
    this.scratch = openQueryScratch(space, thread);
    assert(this.scratch.hasSweeps, 'a label space without scratch for sweeps');
    this.kernels = loadKernels(space, kind) ?? new TypescriptSweepKernels(space, this.scratch);
    const { head } = this.scratch;
    const view = (name: number, length: number) => new Uint32Array(head.buffer, head[name], length);
    this.sources = {
      first: new Uint32Array(0), // one position at a time
      state: view(word.STATE_A, word.MAX_ENDS),
      timeMs: view(word.TIME_A, word.MAX_ENDS),
    };
    this.targets = {
      first: view(word.FIRST_B, word.MAX_POSITIONS + 1),
      state: view(word.STATE_B, word.MAX_ENDS),
      timeMs: view(word.TIME_B, word.MAX_ENDS),
    };
    const rows = view(word.ANSWER_ROWS, word.LANES * word.ROW_STRIDE);
    this.rows = Array.from({ length: word.LANES }, (_, lane) =>
      rows.subarray(lane * word.ROW_STRIDE, lane * word.ROW_STRIDE + word.MAX_ROW),
    );
  }

  /** Label entries read by this thread's scratch so far: the same for all kernels. */
  get labelEntriesRead(): number {
    return counterOf(this.scratch, word.LABEL_ENTRIES_READ);
  }

  /** Arcs swept for 16 sources by this thread's scratch so far: the same for all kernels. */
  get arcsSwept(): number {
    return counterOf(this.scratch, word.ARCS_SWEPT);
  }

  /**
   * Times from each position, given by its exits, to every state: out[i x nStates + state]. Cost about 0.04 ms a source in
   * a city of 64,000 junctions, in whole batches of 16.
   */
  timesFrom(sources: EndColumns, out: Times): void {
    this.sweepToStates(sources, 0, out);
  }

  /** Times to each position, given by its entries, from every state: out[i x nStates + state]. */
  timesTo(targets: EndColumns, out: Times): void {
    this.sweepToStates(targets, 1, out);
  }

  /**
   * Times from each position, given by its exits, to each position, given by its entries, row-major, by ways over states.
   * Sweeps along the shorter side. Cost about 0.03 ms a row of 10,000 positions in a city of 64,000 junctions.
   */
  matrix(from: EndColumns, to: EndColumns, out: Times): void {
    if (countOf(from) <= countOf(to)) this.rowsTo(this.prepare(to), from, out);
    else this.columnsFrom(this.prepare(from), to, out);
  }

  /** Prepares positions for sweeps that end (or begin) there. Cost of about four batches of sources. */
  prepare(positions: EndColumns): SweepTargets {
    const { kernels, targets } = this;
    const { address } = this.scratch;
    this.plan(positions);
    const state = new Uint32Array(positions.state.length);
    const nEnds = positions.first[countOf(positions)];
    for (let e = positions.first[0]; e < nEnds; e += word.MAX_ENDS) {
      const end = Math.min(e + word.MAX_ENDS, nEnds);
      targets.state.set(positions.state.subarray(e, end));
      kernels.numberEnds(address, end - e);
      state.set(targets.state.subarray(0, end - e), e);
    }
    const { first, timeMs } = positions;
    return { positions, numbered: { first, state, timeMs }, planId: this.scratch.head[word.PLAN_ID] };
  }

  /** Rows of a matrix: out[i x nTargets + t] is the time from position i, given by its exits, to target t. */
  rowsTo(targets: SweepTargets, from: EndColumns, out: Times): void {
    this.renew(targets);
    const nTargets = countOf(targets.positions);
    for (let first = 0; first < countOf(from); first += word.LANES) {
      const nLanes = this.sweepBatch(from, first, 0);
      this.copyPositions(targets.numbered, nLanes, (lane, start, answers) =>
        out.set(answers, (first + lane) * nTargets + start),
      );
    }
  }

  /** Columns of a matrix: out[t x nTo + i] is the time from target t (a source here) to position i, given by its entries. */
  columnsFrom(targets: SweepTargets, to: EndColumns, out: Times): void {
    this.renew(targets);
    const nTo = countOf(to);
    for (let first = 0; first < nTo; first += word.LANES) {
      const nLanes = this.sweepBatch(to, first, 1);
      this.copyPositions(targets.numbered, nLanes, (lane, start, answers) => {
        let at = start * nTo + first + lane;
        for (let i = 0; i < answers.length; i++, at += nTo) out[at] = answers[i];
      });
    }
  }

  private sweepToStates(sources: EndColumns, direction: Direction, out: Times): void {
    const { nNodes } = this.space;
    if (this.scratch.head[word.PLAN_IS_WHOLE] === 0) this.plan(null);
    for (let first = 0; first < countOf(sources); first += word.LANES) {
      const nLanes = this.sweepBatch(sources, first, direction);
      for (let start = 0; start < nNodes; start += word.MAX_ROW) {
        const n = Math.min(word.MAX_ROW, nNodes - start);
        this.kernels.copyStates(this.scratch.address, start, n, nLanes);
        for (let lane = 0; lane < nLanes; lane++) {
          out.set(rowOf(this.rows[lane], n), (first + lane) * nNodes + start);
        }
      }
    }
  }

  /** Sweeps from up to 16 positions. @returns how many */
  private sweepBatch(positions: EndColumns, first: number, direction: Direction): number {
    const { kernels, sources } = this;
    const { address } = this.scratch;
    const nLanes = Math.min(word.LANES, countOf(positions) - first);
    for (let lane = 0; lane < nLanes; lane++) {
      const last = positions.first[first + lane + 1];
      for (let begin = positions.first[first + lane]; begin < last; begin += word.MAX_ENDS) {
        const nEnds = Math.min(word.MAX_ENDS, last - begin);
        for (let e = 0; e < nEnds; e++) {
          sources.state[e] = positions.state[begin + e];
          sources.timeMs[e] = positions.timeMs[begin + e];
        }
        kernels.seedLane(address, direction, lane, nEnds);
      }
    }
    kernels.sweep(address, direction);
    return nLanes;
  }

  private copyPositions(
    numbered: EndColumns,
    nLanes: number,
    put: (lane: number, start: number, answers: Uint32Array) => void,
  ): void {
    const n = countOf(numbered);
    for (let start = 0; start < n;) {
      const end = chunkEnd(numbered, start);
      copyEnds(numbered, start, end, this.targets);
      this.kernels.copyPositions(this.scratch.address, end - start, nLanes);
      for (let lane = 0; lane < nLanes; lane++) put(lane, start, rowOf(this.rows[lane], end - start));
      start = end;
    }
  }

  /** Makes the plan of some positions anew if another took its place. */
  private renew({ positions, planId }: SweepTargets): void {
    if (this.scratch.head[word.PLAN_ID] !== planId) this.plan(positions, planId);
  }

  /** Lays out the plan of the positions' ancestors, or of every place (null). */
  private plan(positions: EndColumns | null, planId?: number): void {
    const { kernels, targets } = this;
    const { address, head } = this.scratch;
    kernels.markPlaces(address, positions === null ? 1 : 0);
    if (positions !== null) {
      const nEnds = positions.first[countOf(positions)];
      for (let e = positions.first[0]; e < nEnds; e += word.MAX_ENDS) {
        const end = Math.min(e + word.MAX_ENDS, nEnds);
        targets.state.set(positions.state.subarray(e, end));
        kernels.markAncestors(address, end - e);
      }
    }
    kernels.layOutPlan(address);
    head[word.PLAN_IS_WHOLE] = positions === null ? 1 : 0;
    head[word.PLAN_ID] = planId ?? ++head[word.N_PLANS];
  }
}

const rowOf = (row: Uint32Array, length: number): Uint32Array =>
  length === row.length ? row : row.subarray(0, length);
