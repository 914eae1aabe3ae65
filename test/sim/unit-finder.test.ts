import { describe, expect, it } from 'vitest';
import { labelMetrics } from '../../engine/city/label-metrics.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { fullCity } from '../support/full-city.ts';

const VARIANTS: Record<string, unknown>[] = [
  {},
  { positions: { staleS: 45 } },
  { dispatch: { type: 'pre-emption' }, moveUp: { type: 'dynamic-mexclp' }, travel: { cv: 0 } },
  { dispatch: { type: 'own-sector-first' }, moveUp: { type: 'none' } },
  // asks for as many as are available, which may be nobody
  { dispatch: { type: 'maximal-coverage', targetS: 60 }, queue: { type: 'none' } },
];

describe('the finder of a large fleet', () => {
  it.each(VARIANTS.map((scenario, v) => [v + 1, scenario] as const))(
    'gives the record that timing every unit gives, with labels and without (seed %i)',
    async (seed, scenario) => {
      const small = await fullCity({ seed, scenario, callsPerHour: 20 });
      const record = (city: typeof small.city, smallFleet: number) =>
        simulate(prepareSimulation(city, small.plan, { smallFleet }), 1);
      const timed = record(small.city, 100);
      expect(timed.log!.nEvents).toBeGreaterThan(800);
      expect(record(small.city, 0)).toEqual(timed);
      expect(record(labelMetrics(small.city), 0)).toEqual(timed);
    },
  );
});
