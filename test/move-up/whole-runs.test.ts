/** Every policy at work for eight hours, named in the scenario with its keys. */
import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity } from '../support/small-city.ts';

const DISPATCH = [
  { type: 'closest-available' },
  { type: 'own-sector-first', withinS: 60 },
  { type: 'preference-list', lists: [{ zones: ['west'], order: ['u2', 'post-A'] }] },
  { type: 'maximal-coverage' },
  { type: 'reserve-for-urgent', cutOffs: [{ fromPriority: 2, unitsFree: 2 }] },
  { type: 'pre-emption', phases: ['turningOut', 'enRoute', 'onScene'], minSavingS: 30 },
  { type: 're-dispatch', minSavingS: 20, then: { type: 'pre-emption', then: { type: 'preference-list' } } },
];
const MOVE_UP = [
  { type: 'none' },
  { type: 'back-to-post' },
  { type: 'dynamic-mexclp' },
  { type: 'compliance-table' },
  { type: 'keep-core-covered', classes: ['core', 'key'] },
];

/** Eight busy hours in the town of five posts: about 60 % of the units' time. */
async function eightHours(dispatch: object, moveUp: object): Promise<() => LoggedReplication> {
  const zone = (id: string, zoneClass: string, west: number, east: number) => ({
    id,
    class: zoneClass,
    polygon: [box(west, -1, east, 1)],
  });
  const { city, plan } = await smallCity('A-----B-----C-----D-----E', {
    units: [...'AABCCDEE'].map((at, u) => ({ id: `u${u}`, at, sector: [u < 3 ? 'west' : 'east'] })),
    scenario: {
      zones: [zone('west', 'core', -1, 9), zone('east', 'key', 15, 25)],
      demand: {
        type: 'poisson',
        categories: [
          { id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'exponential', mean: 600 } },
          { id: 'ordinary', priority: 2, share: 3, onSceneS: { type: 'exponential', mean: 1200 } },
        ],
        sources: [{ where: { type: 'roads' }, callsPerHour: 15 }],
      },
      patrol: { type: 'stay-at-post', profile: 'plain' },
      dispatch,
      moveUp,
      run: { start: '2026-03-02T00:00', durationS: 28_800, replications: 1, seed: 1 },
    },
  });
  return () => simulate(prepareSimulation(city, plan), 1) as LoggedReplication;
}

const count = ({ log }: LoggedReplication, kind: string): number =>
  log.kind.filter((k) => EVENT_KINDS[k] === kind).length;

describe('eight hours under each policy', () => {
  const pairs = [
    ...DISPATCH.map((dispatch) => ({ dispatch, moveUp: MOVE_UP[1] })),
    ...MOVE_UP.map((moveUp) => ({ dispatch: DISPATCH[0], moveUp })),
    { dispatch: DISPATCH[6], moveUp: MOVE_UP[3] },
  ];
  it.each(pairs)(
    'is the same twice, and answers calls: $dispatch.type, $moveUp.type',
    async ({ dispatch, moveUp }) => {
      const run = await eightHours(dispatch, moveUp);
      const record = run();
      expect(run()).toEqual(record);
      expect(count(record, 'callCleared')).toBeGreaterThan(70);
      const moves = count(record, 'moveUp');
      if (moveUp.type === 'none' || moveUp.type === 'back-to-post') expect(moves).toBe(0);
      else expect(moves).toBeGreaterThan(0);
      const recalled = count(record, 'unitRecalled');
      if (/pre-emption|re-dispatch/.test(dispatch.type)) expect(recalled).toBeGreaterThan(0);
      else expect(recalled).toBe(0);
      if (dispatch.type === 'reserve-for-urgent') expect(count(record, 'callHeld')).toBeGreaterThan(0);
    },
  );
});
