/** Laws of travel times on random networks, against Floyd and Warshall's algorithm on points of the network. */
import { describe, expect, it } from 'vitest';
import { buildMetric, PROFILES, profilesFor } from '../../engine/routing/profiles.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { alongArcMm, timeAlongArcMs, type Metric } from '../../engine/routing/metric.ts';
import { RouteClock } from '../../engine/routing/route-clock.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import {
  nodeOfPosition,
  type EdgeInterval,
  type RoadGraph,
  type RoadPosition,
  type Route,
} from '../../engine/graph/road-graph.ts';
import { printGraph, randomGraph, randomPositions } from '../support/random-city.ts';

/**
 * All times between positions by Floyd and Warshall: each arc is cut at the positions on it, so that positions are
 * vertices like nodes. Knows nothing of exits, entries or heaps.
 */
function floydWarshall(graph: RoadGraph, { arcTimeMs }: Metric, positions: RoadPosition[]): number[][] {
  const vertexOf = positions.map((p, i) => {
    const node = nodeOfPosition(graph, p);
    return node === NONE ? graph.nNodes + i : node;
  });
  const n = graph.nNodes + positions.length;
  const time = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? 0 : Infinity)),
  );
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const length = graph.segmentLengthMm[graph.arcSegment[arc]];
    const stops = [
      { vertex: graph.tail[arc], timeMs: 0, alongMm: 0 },
      { vertex: graph.head[arc], timeMs: arcTimeMs[arc], alongMm: length },
    ];
    positions.forEach((p, i) => {
      if (p.segment !== graph.arcSegment[arc] || vertexOf[i] < graph.nNodes) return;
      const alongMm = alongArcMm(graph, arc, p.offsetMm);
      stops.push({ vertex: vertexOf[i], timeMs: timeAlongArcMs(arcTimeMs[arc], alongMm, length), alongMm });
    });
    for (const a of stops) {
      for (const b of stops) {
        if (a.alongMm <= b.alongMm && a.vertex !== b.vertex) {
          time[a.vertex][b.vertex] = Math.min(time[a.vertex][b.vertex], b.timeMs - a.timeMs);
        }
      }
    }
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) time[i][j] = Math.min(time[i][j], time[i][k] + time[k][j]);
    }
  }
  return vertexOf.map((from) => vertexOf.map((to) => time[from][to]));
}

/** Steps join, are legal and take exactly the time of their arcs. */
function checkRoute(
  graph: RoadGraph,
  { arcTimeMs }: Metric,
  from: RoadPosition,
  to: RoadPosition,
  route: Route,
): void {
  const samePlace = (a: RoadPosition, b: RoadPosition): boolean => {
    const node = nodeOfPosition(graph, a);
    return (
      (a.segment === b.segment && a.offsetMm === b.offsetMm) ||
      (node !== NONE && node === nodeOfPosition(graph, b))
    );
  };
  let here = from;
  let timeMs = 0;
  for (const step of route.steps) {
    expect(samePlace(here, { segment: step.segment, offsetMm: step.fromMm })).toBe(true);
    const arc =
      step.toMm > step.fromMm
        ? graph.segmentForwardArc[step.segment]
        : graph.segmentBackwardArc[step.segment];
    expect(arc).not.toBe(NONE);
    const length = graph.segmentLengthMm[step.segment];
    timeMs +=
      timeAlongArcMs(arcTimeMs[arc], alongArcMm(graph, arc, step.toMm), length) -
      timeAlongArcMs(arcTimeMs[arc], alongArcMm(graph, arc, step.fromMm), length);
    expect(step.endMs).toBe(timeMs);
    here = { segment: step.segment, offsetMm: step.toMm };
  }
  expect(samePlace(here, to)).toBe(true);
  expect(route.travelTimeMs).toBe(timeMs);
}

const holds = (intervals: EdgeInterval[], p: RoadPosition): boolean =>
  intervals.some((i) => i.segment === p.segment && p.offsetMm >= i.fromMm && p.offsetMm <= i.toMm);

const SEEDS = Array.from({ length: 60 }, (_, i) => 1000 + i);

