/**
 * Calls of a file: one row each, in columns that the user names.
 *
 * Times. A row says its offset from UTC (`…-05:00`, `…Z`), or it is a local time of the zone that is named beside the
 * file; every call gets both, the moment and what the local clock showed. Without a named zone all rows must have the
 * same offset, which is then the zone. In spring a local time that the clock left out is a fault. In autumn a local time
 * that came twice is taken for the first time, unless that would be before the row above while the second is not: then
 * for the second. Both are counted.
 *
 * Order. Calls are sorted by moment; ties keep the order of the file.
 *
 * Replay. Time that passes is time between moments: a day on which the clock is put forward has 23 hours, one on which
 * it is put back 25 (`replayTime`). The clock of a scenario is never put forward or back within a run: it goes on from
 * the local start, so after a change it differs from the clock on the wall by that hour, which `clockChanges` tells.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { Ms } from '../units.ts';
import { CallFaults, type CallReport } from './call-faults.ts';
import { type CallColumns, type CallFileRow, inColumn, readCallRows } from './call-rows.ts';
import { offsetText, parseWrittenTime, type WrittenTime } from './local-time.ts';
import { shown } from './problems.ts';
import { fixedZone, loadTimeZone, localOf, momentsOf, type TimeZone } from './time-zone.ts';

export interface CallFileOptions {
  columns: CallColumns;
  /** IANA name of the zone of local times; needed unless all rows have the same offset. */
  timeZone?: string | undefined;
  /** Only what stands before this text in the category column: ':' makes `EMS` of `EMS: FALL VICTIM`. */
  categoryUntil?: string | undefined;
  /** Refuse the file for any fault of a row, instead of leaving it out. */
  strict?: boolean | undefined;
  /** Where the name of a column is set, for its error, such as `--columns time=NAME`. */
  columnSetBy?: ((key: keyof CallColumns) => string) | undefined;
  /** Where the name of the zone stands, for its error; the call file itself unless given. */
  zoneOrigin?: { file: string; place: string } | undefined;
}

export interface ReadCall extends Omit<CallFileRow, 'written' | 'timeText'> {
  /** The moment, from 1970-01-01T00:00 UTC. */
  utcMs: Ms;
  /** What the local clock showed, from 1970-01-01T00:00 on that clock. */
  localMs: Ms;
}

export interface CallFile {
  fileName: string;
  zone: TimeZone;
  /** Ascending in `utcMs`, at least one. */
  calls: ReadCall[];
  report: CallReport;
}

/**
 * @param source  its bytes unpacked (`toSourceFile`)
 * @throws InputError for a header or a zone that does not fit, for a file without a call, and with `strict` for any
 *   fault of a row. Cost O(bytes + calls log calls)
 */
export async function readCallFile(
  source: { name: string; bytes: Uint8Array },
  options: CallFileOptions,
): Promise<CallFile> {
  const file = source.name;
  const faults = new CallFaults();
  const { rows, nRows } = readCallRows(source, options, faults);
  const zone = await zoneOf(rows, file, options);

  const twiceHour = { first: 0, second: 0 };
  const calls: ReadCall[] = [];
  const lineOfId = new Map<string, number>();
  let above = -Infinity;
  for (const { written, timeText, ...call } of rows) {
    const utcMs = momentOf(written, zone, above, twiceHour);
    if (utcMs === undefined) {
      faults.add(
        'skippedHour',
        call.line,
        `${inColumn(options.columns.time)} ${shown(timeText)} does not exist in ${zone.name}`,
      );
      continue;
    }
    const firstLine = call.id === '' ? undefined : lineOfId.get(call.id);
    if (firstLine !== undefined) {
      faults.add(
        'duplicateId',
        call.line,
        `${inColumn(options.columns.id ?? '')} ${shown(call.id)} stands on line ${firstLine}`,
      );
      continue;
    }
    if (call.id !== '') lineOfId.set(call.id, call.line);
    if (utcMs < above)
      faults.add(
        'backwards',
        call.line,
        `${inColumn(options.columns.time)} ${shown(timeText)} is before the row above`,
      );
    above = utcMs;
    calls.push({ utcMs, localMs: localOf(zone, utcMs), ...call });
  }

  if (options.strict === true) faults.refuseAny(file);
  if (calls.length === 0) {
    faults.refuseAny(file);
    throw InputError.at(file, '', 'holds no call below its header');
  }
  if (calls.length > LIMITS.callsPerReplication) {
    throw InputError.at(
      file,
      '',
      `holds ${calls.length} calls; allowed: at most ${LIMITS.callsPerReplication}`,
    );
  }
  calls.sort((a, b) => a.utcMs - b.utcMs);
  const report: CallReport = {
    rows: nRows,
    kept: calls.length,
    leftOut: faults.leftOut(),
    faults: faults.list(),
    twiceHour,
  };
  return { fileName: file, zone, calls, report };
}

/** The named zone, or the offset that all rows have. */
async function zoneOf(
  rows: readonly CallFileRow[],
  file: string,
  { columns, timeZone, zoneOrigin = { file, place: '' } }: CallFileOptions,
): Promise<TimeZone> {
  if (timeZone !== undefined) return loadTimeZone(timeZone, zoneOrigin.file, zoneOrigin.place);
  const bare = rows.find(({ written }) => written.offsetMs === null);
  if (bare !== undefined) {
    throw InputError.at(
      file,
      `line ${bare.line}`,
      `${inColumn(columns.time)} ${shown(bare.timeText)} has no offset from UTC; name its time zone, such as America/New_York (or UTC, if the clock never changes)`,
    );
  }
  const first = rows.at(0)?.written.offsetMs ?? 0;
  const other = rows.find(({ written }) => written.offsetMs !== first);
  if (other !== undefined) {
    throw InputError.at(
      file,
      `line ${other.line}`,
      `the offset is ${offsetText(other.written.offsetMs ?? 0)} here and ${offsetText(first)} on line ${rows[0].line}; ` +
        'name the time zone, such as America/New_York, so that hours of the day are those of one clock',
    );
  }
  return fixedZone(first);
}

/** The moment of a written time, undefined where the clock left it out; times that came twice: see the head of this file. */
function momentOf(
  { localMs, offsetMs }: WrittenTime,
  zone: TimeZone,
  above: Ms,
  twiceHour: { first: number; second: number },
): Ms | undefined {
  if (offsetMs !== null) return localMs - offsetMs;
  const moments = momentsOf(zone, localMs);
  if (moments.length < 2) return moments.at(0);
  const [first, second] = moments;
  const takeSecond = first < above && second >= above;
  twiceHour[takeSecond ? 'second' : 'first']++;
  return takeSecond ? second : first;
}

/**
 * When calls occur in a run that starts at a local time: milliseconds that pass between the two moments. A start in the
 * hour that comes twice is the first time.
 * @param startText  local date and time of the start, as `run.start`
 * @returns a function of a call's `utcMs`, or what is wrong with the start as a text
 */
export function replayTime(zone: TimeZone, startText: string): ((utcMs: Ms) => Ms) | string {
  const start = parseWrittenTime(startText);
  if (typeof start === 'string') return `${shown(startText)} ${start}`;
  const startUtcMs = momentsOf(zone, start.localMs).at(0);
  if (startUtcMs === undefined) {
    return `${shown(startText)} does not exist in ${zone.name}: the clock was put forward over it`;
  }
  return (utcMs) => utcMs - startUtcMs;
}
