/** Roads closed, opened and slowed one after the other: every router of the changed metric answers as one made from nothing. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { updateMetric } from '../../engine/routing/update-metric.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

const firstUnderRules = (restriction: number): boolean => restriction % 2 === 0;

async function town(seed: number): Promise<Metric> {
  const graph = withRandomRestrictions(await randomGraph(seed, 30 + (seed % 40)), seed, 8);
  const random = testStream(seed);
  const times = Uint32Array.from({ length: graph.nArcs }, () => random.below(30) * 1000);
  return createMetric(graph, times, { name: 'town', obeys: firstUnderRules });
}

describe('a metric whose roads change', () => {
  it('answers as one made from the new times, by labels, hierarchy and searches alike (seeds 1 to 40)', async () => {
    let changes = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const metric = await town(seed);
      const { graph } = metric.network;
      const [labelled] = withLabels([metric]);
      const [customised] = withLabels([await town(seed)], { maxBytes: 0 });
      const plain = await town(seed);
      const all = [labelled, customised, plain];
      expect(all.map((m) => [m.labels !== undefined, m.customised !== undefined])).toEqual([
        [true, false],
        [false, true],
        [false, false],
      ]);
      const random = testStream(500 + seed);
      for (let step = 0; step < 6; step++) {
        const arcs = Array.from({ length: 1 + random.below(4) }, () => random.below(graph.nArcs));
        const timesMs = arcs.map(() => (random.below(3) === 0 ? UNREACHED_MS : random.below(40) * 1000));
        for (const m of all) {
          const work = updateMetric(m, arcs, timesMs);
          expect(work !== null).toBe(m.labels !== undefined);
        }
        const fresh = createMetric(graph, plain.arcTimeMs, { name: 'fresh', obeys: firstUnderRules });
        const place = `seed ${seed} step ${step}\n${printGraph(graph)}`;
        const positions = randomPositions(graph, 10 * seed + step, 7);
        const reference = createRouter(fresh);
        const expected = reference.matrix(positions, positions);
        for (const m of all) {
          expect(m.networkTimeMs, place).toEqual(fresh.networkTimeMs);
          const router = fastestRouter(m);
          expect(router.matrix(positions, positions), place).toEqual(expected);
          expect(router.route(positions[0], positions[1]), place).toEqual(
            reference.route(positions[0], positions[1]),
          );
          expect(router.timesTo(positions, positions[2], 9000), place).toEqual(
            reference.timesTo(positions, positions[2], 9000),
          );
          expect(router.reachTo(positions[3], 5000), place).toEqual(reference.reachTo(positions[3], 5000));
        }
        changes++;
      }
    }
    expect(changes).toBe(240);
  });

  it('refuses times that no road takes, naming the ways, and keeps the old ones', async () => {
    const metric = await town(3);
    const before = metric.arcTimeMs.slice();
    const bad = (timesMs: number[]) => () =>
      updateMetric(metric, [0, 1, 2].slice(0, timesMs.length), timesMs);
    expect(bad([1000, -5, 2.5])).toThrow(InputError);
    const { arcSegment, segmentOsmWayId } = metric.network.graph;
    const way = (arc: number): string => `way ${segmentOsmWayId[arcSegment[arc]]}`;
    expect(bad([1000, -5, 2.5])).toThrow(
      new RegExp(`${way(1)}: a travel time of -5 ms.*\n.*${way(2)}: a travel time of 2.5 ms`),
    );
    expect(bad([NaN])).toThrow('a travel time of NaN ms; whole milliseconds from 0 on are allowed');
    expect(bad([2 ** 31])).toThrow('too long to drive');
    expect(metric.arcTimeMs).toEqual(before);
    expect(() =>
      createMetric(metric.network.graph, before.map(() => 0).fill(7, 0, 1), { name: 'x' }),
    ).not.toThrow();
  });

  it('goes back to plain searches when a way takes days, because labels could not tell it from none', async () => {
    const [metric] = withLabels([await town(8)]);
    const { graph } = metric.network;
    const day = 86_400_000;
    const arcs = Array.from({ length: graph.nArcs }, (_, arc) => arc);
    const shortEnough = arcs.filter(
      (arc) => graph.segmentLengthMm[graph.arcSegment[arc]] < 2 ** 53 / (8 * day),
    );
    const work = updateMetric(metric, shortEnough, shortEnough.map(() => 8 * day)); // prettier-ignore
    expect(work!.isExact).toBe(false);
    expect(metric.labels).toBeUndefined();
    const positions = randomPositions(graph, 4, 8);
    expect(fastestRouter(metric).matrix(positions, positions)).toEqual(
      createRouter(metric).matrix(positions, positions),
    );
  });
});
