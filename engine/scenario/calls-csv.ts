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
import { csvParseRows } from 'd3-dsv';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Ms, secondsToMs } from '../units.ts';
import { CallFaults, type CallReport } from './call-faults.ts';
import { offsetText, parseWrittenTime, type WrittenTime } from './local-time.ts';
import { DECIMAL, headerFault } from './places-csv.ts';
import { shown } from './problems.ts';
import { decodeUtf8 } from './strict-json.ts';
import { fixedZone, loadTimeZone, localOf, momentsOf, type TimeZone } from './time-zone.ts';

/** Names of the columns in the header. */
export interface CallColumns {
  time: string;
  lon: string;
  lat: string;
  category?: string | undefined;
  /** 1 to 9, 1 the most urgent. */
  priority?: string | undefined;
  /** Seconds on scene. */
  onSceneS?: string | undefined;
  /** Rows with the id of a row above are left out. */
  id?: string | undefined;
}

export interface CallFileOptions {
  columns: CallColumns;
  /** IANA name of the zone of local times; needed unless all rows have the same offset. */
  timeZone?: string | undefined;
  /** Only what stands before this text in the category column: ':' makes `EMS` of `EMS: FALL VICTIM`. */
  categoryUntil?: string | undefined;
  /** Refuse the file for any fault of a row, instead of leaving it out. */
  strict?: boolean | undefined;
  /** Where the name of the zone stands, for its error; the call file itself unless given. */
  zoneOrigin?: { file: string; place: string } | undefined;
}

export interface ReadCall {
  /** The moment, from 1970-01-01T00:00 UTC. */
  utcMs: Ms;
  /** What the local clock showed, from 1970-01-01T00:00 on that clock. */
  localMs: Ms;
  lon: number;
  lat: number;
  /** Empty without such a column. */
  category: string;
  priority: number | null;
  /** Null without such a column and where its cell is empty. */
  onSceneMs: Ms | null;
  /** Empty without such a column. */
  id: string;
  /** Line of the file on which the row begins; the header is on line 1. */
  line: number;
}

export interface CallFile {
  fileName: string;
  zone: TimeZone;
  /** Ascending in `utcMs`, at least one. */
  calls: ReadCall[];
  report: CallReport;
}

type Unplaced = Omit<ReadCall, 'utcMs' | 'localMs'> & { written: WrittenTime; timeText: string };

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
  const { unplaced, rows } = readRows(source, options, faults);
  const zone = await zoneOf(unplaced, file, options);

  const twiceHour = { first: 0, second: 0 };
  const calls: ReadCall[] = [];
  const lineOfId = new Map<string, number>();
  let above = -Infinity;
  for (const { written, timeText, ...call } of unplaced) {
    const utcMs = momentOf(written, zone, above, twiceHour);
    if (utcMs === undefined) {
      faults.add('skippedHour', call.line, `${shown(timeText)} does not exist in ${zone.name}`);
      continue;
    }
    const firstLine = call.id === '' ? undefined : lineOfId.get(call.id);
    if (firstLine !== undefined) {
      faults.add('duplicateId', call.line, `the id ${shown(call.id)} stands on line ${firstLine}`);
      continue;
    }
    if (call.id !== '') lineOfId.set(call.id, call.line);
    if (utcMs < above) faults.add('backwards', call.line, `${shown(timeText)} is before the row above`);
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
    rows,
    kept: calls.length,
    leftOut: faults.leftOut(),
    faults: faults.list(),
    twiceHour,
  };
  return { fileName: file, zone, calls, report };
}

