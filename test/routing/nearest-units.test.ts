/** The nearest of units that move: always those that the times of all units name, whoever is busy and wherever they stand. */
import { describe, expect, it } from 'vitest';
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import { createLabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { scratchBytes } from '../../engine/routing/kernels/query-scratch.ts';
import { LabelQuery } from '../../engine/routing/kernels/query.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { NearestUnits } from '../../engine/routing/nearest-units.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

function unitsOn(metric: Metric, capacity: number, searchUpToStates: number): NearestUnits {
  const h = new Hierarchies().of(metric.network);
  const options = { threads: 1, scratchBytes: scratchBytes(h), withLabels: true };
  const space = createLabelSpace(h, metric.network, options);
  if ('refused' in space) throw new Error(space.refused);
  createLabelBuilder(space).build(metric.networkTimeMs);
  return new NearestUnits(metric, space, new LabelQuery(space, { thread: 0 }), capacity, {
    searchUpToStates,
  });
}

describe('the nearest units', () => {
  it('are those that the times of all units name, in that order, while they move and get busy (seeds 1 to 60)', async () => {
    let asked = 0;
    let timed = 0;
    let searched = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 30 + seed), seed, seed % 9);
      const random = testStream(seed);
      const times = Uint32Array.from({ length: graph.nArcs }, () => {
        const kind = random.below(12);
        return kind === 0 ? 0 : kind === 1 ? UNREACHED_MS : 1000 * (1 + random.below(20));
      });
      const metric = createMetric(graph, times, { name: 'odd', obeys: () => true });
      const reference = createRouter(metric);
      const nUnits = 40;
      // always the bounds; the search, which gives up soon or late; as it is used
      const units = unitsOn(metric, nUnits, [0, 2, 10, 80][seed % 4]);
      const position: (RoadPosition | null)[] = Array.from({ length: nUnits }, () => null);
      for (let step = 0; step < 25; step++) {
        randomPositions(graph, 1000 * seed + step, 12).forEach((place) => {
          const unit = random.below(nUnits);
          const isFree = random.below(4) > 0;
          position[unit] = isFree ? place : null;
          if (!isFree) units.remove(unit);
          else if (units.segmentOf(unit) !== place.segment) units.put(unit, place.segment);
        });
        const free = position.flatMap((place, unit) => (place === null ? [] : [unit]));
        expect(units.size).toBe(free.length);
        const [to] = randomPositions(graph, 5000 + 1000 * seed + step, 1);
        const timesMs = reference.timesTo(free.map((unit) => position[unit]!), to); // prettier-ignore
        const all = free
          .map((unit, i) => ({ unit, travelTimeMs: timesMs[i] }))
          .filter(({ travelTimeMs }) => travelTimeMs !== UNREACHED_MS)
          .sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit);
        for (const count of [1, 3]) {
          const found = units.nearest(to, count, (unit) => position[unit]!);
          expect(found, `seed ${seed} step ${step}\n${printGraph(graph)}`).toEqual(all.slice(0, count));
        }
        if (seed % 4 === 0) asked += 2 * free.length;
      }
      if (seed % 4 === 0) timed += units.unitsTimed;
      if (seed % 4 === 3) searched += units.search.nSettled;
    }
    // the bounds spare most units the exact look
    expect(timed).toBeLessThan(0.9 * asked);
    expect(searched).toBeGreaterThan(1000);
  });
});
