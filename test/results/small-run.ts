/** The six calls on a small town, as a run of two replications with patrols: what writers and figures are tested on. */
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import type { RunFacts } from '../../engine/results/run-facts.ts';
import type { LoggedReplication, LoggedRoute } from '../../engine/sim/event-log.ts';
import { map } from '../support/ascii-map.ts';
import { FROM_CALL, FROM_WHEELS, LABELS, MIXED, MS_INTO_DAY, sixCalls } from './six-calls.ts';

export const EVERY_DAY = new Array<boolean>(7).fill(true);

export const FACTS: RunFacts = {
  scenario: 'small',
  start: '2026-03-02T18:00',
  msIntoDay: MS_INTO_DAY,
  startDay: 0,
  durationMs: 3_600_000,
  warmUpMs: 60_000,
  seed: 1,
  batches: 1,
  sameCalls: false,
  standards: [FROM_CALL, FROM_WHEELS, MIXED],
  units: LABELS.units,
  categories: LABELS.categories,
  zones: LABELS.zones.map((zone) => ({ ...zone, name: `The ${zone.id}` })),
  shifts: [{ id: 'all-day', startMs: 0, endMs: 86_400_000, days: EVERY_DAY }],
  points: [],
  lines: [],
  hasDispatchDelay: false,
  leavesWhenCleared: true,
};

export const smallTown = async (): Promise<RoadGraph> => (await map('A---B---C'.trim())).graph;

/** Segment 0 forward and back again. */
export const PLANNED: LoggedRoute[] = [route(0, 300_000), route(300_000, 0)];

function route(fromMm: number, toMm: number): LoggedRoute {
  return {
    segment: Uint32Array.of(0),
    fromMm: Uint32Array.of(fromMm),
    toMm: Uint32Array.of(toMm),
    endMs: Uint32Array.of(20_000),
  };
}

/**
 * Unit times by hand, from -60 s to 3600 s: P1 is on duty to the end, busy 0-90 (call 0 was dispatched in the warm-up),
 * 1020-3530 and 3530-3600 s; P2 is on duty to 1800 s, busy 20-98, 130-900 and 900-1560 s.
 */
export const BUSY_S = [90 + 2510 + 70, 78 + 770 + 660];
export const ON_DUTY_S = [3600, 1800];

export function smallRecord(replication: number): LoggedReplication {
  const { log, calls } = sixCalls(replication);
  const rolls = log.kind.findIndex((_, row) => log.call[row] === 1 && log.unit[row] === 1);
  log.route[rolls + 1] = PLANNED.length; // call 1: a drive of this replication
  log.route[0] = 1; // a planned one
  return {
    replication,
    log,
    calls,
    routes: [route(10, 4000)],
    counts: { occurred: 7, cleared: 5, triaged: 0, lost: 0, open: 2, beyondLimit: 0 },
    busyMsByUnit: BUSY_S.map((s) => s * 1000),
    onDutyMsByUnit: ON_DUTY_S.map((s) => s * 1000),
    overtimeMsByUnit: [0, 0],
    breakMsByUnit: [0, 0],
    activityMsByUnit: [0, 0],
    outOfServiceMsByUnit: [0, 0],
    endMs: 3_600_000,
  };
}
