import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import { samePosition } from '../../engine/graph/road-graph.ts';
import { NONE } from '../../engine/units.ts';
import { policyTown } from '../support/policy-town.ts';

describe('the bases of a city', () => {
  it('are its posts in their order, each unit at its own', async () => {
    const { city, town } = await policyTown();
    const { ids, positions, ofUnit } = basesOf(city);
    expect(ids).toEqual(['post-A', 'post-B', 'post-C', 'post-D', 'post-E']);
    expect(ofUnit).toEqual([0, 0, 1, 2, 2, 3, 4, 4]);
    [...'ABCDE'].forEach((mark, b) =>
      expect(samePosition(city.graph, positions[b], town.at(mark))).toBe(true),
    );
  });

  it('are then the sites that placement gave to units, each once, also beside a post', async () => {
    const { city, town } = await policyTown();
    const sites = ['B', 'D', 'B', 'A'];
    const units = city.units.map((unit, u) =>
      u < 4 ? { ...unit, post: NONE, home: town.at(sites[u]) } : unit,
    );
    const { ids, ofUnit } = basesOf({ ...city, units });
    expect(ids.slice(5)).toEqual(['site-1', 'site-2', 'site-3']);
    expect(ofUnit).toEqual([5, 6, 5, 7, 2, 3, 4, 4]);
  });
});
