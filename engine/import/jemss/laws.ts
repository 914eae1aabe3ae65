/**
 * Laws of durations as JEMSS names them (those of Julia's Distributions.jl, in days), as a scenario writes them (in
 * seconds): `Exponential(mean)`, `Normal(m, 0)`, `Uniform(a, b)`, `Gamma(shape, scale)`, `LogNormal(mu, sigma)`,
 * `truncated(Normal or Exponential, from, to)`. Others are refused by name, and so is a law that gives times below zero.
 */
import { exp } from '../../math.ts';
import { isCall, type JemssCall, type JemssValue, parseValue, ValueError } from './values.ts';

/** A law in a scenario's notation. */
export type LawJson =
  | number
  | { type: 'exponential'; mean: number }
  | { type: 'gamma' | 'lognormal'; mean: number; cv: number }
  | { type: 'empirical'; valuesS: number[] };

const SECONDS_PER_DAY = 86_400;

/** A law that no scenario can name becomes so many values, each as likely as any other. */
export const LAW_VALUES = 1000;

/** Rectangles under a density whose quantiles are looked for. */
const DENSITY_STEPS = 200_000;
/** Where a tail without end is cut, in standard deviations or means: what lies beyond weighs below 1e-13. */
const TAIL = 30;

/** Reads a law of durations. @throws ValueError */
export function parseLaw(text: string): LawJson {
  const value = parseValue(text);
  if (!isCall(value)) throw new ValueError('is no law such as Exponential(1/24)');
  return lawOf(value);
}

function lawOf(law: JemssCall): LawJson {
  switch (law.name) {
    case 'Exponential': {
      const [mean] = numbers(law, 1);
      return { type: 'exponential', mean: seconds(above(mean, 0, 'mean')) };
    }
    case 'Normal': {
      const [mean, sd] = numbers(law, 2);
      if (sd !== 0) throw new ValueError('gives times below zero; truncated(Normal(…), 0, Inf) does not');
      return seconds(least(mean, 0, 'mean'));
    }
    case 'Gamma': {
      const [shape, scale] = numbers(law, 2);
      const mean = above(shape, 0, 'shape') * above(scale, 0, 'scale');
      return { type: 'gamma', mean: seconds(mean), cv: digits(1 / Math.sqrt(shape)) };
    }
    case 'LogNormal': {
      const [mu, sigma] = numbers(law, 2);
      const spread = least(sigma, 0, 'sigma') * sigma;
      return {
        type: 'lognormal',
        mean: seconds(exp(mu + spread / 2)),
        cv: digits(Math.sqrt(exp(spread) - 1)),
      };
    }
    case 'Uniform': {
      const [from, to] = numbers(law, 2);
      if (to < least(from, 0, 'from')) throw new ValueError('ends before it begins');
      return empirical(
        Array.from({ length: LAW_VALUES }, (_, i) => from + ((i + 0.5) / LAW_VALUES) * (to - from)),
      );
    }
    case 'truncated':
    case 'Truncated':
      return truncated(law);
    default:
      throw new ValueError(
        `names the law ${law.name}, which is not known; known are Exponential, Normal, Gamma, LogNormal, Uniform and truncated`,
      );
  }
}

function truncated({ args }: JemssCall): LawJson {
  const [law, ...bounds] = args;
  if (law === undefined || !isCall(law)) throw new ValueError('truncates no law');
  const [from, to] = [numberAt(bounds, 0, 'truncated'), numberAt(bounds, 1, 'truncated')];
  if (least(from, 0, 'lower bound of a truncated law') >= to) throw new ValueError('is truncated to nothing');
  if (law.name === 'Exponential') {
    const [mean] = numbers(law, 1);
    above(mean, 0, 'mean');
    const end = Math.min(to, from + TAIL * mean);
    return empirical(quantiles((x) => exp((from - x) / mean), from, end));
  }
  if (law.name === 'Normal') {
    const [mean, sd] = numbers(law, 2);
    if (sd === 0) {
      if (mean < from || mean > to) throw new ValueError('is truncated to nothing');
      return seconds(mean);
    }
    above(sd, 0, 'standard deviation');
    const begin = Math.max(from, mean - TAIL * sd);
    const end = Math.min(to, Math.max(mean, from) + TAIL * sd);
    // relative to the highest point inside, so that a far tail does not vanish
    const peak = Math.min(Math.max(mean, begin), end);
    const height = squared((peak - mean) / sd) / 2;
    return empirical(quantiles((x) => exp(height - squared((x - mean) / sd) / 2), begin, end));
  }
  throw new ValueError(`truncates the law ${law.name}; Normal and Exponential can be truncated`);
}

