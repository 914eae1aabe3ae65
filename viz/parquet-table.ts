/**
 * Reads columns of a Parquet file into typed arrays, only for the rows of some replications: row groups and pages
 * that cannot hold them are never fetched (the files are in order of replication).
 */
import {
  parquetMetadataAsync,
  parquetScan,
  snappyUncompress,
  type DecodedArray,
  type FileMetaData,
} from 'hyparquet';
import { VIEWER_LIMITS } from './limits.ts';
import { ResultsProblem } from './problem.ts';
import type { ByteFile } from './source.ts';

/** A missing number in a column that the loader has read. */
export const ABSENT = -0x8000_0000;

interface ColumnSpec {
  name: string;
  /** `number`: Float64, NaN for null; `int`: Int32, ABSENT for null; `name`: Int32 into `names`, ABSENT for null. */
  as: 'int' | 'number' | 'name';
}

export interface Table {
  nRows: number;
  int: Record<string, Int32Array>;
  number: Record<string, Float64Array>;
  /** Distinct texts of each `name` column, in order of first use. */
  names: Record<string, string[]>;
  /** Bytes fetched, headers included. */
  bytesRead: number;
}

interface TableRequest {
  file: ByteFile;
  fileName: string;
  columns: readonly ColumnSpec[];
  /** Keep only rows whose `replication` is one of these; all rows when absent. */
  replications?: readonly number[];
  maxRows: number;
  /** Called now and then with the share of the columns read. */
  progress?: (share: number) => void;
}

/**
 * Numbers of the replications in a file, ascending, from the statistics of its row groups: reads the footer only.
 * @throws ResultsProblem when the file is no Parquet file or its groups carry no statistics
 */
export async function replicationsIn(file: ByteFile, fileName: string): Promise<number[]> {
  const numbers = new Set<number>();
  try {
    const metadata = await readFooter(file);
    for (const group of metadata.row_groups) {
      const column = group.columns.find(
        (each) => each.meta_data?.path_in_schema.join('.') === 'replication',
      )?.meta_data;
      const first = Number(column?.statistics?.min_value ?? column?.statistics?.min);
      const last = Number(column?.statistics?.max_value ?? column?.statistics?.max);
      if (!Number.isInteger(first) || !Number.isInteger(last) || last - first > VIEWER_LIMITS.replications) {
        throw new Error('a row group has no range of replications');
      }
      for (let number = first; number <= last; number++) numbers.add(number);
      if (numbers.size > VIEWER_LIMITS.replications) throw new Error('too many replications');
    }
  } catch (error) {
    if (error instanceof ResultsProblem) throw error;
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new ResultsProblem('badParquet', { file: fileName, reason });
  }
  return [...numbers].sort((a, b) => a - b);
}

/** @throws ResultsProblem naming the file when it is no Parquet file, lacks columns or holds too many rows */
export async function readTable(request: TableRequest): Promise<Table> {
  const counted = countingFile(request.file);
  try {
    const metadata = await readFooter(counted.file);
    checkColumns(metadata, request);
    return await readColumns(request, metadata, counted);
  } catch (error) {
    if (error instanceof ResultsProblem) throw error;
    const reason = error instanceof Error ? error.message.slice(0, 200) : String(error);
    throw new ResultsProblem('badParquet', { file: request.fileName, reason });
  }
}

/** Footers have a few kilobytes for each replication; a longer one costs a second fetch, not a wrong answer. */
const FOOTER_FETCH_BYTES = 64 * 1024;

const readFooter = (file: ByteFile): Promise<FileMetaData> =>
  parquetMetadataAsync(file, { initialFetchSize: Math.min(FOOTER_FETCH_BYTES, file.byteLength) });

function countingFile(file: ByteFile): { file: ByteFile; bytes: number } {
  const counted = {
    bytes: 0,
    file: {
      byteLength: file.byteLength,
      slice: (start: number, end = file.byteLength): Promise<ArrayBuffer> => {
        counted.bytes += end - start;
        return file.slice(start, end);
      },
    },
  };
  return counted;
}

function checkColumns(metadata: FileMetaData, { columns, fileName }: TableRequest): void {
  const present = new Set(metadata.schema.slice(1).map((element) => element.name));
  const missing = columns.filter((column) => !present.has(column.name)).map((column) => column.name);
  if (missing.length > 0) {
    throw new ResultsProblem('otherVersion', { file: fileName, columns: missing.join(', ') });
  }
}

/** Pages that claim to unpack to more than any writer makes are refused before memory is taken. */
const boundedSnappy = (input: Uint8Array, outputLength: number): Uint8Array => {
  if (!(outputLength >= 0 && outputLength <= VIEWER_LIMITS.pageBytes)) {
    throw new Error(`a page claims ${outputLength} bytes unpacked`);
  }
  const output = new Uint8Array(outputLength);
  snappyUncompress(input, output);
  return output;
};

