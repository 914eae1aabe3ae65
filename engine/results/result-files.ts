/** The files of a results folder, from the city and its replications. */
import type { City } from '../city/city.ts';
import { potentialCoverage } from '../city/potential.ts';
import { assert } from '../errors.ts';
import type { ImportReport } from '../import/road-extract.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import type { PlacedUnits } from '../placement/place-units.ts';
import { TIERS_MS } from '../scenario/tiers.ts';
import type { LoggedReplication, ReplicationRecord } from '../sim/event-log.ts';
import { plannedRoutes, toLoggedRoute } from '../sim/recorder.ts';
import { ENGINE_VERSION } from '../version.ts';
import { cityGeoJson } from './city-geojson.ts';
import { toJsonText } from './json.ts';
import { computeKpis, tallyKpis } from './kpi.ts';
import { groupLabel } from './kpis/call-groups.ts';
import { buildManifest } from './manifest.ts';
import { patrolJson } from './patrol-json.ts';
import { placementJson } from './placement-json.ts';
import { RESULT_FILES, type KpisJson, type UntilJson } from './results-folder.ts';
import { foldReplication, recordedUnitTimes, runFacts } from './run-facts.ts';
import type { TallyData } from './tally.ts';
import { incidentsCsv } from './write-csv.ts';
import { EventsFile, RoutesFile, writeRoads } from './write-parquet.ts';

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

/** What a replication leaves: its log, or the counts of its calls. */
export type FinishedReplication = ReplicationRecord & { tally?: TallyData };

/** What was worked out before the clock started. */
interface RunInputs {
  city: City;
  importReport: ImportReport;
  placement: PlacedUnits | null;
  plan: PatrolPlan;
}

/**
 * Every file of the results folder except timing.json, by name. A run that kept no log has no events, routes and
 * incidents.
 * @param records  replications that are done, in order of their number; fewer than asked mark the run as not complete
 * @param until    why so many were asked, where a figure decided it
 */
export async function resultFiles(
  { city, importReport, placement, plan }: RunInputs,
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
