/** A small town where everything happens: several units to a call, triage, transport, reports, queues, breaks, recalls. */
import { computeKpis, tallyKpis } from '../../engine/results/kpi.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import {
  foldReplication,
  recordedUnitTimes,
  runFacts,
  type RunFacts,
} from '../../engine/results/run-facts.ts';
import { createTally, type TallyData } from '../../engine/results/tally.ts';
import type { LoggedReplication } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity, type SmallCity } from '../support/small-city.ts';

const TOWN = `
A---B---C---D
|   |   |   |
E---F---G---H
|   |   |   |
I---J---K---L`.slice(1);

const lognormal = (mean: number) => ({ type: 'lognormal', mean, cv: 1 });

/** From Monday 06:00 for a day, after an hour of warm-up. */
export const busyTown = (more: Record<string, unknown> = {}): Promise<SmallCity> =>
  smallCity(TOWN, {
    units: [
      { id: 'a', at: 'A', shifts: ['early', 'late'], breaks: [{ afterS: 7200, durationS: 1800 }] },
      { id: 'b', at: 'D', shifts: ['early'], breaks: [{ afterS: 3600, durationS: 900, interruptibleBy: 0 }] },
      { id: 'c', at: 'I', shifts: ['late', 'night'] },
      { id: 'd', at: 'L', shifts: ['night', 'early'], answersFrom: 'post' },
      {
        id: 'e',
        at: 'F',
        shifts: ['early', 'late', 'night'],
        outOfService: [{ from: '2026-03-02T10:00', to: '2026-03-02T12:00' }],
      },
    ],
    scenario: {
      zones: [
        { id: 'north', class: 'core', polygon: [box(-1, -1, 14, 1)] },
        { id: 'middle', class: 'key', polygon: [box(-1, 1, 14, 3)] },
      ],
      shifts: [
        { id: 'early', startS: 6 * 3600, endS: 14 * 3600 },
        { id: 'late', startS: 14 * 3600, endS: 22 * 3600 },
        { id: 'night', startS: 22 * 3600, endS: 30 * 3600 },
      ],
      destinations: [{ id: 'custody', kind: 'custody', lonLat: [0.001, -0.001] }],
      demand: {
        type: 'poisson',
        categories: [
          {
            id: 'assault',
            priority: 1,
            share: 1,
            onSceneS: lognormal(900),
            units: 2,
            reportS: lognormal(600),
          },
          {
            id: 'theft',
            priority: 2,
            share: 2,
            onSceneS: lognormal(1200),
            triageShare: 0.2,
            repeat: { share: 0.1, delayS: 1800 },
          },
          {
            id: 'fight',
            priority: 1,
            share: 1,
            onSceneS: lognormal(600),
            units: 3,
            release: 'each',
            transport: { share: 0.6, kind: 'custody', handoverS: lognormal(900) },
            reportS: 300,
          },
        ],
        sources: [{ where: { type: 'roads' }, callsPerHour: 6 }],
      },
      activities: [{ id: 'check', perUnitHour: 2, durationS: lognormal(600) }],
      delays: {
        callHandlingS: lognormal(60),
        dispatchS: lognormal(20),
        turnoutAtPostS: 60,
        turnoutOnPatrolS: 15,
        accessS: lognormal(30),
      },
      travel: { cv: 0.3 },
      queue: { type: 'finite', places: 2 },
      dispatch: { type: 'pre-emption', phases: ['turningOut', 'enRoute', 'onScene'] },
      standards: ['zone-1-3-5', EVERYTHING],
      run: { start: '2026-03-02T06:00', durationS: 86_400, warmUpS: 3600, replications: 4, seed: 7 },
      ...more,
    },
  });

const clause = { targetShare: 0.8, statistic: 'share', clockStart: 'callReceived', selector: {} };
/** Clauses of every kind. */
const EVERYTHING = {
  id: 'everything',
  clauses: [
    { ...clause, id: 'odd', event: 'firstArrival', thresholdS: 123.4 },
    { ...clause, id: 'long', event: 'firstArrival', thresholdS: 5000, clockStart: 'occurred' },
    {
      ...clause,
      id: 'night',
      event: 'firstArrival',
      thresholdS: 200,
      selector: { hourOfDay: [22, 6], zoneClass: ['core', 'none'] },
    },
    { ...clause, id: 'wheels', event: 'firstArrival', thresholdS: 60, clockStart: 'enRoute' },
    {
      ...clause,
      id: 'sent',
      event: 'firstArrival',
      thresholdS: 90,
      clockStart: 'dispatched',
      statistic: 'p90',
      targetShare: 0.9,
    },
    {
      ...clause,
      id: 'second',
      event: 'kthArrival',
      unitsRequired: 2,
      thresholdS: 300,
      selector: { category: ['assault'] },
    },
    {
      ...clause,
      id: 'third',
      event: 'kthArrival',
      unitsRequired: 3,
      thresholdS: 600,
      selector: { priority: [1] },
      statistic: 'p50',
      targetShare: 0.5,
    },
    { ...clause, id: 'second-of-all', event: 'kthArrival', unitsRequired: 2, thresholdS: 300 },
    { ...clause, id: 'ring', event: 'cordonClosed', thresholdS: 300, clockStart: 'callAnswered' },
  ],
};

export interface TalliedRun {
  facts: RunFacts;
  records: LoggedReplication[];
  tallies: TallyData[];
}

/** Runs replications with log and tally. */
export function runWithTally({ city, plan }: SmallCity, replications: number): TalliedRun {
  const facts = runFacts(city);
  const setup = prepareSimulation(city, plan);
  const tallies: TallyData[] = [];
  const records = Array.from({ length: replications }, (_, i) => {
    const tally = createTally(facts);
    const record = simulate(setup, i + 1, { observer: tally }) as LoggedReplication;
    tallies.push(structuredClone(tally.data()));
    return record;
  });
  return { facts, records, tallies };
}

/** The figures of a run, from its logs and from its tallies. */
export const figuresOf = ({ facts, records, tallies }: TalliedRun): { log: KpisJson; tally: KpisJson } => {
  const rest = { facts, complete: true, potential: [], unplanned: [] };
  return {
    log: computeKpis({ ...rest, replications: records.map((record) => foldReplication(facts, record)) }),
    tally: tallyKpis({
      ...rest,
      replications: records.map((record, i) => ({ tally: tallies[i], units: recordedUnitTimes(record) })),
    }),
  };
};
