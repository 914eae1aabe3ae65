/**
 * Rasters of call density: GeoTIFF as GDAL writes plain grids, and lists of x, y, z. Cells lie on lines of longitude and
 * latitude.
 */
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { decodeUtf8 } from '../../scenario/strict-json.ts';
import { readTiffGrid } from './tiff.ts';

/** A regular grid, rows from south to north, columns from west to east. */
export interface Grid {
  nX: number;
  nY: number;
  /** Centre of the south-western cell, and size of cells; degrees. */
  x: number;
  y: number;
  dx: number;
  dy: number;
  /** Weight of cell (i, j) at j * nX + i; none negative, some above zero. */
  weight: Float64Array;
}

/** Cells of a raster: 60 million are a country at 100 m. */
const MOST_CELLS = 60_000_000;

/** A raster by its first bytes. @throws InputError naming file, place and what was found */
export function readGrid(file: string, bytes: Uint8Array): Grid {
  const isTiff =
    bytes.length >= 4 && ['II*\0', 'MM\0*'].includes(String.fromCharCode(...bytes.subarray(0, 4)));
  const grid = isTiff ? readTiffGrid(file, bytes, MOST_CELLS) : readXyz(file, bytes);
  let sum = 0;
  for (let cell = 0; cell < grid.weight.length; cell++) {
    const weight = grid.weight[cell];
    if (!(weight >= 0 && weight < Infinity)) {
      const place = `cell ${(cell % grid.nX) + 1}, ${Math.floor(cell / grid.nX) + 1} from the south-west`;
      throw InputError.at(file, place, `weighs ${weight}; weights are numbers from 0 on`);
    }
    sum += weight;
  }
  if (!(sum > 0)) throw InputError.at(file, '', 'has no cell of weight above 0');
  return grid;
}

/** Lines of x, y and z divided by spaces, one for each cell, in any order of rows as long as it is regular. */
function readXyz(file: string, bytes: Uint8Array): Grid {
  const xs: number[] = [];
  const ys: number[] = [];
  const zs: number[] = [];
  const lines = decodeUtf8(bytes, file, LIMITS.textBytes).split(/\r?\n/);
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const cells = line.trim().split(/[\s,]+/);
    const values = cells.map(Number);
    if (values.length !== 3 || cells.includes('') || !values.every(Number.isFinite)) {
      throw InputError.at(
        file,
        `line ${i + 1}`,
        `holds ${JSON.stringify(line.slice(0, 60))}; allowed: three numbers x y z`,
      );
    }
    xs.push(values[0]);
    ys.push(values[1]);
    zs.push(values[2]);
  });
  const [columns, rows] = [distinct(xs), distinct(ys)];
  if (columns.length < 2 || rows.length < 2) {
    throw InputError.at(
      file,
      '',
      `is a grid of ${columns.length} by ${rows.length} cells; at least 2 by 2 are needed to know their size`,
    );
  }
  const [dx, dy] = [stepOf(file, 'x', columns), stepOf(file, 'y', rows)];
  const weight = new Float64Array(columns.length * rows.length).fill(NaN);
  zs.forEach((z, line) => {
    const cell =
      Math.round((ys[line] - rows[0]) / dy) * columns.length + Math.round((xs[line] - columns[0]) / dx);
    if (!Number.isNaN(weight[cell]))
      throw InputError.at(file, '', `gives the cell at ${xs[line]} ${ys[line]} twice`);
    weight[cell] = z;
  });
  const missing = weight.findIndex(Number.isNaN);
  if (missing >= 0) {
    const at = `${columns[missing % columns.length]} ${rows[Math.floor(missing / columns.length)]}`;
    throw InputError.at(file, '', `has no line for the cell at ${at}`);
  }
  return { nX: columns.length, nY: rows.length, x: columns[0], y: rows[0], dx, dy, weight };
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function stepOf(file: string, axis: string, values: readonly number[]): number {
  const step = (values[values.length - 1] - values[0]) / (values.length - 1);
  const odd = values.find((value, i) => Math.abs(value - (values[0] + i * step)) > step * 0.01);
  if (odd !== undefined)
    throw InputError.at(file, '', `is no regular grid: ${axis} ${odd} is off its steps of ${step}`);
  return step;
}
