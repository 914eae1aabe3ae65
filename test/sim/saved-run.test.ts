import { describe, expect, it } from 'vitest';
import {
  prepareSimulation,
  finishReplication,
  runUntil,
  simulate,
  startReplication,
} from '../../engine/sim/simulate.ts';
import { resumeReplication, saveReplication, type SavedReplication } from '../../engine/sim/saved-run.ts';
import { fromSavedText, savedText } from '../../engine/sim/saved-text.ts';
import { testStream } from '../support/random-city.ts';
import { fullCity } from '../support/full-city.ts';

const POLICIES: Record<string, unknown>[] = [
  {},
  { dispatch: { type: 'pre-emption' }, moveUp: { type: 'dynamic-mexclp' } },
  {
    dispatch: { type: 're-dispatch' },
    moveUp: { type: 'compliance-table' },
    queue: { type: 'finite', places: 2 },
  },
];

describe('a run that is stopped, saved and gone on with', () => {
  it.each(POLICIES.map((scenario, seed) => [seed + 1, scenario] as const))(
    'gives the record of the unbroken one, wherever it is cut (seed %i)',
    async (seed, scenario) => {
      const small = await fullCity({ seed, scenario });
      const whole = simulate(prepareSimulation(small.city, small.plan), 1);
      expect(whole.log!.nEvents).toBeGreaterThan(800);
      const random = testStream(seed);
      for (let cut = 0; cut < 6; cut++) {
        const setup = prepareSimulation(small.city, small.plan);
        const sim = startReplication(setup, 1);
        runUntil(sim, -3_600_000 + random.below(46_800_000));
        const text = savedText(saveReplication(sim));
        // another thread, which knows nothing but the text
        const fresh = prepareSimulation(small.city, small.plan);
        const resumed = resumeReplication(fresh, fromSavedText(text) as SavedReplication);
        expect(savedText(saveReplication(resumed))).toBe(text);
        runUntil(resumed, resumed.endMs);
        expect(finishReplication(resumed)).toEqual(whole);
      }
    },
  );

  it('goes on without a log where none was kept, with the same outcomes', async () => {
    const small = await fullCity({});
    const setup = prepareSimulation(small.city, small.plan);
    const outcomes: string[] = [];
    const observer = { callEnded: (call: object) => outcomes.push(JSON.stringify(call)) };
    const whole = simulate(setup, 2, { log: false, observer });
    const asWhole = outcomes.splice(0);
    const sim = startReplication(setup, 2, { log: false, observer });
    runUntil(sim, 10_000_000);
    const resumed = resumeReplication(
      setup,
      fromSavedText(savedText(saveReplication(sim))) as SavedReplication,
      {
        observer,
      },
    );
    runUntil(resumed, resumed.endMs);
    expect(finishReplication(resumed)).toEqual(whole);
    expect(outcomes).toEqual(asWhole);
    expect(asWhole.length).toBeGreaterThan(100);
  });
});
