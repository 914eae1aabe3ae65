/**
 * Six calls of an hour from 18:00 and one of the warm-up, written by hand; three standards and what they must give.
 *
 *                          seconds from the scored start                       response from
 *   call zone class prio   occurred received ready dispatched enRoute arrived   received  enRoute
 *   0    core       1      -60      -60      -30   -30        0       30        (warm-up: not scored)
 *   1    core       1      0        0        20    20         40      58        58        18
 *   2    core       1      100      110      130   130        150     170       60        20
 *   3    core       3      700      700      720   900        920     960       260       40
 *   4    key        3      1000     1000     1020  1020       1050    1179      179       129
 *   5    none       3      3200     3200     3220  -          -       -         open, waited 400; not started
 *   6    none       1      3500     3500     3520  3530       -       -         open, waited 100; not started
 */
import type { StandardJson } from '../../engine/scenario/schema.ts';
import type { CallLabels } from '../../engine/results/call-record.ts';
import { logByHand } from './synthetic-log.ts';

export const LABELS: CallLabels = {
  units: ['P1', 'P2'],
  categories: [
    { id: 'urgent', priority: 1, units: 1 },
    { id: 'ordinary', priority: 3, units: 1 },
  ],
  zones: [
    { id: 'square', class: 'core' },
    { id: 'market', class: 'key' },
  ],
};

export const MS_INTO_DAY = 18 * 3_600_000;

export const sixCalls = (replication = 1): ReturnType<typeof logByHand> =>
  logByHand(
    replication,
    [
      { at: line(-60, -60, -30, -30, 0, 30, 90), unit: 0, category: 0, zone: 0 },
      { at: line(0, 0, 20, 20, 40, 58, 98), unit: 1, category: 0, zone: 0 },
      { at: line(100, 110, 130, 130, 150, 170, 900), unit: 1, category: 0, zone: 0 },
      { at: line(700, 700, 720, 900, 920, 960, 1560), unit: 1, category: 1, zone: 0 },
      { at: line(1000, 1000, 1020, 1020, 1050, 1179, 3530), unit: 0, category: 1, zone: 1 },
      { at: { occurred: 3200, received: 3200, ready: 3220 }, category: 1 },
      { at: { occurred: 3500, received: 3500, ready: 3520, dispatched: 3530 }, unit: 0, category: 0 },
    ],
    3600,
    [
      { atS: -60, kind: 'shiftStarted', unit: 0, detail: 'all-day' },
      { atS: -60, kind: 'shiftStarted', unit: 1, detail: 'all-day' },
      { atS: 1800, kind: 'shiftEnded', unit: 1 },
    ],
  );

function line(
  occurred: number,
  received: number,
  ready: number,
  dispatched: number,
  enRoute: number,
  arrived: number,
  cleared: number,
): Record<'occurred' | 'received' | 'ready' | 'dispatched' | 'enRoute' | 'arrived' | 'cleared', number> {
  return { occurred, received, ready, dispatched, enRoute, arrived, cleared };
}

const tier = { event: 'firstArrival', targetShare: 0.9, statistic: 'share' } as const;

/** Tiers by zone class, clock from the call. */
export const FROM_CALL: StandardJson = {
  id: 'from-call',
  title: 'One, three, five from the call',
  source: 'made up for this test',
  clauses: [
    { ...tier, id: 'core', selector: { zoneClass: ['core'] }, clockStart: 'callReceived', thresholdS: 60 },
    { ...tier, id: 'key', selector: { zoneClass: ['key'] }, clockStart: 'callReceived', thresholdS: 180 },
    { ...tier, id: 'rest', selector: { zoneClass: ['none'] }, clockStart: 'callReceived', thresholdS: 300 },
  ],
};

/** The same tiers, clock from turning wheels. */
export const FROM_WHEELS: StandardJson = {
  id: 'from-wheels',
  clauses: FROM_CALL.clauses.map((clause) => ({ ...clause, clockStart: 'enRoute' as const })),
};

/** Percentiles, hours, and events that the log does not hold. */
export const MIXED: StandardJson = {
  id: 'mixed',
  clauses: [
    {
      ...tier,
      id: 'median',
      selector: { priority: [1] },
      clockStart: 'callReceived',
      thresholdS: 60,
      statistic: 'p50',
    },
    {
      ...tier,
      id: 'p90',
      selector: { priority: [1] },
      clockStart: 'callReceived',
      thresholdS: 60,
      statistic: 'p90',
    },
    { ...tier, id: 'evening', selector: { hourOfDay: [18, 18.25] }, clockStart: 'occurred', thresholdS: 70 },
    {
      ...tier,
      id: 'night',
      selector: { hourOfDay: [18.5, 17], category: ['urgent', 'ordinary'] },
      clockStart: 'callReceived',
      thresholdS: 300,
    },
    {
      ...tier,
      id: 'first-of-one',
      selector: {},
      event: 'kthArrival',
      unitsRequired: 1,
      clockStart: 'callReceived',
      thresholdS: 300,
    },
    {
      ...tier,
      id: 'second',
      selector: {},
      event: 'kthArrival',
      unitsRequired: 2,
      clockStart: 'callReceived',
      thresholdS: 180,
    },
    {
      ...tier,
      id: 'ring',
      selector: {},
      event: 'cordonClosed',
      clockStart: 'callAnswered',
      thresholdS: 300,
    },
  ],
};
