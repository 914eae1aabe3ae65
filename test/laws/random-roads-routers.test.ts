/**
 * Every router on random networks: the times of the reference to the millisecond, the same drives step by step, drives that
 * re-add and break no restriction; and the reference itself by
 * certificates and by a search over histories.
 */
import { describe, expect, it } from 'vitest';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { entriesOf, exitsOf } from '../../engine/routing/position-ends.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { routerContenders, routersOf, timesOfSearch } from '../support/contenders.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { faultOfDrive, faultOfTimes, RuleBook } from '../support/drive-checks.ts';
import { timesByHistory } from '../support/history-oracle.ts';
import { crowdedJunction, randomPositionsOn } from '../support/random-plan.ts';
import { testStream } from '../support/random-city.ts';
import { graphOf, metricOf, type RoadPlan } from '../support/road-plan.ts';
import { checkSwarm, must } from '../support/swarm.ts';

const GRAPHS = { first: 1, count: count(2_000, 20_000) };
const FROM = count(20, 25);
const TO = count(10, 20);
/** Sources whose times are found a second time, by histories. */
const ORACLE_ROWS = 4;

describe(`${GRAPHS.count} random networks x ${FROM * TO} queries (seeds from ${GRAPHS.first})`, () => {
  it(
    'every router gives the times and the drives of the reference, and those can be driven',
    async ({ annotate }) => {
      const tally = { pairs: 0, unreached: 0, longer: 0, cutOff: 0, steps: 0 };
      checkSwarm(GRAPHS, (plan, seed) => check(plan, seed, tally));
      await annotate(JSON.stringify(tally));
      expect(tally.pairs).toBe(GRAPHS.count * FROM * TO);
      // neither all nor nothing is reached, drives are more than a street, restrictions matter
      expect(tally.unreached).toBeGreaterThan(0.1 * tally.pairs);
      expect(tally.unreached).toBeLessThan(0.9 * tally.pairs);
      expect(tally.steps).toBeGreaterThan(2 * (tally.pairs - tally.unreached));
      expect(tally.longer).toBeGreaterThan(0.01 * tally.pairs);
      expect(tally.cutOff).toBeGreaterThan(0.01 * tally.pairs);
    },
    TIMEOUT_MS,
  );

  it('also over nine thousand streets in a row, more than kernels walk back at a time', () => {
    const n = 9_000;
    const chain: RoadPlan = {
      nodes: Array.from({ length: n + 1 }, (_, i) => [1000 * i, 7 * (i % 11)]),
      streets: Array.from({ length: n }, (_, i) => [i, i + 1, 1000, 1 + (i % 3), i % 5 === 0 ? null : 2]),
      restrictions: [],
      turnRules: false,
    };
    const metric = metricOf(chain);
    const [from, to] = [
      { segment: 3, offsetMm: 500 },
      { segment: n - 1, offsetMm: 1 },
    ];
    const timeMs = timesByHistory(metric.network.graph, metric.arcTimeMs, new RuleBook([]), from, [to])[0];
    for (const router of Object.values(routersOf(metric))) {
      const route = router.route(from, to);
      expect(route!.steps).toHaveLength(n - 3);
      expect(router.timeMs(from, to)).toBe(timeMs);
      const fault = faultOfDrive(metric.network.graph, metric.arcTimeMs, new RuleBook([]), {
        from,
        to,
        timeMs,
        route,
      });
      expect(fault).toBeNull();
      expect(router.route(to, from)).toBeNull();
    }
  });

  it('also around a junction that is entered in a hundred ways, each with a turn of its own forbidden', () => {
    const square = crowdedJunction(100);
    const { network } = metricOf(square);
    expect(network.nStates).toBe(201);
    const tally = { pairs: 0, unreached: 0, longer: 0, cutOff: 0, steps: 0 };
    for (let seed = 1; seed <= 6; seed++) check(square, seed, tally);
    expect(tally.longer).toBeGreaterThan(5);
  });
});

function check(
  plan: RoadPlan,
  seed: number,
  tally: { pairs: number; unreached: number; longer: number; cutOff: number; steps: number },
): void {
  const graph = graphOf(plan);
  const metric = metricOf(plan, graph);
  const random = testStream(seed);
  const from = randomPositionsOn(graph, random, FROM);
  const to = randomPositionsOn(graph, random, TO);
  const place = (i: number): string => JSON.stringify([from[Math.floor(i / TO)], to[i % TO]]);

  const routers = routersOf(metric, new Hierarchies());
  const [reference, ...others] = Object.values(routers);
  const expected = reference.matrix(from, to);
  for (const [name, router] of Object.entries(routers)) {
    for (const contender of routerContenders(name, router)) {
      const found = contender.matrix(from, to);
      found.forEach((timeMs, i) =>
        must(
          timeMs === expected[i],
          () => `${contender.name}: ${timeMs}, not ${expected[i]}, for ${place(i)}`,
        ),
      );
    }
    // a limit is met to the millisecond
    const limitMs = expected[random.below(expected.length)];
    const found = router.matrix(from, to, limitMs);
    found.forEach((timeMs, i) => {
      const within = expected[i] <= limitMs ? expected[i] : UNREACHED_MS;
      must(timeMs === within, () => `${name}: ${timeMs}, not ${within}, within ${limitMs} for ${place(i)}`);
    });
  }

  const rules = new RuleBook(
    graph.restrictions.filter((_, i) => plan.turnRules && plan.restrictions[i].obeyed),
  );
  for (let i = 0; i < ORACLE_ROWS; i++) {
    timesByHistory(graph, metric.arcTimeMs, rules, from[i], to).forEach((timeMs, j) => {
      const found = expected[i * TO + j];
      must(found === timeMs, () => `reference: ${found}, by history ${timeMs}, for ${place(i * TO + j)}`);
    });
  }
  const free = createRouter(createMetric(graph, metric.arcTimeMs, { name: 'free' })).matrix(from, to);
  expected.forEach((timeMs, i) => {
    const [a, b] = [from[Math.floor(i / TO)], to[i % TO]];
    const route = reference.route(a, b);
    const fault = faultOfDrive(graph, metric.arcTimeMs, rules, { from: a, to: b, timeMs, route });
    must(fault === null, () => `${fault} for ${place(i)}: ${JSON.stringify(route)}`);
    const text = JSON.stringify(route);
    for (const router of others) {
      const other = JSON.stringify(router.route(a, b));
      must(other === text, () => `drives differ for ${place(i)}: ${text} and ${other}`);
    }
    must(free[i] <= timeMs, () => `rules make a drive faster: ${free[i]} and ${timeMs} for ${place(i)}`);
    tally.pairs++;
    tally.steps += route?.steps.length ?? 0;
    if (timeMs === UNREACHED_MS) tally.unreached++;
    if (free[i] < timeMs) tally[timeMs === UNREACHED_MS ? 'cutOff' : 'longer']++;
  });

  const search = new DijkstraSearch(metric);
  for (const direction of ['out', 'in'] as const) {
    const seeds = direction === 'out' ? exitsOf(metric, from[0]) : entriesOf(metric, to[0]);
    const times = timesOfSearch(search, direction, seeds, metric);
    const fault = faultOfTimes(metric, seeds, direction, times);
    must(fault === null, () => `search ${direction} from ${JSON.stringify(seeds)}: ${fault}`);
  }
}