/** The middles of LAW_VALUES equal shares of a density, which need not sum to 1, by the rectangle rule. */
function quantiles(density: (x: number) => number, from: number, to: number): number[] {
  const step = (to - from) / DENSITY_STEPS;
  const heights = Float64Array.from({ length: DENSITY_STEPS }, (_, i) => density(from + (i + 0.5) * step));
  const whole = heights.reduce((sum, height) => sum + height, 0);
  const values: number[] = [];
  let below = 0;
  heights.forEach((height, i) => {
    while (values.length < LAW_VALUES && below + height >= ((values.length + 0.5) / LAW_VALUES) * whole) {
      const inside = (((values.length + 0.5) / LAW_VALUES) * whole - below) / height;
      values.push(from + (i + inside) * step);
    }
    below += height;
  });
  while (values.length < LAW_VALUES) values.push(to); // rounding of the last share
  return values;
}

const empirical = (days: readonly number[]): LawJson => ({ type: 'empirical', valuesS: days.map(seconds) });

const squared = (x: number): number => x * x;

/** Days as seconds, to the millisecond. */
const seconds = (days: number): number => Math.round(days * SECONDS_PER_DAY * 1000) / 1000;
const digits = (value: number): number => Number(value.toPrecision(12));

function numbers({ name, args }: JemssCall, count: number): number[] {
  if (args.length !== count) throw new ValueError(`gives ${name} ${args.length} numbers; it takes ${count}`);
  return args.map((_, i) => numberAt(args, i, name));
}

function numberAt(args: readonly JemssValue[], i: number, name: string): number {
  const value = args[i];
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new ValueError(`gives ${name} something that is no number`);
  return value;
}

function above(value: number, least: number, what: string): number {
  if (!(value > least && value < Infinity))
    throw new ValueError(`has a ${what} of ${value}; above ${least} is allowed`);
  return value;
}

function least(value: number, from: number, what: string): number {
  if (!(value >= from && value < Infinity))
    throw new ValueError(`has a ${what} of ${value}; ${from} and more is allowed`);
  return value;
}

/** Probability of yes of a `Bernoulli(p)`. @throws ValueError */
export function parseBernoulli(text: string): number {
  const value = parseValue(text);
  if (!isCall(value) || value.name !== 'Bernoulli') throw new ValueError('is no Bernoulli(p)');
  const [p] = numbers(value, 1);
  if (!(p >= 0 && p <= 1)) throw new ValueError(`has a probability of ${p}`);
  return p;
}

/** Probabilities of a `Categorical([p1, p2, …])`. @throws ValueError */
export function parseCategorical(text: string): number[] {
  const value = parseValue(text);
  const list = isCall(value) && value.name === 'Categorical' ? value.args[0] : undefined;
  if (!Array.isArray(list) || list.length === 0) throw new ValueError('is no Categorical([p1, p2, …])');
  const shares = list.map((share: JemssValue) => {
    if (typeof share !== 'number' || !(share >= 0 && share <= 1))
      throw new ValueError('has a probability outside 0 to 1');
    return share;
  });
  const sum = shares.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new ValueError(`has probabilities that sum to ${sum}, not 1`);
  return shares;
}

/** Mean of an `Exponential(mean)` in days: calls come as a Poisson process. @throws ValueError for any other law */
export function parseInterarrival(text: string): number {
  const value = parseValue(text);
  if (!isCall(value) || value.name !== 'Exponential') {
    throw new ValueError(
      'is not Exponential(mean); other laws of the time between calls are not carried over',
    );
  }
  return above(numbers(value, 1)[0], 0, 'mean');
}
