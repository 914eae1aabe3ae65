/**
 * What each unit does over time, built from the event log: a list of phases, each with a state and a place or a
 * drive. The state and the place of a unit at any time follow by binary search.
 */
import { driveDurationMs, placeOnDrive, type Drives } from './drives.ts';
import type { Roads } from './roads.ts';

/** In the order in which the map draws them: what matters more lies above. */
export const UNIT_STATES = [
  'offDuty',
  'outOfService',
  'onBreak',
  'onActivity',
  // on its way back to the post from which alone it answers
  'outOfReach',
  // on its way to its base, free
  'returning',
  'atPost',
  'patrolling',
  'movingUp',
  'assigned',
  'enRoute',
  'onScene',
  'transporting',
  'handingOver',
  'reporting',
] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** States of a unit that a call holds. */
export const ON_CALL: ReadonlySet<UnitState> = new Set<UnitState>([
  'assigned',
  'enRoute',
  'onScene',
  'transporting',
  'handingOver',
  'reporting',
]);

/** States of a unit on duty that something else keeps from calls (a call may interrupt some of them). */
export const KEPT_AWAY: ReadonlySet<UnitState> = new Set<UnitState>([
  'outOfService',
  'onBreak',
  'onActivity',
  'outOfReach',
]);

export const NO_DRIVE = -1;
export const NO_CALL = -1;

export interface UnitTracks {
  unitIds: string[];
  /** Phases of unit u are firstPhase[u] up to firstPhase[u + 1], in order of time. */
  firstPhase: Int32Array;
  startMs: Float64Array;
  /** Position in UNIT_STATES. */
  state: Uint8Array;
  /** Position in the drives, or NO_DRIVE for a unit that stands. */
  drive: Int32Array;
  /** World place of a unit that stands, metres. */
  x: Float64Array;
  y: Float64Array;
  /** Position in the calls, or NO_CALL. */
  call: Int32Array;
  /** Position in `tasks`, or -1. */
  task: Int32Array;
  tasks: string[];
}

/** Collects phases in the order of the log and packs them by unit. */
export class TrackBuilder {
  readonly #roads: Roads;
  readonly #drives: Drives;
  readonly #units = new Map<string, Phase[]>();
  readonly #tasks = new Map<string, number>();
  readonly #place = new Float64Array(2);

  constructor(roads: Roads, drives: Drives) {
    this.#roads = roads;
    this.#drives = drives;
  }

  /** The unit starts to drive. */
  drive(unit: string, state: UnitState, atMs: number, drive: number, call: number, task: string): void {
    this.#add(unit, { startMs: atMs, state, drive, x: 0, y: 0, call, task: this.#taskNumber(task) });
  }

  /** The unit stands, at `place` or, where the log names none, where its last phase left it. */
  stand(
    unit: string,
    state: UnitState,
    atMs: number,
    place: readonly [number, number] | null,
    call: number,
    task: string,
  ): void {
    const [x, y] = place ?? this.#whereAt(unit, atMs);
    this.#add(unit, { startMs: atMs, state, drive: NO_DRIVE, x, y, call, task: this.#taskNumber(task) });
  }

  /** What the unit does; off duty before its first row. */
  stateOf(unit: string): UnitState {
    return this.#units.get(unit)?.at(-1)?.state ?? 'offDuty';
  }

  #add(unit: string, phase: Phase): void {
    const phases = this.#units.get(unit);
    if (phases) phases.push(phase);
    else this.#units.set(unit, [phase]);
  }

  #taskNumber(task: string): number {
    if (task === '') return -1;
    let number = this.#tasks.get(task);
    if (number === undefined) this.#tasks.set(task, (number = this.#tasks.size));
    return number;
  }

  #whereAt(unit: string, atMs: number): [number, number] {
    const last = this.#units.get(unit)?.at(-1);
    if (!last) return [NaN, NaN];
    if (last.drive === NO_DRIVE) return [last.x, last.y];
    placeOnDrive(this.#drives, this.#roads, last.drive, atMs - last.startMs, this.#place);
    return [this.#place[0], this.#place[1]];
  }

  /** Units in the order of their ids, with numbers inside ids in order of value. */
  finish(): UnitTracks {
    const byName = new Intl.Collator('en', { numeric: true });
    const unitIds = [...this.#units.keys()].sort((a, b) => byName.compare(a, b));
    let nPhases = 0;
    for (const phases of this.#units.values()) nPhases += phases.length;
    const tracks: UnitTracks = {
      unitIds,
      firstPhase: new Int32Array(unitIds.length + 1),
      startMs: new Float64Array(nPhases),
      state: new Uint8Array(nPhases),
      drive: new Int32Array(nPhases),
      x: new Float64Array(nPhases),
      y: new Float64Array(nPhases),
      call: new Int32Array(nPhases),
      task: new Int32Array(nPhases),
      tasks: [...this.#tasks.keys()],
    };
    let at = 0;
    unitIds.forEach((id, unit) => {
      tracks.firstPhase[unit] = at;
      for (const phase of this.#units.get(id) ?? []) {
        tracks.startMs[at] = phase.startMs;
        tracks.state[at] = UNIT_STATES.indexOf(phase.state);
        tracks.drive[at] = phase.drive;
        tracks.x[at] = phase.x;
        tracks.y[at] = phase.y;
        tracks.call[at] = phase.call;
        tracks.task[at] = phase.task;
        at++;
      }
    });
    tracks.firstPhase[unitIds.length] = at;
    return tracks;
  }
}

interface Phase {
  startMs: number;
  state: UnitState;
  drive: number;
  x: number;
  y: number;
  call: number;
  task: number;
}

/** The phase of a unit at a time: the last that has started, or -1 before the first. Cost O(log phases). */
export function phaseAt({ firstPhase, startMs }: UnitTracks, unit: number, atMs: number): number {
  let low = firstPhase[unit];
  let high = firstPhase[unit + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startMs[middle] <= atMs) low = middle + 1;
    else high = middle;
  }
  return low === firstPhase[unit] ? -1 : low - 1;
}

/** A drive is broken off where the unit's next phase starts. */
export const isMoving = (tracks: UnitTracks, drives: Drives, phase: number, atMs: number): boolean =>
  tracks.drive[phase] !== NO_DRIVE &&
  atMs - tracks.startMs[phase] < driveDurationMs(drives, tracks.drive[phase]);

/** World place of a unit in `phase` at a time, written to `out`. */
export function placeInPhase(
  tracks: UnitTracks,
  drives: Drives,
  roads: Roads,
  phase: number,
  atMs: number,
  out: Float64Array,
): void {
  const drive = tracks.drive[phase];
  if (drive === NO_DRIVE) {
    out[0] = tracks.x[phase];
    out[1] = tracks.y[phase];
  } else {
    placeOnDrive(drives, roads, drive, atMs - tracks.startMs[phase], out);
  }
}
