/**
 * Where calls happen: a mixture of kernel densities of several widths, of the cell's own share and of an even spread.
 * Weights are those under which weeks left out are likeliest (stacking: Smyth and Wolpert, "Linearly combining density
 * estimators via stacking", Machine Learning 36, 1999), found by the EM steps of a mixture with known parts, whose
 * likelihood is concave in the weights: every start ends at the same maximum.
 */
import { exp } from '../../math.ts';
import type { Grid, Places } from './places.ts';
import { sumOf } from './weekly-rates.ts';

/** A part of the mixture. */
export interface Component {
  /** `own cell`, `500 m`, `even`; of a group of calls or of all. */
  name: string;
  kind: { type: 'own' } | { type: 'kernel'; widthM: number } | { type: 'even' };
  /** Calls it is made of: those of the group, or all. */
  of: 'group' | 'all';
}

const WIDTHS_M = [500, 1000, 2000, 4000];

/** Parts for calls at these places. @param hasGroup  whether the calls are a part of all calls */
export function componentsOf({ shape }: Places, hasGroup: boolean): Component[] {
  // a kernel much narrower than a cell is the cell
  const widths = shape.type === 'grid' ? WIDTHS_M.filter((widthM) => widthM >= shape.grid.cellM / 2) : [];
  const parts = (of: Component['of'], suffix: string): Component[] => [
    { name: `${shape.type === 'grid' ? 'own cell' : 'own zone'}${suffix}`, kind: { type: 'own' }, of },
    ...widths.map((widthM): Component => ({
      name: `${widthM} m${suffix}`,
      kind: { type: 'kernel', widthM },
      of,
    })),
  ];
  return [
    ...parts('all', ''),
    ...(hasGroup ? parts('group', ' of the group') : []),
    { name: 'even', kind: { type: 'even' }, of: 'all' },
  ];
}

/** Shares by cell, adding up to 1. @param calls by cell, with at least one call for all kinds but `even` */
export function sharesOf(kind: Component['kind'], calls: Float64Array, places: Places): Float64Array {
  switch (kind.type) {
    case 'even':
      return scaled(places.areaKm2, 1);
    case 'own':
      return scaled(calls, 1);
    case 'kernel':
      return scaled(smoothOnGrid(calls, places, kind.widthM), 1);
  }
}

function scaled(values: Float64Array, total: number): Float64Array {
  const sum = sumOf(values);
  return values.map((value) => (sum > 0 ? (value * total) / sum : 0));
}

/** Gaussian smoothing of counts by rows, then by columns; what would fall outside the area is left out. */
function smoothOnGrid(calls: Float64Array, { shape }: Places, widthM: number): Float64Array {
  if (shape.type !== 'grid') throw new Error('kernels need a grid');
  const { grid, gridCell } = shape;
  const whole = new Float64Array(grid.columns * grid.rows);
  gridCell.forEach((cell, place) => (whole[cell] = calls[place]));
  const weights = gaussian(widthM / grid.cellM);
  const byRow = new Float64Array(whole.length);
  spread(whole, byRow, weights, grid, 1);
  const smooth = new Float64Array(whole.length);
  spread(byRow, smooth, weights, grid, grid.columns);
  return Float64Array.from(gridCell, (cell) => smooth[cell]);
}

/** Weights at 0, 1, 2… cells from the middle, to four standard deviations. */
function gaussian(widthCells: number): Float64Array {
  const weights = Float64Array.from({ length: Math.ceil(4 * widthCells) + 1 }, (_, cells) =>
    exp(-(cells * cells) / (2 * widthCells * widthCells)),
  );
  const sum = 2 * sumOf(weights) - weights[0];
  return weights.map((weight) => weight / sum);
}

/** Adds each cell to its neighbours along rows (step 1) or columns (step = columns of the grid). */
function spread(
  from: Float64Array,
  to: Float64Array,
  weights: Float64Array,
  { columns, rows }: Grid,
  step: number,
): void {
  const length = step === 1 ? columns : rows;
  for (let cell = 0; cell < from.length; cell++) {
    const value = from[cell];
    if (value === 0) continue;
    const at = step === 1 ? cell % columns : Math.floor(cell / columns);
    to[cell] += value * weights[0];
    for (let apart = 1; apart < weights.length; apart++) {
      if (at >= apart) to[cell - apart * step] += value * weights[apart];
      if (at + apart < length) to[cell + apart * step] += value * weights[apart];
    }
  }
}

/** Held-out calls as columns: how many at a place, and what each part foretold there, per square kilometre. */
export interface HeldOut {
  counts: number[];
  /** [place x parts + part]. */
  densities: number[];
}

const MOST_STEPS = 1000;
/** Steps end when no weight moves by more; with a tenth of it held-out scores of Montgomery's calls change by 1e-5 a call. */
const STILL = 1e-4;

/** Weights of the parts, adding up to 1. Cost O(steps x held-out places x parts). */
export function stackingWeights({ counts, densities }: HeldOut, nParts: number): Float64Array {
  let weights = new Float64Array(nParts).fill(1 / nParts);
  const foretold = Float64Array.from(densities);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = new Float64Array(nParts);
    for (let place = 0, at = 0; place < counts.length; place++, at += nParts) {
      let mixed = 0;
      for (let part = 0; part < nParts; part++) mixed += weights[part] * foretold[at + part];
      if (mixed === 0) continue; // no part foretells it, whatever the weights
      const each = counts[place] / mixed;
      for (let part = 0; part < nParts; part++) next[part] += each * weights[part] * foretold[at + part];
    }
    const sum = sumOf(next);
    if (sum === 0) break; // nothing held out tells the parts apart
    let moved = 0;
    for (let part = 0; part < nParts; part++) {
      next[part] /= sum;
      moved = Math.max(moved, Math.abs(next[part] - weights[part]));
    }
    weights = next;
    if (moved < STILL) break;
  }
  return weights;
}
