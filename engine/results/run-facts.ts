/** What the results stage knows of a run besides its logs, and one replication boiled down to what figures need. */
import type { City } from '../city/city.ts';
import { assert } from '../errors.ts';
import type { StandardJson } from '../scenario/schema.ts';
import type { ReplicationRecord } from '../sim/event-log.ts';
import type { Ms } from '../units.ts';
import { foldCalls, type CallLabels, type CallRecords } from './call-record.ts';
import { foldPatrol, type PatrolRecord } from './patrol-record.ts';
import { foldUnitTimes, type UnitTimes } from './unit-times.ts';

/** Lists keep the order of the scenario; indices in logs and records point into them. */
export interface RunFacts extends CallLabels {
  scenario: string;
  /** Local start of the scored time as written, and how far into its day it lies. */
  start: string;
  msIntoDay: Ms;
  durationMs: Ms;
  warmUpMs: Ms;
  standards: readonly StandardJson[];
  zones: readonly { id: string; name: string; class: string }[];
  shifts: readonly { id: string; startMs: Ms; endMs: Ms }[];
  points: readonly { id: string; visitsPerShift: number; longestGapMs: Ms | null }[];
  lines: readonly { id: string; passesPerShift: number; direction: 'along' | 'both' }[];
}

export function runFacts({ scenario, units, zones, categories, points }: City): RunFacts {
  const { run } = scenario;
  return {
    scenario: scenario.name,
    start: run.start.text,
    msIntoDay: run.start.msIntoDay,
    durationMs: run.durationMs,
    warmUpMs: run.warmUpMs,
    standards: scenario.standards,
    units: units.map((unit) => unit.id),
    categories,
    zones,
    shifts: scenario.shifts,
    points,
    lines: scenario.lines,
  };
}

/** One replication: a few numbers for each call, unit and point, so that its log need not be kept. */
export interface ReplicationFacts {
  replication: number;
  calls: CallRecords;
  units: UnitTimes;
  patrol: PatrolRecord;
}

/**
 * Boils one replication down. Busy and duty time come from the log, and must equal what the simulator counted on the
 * side. Cost O(rows).
 * @throws BrokenLogError where the log contradicts itself
 */
export function foldReplication(facts: RunFacts, record: ReplicationRecord): ReplicationFacts {
  const { log, calls, busyMsByUnit, onDutyMsByUnit } = record;
  const units = foldUnitTimes(log, facts.units.length);
  facts.units.forEach((id, unit) => {
    assert(
      units.busyMs[unit] === busyMsByUnit[unit] && units.onDutyMs[unit] === onDutyMsByUnit[unit],
      () => `log and simulator disagree on the time of unit ${id} in replication ${log.replication}`,
    );
  });
  return {
    replication: log.replication,
    calls: foldCalls(log, calls),
    units,
    patrol: foldPatrol(log, facts),
  };
}
