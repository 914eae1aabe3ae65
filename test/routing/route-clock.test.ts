import { describe, expect, it } from 'vitest';
import type { RoadPosition, Route, RouteStep } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { EMPTY_ROUTE } from '../../engine/routing/route.ts';
import { guideSteps, RouteClock, stepUnderWay } from '../../engine/routing/route-clock.ts';
import { positionOnRoute } from '../support/position-on-route.ts';
import { randomGraph, randomPositions, testStream } from '../support/random-city.ts';

const START: RoadPosition = { segment: 77, offsetMm: 123 };
const SEEDS = Array.from({ length: 60 }, (_, i) => 135_300 + i);

/** How long the steps of a drive take, from all alike to nearly everything in one step or in none. */
const SHAPES: Record<string, (random: ReturnType<typeof testStream>, step: number) => number> = {
  'all alike': () => 1000,
  'any length': (random) => random.below(20_000),
  'many of zero time': (random) => (random.uniform() < 0.7 ? 0 : random.below(5000)),
  'one very long step': (random, step) => (step === 3 ? 2_000_000_000 : random.below(3)),
  'each half of the one before': (_, step) => Math.floor(2 ** (28 - step / 4)),
  'crowded in a few milliseconds': (random) => (random.uniform() < 0.01 ? 1 : 0),
  'no time at all': () => 0,
};

function drive(seed: number, shape: string, nSteps: number): Route {
  const random = testStream(seed);
  let endMs = 0;
  let lengthMm = 0;
  const steps = Array.from({ length: nSteps }, (_, step): RouteStep => {
    endMs += SHAPES[shape](random, step);
    const fromMm = random.below(900_000);
    const toMm = random.uniform() < 0.1 ? fromMm : random.below(900_000);
    lengthMm += Math.abs(toMm - fromMm);
    return { segment: random.below(1000), fromMm, toMm, endMs };
  });
  return { steps, travelTimeMs: endMs, lengthMm };
}

/** Before the start, after the end, at and around every end of a step, and anywhere, also between milliseconds. */
function questions(route: Route, seed: number): number[] {
  const random = testStream(seed + 1);
  const { travelTimeMs } = route;
  const ends = route.steps.flatMap(({ endMs }) => [endMs - 1, endMs - 0.25, endMs, endMs + 0.25, endMs + 1]);
  const anywhere = Array.from({ length: 200 }, () => random.uniform() * travelTimeMs);
  return [-1e9, -1, -0.5, 0, 0.5, ...ends, ...anywhere, travelTimeMs + 1, 3e9, Infinity];
}

describe('the clock of a route', () => {
  it.each(Object.keys(SHAPES))('agrees with a search over the steps to the millimetre: %s', (shape) => {
    for (const seed of SEEDS) {
      const route = drive(seed, shape, 1 + testStream(seed + 2).below(120));
      const clock = new RouteClock(route, START);
      for (const elapsedMs of questions(route, seed)) {
        expect(clock.positionAt(elapsedMs), `seed ${seed}, ${elapsedMs} ms`).toEqual(
          positionOnRoute(route, START, elapsedMs),
        );
      }
    }
  });

  it('agrees on drives of a router', async () => {
    let nAsked = 0;
    for (const seed of SEEDS.slice(0, 10)) {
      const graph = await randomGraph(seed);
      const router = createRouter(buildMetric(graph, findProfile('patrol-car'), { siren: true }));
      const positions = randomPositions(graph, seed, 8);
      for (const from of positions) {
        for (const to of positions) {
          const route = router.route(from, to);
          if (route === null) continue;
          const clock = new RouteClock(route, from);
          for (const elapsedMs of questions(route, seed)) {
            nAsked++;
            expect(clock.positionAt(elapsedMs)).toEqual(positionOnRoute(route, from, elapsedMs));
          }
        }
      }
    }
    expect(nAsked).toBeGreaterThan(10_000);
  });

  it('stands still on a route without steps', () => {
    const clock = new RouteClock(EMPTY_ROUTE, START);
    for (const elapsedMs of [-5, 0, 5]) expect(clock.positionAt(elapsedMs)).toEqual(START);
  });

  it('serves many drives from one column of ends and one of guides', () => {
    const routes = SEEDS.flatMap((seed, i) => [
      drive(seed, Object.keys(SHAPES)[i % 7], 1 + testStream(seed).below(9)),
    ]);
    const endMs = Int32Array.from(routes.flatMap(({ steps }) => steps.map((step) => step.endMs)));
    const guide = new Uint32Array(endMs.length);
    let first = 0;
    for (const { steps } of routes) guideSteps(endMs, first, (first += steps.length), guide);
    first = 0;
    for (const [i, { steps, travelTimeMs }] of routes.entries()) {
      const end = first + steps.length;
      for (const elapsedMs of questions(routes[i], SEEDS[i])) {
        const later = steps.findIndex((step) => step.endMs > elapsedMs);
        const expected = elapsedMs >= travelTimeMs ? steps.length - 1 : later;
        expect(stepUnderWay(endMs, guide, first, end, elapsedMs) - first).toBe(expected);
      }
      first = end;
    }
  });

  it.each(Object.keys(SHAPES).slice(0, -1))(
    'compares at most 3 times on average over the time of the drive: %s',
    (shape) => {
      for (const nSteps of [1, 2, 37, 400, 5000]) {
        const seed = SEEDS[0];
        const { steps, travelTimeMs } = drive(seed, shape, nSteps);
        if (travelTimeMs === 0) continue;
        const ends = steps.map((step) => step.endMs);
        const guide = new Uint32Array(nSteps);
        guideSteps(ends, 0, nSteps, guide);
        let nReads = 0;
        const counted = new Proxy(ends, {
          get: (target, ix) => {
            nReads++;
            return target[Number(ix)];
          },
        });
        const random = testStream(seed + 3);
        const nAsked = 4000;
        for (let i = 0; i < nAsked; i++) {
          stepUnderWay(counted, guide, 0, nSteps, random.uniform() * travelTimeMs);
        }
        // one of the reads is of the end of the drive; the bound of 2 is theory, the rest is chance
        expect(nReads / nAsked, `${nSteps} steps`).toBeLessThan(3.1);
        expect(nReads / nAsked).toBeGreaterThanOrEqual(2);
      }
    },
  );

  it('compares at most 2 times on average over every millisecond of a drive', () => {
    for (const shape of ['any length', 'many of zero time', 'crowded in a few milliseconds']) {
      const { steps, travelTimeMs } = drive(SEEDS[1], shape, 300);
      const ends = steps.map((step) => step.endMs);
      const guide = new Uint32Array(300);
      guideSteps(ends, 0, 300, guide);
      let nComparisons = 0;
      const strideMs = Math.max(1, Math.floor(travelTimeMs / 200_000));
      let nAsked = 0;
      for (let atMs = 0; atMs < travelTimeMs; atMs += strideMs) {
        const span = Math.floor((atMs * Math.min(300, travelTimeMs)) / travelTimeMs);
        nComparisons += stepUnderWay(ends, guide, 0, 300, atMs) - guide[span] + 1;
        nAsked++;
      }
      expect(nComparisons / nAsked).toBeLessThanOrEqual(2);
    }
  });
});
