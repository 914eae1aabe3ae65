/** The log of a finished run as its two files hold it: events and drives, a replication at a time. */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { checkSeal } from './parquet-file.ts';
import { mostEventRows, readRunMetadata } from './read-events.ts';
import { openParquet, type ParquetTable, type StoredRows } from './read-parquet.ts';
import { EVENT_COLUMNS, ROUTE_COLUMNS } from './results-folder.ts';
import type { RunMetadata } from './run-metadata.ts';

export type EventColumn = (typeof EVENT_COLUMNS)[number]['name'];
export type RouteColumn = (typeof ROUTE_COLUMNS)[number]['name'];

/** A file's bytes and what to call it. */
export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

/** Consecutive rows of one replication. */
export interface ReplicationRows<Name extends string> {
  /** As stored; a number from 1 in a sound file. */
  replication: unknown;
  nRows: number;
  rows: StoredRows<Name>;
}

export interface RecordedLog {
  run: RunMetadata;
  nEvents: number;
  events: AsyncGenerator<ReplicationRows<EventColumn>, void, undefined>;
  /** The planned drives are those of replication 0; a replication that drove no others has none. */
  routes: AsyncGenerator<ReplicationRows<RouteColumn>, void, undefined>;
}

/**
 * @param sealed  whether the files must be those that were written; false for a log that was edited on purpose
 * @throws InputError when a file cannot be read, or is sealed and broken
 */
export async function openRecordedLog(
  events: NamedBytes,
  routes: NamedBytes,
  sealed: boolean,
): Promise<RecordedLog> {
  if (sealed) for (const { name, bytes } of [events, routes]) await checkSeal(bytes, name);
  const eventTable = await openParquet(events.bytes, events.name, namesOf(EVENT_COLUMNS), (metadata) =>
    mostEventRows(readRunMetadata(metadata, events.name)),
  );
  // each row of the log starts one drive at most, of no more steps than a network has arcs
  const routeTable = await openParquet(
    routes.bytes,
    routes.name,
    namesOf(ROUTE_COLUMNS),
    () => LIMITS.roadArcs * LIMITS.replications,
  );
  return {
    run: readRunMetadata(eventTable.metadata, events.name),
    nEvents: eventTable.nRows,
    events: byReplication(eventTable, namesOf(EVENT_COLUMNS), events.name),
    routes: byReplication(routeTable, namesOf(ROUTE_COLUMNS), routes.name),
  };
}

const namesOf = <Name extends string>(columns: readonly { readonly name: Name }[]): Name[] =>
  columns.map(({ name }) => name);

/** Cuts a table wherever its column `replication` changes, whatever its row groups are. */
async function* byReplication<Name extends string>(
  table: ParquetTable<Name>,
  names: readonly Name[],
  fileName: string,
): AsyncGenerator<ReplicationRows<Name>, void, undefined> {
  let open: ReplicationRows<Name> | null = null;
  for await (const group of table.groups()) {
    const replication = group['replication' as Name];
    for (let from = 0, to = 0; from < replication.length; from = to) {
      while (to < replication.length && replication[to] === replication[from]) to++;
      if (open === null || open.replication !== replication[from]) {
        if (open !== null) yield open;
        const rows = Object.fromEntries(names.map((name) => [name, [] as unknown[]]));
        open = { replication: replication[from], nRows: 0, rows: rows as StoredRows<Name> };
      }
      open.nRows += to - from;
      if (open.nRows > LIMITS.eventsPerReplication) {
        throw InputError.at(fileName, '', 'holds more rows of a replication than any run');
      }
      for (const name of names) {
        const column = open.rows[name];
        for (let row = from; row < to; row++) column.push(group[name][row]);
      }
    }
  }
  if (open !== null) yield open;
}
