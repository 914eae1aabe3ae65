/**
 * Every kernel on random networks, asked in every way it can be asked: the times of the reference to the millisecond; the
 * same bytes from TypeScript and WebAssembly; and all of it again after closures and new times, updated or built anew.
 */
import { describe, expect, it } from 'vitest';
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { LabelQuery } from '../../engine/routing/kernels/query.ts';
import { LABEL_UNREACHED } from '../../engine/routing/labels.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { NearestUnits } from '../../engine/routing/nearest-units.ts';
import type { Positions } from '../../engine/routing/router.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import {
  type Contender,
  differenceOf,
  kernelContenders,
  searchContenders,
  type Spaces,
  spacesOf,
} from '../support/contenders.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { testStream } from '../support/random-city.ts';
import { crowdedJunction, randomPositionsOn } from '../support/random-plan.ts';
import { graphOf, metricOf, type RoadPlan } from '../support/road-plan.ts';
import { checkSwarm, must } from '../support/swarm.ts';

const GRAPHS = { first: 1, count: count(2_000, 20_000) };
const FROM = count(20, 25);
const TO = count(10, 20);
/** Changes of a network's times, each on top of those before. */
const ROUNDS = 3;
/** More than are all timed without a question. */
const UNITS = 40;

describe(`${GRAPHS.count} random networks x ${FROM * TO} queries (seeds from ${GRAPHS.first})`, () => {
  it(
    'every kernel gives the times of the reference, also after closures and new times',
    async ({ annotate }) => {
      const tally = { pairs: 0, unreached: 0, tooLong: 0, changed: 0, partial: 0, full: 0, nearest: 0 };
      checkSwarm(GRAPHS, (plan, seed) => check(plan, seed, tally));
      await annotate(JSON.stringify(tally));
      expect(tally.pairs).toBe(GRAPHS.count * FROM * TO);
      expect(tally.unreached).toBeGreaterThan(0.1 * tally.pairs);
      expect(tally.unreached).toBeLessThan(0.9 * tally.pairs);
      // changes change answers, some touch little and some everything; units are found
      expect(tally.changed).toBeGreaterThan(0.1 * ROUNDS * tally.pairs);
      expect(tally.partial).toBeGreaterThan(0.1 * ROUNDS * GRAPHS.count);
      expect(tally.full).toBeGreaterThan(0.01 * ROUNDS * GRAPHS.count);
      expect(tally.nearest).toBeGreaterThan(3 * GRAPHS.count);
      // nearly all networks have labels
      expect(tally.tooLong).toBeLessThan(0.05 * GRAPHS.count);
    },
    TIMEOUT_MS,
  );

  it('the nearest units are found also around a junction of more states than kernels gather', () => {
    const tally = { nearest: 0 };
    const metric = metricOf(crowdedJunction(100));
    const [space] = spacesOf(metric)!;
    for (let seed = 1; seed <= 20; seed++) checkNearest(metric, space, testStream(seed), tally);
    expect(tally.nearest).toBeGreaterThan(80);
  });
});

interface Tally {
  pairs: number;
  unreached: number;
  /** Networks whose ways take too many days for labels. */
  tooLong: number;
  /** Pairs whose time a change changed; updates of some places, and of all. */
  changed: number;
  partial: number;
  full: number;
  /** Units found as the nearest. */
  nearest: number;
}

