import { describe, expect, it } from 'vitest';
import { overload } from '../../engine/scenario/overload.ts';

const category = (meanS: number) => ({
  id: 'c',
  name: 'c',
  priority: 1,
  share: 1,
  siren: false,
  onScene: { type: 'constant' as const, meanS, cv: 0 },
});
/** One unit in a shift of 12 hours a day: 84 hours a week. */
const scenario = (callsPerHour: number, categoryShares = [1, 0]) => ({
  demand: {
    categories: [category(1800), category(36_000)],
    sources: [
      {
        where: { type: 'roads' as const },
        callsPerHour: Array<number>(168).fill(callsPerHour),
        categoryShares,
      },
    ],
  },
  shifts: [{ id: 'day', startMs: 8 * 3_600_000, endMs: 20 * 3_600_000 }],
  units: [{ id: 'u', post: 0, shifts: [0], profile: 'plain' }],
});

describe('load above capacity', () => {
  it('is warned of from the first hour that is one too many', () => {
    // 84 hours of duty; half an hour on scene for each of 168 x 0.999 calls is less, of 168 x 1 calls as much
    expect(overload(scenario(0.999))).toEqual([]);
    expect(overload(scenario(1))).toEqual([
      'calls ask for 84 hours on scene a week, but units are on duty for 84; the queue grows without bound',
    ]);
  });

  it('counts each category by its share of the source', () => {
    // half the calls take ten hours: 168 x 0.1 x (0.25 + 5) hours
    expect(overload(scenario(0.1, [1, 1]))[0]).toContain('calls ask for 88 hours');
    expect(overload(scenario(0.09, [1, 1]))).toEqual([]);
  });
});
