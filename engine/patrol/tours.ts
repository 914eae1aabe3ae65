/**
 * Who does which task in which round, and in what order: tours of several units over several rounds of a shift, on
 * travel times alone. Balanced cheapest insertion, then or-opt, exchange and 2-opt moves.
 *
 * The problem of one round is the min-max k rural postman problem with one depot per unit (D. Ahr and G. Reinelt,
 * "A tabu search algorithm for the min-max k-Chinese postman problem", Computers & Operations Research 33, 2006),
 * here with points beside lines. Insertion: D. Rosenkrantz, R. Stearns and P. Lewis, SIAM J. Computing 6, 1977.
 * Chains of one to three: I. Or, thesis, Northwestern University, 1976. 2-opt: G. Croes, Operations Research 6, 1958.
 * Room before the end of the shift is kept as forward slack: M. Savelsbergh, ORSA J. Computing 4, 1992.
 *
 * All times are whole ms; Infinity where there is no way. Ties go to the lowest index, so the answer is a function
 * of the input alone.
 */
import type { Ms } from '../units.ts';

export interface TourProblem {
  nUnits: number;
  nTasks: number;
  nRounds: number;
  /** Round r of a unit starts at r * slotMs, or when its round before has ended. */
  slotMs: Ms;
  /** Every round ends by then. */
  shiftMs: Ms;
  /** In how many different rounds each task is done; 1 to nRounds or more (what is beyond nRounds cannot fit). */
  quota: ArrayLike<number>;
  /** Time of each task itself: work and dwell. */
  serviceMs: ArrayLike<number>;
  /** From home of unit u to the start of task t, and from its end back: at [u * nTasks + t]. */
  outMs: ArrayLike<number>;
  backMs: ArrayLike<number>;
  /** From the end of task a to the start of task b: at [a * nTasks + b]. */
  linkMs: ArrayLike<number>;
}

export interface Tours {
  /** Tasks in order of driving, of unit u in round r at [r * nUnits + u]. */
  tasks: number[][];
  /** Start and duration of each tour, same order; a tour without tasks lasts 0. */
  startMs: Float64Array;
  durationMs: Float64Array;
  /** Of each task, how many of its quota found no room. */
  missing: Uint32Array;
}

/** Longest chain that an or-opt move carries. */
const CHAIN = 3;
/** Sweeps over all rounds; a sweep without a gain ends the search. Cities of the scenarios need fewer than 10. */
const MAX_SWEEPS = 60;
/** Moves weighed in all, about a second: the bound on very large plans. A count, not a clock, so that answers stay equal. */
const MAX_MOVES = 60_000_000;

/** Plans all tours. Cost per sweep and round about (tasks of the round)^2. */
export function planTours(problem: TourProblem): Tours {
  const search = new TourSearch(problem);
  search.insertAll();
  search.improve();
  // Shorter tours may have made room for what did not fit at first.
  while (search.insertMissing()) search.improve();
  return search.tours;
}

class TourSearch {
  readonly tours: Tours;
  private readonly p: TourProblem;
  /** How much longer a tour may get before a round of its unit ends after the shift. */
  private readonly slackMs: Float64Array;
  /** 1 where task t is in round r, at [t * nRounds + r]. */
  private readonly holds: Uint8Array;
  private movesLeft = MAX_MOVES;

  constructor(p: TourProblem) {
    const nTours = p.nRounds * p.nUnits;
    this.p = p;
    this.tours = {
      tasks: Array.from({ length: nTours }, () => []),
      startMs: new Float64Array(nTours),
      durationMs: new Float64Array(nTours),
      missing: new Uint32Array(p.nTasks),
    };
    this.slackMs = new Float64Array(nTours);
    this.holds = new Uint8Array(p.nTasks * p.nRounds);
    for (let unit = 0; unit < p.nUnits; unit++) this.reschedule(unit);
  }

