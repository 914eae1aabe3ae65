/** Where places may lie, and whether a given drive keeps the rules. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { GraphRestriction, RoadGraph } from '../../engine/graph/road-graph.ts';
import { readRoads } from '../../engine/import/import.ts';
import { TRAVEL_MODES } from '../../engine/import/road-extract.ts';
import { buildMetric } from '../../engine/routing/build-metric.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { brokenRule } from '../../engine/routing/legal-drive.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { PROFILES } from '../../engine/routing/profiles.ts';
import { usableByAll, usableSegments } from '../../engine/routing/usable.ts';
import { mainSegments } from '../../engine/spatial/snap.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import { describeWithData } from '../support/shared-data.ts';
import { map, type Town } from '../support/ascii-map.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';
import { arcsOfRoute, brokenBy, withRandomRestrictions } from '../support/turn-oracle.ts';

/** Streets of a town by their names, those marked. */
const named = ({ graph }: Town, marks: Uint8Array): string[] =>
  [...marks.keys()]
    .filter((s) => marks[s] === 1)
    .map((s) => graph.names[graph.segmentName[s]])
    .sort();

function arcOf(town: Town, pair: string): number {
  const { graph } = town;
  for (let arc = 0; arc < graph.nArcs; arc++) {
    if (graph.tail[arc] === town.node(pair[0]) && graph.head[arc] === town.node(pair[1])) return arc;
  }
  throw new Error(`no street ${pair}`);
}

const rule = (town: Town, kind: string, ...pairs: string[]): GraphRestriction => ({
  osmId: 1,
  kind,
  arcs: pairs.map((pair) => arcOf(town, pair)),
  vehicle: '',
  except: [],
  condition: '',
  when: 'always',
});

const SECOND = 1000;
const obedient = (graph: RoadGraph, closed: number[] = []) =>
  createMetric(
    graph,
    Uint32Array.from({ length: graph.nArcs }, (_, arc) => (closed.includes(arc) ? UNREACHED_MS : SECOND)),
    { name: 'obedient', obeys: () => true },
  );

describe('usable roads', () => {
  it('are the main part where nothing is closed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const graph = await randomGraph(seed);
      expect(usableSegments(obedient(graph))).toEqual(mainSegments(graph));
    }
  });

  it('leave out a closed street and what lies behind it', async () => {
    const town = await map(`
A---B---C---D
|   |
E---F`);
    const metric = obedient(town.graph, [arcOf(town, 'BC'), arcOf(town, 'CB')]);
    expect(named(town, usableSegments(metric))).toEqual(['AB', 'AE', 'BF', 'EF']);
    // closed one way only: still no way back
    expect(named(town, usableSegments(obedient(town.graph, [arcOf(town, 'CB')])))).toEqual([
      'AB',
      'AE',
      'BF',
      'EF',
    ]);
  });

  it('leave out a street into which nobody may turn, and one from which nobody may turn', async () => {
    const town = await map(`
A---B---C
|   |   |
|   D   |
E-------F`);
    const into = [rule(town, 'only_straight_on', 'AB', 'BC'), rule(town, 'only_straight_on', 'CB', 'BA')];
    const open = ['AB', 'AE', 'BC', 'CF', 'EF'];
    expect(named(town, usableSegments(obedient({ ...town.graph, restrictions: into })))).toEqual(open);
    const outOf = [rule(town, 'no_left_turn', 'DB', 'BA'), rule(town, 'no_right_turn', 'DB', 'BC')];
    const stuck = [...outOf, rule(town, 'no_u_turn', 'DB', 'BD')];
    expect(named(town, usableSegments(obedient({ ...town.graph, restrictions: stuck })))).toEqual(open);
    // one of the two turns is enough
    const half = { ...town.graph, restrictions: [outOf[0]] };
    expect(named(town, usableSegments(obedient(half)))).toEqual([...open, 'BD'].sort());
  });

  it('keep a dead end whose end forbids turning round: whoever stops there may set off either way', async () => {
    const town = await map('A---B---C\n|   |\nE---F');
    const restrictions = [rule(town, 'no_u_turn', 'BC', 'CB')];
    expect(usableSegments(obedient({ ...town.graph, restrictions }))).toEqual(mainSegments(town.graph));
  });

  it('of several profiles are those of each', async () => {
    const town = await map(`
A---B---C
|   |   |
D---E---F`);
    const one = obedient(town.graph, [arcOf(town, 'AB'), arcOf(town, 'BA')]);
    const other = obedient(town.graph, [arcOf(town, 'EF'), arcOf(town, 'FE')]);
    expect(named(town, usableByAll([one, other]))).toEqual(['AD', 'BC', 'BE', 'CF', 'DE']);
  });

  it('have drives between any two of their places, with random restrictions and closures (seeds 1 to 80)', async () => {
    let left = 0;
    let pairs = 0;
    for (let seed = 1; seed <= 80; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 8 + (seed % 12)), seed, 2 + (seed % 14));
      const random = testStream(seed);
      const closed = [...Array(graph.nArcs).keys()].filter(() => random.below(12) === 0);
      const metric = obedient(graph, closed);
      const usable = usableSegments(metric);
      left += usable.filter((bit) => bit === 0).length;
      const places = randomPositions(graph, seed, 30).filter(({ segment }) => usable[segment] === 1);
      const times = createRouter(metric).matrix(places, places);
      pairs += times.length;
      expect(times.indexOf(UNREACHED_MS), `seed ${seed}\n${printGraph(graph)}`).toBe(-1);
    }
    expect(left).toBeGreaterThan(100);
    expect(pairs).toBeGreaterThan(10_000);
  });
});

