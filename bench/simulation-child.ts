/**
 * One long replication in a process of its own: `simulation-child.ts <graph file> <days>`; prints calls, checksum and
 * the memory that the process held after a tenth of the calls and at most.
 */
import { readFileSync } from 'node:fs';
import { decodeRoadGraph } from '../engine/graph/graph-file.ts';
import { simulateRun, simulationCity } from './simulation-city.ts';

/** About 27,000 calls a day: 10 million in a year, which is all that a replication may have. */
const CALLS_PER_HOUR = 1137;
const ON_SCENE_S = 300;
const UNITS_A_POST = 3;

export interface LongRun {
  calls: number;
  units: number;
  busyShare: number;
  checksum: number;
  seconds: number;
  /** Resident memory in MB: before the run, when the first tenth of the days is over, and at most. */
  readyMb: number;
  tenthMb: number;
  mostMb: number;
}

const [file, days] = process.argv.slice(2);
const { graph } = await decodeRoadGraph(readFileSync(file), file);
const given = {
  answering: 'posts',
  days: Number(days),
  callsPerHour: CALLS_PER_HOUR,
  onSceneS: ON_SCENE_S,
  unitsAPost: UNITS_A_POST,
} as const;
const ready = await simulationCity(given, graph);
const mostMb = (): number => process.resourceUsage().maxRSS / 1024;
const readyMb = mostMb();
simulateRun(ready, { replication: 1, log: 'off', hours: (24 * given.days) / 10 });
const tenthMb = mostMb();
const from = performance.now();
const { calls, busyShare, checksum } = simulateRun(ready, { replication: 1, log: 'off' });
const run: LongRun = {
  calls,
  units: ready.city.units.length,
  busyShare,
  checksum,
  seconds: (performance.now() - from) / 1000,
  readyMb,
  tenthMb,
  mostMb: mostMb(),
};
console.log(JSON.stringify(run));
