/**
 * Every kernel on random networks, asked in every way it can be asked: the times of the reference to the millisecond; the
 * same bytes from TypeScript and WebAssembly; and all of it again after closures and new times, updated or built anew.
 */
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import type { Positions } from '../../engine/routing/router.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import {
  type Contender,
  differenceOf,
  kernelContenders,
  searchContenders,
  spacesOf,
} from '../support/contenders.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { testStream } from '../support/random-city.ts';
import { randomPositionsOn } from '../support/random-plan.ts';
import { graphOf, metricOf, type RoadPlan } from '../support/road-plan.ts';
import { checkSwarm, must } from '../support/swarm.ts';

const GRAPHS = { first: 1, count: count(2_000, 20_000) };
const FROM = count(20, 25);
const TO = count(10, 20);
/** Changes of a network's times, each on top of those before. */
const ROUNDS = 3;

describe(`${GRAPHS.count} random networks x ${FROM * TO} queries (seeds from ${GRAPHS.first})`, () => {
  it(
    'every kernel gives the times of the reference, also after closures and new times',
    () => {
      const tally = { pairs: 0, unreached: 0, changed: 0, partial: 0, full: 0, contenders: 0 };
      checkSwarm(GRAPHS, (plan, seed) => check(plan, seed, tally));
      expect(tally.pairs).toBe(GRAPHS.count * FROM * TO);
      expect(tally.unreached).toBeGreaterThan(0.1 * tally.pairs);
      expect(tally.unreached).toBeLessThan(0.9 * tally.pairs);
      // changes change answers, some touch little and some everything
      expect(tally.changed).toBeGreaterThan(0.1 * ROUNDS * tally.pairs);
      expect(tally.partial).toBeGreaterThan(0.1 * ROUNDS * GRAPHS.count);
      expect(tally.full).toBeGreaterThan(0.01 * ROUNDS * GRAPHS.count);
    },
    TIMEOUT_MS,
  );
});

interface Tally {
  pairs: number;
  unreached: number;
  /** Pairs whose time a change changed; updates of some places, and of all. */
  changed: number;
  partial: number;
  full: number;
  contenders: number;
}

function check(plan: RoadPlan, seed: number, tally: Tally): void {
  const graph = graphOf(plan);
  let metric = metricOf(plan, graph);
  const random = testStream(seed);
  const from = randomPositionsOn(graph, random, FROM);
  const to = randomPositionsOn(graph, random, TO);
  const hierarchies = new Hierarchies();
  const spaces = spacesOf(metric, hierarchies)!;
  const compareSpaces = (when: string): void => {
    const difference = differenceOf(spaces[0].space, spaces[1].space);
    must(difference === null, () => `labels of both kernels differ ${when}: ${difference}`);
  };
  let expected = createRouter(metric).matrix(from, to);
  const compare = (contenders: Contender[], when: string): void => {
    for (const contender of contenders) {
      agree(`${contender.name} ${when}`, contender.matrix(from, to), expected, from, to);
    }
    tally.contenders += contenders.length;
  };
  compareSpaces('when built');
  const contenders = [
    ...searchContenders(metric),
    ...spaces.flatMap((s) => kernelContenders(metric, s, hierarchies)),
  ];
  compare(contenders, 'at first');
  tally.pairs += expected.length;
  for (const timeMs of expected) if (timeMs === UNREACHED_MS) tally.unreached++;

  const [fresh] = spacesOf(metric, hierarchies, ['wasm'])!;
  for (let round = 0; round < ROUNDS; round++) {
    const before = metric;
    const expectedBefore = expected;
    metric = changed(plan, metric, random);
    const arcs = [...metric.networkTimeMs.keys()].filter(
      (arc) => metric.networkTimeMs[arc] !== before.networkTimeMs[arc],
    );
    const times = arcs.map((arc) => metric.networkTimeMs[arc]);
    const when = `after change ${round} of arcs ${arcs.join()} to ${times.join()}`;
    for (const { builder, kind } of spaces) {
      const work = builder.update(arcs, times);
      must(work.isExact, () => `${kind}: no exact labels ${when}`);
      if (kind === 'wasm') continue;
      if (work.nLabelled === metric.network.nStates) tally.full++;
      else tally.partial++;
    }
    compareSpaces(when);
    fresh.builder.build(metric.networkTimeMs);
    const difference = differenceOf(spaces[0].space, fresh.space);
    must(difference === null, () => `update and build differ ${when}: ${difference}`);
    expected = createRouter(metric).matrix(from, to);
    // labels are the same bytes as fresh ones by now, and all kernels were right on those: a few of them will do
    const others = kernelContenders(metric, spaces[round % 2], hierarchies);
    compare(
      [0, 1, 2].map(() => others[random.below(others.length)]),
      when,
    );
    expected.forEach((timeMs, i) => (tally.changed += timeMs === expectedBefore[i] ? 0 : 1));
  }
}

/** Some road arcs with other times: closed, opened, slowed, at no cost; seldom all of them. */
function changed({ restrictions, turnRules }: RoadPlan, metric: Metric, random: RandomStream): Metric {
  const arcTimeMs = metric.arcTimeMs.slice();
  const share = [0, 0, 0.1, 1][random.below(4)];
  const one = random.below(arcTimeMs.length);
  for (let arc = 0; arc < arcTimeMs.length; arc++) {
    if (arc !== one && random.uniform() >= share) continue;
    const kind = random.below(4);
    arcTimeMs[arc] = kind === 0 ? UNREACHED_MS : kind === 1 ? 0 : random.below(100_000);
  }
  return createMetric(metric.network.graph, arcTimeMs, {
    name: metric.name,
    ...(turnRules ? { obeys: (r: number) => restrictions[r].obeyed } : {}),
  });
}

function agree(
  name: string,
  found: Uint32Array,
  expected: Uint32Array,
  from: Positions,
  to: Positions,
): void {
  for (let i = 0; i < expected.length; i++) {
    must(found[i] === expected[i], () => {
      const pair = [from[Math.floor(i / to.length)], to[i % to.length]];
      return `${name}: ${found[i]}, not ${expected[i]}, for ${JSON.stringify(pair)}`;
    });
  }
}
