import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { routeAlong } from '../../engine/routing/route-along.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { map } from '../support/ascii-map.ts';

const TOWN = `
  A---B---C
  |   |   |
  D---E---F
  |       |
  G-------H`;

describe('routeAlong', () => {
  it('times any drive of the router as the router does', async () => {
    const { graph } = await map(TOWN, {
      AB: { lengthMm: 314_159 },
      EF: { maxKph: 47 },
      BE: { oneway: true },
    });
    const metric = buildMetric(graph, findProfile('patrol-car'), { siren: false });
    const router = createRouter(metric);
    const position = fc
      .record({ segment: fc.nat(graph.nSegments - 1), share: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map(({ segment, share }) => ({
        segment,
        offsetMm: Math.round(share * graph.segmentLengthMm[segment]),
      }));
    fc.assert(
      fc.property(position, position, (from, to) => {
        const route = router.route(from, to)!;
        expect(routeAlong(graph, metric, route.steps)).toEqual(route);
      }),
      { seed: 13_500_020, numRuns: 200 },
    );
  });

  it('adds parts of a street up to the whole', async () => {
    const { graph } = await map('A---B', { AB: { lengthMm: 1_000_003, maxKph: 37 } });
    const metric = buildMetric(graph, findProfile('plain'), { siren: false });
    const whole = routeAlong(graph, metric, [{ segment: 0, fromMm: 0, toMm: 1_000_003 }])!;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_002 }), (cutMm) => {
        const parts = [
          { segment: 0, fromMm: 0, toMm: cutMm },
          { segment: 0, fromMm: cutMm, toMm: 1_000_003 },
        ];
        expect(routeAlong(graph, metric, parts)!.travelTimeMs).toBe(whole.travelTimeMs);
      }),
      { seed: 13_500_021, numRuns: 100 },
    );
    expect(whole.travelTimeMs).toBe(metric.arcTimeMs[graph.segmentForwardArc[0]]);
  });

  it('leaves out steps of no length', async () => {
    const { graph } = await map('A---B');
    const metric = buildMetric(graph, findProfile('plain'), { siren: false });
    expect(routeAlong(graph, metric, [{ segment: 0, fromMm: 5, toMm: 5 }])).toEqual({
      steps: [],
      travelTimeMs: 0,
      lengthMm: 0,
    });
  });

  it('gives no drive against a one-way street or over an arc that is closed', async () => {
    const { graph } = await map('A---B', { AB: { oneway: true } });
    const metric = buildMetric(graph, findProfile('plain'), { siren: false });
    expect(routeAlong(graph, metric, [{ segment: 0, fromMm: 400, toMm: 0 }])).toBeNull();
    const times = metric.arcTimeMs.map(() => UNREACHED_MS);
    const closed = createMetric(graph, times, { name: 'closed' });
    expect(routeAlong(graph, closed, [{ segment: 0, fromMm: 0, toMm: 400 }])).toBeNull();
  });
});
