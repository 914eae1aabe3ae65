/** Plans from disk, made ready to be simulated side by side in one pool of threads. */
import { prepareRun, type PreparedRun } from '../pipeline.ts';
import { runFacts } from '../results/run-facts.ts';
import type { ScenarioEdit } from '../scenario/edits.ts';
import type { PlanJson, StudyPlan } from '../study/comparison.ts';
import { planLetter } from '../study/comparison.ts';
import { figureReader, type FigureOf } from '../study/figures.ts';
import { ofStudyTask, type PlanReplication } from '../study/plan-replication.ts';
import { checkSameYardstick, refuseOtherCalls } from '../study/same-calls.ts';
import { createPool, type Pool } from './pool.ts';
import { openAndReadScenario } from './run-scenario.ts';
import type { StudyPayload } from './study-worker.ts';

export interface PlanRequest {
  /** Scenario folder or JSON file. */
  path: string;
  edits: readonly ScenarioEdit[];
}

export interface OpenedPlan extends StudyPlan {
  about: PlanJson;
  prepared: PreparedRun;
}

export interface Study {
  plans: OpenedPlan[];
  /** Of the first plan unless another was asked for; all plans have it. */
  seed: number | string;
  /** That the first scenario asks for. */
  replications: number;
}

/**
 * Opens and prepares plans; all get the seed of the first one.
 * @throws InputError, InfeasibleError as a run of each would; also where plans have no common yardstick
 */
export async function openStudy(
  requests: readonly PlanRequest[],
  {
    data,
    seed,
    figures,
    onStep,
    onWarning,
  }: {
    data: Readonly<Record<string, string>>;
    seed?: number | string | undefined;
    figures: readonly FigureOf[];
    onStep: (step: string) => void;
    onWarning: (text: string) => void;
  },
): Promise<Study> {
  const scenarios = [];
  for (const { path, edits } of requests) scenarios.push(await openAndReadScenario(path, { data, edits }));
  const common = seed ?? scenarios[0].run.seed;
  const plans: OpenedPlan[] = [];
  for (const [i, scenario] of scenarios.entries()) {
    const letter = planLetter(i);
    const prepared = await prepareRun({ ...scenario, run: { ...scenario.run, seed: common } }, (step) =>
      onStep(`plan ${letter}: ${step}`),
    );
    for (const warning of prepared.city.report.warnings) onWarning(`plan ${letter}: ${warning}`);
    plans.push({
      letter,
      facts: runFacts(prepared.city),
      prepared,
      about: {
        plan: letter,
        scenario: scenario.name,
        file: scenario.fileName,
        sha256: scenario.sha256,
        edits: requests[i].edits.map(({ text }) => text),
      },
    });
  }
  checkSameYardstick(plans);
  for (const { facts } of plans) for (const figure of figures) figureReader(facts, figure);
  return { plans, seed: common, replications: scenarios[0].run.replications };
}

/** A pool that runs tasks of the plans (`studyTask`). */
export function studyPool(
  { plans }: Study,
  figures: readonly FigureOf[],
  workers: number,
): Pool<PlanReplication> {
  return createPool<StudyPayload, PlanReplication>({
    workers,
    init: { plans: plans.map(({ prepared }) => prepared.payload), figures: [...figures] },
    module: new URL('./study-worker.js', import.meta.url),
    nameOf: (task) => {
      const { plan, replication } = ofStudyTask(plans.length, task);
      return `replication ${replication} of plan ${plans[plan].letter}`;
    },
  });
}

/**
 * Holds replications to the calls of the first plan, told in order of number.
 * @throws InputError at the first that differs
 */
export function callsGuard({ plans }: Study): (plan: number, result: PlanReplication) => void {
  let replication = 0;
  let first = -1;
  let hash = '';
  return (plan, result) => {
    if (result.replication !== replication) {
      replication = result.replication;
      first = plan;
      hash = result.callsHash;
    } else if (result.callsHash !== hash) {
      const [a, b] = [plans[first], plans[plan]].map((each) => ({ ...each, city: each.prepared.city }));
      refuseOtherCalls(a, b, replication);
    }
  };
}
