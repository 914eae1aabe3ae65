/** What each unit is doing for which call while a log is read, and what must have come before. */
import { NONE, type Ms } from '../units.ts';

/** How far a unit is with its task; one that is not on a call has none. */
type UnitStep =
  | 'none'
  | 'dispatched'
  | 'alerted'
  | 'enRoute'
  | 'arrived'
  | 'transportStarted'
  | 'transportArrived'
  | 'reportStarted';

/** For each step, those that it may follow; the first of them names what is missing. */
const AFTER = {
  alerted: ['dispatched'],
  enRoute: ['dispatched', 'alerted'],
  arrived: ['enRoute'],
  transportStarted: ['arrived'],
  transportArrived: ['transportStarted'],
  reportStarted: ['arrived', 'transportArrived'],
  cleared: ['arrived', 'transportArrived', 'reportStarted'],
} as const satisfies Record<string, readonly UnitStep[]>;

/** One entry for each unit; grows with the highest number that is seen. */
export class UnitTasks {
  readonly #call: number[] = [];
  readonly #step: UnitStep[] = [];
  readonly #dispatchedMs: Ms[] = [];
  readonly #alertedMs: Ms[] = [];
  readonly #enRouteMs: Ms[] = [];

  /** The call that a unit is on, or NONE. */
  callOf(unit: number): number {
    return this.#call[unit] ?? NONE;
  }

  taskOf(unit: number): UnitStep {
    return this.#step[unit] ?? 'none';
  }

  /** When the unit was sent to the call that it is on. */
  dispatchedMs(unit: number): Ms {
    return this.#dispatchedMs[unit];
  }

  /** When it was told of the call that it is on; when it was sent where that took no time. */
  alertedMs(unit: number): Ms {
    return this.#alertedMs[unit];
  }

  /** When its wheels turned for the call that it is on. */
  enRouteMs(unit: number): Ms {
    return this.#enRouteMs[unit];
  }

  /** Puts a unit on a call; it must be on none. */
  begin(unit: number, call: number, now: Ms): void {
    for (let u = this.#call.length; u < unit; u++) this.#call[u] = NONE;
    this.#call[unit] = call;
    this.#step[unit] = 'dispatched';
    this.#dispatchedMs[unit] = now;
    this.#alertedMs[unit] = now;
  }

  /** Moves a unit on. @returns null, or the step that should have come before */
  step(unit: number, to: keyof typeof AFTER, now: Ms): UnitStep | null {
    const allowed: readonly UnitStep[] = AFTER[to];
    if (!allowed.includes(this.taskOf(unit))) return allowed[0];
    if (to === 'cleared') this.end(unit);
    else this.#step[unit] = to;
    if (to === 'alerted') this.#alertedMs[unit] = now;
    if (to === 'enRoute') this.#enRouteMs[unit] = now;
    return null;
  }

  /** The lowest unit on the scene of a call, or NONE. Cost O(units). */
  firstPresent(call: number): number {
    const unit = this.#call.findIndex((each, u) => each === call && this.#step[u] === 'arrived');
    return unit < 0 ? NONE : unit;
  }

  /** Takes a unit off its call. */
  end(unit: number): void {
    this.#call[unit] = NONE;
    this.#step[unit] = 'none';
  }
}
