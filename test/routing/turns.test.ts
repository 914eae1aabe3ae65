/** Turn restrictions in the network of states: equal to brute force over whole drives, obeyed by every drive, never by those exempt. */
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { map, type Town } from '../support/ascii-map.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { arcsOfRoute, brokenBy, timeByHistories, withRandomRestrictions } from '../support/turn-oracle.ts';

/** Times with ties, zero and closed arcs. */
function oddTimes(graph: RoadGraph, seed: number): Uint32Array {
  const random = testStream(seed);
  return Uint32Array.from({ length: graph.nArcs }, () => {
    const kind = random.below(10);
    return kind === 0 ? 0 : kind === 1 ? UNREACHED_MS : 1000 * (1 + random.below(4));
  });
}

const obedient = (graph: RoadGraph, times: Uint32Array): Metric =>
  createMetric(graph, times, { name: 'obedient', obeys: () => true });

describe('turn restrictions on random networks', () => {
  it('give the times of brute force over all drives, and drives that break none (seeds 1 to 120)', async () => {
    let longer = 0;
    let cutOff = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 6 + (seed % 9)), seed, 1 + (seed % 12));
      const times = oddTimes(graph, seed);
      const free = createRouter(createMetric(graph, times, { name: 'free' }));
      const exempt = createRouter(createMetric(graph, times, { name: 'exempt', obeys: () => false }));
      const metric = obedient(graph, times);
      const routers = [createRouter(metric), fastestRouter(withLabels([metric])[0])];
      const positions = randomPositions(graph, seed, 5);
      for (const from of positions) {
        for (const to of positions) {
          const place = `seed ${seed} ${JSON.stringify({ from, to, restrictions: graph.restrictions })}\n${printGraph(graph)}`;
          const expected = timeByHistories(graph, times, from, to);
          const freeMs = free.timeMs(from, to);
          if (expected === UNREACHED_MS && freeMs !== UNREACHED_MS) cutOff++;
          else if (expected > freeMs) longer++;
          expect(exempt.timeMs(from, to), place).toBe(freeMs);
          const drives = routers.map((router) => {
            expect(router.timeMs(from, to), place).toBe(expected);
            return router.route(from, to);
          });
          expect(drives[1], place).toEqual(drives[0]);
          if (drives[0] === null) continue;
          expect(drives[0].travelTimeMs, place).toBe(expected);
          expect(brokenBy(graph.restrictions, arcsOfRoute(graph, drives[0])), place).toBeNull();
        }
      }
    }
    // the restrictions matter
    expect(longer).toBeGreaterThan(50);
    expect(cutOff).toBeGreaterThan(10);
  });

  it('hold for reach both ways: what is reached within a time is what times say (seeds 200 to 239)', async () => {
    for (let seed = 200; seed < 240; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 8 + (seed % 9)), seed, 8);
      const metric = obedient(graph, oddTimes(graph, seed));
      const router = createRouter(metric);
      const places = randomPositions(graph, seed, 12);
      const inside = (
        list: { segment: number; fromMm: number; toMm: number }[],
        at: (typeof places)[number],
      ): boolean =>
        list.some(
          ({ segment, fromMm, toMm }) =>
            segment === at.segment && fromMm <= at.offsetMm && at.offsetMm <= toMm,
        );
      for (const limitMs of [0, 1500, 4000]) {
        const reached = router.reachFrom(places[0], limitMs);
        const reaching = router.reachTo(places[0], limitMs);
        for (const place of places.slice(1)) {
          // ends of streets belong to several; the stretches hold each place that is no junction
          const length = graph.segmentLengthMm[place.segment];
          if (place.offsetMm === 0 || place.offsetMm === length || place.segment === places[0].segment)
            continue;
          const text = `seed ${seed} limit ${limitMs} ${JSON.stringify(place)}\n${printGraph(graph)}`;
          expect(inside(reached, place), text).toBe(router.timeMs(places[0], place) <= limitMs);
          expect(inside(reaching, place), text).toBe(router.timeMs(place, places[0]) <= limitMs);
        }
      }
    }
  });
});

