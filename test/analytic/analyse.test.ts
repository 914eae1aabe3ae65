import { describe, expect, it } from 'vitest';
import { analyse, type Analysis } from '../../engine/analytic/analyse.ts';
import { demandAtomsOf } from '../../engine/analytic/atoms.ts';
import { categoryRates } from '../../engine/analytic/calls.ts';
import { dutyPieces } from '../../engine/analytic/duty-pieces.ts';
import { weekTime } from '../../engine/scenario/calendar.ts';
import { erlangC } from '../../engine/analytic/erlang.ts';
import type { City } from '../../engine/city/city.ts';
import { InfeasibleError, InputError } from '../../engine/errors.ts';
import { MS_PER_HOUR } from '../../engine/units.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

/** A street of 600 m, 10 s a cell of 100 m at 36 km/h: places with calls at named marks. */
const STREET = 'A--B--G';

const category = (more: object = {}) => ({
  id: 'help',
  priority: 1,
  share: 1,
  onSceneS: { type: 'exponential', mean: 600 },
  ...more,
});

interface StreetScenario {
  units?: SmallScenario['units'];
  categories?: object[];
  callsPerHour?: number | number[];
  /** Marks that calls come from, each as often. */
  from?: string[];
  keys?: Record<string, unknown>;
}

async function street({
  units = [
    { id: 'west', at: 'A' },
    { id: 'east', at: 'G' },
  ],
  categories = [category()],
  callsPerHour = 3,
  from = ['A', 'G'],
  keys = {},
}: StreetScenario = {}): Promise<City> {
  const { town } = await smallCity(STREET);
  const places = from.map((mark) => town.lonLat(mark));
  const csv = `lon,lat\n${places.map(({ lon, lat }) => `${lon},${lat}`).join('\n')}\n`;
  const { city } = await smallCity(STREET, {
    units,
    files: { 'places.csv': csv },
    scenario: {
      demand: {
        type: 'poisson',
        categories,
        sources: [{ where: { type: 'places', file: 'places.csv' }, callsPerHour }],
      },
      patrol: { type: 'stay-at-post', profile: 'plain' },
      ...keys,
    },
  });
  return city;
}

const featuresOf = ({ leftOut }: Analysis): string[] => leftOut.map(({ feature }) => feature);