/** Rows that are sound but for their moment, in the order of the file. */
function readRows(
  source: { name: string; bytes: Uint8Array },
  { columns, categoryUntil = '' }: CallFileOptions,
  faults: CallFaults,
): { unplaced: Unplaced[]; rows: number } {
  const text = decodeUtf8(source.bytes, source.name, LIMITS.textBytes);
  const openQuote = openQuoteLine(text);
  if (openQuote !== undefined) {
    throw InputError.at(
      source.name,
      `line ${openQuote}`,
      'a quotation mark that opens a cell is never closed',
    );
  }
  const unplaced: Unplaced[] = [];
  let header: string[] = [];
  let rows = 0;
  let nextLine = 1;
  const at = (name: string | undefined): number => (name === undefined ? -1 : header.indexOf(name));
  let ix: Record<keyof CallColumns, number> | undefined;

  // the rows are handed over one by one, so that only what is needed of them stays in memory
  csvParseRows(text, (cells: string[]) => {
    const line = nextLine;
    nextLine += 1 + lineBreaksIn(cells);
    if (ix === undefined) {
      header = cells;
      const asked = Object.values(columns).filter((name) => name !== undefined);
      const fault = headerFault(header, asked as string[]);
      if (fault !== undefined) throw InputError.at(source.name, 'line 1', fault);
      const { time, lon, lat, category, priority, onSceneS, id } = columns;
      ix = {
        time: at(time),
        lon: at(lon),
        lat: at(lat),
        category: at(category),
        priority: at(priority),
        onSceneS: at(onSceneS),
        id: at(id),
      };
      return undefined;
    }
    if (cells.length === 1 && cells[0].trim() === '') return undefined;
    rows++;
    if (cells.length !== header.length) {
      const message = `has ${cells.length} cells, the header has ${header.length}; is a quote missing?`;
      faults.add('cells', line, message);
      return undefined;
    }
    const cell = (column: keyof CallColumns): string => (ix![column] < 0 ? '' : cells[ix![column]].trim());
    const timeText = cell('time');
    const written = parseWrittenTime(timeText);
    if (typeof written === 'string') {
      faults.add('time', line, `${shown(timeText)} ${written}`);
      return undefined;
    }
    const place = readPlace(cell('lon'), cell('lat'), line, faults);
    if (place === undefined) return undefined;
    const onScene = cell('onSceneS');
    const onSceneS = onScene === '' ? null : readNumber(onScene, 0, 4_000_000);
    const priorityText = cell('priority');
    const priority = priorityText === '' ? null : readNumber(priorityText, 1, 9);
    if (onSceneS === undefined || priority === undefined || (priority !== null && priority % 1 !== 0)) {
      const [name, found, allowed] =
        onSceneS === undefined
          ? [columns.onSceneS, onScene, 'seconds from 0 to 4000000']
          : [columns.priority, priorityText, 'a whole number from 1 to 9'];
      faults.add('number', line, `${name ?? ''} is ${shown(found)}; allowed: ${allowed}`);
      return undefined;
    }
    const whole = cell('category');
    const cut = categoryUntil === '' ? -1 : whole.indexOf(categoryUntil);
    unplaced.push({
      written,
      timeText,
      ...place,
      category: cut < 0 ? whole : whole.slice(0, cut).trim(),
      priority,
      onSceneMs: onSceneS === null ? null : secondsToMs(onSceneS),
      id: cell('id'),
      line,
    });
    return undefined;
  });
  if (ix === undefined)
    throw InputError.at(source.name, '', 'is empty; a header with column names is needed');
  return { unplaced, rows };
}

/** Line breaks inside the quotes of a row. */
function lineBreaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (!/[\r\n]/.test(cell)) continue;
    breaks += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  }
  return breaks;
}

/** Line of a quotation mark that opens a cell and is never closed, or undefined. Marks inside a bare cell are text. */
function openQuoteLine(text: string): number | undefined {
  let line = 1;
  let startOfCell = true;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE && startOfCell) {
      const opened = line;
      for (;;) {
        const close = text.indexOf('"', at + 1);
        if (close < 0) return opened;
        for (
          let feed = text.indexOf('\n', at);
          feed >= 0 && feed < close;
          feed = text.indexOf('\n', feed + 1)
        ) {
          line++;
        }
        at = close;
        if (text.charCodeAt(at + 1) !== QUOTE) break;
        at++; // a doubled mark is one mark of the cell
      }
      startOfCell = false;
    } else {
      if (char === FEED) line++;
      startOfCell = char === COMMA || char === FEED || char === RETURN;
    }
  }
  return undefined;
}

const QUOTE = 34;
const COMMA = 44;
const FEED = 10;
const RETURN = 13;

function readPlace(
  lonText: string,
  latText: string,
  line: number,
  faults: CallFaults,
): { lon: number; lat: number } | undefined {
  if (lonText === '' && latText === '') {
    faults.add('noPlace', line, 'both cells are empty');
    return undefined;
  }
  const lon = readNumber(lonText, -Infinity, Infinity);
  const lat = readNumber(latText, -Infinity, Infinity);
  if (lon === undefined || lat === undefined) {
    const bad = lon === undefined ? lonText : latText;
    faults.add('number', line, `${shown(bad)} is not a number of degrees with a decimal point`);
    return undefined;
  }
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) {
    const swapped = Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? '; are they swapped?' : '';
    faults.add(
      'coordinates',
      line,
      `longitude ${lon}, latitude ${lat}; allowed: ±180 and ±90 degrees${swapped}`,
    );
    return undefined;
  }
  return { lon, lat };
}

function readNumber(text: string, least: number, most: number): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** The named zone, or the offset that all rows have. */
async function zoneOf(
  rows: readonly Unplaced[],
  file: string,
  { timeZone, zoneOrigin = { file, place: '' } }: CallFileOptions,
): Promise<TimeZone> {
  if (timeZone !== undefined) return loadTimeZone(timeZone, zoneOrigin.file, zoneOrigin.place);
  const bare = rows.find(({ written }) => written.offsetMs === null);
  if (bare !== undefined) {
    throw InputError.at(
      file,
      `line ${bare.line}`,
      `the time ${shown(bare.timeText)} has no offset from UTC; name its time zone, such as America/New_York (or UTC, if the clock never changes)`,
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

/** The moment of a written time, or undefined where the clock left it out; see the head of this file for times that came twice. */
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
