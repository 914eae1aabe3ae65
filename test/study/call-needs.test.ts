import { describe, expect, it } from 'vitest';
import { callTable, streamOf, type CallRow } from '../../engine/demand/demand.ts';
import { hashCalls } from '../../engine/study/call-needs.ts';
import { NONE } from '../../engine/units.ts';
import { townPlans } from './plans.ts';

const FIGURES = [{ figure: 'within3min', group: 'all' }] as const;
const DEMAND = {
  type: 'poisson',
  categories: [
    { id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } },
    { id: 'ordinary', priority: 2, share: 1, onSceneS: { type: 'exponential', mean: 600 } },
  ],
  sources: [{ where: { type: 'roads' }, callsPerHour: 4 }],
};

describe('the calls of plans', () => {
  it('are the same whatever units, posts, policies, delays and standards are', async () => {
    const plans = await townPlans([['A'], ['B', 'C'], ['D']], FIGURES, (plan) => ({
      scenario: {
        demand: DEMAND,
        ...(plan === 0 ? {} : { dispatch: { type: 'maximal-coverage' }, moveUp: { type: 'back-to-post' } }),
        ...(plan === 2
          ? { delays: { callHandlingS: 60 }, standards: ['urban5-suburb10'], queue: { type: 'none' } }
          : {}),
      },
    }));
    for (const r of [1, 2, 3]) {
      const [first, ...others] = plans.map(({ replicate }) => replicate(r));
      expect(first.nCalls).toBeGreaterThan(5);
      for (const other of others)
        expect([other.callsHash, other.nCalls]).toEqual([first.callsHash, first.nCalls]);
    }
    expect(plans[0].replicate(1).callsHash).not.toBe(plans[0].replicate(2).callsHash);
  });

  it('are others where anything that they bring with them is', async () => {
    const [{ city }] = await townPlans([['A']], []);
    const row: CallRow = {
      occurredMs: 5000,
      segment: 0,
      offsetMm: 700,
      zone: NONE,
      category: 0,
      onSceneMs: 9000,
    };
    const hashOf = (changes: Partial<CallRow>, ofCity = city) => {
      const calls = hashCalls(
        ofCity,
        streamOf(
          callTable([
            { ...row, occurredMs: 1000 },
            { ...row, ...changes },
          ]),
        ),
      );
      while (calls.stream.next() !== null);
      return calls.hex();
    };
    const changes: Partial<CallRow>[] = [
      { occurredMs: 5001 },
      { offsetMm: 800 },
      { segment: 1 },
      { category: 1 },
      { onSceneMs: 9001 },
      { triaged: true },
      { transported: true },
      { handoverMs: 1 },
      { reportMs: 1 },
      { parent: 0 },
    ];
    const hashes = [{}, ...changes].map((change) => hashOf(change));
    expect(new Set(hashes).size).toBe(hashes.length);
    // what a plan makes of a call is its own: the zone it counts it in, the key of its delays
    expect(hashOf({ zone: 0, key: 77 })).toBe(hashes[0]);
    // two units instead of one, another priority, another skill are other needs; a siren is the plan's answer
    const withCategory = (change: object) => ({
      ...city,
      categories: city.categories.map((category) => ({ ...category, ...change })),
    });
    expect(hashOf({}, withCategory({ units: 2 }))).not.toBe(hashes[0]);
    expect(hashOf({}, withCategory({ priority: 3 }))).not.toBe(hashes[0]);
    expect(hashOf({}, withCategory({ siren: true }))).toBe(hashes[0]);
  });
});
