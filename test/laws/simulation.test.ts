/** What holds of every run, whatever the policies: checked on towns in which everything happens at once. */
import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { MS_PER_HOUR, NONE } from '../../engine/units.ts';
import { fullCity } from '../support/full-city.ts';
import type { SmallCity } from '../support/small-city.ts';

const POLICIES: { name: string; scenario: Record<string, unknown> }[] = [
  { name: 'closest available', scenario: {} },
  {
    name: 'pre-emption, dynamic MEXCLP',
    scenario: { dispatch: { type: 'pre-emption' }, moveUp: { type: 'dynamic-mexclp' } },
  },
  {
    name: 're-dispatch, compliance table',
    scenario: { dispatch: { type: 're-dispatch' }, moveUp: { type: 'compliance-table' } },
  },
  {
    name: 'reserve for urgent calls, nobody moves up',
    scenario: { dispatch: { type: 'reserve-for-urgent' }, moveUp: { type: 'none' } },
  },
  {
    name: 'own sector first, finite queue',
    scenario: { dispatch: { type: 'own-sector-first' }, queue: { type: 'finite', places: 3 } },
  },
  {
    name: 'preference list, no queue',
    scenario: { dispatch: { type: 'preference-list' }, queue: { type: 'none' } },
  },
];

const run = (small: SmallCity, replication = 1): LoggedReplication =>
  simulate(prepareSimulation(small.city, small.plan), replication) as LoggedReplication;

interface Row {
  timeMs: number;
  kind: string;
  call: number;
  unit: number;
  detail: string;
}

function rowsOf({ log }: LoggedReplication): Row[] {
  return Array.from({ length: log.nEvents }, (_, row) => ({
    timeMs: log.timeMs[row],
    kind: EVENT_KINDS[log.kind[row]],
    call: log.call[row],
    unit: log.unit[row],
    detail: log.detail[row],
  }));
}

const countOf = (rows: Row[], kind: string): number => rows.filter((row) => row.kind === kind).length;

/** Scored milliseconds between two moments. */
const scored = (fromMs: number, toMs: number, endMs: number): number =>
  Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, 0));

