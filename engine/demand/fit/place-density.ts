/**
 * Where calls happen: a mixture of kernel densities of several widths, of the cell's own share and of an even spread.
 * Weights are those under which weeks left out are likeliest (stacking: Smyth and Wolpert, "Linearly combining density
 * estimators via stacking", Machine Learning 36, 1999); the likelihood is concave in the weights, so there is but one
 * maximum.
 */
import { exp, log } from '../../math.ts';
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

/**
 * The last part is the even one; it keeps at least this weight, so that no place of the area is impossible: one call
 * there would outweigh all others in the likelihood.
 */
const LEAST_EVEN = 0.001;

const MOST_STEPS = 100;
/** Steps end when no weights can make the held-out calls likelier by more than this, in the mean log-likelihood of a call. */
const LEFT_TO_GAIN = 1e-6;

/**
 * Weights of the parts, adding up to 1, by Newton steps with a quadratic program in each (Kim, Carbonetto, Stephens and
 * Anitescu, "A fast algorithm for maximum likelihood estimation of mixture proportions using sequential quadratic
 * programming", J. Comput. Graph. Stat. 29, 2020): on the weights without their sum, whose penalty brings it to 1.
 * Cost O(steps x held-out places x parts^2), some ten steps.
 */
export function stackingWeights({ counts, densities }: HeldOut, nParts: number): Float64Array {
  let weights: Float64Array = new Float64Array(nParts).fill(1 / nParts);
  const foretold = Float64Array.from(densities);
  // a place that no part foretells has no say
  const used = Float64Array.from(counts, (count, place) =>
    mixedAt(foretold, place, weights) > 0 ? count : 0,
  );
  const total = sumOf(used);
  if (total === 0) return weights;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gain, curve } = derivatives(used, foretold, weights, total);
    // the likelihood is concave, so its slope towards the best part bounds what is left to gain (Lindsay 1983)
    if (Math.max(...gain) <= 1 + LEFT_TO_GAIN) break;
    const towards = quadraticStep(weights, gain, curve);
    const before = score(used, foretold, weights, total);
    let slope = 0;
    for (let part = 0; part < nParts; part++) slope += (gain[part] - 1) * (towards[part] - weights[part]);
    let next: Float64Array = towards;
    for (let share = 1; share > 1e-9; share /= 2) {
      next = weights.map((weight, part) => weight + share * (towards[part] - weight));
      if (score(used, foretold, next, total) >= before + 1e-4 * share * slope) break;
    }
    weights = next;
  }
  const sum = sumOf(weights);
  const shares = weights.map((weight) => weight / sum);
  const last = nParts - 1;
  if (shares[last] >= LEAST_EVEN) return shares;
  return shares.map((share, part) =>
    part === last ? LEAST_EVEN : (share * (1 - LEAST_EVEN)) / (1 - shares[last]),
  );
}

function mixedAt(foretold: Float64Array, place: number, weights: Float64Array): number {
  let mixed = 0;
  for (let part = 0, at = place * weights.length; part < weights.length; part++, at++) {
    mixed += weights[part] * foretold[at];
  }
  return mixed;
}

/** Mean log-likelihood of a call, less the sum of the weights; -Infinity where a call is foretold by nothing. */
function score(used: Float64Array, foretold: Float64Array, weights: Float64Array, total: number): number {
  let sum = 0;
  for (let place = 0; place < used.length; place++) {
    if (used[place] > 0) sum += used[place] * log(mixedAt(foretold, place, weights));
  }
  return sum / total - sumOf(weights);
}

/** First derivatives of the mean log-likelihood by the weights, and the negative of the second ones. */
function derivatives(used: Float64Array, foretold: Float64Array, weights: Float64Array, total: number) {
  const n = weights.length;
  const gain = new Float64Array(n);
  const curve = new Float64Array(n * n);
  for (let place = 0, at = 0; place < used.length; place++, at += n) {
    if (used[place] === 0) continue;
    const mixed = mixedAt(foretold, place, weights);
    const each = used[place] / (mixed * total);
    for (let part = 0; part < n; part++) {
      const value = foretold[at + part];
      if (value === 0) continue;
      gain[part] += each * value;
      const scaled = (each * value) / mixed;
      for (let other = 0; other <= part; other++) curve[part * n + other] += scaled * foretold[at + other];
    }
  }
  for (let part = 0; part < n; part++) {
    for (let other = 0; other < part; other++) curve[other * n + part] = curve[part * n + other];
  }
  return { gain, curve };
}

/** The weights, none negative, that are best for the quadratic around the present ones; coordinate by coordinate. */
function quadraticStep(weights: Float64Array, gain: Float64Array, curve: Float64Array): Float64Array {
  const n = weights.length;
  const to = weights.slice();
  for (let sweep = 0; sweep < 200; sweep++) {
    let moved = 0;
    for (let part = 0; part < n; part++) {
      let slope = 1 - gain[part];
      for (let other = 0; other < n; other++) slope += curve[part * n + other] * (to[other] - weights[other]);
      const bend = curve[part * n + part];
      const value = bend > 0 ? Math.max(0, to[part] - slope / bend) : 0;
      moved = Math.max(moved, Math.abs(value - to[part]));
      to[part] = value;
    }
    if (moved < 1e-10) break;
  }
  return to;
}
