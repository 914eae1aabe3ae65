/** Times between posts and places, and the nearest posts: those of plain Dijkstra, however the table was filled. */
import { describe, expect, it } from 'vitest';
import type { RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { withLabels } from '../../engine/routing/fastest-router.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { createPostTable } from '../../engine/routing/post-table.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

/** Times that no map gives: none, equal and closed ones, and now and then some that take days. */
function oddMetric(graph: RoadGraph, seed: number): Metric {
  const random = testStream(seed);
  const isSlow = seed % 10 === 9;
  const times = Uint32Array.from({ length: graph.nArcs }, () => {
    const kind = random.below(12);
    if (kind <= 1) return kind === 0 ? 0 : UNREACHED_MS;
    return (isSlow && kind === 2 ? 400_000_000 : 1000) * (1 + random.below(kind < 6 ? 3 : 20));
  });
  return createMetric(graph, times, { name: 'odd', obeys: () => true });
}

/** Every way of keeping the times: filled by labels, row by row and then by a sweep; by searches; not at all. */
const KINDS = ['labels', 'labels', 'searches', 'router'] as const;

function tableOf(kind: (typeof KINDS)[number], metric: Metric, posts: readonly RoadPosition[]) {
  const served = kind === 'labels' ? withLabels([metric])[0] : metric;
  return createPostTable(served, posts, kind === 'router' ? { maxBytes: 0 } : {});
}

describe('a table of posts', () => {
  it('has the times of the reference in both directions, and its order of posts (seeds 1 to 120)', async () => {
    const seen = { unreached: 0, ties: 0, onOneStreet: 0, restricted: 0, days: 0, places: 0, narrowed: 0 };
    for (let seed = 1; seed <= 120; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 10 + (seed % 50)), seed, seed % 9);
      const metric = oddMetric(graph, seed);
      const reference = createRouter(metric);
      const random = testStream(seed + 7000);
      const posts = randomPositions(graph, seed + 500, 1 + random.below(60));
      // some places lie on streets with posts, and some posts twice in one place
      if (posts.length > 3) posts[2] = { ...posts[0] };
      const places = randomPositions(graph, seed + 900, 12).map((place, i) =>
        i % 3 === 0
          ? {
              segment: posts[i % posts.length].segment,
              offsetMm: place.offsetMm % (graph.segmentLengthMm[posts[i % posts.length].segment] + 1),
            }
          : place,
      );
      const table = tableOf(KINDS[seed % 4], metric, posts);
      const message = `seed ${seed}, ${KINDS[seed % 4]}\n${printGraph(graph)}`;
      for (const place of [...places, ...places.slice(0, 2)]) {
        const toPlace = reference.timesTo(posts, place);
        const fromPlace = reference.timesFrom(place, posts);
        const [post] = [random.below(posts.length)];
        expect(table.timeFrom(post, place), message).toBe(toPlace[post]);
        expect(table.timeTo(place, post), message).toBe(fromPlace[post]);
        // sometimes only some of the posts count, and only near ones
        const among = Uint8Array.from(posts, () => (random.below(2) === 0 ? 0 : 1));
        const isAmong = random.below(2) === 0;
        const limitMs = random.below(2) === 0 ? UNREACHED_MS : random.below(60_000);
        const all = Array.from(toPlace, (timeMs, p) => ({ post: p, timeMs }))
          .filter(
            ({ post: p, timeMs }) =>
              timeMs !== UNREACHED_MS && timeMs <= limitMs && (!isAmong || among[p] === 1),
          )
          .sort((a, b) => a.timeMs - b.timeMs || a.post - b.post);
        // as a rule only the first are asked for
        const asked = random.below(3) === 0 ? all.length + 1 : Math.min(2, all.length);
        const found = [];
        if (isAmong || limitMs < UNREACHED_MS)
          table.nearest.open(place, isAmong ? among : undefined, limitMs);
        else table.nearest.open(place);
        for (let i = 0; i < asked; i++) {
          const next = table.nearest.next();
          if (next >= 0) found.push({ post: next, timeMs: table.nearest.timeMs });
        }
        expect(found, message).toEqual(all.slice(0, asked));
        // the question may be narrowed as it goes on
        if (asked > 0 && asked < all.length) {
          const withinMs = found[asked - 1].timeMs + random.below(3) * 500;
          const rest = all.slice(asked).filter(({ timeMs }) => timeMs <= withinMs);
          for (let next = table.nearest.next(withinMs); next >= 0; next = table.nearest.next(withinMs))
            found.push({ post: next, timeMs: table.nearest.timeMs });
          expect(found, message).toEqual([...all.slice(0, asked), ...rest]);
          seen.narrowed += rest.length;
        }
        seen.places++;
        seen.unreached += toPlace.filter((timeMs) => timeMs === UNREACHED_MS).length;
        seen.ties += all.filter(({ timeMs }, i) => i > 0 && timeMs === all[i - 1].timeMs).length;
        seen.onOneStreet += posts.filter(({ segment }) => segment === place.segment).length;
        seen.days += all.filter(({ timeMs }) => timeMs >= 2 ** 30).length;
      }
      if (metric.network.nStates > graph.nNodes) seen.restricted++;
    }
    expect(seen.places).toBe(120 * 14);
    expect(seen.unreached).toBeGreaterThan(1000);
    expect(seen.ties).toBeGreaterThan(1000);
    expect(seen.onOneStreet).toBeGreaterThan(500);
    expect(seen.restricted).toBeGreaterThan(50);
    expect(seen.days).toBeGreaterThan(20);
    expect(seen.narrowed).toBeGreaterThan(300);
  });

  it('keeps no times beyond its memory', async () => {
    const graph = await randomGraph(3, 40);
    const metric = oddMetric(graph, 3);
    const posts = randomPositions(graph, 1, 10);
    expect(createPostTable(metric, posts, { maxBytes: 4 * 10 * graph.nNodes }).bytes).toBe(
      (2 * 4 * 10 + 128) * graph.nNodes,
    );
    expect(createPostTable(metric, posts, { maxBytes: 4 * 10 * graph.nNodes - 1 }).bytes).toBe(0);
  });

  it('without posts names none', async () => {
    const graph = await randomGraph(4, 20);
    const { nearest } = createPostTable(oddMetric(graph, 4), []);
    nearest.open({ segment: 0, offsetMm: 0 });
    expect(nearest.next()).toBe(-1);
  });
});
