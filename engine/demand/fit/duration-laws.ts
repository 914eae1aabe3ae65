/**
 * Which law describes observed durations: each is fitted by maximum likelihood; of those that follow the data closely
 * enough the one of the lowest BIC is taken (a gamma law must earn its second parameter over the exponential one), and
 * the data themselves where none does.
 *
 * Closely enough: the distance of Kolmogorov and Smirnov between law and data is at most 0.05, or no more than chance
 * would make of so few (1.358 / sqrt n, the 5 % point for a law known beforehand; of a fitted one it is lenient). With
 * thousands of durations a test would refuse every law for differences that no queue would feel.
 */
import { exp, lnGamma, log } from '../../math.ts';
import { normalCdf } from '../../rng.ts';
import { gammaCdf } from '../gamma.ts';
import { sumOf } from './weekly-rates.ts';

export type LawType = 'constant' | 'exponential' | 'gamma' | 'lognormal';

export interface FittedLaw {
  type: LawType;
  meanS: number;
  /** Standard error of the mean under the law. */
  meanSe: number;
  /** Standard deviation over mean. */
  cv: number;
  /** Standard error; 0 where the law fixes it. */
  cvSe: number;
  /** Null where the law cannot have made the data, such as a constant one of data that differ. */
  logLikelihood: number | null;
  aic: number | null;
  bic: number | null;
  /** Largest distance between the shares at or below a duration, of law and data. */
  ksDistance: number;
}

export interface DurationFit {
  /** Durations behind the fit. */
  n: number;
  chosen: LawType | 'empirical';
  /** Mean of the data and its standard error from their spread. */
  meanS: number;
  meanSe: number;
  cv: number;
  /** What `ksDistance` may be at most. */
  ksAllowed: number;
  /** Laws that the data allow to be fitted. */
  laws: FittedLaw[];
  /** Ascending. */
  valuesS: Float64Array;
}

const KS_ALLOWED = 0.05;

/** @param durations  in seconds, at least one, none negative; zeros leave only the constant and the exponential law */
export function fitDurations(durations: ArrayLike<number>): DurationFit {
  const valuesS = Float64Array.from(durations).sort();
  const n = valuesS.length;
  const meanS = sumOf(valuesS) / n;
  let squares = 0;
  for (const value of valuesS) squares += (value - meanS) * (value - meanS);
  const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  const ksAllowed = Math.max(KS_ALLOWED, 1.358 / Math.sqrt(n));
  const laws = lawsOf(valuesS, meanS);
  let chosen: DurationFit['chosen'] = 'empirical';
  let lowest = Infinity;
  for (const { type, bic, ksDistance } of laws) {
    // data that are all equal are constant: no density can be compared with that
    const score = type === 'constant' ? (ksDistance === 0 ? -Infinity : Infinity) : (bic ?? Infinity);
    if (score < lowest && ksDistance <= ksAllowed) {
      chosen = type;
      lowest = score;
    }
  }
  return {
    n,
    chosen,
    meanS,
    meanSe: deviation / Math.sqrt(n),
    cv: meanS > 0 ? deviation / meanS : 0,
    ksAllowed,
    laws,
    valuesS,
  };
}

function lawsOf(valuesS: Float64Array, meanS: number): FittedLaw[] {
  const n = valuesS.length;
  const equal = valuesS[0] === valuesS[n - 1];
  const constant: FittedLaw = {
    type: 'constant',
    meanS,
    meanSe: 0,
    cv: 0,
    cvSe: 0,
    logLikelihood: null,
    aic: null,
    bic: null,
    ksDistance: equal ? 0 : ksDistance(valuesS, (value) => (value < meanS ? 0 : 1)),
  };
  if (equal) return [constant];
  const laws = [constant, exponentialLaw(valuesS, meanS)];
  if (valuesS[0] > 0) laws.push(gammaLaw(valuesS, meanS), lognormalLaw(valuesS));
  return laws;
}

function exponentialLaw(valuesS: Float64Array, meanS: number): FittedLaw {
  const n = valuesS.length;
  return {
    type: 'exponential',
    meanS,
    meanSe: meanS / Math.sqrt(n),
    cv: 1,
    cvSe: 0,
    ...scores(-n * log(meanS) - n, 1, n),
    ksDistance: ksDistance(valuesS, (value) => 1 - exp(-value / meanS)),
  };
}

