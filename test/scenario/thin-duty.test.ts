/** A roster that leaves calls for several units, or for a skill, with too few of them. */
import { describe, expect, it } from 'vitest';
import { smallCity } from '../support/small-city.ts';

const category = (more: object) => ({ id: 'two', priority: 1, share: 1, onSceneS: 60, ...more });

async function warnings(
  units: Record<string, unknown>[],
  needs: object,
  more: Record<string, unknown> = {},
): Promise<string[]> {
  const { city } = await smallCity('A---B', {
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
      'calls of category "two" ask for 2 units, and fewer are on duty from 2026-03-02T00:00 to 2026-03-02T06:00 ' +
        '(and 2 times more): such a call waits for the next shift, with the units that it has',
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
    expect(text).toContain('ask for a unit with armed, and fewer are on duty from 2026-03-02T00:00');
  });

  it('are none where no calls come', async () => {
    const callsPerHour = Array.from({ length: 24 }, (_, hour) => (hour < 6 || hour >= 20 ? 0 : 1));
    const demand = {
      type: 'poisson',
      categories: [category({ units: 2 })],
      sources: [{ where: { type: 'roads' }, callsPerHour }],
    };
    const [text] = await warnings([{}, { shifts: ['day'] }], {}, { demand });
    expect(text).toContain('from 2026-03-02T18:00 to 2026-03-02T20:00 (and 1 times more)');
  });
});
