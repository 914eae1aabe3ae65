/** Plans from disk, made ready to be simulated side by side in one pool of threads. */
import { InfeasibleError, InputError, type InputProblem } from '../errors.ts';
import { readRoadGraph } from '../graph/read-road-graph.ts';
import { prepareRun, type PreparedRun } from '../pipeline.ts';
import { runFacts } from '../results/run-facts.ts';
import { namingEdits, type ScenarioEdit } from '../scenario/edits.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PlanJson, StudyPlan } from '../study/comparison.ts';
import { planLetter } from '../study/comparison.ts';
import { figureReader, type FigureOf } from '../study/figures.ts';
import { ofStudyTask, type PlanReplication } from '../study/plan-replication.ts';
import { checkSameTimes, checkSameYardstick, planFile, refuseOtherCalls } from '../study/same-calls.ts';
import { createPool, type Pool } from './pool.ts';
import { openAndReadScenario, withEdits } from './run-scenario.ts';
import type { StudyPayload } from './study-worker.ts';

export interface PlanRequest {
  /** Scenario folder or JSON file. */
  path: string;
  edits: readonly ScenarioEdit[];
}

interface OpenedPlan extends StudyPlan {
  about: PlanJson;
  edits: readonly ScenarioEdit[];
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
  const scenarios: Scenario[] = [];
  const problems: InputProblem[] = [];
  for (const [i, { path, edits }] of requests.entries()) {
    await named(planLetter(i), async () => {
      scenarios.push(await openAndReadScenario(path, { data, edits }));
    }).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  const unmade = scenarios.map(({ name, run, bytes }, i) => ({
    letter: planLetter(i),
    facts: { scenario: name, durationMs: run.durationMs, warmUpMs: run.warmUpMs },
    edits: requests[i].edits,
    bytes,
  }));
  withPlanEdits(unmade, () => checkSameTimes(unmade));
  const common = seed ?? scenarios[0].run.seed;
  const plans: OpenedPlan[] = [];
  const readOnce = sharedRoads();
  for (const [i, scenario] of scenarios.entries()) {
    const letter = planLetter(i);
    const seeded = { ...scenario, run: { ...scenario.run, seed: common } };
    const step = (text: string) => onStep(`plan ${letter}: ${text}`);
    const prepared = await named(letter, () =>
      withEdits(seeded, requests[i].edits, () => prepareRun(seeded, step, undefined, readOnce)),
    );
    for (const warning of prepared.city.report.warnings) onWarning(`plan ${letter}: ${warning}`);
    plans.push({
      letter,
      facts: runFacts(prepared.city),
      prepared,
      edits: requests[i].edits,
      about: {
        plan: letter,
        scenario: scenario.name,
        file: scenario.fileName,
        sha256: scenario.sha256,
        edits: requests[i].edits.map(({ text }) => text),
      },
    });
  }
  withPlanEdits(plans.map(editedPlan), () => checkSameYardstick(plans));
  for (const { facts } of plans) for (const figure of figures) figureReader(facts, figure);
  return { plans, seed: common, replications: scenarios[0].run.replications };
}

/** Says which plan is at fault. */
async function named<T>(letter: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError(error.problems.map((each) => ({ ...each, file: `plan ${letter}: ${each.file}` })));
    if (error instanceof InfeasibleError) throw new InfeasibleError(`plan ${letter}: ${error.message}`);
    throw error;
  }
}

/** What problems of a plan need to name its edits. */
interface EditedPlan {
  letter: string;
  facts: Pick<StudyPlan['facts'], 'scenario'>;
  edits: readonly ScenarioEdit[];
  bytes: Uint8Array;
}

const editedPlan = ({ letter, facts, edits, prepared }: OpenedPlan): EditedPlan => ({
  letter,
  facts,
  edits,
  bytes: prepared.city.scenario.bytes,
});

/** Says by which edits a plan became unlike the first. */
function withPlanEdits(plans: readonly EditedPlan[], step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const named = error.problems.flatMap((problem) => {
      const plan = plans.find((each) => planFile(each) === problem.file);
      if (plan === undefined) return [problem];
      return namingEdits([problem], plan.edits, plan.bytes, problem.file);
    });
    throw new InputError(named);
  }
}

/** Plans on the same roads share one graph, in memory too. */
function sharedRoads(): typeof readRoadGraph {
  const read = new Map<string, ReturnType<typeof readRoadGraph>>();
  return (source, options) => {
    const { format, pedestrianStreets, modes } = options;
    const key = JSON.stringify([source.sha256, source.name, format, pedestrianStreets, modes]);
    let roads = read.get(key);
    if (roads === undefined) read.set(key, (roads = readRoadGraph(source, options)));
    return roads;
  };
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
      withPlanEdits(plans.map(editedPlan), () => refuseOtherCalls(a, b, replication));
    }
  };
}
