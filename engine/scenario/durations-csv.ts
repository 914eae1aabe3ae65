/** Observed durations from one column of a CSV file, in seconds. */
import { csvParseRows } from 'd3-dsv';
import { LIMITS } from '../limits.ts';
import { secondsToMs, type Ms } from '../units.ts';
import { DECIMAL, headerFault } from './places-csv.ts';
import { type Problems, shown } from './problems.ts';
import type { SourceFile } from './scenario.ts';
import { decodeUtf8 } from './strict-json.ts';

const MOST_S = 1e9;

/**
 * Rows in which the cell is empty have no duration; they are counted in a warning and left out. Row numbers in errors
 * count from the header, which is row 1.
 * @param setBy  where the name of the column is set, for its error
 * @returns durations in the order of the file, or undefined when something is wrong
 */
export function readDurations(
  source: SourceFile,
  column: string,
  setBy: string,
  problems: Problems,
  warnings: string[],
): Ms[] | undefined {
  const before = problems.count;
  const rows = csvParseRows(decodeUtf8(source.bytes, source.name, LIMITS.textBytes));
  const header = rows[0] ?? [];
  const fault = headerFault(header, [{ name: column, setBy }]);
  if (fault !== undefined) {
    problems.add(source.name, 'row 1', fault);
    return undefined;
  }
  const at = header.indexOf(column);
  const durations: Ms[] = [];
  let nEmpty = 0;
  for (let ix = 1; ix < rows.length; ix++) {
    const cells = rows[ix];
    if (cells.length === 1 && cells[0].trim() === '' && header.length > 1) continue;
    const place = `row ${ix + 1}`;
    if (cells.length !== header.length) {
      problems.add(source.name, place, `has ${cells.length} cells, the header has ${header.length}`);
      continue;
    }
    const text = cells[at].trim();
    if (text === '') {
      nEmpty++;
      continue;
    }
    const seconds = DECIMAL.test(text) ? Number(text) : NaN;
    if (seconds >= 0 && seconds <= MOST_S) durations.push(secondsToMs(seconds));
    else {
      const allowed = `allowed: seconds from 0 to ${MOST_S} with a decimal point`;
      problems.add(source.name, `${place}, column ${column}`, `${shown(text)} is not allowed; ${allowed}`);
    }
  }
  if (problems.count > before) return undefined;
  if (durations.length === 0) {
    problems.add(source.name, '', `holds no duration in the column ${shown(column)}`);
    return undefined;
  }
  if (nEmpty > 0) {
    warnings.push(
      `${source.name}: ${nEmpty} of ${nEmpty + durations.length} rows have no ${column} and are left out`,
    );
  }
  return durations;
}
