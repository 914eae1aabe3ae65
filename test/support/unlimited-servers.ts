/**
 * The same calls answered by units without number. How many of them are then in progress is Poisson with the offered load as
 * its mean, for any law of service (M/G/infinity: Takacs, Introduction to the Theory of Queues, 1962), and so is what a
 * call finds (Poisson arrivals see time averages). This shadow of a queue depends on the demand alone and is crowded when
 * the queue is, so it makes the best of controls: it explains 98 % of the variance of the share waiting of 80 units, and
 * nothing of what the simulation itself does wrong.
 */
import { exp, lnGamma, log } from '../../engine/math.ts';
import { normalCdf } from '../../engine/rng.ts';
import { MS_PER_HOUR, MS_PER_S } from '../../engine/units.ts';
import { LOGNORMAL_CV, type Answered, type TheoryClass } from './theory-queue.ts';

/** In mean services: how crowded it was so long ago tells how long a crowd has lasted. */
const LAGS = [0.2, 0.7, 1.5, 3];
const FULL_LAG = 0.4;

const NAMES = [
  'calls',
  'time on scene',
  'calls that find all busy',
  'excess that calls find',
  `all busy now and ${FULL_LAG} services ago`,
  ...LAGS.map((lag) => `all busy now, excess ${lag} services ago`),
];

interface Shadow {
  /** Expected calls of a replication. */
  expected: number;
  names: readonly string[];
  /** Each control less its known mean, by expected call. */
  deviations(answered: Pick<Answered, 'calls' | 'firstCounted' | 'endCounted'>): number[];
  /** Of the names: those that say something of their own. */
  controls: readonly number[];
}

/** @param units  of the real queue: the excess is what does not find one */
export function shadowOf(
  { callsPerHour, law, meanS }: TheoryClass,
  { units, countedS }: { units: number; countedS: number },
): Shadow {
  const expected = (callsPerHour / MS_PER_HOUR) * countedS * MS_PER_S;
  const meanMs = meanS * MS_PER_S;
  const load = (callsPerHour * meanMs) / MS_PER_HOUR;
  const full = (n: number): number => (n >= units ? 1 : 0);
  const excess = (n: number): number => Math.max(0, n - units + 1);
  /** Calls in progress now and some time ago: those at both times and those at one of them are independent Poisson numbers. */
  const together = (lag: number, then: (n: number) => number): number => {
    const both = load * longerThan(law, lag);
    const one = poissonLaw(load - both);
    return mean(poissonLaw(both), (k) => mean(one, (n) => full(k + n)) * mean(one, (n) => then(k + n)));
  };
  const all = poissonLaw(load);
  const known = [
    1,
    1,
    mean(all, full),
    mean(all, excess),
    together(FULL_LAG, full),
    ...LAGS.map((lag) => together(lag, excess)),
  ];
  return {
    expected,
    names: NAMES,
    // where all times on scene are the same, their sum is the number of calls once more
    controls: NAMES.map((_, i) => i).filter((i) => i !== 1 || law !== 'deterministic'),
    deviations({ calls: { nCalls, occurredMs, onSceneMs }, firstCounted, endCounted }) {
      const endsMs = occurredMs.map((ms, call) => ms + onSceneMs[call]).sort();
      const back = [FULL_LAG, ...LAGS].map((lag) => ({ lagMs: lag * meanMs, came: 0, went: 0 }));
      const sums = new Float64Array(known.length);
      let went = 0;
      for (let call = firstCounted; call < endCounted; call++) {
        const nowMs = occurredMs[call];
        while (went < nCalls && endsMs[went] <= nowMs) went++;
        sums[0]++;
        sums[1] += onSceneMs[call] / meanMs;
        const inProgress = call - went;
        if (full(inProgress) === 0) continue;
        sums[2]++;
        sums[3] += excess(inProgress);
        back.forEach((then, i) => {
          while (occurredMs[then.came] <= nowMs - then.lagMs) then.came++;
          while (endsMs[then.went] <= nowMs - then.lagMs) then.went++;
          sums[4 + i] += (i === 0 ? full : excess)(then.came - then.went);
        });
      }
      return Array.from(sums, (sum, i) => sum / expected - known[i]);
    },
  };
}

/** What is left of a service beyond `lag` mean services, in the mean and in mean services: E[(S - lag)+]. */
function longerThan(law: TheoryClass['law'], lag: number): number {
  if (law === 'exponential') return exp(-lag);
  if (law === 'deterministic') return Math.max(0, 1 - lag);
  const variance = log(1 + LOGNORMAL_CV * LOGNORMAL_CV);
  const sd = Math.sqrt(variance);
  return normalCdf((variance / 2 - log(lag)) / sd) - lag * normalCdf((-variance / 2 - log(lag)) / sd);
}

/** P(N = n), as far as it can matter. */
function poissonLaw(load: number): Float64Array {
  if (load === 0) return Float64Array.of(1);
  const most = Math.ceil(load + 14 * Math.sqrt(load) + 40);
  return Float64Array.from({ length: most }, (_, n) => exp(n * log(load) - load - lnGamma(n + 1)));
}

const mean = (law: Float64Array, of: (n: number) => number): number =>
  law.reduce((sum, share, n) => sum + share * of(n), 0);
