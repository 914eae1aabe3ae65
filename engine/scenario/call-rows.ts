/** Rows of a call file: cells of CSV to times as written, places, categories and durations, with the line of each. */
import { csvParseRows } from 'd3-dsv';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Ms, secondsToMs } from '../units.ts';
import type { CallFaults } from './call-faults.ts';
import { parseWrittenTime, type WrittenTime } from './local-time.ts';
import { DECIMAL, headerFault } from './places-csv.ts';
import { shown } from './problems.ts';
import { decodeUtf8 } from './strict-json.ts';

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

/** A row that is sound but for its moment, which depends on the time zone and on the row above. */
export interface CallFileRow {
  written: WrittenTime;
  timeText: string;
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

/** How faults begin: `column "time":`. */
export const inColumn = (name: string): string => `column ${shown(name)}:`;

const QUOTE = 34;
const COMMA = 44;
const FEED = 10;
const RETURN = 13;

/**
 * Rows that are sound but for their moment, in the order of the file, and the number of all rows below the header. What
 * is wrong with the others goes to `faults`. Cost O(bytes).
 * @param source  its bytes unpacked
 * @param columnSetBy  where the name of a column is set, for its error
 * @param categoryUntil  only what stands before this text in the category column counts
 * @throws InputError for an empty file, a header that lacks a column, or a quotation mark that is never closed
 */
export function readCallRows(
  source: { name: string; bytes: Uint8Array },
  {
    columns,
    categoryUntil = '',
    columnSetBy = (key) => `the name of ${key}`,
  }: {
    columns: CallColumns;
    categoryUntil?: string | undefined;
    columnSetBy?: ((key: keyof CallColumns) => string) | undefined;
  },
  faults: CallFaults,
): { rows: CallFileRow[]; nRows: number } {
  const text = decodeUtf8(source.bytes, source.name, LIMITS.textBytes);
  const openQuote = openQuoteLine(text);
  if (openQuote !== undefined) {
    throw InputError.at(
      source.name,
      `line ${openQuote}`,
      'a quotation mark that opens a cell is never closed',
    );
  }
  const rows: CallFileRow[] = [];
  let header: string[] = [];
  let nRows = 0;
  let nextLine = 1;
  const at = (name: string | undefined): number => (name === undefined ? -1 : header.indexOf(name));
  let ix: Record<keyof CallColumns, number> | undefined;

  // the rows are handed over one by one, so that only what is needed of them stays in memory
  csvParseRows(text, (cells: string[]) => {
    const line = nextLine;
    nextLine += 1 + lineBreaksIn(cells);
    if (ix === undefined) {
      header = cells;
      const asked = (Object.entries(columns) as [keyof CallColumns, string | undefined][]).flatMap(
        ([key, name]) => (name === undefined ? [] : [{ name, setBy: columnSetBy(key) }]),
      );
      const fault = headerFault(header, asked);
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
    nRows++;
    if (cells.length !== header.length) {
      const message = `has ${cells.length} cells, the header has ${header.length}; is a quote missing?`;
      faults.add('cells', line, message);
      return undefined;
    }
    const cell = (column: keyof CallColumns): string => (ix![column] < 0 ? '' : cells[ix![column]].trim());
    const timeText = cell('time');
    const written = parseWrittenTime(timeText);
    if (typeof written === 'string') {
      faults.add('time', line, `${inColumn(columns.time)} ${shown(timeText)} ${written}`);
      return undefined;
    }
    const place = readPlace(cell('lon'), cell('lat'), columns, line, faults);
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
      faults.add(
        'number',
        line,
        `${inColumn(name ?? '')} ${shown(found)} is not allowed; allowed: ${allowed}`,
      );
      return undefined;
    }
    const whole = cell('category');
    const cut = categoryUntil === '' ? -1 : whole.indexOf(categoryUntil);
    rows.push({
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
  return { rows, nRows };
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

function readPlace(
  lonText: string,
  latText: string,
  columns: CallColumns,
  line: number,
  faults: CallFaults,
): { lon: number; lat: number } | undefined {
  if (lonText === '' && latText === '') {
    faults.add('noPlace', line, `columns ${shown(columns.lon)} and ${shown(columns.lat)} are empty`);
    return undefined;
  }
  const lon = readNumber(lonText, -Infinity, Infinity);
  const lat = readNumber(latText, -Infinity, Infinity);
  if (lon === undefined || lat === undefined) {
    const [name, bad] = lon === undefined ? [columns.lon, lonText] : [columns.lat, latText];
    faults.add(
      'number',
      line,
      `${inColumn(name)} ${shown(bad)} is not a number of degrees with a decimal point`,
    );
    return undefined;
  }
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) {
    const swapped = Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? '; are they swapped?' : '';
    faults.add(
      'coordinates',
      line,
      `columns ${shown(columns.lon)} and ${shown(columns.lat)}: longitude ${lon}, latitude ${lat}; allowed: ±180 and ±90 degrees${swapped}`,
    );
    return undefined;
  }
  return { lon, lat };
}

function readNumber(text: string, least: number, most: number): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}
