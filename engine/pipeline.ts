/**
 * The whole flow on one screen: scenario in, results out.
 *
 *   scenario.json ─ loadScenario ─> Scenario ─ readRoads ─> RoadExtract ─ buildRoadGraph ─> RoadGraph
 *     ─ buildCity ─> City ─ placeUnits ─> City ─ labelMetrics ─> City ─ planPatrols ─> PatrolPlan
 *     ─ createReplicator ─> ReplicationRecord[] ─ resultFiles ─> files of the results folder
 *
 * Every arrow is a pure function of what stands left of it. Opening files, threads and screens are the caller's.
 */
import { buildCity, NOWHERE } from './city/build.ts';
import type { City } from './city/city.ts';
import { metricOf } from './city/metrics.ts';
import { metricsInUse } from './city/metrics-in-use.ts';
import { potentialCoverage } from './city/potential.ts';
import { DISPATCH_POLICIES } from './dispatch/policies.ts';
import { assert, InputError } from './errors.ts';
import { buildRoadGraph } from './graph/build.ts';
import { decodeRoadGraph, looksLikeGraphFile } from './graph/graph-file.ts';
import type { RoadGraph } from './graph/road-graph.ts';
import { readRoads } from './import/import.ts';
import {
  CONTROLS,
  type ImportReport,
  modeBit,
  modesOf,
  ROAD_CLASSES,
  SURFACES,
  type TravelMode,
} from './import/road-extract.ts';
import type { RoadFormat } from './import/road-importer.ts';
import { MOVE_UP_POLICIES } from './move-up/policies.ts';
import { PATROL_POLICIES } from './patrol/policies.ts';
import { planPatrol } from './patrol/plan-check.ts';
import type { PatrolPlan } from './patrol/patrol.ts';
import { PLACEMENT_MODELS } from './placement/models.ts';
import { buildPlacementProblem, placeSites } from './placement/place.ts';
import type { PlacementPlan, PlacementTools } from './placement/placement.ts';
import { placementQuestion, type PlacementQuestion } from './placement/request.ts';
import { standAt } from './placement/stand-at.ts';
import { runPayload, type FinishedReplication, type RunPayload } from './replicate.ts';
import { createRouter } from './routing/dijkstra-router.ts';
import { fastestRouter, withLabels } from './routing/fastest-router.ts';
import { EXEMPTIONS } from './routing/profile.ts';
import { PROFILES } from './routing/profiles.ts';
import { LIMITS } from './limits.ts';
import { loadScenario } from './scenario/resolve.ts';
import type { KnownNames, Scenario, ScenarioFiles, SourceFile } from './scenario/scenario.ts';
import { shiftsInRun } from './scenario/shifts-in-run.ts';
import { STANDARD_PRESETS } from './scenario/standards.ts';
import { TIERS_MS } from './scenario/tiers.ts';
import { buildManifest } from './results/manifest.ts';
import { cityGeoJson } from './results/city-geojson.ts';
import { toJsonText } from './results/json.ts';
import { computeKpis, tallyKpis } from './results/kpi.ts';
import { patrolJson } from './results/patrol-json.ts';
import { placementJson } from './results/placement-json.ts';
import { groupLabel } from './results/kpis/call-groups.ts';
import { RESULT_FILES, type KpisJson, type UntilJson } from './results/results-folder.ts';
import { foldReplication, recordedUnitTimes, runFacts } from './results/run-facts.ts';
import { incidentsCsv } from './results/write-csv.ts';
import { EventsFile, RoutesFile, writeRoads } from './results/write-parquet.ts';
import type { LoggedReplication } from './sim/event-log.ts';
import { plannedRoutes, toLoggedRoute } from './sim/recorder.ts';
import { ENGINE_VERSION } from './version.ts';

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

