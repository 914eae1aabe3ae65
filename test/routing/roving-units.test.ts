/** The nearest of units that stand or are on drives: always those that the times from all true positions name. */
import { describe, expect, it } from 'vitest';
import type { RoadGraph, RoadPosition, Route } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { withLabels } from '../../engine/routing/fastest-router.ts';
import { Landmarks } from '../../engine/routing/landmarks.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { routeAlong } from '../../engine/routing/route-along.ts';
import { RouteClock } from '../../engine/routing/route-clock.ts';
import { RovingUnits } from '../../engine/routing/roving-units.ts';
import type { Router } from '../../engine/routing/router.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

/**
 * Two metrics: as on roads, one faster than the other; or with little in common, other times in either direction, and
 * only one with turn rules; or one and the same with streets of a few milliseconds, where all is rounding.
 */
function twoMetrics(graph: RoadGraph, seed: number): [drives: Metric, calls: Metric] {
  const random = testStream(seed);
  const odd = (closed: boolean): Uint32Array =>
    Uint32Array.from({ length: graph.nArcs }, () => {
      const kind = random.below(12);
      if (kind <= 1) return kind === 0 ? 0 : closed ? UNREACHED_MS : 1;
      return 1000 * (1 + random.below(20)) + random.below(3);
    });
  const roads = (mmPerMs: number): Uint32Array =>
    Uint32Array.from(graph.arcSegment, (s) => Math.round(graph.segmentLengthMm[s] / mmPerMs));
  const isOdd = seed % 4 > 0;
  if (seed % 8 === 5) {
    const bySegment = Uint32Array.from({ length: graph.nSegments }, () => 1 + random.below(20));
    const tiny = createMetric(
      graph,
      graph.arcSegment.map((s) => bySegment[s]),
      { name: 'tiny' },
    );
    return [tiny, tiny];
  }
  const calls = createMetric(graph, isOdd ? odd(true) : roads(10), { name: 'calls', obeys: () => true });
  const drives = createMetric(graph, isOdd ? odd(seed % 3 === 0) : roads(8), { name: 'drives' });
  return [drives, seed % 8 < 6 ? withLabels([calls])[0] : calls];
}

interface Unit {
  start: RoadPosition;
  clock: RouteClock | null;
  startMs: number;
  endMs: number;
}

/** A drive of the router, or one over a place in between, which is no fastest drive. */
function randomDrive(
  router: Router,
  metric: Metric,
  places: readonly RoadPosition[],
  random: RandomStream,
): Route | null {
  const [from, over, to] = places;
  if (random.below(3) > 0) return router.route(from, to);
  const first = router.route(from, over);
  const second = router.route(over, to);
  if (first === null || second === null) return null;
  return routeAlong(router.graph, metric, [...first.steps, ...second.steps]);
}

const positionAt = ({ start, clock, startMs, endMs }: Unit, nowMs: number): RoadPosition =>
  clock === null
    ? start
    : clock.positionAt(((nowMs - startMs) * clock.route.travelTimeMs) / (endMs - startMs));