async function readColumns(
  request: TableRequest,
  metadata: FileMetaData,
  counted: { file: ByteFile; bytes: number },
): Promise<Table> {
  const { columns, replications, maxRows, fileName } = request;
  const scan = await parquetScan({
    file: counted.file,
    metadata,
    compressors: { SNAPPY: boundedSnappy },
    columns: columns.map((column) => column.name),
    ...(replications ? { pruningFilter: { replication: { $in: [...replications] } } } : {}),
  });
  let nCandidates = 0;
  for (const range of scan.ranges) nCandidates += range.rowEnd - range.rowStart;
  // Statistics prune to whole pages, so a few rows of neighbours may come along: allow for them, count the kept ones.
  if (nCandidates > 2 * maxRows + 1_000_000) throw tooMany(fileName, nCandidates, maxRows);

  const table: Table = { nRows: 0, int: {}, number: {}, names: {}, bytesRead: 0 };
  const kept: Int32Array[] = [];
  for (const { rowStart, rowEnd } of scan.ranges) {
    const rows = replications
      ? rowsOf(await scan.readColumn({ column: 'replication', rowStart, rowEnd }), replications)
      : Int32Array.from({ length: rowEnd - rowStart }, (_, row) => row);
    kept.push(rows);
    table.nRows += rows.length;
  }
  if (table.nRows > maxRows) throw tooMany(fileName, table.nRows, maxRows);

  let nDone = 0;
  for (const column of columns) {
    const fill = columnFiller(table, column, fileName);
    let at = 0;
    for (let ix = 0; ix < scan.ranges.length; ix++) {
      if (kept[ix].length === 0) continue;
      const data = await scan.readColumn({ column: column.name, ...scan.ranges[ix] });
      const rows = kept[ix];
      if (data.length < rows[rows.length - 1] + 1) throw new Error(`column ${column.name} is too short`);
      fill(data, rows, at);
      at += rows.length;
      request.progress?.((nDone + (ix + 1) / scan.ranges.length) / columns.length);
    }
    nDone++;
  }
  table.bytesRead = counted.bytes;
  return table;
}

const tooMany = (file: string, found: number, allowed: number): ResultsProblem =>
  new ResultsProblem('tooMany', { file, found, allowed });

function rowsOf(replication: DecodedArray, wanted: readonly number[]): Int32Array {
  const rows = new Int32Array(replication.length);
  let n = 0;
  for (let row = 0; row < replication.length; row++) {
    if (wanted.includes(Number(replication[row]))) rows[n++] = row;
  }
  return rows.slice(0, n);
}

type Filler = (data: DecodedArray, rows: Int32Array, at: number) => void;

function columnFiller(table: Table, { name, as }: ColumnSpec, fileName: string): Filler {
  const bad = (row: number, value: unknown): ResultsProblem =>
    new ResultsProblem('badRow', { file: fileName, row, column: name, value: describe(value) });
  if (as === 'number') {
    const out = (table.number[name] = new Float64Array(table.nRows));
    return (data, rows, at) => {
      for (let ix = 0; ix < rows.length; ix++) {
        const value: unknown = data[rows[ix]];
        if (value === null || value === undefined) out[at + ix] = NaN;
        else if (typeof value === 'number' || typeof value === 'bigint') out[at + ix] = Number(value);
        else throw bad(at + ix, value);
      }
    };
  }
  const out = (table.int[name] = new Int32Array(table.nRows));
  if (as === 'int') {
    return (data, rows, at) => {
      for (let ix = 0; ix < rows.length; ix++) {
        const value: unknown = data[rows[ix]];
        if (value === null || value === undefined) out[at + ix] = ABSENT;
        else if (typeof value === 'number' && Number.isInteger(value)) out[at + ix] = value;
        else throw bad(at + ix, value);
      }
    };
  }
  const names: string[] = (table.names[name] = []);
  const numbers = new Map<string, number>();
  return (data, rows, at) => {
    for (let ix = 0; ix < rows.length; ix++) {
      const value: unknown = data[rows[ix]];
      if (value === null || value === undefined) {
        out[at + ix] = ABSENT;
        continue;
      }
      if (typeof value !== 'string') throw bad(at + ix, value);
      let number = numbers.get(value);
      if (number === undefined) {
        number = names.length;
        numbers.set(value, number);
        names.push(value);
      }
      out[at + ix] = number;
    }
  };
}

const describe = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value).slice(0, 60)
    : typeof value;
