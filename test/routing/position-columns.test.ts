/** The ends of many positions as columns are those of each position alone. */
import { expect, it } from 'vitest';
import { endColumns } from '../../engine/routing/kernels/query-ends.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { entryColumns, exitColumns } from '../../engine/routing/position-columns.ts';
import { entriesOf, exitsOf } from '../../engine/routing/position-ends.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

it('columns hold the exits and entries of each position, in their order (seeds 1 to 60)', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const graph = withRandomRestrictions(await randomGraph(seed, 10 + seed), seed, seed % 20);
    const random = testStream(seed);
    const times = Uint32Array.from({ length: graph.nArcs }, () =>
      random.below(8) === 0 ? UNREACHED_MS : random.below(9) * 1000,
    );
    const metric = createMetric(graph, times, { name: 'odd', obeys: (restriction) => restriction % 3 > 0 });
    const positions = randomPositions(graph, seed, 40);
    const plain = (ends: ReturnType<typeof endColumns>) =>
      [ends.first, ends.state, ends.timeMs].map((c) => [...c]);
    expect(plain(exitColumns(metric, positions)), `seed ${seed}`).toEqual(
      plain(endColumns(positions.map((position) => exitsOf(metric, position)))),
    );
    expect(plain(entryColumns(metric, positions)), `seed ${seed}`).toEqual(
      plain(endColumns(positions.map((position) => entriesOf(metric, position)))),
    );
  }
});