/**
 * Shape k by Newton's method on log k - digamma(k) = log(mean) - mean(log). It starts where
 * (1 + 1 / (6 k + 1)) / (2 k), which is near log k - digamma(k) for all k, has that value. Errors from the expected
 * information.
 */
function gammaLaw(valuesS: Float64Array, meanS: number): FittedLaw {
  const n = valuesS.length;
  const sumLog = sumOf(valuesS.map(log));
  const gap = log(meanS) - sumLog / n;
  let shape = (3 - gap + Math.sqrt((gap - 3) * (gap - 3) + 24 * gap)) / (12 * gap);
  for (let step = 0; step < 50; step++) {
    const change = (log(shape) - digamma(shape) - gap) / (1 / shape - trigamma(shape));
    // never past half way to 0
    const next = Math.max(shape / 2, shape - change);
    if (Math.abs(next - shape) < 1e-13 * shape) break;
    shape = next;
  }
  const logLikelihood =
    (shape - 1) * sumLog - n * shape - n * shape * log(meanS / shape) - n * lnGamma(shape);
  const shapeSe = Math.sqrt(shape / (n * (shape * trigamma(shape) - 1)));
  return {
    type: 'gamma',
    meanS,
    meanSe: meanS / Math.sqrt(n * shape),
    cv: 1 / Math.sqrt(shape),
    cvSe: shapeSe / (2 * shape * Math.sqrt(shape)),
    ...scores(logLikelihood, 2, n),
    ksDistance: ksDistance(valuesS, (value) => gammaCdf(shape, (value * shape) / meanS)),
  };
}

function lognormalLaw(valuesS: Float64Array): FittedLaw {
  const n = valuesS.length;
  const logs = valuesS.map(log);
  const mu = sumOf(logs) / n;
  const variance = sumOf(logs.map((value) => (value - mu) * (value - mu))) / n;
  const deviation = Math.sqrt(variance);
  const meanS = exp(mu + variance / 2);
  const cv = Math.sqrt(exp(variance) - 1);
  const logLikelihood = -sumOf(logs) - (n / 2) * (log(variance) + LOG_TWO_PI) - n / 2;
  return {
    type: 'lognormal',
    meanS,
    meanSe: meanS * Math.sqrt(variance / n + (variance * variance) / (2 * n)),
    cv,
    cvSe: (exp(variance) / (2 * cv)) * variance * Math.sqrt(2 / n),
    ...scores(logLikelihood, 2, n),
    ksDistance: ksDistance(valuesS, (value) => normalCdf((log(value) - mu) / deviation)),
  };
}

const LOG_TWO_PI = 1.8378770664093453;

/** Akaike's and Schwarz's criteria. */
const scores = (
  logLikelihood: number,
  parameters: number,
  n: number,
): Pick<FittedLaw, 'logLikelihood' | 'aic' | 'bic'> => ({
  logLikelihood,
  aic: 2 * parameters - 2 * logLikelihood,
  bic: parameters * log(n) - 2 * logLikelihood,
});

/** @param ascending  data; of values that are equal the share below the first and up to the last count */
function ksDistance(ascending: Float64Array, cdf: (value: number) => number): number {
  const n = ascending.length;
  let distance = 0;
  for (let first = 0; first < n;) {
    let end = first + 1;
    while (end < n && ascending[end] === ascending[first]) end++;
    const share = cdf(ascending[first]);
    distance = Math.max(distance, Math.abs(share - first / n), Math.abs(end / n - share));
    first = end;
  }
  return distance;
}

/** Derivative of the logarithm of the gamma function (Abramowitz and Stegun 6.3.5 and 6.3.18). */
export function digamma(x: number): number {
  let sum = 0;
  for (; x < 12; x++) sum -= 1 / x;
  const z = 1 / (x * x);
  return sum + log(x) - 1 / (2 * x) - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z / 132))));
}

/** Its derivative (6.4.6 and 6.4.12). */
export function trigamma(x: number): number {
  let sum = 0;
  for (; x < 12; x++) sum += 1 / (x * x);
  const z = 1 / (x * x);
  return sum + 1 / x + z / 2 + (z / x) * (1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - (z * 5) / 66))));
}
