/**
 * Metrics in use that get new times, on random networks: closures, openings, slow streets, several at a time. After each
 * change every router made anew equals one of a metric that never had other times; other metrics stay as they were.
 */
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { openLabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import type { Positions } from '../../engine/routing/router.ts';
import { updateMetric } from '../../engine/routing/update-metric.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { testStream } from '../support/random-city.ts';
import { randomPositionsOn } from '../support/random-plan.ts';
import { graphOf, metricOf, timesOf, type RoadPlan } from '../support/road-plan.ts';
import { checkSwarm, must } from '../support/swarm.ts';

const GRAPHS = { first: 60_001, count: count(300, 20_000) };
const CHANGES = 4;
const PLACES = 8;

describe(`${GRAPHS.count} random networks with ${CHANGES} changes each (seeds from ${GRAPHS.first})`, () => {
  it(
    'routers of a changed metric are those of a new one, and another metric of equal times is untouched',
    async ({ annotate }) => {
      const tally = { pairs: 0, changed: 0, unreached: 0 };
      checkSwarm(GRAPHS, (plan, seed) => check(plan, seed, tally));
      await annotate(JSON.stringify(tally));
      expect(tally.changed).toBeGreaterThan(0.1 * tally.pairs);
      expect(tally.unreached).toBeGreaterThan(0.1 * tally.pairs);
      expect(tally.unreached).toBeLessThan(0.9 * tally.pairs);
    },
    TIMEOUT_MS,
  );
});

function check(
  plan: RoadPlan,
  seed: number,
  tally: { pairs: number; changed: number; unreached: number },
): void {
  const graph = graphOf(plan);
  const random = testStream(seed);
  const at = randomPositionsOn(graph, random, PLACES);
  const hierarchies = new Hierarchies();
  const original = (): Metric => metricOf(plan, graph);
  // of equal times: they may share what was built for them
  const [labelled, bystander] = withLabels([original(), original()], { hierarchies });
  const [customised, otherBystander] = withLabels([original(), original()], { hierarchies, maxBytes: 0 });
  const changing: Record<string, Metric> = {
    plain: original(),
    labelled,
    customised,
    'with labels that came by post': posted(withLabels([original()], { hierarchies })[0]),
  };
  const before = createRouter(original()).matrix(at, at);
  const untouched = (): void => {
    for (const metric of [bystander, otherBystander]) {
      agree(`a metric that nobody changed`, metric, before, at);
    }
  };
  untouched();
  const times = timesOf(plan, graph);
  let last = before;
  for (let change = 0; change < CHANGES; change++) {
    const arcs = Array.from({ length: 1 + random.below(3) }, () => random.below(graph.nArcs));
    const timesMs = arcs.map(() => [UNREACHED_MS, 0, random.below(100_000)][random.below(3)]);
    arcs.forEach((arc, i) => (times[arc] = timesMs[i]));
    const expected = createRouter(
      createMetric(graph, times, {
        name: 'new',
        ...(plan.turnRules ? { obeys: (r: number) => plan.restrictions[r].obeyed } : {}),
      }),
    ).matrix(at, at);
    for (const [name, metric] of Object.entries(changing)) {
      updateMetric(metric, arcs, timesMs);
      agree(`${name}, change ${change} of arcs ${arcs.join()} to ${timesMs.join()}`, metric, expected, at);
    }
    untouched();
    tally.pairs += expected.length;
    expected.forEach((timeMs, i) => {
      if (timeMs !== last[i]) tally.changed++;
      if (timeMs === UNREACHED_MS) tally.unreached++;
    });
    last = expected;
  }
}

/** The metric as another thread has it where memory is not shared: its labels are a copy in a plain buffer. */
function posted(metric: Metric): Metric {
  if (metric.labels === undefined) return metric;
  const { words } = metric.labels;
  const copy = new ArrayBuffer(words.byteLength);
  new Int32Array(copy).set(words);
  return { ...metric, labels: openLabelSpace(copy) };
}

function agree(name: string, metric: Metric, expected: Uint32Array, at: Positions): void {
  const found = fastestRouter(metric).matrix(at, at);
  for (let i = 0; i < expected.length; i++) {
    must(found[i] === expected[i], () => {
      const pair = [at[Math.floor(i / at.length)], at[i % at.length]];
      return `${name}: ${found[i]}, not ${expected[i]}, for ${JSON.stringify(pair)}`;
    });
  }
}
