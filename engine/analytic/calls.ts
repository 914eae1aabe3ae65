/** What calls ask of units: how many come by category, and how long each unit that is sent stays, drives apart. */
import type { City } from '../city/city.ts';
import { withFollowing } from '../scenario/call-rates.ts';
import type { TimeLaw } from '../scenario/scenario.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR, type Ms } from '../units.ts';
import type { Span } from './duty-pieces.ts';

/** Calls an hour of each source, the mean over some time. */
export function sourceRates({ sources }: Pick<City, 'sources'>, spans: readonly Span[]): Float64Array {
  const hours = new Float64Array(HOURS_PER_WEEK);
  let all = 0;
  forEachHour(spans, (hour, ms) => {
    hours[hour] += ms;
    all += ms;
  });
  return Float64Array.from(sources, ({ callsPerHour }) =>
    callsPerHour.reduce((sum, rate, hour) => sum + (rate * hours[hour]) / all, 0),
  );
}

/** Every hour of the week that the spans meet, with the time they share and the moment from which. */
export function forEachHour(
  spans: readonly Span[],
  take: (hourOfWeek: number, ms: Ms, fromMs: Ms) => void,
): void {
  for (const { fromMs, toMs } of spans) {
    for (let at = fromMs; at < toMs;) {
      const hour = Math.floor(at / MS_PER_HOUR);
      const end = Math.min(toMs, (hour + 1) * MS_PER_HOUR);
      take(hour % HOURS_PER_WEEK, end - at, at);
      at = end;
    }
  }
}

/** Calls an hour of each category from each source, those that follow from them included. */
export function categoryRates({ sources, categories }: City, ofSources: Float64Array): Float64Array[] {
  // makes[c][first]: calls of category c that a call of category `first` comes to
  const makes = categories.map((category) =>
    withFollowing(categories, (other) => (other === category ? 1 : 0)),
  );
  return sources.map(({ categoryShares }, s) => {
    const all = categoryShares.reduce((sum, share) => sum + share, 0);
    const own = categoryShares.map((share) => (all > 0 ? (ofSources[s] * share) / all : 0));
    return Float64Array.from(makes, (from) => own.reduce((sum, rate, first) => sum + rate * from[first], 0));
  });
}

/** Units sent to a call of a category on average: calls that end at the desk get none. */
export const unitsSent = ({ units, triageShare }: City['categories'][number]): number =>
  units * (1 - triageShare);

/** Mean and variance of a time. */
export interface Moments {
  meanMs: number;
  varianceMs2: number;
}

/**
 * Time that a unit gives to a call of a category besides driving to it: from being sent to wheels turning, to the door,
 * on scene, and, for one of the units, transport and writing.
 * @param transportDriveMs  mean drive from a call to the nearest destination of the category's kind
 */
export function timeBesidesDrive(
  { delayLaws }: City['scenario'],
  { onScene, transport, report, units }: City['categories'][number],
  transportDriveMs: number,
): Moments {
  const parts: Moments[] = [delayLaws.dispatch, delayLaws.turnoutAtPost, delayLaws.access, onScene].map(
    momentsOf,
  );
  if (transport !== null) {
    const { meanMs, varianceMs2 } = momentsOf(transport.handover);
    parts.push(sometimes(transport.share / units, { meanMs: meanMs + transportDriveMs, varianceMs2 }));
  }
  if (report !== null) parts.push(sometimes(1 / units, momentsOf(report)));
  return {
    meanMs: parts.reduce((sum, part) => sum + part.meanMs, 0),
    varianceMs2: parts.reduce((sum, part) => sum + part.varianceMs2, 0),
  };
}

const momentsOf = ({ meanMs, cv }: TimeLaw): Moments => ({
  meanMs,
  varianceMs2: meanMs * cv * (meanMs * cv),
});

/** A time that is taken with a given chance, and 0 otherwise. */
const sometimes = (chance: number, { meanMs, varianceMs2 }: Moments): Moments => ({
  meanMs: chance * meanMs,
  varianceMs2: chance * (varianceMs2 + (1 - chance) * meanMs * meanMs),
});

/** One of several times, by weights that add up to 1. */
export function mixed(times: readonly Moments[], weights: readonly number[]): Moments {
  let meanMs = 0;
  let square = 0;
  times.forEach((time, i) => {
    meanMs += weights[i] * time.meanMs;
    square += weights[i] * (time.varianceMs2 + time.meanMs * time.meanMs);
  });
  return { meanMs, varianceMs2: Math.max(0, square - meanMs * meanMs) };
}
