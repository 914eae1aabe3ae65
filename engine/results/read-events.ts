/**
 * Reads events.parquet back into logs and call tables, so that a finished run is scored without simulating. The file is
 * input like any other: its seal, its metadata and every value are checked before use.
 */
import type { FileMetaData } from 'hyparquet';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { callTable, type CallRow, type CallTable } from '../demand/demand.ts';
import { EVENT_KINDS, type EventLog } from '../sim/event-log.ts';
import { NONE, secondsToMs } from '../units.ts';
import { NO_ZONE_CLASS, type StandardJson } from '../scenario/schema.ts';
import { batchBounds, callsByBatch } from './batches.ts';
import { BrokenLogError, type CallLabels } from './call-record.ts';
import { foldCalls } from './fold-calls.ts';
import { checkSeal } from './parquet-file.ts';
import { openParquet, type StoredRows } from './read-parquet.ts';
import type { StandardScore } from './results-folder.ts';
import { copiesOfCalls } from './run-facts.ts';
import { RUN_METADATA_KEY, runMetadataSchema, type RunMetadata } from './run-metadata.ts';
import { scoreStandards } from './score.ts';

/** A run as its event log tells it. Labels are in order of their first row. */
export interface LoggedRun {
  run: RunMetadata;
  labels: CallLabels;
  replications: { log: EventLog; calls: CallTable }[];
}

/**
 * Scores a finished run again.
 * @param events     bytes of events.parquet
 * @param standards  by default those of the run, which then give the figures of its kpis.json
 * @throws InputError when the file is broken
 */
export async function scoreRun(
  events: Uint8Array,
  fileName: string,
  standards?: readonly StandardJson[],
): Promise<{ run: RunMetadata; labels: CallLabels; standards: StandardScore[] }> {
  const { run, labels, replications } = await readEvents(events, fileName);
  const { batches = 1 } = run;
  const bounds = batchBounds(secondsToMs(run.durationS), batches);
  try {
    const records = replications.map(({ log, calls }) => foldCalls(log, calls, labels.categories));
    const scores = scoreStandards(standards ?? run.standards, {
      labels,
      replications: batches === 1 ? records : records.flatMap((calls) => callsByBatch(calls, bounds)),
      msIntoDay: secondsToMs(run.secondsIntoDay),
      copies: copiesOfCalls({ sameCalls: run.sameCalls === true }, records.length),
    });
    return { run, labels, standards: scores };
  } catch (error) {
    if (error instanceof BrokenLogError) throw InputError.at(fileName, '', error.message);
    throw error;
  }
}

/** Drives (column `route`) are not read: scoring asks when, not where. @throws InputError when the file is broken */
export async function readEvents(bytes: Uint8Array, fileName: string): Promise<LoggedRun> {
  await checkSeal(bytes, fileName);
  const table = await openParquet(bytes, fileName, READ, (metadata) =>
    mostEventRows(readRunMetadata(metadata, fileName)),
  );
  const columns = Object.fromEntries(READ.map((name) => [name, []])) as unknown as Columns;
  for await (const rows of table.groups()) {
    for (const name of READ) for (const value of rows[name]) columns[name].push(value);
  }
  return splitRows(columns, table.nRows, readRunMetadata(table.metadata, fileName), fileName);
}

/** Rows that the event log of a run can have at most. */
export const mostEventRows = ({ replications }: RunMetadata): number =>
  LIMITS.eventsPerReplication * Math.max(1, replications.length);

/** What events.parquet says of its run. @throws InputError when it is no event log */
export function readRunMetadata(metadata: FileMetaData, fileName: string): RunMetadata {
  const text = metadata.key_value_metadata?.find(({ key }) => key === RUN_METADATA_KEY)?.value;
  if (text === undefined) throw InputError.at(fileName, '', `has no ${RUN_METADATA_KEY}: it is no event log`);
  const parsed = runMetadataSchema.safeParse(jsonOf(text, fileName));
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({ path, message }) => ({
      file: fileName,
      place: `${RUN_METADATA_KEY} /${path.join('/')}`,
      message,
    })),
  );
}

function jsonOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw InputError.at(fileName, RUN_METADATA_KEY, 'is not JSON');
  }
}

const READ = [
  'replication',
  'seq',
  'timeMs',
  'kind',
  'call',
  'unit',
  'segment',
  'offsetMm',
  'detail',
  'category',
  'priority',
  'zone',
  'zoneClass',
  'onSceneMs',
  'unitsWanted',
  'triaged',
  'transported',
  'handoverMs',
  'reportMs',
  'parent',
  'callKey',
] as const;
type Columns = StoredRows<(typeof READ)[number]>;