describe('the model of a city', () => {
  it('is M/M/1 by hand with one unit at the only place of calls', async () => {
    const city = await street({
      units: [{ id: 'one', at: 'A' }],
      from: ['A'],
      keys: { delays: { callHandlingS: 30, turnoutAtPostS: 60, accessS: 15 } },
    });
    const { pieces, units, coverage, meanWaitMs, waitingShare } = analyse(city);
    // 600 s on scene, 60 s turnout, 15 s to the door, no drive; 3 calls an hour
    const serviceS = 675;
    const load = (3 * serviceS) / 3600;
    expect(pieces).toHaveLength(1);
    expect(pieces[0].meanServiceMs).toBeCloseTo(serviceS * 1000, 6);
    expect(pieces[0].loadPerUnit).toBeCloseTo(load, 9);
    expect(units[0].workload).toBeCloseTo(load, 9);
    expect(waitingShare).toBeCloseTo(load, 9);
    const meanWaitS = (load * serviceS) / (1 - load);
    expect(meanWaitMs).toBeCloseTo(1000 * meanWaitS, 3);
    const { byClock } = coverage[0];
    expect(byClock.callReceived.meanResponseMs).toBeCloseTo(1000 * (105 + meanWaitS), 3);
    expect(byClock.dispatched.within).toEqual([0, 1, 1].map((share) => expect.closeTo(share, 9) as number));
    expect(byClock.enRoute.within).toEqual([1, 1, 1].map((share) => expect.closeTo(share, 9) as number));
    // 105 s of 180 s are gone before the door: the wait may take 75 s, of an exponential of mean service / (1 - load)
    const within3 = 1 - load * Math.exp((-75 * (1 - load)) / serviceS);
    expect(byClock.callReceived.within[1]).toBeCloseTo(within3, 4);
    expect(byClock.callReceived.within[0]).toBe(0);
  });

  it('takes the drive into service, and finds both ends of a symmetric street alike', async () => {
    const city = await street({ callsPerHour: 4, keys: { queue: { type: 'none' } } });
    const { units, pieces, meanTravelMs, interdistrictShare, lostShare } = analyse(city);
    const [{ meanServiceMs, load, answer, measures, erlang }] = pieces;
    expect(units[0].workload).toBeCloseTo(units[1].workload, 9);
    // a call is answered over 60 s of street where the own unit is busy and the other is not
    const crossing = answer.atOnce[1] / (1 - answer.lost);
    expect(interdistrictShare).toBeCloseTo(crossing, 9);
    expect(meanTravelMs).toBeCloseTo(60_000 * crossing, 3);
    const { delays } = city.scenario;
    const besidesMs = 600_000 + delays.turnoutAtPostMs + delays.accessMs + delays.dispatchMs;
    expect(meanServiceMs).toBeCloseTo(besidesMs + meanTravelMs, 0);
    expect(load).toBeCloseTo((4 * meanServiceMs) / MS_PER_HOUR, 6);
    expect(lostShare).toBeCloseTo(erlang.lost, 6);
    expect(measures.dispatchShare[0]).toBeCloseTo(0.5, 9);
  });

  it('lets the unit that becomes free answer a waiting call from where it was', async () => {
    const anywhere = analyse(await street({ units: [{ id: 'one', at: 'A' }] }));
    // half of the calls on hand come up at the end where the unit is, half 60 s away; without a wait it starts at A
    const { waits } = anywhere.pieces[0].answer;
    expect(anywhere.meanTravelMs).toBeCloseTo(30_000, 3);
    expect(anywhere.pieces[0].erlang.waits).toBeCloseTo(waits, 6);
    expect(waits).toBeCloseTo(erlangC(1, anywhere.pieces[0].load), 6);
    const west = analyse(await street({ units: [{ id: 'one', at: 'A' }], from: ['A', 'A', 'A', 'G'] }));
    // from the queue: 3/8 of all pairs of last place and next place are ends of the street
    const drive = (1 - west.waitingShare) * 15_000 + west.waitingShare * 60_000 * (3 / 8);
    expect(west.meanTravelMs).toBeCloseTo(drive, -2);
  });

  it('counts calls that end at the desk, several units, repeats and linked calls', async () => {
    const city = await street({
      callsPerHour: 2,
      categories: [
        category({ triageShare: 0.25, repeat: { share: 0.2, delayS: { type: 'constant', mean: 60 } } }),
        category({
          id: 'fight',
          units: 2,
          linked: { share: 0.5, category: 'help', delayS: { type: 'constant', mean: 60 } },
        }),
      ],
    });
    expect([...categoryRates(city, Float64Array.of(2))[0]]).toEqual([expect.closeTo(1.25 + 0.625), 1]);
    const { callsPerHour } = analyse(city);
    // one of each an hour, and what follows
    expect(callsPerHour.all).toBeCloseTo(1.875 + 1, 9);
    expect(callsPerHour.atDesk).toBeCloseTo(1.875 / 4, 9);
    expect(callsPerHour.toUnits).toBeCloseTo(1.875 * 0.75 + 1, 9);
    expect(callsPerHour.unitsSent).toBeCloseTo(1.875 * 0.75 + 2, 9);
  });

  it('solves each set of units on duty for itself, and one hour where it is asked to', async () => {
    const rates = Array.from({ length: 168 }, (_, hour) => (hour % 24 < 12 ? 1 : 3));
    const city = await street({
      callsPerHour: rates,
      units: [
        { id: 'west', at: 'A', shifts: ['all'] },
        { id: 'east', at: 'G', shifts: ['noon'] },
      ],
      keys: {
        shifts: [
          { id: 'all', startS: 0, endS: 86400 },
          { id: 'noon', startS: 43200, endS: 86400 },
        ],
      },
    });
    const { pieces, units, callsPerHour } = analyse(city);
    expect(
      pieces.map(({ units: onDuty, hours, unitCallsPerHour }) => [onDuty, hours, unitCallsPerHour]),
    ).toEqual([
      [[0], 12, expect.closeTo(1)],
      [[0, 1], 12, expect.closeTo(3)],
    ]);
    expect(callsPerHour.all).toBeCloseTo(2, 9);
    expect(units.map(({ hoursOnDuty }) => hoursOnDuty)).toEqual([24, 12]);
    const alone = pieces[0].answer.workload[0];
    expect(units[0].workload).toBeCloseTo((alone + pieces[1].answer.workload[0]) / 2, 9);
    const morning = analyse(city, { hour: 7 });
    expect(morning.pieces[0].answer.workload[0]).toBeCloseTo(alone, 9);
    expect(morning.units[1].hoursOnDuty).toBe(0);
  });

  it('prefers the lowest of equally near units, or lets them share', async () => {
    const city = await street({
      units: [
        { id: 'a', at: 'A' },
        { id: 'b', at: 'A' },
      ],
      from: ['A'],
    });
    const [first, second] = analyse(city).units;
    expect(first.workload).toBeGreaterThan(second.workload * 1.5);
    const shared = analyse(city, { ties: 'shared' });
    expect(shared.units[0].workload).toBeCloseTo(shared.units[1].workload, 9);
    expect(shared.units[0].workload).toBeCloseTo((first.workload + second.workload) / 2, 9);
    expect(shared.interdistrictShare).toBeCloseTo(0, 9);
  });

  it('takes a sample of many stretches, each source with its share of the calls', async () => {
    const { city } = await smallCity('A-B-C-D-E-F-G-H-I-J-K-L', {
      scenario: {
        demand: {
          type: 'poisson',
          categories: [category()],
          sources: [
            { where: { type: 'roads' }, callsPerHour: 1 },
            { where: { type: 'roads' }, callsPerHour: 3 },
          ],
        },
      },
    });
    const all = demandAtomsOf(city);
    const sample = demandAtomsOf(city, 8);
    expect(all.nFound).toBe(all.positions.length);
    expect(sample.nFound).toBe(2 * all.positions.length);
    for (const { parts } of [all, sample]) {
      for (const source of [0, 1]) {
        const shares = parts.filter((part) => part.source === source).map(({ share }) => share);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }
    }
    expect(sample.parts.map(({ source }) => source)).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    expect(analyse(city, { mostAtoms: 8 }).callsPerHour.all).toBeCloseTo(4, 9);
  });

  it('is approximate above fifteen units, and refuses to be exact', async () => {
    const units = Array.from({ length: 17 }, (_, n) => ({ id: `u${n}`, at: n % 2 === 0 ? 'A' : 'G' }));
    const city = await street({ units, callsPerHour: 30 });
    expect(analyse(city).pieces[0].answer.method).toBe('approximate');
    expect(() => analyse(city, { method: 'exact' })).toThrow(/17 units on duty together/);
    const few = await street();
    const [exact, approximate] = (['exact', 'approximate'] as const).map((method) =>
      analyse(few, { method }),
    );
    expect(exact.pieces[0].answer.method).toBe('exact');
    expect(approximate.units[0].workload).toBeCloseTo(exact.units[0].workload, 2);
  });

  it('says what has no answer: too much load, nobody on duty', async () => {
    const busy = await street({ callsPerHour: 20 });
    expect(() => analyse(busy)).toThrow(InfeasibleError);
    const lossy = analyse(await street({ callsPerHour: 20, keys: { queue: { type: 'none' } } }));
    expect(lossy.lostShare).toBeGreaterThan(0.4);
    const { shifts, units, fileName } = busy.scenario;
    const morning = { ...shifts[0], startMs: 6 * MS_PER_HOUR, endMs: 14 * MS_PER_HOUR };
    const span = { fromMs: 0, toMs: 24 * MS_PER_HOUR };
    expect(() => dutyPieces({ shifts: [morning], units, fileName }, span)).toThrow(InputError);
    expect(() => dutyPieces({ shifts: [morning], units, fileName }, span)).toThrow(
      /Monday 00:00 to Monday 06:00/,
    );
    // days of the week, and shifts that run into the next day
    const saturdayNight = {
      ...shifts[0],
      startMs: 20 * MS_PER_HOUR,
      endMs: 30 * MS_PER_HOUR,
      days: [false, false, false, false, false, true, false],
    };
    const sunday = { fromMs: 6 * 24 * MS_PER_HOUR, toMs: (6 * 24 + 6) * MS_PER_HOUR };
    expect(dutyPieces({ shifts: [saturdayNight], units, fileName }, sunday)[0].hours).toBe(6);
    expect(() =>
      dutyPieces({ shifts: [saturdayNight], units, fileName }, { fromMs: 0, toMs: MS_PER_HOUR }),
    ).toThrow(/nobody is on duty/);
    expect(weekTime(-1)).toBe('Sunday 23:59');
  });
});

