/**
 * Which model describes the calls: each is made without some weeks and judged on them (only how much its rates are
 * smoothed was chosen on all weeks). The simplest holds unless another makes the weeks left out likelier by more than two
 * standard errors of the difference between weeks.
 */
import {
  type FitCalls,
  intensityAt,
  logLikelihoodByWeek,
  MODEL_TYPES,
  type ModelType,
  type RateModel,
  rateModel,
  totalRate,
} from './rate-model.ts';
import type { Places } from './places.ts';
import { sumOf } from './weekly-rates.ts';
import type { Window } from './window.ts';

/** Weeks are dealt into so many parts, of which each is left out in turn. */
const MOST_FOLDS = 5;

const foldsOf = ({ nWeeks }: Window): number => Math.min(MOST_FOLDS, nWeeks);

export interface JudgedModel {
  type: ModelType;
  /** Mean log-likelihood of a call in the weeks left out. */
  heldOutPerCall: number;
  /** Gain over the simplest model in the sum over all calls, and its standard error from weeks; 0 for the simplest itself. */
  gain: number;
  gainSe: number;
  chosen: boolean;
}

export function chooseModel(
  calls: FitCalls,
  window: Window,
  places: Places,
  categories: readonly string[],
): { model: RateModel; judged: JudgedModel[] } {
  const nFolds = foldsOf(window);
  const types = MODEL_TYPES.filter(
    (type) => type !== 'rates and places by category' || categories.length > 1,
  );
  const candidates = types.map((type) => {
    const model = rateModel(type, calls, window, places, categories, nFolds);
    return { model, byWeek: heldOutByWeek(model, calls, window, nFolds) };
  });
  const simplest = candidates[0].byWeek;
  const judged = candidates.map(({ model, byWeek }): JudgedModel => {
    const gains = byWeek.map((score, week) => score - simplest[week]);
    const gain = sumOf(gains);
    const mean = gain / gains.length;
    const squares = sumOf(gains.map((value) => (value - mean) * (value - mean)));
    const gainSe = Math.sqrt((squares * gains.length) / (gains.length - 1));
    return { type: model.type, heldOutPerCall: sumOf(byWeek) / calls.n, gain, gainSe, chosen: false };
  });
  let best = 0;
  judged.forEach(({ gain, gainSe }, ix) => {
    if (gain > 2 * gainSe && gain > judged[best].gain) best = ix;
  });
  judged[best].chosen = true;
  return { model: candidates[best].model, judged };
}

/** By week, the score of a model that was made without the week and its fold. */
function heldOutByWeek(model: RateModel, calls: FitCalls, window: Window, nFolds: number): Float64Array {
  const byWeek = new Float64Array(window.nWeeks);
  for (let fold = 0; fold < nFolds; fold++) {
    const streams = model.buildWithout(fold);
    const scores = logLikelihoodByWeek(
      (hour, cell) => intensityAt(streams, hour, cell),
      (hour) => totalRate(streams, hour),
      calls,
      window,
      (week) => week % nFolds === fold,
    );
    scores.forEach((score, week) => (byWeek[week] += score));
  }
  return byWeek;
}
