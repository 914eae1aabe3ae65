/**
 * The whole flow on one screen: scenario in, results out.
 *
 *   scenario.json ─ loadScenario ─> Scenario ─ readRoads ─> RoadExtract ─ buildRoadGraph ─> RoadGraph
 *     ─ buildCity ─> City ─ placeUnits ─> City ─ labelMetrics ─> City ─ planPatrols ─> PatrolPlan
 *     ─ createReplicator ─> ReplicationRecord[] ─ resultFiles ─> files of the results folder
 *
 * Every arrow is a pure function of what stands left of it. Opening files, threads and screens are the caller's.
 */
import { buildCity } from './city/build.ts';
import type { City } from './city/city.ts';
import { labelMetrics } from './city/label-metrics.ts';
import { DISPATCH_POLICIES } from './dispatch/policies.ts';
import { InputError } from './errors.ts';
import { readRoadGraph } from './graph/read-road-graph.ts';
import { CONTROLS, type ImportReport, ROAD_CLASSES, SURFACES } from './import/road-extract.ts';
import { MOVE_UP_POLICIES } from './move-up/policies.ts';
import { PATROL_POLICIES } from './patrol/policies.ts';
import { planPatrols } from './patrol/plan-patrols.ts';
import type { PatrolPlan } from './patrol/patrol.ts';
import { PLACEMENT_MODELS } from './placement/models.ts';
import { placeUnits, type PlacedUnits } from './placement/place-units.ts';
import type { PlacementTools } from './placement/placement.ts';
import { runPayload, type RunPayload } from './replicate.ts';
import { EXEMPTIONS } from './routing/profile.ts';
import { PROFILES } from './routing/profiles.ts';
import { loadScenario } from './scenario/resolve.ts';
import type { KnownNames, Scenario, ScenarioFiles } from './scenario/scenario.ts';
import { STANDARD_PRESETS } from './scenario/standards.ts';

/** Every name a scenario may use; the lists of the stages are the only place where policies and models are known. */
export const KNOWN_NAMES: KnownNames = {
  dispatch: Object.fromEntries(DISPATCH_POLICIES.map(({ type, params }) => [type, params])),
  moveUp: Object.fromEntries(MOVE_UP_POLICIES.map(({ type, params }) => [type, params])),
  patrol: PATROL_POLICIES.map((policy) => policy.type),
  placement: PLACEMENT_MODELS.map((model) => model.type),
  profiles: PROFILES.map((profile) => profile.type),
  roadClasses: ROAD_CLASSES,
  surfaces: SURFACES,
  controls: CONTROLS,
  exemptions: Object.keys(EXEMPTIONS),
  standards: STANDARD_PRESETS,
};

/** A city ready to run: units placed, patrols planned, and what the results say of the way there. */
export interface PreparedRun {
  city: City;
  importReport: ImportReport;
  placement: PlacedUnits | null;
  plan: PatrolPlan;
  payload: RunPayload;
}

/** Told before each step that can take long. */
export type OnStep = (step: string) => void;

export const readScenario = (fileName: string, bytes: Uint8Array, files: ScenarioFiles): Promise<Scenario> =>
  loadScenario(fileName, bytes, files, KNOWN_NAMES);

/** @throws InputError where a steady-state run, which is one long replication, is asked for more */
export function checkReplications({ run }: Scenario, asked: number, file: string, place = ''): void {
  if (run.steadyState === null || asked === 1) return;
  const message = `${asked} is not allowed: the scenario is a steady-state run (run.steadyState), one long replication whose intervals come from its batches`;
  throw InputError.at(file, place, message);
}

/** @param readGraph  who reads roads; several scenarios may share what is read once */
export async function prepareCity(
  scenario: Scenario,
  onStep: OnStep = () => {},
  readGraph: typeof readRoadGraph = readRoadGraph,
): Promise<{ city: City; importReport: ImportReport }> {
  onStep('reading roads');
  const { graph, report } = await readGraph(scenario.roads.file, scenario.roads);
  onStep('placing the scenario on its roads');
  return { city: await buildCity(scenario, graph), importReport: report };
}

/** What only the city shows: names of units, bases and zones that a policy's parameters use. @throws InputError */
function checkPolicyParams(city: City): void {
  const { dispatch, moveUp, fileName } = city.scenario;
  const dispatchPolicy = DISPATCH_POLICIES.find(({ type }) => type === dispatch.type)!;
  const moveUpPolicy = MOVE_UP_POLICIES.find(({ type }) => type === moveUp.type)!;
  const problems = [
    ...(dispatchPolicy.check?.(dispatch.params, city) ?? []).map((p) => ({
      ...p,
      key: `/dispatch/${p.key}`,
    })),
    ...(moveUpPolicy.check?.(moveUp.params, city) ?? []).map((p) => ({ ...p, key: `/moveUp/${p.key}` })),
  ];
  if (problems.length === 0) return;
  throw new InputError(problems.map(({ key, message }) => ({ file: fileName, place: key, message })));
}

/** Everything before the clock starts. */
export async function prepareRun(
  scenario: Scenario,
  onStep: OnStep = () => {},
  tools?: PlacementTools,
  readGraph?: typeof readRoadGraph,
): Promise<PreparedRun> {
  const { city: onRoads, importReport } = await prepareCity(scenario, onStep, readGraph);
  onStep('placing units');
  const { city: placed, placement } = await placeUnits(onRoads, tools);
  checkPolicyParams(placed);
  onStep('labelling roads');
  const city = labelMetrics(placed);
  onStep('planning patrols');
  const plan = planPatrols(city);
  return { city, importReport, placement, plan, payload: runPayload(city, plan) };
}
