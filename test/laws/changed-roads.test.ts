/**
 * Laws of how answers change with the roads, on random networks with turn restrictions: reversed, renumbered, slowed, with a
 * street or a restriction more; and how reach grows with time. No oracle: each compares the engine with itself.
 */
import { describe, expect, it } from 'vitest';
import type { EdgeInterval, RoadPosition } from '../../engine/graph/road-graph.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { ReachQuery } from '../../engine/routing/reach-query.ts';
import type { Router } from '../../engine/routing/router.ts';
import { MS_PER_HOUR, UNREACHED_MS } from '../../engine/units.ts';
import { routersOf } from '../support/contenders.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import {
  exact,
  exactPositions,
  renumbered,
  reversed,
  slowed,
  withStreet,
  withTimesBelow,
} from '../support/plan-changes.ts';
import { testStream } from '../support/random-city.ts';
import { randomPlan, randomPositionsOn } from '../support/random-plan.ts';
import { graphOf, metricOf, type RoadPlan } from '../support/road-plan.ts';
import { checkSwarm, must } from '../support/swarm.ts';

/** Times stay below the limits when they are multiplied. */
const planOf = (seed: number): RoadPlan => withTimesBelow(randomPlan(seed), MS_PER_HOUR);

const GRAPHS = { first: 30_001, count: count(300, 20_000) };
const PLACES = 10;

/** The fastest router of a plan; every other seed the reference. */
function routerOf(plan: RoadPlan, seed: number): Router {
  const [reference, fastest] = Object.values(routersOf(metricOf(plan), new Hierarchies()));
  return seed % 2 === 0 ? reference : fastest;
}

const pairText = (at: readonly RoadPosition[], i: number): string =>
  JSON.stringify([at[Math.floor(i / at.length)], at[i % at.length]]);

/** Says that times of pairs of positions follow a law, and counts the times that are some. */
function eachTime(
  at: readonly RoadPosition[],
  tally: { reached: number; unreached: number },
  times: Uint32Array,
  fault: (timeMs: number, i: number) => string | null,
): void {
  times.forEach((timeMs, i) => {
    if (timeMs === UNREACHED_MS) tally.unreached++;
    else tally.reached++;
    const found = fault(timeMs, i);
    must(found === null, () => `${found} for ${pairText(at, i)}`);
  });
}

const expected = (found: number, wanted: number): string | null =>
  found === wanted ? null : `${found}, not ${wanted}`;

function law(name: string, check: (plan: RoadPlan, seed: number, tally: Tally) => void): void {
  it(
    name,
    async ({ annotate }) => {
      const tally = { reached: 0, unreached: 0, changed: 0 };
      checkSwarm(GRAPHS, (plan, seed) => check(plan, seed, tally), planOf);
      await annotate(JSON.stringify(tally));
      expect(tally.reached).toBeGreaterThan(0.1 * (tally.reached + tally.unreached));
      expect(tally.unreached).toBeGreaterThan(0.1 * (tally.reached + tally.unreached));
      expect(tally.changed).toBeGreaterThan(0.01 * (tally.reached + tally.unreached));
    },
    TIMEOUT_MS,
  );
}

interface Tally {
  reached: number;
  unreached: number;
  /** Answers that the change could have changed, or did. */
  changed: number;
}