describe('travel times on random networks (seeds 1000 to 1059)', () => {
  it('equal Floyd and Warshall for every pair of positions, drives re-add, and reach agrees', async () => {
    let reachable = 0;
    let unreachable = 0;
    for (const seed of SEEDS) {
      const graph = await randomGraph(seed, 24);
      const metric = buildMetric(graph, profilesFor(graph)[seed % profilesFor(graph).length], {
        siren: seed % 2 === 0,
      });
      const router = createRouter(metric);
      const positions = randomPositions(graph, seed, 12);
      const oracle = floydWarshall(graph, metric, positions);
      const matrix = router.matrix(positions, positions);
      positions.forEach((from, i) => {
        const limitMs = 20_000;
        const reach = router.reachFrom(from, limitMs);
        const towards = router.reachTo(from, limitMs);
        positions.forEach((to, j) => {
          const expected = oracle[i][j] === Infinity ? UNREACHED_MS : oracle[i][j];
          const place = `seed ${seed}, ${JSON.stringify(from)} to ${JSON.stringify(to)}\n${printGraph(graph)}`;
          expect(matrix[i * positions.length + j], place).toBe(expected);
          expect(router.timeMs(from, to), place).toBe(expected);
          const route = router.route(from, to);
          if (expected === UNREACHED_MS) {
            unreachable++;
            expect(route, place).toBeNull();
          } else {
            reachable++;
            expect(route!.travelTimeMs, place).toBe(expected);
            checkRoute(graph, metric, from, to, route!);
            // halfway in time the unit is where it can be by then; 1 ms for the millimetre that is rounded down
            const early = new RouteClock(route!, from).positionAt(expected >> 1);
            expect(router.timeMs(from, early), place).toBeLessThanOrEqual((expected >> 1) + 1);
          }
          // a node is also an end of other segments: only mid-segment points are told apart by their interval
          if (nodeOfPosition(graph, to) === NONE && from !== to) {
            expect(holds(reach, to), place).toBe(expected <= limitMs);
            const back = oracle[j][i];
            expect(holds(towards, to), place).toBe(back <= limitMs);
          }
        });
      });
    }
    // neither all nor nothing reachable, or the test proves little
    expect(reachable).toBeGreaterThan(0.1 * (reachable + unreachable));
    expect(unreachable).toBeGreaterThan(0.1 * (reachable + unreachable));
  });

  it('reach of 599 s lies inside reach of 600 s inside reach of 601 s, in both directions', async () => {
    const inside = (small: EdgeInterval[], large: EdgeInterval[]): boolean =>
      small.every((s) =>
        large.some((l) => l.segment === s.segment && l.fromMm <= s.fromMm && s.toMm <= l.toMm),
      );
    for (const seed of SEEDS.slice(0, 20)) {
      const graph = await randomGraph(seed, 40);
      const router = createRouter(buildMetric(graph, PROFILES[2], { siren: false }));
      for (const position of randomPositions(graph, seed, 5)) {
        for (const direction of ['reachFrom', 'reachTo'] as const) {
          const [a, b, c] = [599_000, 600_000, 601_000].map((limitMs) =>
            router[direction](position, limitMs),
          );
          expect(inside(a, b) && inside(b, c), `seed ${seed}`).toBe(true);
        }
      }
    }
  });

  it('obey the triangle inequality and fall when speeds rise', async () => {
    for (const seed of SEEDS.slice(0, 20)) {
      const graph = await randomGraph(seed, 30);
      const calm = createRouter(buildMetric(graph, PROFILES[1], { siren: false }));
      const siren = createRouter(buildMetric(graph, PROFILES[1], { siren: true }));
      const positions = randomPositions(graph, seed, 8);
      const n = positions.length;
      const time = calm.matrix(positions, positions);
      const faster = siren.matrix(positions, positions);
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) {
          expect(faster[a * n + b], `seed ${seed}`).toBeLessThanOrEqual(time[a * n + b]);
          for (let c = 0; c < n; c++) {
            expect(time[a * n + c], `seed ${seed}`).toBeLessThanOrEqual(time[a * n + b] + time[b * n + c]);
          }
        }
      }
    }
  });
});
