/**
 * How well a fit foretells calls that it has not seen, against two simpler models of the same region and resolution:
 * (a) one rate at all hours with the places of the fit, (b) its rates by hour of week spread evenly over the area.
 */
import { HOURS_PER_WEEK } from '../../units.ts';
import { type FittedFigure, jackknife } from './by-week.ts';
import { type FitCalls, intensityAt, logLikelihoodByWeek, type Stream, totalRate } from './rate-model.ts';
import type { Places } from './places.ts';
import { sumOf } from './weekly-rates.ts';
import type { Window } from './window.ts';

export interface HeldOutScores {
  /** Mean log-likelihood of a call: of rates in calls an hour and square kilometre. */
  fit: FittedFigure;
  constantRate: FittedFigure;
  hoursWithoutPlaces: FittedFigure;
  /** Gains of the fit over the two, week by week. */
  overConstantRate: FittedFigure;
  overHoursWithoutPlaces: FittedFigure;
  calls: number;
  weeks: number;
}

/**
 * @param streams  made of `trained` alone
 * @param calls    calls of `window`, which begins after `trained` ends
 */
export function heldOutScores(
  streams: readonly Stream[],
  trained: Window,
  calls: FitCalls,
  window: Window,
  { areaKm2 }: Places,
): HeldOutScores {
  // the mean rate of each stream over the hours that it was made of
  const hours = new Float64Array(HOURS_PER_WEEK);
  for (const hour of trained.hourOfWeek) hours[hour]++;
  const meanRates = streams.map(
    ({ rates }) => sumOf(rates.map((rate, hour) => rate * hours[hour])) / trained.nHours,
  );
  const meanTotal = sumOf(meanRates);
  const totalKm2 = sumOf(areaKm2);
  const all = (): boolean => true;
  const score = (intensity: (hour: number, cell: number) => number, perHour: (hour: number) => number) =>
    logLikelihoodByWeek(intensity, perHour, calls, window, all);

  const constant = Float64Array.from(areaKm2, (_, cell) =>
    streams.reduce((sum, { density }, s) => sum + meanRates[s] * density[cell], 0),
  );
  const totals = Float64Array.from({ length: HOURS_PER_WEEK }, (_, hour) => totalRate(streams, hour));
  const fit = score(
    (hour, cell) => intensityAt(streams, hour, cell),
    (hour) => totals[hour],
  );
  const constantRate = score(
    (_, cell) => constant[cell],
    () => meanTotal,
  );
  const hoursWithoutPlaces = score(
    (hour) => totals[hour] / totalKm2,
    (hour) => totals[hour],
  );

  const callsOfWeek = new Float64Array(window.nWeeks);
  for (const hour of calls.hour) callsOfWeek[window.week[hour]]++;
  const perCall = (byWeek: Float64Array): FittedFigure => {
    const total = sumOf(byWeek);
    return jackknife(
      window.nWeeks,
      (week) => (week < 0 ? total / calls.n : (total - byWeek[week]) / (calls.n - callsOfWeek[week])),
      calls.n,
    );
  };
  const less = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, week) => value - b[week]);
  return {
    fit: perCall(fit),
    constantRate: perCall(constantRate),
    hoursWithoutPlaces: perCall(hoursWithoutPlaces),
    overConstantRate: perCall(less(fit, constantRate)),
    overHoursWithoutPlaces: perCall(less(fit, hoursWithoutPlaces)),
    calls: calls.n,
    weeks: window.nWeeks,
  };
}