describe(`travel times on ${GRAPHS.count} random networks (seeds from ${GRAPHS.first})`, () => {
  law('from a to b are those from b to a with all streets and restrictions reversed', (plan, seed, tally) => {
    const roads = exact(plan);
    const at = exactPositions(roads, testStream(seed), PLACES);
    const there = routerOf(roads, seed).matrix(at, at);
    const back = routerOf(reversed(roads), seed + 1).matrix(at, at);
    eachTime(at, tally, there, (timeMs, i) => {
      const transposed = (i % PLACES) * PLACES + Math.floor(i / PLACES);
      if (timeMs !== there[transposed]) tally.changed++;
      return expected(back[transposed], timeMs);
    });
  });

  law('double where all times double, and drives stay', (plan, seed, tally) => {
    const roads = exact(plan);
    const at = exactPositions(roads, testStream(seed), PLACES);
    const [calm, slow] = [routerOf(roads, seed), routerOf(slowed(roads, 2), seed + 1)];
    const twice = slow.matrix(at, at);
    eachTime(at, tally, calm.matrix(at, at), (timeMs, i) => {
      if (timeMs > 0 && timeMs < UNREACHED_MS) tally.changed++;
      const steps = (router: Router): string =>
        JSON.stringify(
          router
            .route(at[Math.floor(i / PLACES)], at[i % PLACES])
            ?.steps.map(({ segment, fromMm, toMm }) => [segment, fromMm, toMm]),
        );
      if (steps(calm) !== steps(slow)) return `drives differ: ${steps(calm)} and ${steps(slow)}`;
      return expected(twice[i], timeMs === UNREACHED_MS ? timeMs : 2 * timeMs);
    });
  });

  law('do not depend on how nodes and streets are numbered', (plan, seed, tally) => {
    const random = testStream(seed);
    const other = renumbered(plan, random);
    const at = randomPositionsOn(graphOf(plan), random, PLACES);
    const there = at.map(other.position);
    const times = routerOf(other.plan, seed + 1).matrix(there, there);
    eachTime(at, tally, routerOf(plan, seed).matrix(at, at), (timeMs, i) => {
      if (there[i % PLACES].segment !== at[i % PLACES].segment) tally.changed++;
      return expected(times[i], timeMs);
    });
  });

  law('never grow with a street more', (plan, seed, tally) => {
    const random = testStream(seed);
    const at = randomPositionsOn(graphOf(plan), random, PLACES);
    const times = routerOf(withStreet(plan, random), seed + 1).matrix(at, at);
    eachTime(at, tally, routerOf(plan, seed).matrix(at, at), (timeMs, i) => {
      if (times[i] < timeMs) tally.changed++;
      return times[i] <= timeMs ? null : `${times[i]}, more than ${timeMs}`;
    });
  });

  law('never fall with a forbidden turn more', (plan, seed, tally) => {
    const random = testStream(seed);
    const at = randomPositionsOn(graphOf(plan), random, PLACES);
    const roads = { ...plan, turnRules: true };
    const some = { ...roads, restrictions: plan.restrictions.filter(({ kind }) => kind.startsWith('only_')) };
    const times = routerOf(roads, seed + 1).matrix(at, at);
    eachTime(at, tally, routerOf(some, seed).matrix(at, at), (timeMs, i) => {
      if (times[i] > timeMs) tally.changed++;
      return times[i] >= timeMs ? null : `${times[i]}, less than ${timeMs}`;
    });
  });

  law('without turn rules: none is longer than by way of a third place', (plan, seed, tally) => {
    const at = randomPositionsOn(graphOf(plan), testStream(seed), PLACES);
    const times = routerOf({ ...plan, turnRules: false }, seed).matrix(at, at);
    eachTime(at, tally, times, (timeMs, i) => {
      const [a, c] = [Math.floor(i / PLACES), i % PLACES];
      for (let b = 0; b < PLACES; b++) {
        const through = times[a * PLACES + b] + times[b * PLACES + c];
        if (through === timeMs && b !== a && b !== c && timeMs > 0) tally.changed++;
        if (through < timeMs) return `${timeMs}, and ${through} by way of ${JSON.stringify(at[b])}`;
      }
      return null;
    });
  });

  law('say what is reached within a time, which lies inside what is reached in more', (plan, seed, tally) => {
    const random = testStream(seed);
    const metric = metricOf(plan);
    const { graph } = metric.network;
    const at = randomPositionsOn(graph, random, PLACES);
    const router = routerOf(plan, seed);
    const query = new ReachQuery(metric);
    const place = at[0];
    const directions = [
      {
        times: router.timesFrom(place, at),
        reach: router.reachFrom.bind(router),
        all: query.from.bind(query),
      },
      { times: router.timesTo(at, place), reach: router.reachTo.bind(router), all: query.to.bind(query) },
    ];
    for (const { times, reach, all } of directions) {
      const some = [...times].filter((timeMs) => timeMs !== UNREACHED_MS);
      const far = Math.max(0, ...some);
      const limitsMs = [...new Set([0, 1, ...some, ...some.map((t) => t + 1), far >> 1, 2 * far + 5])].filter(
        (limitMs) => limitMs < UNREACHED_MS,
      );
      limitsMs.sort((a, b) => a - b);
      let before: EdgeInterval[] = [];
      all(place, limitsMs).forEach((found, l) => {
        const limitMs = limitsMs[l];
        const where = `within ${limitMs} of ${JSON.stringify(place)}`;
        const text = JSON.stringify(found);
        const reference = JSON.stringify(reach(place, limitMs));
        must(text === reference, () => `reach ${where} is ${text} and ${reference}`);
        const fault = before.find((small) => !isInside(small, found));
        must(fault === undefined, () => `${JSON.stringify(fault)} is not in the larger reach ${where}`);
        if (before.length > 0 && JSON.stringify(before) !== text) tally.changed++;
        before = found;
        // a junction is the end of several streets: where one is reached by another street, its own may be missing
        at.forEach(({ segment, offsetMm }, i) => {
          if (offsetMm === 0 || offsetMm === graph.segmentLengthMm[segment]) return;
          if (segment === place.segment && offsetMm === place.offsetMm) return;
          if (times[i] === UNREACHED_MS) tally.unreached++;
          else tally.reached++;
          const isReached = isInside({ segment, fromMm: offsetMm, toMm: offsetMm }, found);
          must(
            isReached === times[i] <= limitMs,
            () => `${JSON.stringify(at[i])} in ${times[i]} ms is ${isReached ? '' : 'not '}in reach ${where}`,
          );
        });
      });
    }
  });
});

const isInside = (small: EdgeInterval, reach: readonly EdgeInterval[]): boolean =>
  reach.some((l) => l.segment === small.segment && l.fromMm <= small.fromMm && small.toMm <= l.toMm);