  /** Inserts every task as often as asked, those asked most and lying farthest first. */
  insertAll(): void {
    const { p } = this;
    const reachMs = new Float64Array(p.nTasks).fill(Infinity);
    for (let i = 0; i < p.nUnits * p.nTasks; i++) {
      const t = i % p.nTasks;
      reachMs[t] = Math.min(reachMs[t], p.outMs[i] + p.serviceMs[t] + p.backMs[i]);
    }
    const order = Array.from({ length: p.nTasks }, (_, t) => t).sort(
      (a, b) => p.quota[b] - p.quota[a] || compare(reachMs[b], reachMs[a]) || a - b,
    );
    for (const t of order) this.insertSpread(t);
  }

  /**
   * Inserts one task as often as asked, spread evenly: in rounds floor(j * nRounds / quota) + offset, at the offset
   * where most of them fit and, among those, the insertions cost least.
   */
  private insertSpread(t: number): void {
    const { nRounds, quota } = this.p;
    const count = Math.min(quota[t], nRounds);
    this.tours.missing[t] = quota[t] - count;
    const inRound: (Insertion | null)[] = [];
    for (let r = 0; r < nRounds; r++) inRound.push(this.bestInsertion(r, t));
    const roundOf = (j: number, offset: number): number => Math.floor((j * nRounds) / count) + offset;
    let best = { offset: 0, fits: -1, cost: Infinity };
    for (let offset = 0; offset < Math.floor(nRounds / count); offset++) {
      let fits = 0;
      let cost = 0;
      for (let j = 0; j < count; j++) {
        const insertion = inRound[roundOf(j, offset)];
        if (insertion === null) continue;
        fits++;
        cost += insertion.cost;
      }
      if (fits > best.fits || (fits === best.fits && cost < best.cost)) best = { offset, fits, cost };
    }
    for (let j = 0; j < count; j++) {
      const r = roundOf(j, best.offset);
      // Weighed again: the insertion in an earlier round may have used up this unit's slack.
      const insertion = this.bestInsertion(r, t);
      if (insertion === null) this.tours.missing[t]++;
      else this.insert(r, t, insertion);
    }
  }

  /** Tries each missing task in every round that lacks it. True when one found room. */
  insertMissing(): boolean {
    const { p, tours, holds } = this;
    let any = false;
    for (let t = 0; t < p.nTasks; t++) {
      while (tours.missing[t] > 0) {
        let bestRound = -1;
        let best: Insertion | null = null;
        for (let r = 0; r < p.nRounds; r++) {
          if (holds[t * p.nRounds + r] === 1) continue;
          const insertion = this.bestInsertion(r, t);
          if (insertion !== null && (best === null || insertion.cost < best.cost)) {
            best = insertion;
            bestRound = r;
          }
        }
        if (best === null) break;
        this.insert(bestRound, t, best);
        tours.missing[t]--;
        any = true;
      }
    }
    return any;
  }

  /** Moves tasks within their rounds until no move gains, or the bounds on their number are reached. */
  improve(): void {
    for (let sweep = 0; sweep < MAX_SWEEPS && this.movesLeft > 0; sweep++) {
      let gained = false;
      for (let r = 0; r < this.p.nRounds; r++) {
        if (this.moveChains(r)) gained = true;
        if (this.exchangeTasks(r)) gained = true;
        if (this.reverseStretches(r)) gained = true;
      }
      if (!gained) return;
    }
  }

  /** Or-opt: carries a chain of one to three tasks to its best place in its own or another tour of the round. */
  private moveChains(r: number): boolean {
    const { p, tours } = this;
    let gained = false;
    for (let unitA = 0; unitA < p.nUnits; unitA++) {
      const a = r * p.nUnits + unitA;
      for (let length = 1; length <= CHAIN; length++) {
        for (let first = 0; first + length <= tours.tasks[a].length; first++) {
          if (this.movesLeft <= 0) return gained;
          const from = tours.tasks[a];
          const chain = from.slice(first, first + length);
          const rest = from.toSpliced(first, length);
          let chainMs = p.serviceMs[chain[0]];
          for (let i = 1; i < length; i++) {
            chainMs += p.linkMs[chain[i - 1] * p.nTasks + chain[i]] + p.serviceMs[chain[i]];
          }
          const changeA = -this.insertionMs(unitA, rest, first, chain[0], chain[length - 1], chainMs);
          let best = { cost: 0, unit: -1, at: -1 };
          for (let unitB = 0; unitB < p.nUnits; unitB++) {
            const b = r * p.nUnits + unitB;
            const into = b === a ? rest : tours.tasks[b];
            this.movesLeft -= into.length + 1;
            for (let at = 0; at <= into.length; at++) {
              if (b === a && at === first) continue;
              const added = this.insertionMs(unitB, into, at, chain[0], chain[length - 1], chainMs);
              const cost =
                b === a ? this.change(a, changeA + added) : this.change(a, changeA) + this.change(b, added);
              if (cost < best.cost) best = { cost, unit: unitB, at };
            }
          }
          if (best.unit < 0) continue;
          const b = r * p.nUnits + best.unit;
          tours.tasks[a] = rest;
          tours.tasks[b] = tours.tasks[b].toSpliced(best.at, 0, ...chain);
          this.reschedule(unitA);
          if (best.unit !== unitA) this.reschedule(best.unit);
          gained = true;
        }
      }
    }
    return gained;
  }

