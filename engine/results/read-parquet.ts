/** Reads tables of a results folder column by column, a row group at a time. Files are input: every failure is told by name. */
import {
  parquetMetadata,
  parquetScan,
  snappyUncompress,
  type DecodedArray,
  type FileMetaData,
  type ParquetScan,
} from 'hyparquet';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** Values of rows by column, as stored: INT64 as bigint, nothing as null. */
export type StoredRows<Name extends string> = Record<Name, unknown[]>;

export interface ParquetTable<Name extends string> {
  readonly metadata: FileMetaData;
  readonly nRows: number;
  /** Row groups in order, each in memory one at a time. @throws InputError where the file cannot be read */
  groups(): AsyncGenerator<StoredRows<Name>, void, undefined>;
}

/**
 * @param maxRows  a file that claims more is refused before any is read
 * @throws InputError when it is no Parquet file, or lacks a column
 */
export async function openParquet<Name extends string>(
  bytes: Uint8Array,
  fileName: string,
  columns: readonly Name[],
  maxRows: (metadata: FileMetaData) => number,
): Promise<ParquetTable<Name>> {
  let metadata: FileMetaData;
  let scan: ParquetScan;
  try {
    metadata = parquetMetadata(bytes);
    const most = maxRows(metadata);
    if (!(metadata.num_rows >= 0 && metadata.num_rows <= most)) {
      throw InputError.at(fileName, '', `claims ${metadata.num_rows} rows, more than any run holds`);
    }
    scan = await parquetScan({
      file: {
        byteLength: bytes.length,
        // a copy: a view would show the reader the whole buffer that it lies in
        slice: (start, end = bytes.length) => bytes.slice(start, end).buffer,
      },
      metadata,
      columns: [...columns],
      compressors: { SNAPPY: unpack },
    });
  } catch (error) {
    throw unreadable(fileName, error);
  }
  return {
    metadata,
    nRows: Number(metadata.num_rows),
    async *groups() {
      for (const range of scan.ranges) {
        const rows = {} as StoredRows<Name>;
        for (const name of columns) {
          let data: DecodedArray;
          try {
            data = await scan.readColumn({ column: name, ...range });
          } catch (error) {
            throw unreadable(fileName, error);
          }
          rows[name] = Array.from(
            { length: range.rowEnd - range.rowStart },
            (_, i) => (data[i] as unknown) ?? null,
          );
        }
        yield rows;
      }
    },
  };
}

function unreadable(fileName: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  return InputError.at(
    fileName,
    '',
    `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function unpack(input: Uint8Array, nBytes: number): Uint8Array {
  if (!(nBytes >= 0 && nBytes <= LIMITS.parquetPageBytes)) throw new Error(`a page claims ${nBytes} bytes`);
  const output = new Uint8Array(nBytes);
  snappyUncompress(input, output);
  return output;
}
