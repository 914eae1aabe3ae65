/** Drives of many days, longer than kernels hold, are drives all the same; and what is no way at all stays none. */
import { describe, expect, it } from 'vitest';
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { MS_PER_DAY, UNREACHED_MS } from '../../engine/units.ts';
import { routersOf } from '../support/contenders.ts';
import { metricOf, type RoadPlan, type StreetPlan } from '../support/road-plan.ts';

const plan = (nNodes: number, streets: StreetPlan[]): RoadPlan => ({
  nodes: Array.from({ length: nNodes }, (_, n) => [1000 * n, 0]),
  streets,
  restrictions: [],
  turnRules: false,
});
const street = (from: number, to: number, days: number, back: number | null = null): StreetPlan => [
  from,
  to,
  1000,
  days * MS_PER_DAY,
  back,
];

/** All that every router says of two places. */
function answers(roads: RoadPlan, from: RoadPosition, to: RoadPosition): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(routersOf(metricOf(roads))).map(([name, router]) => [
      name,
      [
        router.timeMs(from, to),
        router.timesFrom(from, [to, from])[0],
        router.timesTo([from], to)[0],
        router.matrix([from, to], [to])[0],
        router.route(from, to)?.travelTimeMs ?? UNREACHED_MS,
        router.timesFrom(from, [to], 16 * MS_PER_DAY)[0],
        router.timesFrom(from, [to], MS_PER_DAY)[0],
      ],
    ]),
  );
}

const each = (days: number | null): Record<string, number[]> => {
  const timeMs = days === null ? UNREACHED_MS : days * MS_PER_DAY;
  const within = (limit: number): number => (timeMs <= limit * MS_PER_DAY ? timeMs : UNREACHED_MS);
  const all = [timeMs, timeMs, timeMs, timeMs, timeMs, within(16), within(1)];
  return { 'Dijkstra router': all, 'fastest router': all, 'hierarchy router': all };
};

const node = (segment: number, end: 0 | 1000): RoadPosition => ({ segment, offsetMm: end });

describe('a drive of many days', () => {
  it('over streets that each take some: 15 days along five, none back', () => {
    const roads = plan(6, [0, 1, 2, 3, 4].map((n) => street(n, n + 1, 3))); // prettier-ignore
    expect(answers(roads, node(0, 0), node(4, 1000))).toEqual(each(15));
    expect(answers(roads, node(4, 1000), node(0, 0))).toEqual(each(null));
    expect(answers(roads, node(1, 0), node(1, 1000))).toEqual(each(3));
  });

  it('of which labels know little: from slow streets beside fast ones, 8 days either side of 4', () => {
    const roads = plan(4, [
      street(0, 1, 0),
      street(0, 1, 16),
      street(1, 2, 4),
      street(2, 3, 0),
      street(2, 3, 16),
    ]);
    expect(answers(roads, { segment: 1, offsetMm: 500 }, { segment: 4, offsetMm: 500 })).toEqual(each(20));
    expect(answers(roads, { segment: 4, offsetMm: 500 }, { segment: 1, offsetMm: 500 })).toEqual(each(null));
  });

  it('over a single street of 13 days', () => {
    const roads = plan(3, [street(0, 1, 13, 1000), street(1, 2, 0)]);
    expect(answers(roads, node(0, 0), node(1, 1000))).toEqual(each(13));
    expect(answers(roads, node(1, 0), node(0, 0))).toEqual(each(1000 / MS_PER_DAY));
  });

  it('faster than another of many days: round the block in 13 instead of 17 along the street', () => {
    const roads = plan(4, [
      street(0, 1, 5, 3.5 * MS_PER_DAY),
      street(0, 2, 5, 4.5 * MS_PER_DAY),
      street(3, 2, 3.5),
      street(3, 1, 17, 3.5 * MS_PER_DAY),
    ]);
    expect(answers(roads, node(3, 0), node(3, 1000))).toEqual(each(13));
  });

  it('that ends in a street whose other end labels reach sooner', () => {
    const roads: RoadPlan = plan(4, [
      [0, 1, 1000, 451e6, 0],
      [0, 2, 1000, null, 300e6],
      [1, 3, 1000, 458e6, 507e6],
      [1, 2, 1000, 1500e6, 496e6],
      [3, 2, 1000, 1500e6, 298e6],
    ]);
    const [from, to] = [node(4, 0), { segment: 3, offsetMm: 965 }];
    expect(routersOf(metricOf(roads))['fastest router'].metric.labels).toBeDefined();
    expect(answers(roads, from, to)).toEqual(each(1_517_360_000 / MS_PER_DAY));
  });
});
