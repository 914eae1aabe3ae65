/**
 * Parquet files with a seal: a SHA-256 over the whole file, kept in the file's own metadata, so that a reader knows a
 * truncated or altered file even when it comes alone. Same rows, same bytes. Any Parquet reader opens them.
 */
import type { DecodedArray } from 'hyparquet';
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { assert, InputError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';

export interface ParquetColumn {
  readonly name: string;
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'STRING';
}

/** Rows by column name; null for none. INT64 columns take numbers that are safe integers. */
export type ParquetRows = Record<string, (number | string | null)[]>;

/** Row groups are fetched and unpacked whole: this many rows keep one small without losing compression. */
const ROWS_PER_GROUP = 65_536;

const SEAL_KEY = 'patrol135.sha256';
/** Only the maker's name and the order of columns come after the seal. */
const SEAL_WITHIN_BYTES = 65_536;
const NO_SEAL = '0'.repeat(64);

export class ParquetFile {
  private readonly writer = new ByteWriter();
  private readonly parquet: ParquetWriter;
  private readonly columns: readonly ParquetColumn[];

  /** @param engineVersion  stands in the file as its maker */
  constructor(columns: readonly ParquetColumn[], engineVersion: string) {
    this.columns = columns;
    this.parquet = new ParquetWriter({
      writer: this.writer,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, type }) => ({ name, type, data: [] })),
      }),
      createdBy: `patrol135 version ${engineVersion}`,
    });
  }

  /** Appends rows as row groups of their own: those of two calls never share one. */
  append(rows: ParquetRows): void {
    const columnData = this.columns.map((column) => ({
      name: column.name,
      data: toParquet(column, rows[column.name]),
    }));
    // awaits nothing: a ByteWriter has no flush
    void this.parquet.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  }

  /** Ends the file. @param metadata  text by key, kept in the footer in this order */
  async finish(metadata: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
    const entries = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    this.parquet.kvMetadata = [...entries, { key: SEAL_KEY, value: NO_SEAL }];
    await this.parquet.finish();
    const bytes = new Uint8Array(this.writer.getBuffer());
    const at = sealPlace(bytes);
    assert(at !== null, 'a Parquet file was written without room for its seal');
    writeText(bytes, at, await sha256Hex(bytes));
    return bytes;
  }
}

function toParquet({ name, type }: ParquetColumn, values: ParquetRows[string]): DecodedArray {
  assert(values !== undefined, () => `column ${name} has no rows`);
  for (const value of values) {
    const isSound =
      value === null ||
      (type === 'STRING'
        ? typeof value === 'string'
        : typeof value === 'number' &&
          (type === 'DOUBLE'
            ? Number.isFinite(value)
            : Number.isSafeInteger(value) && (type === 'INT64' || value === (value | 0))));
    assert(isSound, () => `column ${name} cannot hold ${value}`);
  }
  return type === 'INT64' ? values.map((value) => (value === null ? null : BigInt(value))) : values;
}

/**
 * Checks a file against its seal.
 * @throws InputError when it is no Parquet file of ours, or differs from what was written
 */
export async function checkSeal(bytes: Uint8Array, fileName: string): Promise<void> {
  const at = bytes.length >= 12 && readText(bytes, 0, 4) === 'PAR1' ? sealPlace(bytes) : null;
  if (at === null) {
    throw InputError.at(fileName, '', 'is no Parquet file written by patrol135, or the end of it is missing');
  }
  const unsealed = bytes.slice();
  writeText(unsealed, at, NO_SEAL);
  if (readText(bytes, at, 64) !== (await sha256Hex(unsealed))) {
    throw InputError.at(
      fileName,
      '',
      'differs from its own checksum: it was cut short or changed after it was written',
    );
  }
}

/** Where the 64 hex digits of the seal stand: after the last place that holds its key, or null. */
function sealPlace(bytes: Uint8Array): number | null {
  // Thrift's compact protocol: the key, then the header of a text field (0x18), its length 64, and the text
  const mark = new TextEncoder().encode(`${SEAL_KEY}\x18\x40`);
  const last = bytes.length - mark.length - 64;
  for (let at = last; at >= Math.max(0, last - SEAL_WITHIN_BYTES); at--) {
    if (mark.every((byte, i) => bytes[at + i] === byte)) return at + mark.length;
  }
  return null;
}

function writeText(bytes: Uint8Array, at: number, ascii: string): void {
  for (let i = 0; i < ascii.length; i++) bytes[at + i] = ascii.charCodeAt(i);
}

const readText = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
