/** What a call needs and what its units do for it, counted by hand: one cell of a map is 10 s. */
import { describe, expect, it } from 'vitest';
import { smallCity, type GivenCall, type SmallScenario } from '../support/small-city.ts';

const UNIT_ROWS = [
  'unitDispatched',
  'unitArrived',
  'transportStarted',
  'transportArrived',
  'reportStarted',
  'callCleared',
  'unitCleared',
];

/** A street of five, a unit at each end; the category under test, and an urgent one beside it. */
async function street(category: object, calls: GivenCall[], more: SmallScenario = {}): Promise<string[]> {
  const small = await smallCity('A---B---C---D---E', {
    units: [
      { id: 'west', at: 'A' },
      { id: 'east', at: 'E' },
    ],
    ...more,
    scenario: {
      ...more.scenario,
      demand: {
        type: 'poisson',
        categories: [
          { id: 'tested', priority: 2, share: 1, onSceneS: 600, ...category },
          { id: 'urgent', priority: 1, share: 1, onSceneS: 600 },
        ],
        sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
      },
    },
  });
  return small.rows(small.run(calls), ...UNIT_ROWS, 'callTriaged', 'callLost', 'callReady', 'unitAlerted');
}

describe('a call for two units', () => {
  it('begins its work when the second has come, and both leave together', async () => {
    expect(await street({ units: 2 }, [{ atS: 0, place: 'B', onSceneS: 100 }])).toEqual([
      '0 callReady call 0',
      '0 unitDispatched call 0 west',
      '0 unitDispatched call 0 east',
      '40 unitArrived call 0 west',
      '120 unitArrived call 0 east',
      '220 unitCleared call 0 west',
      '220 callCleared call 0',
      '220 unitCleared call 0 east',
    ]);
  });

  it('lets each leave after its own time where the category says so', async () => {
    expect(await street({ units: 2, release: 'each' }, [{ atS: 0, place: 'B', onSceneS: 100 }])).toEqual([
      '0 callReady call 0',
      '0 unitDispatched call 0 west',
      '0 unitDispatched call 0 east',
      '40 unitArrived call 0 west',
      '120 unitArrived call 0 east',
      '140 unitCleared call 0 west',
      '220 callCleared call 0',
      '220 unitCleared call 0 east',
    ]);
  });

  it('sends the one that is there and waits in the queue for the other', async () => {
    const rows = await street({ units: 2 }, [
      { atS: 0, place: 'E', onSceneS: 500, category: 1 },
      { atS: 10, place: 'B', onSceneS: 100 },
    ]);
    expect(rows.slice(2)).toEqual([
      '0 unitArrived call 0 east',
      '10 callReady call 1',
      '10 unitDispatched call 1 west',
      '50 unitArrived call 1 west',
      '500 callCleared call 0',
      '500 unitCleared call 0 east',
      '500 unitDispatched call 1 east',
      '620 unitArrived call 1 east',
      '720 unitCleared call 1 west',
      '720 callCleared call 1',
      '720 unitCleared call 1 east',
    ]);
  });
});

describe('transport and report', () => {
  const scenario = {
    destinations: [
      { id: 'far', kind: 'custody', lonLat: [0, 0] },
      { id: 'near', kind: 'custody', lonLat: [0, 0] },
      { id: 'hospital', kind: 'hospital', lonLat: [0, 0] },
    ],
  };

  it('goes to the nearest destination of its kind, hands over, and writes where it is', async () => {
    const { town } = await smallCity('A---B---C---D---E');
    const at = (mark: string): number[] => [town.lonLat(mark).lon, town.lonLat(mark).lat];
    const [far, near, hospital] = scenario.destinations;
    const rows = await street(
      {
        transport: { share: 0.5, kind: 'custody', handoverS: 60 },
        reportS: 30,
      },
      [{ atS: 0, place: 'B', onSceneS: 100, transported: true, handoverMs: 60_000, reportMs: 30_000 }],
      {
        scenario: {
          destinations: [
            { ...far, lonLat: at('E') },
            { ...near, lonLat: at('D') },
            { ...hospital, lonLat: at('B') },
          ],
        },
      },
    );
    expect(rows.slice(2)).toEqual([
      '40 unitArrived call 0 west',
      '140 transportStarted call 0 west',
      '220 transportArrived call 0 west', // B to D
      '280 callCleared call 0',
      '280 reportStarted call 0 west',
      '310 unitCleared call 0 west',
    ]);
  });

  it('is the work of the first unit; the others are free at once', async () => {
    const rows = await street({ units: 2, reportS: 30 }, [
      { atS: 0, place: 'B', onSceneS: 100, reportMs: 30_000 },
    ]);
    expect(rows.slice(5)).toEqual([
      '220 reportStarted call 0 west',
      '220 callCleared call 0',
      '220 unitCleared call 0 east',
      '250 unitCleared call 0 west',
    ]);
  });
});

