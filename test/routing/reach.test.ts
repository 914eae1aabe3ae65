/** Reach in several times at once: the stretches of plain Dijkstra, what sampled positions say, nested in time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EdgeInterval, RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { unionOfIntervals } from '../../engine/routing/interval-shape.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { reachFrom, reachTo } from '../../engine/routing/reach.ts';
import { ReachQuery } from '../../engine/routing/reach-query.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

/** Restrictions obeyed by every other network; zero, equal, odd and closed arcs. */
async function randomMetric(seed: number): Promise<Metric> {
  const graph = withRandomRestrictions(await randomGraph(seed, 6 + (seed % 20)), seed, seed % 9);
  const random = testStream(seed);
  const times = Uint32Array.from({ length: graph.nArcs }, () => {
    const kind = random.below(10);
    return kind === 0
      ? 0
      : kind === 1
        ? UNREACHED_MS
        : kind < 6
          ? 1000 * (1 + random.below(4))
          : random.below(5000);
  });
  return createMetric(graph, times, { name: 'odd', ...(seed % 2 === 0 ? { obeys: () => true } : {}) });
}

const describeMetric = (seed: number, { network }: Metric): string =>
  `seed ${seed} restrictions ${JSON.stringify(network.graph.restrictions)}\n${printGraph(network.graph)}`;

/** Limits in no order, some twice, some that reach nothing or everything. */
const LIMITS_MS = [4000, 0, 1500, 4000, 1, 100_000, 2999];
/** Limits that no drive exceeds: what cannot be reached is outside all the same. */
const NO_LIMITS_MS = [UNREACHED_MS - 1, UNREACHED_MS, Infinity];

describe('reach in several times on random networks', () => {
  it('gives the stretches of plain Dijkstra for each time, both ways (seeds 1 to 200)', async () => {
    const limitsMs = [...LIMITS_MS, ...NO_LIMITS_MS];
    let stretches = 0;
    let partial = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const metric = await randomMetric(seed);
      const { graph } = metric.network;
      const query = new ReachQuery(metric);
      const search = new DijkstraSearch(metric);
      for (const position of randomPositions(graph, seed, 6)) {
        const place = `${describeMetric(seed, metric)}\n${JSON.stringify(position)}`;
        const from = query.from(position, limitsMs);
        expect(from, place).toEqual(limitsMs.map((limitMs) => reachFrom(metric, search, position, limitMs)));
        const to = query.to(position, limitsMs);
        expect(to, place).toEqual(limitsMs.map((limitMs) => reachTo(metric, search, position, limitMs)));
        expect(query.from(position, [1500]), place).toEqual([from[2]]);
        for (const { segment, fromMm, toMm } of [...from.flat(), ...to.flat()]) {
          stretches++;
          if (fromMm > 0 || toMm < graph.segmentLengthMm[segment]) partial++;
        }
      }
    }
    expect(stretches).toBeGreaterThan(50_000);
    expect(partial).toBeGreaterThan(10_000);
  });

  it('holds the places whose time is within the limit and no other (seeds 300 to 360)', async () => {
    const counts = { inside: 0, outside: 0 };
    for (let seed = 300; seed <= 360; seed++) {
      const metric = await randomMetric(seed);
      const { graph } = metric.network;
      const router = createRouter(metric);
      const query = new ReachQuery(metric);
      const [home, ...places] = randomPositions(graph, seed, 12);
      const from = query.from(home, LIMITS_MS);
      const to = query.to(home, LIMITS_MS);
      // ends of streets belong to several streets, and a position alone is no stretch
      for (const place of places.filter((p) => isInMidStreet(graph, p) && p.segment !== home.segment)) {
        LIMITS_MS.forEach((limitMs, l) => {
          const text = `limit ${limitMs} home ${JSON.stringify(home)} place ${JSON.stringify(place)} ${describeMetric(seed, metric)}`;
          const isReached = router.timeMs(home, place) <= limitMs;
          counts[isReached ? 'inside' : 'outside']++;
          expect(holds(from[l], place), text).toBe(isReached);
          expect(holds(to[l], place), text).toBe(router.timeMs(place, home) <= limitMs);
        });
      }
    }
    expect(counts.inside).toBeGreaterThan(200);
    expect(counts.outside).toBeGreaterThan(200);
  });

  it('grows with time: what is reached in a time is reached in every longer one (seeds 400 to 420)', async () => {
    const limitsMs = [0, 1, 500, 1000, 1001, 2500, 7000, 30_000];
    for (let seed = 400; seed <= 420; seed++) {
      const metric = await randomMetric(seed);
      const query = new ReachQuery(metric);
      for (const position of randomPositions(metric.network.graph, seed, 4)) {
        for (const lists of [query.from(position, limitsMs), query.to(position, limitsMs)]) {
          for (let l = 1; l < lists.length; l++) {
            expect(unionOfIntervals([lists[l - 1], lists[l]]), describeMetric(seed, metric)).toEqual(
              lists[l],
            );
          }
        }
      }
    }
  });

  it('gives no list for no time', async () => {
    const metric = await randomMetric(7);
    const [position] = randomPositions(metric.network.graph, 7, 1);
    expect(new ReachQuery(metric).from(position, [])).toEqual([]);
  });
});

const isInMidStreet = ({ segmentLengthMm }: RoadGraph, { segment, offsetMm }: RoadPosition): boolean =>
  offsetMm > 0 && offsetMm < segmentLengthMm[segment];

const holds = (list: readonly EdgeInterval[], { segment, offsetMm }: RoadPosition): boolean =>
  list.some(
    (stretch) => stretch.segment === segment && stretch.fromMm <= offsetMm && offsetMm <= stretch.toMm,
  );

describeWithData('reach on the roads of Porto', (data) => {
  it('gives the stretches of plain Dijkstra from and to 9 posts in 1, 3 and 5 minutes', async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'osm/porto.osm.pbf')));
    const { graph } = await readRoadGraph({ name: 'porto', sha256: '', bytes }, { pedestrianStreets: false });
    const limitsMs = [60_000, 180_000, 300_000];
    for (const name of ['plain', 'patrol-car']) {
      const metric = buildMetric(graph, findProfile(name), { siren: false });
      const query = new ReachQuery(metric);
      const search = new DijkstraSearch(metric);
      let stretches = 0;
      for (const post of randomPositions(graph, 135, 9)) {
        const from = query.from(post, limitsMs);
        expect(from).toEqual(limitsMs.map((limitMs) => reachFrom(metric, search, post, limitMs)));
        expect(query.to(post, limitsMs)).toEqual(
          limitsMs.map((limitMs) => reachTo(metric, search, post, limitMs)),
        );
        stretches += from.flat().length;
      }
      expect(stretches).toBeGreaterThan(5000);
    }
  });
});
