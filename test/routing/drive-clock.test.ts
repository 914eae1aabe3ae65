/** A drive whose roads are found from its end back, as far as somebody asks: where the router's whole route has the unit. */
import { describe, expect, it } from 'vitest';
import { samePosition } from '../../engine/graph/road-graph.ts';
import { driveClock, retimed, type DriveClock } from '../../engine/routing/drive-clock.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { RouteClock } from '../../engine/routing/route-clock.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

describe('the clock of a drive', () => {
  it('has the unit where the whole route has it, asked in any order, at any speed (seeds 1 to 120)', async () => {
    const seen = { within: 0, zeroStreets: 0, onOneStreet: 0, retimed: 0 };
    for (let seed = 1; seed <= 120; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 20 + (seed % 60)), seed, seed % 7);
      const random = testStream(seed + 40);
      const times = Uint32Array.from({ length: graph.nArcs }, () => {
        const kind = random.below(12);
        return kind <= 2
          ? kind === 2
            ? UNREACHED_MS
            : 0
          : (seed % 3 === 0 ? 1 : 1000) * (1 + random.below(20));
      });
      const plain = createMetric(graph, times, { name: 'odd', obeys: () => true });
      const metric = seed % 6 === 0 ? plain : withLabels([plain])[0];
      const router = fastestRouter(metric);
      const drives: { clock: DriveClock; whole: RouteClock; takesMs: number; asked: number[] }[] = [];
      const places = randomPositions(graph, seed, 40);
      for (let i = 0; i + 1 < places.length; i += 2) {
        const from = places[i];
        const length = graph.segmentLengthMm[from.segment];
        const to =
          i % 6 === 0 ? { segment: from.segment, offsetMm: random.below(length + 1) } : places[i + 1];
        const route = router.route(from, to);
        if (route === null) continue;
        const isRetimed = random.below(3) === 0 && route.travelTimeMs > 0;
        const takesMs = isRetimed
          ? Math.round(route.travelTimeMs * (0.3 + 1.4 * random.uniform()))
          : route.travelTimeMs;
        const clock = driveClock(metric, router, {
          from,
          to,
          roadsMs: route.travelTimeMs,
          travelTimeMs: takesMs,
        });
        const whole = new RouteClock(retimed(route, takesMs), from);
        expect(clock.positionAt(-1)).toEqual(from);
        expect(samePosition(graph, clock.positionAt(takesMs), to)).toBe(true);
        const ends = retimed(route, takesMs).steps.map(({ endMs }) => endMs);
        const asked = Array.from(
          { length: 6 },
          () => random.below(Math.max(1, takesMs)) + (random.below(2) === 0 ? 0 : 0.5),
        );
        for (const endMs of ends.slice(0, 4)) asked.push(endMs - 1, endMs - 0.25, endMs);
        drives.push({ clock, whole, takesMs, asked: asked.filter((ms) => ms >= 0 && ms < takesMs) });
        seen.zeroStreets += ends.filter((endMs, s) => endMs === (s === 0 ? 0 : ends[s - 1])).length;
        seen.onOneStreet += from.segment === to.segment ? 1 : 0;
        seen.retimed += isRetimed ? 1 : 0;
      }
      // late times first for some, so that walks go on where they stopped; and one drive after the other
      for (let i = 0; i < 18; i++) {
        for (const [d, { clock, whole, asked }] of drives.entries()) {
          const order = d % 2 === 0 ? [...asked].sort((a, b) => b - a) : asked;
          if (i >= order.length) continue;
          expect(
            clock.positionAt(order[i]),
            `seed ${seed} drive ${d} after ${order[i]} ms\n${printGraph(graph)}`,
          ).toEqual(whole.positionAt(order[i]));
          seen.within++;
        }
      }
    }
    expect(seen.within).toBeGreaterThan(5000);
    expect(seen.zeroStreets).toBeGreaterThan(200);
    expect(seen.onOneStreet).toBeGreaterThan(200);
    expect(seen.retimed).toBeGreaterThan(300);
  });

  it('refuses a drive whose time the router does not have', async () => {
    const graph = await randomGraph(2, 30);
    const plain = createMetric(graph, new Uint32Array(graph.nArcs).fill(1000), { name: 'even' });
    for (const metric of [plain, withLabels([plain])[0]]) {
      const router = fastestRouter(metric);
      const [from, to] = randomPositions(graph, 7, 2);
      const roadsMs = router.timeMs(from, to) + 1;
      expect(() => driveClock(metric, router, { from, to, roadsMs, travelTimeMs: roadsMs })).toThrow(
        new RegExp(`a drive of ${roadsMs} ms has a course of ${roadsMs - 1} ms`),
      );
    }
  });
});