describe.each(POLICIES)('a run under $name', ({ scenario }) => {
  const seeds = [1, 2, 3];

  it('has everything happen that the town is made for', async () => {
    const rows = rowsOf(run(await fullCity({ scenario })));
    for (const kind of [
      'callTriaged',
      'transportArrived',
      'reportStarted',
      'breakEnded',
      'activityEnded',
      'outOfServiceEnded',
      'patrolTaskDone',
      'unitAlerted',
    ]) {
      expect(countOf(rows, kind), kind).toBeGreaterThan(0);
    }
  });

  it.each(seeds)('keeps calls: occurred = closed + open + waiting at every event (seed %i)', async (seed) => {
    const record = run(await fullCity({ scenario, seed }));
    const phase = new Map<number, string>();
    const onCall = new Map<number, Set<number>>();
    let occurred = 0;
    let closed = 0;
    for (const { kind, call, unit } of rowsOf(record)) {
      if (kind === 'callOccurred') {
        occurred++;
        phase.set(call, 'handling');
        onCall.set(call, new Set());
      } else if (kind === 'callReady') phase.set(call, 'waiting');
      else if (kind === 'unitDispatched') {
        expect(phase.get(call), `call ${call}`).not.toBe('closed');
        onCall.get(call)!.add(unit);
        phase.set(call, 'inService');
      } else if (kind === 'unitRecalled') {
        expect(onCall.get(call)!.delete(unit)).toBe(true);
        if (onCall.get(call)!.size === 0) phase.set(call, 'waiting');
      } else if (kind === 'callCleared' || kind === 'callTriaged' || kind === 'callLost') {
        expect(phase.get(call)).not.toBe('closed');
        phase.set(call, 'closed');
        closed++;
      }
      const open = [...phase.values()].filter((each) => each !== 'closed').length;
      expect(occurred).toBe(closed + open);
    }
    const { counts } = record;
    expect(counts.occurred).toBe(occurred);
    expect(counts.cleared + counts.triaged + counts.lost).toBe(closed);
    expect(counts.open).toBe(occurred - closed);
    expect(occurred).toBeGreaterThan(100);
  });

  it.each(seeds)(
    'books busy time of units as busy time of calls, and nobody is in two places (seed %i)',
    async (seed) => {
      const small = await fullCity({ scenario, seed });
      const record = run(small);
      const { endMs } = record;
      const busyByCall = new Map<number, number>();
      const sentAt = new Map<number, { call: number; timeMs: number }>();
      const book = (unit: number, toMs: number): void => {
        const sent = sentAt.get(unit)!;
        busyByCall.set(sent.call, (busyByCall.get(sent.call) ?? 0) + scored(sent.timeMs, toMs, endMs));
        sentAt.delete(unit);
      };
      for (const { kind, call, unit, timeMs } of rowsOf(record)) {
        if (kind === 'unitDispatched') {
          expect(sentAt.has(unit)).toBe(false);
          sentAt.set(unit, { call, timeMs });
        } else if (kind === 'unitCleared' || kind === 'unitRecalled') {
          expect(sentAt.get(unit)?.call).toBe(call);
          book(unit, timeMs);
        } else if (['breakStarted', 'activityStarted', 'outOfServiceStarted', 'patrolDrive'].includes(kind)) {
          expect(sentAt.has(unit), `${kind} of a unit with a call`).toBe(false);
        }
      }
      for (const unit of [...sentAt.keys()]) book(unit, endMs);
      const total = [...busyByCall.values()].reduce((sum, ms) => sum + ms, 0);
      expect(record.busyMsByUnit.reduce((sum, ms) => sum + ms, 0)).toBe(total);
      small.city.units.forEach((_, u) => {
        const rest = record.breakMsByUnit[u] + record.activityMsByUnit[u] + record.outOfServiceMsByUnit[u];
        expect(record.busyMsByUnit[u] + rest).toBeLessThanOrEqual(record.onDutyMsByUnit[u]);
      });
    },
  );

  it.each(seeds)(
    "obeys Little's law: calls in the system over time are times of calls in it (seed %i)",
    async (seed) => {
      const record = run(await fullCity({ scenario, seed }));
      let inSystem = 0;
      let integral = 0;
      let last = -MS_PER_HOUR;
      let sum = 0;
      const since = new Map<number, number>();
      for (const { kind, call, timeMs } of rowsOf(record)) {
        integral += inSystem * (timeMs - last);
        last = timeMs;
        if (kind === 'callOccurred') {
          inSystem++;
          since.set(call, timeMs);
        } else if (kind === 'callCleared' || kind === 'callTriaged' || kind === 'callLost') {
          inSystem--;
          sum += timeMs - since.get(call)!;
          since.delete(call);
        }
      }
      for (const start of since.values()) sum += record.endMs - start;
      expect(integral).toBe(sum);
    },
  );

  it.each(seeds)(
    'leaves no call waiting beside a free unit that may serve it, unless a decision says why (seed %i)',
    async (seed) => {
      const small = await fullCity({ scenario, seed });
      const record = run(small);
      const { categories, units } = small.city;
      const rows = rowsOf(record);
      const free = new Set<number>();
      const missing = new Map<number, number>();
      const held = new Set<number>();
      const busy = new Set<number>();
      let checked = 0;
      rows.forEach(({ kind, call, unit, timeMs }, r) => {
        const { category } = record.calls;
        if (kind === 'callReady' && record.calls.triaged[call] === 0)
          missing.set(call, categories[category[call]].units);
        if (kind === 'unitRecalled') {
          missing.set(call, (missing.get(call) ?? 0) + 1);
          free.add(unit);
        }
        if (kind === 'callLost') missing.delete(call);
        if (kind === 'callHeld') held.add(call);
        if (kind === 'unitDispatched') {
          missing.set(call, missing.get(call)! - 1);
          held.delete(call);
        }
        if (kind === 'unitDispatched') busy.add(unit);
        if (kind === 'unitCleared' || kind === 'unitRecalled') busy.delete(unit);
        // free by the log: on duty (a call may outlast the shift before), and with none of these
        const fromPost = unit !== NONE && units[unit].answersFrom === 'post';
        if (
          ['unitDispatched', 'shiftEnded', 'breakStarted', 'activityStarted', 'outOfServiceStarted'].includes(
            kind,
          )
        )
          free.delete(unit);
        if (
          ['shiftStarted', 'breakEnded', 'activityEnded', 'outOfServiceEnded', 'unitCleared'].includes(
            kind,
          ) &&
          !busy.has(unit)
        )
          free.add(unit);
        if (fromPost && kind === 'patrolDrive') free.delete(unit);
        if (fromPost && kind === 'patrolStand') free.add(unit);
        if (r + 1 < rows.length && rows[r + 1].timeMs === timeMs) return;
        for (const [waiting, n] of missing) {
          if (n <= 0 || held.has(waiting)) continue;
          const { skills } = categories[category[waiting]];
          const could = [...free].filter(
            (u) => (units[u].skills & skills) === skills && isOnDuty(rows, r, u),
          );
          expect(could, `call ${waiting} at ${timeMs} ms`).toEqual([]);
          checked++;
        }
      });
      if (small.city.scenario.queue.type === 'unlimited') expect(checked).toBeGreaterThan(20);
    },
  );
});

/** Whether a unit is on duty after row r: a call of the shift before may have kept it, or its next shift has begun. */
function isOnDuty(rows: Row[], r: number, unit: number): boolean {
  for (let row = r; row >= 0; row--) {
    if (rows[row].unit !== unit) continue;
    if (rows[row].kind === 'shiftEnded') return false;
    if (rows[row].kind === 'shiftStarted') return true;
  }
  return false;
}

describe('exogenous demand', () => {
  it('is the same for every policy: times, places and needs of all calls', async () => {
    const [first, ...others] = await Promise.all(
      POLICIES.map(async ({ scenario }) => run(await fullCity({ scenario })).calls),
    );
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('an edit that changes nothing', () => {
  const recordOf = async (scenario: Record<string, unknown>): Promise<LoggedReplication> =>
    run(await fullCity({ scenario }));

  it('keys in another order give the same record', async () => {
    const delays = { callHandlingS: 20, turnoutAtPostS: 30, accessS: 5 };
    const reordered = Object.fromEntries(Object.entries(delays).reverse());
    expect(await recordOf({ delays: reordered })).toEqual(await recordOf({ delays }));
  });
});