describe('triage and the queue', () => {
  it('ends a call at the desk, after its handling, without a unit', async () => {
    const rows = await street({}, [{ atS: 5, place: 'B', onSceneS: 100, triaged: true }], {
      scenario: { delays: { callHandlingS: 20 } },
    });
    expect(rows).toEqual(['25 callReady call 0', '25 callTriaged call 0']);
  });

  const busy: GivenCall[] = [0, 1, 2, 3, 4].map((atS) => ({ atS, place: 'C', onSceneS: 1000 }));

  it('loses every call that finds nobody free where there is no queue', async () => {
    const rows = await street({}, busy, { scenario: { queue: { type: 'none' } } });
    expect(rows.filter((row) => row.includes('callLost'))).toEqual([
      '2 callLost call 2',
      '3 callLost call 3',
      '4 callLost call 4',
    ]);
  });

  it('keeps as many as its places, and loses those that come then', async () => {
    const rows = await street({}, busy, { scenario: { queue: { type: 'finite', places: 2 } } });
    expect(rows.filter((row) => row.includes('callLost'))).toEqual(['4 callLost call 4']);
    expect(rows.filter((row) => row.includes('unitDispatched'))).toHaveLength(4);
  });
});

describe('delays', () => {
  it('tell the unit after the dispatch delay, which comes before the turnout', async () => {
    const rows = await street({}, [{ atS: 0, place: 'B', onSceneS: 100 }], {
      scenario: { delays: { dispatchS: 7, turnoutAtPostS: 20, accessS: 3 } },
    });
    expect(rows).toEqual([
      '0 callReady call 0',
      '0 unitDispatched call 0 west',
      '7 unitAlerted call 0 west',
      '70 unitArrived call 0 west', // 7 + 20 + 40 + 3
      '170 callCleared call 0',
      '170 unitCleared call 0 west',
    ]);
  });

  it('are drawn for call and unit, the same whoever else is sent, with the mean that is asked for', async () => {
    const small = await smallCity('A---B', {
      scenario: { delays: { callHandlingS: { type: 'gamma', mean: 60, cv: 0.5 } }, travel: { cv: 0.3 } },
    });
    const handling: number[] = [];
    const drives: number[] = [];
    for (let call = 0; call < 400; call++) {
      const record = small.run([{ atS: 0, place: 'B', onSceneS: 1, key: Math.imul(call, 0x9e3779b1) >>> 0 }]);
      const at = (kind: string): number => Number(small.rows(record, kind)[0].split(' ')[0]);
      handling.push(at('callReady'));
      drives.push(at('unitArrived') - at('unitEnRoute'));
    }
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    // four standard errors of 400 draws
    expect(Math.abs(mean(handling) - 60)).toBeLessThan((4 * 60 * 0.5) / 20);
    expect(Math.abs(mean(drives) - 40)).toBeLessThan((4 * 40 * 0.3) / 20);
    expect(new Set(drives).size).toBeGreaterThan(390);
  });
});

describe('stale positions', () => {
  it('let the dispatcher choose by where units were, while they drive from where they are', async () => {
    const calls: GivenCall[] = [
      { atS: 0, place: 'E', onSceneS: 0 }, // there at 160 s, then homeward, west
      { atS: 190, place: 'E', onSceneS: 0 },
    ];
    const sent = async (staleS: number): Promise<string> => {
      const small = await smallCity('A---B---C---D---E', { scenario: { positions: { staleS } } });
      const { log } = small.run(calls);
      const rows = small.rows({ ...small.run(calls), log }, 'unitArrived');
      const candidates = log.detail.filter((text) => text.includes('candidates')).at(-1)!;
      return `${rows[1]} ${candidates}`;
    };
    expect(await sent(0)).toContain('"travelTimeS":30');
    expect(await sent(20)).toContain('"travelTimeS":10');
    expect((await sent(20)).split(' ')[0]).toBe('220'); // 30 s back, whatever was seen
  });
});
