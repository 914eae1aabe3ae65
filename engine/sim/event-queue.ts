/**
 * The clock's event list: a binary heap over plain columns, ordered by (time, kind, entity, insertion). The order of
 * simultaneous events is part of the model and written down here; nothing is left to chance.
 */
import type { Ms } from '../units.ts';

/**
 * Kinds in their order at equal times. First what frees a unit, then who is on duty, then the calls, then one dispatch
 * decision that sees all of these; patrol goes on last, so that a unit just freed is sent before it drives off.
 */
export const SIM_EVENTS = [
  'callCleared',
  'unitArrived',
  'unitEnRoute',
  'patrolStepEnded',
  'shiftEnded',
  'shiftStarted',
  'callOccurred',
  'callReady',
  'dispatch',
  'patrolContinue',
] as const;
export type SimEventKind = (typeof SIM_EVENTS)[number];

export interface SimEvent {
  timeMs: Ms;
  kind: SimEventKind;
  /** The unit or call it is about; 0 for dispatch. */
  entity: number;
  /** Number that must still be the unit's when the event comes; older events are void. */
  epoch: number;
}

export class EventQueue {
  private readonly events: { timeMs: Ms; kind: number; entity: number; epoch: number; order: number }[] = [];
  private nInserted = 0;

  push(timeMs: Ms, kind: SimEventKind, entity: number, epoch = 0): void {
    const { events } = this;
    const event = { timeMs, kind: SIM_EVENTS.indexOf(kind), entity, epoch, order: this.nInserted++ };
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, events[parent])) break;
      events[at] = events[parent];
      at = parent;
    }
    events[at] = event;
  }

  /** Time of the next event, Infinity when there is none. */
  nextTimeMs(): Ms {
    return this.events.length > 0 ? this.events[0].timeMs : Infinity;
  }

  pop(): SimEvent | undefined {
    const { events } = this;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined) return undefined;
    if (events.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= events.length) break;
        if (child + 1 < events.length && isBefore(events[child + 1], events[child])) child++;
        if (!isBefore(events[child], last)) break;
        events[at] = events[child];
        at = child;
      }
      events[at] = last;
    }
    return { timeMs: first.timeMs, kind: SIM_EVENTS[first.kind], entity: first.entity, epoch: first.epoch };
  }
}

interface Ordered {
  timeMs: Ms;
  kind: number;
  entity: number;
  order: number;
}

function isBefore(a: Ordered, b: Ordered): boolean {
  if (a.timeMs !== b.timeMs) return a.timeMs < b.timeMs;
  if (a.kind !== b.kind) return a.kind < b.kind;
  if (a.entity !== b.entity) return a.entity < b.entity;
  return a.order < b.order;
}
