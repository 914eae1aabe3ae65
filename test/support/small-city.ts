/**
 * Small towns ready to simulate: an ASCII map, a few units and calls, everything else with a plain default. Speeds are
 * 36 km/h (one cell of the map is 10 s) with and without siren, patrol included, unless a test says otherwise.
 */
import { buildCity } from '../../engine/city/build.ts';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { callTable, streamOf, type CallRow } from '../../engine/demand/demand.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import type { MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { PATROL_POLICIES } from '../../engine/patrol/policies.ts';
import { readScenario } from '../../engine/pipeline.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { planPatrol } from '../../engine/patrol/plan-check.ts';
import type { PatrolPlan } from '../../engine/patrol/patrol.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { NONE } from '../../engine/units.ts';
import { map, type StreetOptions, type Town } from './ascii-map.ts';

export interface SmallCity {
  town: Town;
  city: City;
  plan: PatrolPlan;
  /** Simulates given calls (seconds, mark on the map, seconds on scene, category index, other columns as they are). */
  run(
    calls: GivenCall[],
    policies?: { dispatch?: DispatchPolicy; moveUp?: MoveUpPolicy },
    replication?: number,
  ): LoggedReplication;
  /** Rows of a record as text: `12.5 unitArrived call 0 car-1`. */
  rows(record: LoggedReplication, ...kinds: string[]): string[];
}

export type GivenCall = { atS: number; place: string; onSceneS: number; category?: number } & Partial<
  Pick<CallRow, 'triaged' | 'transported' | 'handoverMs' | 'reportMs' | 'parent' | 'key'>
>;

/** Keys of a scenario that replace the defaults below. `units` name posts by the letter they stand at. */
export interface SmallScenario {
  units?: ({ id: string; at: string; shifts?: string[] } & Record<string, unknown>)[];
  points?: { id: string; at: string; visitsPerShift?: number; dwellS?: number }[];
  scenario?: Record<string, unknown>;
  /** Files beside the scenario, by name. */
  files?: Record<string, string>;
  ways?: Record<string, StreetOptions>;
  /** The roads with something more: turn restrictions, modes… */
  roads?: (town: Town) => RoadGraph;
}

export async function smallCity(drawing: string, given: SmallScenario = {}): Promise<SmallCity> {
  const town = await map(drawing, given.ways);
  const lonLat = (mark: string): [number, number] => {
    const { lon, lat } = town.lonLat(mark);
    return [lon, lat];
  };
  const units = given.units ?? [{ id: 'car-1', at: 'A' }];
  const posts = [...new Set(units.map((unit) => unit.at))];
  const json = {
    version: 1,
    name: 'small',
    roads: { file: 'roads.geojson' },
    mustReachPoints: (given.points ?? []).map(({ at, ...point }) => ({ ...point, lonLat: lonLat(at) })),
    posts: posts.map((at) => ({ id: `post-${at}`, lonLat: lonLat(at) })),
    shifts: [{ id: 'all', startS: 0, endS: 86400 }],
    units: units.map(({ id, at, shifts, ...more }) => ({
      profile: 'plain',
      ...more,
      id,
      post: `post-${at}`,
      shifts: shifts ?? ['all'],
    })),
    demand: {
      type: 'poisson',
      categories: [
        { id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } },
        { id: 'ordinary', priority: 2, share: 1, onSceneS: { type: 'constant', mean: 600 } },
      ],
      sources: [{ where: { type: 'roads' }, callsPerHour: 4 }],
    },
    patrol: { type: 'quota-tour', profile: 'plain' },
    run: { start: '2026-03-02T00:00', durationS: 86400, replications: 2, seed: 1 },
    ...given.scenario,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const files = new Map([
    ['scenario.json', bytes],
    ['roads.geojson', new TextEncoder().encode('{"type":"FeatureCollection","features":[]}')],
    ...Object.entries(given.files ?? {}).map(
      ([name, text]) => [name, new TextEncoder().encode(text)] as const,
    ),
  ]);
  const opened = openScenarioFromBytes(files);
  const scenario = await readScenario(opened.fileName, opened.bytes, opened.files);
  const city = await buildCity(scenario, given.roads?.(town) ?? town.graph);
  const policy = PATROL_POLICIES.find((p) => p.type === scenario.patrol.type)!;
  const plan = planPatrol(policy, {
    router: createRouter(metricOf(city, scenario.patrol.profile, { siren: false })),
    shifts: scenario.shifts,
    units: city.units,
    points: city.points,
    lines: city.lines,
  });
  return {
    town,
    city,
    plan,
    run(calls, policies = {}, replication = 1) {
      const table = callTable(
        calls.map(({ atS, place, onSceneS, category = 0, ...needs }) => ({
          occurredMs: atS * 1000,
          ...town.at(place),
          zone: NONE,
          category,
          onSceneMs: onSceneS * 1000,
          ...needs,
        })),
      );
      return simulate(prepareSimulation(city, plan, policies), replication, {
        calls: streamOf(table),
      }) as LoggedReplication;
    },
    rows({ log }, ...kinds) {
      const rows: string[] = [];
      for (let row = 0; row < log.nEvents; row++) {
        const kind = EVENT_KINDS[log.kind[row]];
        if (kinds.length > 0 && !kinds.includes(kind)) continue;
        const parts = [String(log.timeMs[row] / 1000), kind];
        if (log.call[row] !== NONE) parts.push(`call ${log.call[row]}`);
        if (log.unit[row] !== NONE) parts.push(city.units[log.unit[row]].id);
        rows.push(parts.join(' '));
      }
      return rows;
    },
  };
}
