/**
 * The night town run to a results folder, with more calls than its units can answer: everything that a log can hold
 * happens (held, pre-empted, relieved, lost and linked calls, transport, reports, breaks, moves between bases).
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runScenario } from '../../engine/node/run-scenario.ts';

const NIGHT = resolve(import.meta.dirname, '../../scenarios/toy-night');

interface Night {
  posts: unknown[];
  units: unknown[];
  demand: { sources: { callsPerHour: number[] }[] };
  [key: string]: unknown;
}

/** Policies under which a busy night sees every kind of decision. */
const RELIEF = {
  type: 're-dispatch',
  minSavingS: 15,
  then: {
    type: 'pre-emption',
    urgentPriority: 1,
    phases: ['turningOut', 'enRoute', 'onScene'],
    then: { type: 'reserve-for-urgent', cutOffs: [{ fromPriority: 3, unitsFree: 2 }] },
  },
};

interface BusyNightOptions {
  dispatch?: unknown;
  moveUp?: unknown;
  /** Factor on the calls of the night town. */
  load?: number;
  replications?: number;
  /** Whether the log is kept. */
  log?: boolean;
}

/** Runs it; `folder` gets a folder `scenario` and the results in `results`, whose path is given back. */
export async function runBusyNight(
  folder: string,
  {
    dispatch = RELIEF,
    moveUp = { type: 'dynamic-mexclp' },
    load = 1.6,
    replications = 2,
    log = true,
  }: BusyNightOptions = {},
): Promise<string> {
  const scenario = JSON.parse(readFileSync(join(NIGHT, 'scenario.json'), 'utf8')) as Night;
  for (const source of scenario.demand.sources) {
    source.callsPerHour = source.callsPerHour.map((rate) => rate * load);
  }
  scenario.posts.push({ id: 'south', name: 'South gate', lonLat: [0.003597, -0.007194] });
  scenario.units.push(
    { id: 'car-4', post: 'post', shifts: ['late'], profile: 'plain', skills: ['armed'] },
    { id: 'moto-1', post: 'east', shifts: ['late'], profile: 'plain', kind: 'motorcycle' },
  );
  const from = join(folder, 'scenario');
  mkdirSync(from, { recursive: true });
  cpSync(join(NIGHT, 'roads.geojson'), join(from, 'roads.geojson'));
  writeFileSync(join(from, 'scenario.json'), JSON.stringify({ ...scenario, dispatch, moveUp }));
  const out = join(folder, 'results');
  await runScenario(from, { out, replications, workers: 1, log });
  return out;
}
