/** The town: posts at A, B, C, D, E, 60 s apart; the west zone (core) ends half way from B to C, the east zone (key) begins there. */
import { describe, expect, it } from 'vitest';
import { pointOfPosition } from '../../engine/graph/road-graph.ts';
import { estimateBusyFraction, MOST_BUSY } from '../../engine/dispatch/busy-fraction.ts';
import { mergeAtoms } from '../../engine/dispatch/coverage-atoms.ts';
import { coverageModel, SHARE_PARTS } from '../../engine/dispatch/coverage.ts';
import { createDispatchSetup } from '../../engine/dispatch/setup.ts';
import { demandAtoms } from '../../engine/placement/request.ts';
import { NONE } from '../../engine/units.ts';
import { demandAt, policyTown } from '../support/policy-town.ts';

describe('the coverage model of a city', () => {
  it('knows which base reaches which demand in time', async () => {
    const { city, base } = await policyTown(demandAt({ A: 1, C: 2, E: 5 }));
    const reached = (targetS: number): string[] => {
      const model = coverageModel(city, targetS * 1000);
      const names = ['A', 'C', 'E'];
      return [...'ABCDE'].map((mark) => {
        const b = base(mark);
        const { first, atom } = model.covers;
        return [...atom.subarray(first[b], first[b + 1])].map((a) => names[a]).join('');
      });
    };
    expect(reached(0)).toEqual(['A', '', 'C', '', 'E']);
    expect(reached(59)).toEqual(['A', '', 'C', '', 'E']);
    expect(reached(60)).toEqual(['A', 'AC', 'C', 'CE', 'E']);
    expect(reached(240)).toEqual(['ACE', 'ACE', 'ACE', 'ACE', 'ACE']);
    const { weight, share, zone, nAtoms } = coverageModel(city, 60_000);
    expect(nAtoms).toBe(3);
    expect([...weight].map((w) => w / weight[0])).toEqual([1, 2, 5]);
    expect([...share].map((s) => s / SHARE_PARTS)).toEqual([1 / 8, 2 / 8, 5 / 8]);
    expect([...zone]).toEqual([0, NONE, 1]);
  });

  it('takes the time from the first standard, zone by zone, where none is given', async () => {
    // 1, 3 and 5 minutes in core, key and no zone
    const { city, base } = await policyTown(demandAt({ A: 1, C: 1, E: 1 }));
    const { covers } = coverageModel(city);
    const reached = [...'ABCDE'].map((mark) =>
      [...covers.atom.subarray(covers.first[base(mark)], covers.first[base(mark) + 1])]
        .map((a) => 'ACE'[a])
        .join(''),
    );
    expect(reached).toEqual(['AC', 'ACE', 'CE', 'CE', 'CE']);
  });

  it('is made once for each target', async () => {
    const { city } = await policyTown(demandAt({ A: 1 }));
    const setup = createDispatchSetup(city);
    expect(setup.coverage()).toBe(setup.coverage());
    expect(setup.coverage(60_000)).toBe(setup.coverage(60_000));
    expect(setup.coverage(60_000)).not.toBe(setup.coverage());
  });
});

describe('demand in few places', () => {
  it('keeps all weight, zone by zone, near where it was', async () => {
    const { city } = await policyTown({
      scenario: {
        demand: {
          type: 'poisson',
          categories: [
            { id: 'urgent', priority: 1, share: 1, siren: true, onSceneS: { type: 'constant', mean: 600 } },
            { id: 'ordinary', priority: 2, share: 1, onSceneS: { type: 'constant', mean: 600 } },
          ],
          sources: [{ where: { type: 'places', file: 'many.csv' }, callsPerHour: 6 }],
        },
      },
      files: { 'many.csv': `lon,lat\n${manyPlaces().join('\n')}\n` },
    });
    const atoms = demandAtoms(city);
    const sums = (list: typeof atoms): Map<string, number> => {
      const byKind = new Map<string, number>();
      for (const { zone, siren, thresholdMs, weight } of list) {
        const kind = `${zone} ${siren} ${thresholdMs}`;
        byKind.set(kind, (byKind.get(kind) ?? 0) + weight);
      }
      return byKind;
    };
    expect(atoms.length).toBeGreaterThan(100);
    for (const most of [200, 60, 20, 6]) {
      const merged = mergeAtoms(city.graph, atoms, most);
      expect(merged.length).toBeLessThanOrEqual(Math.max(most, sums(atoms).size));
      expect(merged.length).toBeGreaterThanOrEqual(Math.min(most, atoms.length) / 3);
      const [before, after] = [sums(atoms), sums(merged)];
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      for (const [kind, weight] of before) expect(after.get(kind)).toBeCloseTo(weight, 9);
      // each stands where one of those it stands for stood
      const places = new Set(
        atoms.map(({ position }) => JSON.stringify(pointOfPosition(city.graph, position))),
      );
      for (const { position } of merged)
        expect(places).toContain(JSON.stringify(pointOfPosition(city.graph, position)));
      expect(mergeAtoms(city.graph, atoms, most)).toEqual(merged);
    }
    expect(mergeAtoms(city.graph, atoms, atoms.length)).toEqual(atoms);
  });
});