function splitRows(columns: Columns, nRows: number, run: RunMetadata, fileName: string): LoggedRun {
  const units = new Numbering<string>();
  const categories = new Numbering<{ id: string; priority: number; units: number }>();
  const zones = new Numbering<{ id: string; class: string }>();
  const replications: LoggedRun['replications'] = [];
  const kinds = new Map<unknown, number>(EVENT_KINDS.map((kind, number) => [kind, number]));
  let log = new LogColumns(0);
  let calls: CallRow[] = [];
  const close = (): void => {
    if (log.replication > 0) replications.push({ log: log.done(), calls: callTable(calls) });
    calls = [];
  };

  for (let row = 0; row < nRows; row++) {
    const fail = (column: keyof Columns, allowed: string): never => {
      const found = String(columns[column][row]).slice(0, 80);
      throw InputError.at(fileName, `row ${row}, column ${column}`, `"${found}" is not ${allowed}`);
    };
    const whole = (column: keyof Columns, min: number, max: number): number => {
      const value = columns[column][row];
      const number = typeof value === 'bigint' ? Number(value) : value;
      return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max
        ? number
        : fail(column, `a whole number from ${min} to ${max}`);
    };
    const isNull = (column: keyof Columns): boolean => (columns[column][row] ?? null) === null;
    const index = (column: keyof Columns): number => (isNull(column) ? NONE : whole(column, 0, NONE - 1));
    const text = (column: keyof Columns): string => {
      const value = columns[column][row];
      return typeof value === 'string' ? value : fail(column, 'text');
    };

    const replication = whole('replication', 1, LIMITS.replications);
    if (replication !== log.replication) {
      close();
      const next = run.replications[replications.length];
      if (replication !== next) fail('replication', `${next}, the next of the file's metadata`);
      log = new LogColumns(replication);
    }
    whole('seq', log.timeMs.length, log.timeMs.length);
    const timeMs = whole('timeMs', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    const kind = kinds.get(columns.kind[row]) ?? fail('kind', `one of ${EVENT_KINDS.join(', ')}`);
    log.timeMs.push(timeMs);
    log.kind.push(kind);
    log.call.push(index('call'));
    log.unit.push(isNull('unit') ? NONE : units.of(text('unit'), text('unit')));
    log.segment.push(index('segment'));
    log.offsetMm.push(index('offsetMm'));
    log.detail.push(isNull('detail') ? '' : text('detail'));
    if (EVENT_KINDS[kind] !== 'callOccurred') continue;

    const category = {
      id: text('category'),
      priority: whole('priority', 1, 9),
      units: whole('unitsWanted', 1, 0xffff),
    };
    const categoryIx = categories.of(JSON.stringify(category), category);
    if (categoryIx > 0xffff) fail('category', 'one of at most 65536 categories');
    const zone = isNull('zone') ? null : { id: text('zone'), class: text('zoneClass') };
    if (zone === null && text('zoneClass') !== NO_ZONE_CLASS)
      fail('zoneClass', `"${NO_ZONE_CLASS}", without a zone`);
    calls.push({
      occurredMs: timeMs,
      segment: whole('segment', 0, NONE - 1),
      offsetMm: whole('offsetMm', 0, NONE - 1),
      category: categoryIx,
      zone: zone === null ? NONE : zones.of(JSON.stringify(zone), zone),
      onSceneMs: whole('onSceneMs', 0, NONE),
      triaged: whole('triaged', 0, 1) === 1,
      transported: whole('transported', 0, 1) === 1,
      handoverMs: whole('handoverMs', 0, NONE),
      reportMs: whole('reportMs', 0, NONE),
      parent: index('parent'),
      key: whole('callKey', 0, NONE),
    });
  }
  close();
  if (replications.length !== run.replications.length) {
    throw InputError.at(
      fileName,
      '',
      `holds ${replications.length} of the ${run.replications.length} replications that its metadata names`,
    );
  }
  return { run, labels: { units: units.list, categories: categories.list, zones: zones.list }, replications };
}

/** Rows of one replication as they are read. */
class LogColumns {
  readonly replication: number;
  readonly timeMs: number[] = [];
  readonly kind: number[] = [];
  readonly call: number[] = [];
  readonly unit: number[] = [];
  readonly segment: number[] = [];
  readonly offsetMm: number[] = [];
  readonly detail: string[] = [];

  constructor(replication: number) {
    this.replication = replication;
  }

  done(): EventLog {
    const nEvents = this.timeMs.length;
    return {
      replication: this.replication,
      nEvents,
      timeMs: Float64Array.from(this.timeMs),
      kind: Uint8Array.from(this.kind),
      call: Uint32Array.from(this.call),
      unit: Uint32Array.from(this.unit),
      segment: Uint32Array.from(this.segment),
      offsetMm: Uint32Array.from(this.offsetMm),
      route: new Uint32Array(nEvents).fill(NONE),
      detail: this.detail,
    };
  }
}

/** Numbers things in order of their first appearance. */
class Numbering<T> {
  readonly list: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(key: string, value: T): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.list.length;
      this.numbers.set(key, number);
      this.list.push(value);
    }
    return number;
  }
}
