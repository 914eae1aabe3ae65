/** A city to simulate on Porto's roads: 200 units with shifts, calls of two priorities, answered from posts or on patrol. */
import { openScenarioFromBytes } from '../engine/browser/scenario-files.ts';
import { buildCity } from '../engine/city/build.ts';
import type { City } from '../engine/city/city.ts';
import { pointOfPosition, type RoadGraph } from '../engine/graph/road-graph.ts';
import type { PatrolPlan } from '../engine/patrol/patrol.ts';
import { labelMetrics } from '../engine/city/label-metrics.ts';
import { planPatrols } from '../engine/patrol/plan-patrols.ts';
import { readScenario } from '../engine/pipeline.ts';
import { createTally } from '../engine/results/tally.ts';
import { runFacts } from '../engine/results/run-facts.ts';
import { NOT_YET, type CallOutcome, type RunObserver } from '../engine/sim/outcome.ts';
import { finishReplication, prepareSimulation, runUntil, startReplication } from '../engine/sim/simulate.ts';
import type { SimulationSetup, UnitState } from '../engine/sim/state.ts';
import { fromE7, MS_PER_HOUR, MS_PER_S } from '../engine/units.ts';
import { graphOf } from './graphs.ts';
import { QUESTION, randomPositions, SEED } from './inputs.ts';

/** One at each post. */
export const UNITS = 200;

/**
 * `posts`: units stand at their posts, answer from there and are out of reach on their way back. `patrol`: they patrol
 * between places of their area, answer from wherever they are, and may be called on their way back.
 */
export type Answering = 'posts' | 'patrol';

interface SimulatedCity {
  answering: Answering;
  days: number;
  /** Mean calls in an hour. With their time on scene, four of ten units are busy; far more, and drives get so long that it never ends. */
  callsPerHour?: number;
  onSceneS?: number;
  unitsAPost?: number;
}

/** Places on patrol for each unit and shift, and how long it stays at each. */
const PLACES_A_UNIT = 8;
const DWELL_S = 600;

export interface ReadyCity {
  city: City;
  plan: PatrolPlan;
  setup: SimulationSetup;
}

/** @param graph  Porto's; left out, it is read */
export async function simulationCity(given: SimulatedCity, graph?: RoadGraph): Promise<ReadyCity> {
  graph ??= await graphOf('porto');
  const bytes = new TextEncoder().encode(JSON.stringify(scenarioJson(graph, given)));
  const files = new Map([
    ['scenario.json', bytes],
    // the roads are those of the graph
    ['roads.geojson', new TextEncoder().encode('{"type":"FeatureCollection","features":[]}')],
  ]);
  const opened = openScenarioFromBytes(files);
  const scenario = await readScenario(opened.fileName, opened.bytes, opened.files);
  const city = labelMetrics(await buildCity(scenario, graph));
  const plan = planPatrols(city);
  return { city, plan, setup: prepareSimulation(city, plan) };
}

function scenarioJson(
  graph: RoadGraph,
  { answering, days, callsPerHour = 150, onSceneS = 1500, unitsAPost = 1 }: SimulatedCity,
): unknown {
  const lonLats = (count: number, question: number): [number, number][] =>
    randomPositions(graph, count, question).map((position) => {
      const { lonE7, latE7 } = pointOfPosition(graph, position);
      return [fromE7(lonE7), fromE7(latE7)];
    });
  const posts = lonLats(UNITS, QUESTION.posts).map((lonLat, p) => ({ id: `post-${p}`, lonLat }));
  const patrolled = answering === 'patrol' ? lonLats(UNITS * PLACES_A_UNIT, QUESTION.units) : [];
  return {
    version: 1,
    name: `bench-${answering}`,
    roads: { file: 'roads.geojson' },
    mustReachPoints: patrolled.map((lonLat, p) => ({
      id: `place-${p}`,
      lonLat,
      visitsPerShift: 1,
      dwellS: DWELL_S,
    })),
    posts,
    shifts: [
      { id: 'day', startS: 6 * 3600, endS: 18 * 3600 },
      { id: 'night', startS: 18 * 3600, endS: 30 * 3600 },
    ],
    units: posts.map(({ id }, u) => ({
      id: `unit-${u}`,
      count: unitsAPost,
      post: id,
      shifts: ['day', 'night'],
      ...(answering === 'posts' ? { answersFrom: 'post' } : {}),
    })),
    demand: {
      type: 'poisson',
      categories: [
        {
          id: 'urgent',
          priority: 1,
          share: 1,
          siren: true,
          onSceneS: { type: 'exponential', mean: onSceneS },
        },
        { id: 'ordinary', priority: 2, share: 2, onSceneS: { type: 'exponential', mean: onSceneS } },
      ],
      sources: [{ where: { type: 'roads' }, callsPerHour }],
    },
    patrol: { type: answering === 'patrol' ? 'quota-tour' : 'stay-at-post' },
    run: { start: '2026-03-02T06:00', durationS: days * 86400, replications: 1, seed: SEED },
  };
}

/** How a replication went, to compare and to report. */
interface SimulatedRun {
  calls: number;
  /** Folds unit and arrival of every call that was answered: the same only where every answer is. */
  checksum: number;
  meanResponseS: number;
  /** Share of the time on duty that units are with calls. */
  busyShare: number;
}

/** How replications are run. */
export interface RunWay {
  /** No log; the event log; the same with the roads of every drive, as they are written to files. */
  log: 'off' | 'events' | 'roads';
  /** Simulated time from the start; left out, the whole run. */
  hours?: number;
  /** Times every unit by the router at each decision, as a plain simulation would. */
  timingAll?: boolean;
}

/** One replication with the tally of all figures. */
export function simulateRun(
  { city, setup }: ReadyCity,
  { replication, log, hours, timingAll = false }: RunWay & { replication: number },
): SimulatedRun {
  const tally = createTally(runFacts(city));
  const run = { calls: 0, checksum: 0 };
  let responses = 0;
  let responseMs = 0;
  const observer: RunObserver = {
    callEnded(outcome: Readonly<CallOutcome>) {
      tally.callEnded(outcome);
      const { unit, occurredMs, arrivedMs, end } = outcome;
      // calls that are open at the end are told only where the run is finished
      if (end === 'open') return;
      run.calls++;
      if (arrivedMs === NOT_YET) return;
      responses++;
      responseMs += arrivedMs - occurredMs;
      run.checksum = (run.checksum * 31 + unit * 1_000_003 + arrivedMs) % 2 ** 40;
    },
  };
  const sim = startReplication(setup, replication, { log: log !== 'off', observer });
  if (timingAll) Object.assign(sim, { finder: null });
  runUntil(sim, hours === undefined ? sim.endMs : sim.startMs + hours * MS_PER_HOUR);
  if (log === 'roads') sim.recorder!.routes();
  if (log !== 'off') sim.recorder!.log();
  else if (hours === undefined) finishReplication(sim);
  const sum = (of: (unit: UnitState) => number): number =>
    sim.units.reduce((total, unit) => total + of(unit), 0);
  return {
    ...run,
    meanResponseS: responseMs / responses / MS_PER_S,
    busyShare: sum((unit) => unit.busyMs) / sum((unit) => unit.onDutyMs),
  };
}