  /** Exchanges two tasks of different tours of the round, in place. */
  private exchangeTasks(r: number): boolean {
    const { p, tours } = this;
    let gained = false;
    for (let unitA = 0; unitA < p.nUnits; unitA++) {
      for (let unitB = unitA + 1; unitB < p.nUnits; unitB++) {
        const tasksA = tours.tasks[r * p.nUnits + unitA];
        const tasksB = tours.tasks[r * p.nUnits + unitB];
        for (let i = 0; i < tasksA.length; i++) {
          if (this.movesLeft <= 0) return gained;
          this.movesLeft -= tasksB.length;
          for (let j = 0; j < tasksB.length; j++) {
            const cost =
              this.change(r * p.nUnits + unitA, this.replacementMs(unitA, tasksA, i, tasksB[j])) +
              this.change(r * p.nUnits + unitB, this.replacementMs(unitB, tasksB, j, tasksA[i]));
            if (!(cost < 0)) continue;
            [tasksA[i], tasksB[j]] = [tasksB[j], tasksA[i]];
            this.reschedule(unitA);
            this.reschedule(unitB);
            gained = true;
          }
        }
      }
    }
    return gained;
  }

  /** 2-opt: drives a stretch of a tour in the opposite order. Each pass keeps its own direction, so times are added anew. */
  private reverseStretches(r: number): boolean {
    const { p, tours } = this;
    let gained = false;
    for (let unit = 0; unit < p.nUnits; unit++) {
      const tour = r * p.nUnits + unit;
      const tasks = tours.tasks[tour];
      for (let first = 0; first < tasks.length - 1; first++) {
        for (let last = first + 1; last < tasks.length; last++) {
          if (this.movesLeft <= 0) return gained;
          this.movesLeft -= last - first + 1;
          let changeMs =
            this.intoMs(unit, tasks, first, tasks[last]) - this.intoMs(unit, tasks, first, tasks[first]);
          changeMs +=
            this.outOfMs(unit, tasks, last + 1, tasks[first]) -
            this.outOfMs(unit, tasks, last + 1, tasks[last]);
          for (let i = first; i < last; i++) {
            changeMs +=
              p.linkMs[tasks[i + 1] * p.nTasks + tasks[i]] - p.linkMs[tasks[i] * p.nTasks + tasks[i + 1]];
          }
          if (!(this.change(tour, changeMs) < 0)) continue;
          for (let i = first, j = last; i < j; i++, j--) [tasks[i], tasks[j]] = [tasks[j], tasks[i]];
          this.reschedule(unit);
          gained = true;
        }
      }
    }
    return gained;
  }

  private bestInsertion(r: number, t: number): Insertion | null {
    const { p, tours } = this;
    let best: Insertion | null = null;
    for (let unit = 0; unit < p.nUnits; unit++) {
      const tour = r * p.nUnits + unit;
      const tasks = tours.tasks[tour];
      for (let at = 0; at <= tasks.length; at++) {
        const cost = this.change(tour, this.insertionMs(unit, tasks, at, t, t, p.serviceMs[t]));
        if (cost < (best?.cost ?? Infinity)) best = { unit, at, cost };
      }
    }
    return best;
  }

