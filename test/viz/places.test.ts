import { describe, expect, it } from 'vitest';
import { boundsWithPlaces, type Places } from '../../viz/places.ts';

const ROADS = { minX: 0, minY: 0, maxX: 400, maxY: 200 };
const NONE: Places = { zones: [], points: [], lines: [], posts: [], destinations: [], nOther: 0 };
const zone = (...ring: number[]): Places['zones'][number] => ({
  id: 'z',
  name: 'z',
  class: 'key',
  rings: [Float64Array.from(ring)],
});

describe('the whole city on the map', () => {
  it('is its roads, where no place lies beside them', () => {
    expect(boundsWithPlaces(ROADS, NONE)).toEqual(ROADS);
    expect(boundsWithPlaces(ROADS, { ...NONE, zones: [zone(10, 10, 90, 10, 90, 90, 10, 10)] })).toEqual(
      ROADS,
    );
  });

  it('holds zones, posts and destinations that lie beside its roads', () => {
    const places: Places = {
      ...NONE,
      zones: [zone(350, 150, 480, 150, 480, 260, 350, 150)],
      posts: [{ id: 'p', name: 'p', x: -20, y: 5 }],
      destinations: [{ id: 'h', name: 'h', sort: 'hospital', x: 3, y: -7 }],
    };
    expect(boundsWithPlaces(ROADS, places)).toEqual({ minX: -20, minY: -7, maxX: 480, maxY: 260 });
  });

  it('does not shrink to a point for a district that lies mostly elsewhere', () => {
    const places = { ...NONE, zones: [zone(0, 0, 9000, 0, 9000, 9000, -9000, 0)] };
    expect(boundsWithPlaces(ROADS, places)).toEqual({ minX: -100, minY: 0, maxX: 500, maxY: 300 });
  });
});
