/**
 * The clock's event list: a 4-ary heap over plain columns, ordered by (time, kind, entity, insertion). The order of
 * simultaneous events is part of the model and written down here; nothing is left to chance.
 */
import { larger } from '../columns.ts';
import type { Ms } from '../units.ts';

/**
 * Kinds in their order at equal times. First what frees a unit or moves its work on, then who is on duty, then the
 * calls, then one dispatch decision that sees all of these, then a look at who is stuck, then where free units go; patrol
 * goes on last, so that a unit just freed is sent before it drives off.
 */
export const SIM_EVENTS = [
  'outOfServiceEnded',
  'onSceneDone',
  'handoverDone',
  'reportDone',
  'transportArrived',
  'unitArrived',
  'unitAlerted',
  'unitEnRoute',
  'patrolStepEnded',
  'breakEnded',
  'activityEnded',
  'shiftEnded',
  'shiftStarted',
  'outOfServiceStarted',
  'breakDue',
  'callOccurred',
  'callReady',
  'dispatch',
  'stalemate',
  'redeploy',
  'activityStarts',
  'patrolContinue',
] as const;
type SimEventKind = (typeof SIM_EVENTS)[number];

/** Numbers of the kinds, for the loop. */
export const SIM = Object.fromEntries(SIM_EVENTS.map((kind, number) => [kind, number])) as {
  readonly [Kind in SimEventKind]: number;
};

/** Entities are uint32: kind and entity together are exact in a float. */
const KIND_STEP = 2 ** 32;

export class EventQueue {
  /** Of the event that `pop` took last. */
  timeMs: Ms = 0;
  kind = 0;
  /** The unit or call it is about; 0 for dispatch. */
  entity = 0;
  /** Number that must still be the unit's when the event comes; older events are void. */
  epoch = 0;

  #n = 0;
  #nInserted = 0;
  #timeMs = new Float64Array(64);
  #rank = new Float64Array(64);
  #order = new Float64Array(64);
  #epoch = new Uint32Array(64);

  get size(): number {
    return this.#n;
  }

  /** @param kind  a number of `SIM` @param entity  uint32 */
  push(timeMs: Ms, kind: number, entity: number, epoch = 0): void {
    if (this.#n === this.#timeMs.length) this.#grow();
    const times = this.#timeMs;
    const ranks = this.#rank;
    const orders = this.#order;
    const epochs = this.#epoch;
    const rank = kind * KIND_STEP + entity;
    let at = this.#n++;
    // the new event is the last inserted, so among equals it stays below
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent] < timeMs || (times[parent] === timeMs && ranks[parent] <= rank)) break;
      times[at] = times[parent];
      ranks[at] = ranks[parent];
      orders[at] = orders[parent];
      epochs[at] = epochs[parent];
      at = parent;
    }
    times[at] = timeMs;
    ranks[at] = rank;
    orders[at] = this.#nInserted++;
    epochs[at] = epoch;
  }

  /** Time of the next event, Infinity when there is none. */
  nextTimeMs(): Ms {
    return this.#n > 0 ? this.#timeMs[0] : Infinity;
  }

  /** Takes the next event into `timeMs`, `kind`, `entity` and `epoch`; false when there is none. */
  pop(): boolean {
    if (this.#n === 0) return false;
    const times = this.#timeMs;
    const ranks = this.#rank;
    const orders = this.#order;
    const epochs = this.#epoch;
    this.timeMs = times[0];
    this.kind = Math.floor(ranks[0] / KIND_STEP);
    this.entity = ranks[0] - this.kind * KIND_STEP;
    this.epoch = epochs[0];

    const n = --this.#n;
    if (n === 0) return true;
    const time = times[n];
    const rank = ranks[n];
    const order = orders[n];
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= n) break;
      const end = Math.min(first + 4, n);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (
          times[child] < times[least] ||
          (times[child] === times[least] &&
            (ranks[child] < ranks[least] || (ranks[child] === ranks[least] && orders[child] < orders[least])))
        ) {
          least = child;
        }
      }
      if (
        time < times[least] ||
        (time === times[least] && (rank < ranks[least] || (rank === ranks[least] && order < orders[least])))
      ) {
        break;
      }
      times[at] = times[least];
      ranks[at] = ranks[least];
      orders[at] = orders[least];
      epochs[at] = epochs[least];
      at = least;
    }
    times[at] = time;
    ranks[at] = rank;
    orders[at] = order;
    epochs[at] = epochs[n];
    return true;
  }

  /** The events in the order in which they would come, as [time, kind, entity, epoch]; the queue stays as it is. */
  save(): number[][] {
    const rows = Array.from({ length: this.#n }, (_, i) => i);
    rows.sort(
      (a, b) =>
        this.#timeMs[a] - this.#timeMs[b] || this.#rank[a] - this.#rank[b] || this.#order[a] - this.#order[b],
    );
    return rows.map((i) => {
      const kind = Math.floor(this.#rank[i] / KIND_STEP);
      return [this.#timeMs[i], kind, this.#rank[i] - kind * KIND_STEP, this.#epoch[i]];
    });
  }

  clear(): void {
    this.#n = 0;
  }

  #grow(): void {
    this.#timeMs = larger(this.#timeMs);
    this.#rank = larger(this.#rank);
    this.#order = larger(this.#order);
    this.#epoch = larger(this.#epoch);
  }
}
