/** What policies prepare from: a city, and what is worked out from it once. */
import type { City } from '../city/city.ts';
import { coverageModel, type CoverageModel } from './coverage.ts';
import type { DispatchSetup } from './dispatch.ts';

export function createDispatchSetup(city: City): DispatchSetup {
  const models = new Map<number | undefined, CoverageModel>();
  return {
    city,
    coverage(targetMs) {
      let model = models.get(targetMs);
      if (model === undefined) models.set(targetMs, (model = coverageModel(city, targetMs)));
      return model;
    },
  };
}