/** Places along the street, one every 20 m. */
function manyPlaces(): string[] {
  return Array.from({ length: 121 }, (_, i) => `${(24 * CELL * i) / 120},0`);
}
/** Degrees of one cell of a map. */
const CELL = 100 / 111_195;

describe('the estimate of how busy units are', () => {
  it('is the time that calls take over the time on duty', async () => {
    // 8 units on duty all day; 8 calls an hour of 600 s on scene and 300 s on the way: 2 unit-hours an hour
    const { city } = await policyTown(demandAt({ A: 1 }, 8));
    expect(estimateBusyFraction(city, 300_000)).toBeCloseTo(2 / 8, 12);
    expect(estimateBusyFraction(city, 0)).toBeCloseTo((8 * 600) / 3600 / 8, 12);
    const atWork = {
      ...city,
      scenario: {
        ...city.scenario,
        activities: [
          {
            id: 'x',
            name: 'x',
            perUnitHour: 0.5,
            duration: { type: 'constant' as const, meanMs: 720_000, cv: 0, valuesMs: [] },
            interruptibleBy: 0,
            units: [0, 1],
          },
        ],
      },
    };
    // two of eight units, a tenth of the time each
    expect(estimateBusyFraction(atWork, 300_000)).toBeCloseTo(2 / 8 + 0.2 / 8, 12);
  });

  it('counts units, desks, transport, reports, repeats and linked calls', async () => {
    const { city } = await policyTown(demandAt({ A: 1 }, 8));
    const law = (meanMs: number) => ({ type: 'constant' as const, meanMs, cv: 0, valuesMs: [] });
    const busyWith = (needs: object, ordinary: object = {}): number =>
      estimateBusyFraction(
        {
          ...city,
          categories: [
            { ...city.categories[0], ...needs },
            { ...city.categories[1], ...ordinary },
          ],
        },
        300_000,
      );
    // all calls are of the first category: 8 x 900 s an hour for 8 units
    expect(busyWith({})).toBeCloseTo(900 / 3600, 12);
    expect(busyWith({ units: 2 })).toBeCloseTo(1800 / 3600, 12);
    expect(busyWith({ triageShare: 0.25 })).toBeCloseTo(675 / 3600, 12);
    expect(busyWith({ report: law(100_000) })).toBeCloseTo(1000 / 3600, 12);
    expect(busyWith({ transport: { share: 0.5, kind: 'x', handover: law(100_000) } })).toBeCloseTo(
      1100 / 3600,
      12,
    );
    expect(busyWith({ repeat: { share: 0.1, delay: law(1) } })).toBeCloseTo(1000 / 3600, 12);
    expect(busyWith({ linked: { share: 0.5, category: 1, delay: law(1) } }, { units: 2 })).toBeCloseTo(
      1800 / 3600,
      12,
    );
    // a repeat brings linked calls like any other call: two calls, and one linked, for each
    expect(
      busyWith({
        repeat: { share: 0.5, delay: law(1) },
        linked: { share: 0.5, category: 1, delay: law(1) },
      }),
    ).toBeCloseTo(2700 / 3600, 12);
    expect(busyWith({ units: 50 })).toBe(MOST_BUSY);
  });
});