  private insert(r: number, t: number, { unit, at }: Insertion): void {
    this.tours.tasks[r * this.p.nUnits + unit].splice(at, 0, t);
    this.holds[t * this.p.nRounds + r] = 1;
    this.reschedule(unit);
  }

  /**
   * What a change of a tour's duration costs: (d + change)^2 - d^2. The sum of squares falls when a tour gets shorter and
   * when time moves from a longer tour to a shorter one: it stands for the longest tour, which most moves leave as it is.
   * Infinity where the shift ends too soon.
   */
  private change(tour: number, changeMs: number): number {
    if (changeMs > 0 && changeMs > this.slackMs[tour]) return Infinity;
    return changeMs * (2 * this.tours.durationMs[tour] + changeMs);
  }

  /** Drive to task t when it stands at place `at`, from the task before it or from home. */
  private intoMs(unit: number, tasks: readonly number[], at: number, t: number): number {
    const { nTasks, outMs, linkMs } = this.p;
    return at > 0 ? linkMs[tasks[at - 1] * nTasks + t] : outMs[unit * nTasks + t];
  }

  /** Drive from task t to the task that stands at place `next`, or home. */
  private outOfMs(unit: number, tasks: readonly number[], next: number, t: number): number {
    const { nTasks, backMs, linkMs } = this.p;
    return next < tasks.length ? linkMs[t * nTasks + tasks[next]] : backMs[unit * nTasks + t];
  }

  /** How much longer a tour gets by a chain of tasks before place `at`. Infinity where a way is missing. */
  private insertionMs(
    unit: number,
    tasks: readonly number[],
    at: number,
    first: number,
    last: number,
    chainMs: number,
  ): number {
    const direct =
      at < tasks.length
        ? this.intoMs(unit, tasks, at, tasks[at])
        : tasks.length > 0
          ? this.outOfMs(unit, tasks, at, tasks[at - 1])
          : 0;
    return this.intoMs(unit, tasks, at, first) + chainMs + this.outOfMs(unit, tasks, at, last) - direct;
  }

  /** How much longer a tour gets when task t takes the place of the task at `at`. */
  private replacementMs(unit: number, tasks: readonly number[], at: number, t: number): number {
    const old = tasks[at];
    return (
      this.intoMs(unit, tasks, at, t) +
      this.p.serviceMs[t] +
      this.outOfMs(unit, tasks, at + 1, t) -
      this.intoMs(unit, tasks, at, old) -
      this.p.serviceMs[old] -
      this.outOfMs(unit, tasks, at + 1, old)
    );
  }

  /** Brings durations, starts and slacks of one unit's tours up to date. */
  private reschedule(unit: number): void {
    const { p, tours, slackMs } = this;
    let endMs = 0;
    for (let r = 0; r < p.nRounds; r++) {
      const tour = r * p.nUnits + unit;
      tours.durationMs[tour] = tourMs(p, unit, tours.tasks[tour]);
      tours.startMs[tour] = Math.max(r * p.slotMs, endMs);
      if (tours.tasks[tour].length > 0) endMs = tours.startMs[tour] + tours.durationMs[tour];
    }
    let latestEndMs = p.shiftMs;
    for (let r = p.nRounds - 1; r >= 0; r--) {
      const tour = r * p.nUnits + unit;
      slackMs[tour] = latestEndMs - tours.startMs[tour] - tours.durationMs[tour];
      if (tours.tasks[tour].length > 0) latestEndMs -= tours.durationMs[tour];
    }
  }
}

interface Insertion {
  unit: number;
  at: number;
  cost: number;
}

/** Duration of a tour from home through its tasks and back home. */
export function tourMs(p: TourProblem, unit: number, tasks: readonly number[]): number {
  if (tasks.length === 0) return 0;
  let ms = p.outMs[unit * p.nTasks + tasks[0]] + p.backMs[unit * p.nTasks + tasks[tasks.length - 1]];
  for (let i = 0; i < tasks.length; i++) {
    ms += p.serviceMs[tasks[i]];
    if (i > 0) ms += p.linkMs[tasks[i - 1] * p.nTasks + tasks[i]];
  }
  return ms;
}

/** Infinity equals itself here, where its difference would be NaN. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