describe('what the model leaves out', () => {
  it('is nothing for units that answer from their posts where drives are nothing beside service', async () => {
    const units = ['A', 'G'].map((at) => ({ id: at, at, answersFrom: 'post' }));
    const categories = [category({ onSceneS: { type: 'exponential', mean: 40_000 } })];
    expect(featuresOf(analyse(await street({ units, categories, callsPerHour: 0.05 })))).toEqual([]);
  });

  it('says how much less waits are where service varies less', async () => {
    const categories = [category({ onSceneS: { type: 'gamma', mean: 40_000, cv: 0.5 } })];
    const { leftOut, pieces } = analyse(await street({ categories, callsPerHour: 0.05 }));
    expect(pieces[0].serviceCv).toBeCloseTo(0.5, 2);
    expect(leftOut.find(({ feature }) => feature === 'service')!.effect).toContain('nearer 0.62');
  });

  it('adds up the spread of service from its parts', async () => {
    // a third of the calls bring somebody to the end of the street, for half an hour
    const { city } = await smallCity(STREET, {
      units: [{ id: 'one', at: 'A' }],
      scenario: {
        destinations: [{ id: 'custody', kind: 'custody', lonLat: [0, 0] }],
        demand: {
          type: 'poisson',
          categories: [
            category({
              onSceneS: { type: 'constant', mean: 600 },
              transport: { share: 1 / 3, kind: 'custody', handoverS: { type: 'constant', mean: 1800 } },
              reportS: { type: 'exponential', mean: 300 },
            }),
          ],
          sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
        },
      },
    });
    const [{ meanServiceMs, serviceCv, measures }] = analyse(city).pieces;
    const driveS = measures.meanTravel / 1000;
    // calls come from all along 60 s of street
    const means = 600 + driveS + (1800 + 30) / 3 + 300;
    expect(meanServiceMs / 1000 / means).toBeCloseTo(1, 2);
    const variance = (1830 * 1830 * 2) / 9 + 300 * 300;
    expect(serviceCv).toBeCloseTo(Math.sqrt(variance) / means, 2);
  });

  const cases: [string, StreetScenario][] = [
    ['hours', { callsPerHour: Array.from({ length: 168 }, (_, hour) => 1 + (hour % 2)) }],
    ['priorities', { categories: [category(), category({ id: 'other', priority: 2 })] }],
    ['service', { categories: [category({ onSceneS: { type: 'constant', mean: 600 } })] }],
    ['moveUp', { keys: { moveUp: { type: 'dynamic-mexclp' } } }],
    ['dispatch', { keys: { dispatch: { type: 'maximal-coverage' } } }],
    [
      'followUps',
      { categories: [category({ repeat: { share: 0.2, delayS: { type: 'constant', mean: 60 } } })] },
    ],
    ['travelFactor', { keys: { travel: { cv: 0.2 } } }],
    ['severalUnits', { categories: [category({ units: 2 })] }],
  ];
  it.each(cases)('names %s where the scenario has it', async (feature, scenario) => {
    const found = analyse(await street(scenario));
    // drives make service vary less than an exponential time
    const always = ['positions', 'service'].filter((name) => name !== feature);
    expect(featuresOf(found).filter((name) => !always.includes(name))).toEqual([feature]);
    for (const { what, effect } of found.leftOut) expect(what.length * effect.length).toBeGreaterThan(100);
  });

  it('does not name priorities and laws of service where no call waits', async () => {
    const categories = [
      category({ onSceneS: { type: 'constant', mean: 600 } }),
      category({ id: 'other', priority: 2 }),
    ];
    const city = await street({ categories, keys: { queue: { type: 'none' } } });
    expect(featuresOf(analyse(city))).toEqual(['positions']);
  });
});
