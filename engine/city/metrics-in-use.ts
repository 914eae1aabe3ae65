/** Which metrics a run will drive by, and how much, so that the memory for labels goes to those that answer most. */
import { periodAt, timeInPeriods } from '../scenario/traffic.ts';
import { meanCallsPerHour, type City } from './city.ts';
import { metricKey, metricOf, type TripConditions } from './metrics.ts';
import type { Metric } from '../routing/metric.ts';

interface MetricInUse {
  /** As `city.metrics` holds it. */
  key: string;
  metric: Metric;
  /**
   * Share of the trips that start under it, estimated: of the run the period lasts, of the units those that travel by
   * the profile, of the calls those with (or without) siren. Patrol counts as much as all calls.
   */
  share: number;
}

/**
 * Metrics of the run, those most used first, in a fixed order on a tie. All of them are made: on patrol, to calls
 * with and without siren, and without a call where units drive so, in every period that the run meets; and the one that
 * patrols are planned by.
 */
export function metricsInUse(city: City): MetricInUse[] {
  const { scenario, units, categories } = city;
  const { warmUpMs, durationMs } = scenario.run;
  const inPeriods = timeInPeriods(scenario, -warmUpMs, durationMs);
  // events at the very end still happen
  const last = periodAt(scenario, durationMs);
  if (!inPeriods.has(last)) inPeriods.set(last, 0);

  const found = new Map<string, MetricInUse>();
  const add = (profile: string, conditions: TripConditions, share: number): void => {
    const key = metricKey(city, profile, conditions);
    const known = found.get(key);
    if (known !== undefined) known.share += share;
    else found.set(key, { key, metric: metricOf(city, profile, conditions), share });
  };
  add(scenario.patrol.profile, { siren: false }, 0);
  const sirenShare = shareOfCallsWithSiren(city);
  const profiles = [...new Set(units.map(({ profile }) => profile))];
  const othersDrive = drivesWithoutCall(city);
  for (const [period, ms] of inPeriods) {
    const ofTime = ms / (warmUpMs + durationMs);
    add(scenario.patrol.profile, { siren: false, period }, ofTime);
    for (const profile of profiles) {
      if (othersDrive) add(profile, { siren: false, period }, 0);
      const ofUnits = units.filter((unit) => unit.profile === profile).length / units.length;
      for (const siren of new Set(categories.map((category) => category.siren))) {
        const ofCalls = siren ? sirenShare : 1 - sirenShare;
        add(profile, { siren, period }, ofTime * ofUnits * ofCalls);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.share - a.share);
}

/** Whether units drive by their own profile and without siren apart from calls: back to their post, elsewhere, with somebody. */
const drivesWithoutCall = ({ scenario, units, categories }: City): boolean =>
  !['none', 'back-to-post'].includes(scenario.moveUp.type) ||
  units.some(({ answersFrom }) => answersFrom === 'post') ||
  categories.some(({ transport }) => transport !== null);

function shareOfCallsWithSiren({ sources, categories }: City): number {
  let all = 0;
  let withSiren = 0;
  for (const source of sources) {
    const shares = source.categoryShares.reduce((sum, share) => sum + share, 0);
    source.categoryShares.forEach((share, category) => {
      const calls = (meanCallsPerHour(source) * share) / shares;
      all += calls;
      if (categories[category].siren) withSiren += calls;
    });
  }
  return all > 0 ? withSiren / all : 0;
}