export interface PlacedUnits {
  question: PlacementQuestion;
  plan: PlacementPlan;
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

/** Roads of any format, a graph file included. */
export async function readRoadGraph(
  source: SourceFile,
  options: {
    format?: string | undefined;
    pedestrianStreets: boolean;
    modes?: readonly TravelMode[] | undefined;
  },
): Promise<{ graph: RoadGraph; report: ImportReport }> {
  if (options.format === 'graph' || (options.format === undefined && looksLikeGraphFile(source.bytes))) {
    if (options.pedestrianStreets) {
      const message =
        'is a graph file, for which pedestrianStreets was decided when it was imported; import the roads again with it, and leave it out here';
      throw InputError.at(source.name, '', message);
    }
    const decoded = await decodeRoadGraph(source.bytes, source.name);
    const missing = (options.modes ?? []).filter((mode) => (decoded.graph.modes & modeBit(mode)) === 0);
    if (missing.length > 0) {
      const read = modesOf(decoded.graph.modes);
      const message = `is a graph file of roads read for ${read.join(', ')}, not for ${missing.join(', ')}; import the roads again with --modes ${[...read, ...missing].join(',')}`;
      throw InputError.at(source.name, '', message);
    }
    return decoded;
  }
  const { format, pedestrianStreets, modes } = options;
  const extract = await readRoads(source, {
    ...(format === undefined ? {} : { format: format as RoadFormat }),
    pedestrianStreets,
    modes,
  });
  return { graph: await buildRoadGraph(extract), report: extract.report };
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

/** Answers the scenario's placement request; units without a post stand at the sites that open. */
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

/**
 * The city with tree labels for the metrics that the run drives by, those most used first. Where the labels of all of
 * them would take more than `maxBytes`, the least used answer from the hierarchy, which the report and the manifest say:
 * the same times, slower.
 */
export function labelMetrics(city: City, maxBytes: number = LIMITS.labelBytes): City {
  const inUse = metricsInUse(city);
  const labelled = withLabels(
    inUse.map(({ metric }) => metric),
    { maxBytes },
  );
  const metrics = new Map(city.metrics);
  inUse.forEach(({ key }, i) => metrics.set(key, labelled[i]));
  const withoutLabels = labelled.filter(({ labels }) => labels === undefined).map(({ name }) => name);
  if (withoutLabels.length === 0) return { ...city, metrics };
  const warning =
    `${withoutLabels.join(', ')}: travel times come from the hierarchy instead of labels (all labels together may take ` +
    `${Math.round(maxBytes / 1024 ** 2)} MB), the same times, slower`;
  const warnings = [...city.report.warnings, warning];
  return { ...city, metrics, report: { ...city.report, warnings, withoutLabels } };
}

/** Of the shifts that fall into the run. */
export function planPatrols(city: City): PatrolPlan {
  const { scenario } = city;
  const policy = PATROL_POLICIES.find((p) => p.type === scenario.patrol.type)!;
  const inRun = shiftsInRun(scenario);
  const plan = planPatrol(policy, {
    router: fastestRouter(metricOf(city, scenario.patrol.profile, { siren: false })),
    shifts: scenario.shifts,
    // a unit that answers from its post stands there: it has no rounds
    units: city.units.map((unit) => ({
      ...unit,
      shifts: unit.answersFrom === 'post' ? [] : unit.shifts.filter((shift) => inRun[shift]),
    })),
    points: city.points,
    lines: city.lines,
  });
  return { ...plan, unplanned: plan.unplanned.filter(({ shift }) => inRun[shift]) };
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

/** Potential coverage at the three tiers, as kpis.json holds it. */
export function tierPotential(city: City): KpisJson['potential']['rows'] {
  return potentialCoverage(city, Object.values(TIERS_MS)).map(({ zoneClass, shares }) => ({
    group: zoneClass === null ? 'all' : `zoneClass:${zoneClass}`,
    label: groupLabel(zoneClass),
    within1min: shares[0],
    within3min: shares[1],
    within5min: shares[2],
  }));
}

/**
 * Every file of the results folder except timing.json, by name. A run that kept no log has no events, routes and
 * incidents.
 * @param records  replications that are done, in order of their number; fewer than asked mark the run as not complete
 * @param until    why so many were asked, where a figure decided it
 */
export async function resultFiles(
  { city, importReport, placement, plan }: PreparedRun,
  records: readonly FinishedReplication[],
  { asked, until }: { asked: number; until?: UntilJson | undefined },
): Promise<Map<string, Uint8Array>> {
  const { scenario, graph } = city;
  const facts = runFacts(city);
  const run = {
    facts,
    complete: records.length === asked,
    until,
    potential: tierPotential(city),
    unplanned: plan.unplanned,
  };
  const logged = records.filter(
    (record): record is LoggedReplication => record.log !== null && record.calls !== null,
  );
  const log = logged.length === records.length;
  const files = new Map<string, Uint8Array>();
  let kpis: KpisJson;
  if (log) {
    const planned = plannedRoutes(plan).map(toLoggedRoute);
    const events = new EventsFile(facts, graph, planned.length, ENGINE_VERSION);
    const routes = new RoutesFile(planned, ENGINE_VERSION);
    const replications = logged.map((record) => {
      events.append(record);
      routes.append(record);
      return foldReplication(facts, record);
    });
    kpis = computeKpis({ ...run, replications });
    const calls = replications.map((replication) => replication.calls);
    files.set(RESULT_FILES.events, await events.finish(run.complete));
    files.set(RESULT_FILES.routes, await routes.finish());
    files.set(RESULT_FILES.incidents, new TextEncoder().encode(incidentsCsv(facts, graph, calls)));
  } else {
    const replications = records.map((record) => {
      const { tally, replication } = record;
      assert(tally !== undefined, () => `replication ${replication} has neither log nor tally`);
      return { tally, units: recordedUnitTimes(record) };
    });
    kpis = tallyKpis({ ...run, replications });
  }
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  files.set(RESULT_FILES.roads, await writeRoads(graph, ENGINE_VERSION));
  files.set(RESULT_FILES.kpis, text(toJsonText(kpis)));
  files.set(RESULT_FILES.city, text(cityGeoJson(city)));
  files.set(RESULT_FILES.patrol, text(toJsonText(patrolJson(city, plan))));
  files.set(RESULT_FILES.importReport, text(toJsonText(importReport)));
  files.set(RESULT_FILES.scenario, scenario.bytes);
  if (placement !== null) {
    files.set(
      RESULT_FILES.placement,
      text(toJsonText(placementJson(city, placement.question, placement.plan))),
    );
  }
  const manifest = await buildManifest({
    engineVersion: ENGINE_VERSION,
    scenario,
    graphHash: graph.contentHash,
    seed: scenario.run.seed,
    replications: { done: records.length, asked },
    until,
    withoutLabels: city.report.withoutLabels,
    log,
    files,
  });
  files.set(RESULT_FILES.manifest, text(toJsonText(manifest)));
  return files;
}
