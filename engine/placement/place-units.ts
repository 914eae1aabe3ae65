/** Where the units of a city stand: those without a post at the sites that its placement request opens. */
import { NOWHERE } from '../city/build.ts';
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { InputError } from '../errors.ts';
import { createRouter } from '../routing/dijkstra-router.ts';
import { PLACEMENT_MODELS } from './models.ts';
import { buildPlacementProblem, placeSites } from './place.ts';
import type { PlacementPlan, PlacementTools } from './placement.ts';
import { placementQuestion, type PlacementQuestion } from './request.ts';
import { standAt } from './stand-at.ts';

export interface PlacedUnits {
  question: PlacementQuestion;
  plan: PlacementPlan;
}

/**
 * Answers the scenario's placement request, if it has one.
 * @throws InputError where a unit has no post and nothing is to find it one
 */
export async function placeUnits(
  city: City,
  tools?: PlacementTools,
): Promise<{ city: City; placement: PlacedUnits | null }> {
  const request = city.scenario.placement;
  if (request === null) {
    const homeless = city.units.findIndex((unit) => unit.home === NOWHERE);
    if (homeless >= 0) {
      const message = `unit "${city.units[homeless].id}" has no post; give it one, or let a "placement" request find its site`;
      throw InputError.at(city.scenario.fileName, '/units', message);
    }
    return { city, placement: null };
  }
  const question = placementQuestion(city, request);
  // Sites are sought for the units that have none: by the speeds of the first of them.
  const { profile } = city.units.find((unit) => unit.home === NOWHERE) ?? city.units[0];
  const model = PLACEMENT_MODELS.find((m) => m.type === request.type)!;
  const problem = buildPlacementProblem({
    router: createRouter(metricOf(city, profile, { siren: false })),
    sirenRouter: createRouter(metricOf(city, profile, { siren: true })),
    ...question,
  });
  const plan = await placeSites(model, problem, tools);
  return { city: standAt(city, question, plan.open), placement: { question, plan } };
}
