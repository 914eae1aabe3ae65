/** Figures with intervals that come from how weeks differ: the delete-one jackknife (Tukey 1958) over weeks. */
import { studentTwoSided } from '../../student.ts';

export interface FittedFigure {
  value: number;
  /** Standard error. */
  se: number;
  /** 95 % interval by Student's law on weeks - 1 degrees of freedom. */
  ci95: [number, number];
  /** Calls behind the figure. */
  n: number;
}

/**
 * @param valueWithout  the figure from all weeks but one; -1 leaves none out
 * @param least, most   what the figure cannot pass; the interval is cut there
 */
export function jackknife(
  nWeeks: number,
  valueWithout: (week: number) => number,
  n: number,
  least = -Infinity,
  most = Infinity,
): FittedFigure {
  const value = valueWithout(-1);
  const without = Array.from({ length: nWeeks }, (_, week) => valueWithout(week));
  return withStandardError(value, jackknifeError(without), nWeeks, n, least, most);
}

/** Standard error from the figures without each week. */
export function jackknifeError(without: readonly number[]): number {
  const { length } = without;
  const mean = without.reduce((sum, value) => sum + value, 0) / length;
  const squares = without.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt((squares * (length - 1)) / length);
}

export function withStandardError(
  value: number,
  se: number,
  nWeeks: number,
  n: number,
  least = -Infinity,
  most = Infinity,
): FittedFigure {
  const half = studentTwoSided(0.95, nWeeks - 1) * se;
  return { value, se, ci95: [Math.max(least, value - half), Math.min(most, value + half)], n };
}

/** Ratio of sums over weeks. */
export function ratioByWeek(
  over: ArrayLike<number>,
  under: ArrayLike<number>,
  n: number,
  most = Infinity,
): FittedFigure {
  let totalOver = 0;
  let totalUnder = 0;
  for (let week = 0; week < over.length; week++) {
    totalOver += over[week];
    totalUnder += under[week];
  }
  return jackknife(
    over.length,
    (week) => (week < 0 ? totalOver / totalUnder : (totalOver - over[week]) / (totalUnder - under[week])),
    n,
    0,
    most,
  );
}
