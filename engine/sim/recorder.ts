/** Writes the event log of one replication and the drives it refers to. */
import { concatCalls, type CallTable } from '../demand/demand.ts';
import { assert } from '../errors.ts';
import { samePosition, type RoadGraph, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { NONE, type Ms } from '../units.ts';
import { courseOf, type Drive } from './driving.ts';
import { EVENT_KINDS, kindNumber, type EventKind, type EventLog, type LoggedRoute } from './event-log.ts';

/** Drives of a patrol plan in the order that numbers them: duty by duty, round by round, approach and work of each leg, then the way home. */
export function plannedRoutes(plan: PatrolPlan): Route[] {
  return plan.duties.flatMap((duty) =>
    duty.rounds.flatMap((round) => [...round.legs.flatMap((leg) => [leg.approach, leg.work]), round.wayHome]),
  );
}

export function toLoggedRoute({ steps }: Route): LoggedRoute {
  return {
    segment: Uint32Array.from(steps, (s) => s.segment),
    fromMm: Uint32Array.from(steps, (s) => s.fromMm),
    toMm: Uint32Array.from(steps, (s) => s.toMm),
    endMs: Uint32Array.from(steps, (s) => s.endMs),
  };
}

/** Text of a row, made only when the log is read: most rows of a long run are never looked at one by one. */
export type Detail = string | (() => string);

/** What a row says besides its time and kind. */
export interface RowFields {
  call?: number;
  unit?: number;
  at?: RoadPosition;
  drive?: Drive;
  detail?: Detail;
}

/** A log as plain data. */
export interface SavedRows<Saved> {
  rows: Record<'timeMs' | 'kind' | 'call' | 'unit' | 'segment' | 'offsetMm' | 'route', number[]>;
  detail: string[];
  drives: Saved[];
}

const KIND = new Map(EVENT_KINDS.map((kind) => [kind, kindNumber(kind)]));

export class Recorder {
  readonly replication: number;
  #n = 0;
  #timeMs = new Float64Array(1024);
  #kind = new Uint8Array(1024);
  #call = new Uint32Array(1024);
  #unit = new Uint32Array(1024);
  #segment = new Uint32Array(1024);
  #offsetMm = new Uint32Array(1024);
  #route = new Uint32Array(1024);
  readonly #detail: Detail[] = [];
  readonly #blocks: CallTable[] = [];
  /** Drives made up during this replication, numbered after the planned ones. */
  readonly #drives: Drive[] = [];
  readonly #plannedNumber: Map<Route, number>;
  readonly #retimedNumber = new Map<Route, number>();
  readonly #nPlanned: number;
  readonly #graph: RoadGraph;

  constructor(replication: number, graph: RoadGraph, planned: readonly Route[]) {
    this.replication = replication;
    this.#graph = graph;
    this.#plannedNumber = new Map(planned.map((route, i) => [route, i]));
    this.#nPlanned = planned.length;
  }

  get nEvents(): number {
    return this.#n;
  }

  /** The calls that come next; rows number them through. */
  takeBlock(block: CallTable): void {
    this.#blocks.push(block);
  }

  row(timeMs: Ms, kind: EventKind, { call, unit, at, drive, detail }: RowFields): void {
    const n = this.#n++;
    assert(n < LIMITS.eventsPerReplication, 'more events in a replication than the limit');
    if (n === this.#timeMs.length) this.#grow();
    this.#timeMs[n] = timeMs;
    this.#kind[n] = KIND.get(kind)!;
    this.#call[n] = call ?? NONE;
    this.#unit[n] = unit ?? NONE;
    this.#segment[n] = at?.segment ?? NONE;
    this.#offsetMm[n] = at?.offsetMm ?? NONE;
    this.#route[n] = drive === undefined ? NONE : this.#numberOf(drive);
    this.#detail.push(detail ?? '');
  }

  /** The log so far. Cost O(rows). */
  log(): EventLog {
    const n = this.#n;
    return {
      replication: this.replication,
      nEvents: n,
      timeMs: this.#timeMs.slice(0, n),
      kind: this.#kind.slice(0, n),
      call: this.#call.slice(0, n),
      unit: this.#unit.slice(0, n),
      segment: this.#segment.slice(0, n),
      offsetMm: this.#offsetMm.slice(0, n),
      route: this.#route.slice(0, n),
      detail: this.#detail.map((detail) => (typeof detail === 'string' ? detail : detail())),
    };
  }

  /** The rows so far as plain data. @param asSaved  a drive as plain data */
  save<Saved>(asSaved: (drive: Drive) => Saved): SavedRows<Saved> {
    const { timeMs, kind, call, unit, segment, offsetMm, route, detail } = this.log();
    const lists = { timeMs, kind, call, unit, segment, offsetMm, route };
    return {
      rows: Object.fromEntries(
        Object.entries(lists).map(([name, column]) => [name, Array.from(column)]),
      ) as SavedRows<Saved>['rows'],
      detail: [...detail],
      drives: this.#drives.map(asSaved),
    };
  }

  /** Takes up saved rows; nothing has been recorded yet. */
  restore<Saved>({ rows, detail, drives }: SavedRows<Saved>, made: (drive: Saved) => Drive): void {
    this.#n = detail.length;
    while (this.#timeMs.length <= this.#n) this.#grow();
    this.#timeMs.set(rows.timeMs);
    this.#kind.set(rows.kind);
    this.#call.set(rows.call);
    this.#unit.set(rows.unit);
    this.#segment.set(rows.segment);
    this.#offsetMm.set(rows.offsetMm);
    this.#route.set(rows.route);
    for (const text of detail) this.#detail.push(text);
    drives.forEach((saved, i) => {
      const drive = made(saved);
      this.#drives.push(drive);
      if (drive.planned !== null) this.#retimedNumber.set(drive.planned, this.#nPlanned + i);
    });
  }

  /** Every call that was handed out so far. */
  calls(): CallTable {
    return concatCalls(this.#blocks);
  }

  /** The roads of every drive that is not of the plan. Cost of a route each. */
  routes(): LoggedRoute[] {
    return this.#drives.map((drive) => toLoggedRoute(courseOf(drive)));
  }

  /**
   * Planned drives keep their number of the plan; others get the next free one when they are first driven. A drive
   * that goes nowhere has none.
   */
  #numberOf(drive: Drive): number {
    const { planned } = drive;
    if (planned === null) {
      if (samePosition(this.#graph, drive.from, drive.to)) return NONE;
      this.#drives.push(drive);
      return this.#nPlanned + this.#drives.length - 1;
    }
    if (planned.steps.length === 0) return NONE;
    const known = this.#plannedNumber.get(planned) ?? this.#retimedNumber.get(planned);
    if (known !== undefined) return known;
    this.#drives.push(drive);
    const number = this.#nPlanned + this.#drives.length - 1;
    this.#retimedNumber.set(planned, number);
    return number;
  }

  #grow(): void {
    const size = 2 * this.#timeMs.length;
    const larger = <T extends { set(column: T): void }>(column: T, made: T): T => {
      made.set(column);
      return made;
    };
    this.#timeMs = larger(this.#timeMs, new Float64Array(size));
    this.#kind = larger(this.#kind, new Uint8Array(size));
    this.#call = larger(this.#call, new Uint32Array(size));
    this.#unit = larger(this.#unit, new Uint32Array(size));
    this.#segment = larger(this.#segment, new Uint32Array(size));
    this.#offsetMm = larger(this.#offsetMm, new Uint32Array(size));
    this.#route = larger(this.#route, new Uint32Array(size));
  }
}
