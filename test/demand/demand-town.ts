/** A small town with demand, its calls as rows, and the statistics that drawn calls are held to. */
import type { City } from '../../engine/city/city.ts';
import { CALL_COLUMNS, type CallTable } from '../../engine/demand/demand.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

export const TOWN = `
A-----B---C
|     |   |
D-----E---F`;
export const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];
export const category = (id: string, share: number, onSceneS: object, more: object = {}) => ({
  id,
  priority: 1,
  share,
  onSceneS,
  ...more,
});
export const CONSTANT = category('call', 1, { type: 'constant', mean: 60 });
export const ROADS = { type: 'roads' };

export interface Given {
  sources?: object[];
  categories?: object[];
  surges?: object[];
  zones?: object[];
  run?: object;
  /** Other keys of the scenario. */
  more?: object;
  files?: SmallScenario['files'];
  units?: SmallScenario['units'];
}

/** One week from Monday 00:00 unless `run` says otherwise. */
export async function cityOf({
  sources = [{ where: ROADS, callsPerHour: 10 }],
  categories = [CONSTANT],
  surges,
  zones = [],
  run,
  more,
  files,
  units,
}: Given): Promise<City> {
  const { city } = await smallCity(TOWN, {
    ...(files === undefined ? {} : { files }),
    ...(units === undefined ? {} : { units }),
    scenario: {
      zones,
      demand: { type: 'poisson', categories, sources, ...(surges === undefined ? {} : { surges }) },
      run: { start: '2026-03-02T00:00', durationS: 7 * 86_400, replications: 1, seed: 135, ...run },
      ...more,
    },
  });
  return city;
}

export type Call = Record<(typeof CALL_COLUMNS)[number], number>;

export const rowsOf = (table: CallTable): Call[] =>
  Array.from(
    { length: table.nCalls },
    (_, i) => Object.fromEntries(CALL_COLUMNS.map((column) => [column, table[column][i]])) as Call,
  );

/** Calls of several replications together. */
export const draw = (city: City, replications: number): Call[] =>
  Array.from({ length: replications }, (_, r) => rowsOf(drawCalls(city, r + 1))).flat();

/** A call without its number-dependent column, to be found again among other calls. */
export const faceOf = (call: Call): string => JSON.stringify({ ...call, parent: 0 });

export const histogram = (values: number[], bins: number): number[] => {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[value]++;
  return counts;
};

/** Pearson's statistic. */
export const chiSquare = (counts: number[], expected: number[]): number =>
  counts.reduce((sum, n, i) => sum + (n - expected[i]) ** 2 / expected[i], 0);

/** Quantile of the chi-square law (Wilson and Hilferty 1931) that is passed once in 10,000: normal quantile 3.719. */
export const chiSquareBound = (degrees: number): number =>
  degrees * (1 - 2 / (9 * degrees) + 3.719 * Math.sqrt(2 / (9 * degrees))) ** 3;

export const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
export const variance = (values: number[]): number => {
  const m = mean(values);
  return values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1);
};

/** How many standard errors a count of successes is off its share. */
export const errorsOff = (successes: number, trials: number, share: number): number =>
  Math.abs(successes - trials * share) / Math.sqrt(trials * share * (1 - share));

/** The largest distance of an empirical from a continuous distribution function, times the root of the sample size. */
export function kolmogorovSmirnov(values: number[], cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let distance = 0;
  sorted.forEach((value, i) => {
    const p = cdf(value);
    distance = Math.max(distance, (i + 1) / sorted.length - p, p - i / sorted.length);
  });
  return distance * Math.sqrt(sorted.length);
}

/** Passed by a right sample once in 10,000: 2 exp(-2 x^2). */
export const KS_BOUND = 2.225;