describe('a given drive', () => {
  it('breaks a rule where it takes a forbidden turn or a closed street, and only there', async () => {
    const town = await map(`
A---B---C
    |
    D`);
    const graph = { ...town.graph, restrictions: [rule(town, 'no_right_turn', 'AB', 'BD')] };
    const metric = obedient(graph, [arcOf(town, 'CB')]);
    const step = (pair: string, fromShare = 0, toShare = 1) => {
      const arc = arcOf(town, pair);
      const segment = graph.arcSegment[arc];
      const length = graph.segmentLengthMm[segment];
      const at = (share: number): number =>
        Math.round(length * (graph.arcBackward[arc] === 1 ? 1 - share : share));
      return { segment, fromMm: at(fromShare), toMm: at(toShare) };
    };
    expect(brokenRule(metric, [step('AB'), step('BC')])).toBeNull();
    expect(brokenRule(metric, [step('AB'), step('BD')])).toEqual({ step: 1, restriction: 0 });
    // also after the street was joined half way, and where the drive is written in pieces
    expect(brokenRule(metric, [step('AB', 0.5), step('BD')])).toEqual({ step: 1, restriction: 0 });
    expect(brokenRule(metric, [step('AB', 0, 0.5), step('AB', 0.5), step('BD')])).toEqual({
      step: 2,
      restriction: 0,
    });
    // who comes from D and turns round on the way to A comes along the same street, on its other side
    const turned = [step('DB'), step('BA', 0, 0.5), step('AB', 0.5), step('BD')];
    expect(brokenRule(metric, turned)).toEqual({ step: 3, restriction: 0 });
    expect(brokenRule(metric, [step('BC'), step('CB')])).toEqual({ step: 1, restriction: NONE });
    expect(brokenRule(metric, [step('BD')])).toBeNull();
    expect(brokenRule(metric, [])).toBeNull();
  });

  it('is judged as its list of arcs is, on random networks (seeds 100 to 159)', async () => {
    let broken = 0;
    let kept = 0;
    for (let seed = 100; seed < 160; seed++) {
      const graph = withRandomRestrictions(await randomGraph(seed, 10), seed, 10);
      const free = createRouter(
        createMetric(graph, new Uint32Array(graph.nArcs).fill(SECOND), { name: 'free' }),
      );
      const metric = obedient(graph);
      const places = randomPositions(graph, seed, 8);
      for (const from of places) {
        for (const to of places) {
          const route = free.route(from, to);
          if (route === null) continue;
          const byWords = brokenBy(graph.restrictions, arcsOfRoute(graph, route)) !== null;
          expect(brokenRule(metric, route.steps) !== null, `seed ${seed}\n${printGraph(graph)}`).toBe(
            byWords,
          );
          if (byWords) broken++;
          else kept++;
        }
      }
    }
    expect(broken).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(1000);
  });
});

describeWithData('on the roads of Porto, read for every mode', (data) => {
  it(
    'every profile can use most of its roads, and drives between any of them',
    { timeout: 60_000 },
    async () => {
      const bytes = readFileSync(`${data}/osm/porto.osm.pbf`);
      const extract = await readRoads(
        { name: 'porto.osm.pbf', bytes },
        { modes: TRAVEL_MODES, pedestrianStreets: false },
      );
      const graph = await buildRoadGraph(extract);
      const random = testStream(135);
      for (const profile of PROFILES) {
        for (const siren of profile.siren === null ? [false] : [false, true]) {
          const metric = buildMetric(graph, profile, { siren });
          const usable = usableSegments(metric);
          const open = [...usable.keys()].filter((s) => usable[s] === 1);
          const ofMode = [...usable.keys()].filter((s) =>
            [graph.segmentForwardArc[s], graph.segmentBackwardArc[s]].some(
              (arc) => arc !== NONE && metric.arcTimeMs[arc] !== UNREACHED_MS,
            ),
          );
          expect(open.length / ofMode.length, metric.name).toBeGreaterThan(0.9);
          expect(open.length, metric.name).toBeLessThan(ofMode.length);
          const places = Array.from({ length: 12 }, () => {
            const segment = open[random.below(open.length)];
            return { segment, offsetMm: random.below(graph.segmentLengthMm[segment] + 1) };
          });
          expect(createRouter(metric).matrix(places, places).indexOf(UNREACHED_MS), metric.name).toBe(-1);
        }
      }
    },
  );
});