describe('a junction with a restriction', () => {
  const drawing = `
    ..C..
    ..|..
    A-B-D
    ..|..
    ..E..`;
  const arcFrom = (town: Town, from: string, to: string): number => {
    const { graph } = town;
    const node = (name: string): number => {
      const { segment, offsetMm } = town.at(name);
      return offsetMm === 0 ? graph.segmentFrom[segment] : graph.segmentTo[segment];
    };
    for (let arc = graph.firstOut[node(from)]; arc < graph.firstOut[node(from) + 1]; arc++) {
      if (graph.head[arc] === node(to)) return arc;
    }
    throw new Error(`no arc from ${from} to ${to}`);
  };
  const crossing = (): Promise<Town> => map(drawing);
  const restricted = (t: Town, kind: string, ...streets: [string, string][]): RoadGraph => ({
    ...t.graph,
    restrictions: [
      {
        osmId: 1,
        kind,
        arcs: streets.map(([from, to]) => arcFrom(t, from, to)),
        vehicle: '',
        except: [],
        condition: '',
        when: 'always',
      },
    ],
  });
  const drive = (graph: RoadGraph, t: Town, from: string, to: string): number => {
    const times = new Uint32Array(graph.nArcs).fill(1000);
    return createRouter(obedient(graph, times)).timeMs(t.at(from), t.at(to));
  };

  it('no_left_turn sends a car past the junction and back; who sets off at the junction is free', async () => {
    const t = await crossing();
    const graph = restricted(t, 'no_left_turn', ['A', 'B'], ['B', 'C']);
    expect(drive(graph, t, 'A', 'D')).toBe(2000);
    expect(drive(graph, t, 'A', 'C')).toBe(4000); // on to D or E, about, and right or straight on
    expect(drive(graph, t, 'B', 'C')).toBe(1000);
    expect(drive(graph, t, 'D', 'C')).toBe(2000);
  });

  it('only_straight_on forbids the other ways on, turning about included', async () => {
    const t = await crossing();
    const graph = restricted(t, 'only_straight_on', ['A', 'B'], ['B', 'D']);
    expect(drive(graph, t, 'A', 'D')).toBe(2000);
    expect(drive(graph, t, 'A', 'C')).toBe(4000);
    const noTurn = restricted(t, 'no_u_turn', ['A', 'B'], ['B', 'A']);
    const times = new Uint32Array(noTurn.nArcs).fill(1000);
    const router = createRouter(obedient(noTurn, times));
    expect(router.route(t.at('A'), t.at('A'))!.travelTimeMs).toBe(0);
    expect(drive(noTurn, t, 'A', 'B')).toBe(1000);
  });

  it('only_straight_on binds whoever obeys it, whatever an only_right_turn allows to others', async () => {
    const t = await crossing();
    const [right] = restricted(t, 'only_right_turn', ['A', 'B'], ['B', 'E']).restrictions;
    const straight = restricted(t, 'only_straight_on', ['A', 'B'], ['B', 'D']);
    const graph = { ...straight, restrictions: [...straight.restrictions, right] };
    const times = new Uint32Array(graph.nArcs).fill(1000);
    const timeTo = (goal: string, obeys: (restriction: number) => boolean): number =>
      createRouter(createMetric(graph, times, { name: 'some', obeys })).timeMs(t.at('A'), t.at(goal));
    const goals = ['C', 'D', 'E'];
    expect(goals.map((goal) => timeTo(goal, () => true))).toEqual([4000, 2000, 2000]);
    expect(goals.map((goal) => timeTo(goal, (r) => r === 0))).toEqual([4000, 2000, 4000]);
    expect(goals.map((goal) => timeTo(goal, (r) => r === 1))).toEqual([4000, 4000, 2000]);
    expect(goals.map((goal) => timeTo(goal, () => false))).toEqual([2000, 2000, 2000]);
  });

  it('over a via way only the whole sequence is forbidden', async () => {
    const t = await map('A-B-C-D');
    const graph = restricted(t, 'no_straight_on', ['A', 'B'], ['B', 'C'], ['C', 'D']);
    expect(drive(graph, t, 'B', 'D')).toBe(2000);
    expect(drive(graph, t, 'A', 'C')).toBe(2000);
    // to B, back to A is no help; C is reached, about to B, and then C, D is a new way
    expect(drive(graph, t, 'A', 'D')).toBe(5000);
  });
});
