/** When and how often: JEMSS's warm-up, periods of statistics and call files as the run of a scenario. */
import { MS_PER_DAY } from '../../units.ts';
import { type Account, digits } from './account.ts';
import type { JemssInputs } from './inputs.ts';

/** A Monday; JEMSS counts days from 0 and knows no week. */
const SCORED_FROM = '2026-01-05T00:00';
export const SCORED_FROM_MS = 1_767_571_200_000;
/** The longest scored time of a scenario, and the fewest batches. */
const MOST_DAYS = 366;
const FEWEST_BATCHES = 10;

interface Run {
  json: Record<string, unknown>;
  scoredFromDay: number;
}

/** Warm-up and periods of stats_control.csv; periods that cycle become batches of one long run. */
export function runOf({ calls, stats }: JemssInputs, account: Account): Run {
  const { startDay, endDay, files } = spanOf(calls);
  const warmUpDays = stats?.warmUpDays ?? 0;
  const scoredFromDay = startDay + warmUpDays;
  const periodDays = stats?.periodDays.reduce((sum, days) => sum + days, 0) ?? endDay - scoredFromDay;
  const available = Math.max(endDay - scoredFromDay, 0);
  const common = { start: SCORED_FROM, warmUpS: secondsOf(warmUpDays), seed: 1 };
  if (stats !== null && stats.periodDays.length > 1) {
    account.different.push(
      `${stats.periodDays.length} periods of statistics: scored together, as ${periodDays} days`,
    );
  }
  const nPeriods = Math.floor(available / periodDays + 1e-9);
  if (stats?.cycles === true && nPeriods > 1) {
    const days = Math.min(nPeriods * periodDays, MOST_DAYS);
    const batches = Math.min(Math.max(nPeriods, FEWEST_BATCHES), 1000);
    account.carried.push(
      `${nPeriods} periods of ${periodDays} days in one run, behind ${warmUpDays} of warm-up: one run with ${batches} batches`,
    );
    if (days < nPeriods * periodDays) {
      account.different.push(
        `${nPeriods * periodDays} days of one run: cut to ${MOST_DAYS}, the longest that a scenario takes`,
      );
    }
    if (batches !== nPeriods)
      account.different.push(
        `${nPeriods} periods: the run is cut into ${batches} batches of ${digits(days / batches)} days`,
      );
    return { scoredFromDay, json: { ...common, durationS: secondsOf(days), steadyState: { batches } } };
  }
  const days = Math.min(
    periodDays > 0 ? Math.min(periodDays, Math.max(available, 1 / 24)) : 1 / 24,
    MOST_DAYS,
  );
  const replications = 'file' in calls ? 1 : files;
  account.carried.push(
    `${digits(days)} days scored behind ${warmUpDays} of warm-up, ${replications} ${replications === 1 ? 'replication' : 'replications'}`,
  );
  if (days < periodDays - 1e-9)
    account.different.push(
      `a period of ${digits(periodDays)} days: cut to ${digits(days)}, ${days === MOST_DAYS ? 'the longest that a scenario takes' : 'where the calls end'}`,
    );
  return { scoredFromDay, json: { ...common, durationS: secondsOf(days), replications } };
}

/** When calls begin and end, and of how many runs. */
function spanOf(calls: JemssInputs['calls']): { startDay: number; endDay: number; files: number } {
  if ('file' in calls) {
    const { startDay, arrivalDays } = calls.file;
    return { startDay, endDay: arrivalDays[arrivalDays.length - 1] + 1 / 24, files: 1 };
  }
  const { startDay, until, meanInterarrivalDays, files } = calls.random;
  const endDay = 'day' in until ? until.day : startDay + until.calls * meanInterarrivalDays;
  return { startDay, endDay, files };
}

const secondsOf = (days: number): number => Math.round(days * MS_PER_DAY) / 1000;
