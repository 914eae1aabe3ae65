/**
 * JEMSS's CSV files: several tables in one file, each a line with its name, a line of column names, rows, and an empty
 * line. Further cells of the name's line are remarks. Columns that nobody asks for are passed over.
 */
import { csvParseRows } from 'd3-dsv';
import { LIMITS } from '../../limits.ts';
import { DECIMAL } from '../../scenario/places-csv.ts';
import { didYouMean, listed, type Problems, shown } from '../../scenario/problems.ts';
import { decodeUtf8 } from '../../scenario/strict-json.ts';
import { parseNumber, parseNumbers, ValueError } from './values.ts';

/** Every table of a file by name. Row numbers count from the first line of the file, 1. */
export class JemssTables {
  readonly file: string;
  private readonly tables = new Map<string, JemssTable>();
  private readonly problems: Problems;

  /** @throws InputError when the file is no text */
  constructor(file: string, bytes: Uint8Array, problems: Problems) {
    this.file = file;
    this.problems = problems;
    const rows = csvParseRows(decodeUtf8(bytes, file, LIMITS.textBytes).replace(/^\ufeff/, ''));
    const isEmpty = (row: number): boolean => rows[row].every((cell) => cell.trim() === '');
    for (let row = 0; row < rows.length; row++) {
      if (isEmpty(row)) continue;
      const name = rows[row][0].trim();
      const first = row + 2;
      for (row = Math.min(first, rows.length); row < rows.length && !isEmpty(row);) row++;
      if (first > rows.length)
        problems.add(
          file,
          `row ${rows.length}`,
          `ends behind ${shown(name)}, before the names of its columns`,
        );
      else this.tables.set(name, new JemssTable(file, name, rows.slice(first - 1, row), first, problems));
    }
  }

  /** A table that must be there, with rows; undefined, and a problem, where it is not. */
  table(name: string): JemssTable | undefined {
    const found = this.tables.get(name);
    if (found === undefined) {
      const names = [...this.tables.keys()];
      this.problems.add(
        this.file,
        '',
        `has no table ${shown(name)}${didYouMean(name, names)}; found: ${listed(names)}`,
      );
    } else if (found.nRows === 0) {
      this.problems.add(this.file, `row ${found.firstRow}`, `the table ${shown(name)} has no rows`);
      return undefined;
    }
    return found;
  }

  has(name: string): boolean {
    return this.tables.has(name);
  }
}

/** One table: columns of numbers and texts, with every cell that is not one of them gathered as a problem. */
export class JemssTable {
  readonly nRows: number;
  /** Number of the row of column names in the file. */
  readonly firstRow: number;
  private readonly file: string;
  private readonly name: string;
  private readonly header: string[];
  private readonly rows: string[][];
  private readonly problems: Problems;

  constructor(file: string, name: string, lines: string[][], headerRow: number, problems: Problems) {
    this.file = file;
    this.name = name;
    this.header = lines[0].map((cell) => cell.trim());
    this.rows = lines.slice(1);
    this.nRows = this.rows.length;
    this.firstRow = headerRow;
    this.problems = problems;
  }

  hasColumn(column: string): boolean {
    return this.header.includes(column);
  }

  /** Where a cell is, for messages; rows count from 0. */
  place(row: number, column: string): string {
    return `row ${this.firstRow + 1 + row}, column ${column}`;
  }

  refuse(row: number, column: string, message: string): void {
    this.problems.add(this.file, this.place(row, column), message);
  }

  /** A column of texts; undefined, and a problem, where there is none. */
  texts(column: string): string[] | undefined {
    const at = this.header.indexOf(column);
    if (at < 0) {
      const found = `found: ${listed(this.header.filter((name) => name !== ''))}`;
      const message = `the table ${shown(this.name)} has no column ${shown(column)}${didYouMean(column, this.header)}; ${found}`;
      this.problems.add(this.file, `row ${this.firstRow}`, message);
      return undefined;
    }
    return this.rows.map((cells) => (cells[at] ?? '').trim());
  }

  /** A column of numbers from `from` to `to`, both allowed. */
  numbers(column: string, from: number, to: number): Float64Array | undefined {
    const texts = this.texts(column);
    return texts && this.each(column, texts, from, to, false);
  }

  /** A column of numbers above 0. */
  positive(column: string, to: number): Float64Array | undefined {
    const texts = this.texts(column);
    return texts && this.each(column, texts, 0, to, true);
  }

  /** A column of whole numbers from `from` to `to`. */
  whole(column: string, from: number, to: number): Float64Array | undefined {
    const values = this.numbers(column, from, to);
    values?.forEach((value, row) => {
      if (!Number.isInteger(value)) this.refuse(row, column, `${shown(value)} is not a whole number`);
    });
    return values;
  }

  /** A column of switches: 0, 1, false or true. */
  switches(column: string): boolean[] | undefined {
    return this.texts(column)?.map((text, row) => {
      if (!['0', '1', '0.0', '1.0', 'true', 'false'].includes(text)) {
        this.refuse(row, column, `${shown(text)} is not allowed; allowed: 0, 1, false, true`);
      }
      return text === 'true' || Number(text) === 1;
    });
  }

  /** A column of lists such as `[1; 2; 3]`. */
  lists(column: string): number[][] | undefined {
    return this.texts(column)?.map((text, row) => {
      try {
        return parseNumbers(text);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        this.refuse(row, column, `${shown(text)} ${error.message}`);
        return [];
      }
    });
  }

  /** The column `index` must count the rows from 1, as everything else refers to them by it. */
  checkIndex(column = 'index'): void {
    const index = this.whole(column, 1, Number.MAX_SAFE_INTEGER);
    const odd = index?.findIndex((value, row) => value !== row + 1) ?? -1;
    if (odd >= 0)
      this.refuse(odd, column, `is ${index![odd]}; rows are numbered 1, 2, 3… and this is number ${odd + 1}`);
  }

  private each(
    column: string,
    texts: readonly string[],
    from: number,
    to: number,
    above: boolean,
  ): Float64Array {
    return Float64Array.from(texts, (text, row) => {
      const value = plainNumber(text);
      const isAllowed = value <= to && (above ? value > from : value >= from);
      if (!isAllowed) {
        const least = above ? `above ${from}` : `from ${from}`;
        const range = to === Infinity ? least : from === -Infinity ? `up to ${to}` : `${least} to ${to}`;
        this.refuse(
          row,
          column,
          `${shown(text)} is not allowed; allowed: numbers ${from === -Infinity && to === Infinity ? '' : range}`.trimEnd(),
        );
      }
      return value;
    });
  }
}

/** A number as written or as a small sum; NaN for anything else. */
function plainNumber(text: string): number {
  if (DECIMAL.test(text)) return Number(text);
  try {
    return parseNumber(text);
  } catch (error) {
    if (error instanceof ValueError) return NaN;
    throw error;
  }
}
