/** Writes the event log of one replication and the drives it refers to. */
import type { City } from '../city/city.ts';
import { larger } from '../columns.ts';
import { concatCalls, type CallTable } from '../demand/demand.ts';
import { assert } from '../errors.ts';
import { samePosition, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { NONE, type Ms } from '../units.ts';
import { courseOf, type Drive } from './driving.ts';
import type { EventLog, LoggedRoute } from './event-log.ts';
import { LoggedDecisions, type Decision } from './logged-decisions.ts';
import { LoggedDrives } from './logged-drives.ts';
import type { SimulationSetup } from './state.ts';

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

/** What a row says in words: a text, or a decision. */
type Detail = string | Decision;

/** A log as plain data. */
export interface SavedRows<Saved> {
  rows: Record<'timeMs' | 'kind' | 'call' | 'unit' | 'segment' | 'offsetMm' | 'route', number[]>;
  detail: string[];
  drives: Saved[];
}

/** Rows of the longest log of a thread so far: the next begins with as many, for columns that grow leave copies behind. */
export interface LogRoom {
  rows: number;
}

export class Recorder {
  readonly replication: number;
  readonly #city: City;
  readonly #room: LogRoom;
  readonly #plannedNumber: ReadonlyMap<Route, number>;
  readonly #retimedNumber = new Map<Route, number>();
  readonly #nPlanned: number;
  #n = 0;
  #timeMs: Float64Array;
  #kind: Uint8Array;
  #call: Uint32Array;
  #unit: Uint32Array;
  #segment: Uint32Array;
  #offsetMm: Uint32Array;
  #route: Uint32Array;
  /** 0 for no words, n + 1 for text n, -n - 1 for decision n. */
  #detail: Int32Array;
  readonly #texts: string[] = [];
  readonly #decisions = new LoggedDecisions();
  readonly #blocks: CallTable[] = [];
  /** Drives made up during this replication, numbered after the planned ones. */
  readonly #drives = new LoggedDrives();

  constructor(
    replication: number,
    {
      city,
      plannedRoutes: planned,
      plannedNumber,
      logRoom,
    }: Pick<SimulationSetup, 'city' | 'plannedRoutes' | 'plannedNumber' | 'logRoom'>,
  ) {
    const { rows } = logRoom;
    this.#room = logRoom;
    this.replication = replication;
    this.#city = city;
    this.#plannedNumber = plannedNumber;
    this.#nPlanned = planned.length;
    this.#timeMs = new Float64Array(rows);
    this.#kind = new Uint8Array(rows);
    this.#call = new Uint32Array(rows);
    this.#unit = new Uint32Array(rows);
    this.#segment = new Uint32Array(rows);
    this.#offsetMm = new Uint32Array(rows);
    this.#route = new Uint32Array(rows);
    this.#detail = new Int32Array(rows);
  }

  get nEvents(): number {
    return this.#n;
  }

  /** The calls that come next; rows number them through. */
  takeBlock(block: CallTable): void {
    this.#blocks.push(block);
  }

  /**
   * Adds a row. Plain arguments and not a record of fields: ten rows a call made records of as many shapes.
   * @param kind  a number of `ROW`
   * @param call, unit  NONE where the kind has none
   */
  row(
    timeMs: Ms,
    kind: number,
    call: number,
    unit: number,
    at: RoadPosition | null,
    detail: Detail = '',
    drive: Drive | null = null,
  ): void {
    const n = this.#n++;
    assert(n < LIMITS.eventsPerReplication, 'more events in a replication than the limit');
    if (n === this.#timeMs.length) this.#grow();
    this.#timeMs[n] = timeMs;
    this.#kind[n] = kind;
    this.#call[n] = call;
    this.#unit[n] = unit;
    this.#segment[n] = at === null ? NONE : at.segment;
    this.#offsetMm[n] = at === null ? NONE : at.offsetMm;
    this.#route[n] = drive === null ? NONE : this.#numberOf(drive);
    this.#detail[n] = detail === '' ? 0 : this.#detailNumber(detail);
  }

  /** The log so far. Cost O(rows). */
  log(): EventLog {
    const n = this.#n;
    this.#room.rows = Math.max(this.#room.rows, n);
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
      detail: this.#details(),
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
      drives: Array.from(this.#drives, asSaved),
    };
  }

  /** Takes up saved rows; nothing has been recorded yet. */
  restore<Saved>({ rows, detail, drives }: SavedRows<Saved>, made: (drive: Saved) => Drive): void {
    this.#n = detail.length;
    while (this.#timeMs.length < this.#n) this.#grow();
    this.#timeMs.set(rows.timeMs);
    this.#kind.set(rows.kind);
    this.#call.set(rows.call);
    this.#unit.set(rows.unit);
    this.#segment.set(rows.segment);
    this.#offsetMm.set(rows.offsetMm);
    this.#route.set(rows.route);
    detail.forEach((text, row) => {
      if (text !== '') this.#detail[row] = this.#detailNumber(text);
    });
    for (const saved of drives) {
      const drive = made(saved);
      const number = this.#nPlanned + this.#drives.add(drive);
      if (drive.planned !== null) this.#retimedNumber.set(drive.planned, number);
    }
  }

  /** Every call that was handed out so far. */
  calls(): CallTable {
    return concatCalls(this.#blocks);
  }

  /** The roads of every drive that is not of the plan. Cost of a route each. */
  routes(): LoggedRoute[] {
    return Array.from(this.#drives, (drive) => toLoggedRoute(courseOf(drive)));
  }

  /**
   * Planned drives keep their number of the plan; others get the next free one when they are first driven. A drive
   * that goes nowhere has none.
   */
  #numberOf(drive: Drive): number {
    const { planned } = drive;
    if (planned === null) {
      if (samePosition(this.#city.graph, drive.from, drive.to)) return NONE;
      return this.#nPlanned + this.#drives.add(drive);
    }
    if (planned.steps.length === 0) return NONE;
    const known = this.#plannedNumber.get(planned) ?? this.#retimedNumber.get(planned);
    if (known !== undefined) return known;
    const number = this.#nPlanned + this.#drives.add(drive);
    this.#retimedNumber.set(planned, number);
    return number;
  }

  #detailNumber(detail: Detail): number {
    return typeof detail === 'object' ? -1 - this.#decisions.add(detail) : this.#texts.push(detail);
  }

  #details(): string[] {
    const decisions = this.#decisions.texts(this.#city.units.map(({ id }) => id));
    const details = new Array<string>(this.#n).fill('');
    for (let row = 0; row < this.#n; row++) {
      const number = this.#detail[row];
      if (number === 0) continue;
      details[row] = number < 0 ? decisions[-1 - number] : this.#texts[number - 1];
    }
    return details;
  }

  #grow(): void {
    this.#timeMs = larger(this.#timeMs);
    this.#kind = larger(this.#kind);
    this.#call = larger(this.#call);
    this.#unit = larger(this.#unit);
    this.#segment = larger(this.#segment);
    this.#offsetMm = larger(this.#offsetMm);
    this.#route = larger(this.#route);
    this.#detail = larger(this.#detail);
  }
}
