/** The best of many plans by simulation: KN's race, fed with the same replications of every plan that is still in it. */
import { assert } from '../errors.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import { figureColumn, hasTierClock, type PlanJson, type StudyPlan } from './comparison.ts';
import { figureName, isMoreBetter, type FigureKey, type FigureOf, unitOf } from './figures.ts';
import { createKn } from './kn.ts';
import type { PlanReplication } from './plan-replication.ts';

export interface BestPlanJson {
  version: 1;
  engineVersion: string;
  seed: number | string;
  procedure: 'KN';
  figure: FigureKey;
  group: string;
  name: string;
  unit: 'share' | 's' | 'h';
  clockStart: string | null;
  /** Whether more of the figure is better. */
  moreIsBetter: boolean;
  /** Probability of selecting the best plan, if it is better than every other by `indifference` or more. */
  confidence: number;
  indifference: number;
  /** Replications of every plan before any could drop out. */
  first: number;
  /** Replications of a plan at most: by the procedure, once the first stage is over, and as allowed. */
  neededAtMost: number | null;
  allowed: number;
  /** Whether every plan has the same calls in each replication. */
  paired: boolean;
  /** Replications left out, since a plan in the race had no call that tells of the figure. */
  skipped: number;
  /** Simulations that were needed, all plans together. */
  simulations: number;
  plans: (PlanJson & {
    replications: number;
    /** Mean over replications of the figure of each; null before the first. */
    mean: number | null;
    /** Fell behind `by` after so many replications of both, `behind` by so much. */
    eliminated: { by: string; after: number; behind: number } | null;
  })[];
  /** Null where the replications allowed did not decide. */
  selected: string | null;
}

export interface BestPlanInput {
  engineVersion: string;
  seed: number | string;
  plans: readonly (StudyPlan & { about: PlanJson })[];
  figure: FigureOf;
  confidence: number;
  indifference: number;
  first: number;
  /** Most replications of a plan. */
  allowed: number;
  paired: boolean;
  /** The replications of the plans; each is asked for in order of number, ahead of need. */
  want: (plan: number, replication: number) => Promise<PlanReplication>;
  /** A replication that was asked for is wanted no more: it was taken, or the plan is out. */
  forget: (plan: number, replication: number) => void;
  /** How many replications of the plans in the race are asked for at once. */
  ahead: (nInRace: number) => number;
  /** Told every replication of the plans in the race, in order of number. */
  onReplications?: (replications: readonly { plan: number; result: PlanReplication }[]) => void;
  /** Told when the first stage is over: no plan will need more replications than so many. */
  onFirstStage?: (neededAtMost: number) => void;
  onEliminated?: (plan: BestPlanJson['plans'][number]) => void;
}

/** Same answer whatever the order in which replications end. Throws what `want` or the callbacks throw. */
export async function bestPlan(input: BestPlanInput): Promise<BestPlanJson> {
  const { plans, figure: of, confidence, indifference, first, allowed, want, forget } = input;
  assert(allowed >= first, 'fewer replications are allowed than the first stage takes');
  const race = createKn({ nPlans: plans.length, confidence, indifference, first });
  const moreIsBetter = isMoreBetter(of.figure);
  const sign = moreIsBetter ? 1 : -1;
  const out = new Map<number, { by: string; after: number; behind: number }>();
  const replications = new Uint32Array(plans.length);
  let skipped = 0;
  const planJson = (plan: number): BestPlanJson['plans'][number] => ({
    ...plans[plan].about,
    replications: replications[plan],
    mean: race.observations(plan) > 0 ? sign * race.mean(plan) : null,
    eliminated: out.get(plan) ?? null,
  });

  for (let replication = 1; race.selected === null && replication <= allowed; replication++) {
    const inRace = [...race.inRace];
    const last = Math.min(allowed, replication + input.ahead(inRace.length));
    for (let next = replication; next <= last; next++)
      for (const plan of inRace) want(plan, next).catch(() => undefined); // told when its turn comes
    const results = await Promise.all(
      inRace.map(async (plan) => ({ plan, result: await want(plan, replication) })),
    );
    for (const plan of inRace) forget(plan, replication);
    input.onReplications?.(results);
    const values = new Float64Array(plans.length);
    let isKnown = true;
    for (const { plan, result } of results) {
      replications[plan]++;
      const { value } = figureColumn(plans[plan].facts, of, [result.samples[0]]);
      if (value === null) isKnown = false;
      else values[plan] = sign * value;
    }
    if (!isKnown) {
      skipped++;
      continue;
    }
    const dropped = race.add(values);
    if (race.taken === first) input.onFirstStage?.(race.most! + skipped);
    for (const { plan, by, after, behind } of dropped) {
      out.set(plan, { by: plans[by].letter, after, behind });
      for (let next = replication + 1; next <= last; next++) forget(plan, next);
      input.onEliminated?.(planJson(plan));
    }
  }
  return {
    version: 1,
    engineVersion: input.engineVersion,
    seed: input.seed,
    procedure: 'KN',
    ...of,
    name: figureName(of),
    unit: unitOf(of.figure),
    clockStart: hasTierClock(of.figure) ? tierClock(plans[0].facts.standards).clockStart : null,
    moreIsBetter,
    confidence,
    indifference,
    first,
    neededAtMost: race.most,
    allowed,
    paired: input.paired,
    skipped,
    simulations: replications.reduce((sum, n) => sum + n, 0),
    plans: plans.map((_, plan) => planJson(plan)),
    selected: race.selected === null ? null : plans[race.selected].letter,
  };
}
