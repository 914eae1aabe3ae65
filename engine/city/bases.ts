/** Bases: the places where units stand when nothing calls them. Posts first, in their order, then sites of placement. */
import { samePosition, type RoadPosition } from '../graph/road-graph.ts';
import { NONE } from '../units.ts';
import type { City } from './city.ts';

export interface Bases {
  positions: RoadPosition[];
  /** Names for logs: ids of posts, `site-1`… for sites that placement opened. */
  ids: string[];
  /** Base of each unit at the start of its shifts. */
  ofUnit: number[];
}

/** Every base of a city. Cost O(units x sites). */
export function basesOf(city: Pick<City, 'graph' | 'posts' | 'units'>): Bases {
  const positions = city.posts.map(({ position }) => position);
  const ids = city.posts.map(({ id }) => id);
  const nPosts = positions.length;
  const ofUnit = city.units.map(({ post, home }) => {
    if (post !== NONE) return post;
    let base = positions.findIndex((place, b) => b >= nPosts && samePosition(city.graph, place, home));
    if (base < 0) {
      base = positions.push(home) - 1;
      ids.push(`site-${base - nPosts + 1}`);
    }
    return base;
  });
  return { positions, ids, ofUnit };
}
