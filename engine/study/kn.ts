/**
 * The best of many plans: procedure KN of Kim and Nelson (2001, "A fully sequential procedure for indifference-zone
 * selection in simulation", ACM TOMACS 11:251-273), with their constant c = 1.
 *
 * Every plan gets n0 observations; the variance of each pairwise difference is estimated from them, once. From then on
 * one observation is added at a time to each plan still in the race, and a plan drops out when its mean lies below that
 * of another by more than
 *
 *   W(r) = max(0, delta / (2 r) (h2 S2 / delta^2 - r)),   h2 = 2 eta (n0 - 1),
 *   eta = 1/2 ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1).
 *
 * Observations of one number may be correlated between plans (common random numbers): variances are of differences, and
 * alpha is split over the k - 1 rivals by Bonferroni, which needs no independence. Observations of different numbers must
 * be independent and normal; per-replication shares of some hundred calls nearly are. Then the plan with the best mean is
 * selected with probability 1 - alpha at least, if it is better than every other by delta or more. Where several lie
 * within delta of the best, the procedure ends with one of the good ones in practice, but promises no probability.
 */
import { assert } from '../errors.ts';
import { exp, log } from '../math.ts';

export interface KnOptions {
  /** Number of plans, at least 2. */
  nPlans: number;
  /** 1 - alpha, above 1 / nPlans and below 1. */
  confidence: number;
  /** The smallest difference worth finding: delta, above 0, in the unit of the observations. */
  indifference: number;
  /** Observations of each plan before anybody can drop out, at least 2. */
  first: number;
}

export interface Elimination {
  plan: number;
  /** The plan that it fell behind; the one that it fell behind farthest. */
  by: number;
  /** Observations of both at that time, and how far their means were apart. */
  after: number;
  behind: number;
}

export interface Kn {
  /** Plans still in the race, ascending. */
  readonly inRace: readonly number[];
  /** Observations of each plan in the race so far. */
  readonly taken: number;
  readonly selected: number | null;
  /** Known once the first stage is over: no more observations of a plan than this are ever taken. */
  readonly most: number | null;
  /** In the order of dropping out. */
  readonly eliminations: readonly Elimination[];
  /** Mean of a plan over the observations that it had while it was in the race. */
  mean(plan: number): number;
  observations(plan: number): number;
  /**
   * Takes the next observation of every plan in the race.
   * @param values  by plan, more is better; those of plans that are out are not read
   * @returns those that drop out with it, by number
   */
  add(values: ArrayLike<number>): Elimination[];
}

/** @throws when options are out of their range */
export function createKn({ nPlans, confidence, indifference, first }: KnOptions): Kn {
  assert(nPlans >= 2 && first >= 2 && indifference > 0, 'KN needs two plans, two observations, a difference');
  assert(confidence > 1 / nPlans && confidence < 1, () => `confidence ${confidence} is out of range`);
  const alpha = 1 - confidence;
  const eta = (exp((-2 / (first - 1)) * log((2 * alpha) / (nPlans - 1))) - 1) / 2;
  const h2 = 2 * eta * (first - 1);
  const sums = new Float64Array(nPlans);
  const counts = new Uint32Array(nPlans);
  const firstStage: Float64Array[] = [];
  /** h2 S2 / delta^2 of each pair: after so many observations, the better mean wins. */
  let horizon: Float64Array | null = null;
  let inRace = Array.from({ length: nPlans }, (_, plan) => plan);
  let taken = 0;
  let selected: number | null = null;
  let most: number | null = null;
  const eliminations: Elimination[] = [];
  const mean = (plan: number): number => sums[plan] / counts[plan];

  const endFirstStage = (): Float64Array => {
    const horizons = new Float64Array(nPlans * nPlans);
    for (let i = 0; i < nPlans; i++) {
      for (let l = 0; l < i; l++) {
        let total = 0;
        for (const values of firstStage) total += values[i] - values[l];
        const middle = total / first;
        let squares = 0;
        for (const values of firstStage)
          squares += (values[i] - values[l] - middle) * (values[i] - values[l] - middle);
        const value = (h2 * squares) / (first - 1) / (indifference * indifference);
        horizons[i * nPlans + l] = horizons[l * nPlans + i] = value;
      }
    }
    most = Math.max(first, Math.floor(horizons.reduce((a, b) => Math.max(a, b), 0)) + 1);
    return horizons;
  };

  const screen = (horizons: Float64Array): Elimination[] => {
    const out: Elimination[] = [];
    for (const plan of inRace) {
      let worst: Elimination | null = null;
      for (const rival of inRace) {
        if (rival === plan) continue;
        const behind = mean(rival) - mean(plan);
        const room = (indifference / (2 * taken)) * (horizons[plan * nPlans + rival] - taken);
        if (behind > Math.max(0, room) && (worst === null || behind > worst.behind))
          worst = { plan, by: rival, after: taken, behind };
      }
      if (worst !== null) out.push(worst);
    }
    const isOut = new Set(out.map(({ plan }) => plan));
    inRace = inRace.filter((plan) => !isOut.has(plan));
    eliminations.push(...out);
    return out;
  };

  /** The best mean; the earlier plan on a tie. */
  const bestOfRace = (): number => inRace.reduce((best, plan) => (mean(plan) > mean(best) ? plan : best));

  return {
    get inRace() {
      return inRace;
    },
    get taken() {
      return taken;
    },
    get selected() {
      return selected;
    },
    get most() {
      return most;
    },
    eliminations,
    mean,
    observations: (plan) => counts[plan],
    add(values) {
      assert(selected === null, 'the race is over');
      taken++;
      for (const plan of inRace) {
        assert(
          Number.isFinite(values[plan]),
          () => `observation ${taken} of plan ${plan} is ${values[plan]}`,
        );
        sums[plan] += values[plan];
        counts[plan]++;
      }
      if (taken < first) {
        firstStage.push(Float64Array.from(values));
        return [];
      }
      if (taken === first) {
        firstStage.push(Float64Array.from(values));
        horizon = endFirstStage();
      }
      const out = screen(horizon!);
      // past the horizons of all that are left there is no room to fall behind: only equal means can be left
      const isOver = inRace.every((i) => inRace.every((l) => i === l || taken > horizon![i * nPlans + l]));
      if (isOver) selected = bestOfRace();
      return out;
    },
  };
}
