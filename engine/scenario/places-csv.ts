/** Places of past incidents from a CSV file: one row each, longitude and latitude in two columns, WGS84; and weights. */
import { csvParseRows } from 'd3-dsv';
import { LIMITS } from '../limits.ts';
import { didYouMean, listed, type Problems, shown } from './problems.ts';
import type { LonLat, SourceFile } from './scenario.ts';
import { decodeUtf8 } from './strict-json.ts';
import { wholeWeights } from './whole-weights.ts';

export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

interface PlaceColumns {
  lonColumn: string;
  latColumn: string;
  weightColumn?: string | undefined;
}

/** Weights beyond it are a slip. */
const MOST_WEIGHT = 1e12;

/**
 * Rows in which both cells are empty have no place; they are counted in a warning and left out. Blank lines do not
 * count as rows. Row numbers in errors count from the header, which is row 1.
 * @param setBy  where the name of a column is set, for its error
 * @returns places in the order of the file, and the weight of each (`wholeWeights`), null without such a column and where
 *   all are alike; or undefined when something is wrong
 */
export function readPlaces(
  source: SourceFile,
  columns: PlaceColumns,
  setBy: (key: keyof PlaceColumns) => string,
  problems: Problems,
  warnings: string[],
): { places: LonLat[]; weights: number[] | null } | undefined {
  const before = problems.count;
  const rows = csvParseRows(decodeUtf8(source.bytes, source.name, LIMITS.textBytes));
  const header = rows[0] ?? [];
  const lonAt = header.indexOf(columns.lonColumn);
  const latAt = header.indexOf(columns.latColumn);
  const fault = headerFault(
    header,
    (['lonColumn', 'latColumn', 'weightColumn'] as const).flatMap((key) => {
      const name = columns[key];
      return name === undefined ? [] : [{ name, setBy: setBy(key) }];
    }),
  );
  if (fault !== undefined) {
    problems.add(source.name, 'row 1', fault);
    return undefined;
  }

  const weightAt = columns.weightColumn === undefined ? -1 : header.indexOf(columns.weightColumn);
  const places: LonLat[] = [];
  const weights: number[] = [];
  let nWithoutPlace = 0;
  let nRows = 0;
  for (let ix = 1; ix < rows.length; ix++) {
    const cells = rows[ix];
    if (cells.length === 1 && cells[0].trim() === '') continue;
    nRows++;
    const where = (column: string) => `row ${ix + 1}, column ${column}`;
    if (cells.length !== header.length) {
      problems.add(
        source.name,
        `row ${ix + 1}`,
        `has ${cells.length} cells, the header has ${header.length}; is a quote missing?`,
      );
      continue;
    }
    const lonText = cells[lonAt].trim();
    const latText = cells[latAt].trim();
    if (lonText === '' && latText === '') {
      nWithoutPlace++;
      continue;
    }
    const lon = degrees(lonText, 180);
    const lat = degrees(latText, 90);
    if (lon === undefined) {
      problems.add(source.name, where(columns.lonColumn), notDegrees(lonText, 180));
    } else if (lat === undefined) {
      const swapped = degrees(latText, 180) !== undefined && Math.abs(lon) <= 90;
      const hint = swapped ? '; are longitude and latitude swapped?' : '';
      problems.add(source.name, where(columns.latColumn), notDegrees(latText, 90) + hint);
    } else {
      places.push({ lon, lat });
      if (weightAt < 0) continue;
      const weightText = cells[weightAt].trim();
      const weight = DECIMAL.test(weightText) ? Number(weightText) : NaN;
      weights.push(weight);
      if (weight > 0 && weight <= MOST_WEIGHT) continue;
      const message = `${shown(weightText)} is not allowed; allowed: a number above 0, at most ${MOST_WEIGHT}, with a decimal point`;
      problems.add(source.name, where(columns.weightColumn!), message);
    }
  }
  if (problems.count > before) return undefined;
  if (places.length === 0) {
    problems.add(
      source.name,
      '',
      `holds no place: ${nRows} rows below the header, ${nWithoutPlace} of them empty`,
    );
    return undefined;
  }
  if (nWithoutPlace > 0) {
    warnings.push(
      `${source.name}: ${nWithoutPlace} of ${nRows} rows have no longitude and latitude and are left out`,
    );
  }
  return { places, weights: weightAt < 0 ? null : wholeWeights(weights) };
}

/** A column that a file should have, and where its name is set: `/demand/columns/time`, `--columns time=NAME`. */
interface AskedColumn {
  name: string;
  setBy: string;
}

/** What keeps columns from being found, in words: which, those that the file has, and where to name them. */
export function headerFault(header: readonly string[], columns: readonly AskedColumn[]): string | undefined {
  const absent = columns.filter(({ name }) => !header.includes(name));
  if (absent.length > 0) {
    const names = absent
      .map(({ name }) => `${shown(name)}${didYouMean(name, header)}`)
      .join(' and no column ');
    const found = listed(header.map((name) => (/[,"\s]|^$/.test(name) ? JSON.stringify(name) : name)));
    const other = header.length === 1 ? /[;\t|]/.exec(header[0])?.[0] : undefined;
    const hint =
      other === undefined ? '' : `; cells are divided by commas, this file seems to use ${shown(other)}`;
    const set = [...new Set(absent.map(({ setBy }) => setBy))].join(', ');
    return `has no column ${names}; found: ${found}${hint}; name the right one in ${set}`;
  }
  const twice = columns.find(({ name }) => header.indexOf(name) !== header.lastIndexOf(name));
  return twice === undefined ? undefined : `has the column ${shown(twice.name)} twice`;
}

/** A decimal number of degrees within +-limit, or undefined. */
function degrees(text: string, limit: number): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return Math.abs(value) <= limit ? value : undefined;
}

const notDegrees = (text: string, limit: number): string =>
  `${shown(text)} is not allowed; allowed: degrees from -${limit} to ${limit} with a decimal point`;
