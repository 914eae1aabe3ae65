/** Compares the rows of a log with those of another run of it, and names the first that differs. */
import type { LoggedRoute } from '../sim/event-log.ts';
import type { ParquetRows } from './parquet-file.ts';
import type { EventColumn, ReplicationRows, RouteColumn } from './replay-log.ts';
import { EVENT_COLUMNS } from './results-folder.ts';

/** A value of a row: null where the column says nothing. */
export type LogValue = number | string | null;

/** The first row that differs. Time, kind, call and unit are those of the log, or of the simulation where the log has no such row. */
export interface LogDifference {
  replication: number;
  /** Number of the row within the replication (column seq); null for a drive that no row speaks of. */
  row: number | null;
  timeMs: LogValue;
  kind: LogValue;
  call: LogValue;
  unit: LogValue;
  /** Column of events.parquet; `route 5, step 2, endMs` for one of routes.parquet; `row` where one of the two ends. */
  column: string;
  logged: LogValue;
  simulated: LogValue;
}

type SimulatedRows = Record<EventColumn, ParquetRows[string]>;

/** Drives of a replication: the rows of the file, and what the simulation drives. Route numbers index the lists. */
interface ComparedRoutes {
  logged: ReplicationRows<RouteColumn> | null;
  simulated: readonly LoggedRoute[];
}

/**
 * @param planned  drives of the plan
 * @param own      drives made up in the replication
 * @returns null where all rows of both are equal. Cost O(rows + steps)
 */
export function firstDifference(
  replication: number,
  logged: ReplicationRows<EventColumn>,
  simulated: SimulatedRows,
  planned: RouteComparison,
  own: RouteComparison,
): LogDifference | null {
  const nSimulated = simulated.seq.length;
  const at = (
    row: number,
  ): Pick<LogDifference, 'replication' | 'row' | 'timeMs' | 'kind' | 'call' | 'unit'> => {
    const value = (name: EventColumn): LogValue =>
      row < logged.nRows ? valueOf(logged.rows[name][row]) : simulated[name][row];
    return {
      replication,
      row,
      timeMs: value('timeMs'),
      kind: value('kind'),
      call: value('call'),
      unit: value('unit'),
    };
  };
  for (let row = 0; row < Math.max(logged.nRows, nSimulated); row++) {
    if (row >= logged.nRows || row >= nSimulated) {
      const [isLogged, isSimulated] = [row < logged.nRows, row < nSimulated];
      return {
        ...at(row),
        column: 'row',
        logged: isLogged ? valueOf(logged.rows.kind[row]) : null,
        simulated: isSimulated ? simulated.kind[row] : null,
      };
    }
    for (const { name } of EVENT_COLUMNS) {
      const [read, told] = [valueOf(logged.rows[name][row]), simulated[name][row]];
      if (read !== told) return { ...at(row), column: name, logged: read, simulated: told };
    }
    const route = simulated.route[row] as number | null;
    if (route === null) continue;
    const difference = (simulated.routeReplication[row] === 0 ? planned : own).ofRoute(route);
    if (difference !== null) return { ...at(row), ...difference };
  }
  const difference = own.remaining();
  if (difference === null) return null;
  return { replication, row: null, timeMs: null, kind: null, call: null, unit: null, ...difference };
}

type RouteDifference = Pick<LogDifference, 'column' | 'logged' | 'simulated'>;

/** Drives of the file beside those of the simulation; each is compared once. */
export class RouteComparison {
  readonly #logged: ReplicationRows<RouteColumn> | null;
  readonly #simulated: readonly LoggedRoute[];
  /** First and last row of each drive in the file; steps that lie elsewhere are told as a difference. */
  readonly #rowsOf = new Map<LogValue, { from: number; to: number }>();
  readonly #compared = new Set<number>();

  constructor({ logged, simulated }: ComparedRoutes) {
    this.#logged = logged;
    this.#simulated = simulated;
    for (let row = 0; row < (logged?.nRows ?? 0); row++) {
      const route = valueOf(logged!.rows.route[row]);
      const known = this.#rowsOf.get(route);
      if (known === undefined) this.#rowsOf.set(route, { from: row, to: row + 1 });
      else known.to = row + 1;
    }
  }

  ofRoute(route: number): RouteDifference | null {
    if (this.#compared.has(route)) return null;
    this.#compared.add(route);
    const simulated = this.#simulated[route];
    const { from, to } = this.#rowsOf.get(route) ?? { from: 0, to: 0 };
    const nSteps = simulated.segment.length;
    for (let step = 0; step < Math.max(to - from, nSteps); step++) {
      const told = (name: RouteColumn): LogValue => {
        if (step >= nSteps) return null;
        if (name === 'route') return route;
        if (name === 'step') return step;
        return name === 'replication' ? null : simulated[name][step];
      };
      for (const name of ['route', 'step', 'segment', 'fromMm', 'toMm', 'endMs'] as const) {
        const read = from + step < to ? valueOf(this.#logged!.rows[name][from + step]) : null;
        if (read !== told(name)) {
          const column = `route ${route}, step ${step}, ${name}`;
          return { column, logged: read, simulated: told(name) };
        }
      }
    }
    return null;
  }

  /** Drives of either side that no row has asked about. */
  remaining(): RouteDifference | null {
    for (let route = 0; route < this.#simulated.length; route++) {
      const difference = this.ofRoute(route);
      if (difference !== null) return difference;
    }
    for (const route of this.#rowsOf.keys()) {
      if (typeof route !== 'number' || !this.#compared.has(route)) {
        return { column: 'route', logged: route, simulated: null };
      }
    }
    return null;
  }
}

/** A stored value as a number or text. A bigint beyond the safe integers is told as text, which equals no number. */
export function valueOf(stored: unknown): LogValue {
  if (stored === null || stored === undefined) return null;
  if (typeof stored === 'bigint')
    return Number.isSafeInteger(Number(stored)) ? Number(stored) : String(stored);
  return typeof stored === 'number' || typeof stored === 'string' ? stored : JSON.stringify(stored);
}
