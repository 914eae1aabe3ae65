/**
 * Places of calls drawn from a raster, once, when it is imported: a systematic sample (Cochran, Sampling Techniques, 3rd
 * ed. 1977, chapter 8). Shares of demand in any area come out with a far smaller error than of as many independent draws.
 */
import { assert } from '../../errors.ts';
import type { Grid } from './grid.ts';
import type { JemssMap } from './inputs.ts';

/** Steps of the additive recurrence with the best spread in the plane: 1/g and 1/g^2 of g^3 = g + 1 (M. Roberts, 2018). */
const STEP_X = 0.7548776662466927;
const STEP_Y = 0.5698402909980532;

/**
 * Places such that a cell of weight w gets w / sum of them, rounded up or down: place k lies in the cell where the running
 * sum of weights, row by row from the south, passes (k + 1/2) / count; inside it the places are spread evenly.
 * Cost O(cells + count).
 */
export function placesOfGrid(grid: Grid, count: number): [x: number, y: number][] {
  const { nX, dx, dy, weight } = grid;
  const sum = weight.reduce((total, value) => total + value, 0);
  assert(sum > 0 && count > 0, 'places are drawn from a raster of some weight');
  const places: [number, number][] = [];
  let below = 0;
  for (let cell = 0; cell < weight.length; cell++) {
    if (weight[cell] === 0) continue;
    below += weight[cell];
    while (places.length < count && (places.length + 0.5) / count < below / sum) {
      places.push(inCell(grid, cell, places.length, dx, dy, nX));
    }
  }
  // rounding of the last sum
  const last = weight.findLastIndex((value) => value > 0);
  while (places.length < count) places.push(inCell(grid, last, places.length, dx, dy, nX));
  return places;
}

function inCell(grid: Grid, cell: number, k: number, dx: number, dy: number, nX: number): [number, number] {
  const along = (step: number): number => ((k + 1) * step) % 1;
  const x = grid.x + ((cell % nX) - 0.5 + along(STEP_X)) * dx;
  return [x, grid.y + (Math.floor(cell / nX) - 0.5 + along(STEP_Y)) * dy];
}

/** Places spread evenly over the rectangle of a map. */
export function placesOfMap({ xMin, xMax, yMin, yMax }: JemssMap, count: number): [x: number, y: number][] {
  const whole: Grid = {
    nX: 1,
    nY: 1,
    x: (xMin + xMax) / 2,
    y: (yMin + yMax) / 2,
    dx: xMax - xMin,
    dy: yMax - yMin,
    weight: Float64Array.of(1),
  };
  return placesOfGrid(whole, count);
}