describe('the nearest of roving units', () => {
  it('are those that the times from all true positions name, while they drive, stand and get busy (seeds 1 to 80)', async () => {
    const seen = { asked: 0, driving: 0, stale: 0, refused: 0, ties: 0 };
    let timed = 0;
    for (let seed = 1; seed <= 80; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 60 + 2 * seed), seed, seed % 9);
      const random = testStream(seed + 300);
      const [drives, calls] = twoMetrics(graph, seed);
      const driver = createRouter(drives);
      const reference = createRouter(calls);
      const nUnits = 30;
      const fleet = new RovingUnits(new Landmarks([drives, calls]), nUnits);
      const units: (Unit | null)[] = Array.from({ length: nUnits }, () => null);
      for (let step = 0; step < 25; step++) {
        const nowMs = 10_000 * step;
        for (let change = 0; change < 10; change++) {
          const u = random.below(nUnits);
          const places = randomPositions(graph, 100_000 * seed + 100 * step + change, 3);
          const kind = random.below(8);
          if (kind === 0) {
            units[u] = null;
            fleet.remove(u);
            continue;
          }
          const route = kind < 6 ? randomDrive(driver, drives, places, random) : null;
          if (route === null || route.travelTimeMs === 0) {
            units[u] = { start: places[2], clock: null, startMs: 0, endMs: 0 };
            fleet.put(u, places[2]);
            continue;
          }
          // faster or slower than the metric has it, and begun a while ago
          const takesMs = Math.max(1, Math.round(route.travelTimeMs * (0.5 + random.uniform())));
          const startMs = nowMs - random.below(takesMs);
          const unit = {
            start: places[0],
            clock: new RouteClock(route, places[0]),
            startMs,
            endMs: startMs + takesMs,
          };
          units[u] = unit;
          fleet.putDrive(u, places[0], places[2], startMs, unit.endMs, route.travelTimeMs);
        }
        // who has arrived stands
        units.forEach((unit, u) => {
          if (unit?.clock == null || unit.endMs > nowMs) return;
          const at = positionAt(unit, nowMs);
          units[u] = { start: at, clock: null, startMs: 0, endMs: 0 };
          fleet.put(u, at);
        });
        const staleMs = step % 3 === 2 ? 60_000 : 0;
        const skilled = random.below(3);
        const accept = (u: number): boolean => skilled === 0 || u % 3 !== 0;
        const free = units.flatMap((unit, u) => (unit === null ? [] : [u]));
        const seenAt = (u: number): RoadPosition =>
          positionAt(units[u]!, nowMs - (units[u]!.startMs <= nowMs - staleMs ? staleMs : 0));
        const [to] = randomPositions(graph, 5000 + 1000 * seed + step, 1);
        const able = free.filter(accept);
        const timesMs = reference.timesTo(able.map(seenAt), to);
        const all = able
          .map((unit, i) => ({ unit, travelTimeMs: timesMs[i] }))
          .filter(({ travelTimeMs }) => travelTimeMs !== UNREACHED_MS)
          .sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit);
        for (const count of [1, 3]) {
          const found = fleet.nearest({
            metric: calls,
            to,
            nowMs,
            count,
            positionOf: seenAt,
            staleMs,
            ...(skilled === 0 ? {} : { accept }),
          });
          expect(found, `seed ${seed} step ${step}\n${printGraph(graph)}`).toEqual(all.slice(0, count));
          // a limit leaves out those beyond it, and nobody else
          const limitMs = random.below(100_000);
          expect(
            fleet.nearest({
              metric: calls,
              to,
              nowMs,
              count,
              positionOf: seenAt,
              staleMs,
              limitMs,
              ...(skilled === 0 ? {} : { accept }),
            }),
            `seed ${seed} step ${step} within ${limitMs} ms`,
          ).toEqual(all.slice(0, count).filter(({ travelTimeMs }) => travelTimeMs <= limitMs));
          if (seed % 4 === 0) seen.asked += 2 * able.length;
        }
        expect(fleet.size).toBe(free.length);
        seen.driving += free.filter((u) => units[u]!.clock !== null).length;
        seen.stale += staleMs > 0 ? 1 : 0;
        seen.refused += free.length - able.length;
        seen.ties += all.filter(
          ({ travelTimeMs }, i) => i > 0 && travelTimeMs === all[i - 1].travelTimeMs,
        ).length;
      }
      if (seed % 4 === 0) timed += fleet.unitsTimed;
    }
    // the bounds spare most units the exact look
    expect(timed).toBeLessThan(0.5 * seen.asked);
    expect(timed).toBeGreaterThan(1000);
    expect(seen.driving).toBeGreaterThan(2000);
    expect(seen.stale).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.ties).toBeGreaterThan(100);
  });

  it('know no metric that the landmarks were not made for', async () => {
    const graph = await randomGraph(2, 30);
    const [drives, calls] = twoMetrics(graph, 2);
    const fleet = new RovingUnits(new Landmarks([drives]), 1);
    const [at] = randomPositions(graph, 1, 1);
    fleet.put(0, at);
    expect(() => fleet.nearest({ metric: calls, to: at, nowMs: 0, count: 1, positionOf: () => at })).toThrow(
      /the landmarks do not know the metric calls/,
    );
  });
});
