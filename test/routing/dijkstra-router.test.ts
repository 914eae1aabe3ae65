import { describe, expect, it } from 'vitest';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { RouteClock } from '../../engine/routing/route-clock.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { map, type StreetOptions, type Town } from '../support/ascii-map.ts';

/** Streets at 36 km/h: 10 m a second, one cell 10 s. */
async function town(drawing: string, ways: Record<string, StreetOptions> = {}) {
  const built: Town = await map(drawing, ways);
  const router = createRouter(buildMetric(built.graph, findProfile('plain'), { siren: false }));
  return { ...built, router };
}

describe('the reference router', () => {
  it('drives 400 m of a 36 km/h street in 40 s', async () => {
    const t = await town('A---B---C');
    expect(t.router.timeMs(t.at('A'), t.at('B'))).toBe(40_000);
    expect(t.router.timeMs(t.at('A'), t.at('C'))).toBe(80_000);
  });

  it('obeys a one-way street and finds the way round', async () => {
    const t = await town(
      `
A---B
|   |
C---D`,
      { AB: { oneway: true } },
    );
    expect(t.router.timeMs(t.at('A'), t.at('B'))).toBe(40_000);
    expect(t.router.timeMs(t.at('B'), t.at('A'))).toBe(80_000); // B-D-C-A
  });

  it('turns round in mid-segment only where the street is open both ways', async () => {
    const drawing = `
A-----B
|1   2|
C-----D`;
    const free = await town(drawing);
    const one = { segment: free.at('A').segment, offsetMm: 0 };
    expect(free.router.timeMs(free.at('1'), free.at('A'))).toBe(10_000);
    expect(one.offsetMm).toBe(0);
    const t = await town(drawing, { AC: { oneway: true } });
    // from 1 (100 m down A-C) back to A: on to C (100 m), C-D, D-B, B-A
    expect(t.router.timeMs(t.at('1'), t.at('A'))).toBe(10_000 + 60_000 + 20_000 + 60_000);
  });

  it('says unreachable where there is no way', async () => {
    const t = await town(`
A---B

C---D---E`);
    expect(t.router.timeMs(t.at('A'), t.at('D'))).toBe(UNREACHED_MS);
    expect(t.router.route(t.at('A'), t.at('D'))).toBeNull();
  });

  it('gives the same times one to many, many to one, as a matrix and one by one', async () => {
    const t = await town(
      `
A---B---C
|   |1  |
D---E---F
    2`,
      { AB: { oneway: true }, EF: { oneway: true, maxKph: 17 } },
    );
    const all = ['A', 'B', 'C', 'D', 'E', 'F', '1', '2'].map((m) => t.at(m));
    const matrix = t.router.matrix(all, all);
    all.forEach((from, i) => {
      expect([...t.router.timesFrom(from, all)]).toEqual([...matrix.subarray(i * 8, i * 8 + 8)]);
      expect([...t.router.timesTo(all, from)]).toEqual(all.map((_, j) => matrix[j * 8 + i]));
      all.forEach((to, j) => {
        expect(t.router.timeMs(from, to)).toBe(matrix[i * 8 + j]);
        const route = t.router.route(from, to)!;
        expect(route.travelTimeMs).toBe(matrix[i * 8 + j]);
        expect(new RouteClock(route, from).positionAt(route.travelTimeMs)).toEqual(
          route.steps.length > 0 ? expect.anything() : from,
        );
      });
    });
  });

  it('reaches exactly as far as its times say', async () => {
    const t = await town(
      `
A---B---C
|   |   |
D---E---F`,
      { BE: { oneway: true } },
    );
    const from = t.at('A');
    for (const limitMs of [0, 1, 9_999, 10_000, 59_999, 60_000, 60_001, 200_000]) {
      for (const { segment, fromMm, toMm } of t.router.reachFrom(from, limitMs)) {
        for (const offsetMm of [fromMm, (fromMm + toMm) >> 1, toMm]) {
          expect(t.router.timeMs(from, { segment, offsetMm })).toBeLessThanOrEqual(limitMs);
        }
        for (const offsetMm of [fromMm - 1, toMm + 1]) {
          if (offsetMm > 0 && offsetMm < t.graph.segmentLengthMm[segment])
            expect(t.router.timeMs(from, { segment, offsetMm })).toBeGreaterThan(limitMs);
        }
      }
      for (const { segment, fromMm, toMm } of t.router.reachTo(from, limitMs)) {
        for (const offsetMm of [fromMm, (fromMm + toMm) >> 1, toMm]) {
          expect(t.router.timeMs({ segment, offsetMm }, from)).toBeLessThanOrEqual(limitMs);
        }
        for (const offsetMm of [fromMm - 1, toMm + 1]) {
          if (offsetMm > 0 && offsetMm < t.graph.segmentLengthMm[segment])
            expect(t.router.timeMs({ segment, offsetMm }, from)).toBeGreaterThan(limitMs);
        }
      }
    }
  });
});
