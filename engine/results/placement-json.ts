/** placement.json: the sites that a placement model opened, what they cover, and who stands there. */
import { meanCallsPerHour, type City } from '../city/city.ts';
import { pointOfPosition } from '../graph/road-graph.ts';
import { placeKey } from '../placement/candidates.ts';
import type { PlacementPlan } from '../placement/placement.ts';
import type { PlacementQuestion } from '../placement/request.ts';
import { fromE7 } from '../units.ts';

/** @param city  with its units at the sites (see `standAt`) */
export function placementJson(city: City, question: PlacementQuestion, plan: PlacementPlan) {
  const demand = question.atoms.reduce((sum, atom) => sum + atom.weight, 0);
  const expected = city.sources.reduce((sum, source) => sum + meanCallsPerHour(source), 0);
  return {
    version: 1,
    model: plan.model,
    method: plan.method,
    coverage: 'potential',
    about:
      'Share of expected calls whose place a free unit at an open site reaches by drive within what the first standard leaves for driving.',
    demandCallsPerHour: demand,
    /** Expected calls of which no clause asks a first arrival: left out of both shares. */
    notAskedCallsPerHour: expected - demand > 1e-9 * expected ? expected - demand : 0, // less is rounding of the sums
    coveredCallsPerHour: plan.objective,
    coveredShare: demand > 0 ? plan.objective / demand : null,
    boundShare: demand > 0 ? plan.bound / demand : null,
    candidates: question.candidates.length,
    sites: plan.open.map((site) => {
      const { name, position } = question.candidates[site];
      const { lonE7, latE7 } = pointOfPosition(city.graph, position);
      return {
        name,
        lon: fromE7(lonE7),
        lat: fromE7(latE7),
        required: question.required.includes(site),
        units: city.units
          .filter(({ home }) => placeKey(city.graph, home) === placeKey(city.graph, position))
          .map((unit) => unit.id),
      };
    }),
  };
}
