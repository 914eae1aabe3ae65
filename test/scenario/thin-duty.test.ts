/** A roster that leaves calls for several units, or for a skill, with too few of them. */
import { describe, expect, it } from 'vitest';
import { smallCity } from '../support/small-city.ts';

const category = (more: object) => ({ id: 'two', priority: 1, share: 1, onSceneS: 60, ...more });

async function warnings(
  units: Record<string, unknown>[],
  needs: object,
  more: Record<string, unknown> = {},
  files: Record<string, string> = {},
): Promise<string[]> {
  const { city } = await smallCity('A---B', {
    files,
    units: units.map((unit, u) => ({ id: `u${u}`, at: 'A', ...unit })),
    scenario: {
      shifts: [
        { id: 'all', startS: 0, endS: 86_400 },
        { id: 'day', startS: 21_600, endS: 64_800 },
        { id: 'night', startS: 64_800, endS: 108_000 },
      ],
      demand: {
        type: 'poisson',
        categories: [category(needs)],
        sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
      },
      run: { start: '2026-03-02T00:00', durationS: 2 * 86_400, replications: 1 },
      ...more,
    },
  });
  return city.scenario.warnings.filter((text) => text.startsWith('calls of category'));
}

describe('hours in which fewer units are on duty than a call asks for', () => {
  it('are named for each category, the first of them', async () => {
    expect(await warnings([{}, { shifts: ['day'] }], { units: 2 })).toEqual([
      'calls of category "two" ask for 2 units, and fewer are on duty and in service from 2026-03-02T00:00 to 2026-03-02T06:00, ' +
        'from 2026-03-02T18:00 to 2026-03-03T06:00, from 2026-03-03T18:00 to 2026-03-04T00:00 (24 hours in all): ' +
        'such a call waits until there are more, with the units that it has',
    ]);
  });

  it('are none where one shift takes over from another, also over midnight', async () => {
    expect(await warnings([{}, { shifts: ['day'] }, { shifts: ['night'] }], { units: 2 })).toEqual([]);
    expect(await warnings([{}, { shifts: ['day'] }], { units: 1 })).toEqual([]);
  });

  it('count only units with the skills', async () => {
    const armed = { skills: ['armed'] };
    expect(await warnings([{}, armed], armed)).toEqual([]);
    expect(await warnings([{}, { ...armed, shifts: ['day', 'night'] }], armed)).toEqual([]);
    const [text] = await warnings([{}, { ...armed, shifts: ['day'] }], armed);
    expect(text).toContain(
      'ask for a unit with armed, and fewer are on duty and in service from 2026-03-02T00:00',
    );
  });

  it('are none where no calls come', async () => {
    const callsPerHour = Array.from({ length: 24 }, (_, hour) => (hour < 6 || hour >= 20 ? 0 : 1));
    const demand = {
      type: 'poisson',
      categories: [category({ units: 2 })],
      sources: [{ where: { type: 'roads' }, callsPerHour }],
    };
    const [text] = await warnings([{}, { shifts: ['day'] }], {}, { demand });
    expect(text).toContain(
      'from 2026-03-02T18:00 to 2026-03-02T20:00, from 2026-03-03T18:00 to 2026-03-03T20:00 (4 hours in all)',
    );
  });

  it('are those out of service too, which end with the shift or before it', async () => {
    const repair = { outOfService: [{ from: '2026-03-02T10:00', to: '2026-03-02T11:30' }] };
    const [text, ...others] = await warnings([{}, repair], { units: 2 });
    expect(text).toContain('from 2026-03-02T10:00 to 2026-03-02T11:30 (1.5 hours in all)');
    expect(others).toEqual([]);
    expect(await warnings([{}, {}, repair], { units: 2 })).toEqual([]);
    const late = { shifts: ['day'], outOfService: [{ from: '2026-03-02T17:00', to: '2026-03-02T20:00' }] };
    const [atNight] = await warnings([{}, late, { shifts: ['night'] }], { units: 2 });
    // the night shift of the day before ends at 6, when the day shift begins; its car is away from 17 to 18
    expect(atNight).toContain('from 2026-03-02T17:00 to 2026-03-02T18:00 (1 hours in all)');
  });

  it('are counted where many, the first three named', async () => {
    const run = { start: '2026-03-02T00:00', durationS: 5 * 86_400, replications: 1 };
    const [text] = await warnings([{}, { shifts: ['day'] }], { units: 2 }, { run });
    expect(text).toContain('to 2026-03-04T06:00 (3 times more, 60 hours in all)');
  });

  it('are hours in which calls of the category may come: its own sources, and what is linked to it', async () => {
    const two = category({ units: 2 });
    const other = { id: 'other', priority: 2, share: 1, onSceneS: 60 };
    const night = Array.from({ length: 24 }, (_, hour) => (hour < 3 ? 1 : 0));
    const noon = Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 1 : 0));
    const sources = [
      { where: { type: 'roads' }, callsPerHour: night, categoryShares: { two: 0 } },
      { where: { type: 'roads' }, callsPerHour: noon, categoryShares: { other: 0 } },
    ];
    const units = [{}, { shifts: ['day'] }];
    const ofOwn = { demand: { type: 'poisson', categories: [two, other], sources } };
    expect(await warnings(units, {}, ofOwn)).toEqual([]);
    const linked = { ...other, linked: { share: 0.5, category: 'two', delayS: 60 } };
    const [text] = await warnings(units, {}, { demand: { ...ofOwn.demand, categories: [two, linked] } });
    expect(text).toContain('category "two"');
    expect(text).toContain('from 2026-03-02T00:00 to 2026-03-02T03:00');
  });

  it('are hours with a call of the category where calls are replayed', async () => {
    const demand = {
      type: 'calls',
      file: 'calls.csv',
      columns: { time: 'time', lon: 'lon', lat: 'lat', category: 'what' },
      categories: [
        { id: 'two', priority: 1, units: 2, onSceneS: 60 },
        { id: 'other', priority: 2, onSceneS: 60 },
      ],
      timeZone: 'UTC',
    };
    const csv = (...rows: string[]) => ({ 'calls.csv': `time,lon,lat,what\n${rows.join('\n')}\n` });
    const units = [{}, { shifts: ['day'] }];
    const two = '2026-03-02T12:00,0,0,two';
    expect(await warnings(units, {}, { demand }, csv(two, '2026-03-02T02:00,0,0,other'))).toEqual([]);
    const [text] = await warnings(units, {}, { demand }, csv(two, '2026-03-02T02:00,0,0,two'));
    expect(text).toContain('from 2026-03-02T00:00 to 2026-03-02T06:00 (6 hours in all)');
  });
});