function check(plan: RoadPlan, seed: number, tally: Tally): void {
  const graph = graphOf(plan);
  const metric = metricOf(plan, graph);
  const random = testStream(seed);
  const from = randomPositionsOn(graph, random, FROM);
  const to = randomPositionsOn(graph, random, TO);
  const hierarchies = new Hierarchies();
  const expected = createRouter(metric).matrix(from, to);
  tally.pairs += expected.length;
  for (const timeMs of expected) if (timeMs === UNREACHED_MS) tally.unreached++;
  for (const contender of searchContenders(metric)) agree(contender, from, to, expected);
  const spaces = spacesOf(metric, hierarchies);
  if (spaces === null) {
    tally.tooLong++;
    return;
  }
  sameLabels('both kernels build', spaces[0], spaces[1]);
  for (const space of spaces) {
    for (const contender of kernelContenders(metric, space, hierarchies))
      agree(contender, from, to, expected);
  }
  // sweeps take 16 at a time, along the shorter side
  if (seed % 10 === 0) {
    const many = randomPositionsOn(graph, random, 35);
    const fewer = many.slice(0, 18);
    for (const [a, b] of [
      [many, fewer],
      [fewer, many],
    ]) {
      const wanted = createRouter(metric).matrix(a, b);
      for (const space of spaces) {
        for (const contender of kernelContenders(metric, space, hierarchies)) agree(contender, a, b, wanted);
      }
    }
  }
  checkNearest(metric, spaces[seed % 2], random, tally);

  const [fresh] = spacesOf(metric, hierarchies, ['wasm'])!;
  let now = metric;
  let expectedNow = expected;
  for (let round = 0; round < ROUNDS; round++) {
    const before = now;
    now = changed(plan, before, random);
    const arcs = [...now.networkTimeMs.keys()].filter(
      (arc) => now.networkTimeMs[arc] !== before.networkTimeMs[arc],
    );
    const times = arcs.map((arc) => now.networkTimeMs[arc]);
    const when = `after change ${round}, of arcs ${arcs.join()} to ${times.join()}`;
    const works = spaces.map(({ builder }) => builder.update(arcs, times));
    must(JSON.stringify(works[0]) === JSON.stringify(works[1]), () => `kernels did other work ${when}`);
    const isExact = fresh.builder.build(now.networkTimeMs);
    must(works[0].isExact === isExact, () => `an update is ${isExact ? 'not exact' : 'exact'} ${when}`);
    if (!isExact) return; // closures made for ways of days
    tally[works[0].nLabelled === now.network.nStates ? 'full' : 'partial']++;
    sameLabels(`both kernels update ${when}`, spaces[0], spaces[1]);
    sameLabels(`update and build ${when}`, spaces[0], fresh);
    const expectedBefore = expectedNow;
    expectedNow = createRouter(now).matrix(from, to);
    // labels are the same bytes as fresh ones by now, and all kernels were right on those: a few of them will do
    const contenders = kernelContenders(now, spaces[round % 2], hierarchies);
    for (let i = 0; i < 3; i++) {
      agree(contenders[random.below(contenders.length)], from, to, expectedNow, when);
    }
    expectedNow.forEach((timeMs, i) => (tally.changed += timeMs === expectedBefore[i] ? 0 : 1));
  }
}

/** The nearest of units that move and get busy are those that the times of all name. */
function checkNearest(
  metric: Metric,
  { space, kind }: Spaces,
  random: RandomStream,
  tally: Pick<Tally, 'nearest'>,
): void {
  const { graph } = metric.network;
  const reference = createRouter(metric);
  const query = new LabelQuery(space, { thread: 0, kind });
  const searchUpToStates = [0, 5, 80][random.below(3)];
  const units = new NearestUnits(metric, space, query, UNITS, { searchUpToStates });
  const position: (RoadPosition | null)[] = Array.from({ length: UNITS }, () => null);
  for (let step = 0; step < 4; step++) {
    for (const place of randomPositionsOn(graph, random, step === 0 ? UNITS : 8)) {
      const unit = random.below(UNITS);
      const isFree = random.below(4) > 0;
      position[unit] = isFree ? place : null;
      if (!isFree) units.remove(unit);
      else if (units.segmentOf(unit) !== place.segment) units.put(unit, place.segment);
    }
    const [at] = randomPositionsOn(graph, random, 1);
    const free = position.flatMap((place, unit) => (place === null ? [] : [{ unit, place }]));
    const timesMs = reference.timesTo(
      free.map(({ place }) => place),
      at,
    );
    if (timesMs.some((timeMs) => timeMs >= LABEL_UNREACHED && timeMs < UNREACHED_MS)) return;
    const all = free
      .map(({ unit }, i) => ({ unit, travelTimeMs: timesMs[i] }))
      .filter(({ travelTimeMs }) => travelTimeMs !== UNREACHED_MS)
      .sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit);
    const count = 1 + random.below(3);
    const found = JSON.stringify(units.nearest(at, count, (unit) => position[unit]!));
    const wanted = JSON.stringify(all.slice(0, count));
    must(
      found === wanted,
      () => `nearest of ${JSON.stringify(free)} to ${JSON.stringify(at)}: ${found}, not ${wanted}`,
    );
    tally.nearest += Math.min(count, all.length);
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

function sameLabels(what: string, a: Spaces, b: Spaces): void {
  const difference = differenceOf(a.space, b.space);
  must(difference === null, () => `labels differ, ${what}: ${difference}`);
}

function agree(contender: Contender, from: Positions, to: Positions, expected: Uint32Array, when = ''): void {
  const found = contender.matrix(from, to);
  for (let i = 0; i < expected.length; i++) {
    // kernels take a drive of twelve days for none: routers know
    if (found[i] === UNREACHED_MS && expected[i] >= LABEL_UNREACHED) continue;
    must(found[i] === expected[i], () => {
      const pair = [from[Math.floor(i / to.length)], to[i % to.length]];
      return `${contender.name}: ${found[i]}, not ${expected[i]}, for ${JSON.stringify(pair)} ${when}`;
    });
  }
}
