/**
 * Rates by hour of week: counts over hours observed, smoothed by a kernel that reaches into the hours beside and, where
 * that foretells held-out weeks better, into the same hours of like days (Monday to Friday, Saturday and Sunday).
 * Kernel estimate of a rate as in Diggle, "A kernel method for smoothing point process data", Appl. Statist. 34 (1985).
 */
import { exp, log } from '../../math.ts';
import { HOURS_PER_WEEK } from '../../units.ts';

export interface RateKernel {
  /** Standard deviation in hours; 0 takes each hour alone. */
  widthHours: number;
  /** Weight of the same hours of like days, 0 to 1. */
  likeDays: number;
}

export const RATE_KERNELS: readonly RateKernel[] = [0, 0.5, 0.75, 1, 1.5, 2, 3].flatMap((widthHours) =>
  [0, 0.1, 0.25, 0.5, 1].map((likeDays) => ({ widthHours, likeDays })),
);

/** Calls added to every hour of the week and the time in which the mean rate has them, so that no rate is 0. */
const ADDED_CALLS = 0.5;

/** Weight of hour `from` for the rate of hour `to`: [to x 168 + from]. */
export function kernelWeights({ widthHours, likeDays }: RateKernel): Float64Array {
  const near = Float64Array.from({ length: HOURS_PER_WEEK }, (_, apart) => {
    const hours = Math.min(apart, HOURS_PER_WEEK - apart);
    if (widthHours === 0) return hours === 0 ? 1 : 0;
    return hours > 4 * widthHours ? 0 : exp(-(hours * hours) / (2 * widthHours * widthHours));
  });
  const weights = new Float64Array(HOURS_PER_WEEK * HOURS_PER_WEEK);
  for (let to = 0; to < HOURS_PER_WEEK; to++) {
    const day = Math.floor(to / 24);
    const [first, last] = day < 5 ? [0, 4] : [5, 6];
    for (let like = first; like <= last; like++) {
      const weight = like === day ? 1 : likeDays;
      if (weight === 0) continue;
      const centre = to + (like - day) * 24;
      for (let from = 0; from < HOURS_PER_WEEK; from++) {
        weights[to * HOURS_PER_WEEK + from] +=
          weight * near[(from - centre + HOURS_PER_WEEK) % HOURS_PER_WEEK];
      }
    }
  }
  return weights;
}

/** 168 rates in calls an hour, all above 0 where there is a call at all. Cost O(168^2). */
export function smoothRates(weights: Float64Array, calls: Float64Array, hours: Float64Array): Float64Array {
  const totalCalls = sumOf(calls);
  const addedHours = totalCalls > 0 ? (ADDED_CALLS * sumOf(hours)) / totalCalls : 0;
  return Float64Array.from({ length: HOURS_PER_WEEK }, (_, to) => {
    let over = totalCalls > 0 ? ADDED_CALLS : 0;
    let under = addedHours;
    for (let from = 0; from < HOURS_PER_WEEK; from++) {
      const weight = weights[to * HOURS_PER_WEEK + from];
      over += weight * calls[from];
      under += weight * hours[from];
    }
    return under > 0 ? over / under : 0;
  });
}

/** Calls and hours observed that a smoothed rate rests on: its own hour counts whole, others with their kernel weight. */
export interface PooledHour {
  calls: number;
  hours: number;
}

/** By hour of week, the weighted calls and hours that `smoothRates` divides, without the half call that it adds. */
export function weightBehind(weights: Float64Array, calls: Float64Array, hours: Float64Array): PooledHour[] {
  return Array.from({ length: HOURS_PER_WEEK }, (_, to) => {
    const behind = { calls: 0, hours: 0 };
    for (let from = 0; from < HOURS_PER_WEEK; from++) {
      const weight = weights[to * HOURS_PER_WEEK + from];
      behind.calls += weight * calls[from];
      behind.hours += weight * hours[from];
    }
    return behind;
  });
}

/** Sums over the weeks that are taken, by hour of week. @param byWeek [week x 168 + hour of week] */
export function overWeeks(byWeek: Float64Array, isTaken: (week: number) => boolean): Float64Array {
  const sums = new Float64Array(HOURS_PER_WEEK);
  for (let week = 0; week * HOURS_PER_WEEK < byWeek.length; week++) {
    if (!isTaken(week)) continue;
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++) sums[hour] += byWeek[week * HOURS_PER_WEEK + hour];
  }
  return sums;
}

/** Logarithm of the Poisson likelihood of counts under rates, but for the factorials. */
export function rateScore(rates: Float64Array, calls: Float64Array, hours: Float64Array): number {
  let score = 0;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    if (calls[hour] > 0) score += calls[hour] * log(rates[hour]);
    score -= rates[hour] * hours[hour];
  }
  return score;
}

/** The kernel under which weeks left out are likeliest. Of equals the smoother one. */
export function chooseRateKernel(
  calls: Float64Array,
  hours: Float64Array,
  nFolds: number,
): { kernel: RateKernel; scorePerCall: number } {
  let best = { kernel: RATE_KERNELS[0], scorePerCall: -Infinity };
  const total = sumOf(calls);
  for (const kernel of RATE_KERNELS) {
    const weights = kernelWeights(kernel);
    let score = 0;
    for (let fold = 0; fold < nFolds; fold++) {
      const inFold = (week: number): boolean => week % nFolds === fold;
      const others = (week: number): boolean => !inFold(week);
      const rates = smoothRates(weights, overWeeks(calls, others), overWeeks(hours, others));
      score += rateScore(rates, overWeeks(calls, inFold), overWeeks(hours, inFold));
    }
    if (score / total >= best.scorePerCall) best = { kernel, scorePerCall: score / total };
  }
  return best;
}

/** Parameters that a smoothed profile is worth: the trace of the smoother. */
export function effectiveParameters(weights: Float64Array, hours: Float64Array): number {
  let trace = 0;
  for (let to = 0; to < HOURS_PER_WEEK; to++) {
    let under = 0;
    for (let from = 0; from < HOURS_PER_WEEK; from++) {
      under += weights[to * HOURS_PER_WEEK + from] * hours[from];
    }
    if (under > 0) trace += (weights[to * HOURS_PER_WEEK + to] * hours[to]) / under;
  }
  return trace;
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
