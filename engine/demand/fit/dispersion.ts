/**
 * How much more hourly counts vary than a Poisson process of the fitted rates would let them: variance over mean is 1
 * for a Poisson count; what is above it is more than chance, such as weather, holidays and events.
 */
import type { TimeZone } from '../../scenario/time-zone.ts';
import { type FittedFigure, jackknife } from './by-week.ts';
import { sumOf } from './weekly-rates.ts';
import { localDay, type Window } from './window.ts';

export interface Dispersion {
  /** Variance over mean of all hourly counts. */
  hourly: FittedFigure;
  /**
   * Pearson's index against the rates by hour of week: sum of (count - rate)^2 / rate over hours, less the parameters
   * that the rates are worth.
   */
  hourlyAfterProfile: FittedFigure;
  /** The same for counts of local days against the sum of their rates. */
  dailyAfterProfile: FittedFigure;
}

/**
 * @param counts  calls of each hour of the window
 * @param rates   168 fitted rates
 */
export function dispersionOf(
  counts: Float64Array,
  rates: ArrayLike<number>,
  effectiveParameters: number,
  window: Window,
  zone: TimeZone,
): Dispersion {
  const { nHours, nWeeks, week, hourOfWeek } = window;
  const columns = (): Float64Array => new Float64Array(nWeeks);
  const [hours, sums, squares, pearson, days, dailyPearson] = Array.from({ length: 6 }, columns);
  let day = { number: NaN, count: 0, rate: 0, week: 0 };
  const endDay = (): void => {
    if (day.rate === 0) return;
    days[day.week]++;
    dailyPearson[day.week] += ((day.count - day.rate) * (day.count - day.rate)) / day.rate;
  };
  for (let hour = 0; hour < nHours; hour++) {
    const count = counts[hour];
    const rate = rates[hourOfWeek[hour]];
    const w = week[hour];
    hours[w]++;
    sums[w] += count;
    squares[w] += count * count;
    pearson[w] += ((count - rate) * (count - rate)) / rate;
    const number = localDay(zone, window, hour);
    if (number !== day.number) {
      endDay();
      day = { number, count: 0, rate: 0, week: w };
    }
    day.count += count;
    day.rate += rate;
  }
  endDay();

  const n = sumOf(counts);
  const rest = (column: Float64Array, without: number): number =>
    sumOf(column) - (without < 0 ? 0 : column[without]);
  const spent = effectiveParameters / nHours;
  const index = (over: Float64Array, under: Float64Array, lost: number): FittedFigure =>
    jackknife(nWeeks, (without) => rest(over, without) / (rest(under, without) * (1 - lost)), n, 0);
  return {
    hourly: jackknife(
      nWeeks,
      (without) => {
        const h = rest(hours, without);
        const mean = rest(sums, without) / h;
        return ((rest(squares, without) / h - mean * mean) * (h / (h - 1))) / mean;
      },
      n,
      0,
    ),
    hourlyAfterProfile: index(pearson, hours, spent),
    dailyAfterProfile: index(dailyPearson, days, spent),
  };
}

/** What clustered calls mean for a demand drawn from the rates, where the interval of a dispersion lies above 1; else null. */
export function clusteringRemark({ hourlyAfterProfile, dailyAfterProfile }: Dispersion): string | null {
  const above = [
    ...(hourlyAfterProfile.ci95[0] > 1 ? ['hours'] : []),
    ...(dailyAfterProfile.ci95[0] > 1 ? ['days'] : []),
  ];
  if (above.length === 0) return null;
  return (
    `Calls crowd into some ${above.join(' and ')} more than chance lets them: under a Poisson demand of these rates, such as demand.json, ` +
    'waits, queues and their intervals come out too small; surges (/demand/surges) or replaying the file (demand of type "calls") show it'
  );
}
