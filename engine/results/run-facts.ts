/** What the results stage knows of a run besides its logs, and one replication boiled down to what figures need. */
import type { City } from '../city/city.ts';
import { assert } from '../errors.ts';
import type { StandardJson } from '../scenario/schema.ts';
import type { LoggedReplication, ReplicationRecord } from '../sim/event-log.ts';
import type { Ms } from '../units.ts';
import { batchBounds } from './batches.ts';
import type { CallLabels, CallRecords } from './call-record.ts';
import { foldCalls } from './fold-calls.ts';
import { foldPatrol, type PatrolRecord } from './patrol-record.ts';
import { foldUnitTimes, sumOfUnitTimes, UNIT_TIMES, type UnitTimes } from './unit-times.ts';

/** Lists keep the order of the scenario; indices in logs and records point into them. Plain data: goes to workers. */
export interface RunFacts extends CallLabels {
  scenario: string;
  /** Local start of the scored time as written, how far into its day it lies, and which day that is (0 is Monday). */
  start: string;
  msIntoDay: Ms;
  startDay: number;
  durationMs: Ms;
  warmUpMs: Ms;
  seed: number | string;
  /** Batches that the scored time of a steady-state run is cut into; otherwise 1. */
  batches: number;
  /** Whether each replication has the same calls, those of a file. */
  sameCalls: boolean;
  standards: readonly StandardJson[];
  zones: readonly { id: string; name: string; class: string }[];
  shifts: readonly { id: string; startMs: Ms; endMs: Ms; days: readonly boolean[] }[];
  points: readonly { id: string; visitsPerShift: number; longestGapMs: Ms | null }[];
  lines: readonly { id: string; passesPerShift: number; direction: 'along' | 'both' }[];
  /** Whether sending takes the dispatcher time, which is then part of what passes before wheels turn. */
  hasDispatchDelay: boolean;
  /** Whether the first unit leaves the scene just when the call is cleared: nobody is brought away, all leave together. */
  leavesWhenCleared: boolean;
}

export function runFacts({ scenario, units, zones, categories, points }: City): RunFacts {
  const { run } = scenario;
  return {
    scenario: scenario.name,
    start: run.start.text,
    msIntoDay: run.start.msIntoDay,
    startDay: Math.floor(run.start.hourOfWeek / 24),
    durationMs: run.durationMs,
    warmUpMs: run.warmUpMs,
    seed: run.seed,
    batches: run.steadyState?.batches ?? 1,
    sameCalls: scenario.demand.calls !== null,
    standards: scenario.standards,
    units: units.map((unit) => unit.id),
    categories: categories.map(({ id, priority, units: nUnits }) => ({ id, priority, units: nUnits })),
    zones: zones.map(({ id, name, class: zoneClass }) => ({ id, name, class: zoneClass })),
    shifts: scenario.shifts,
    points,
    lines: scenario.lines,
    hasDispatchDelay: scenario.delays.dispatchMs > 0,
    leavesWhenCleared: categories.every(
      ({ units: nUnits, release, transport }) =>
        transport === null && (nUnits === 1 || release === 'together'),
    ),
  };
}

/** How many times the samples of a run hold each call: once, or, of a call file, once for each replication. */
export const copiesOfCalls = ({ sameCalls }: Pick<RunFacts, 'sameCalls'>, nReplications: number): number =>
  sameCalls ? Math.max(1, nReplications) : 1;

/** One replication: a few numbers for each call, unit and point, so that its log need not be kept. */
export interface ReplicationFacts {
  replication: number;
  calls: CallRecords;
  /** One entry, or one for each batch of a steady-state run. */
  unitsByBatch: UnitTimes[];
  patrol: PatrolRecord;
}

/** Times of units as the simulator counted them: all that is known of them without a log. */
export const recordedUnitTimes = (record: ReplicationRecord): UnitTimes => ({
  busyMs: Float64Array.from(record.busyMsByUnit),
  onDutyMs: Float64Array.from(record.onDutyMsByUnit),
  overtimeMs: Float64Array.from(record.overtimeMsByUnit),
  breakMs: Float64Array.from(record.breakMsByUnit),
  activityMs: Float64Array.from(record.activityMsByUnit),
  outOfServiceMs: Float64Array.from(record.outOfServiceMsByUnit),
});

/**
 * Boils one replication down. The times of units come from the log, and must equal what the simulator counted on the
 * side. Cost O(rows).
 * @throws BrokenLogError where the log contradicts itself
 */
export function foldReplication(facts: RunFacts, record: LoggedReplication): ReplicationFacts {
  const { log, calls } = record;
  const unitsByBatch = foldUnitTimes(log, facts, batchBounds(facts.durationMs, facts.batches));
  const units = sumOfUnitTimes(unitsByBatch);
  const counted = recordedUnitTimes(record);
  for (const key of UNIT_TIMES) {
    facts.units.forEach((id, unit) => {
      const [read, told] = [units[key][unit], counted[key][unit]];
      assert(
        read === told,
        () =>
          `log and simulator disagree on the time of unit ${id} in replication ${log.replication}: ${key} ${read} and ${told}`,
      );
    });
  }
  return {
    replication: log.replication,
    calls: foldCalls(log, calls, facts.categories),
    unitsByBatch,
    patrol: foldPatrol(log, facts),
  };
}
