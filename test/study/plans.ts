/** Plans of one small town that differ in where their cars stand, ready to be simulated. */
import { runFacts } from '../../engine/results/run-facts.ts';
import type { StudyPlan } from '../../engine/study/comparison.ts';
import { planLetter } from '../../engine/study/comparison.ts';
import type { FigureOf } from '../../engine/study/figures.ts';
import { planReplicator, type PlanReplication } from '../../engine/study/plan-replication.ts';
import { smallCity, type SmallCity, type SmallScenario } from '../support/small-city.ts';

/** A street of 36 cells of 100 m with a branch: 6 minutes from end to end at 10 m/s. */
const TOWN = `
  A-----------B-----------C-----------D
              |           |
              E           F           `;

export interface TownPlan extends StudyPlan, SmallCity {
  about: { plan: string; scenario: string; file: string; sha256: string; edits: string[] };
  replicate: (replication: number) => PlanReplication;
}

/** @param stands  for each plan, the letters that cars stand at */
export function townPlans(
  stands: readonly (readonly string[])[],
  figures: readonly FigureOf[],
  given: SmallScenario | ((plan: number) => SmallScenario) = {},
): Promise<TownPlan[]> {
  return Promise.all(
    stands.map(async (at, i): Promise<TownPlan> => {
      const { scenario, ...more } = typeof given === 'function' ? given(i) : given;
      const city = await smallCity(TOWN, {
        units: at.map((mark, u) => ({ id: `car-${u + 1}`, at: mark })),
        ...more,
        scenario: {
          run: { start: '2026-03-02T00:00', durationS: 14_400, replications: 10, seed: 11 },
          ...scenario,
        },
      });
      const letter = planLetter(i);
      return {
        ...city,
        letter,
        facts: runFacts(city.city),
        about: { plan: letter, scenario: 'small', file: 'scenario.json', sha256: '', edits: [] },
        replicate: planReplicator(city, figures),
      };
    }),
  );
}
