/**
 * The Chinese undergraduate modelling contest of 2011, problem B: police platforms of a real city of 582 junctions and
 * 928 straight roads, all driven at 60 km/h; a platform should reach its junctions within 3 minutes. The figures are
 * those of published solutions and of an independent plain Dijkstra on the same data.
 *
 * District A's figures are the same on its own roads as on the whole city's: no fastest drive between its platforms
 * and its junctions leaves the district. Both are asserted.
 */
import { readFileSync } from 'node:fs';
import { csvParse } from 'd3-dsv';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildMetric,
  buildPlacementProblem,
  buildRoadGraph,
  createRouter,
  InfeasibleError,
  placeFewest,
  placeSites,
  PLACEMENT_MODELS,
  positionOfNode,
  PROFILES,
  ROAD_CLASSES,
  type DemandAtom,
  type RoadExtract,
  type RoadPosition,
  type Router,
  UNREACHED_MS,
} from '../engine/index.ts';
import { describeWithData } from './support/shared-data.ts';

interface Junction {
  id: number;
  /** Place on the contest's map, 1 mm of which is 100 m. */
  xMm: number;
  yMm: number;
  district: string;
  callsPerDay: number;
}

const SPEED_KPH = 60;
const MAP_MM_IN_MM = 100_000;
const minutes = (count: number): number => count * 60_000;

/** Straight two-way roads with their length on the map; coordinates only keep junctions apart. */
function cityRoads(
  junctions: readonly Junction[],
  roads: readonly (readonly [number, number])[],
): RoadExtract {
  const ixOf = new Map(junctions.map(({ id }, ix) => [id, ix]));
  const lengthMm = ([a, b]: readonly [number, number]): number => {
    const [from, to] = [junctions[ixOf.get(a)!], junctions[ixOf.get(b)!]];
    return Math.round(Math.sqrt((from.xMm - to.xMm) ** 2 + (from.yMm - to.yMm) ** 2) * MAP_MM_IN_MM);
  };
  const speedKph = new Uint8Array(roads.length).fill(SPEED_KPH);
  return {
    source: { name: 'CUMCM 2011 B', format: 'csv', attribution: '' },
    nodes: {
      lonE7: Int32Array.from(junctions, ({ xMm }) => Math.round(xMm * 10_000)),
      latE7: Int32Array.from(junctions, ({ yMm }) => Math.round(yMm * 10_000)),
      osmId: Float64Array.from(junctions, ({ id }) => id),
    },
    ways: {
      osmId: Float64Array.from(roads, (_, way) => way + 1),
      firstRef: Uint32Array.from({ length: roads.length + 1 }, (_, way) => 2 * way),
      refs: Uint32Array.from(roads.flat(), (id) => ixOf.get(id)!),
      roadClass: new Uint8Array(roads.length).fill(ROAD_CLASSES.indexOf('road')),
      direction: new Uint8Array(roads.length).fill(3),
      maxSpeedForwardKph: speedKph,
      maxSpeedBackwardKph: speedKph,
      name: new Uint32Array(roads.length),
      lengthMm: Uint32Array.from(roads, lengthMm),
    },
    names: [''],
    restrictions: [],
    report: {
      read: { nodes: junctions.length, ways: roads.length, relations: 0 },
      roads: {
        highwayWays: roads.length,
        drivableWays: roads.length,
        keptWays: roads.length,
        roadNodes: junctions.length,
        nodePairs: roads.length,
        onewayWays: 0,
        restrictions: 0,
      },
      modes: {},
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
}

describeWithData('CUMCM 2011 B', (data) => {
  const table = (file: string) => csvParse(readFileSync(`${data}/cumcm2011b/${file}`, 'utf8'));
  const city: Junction[] = table('nodes.csv').map((row) => ({
    id: Number(row.node),
    xMm: Number(row.x_mm),
    yMm: Number(row.y_mm),
    district: row.district,
    callsPerDay: Number(row.case_rate_per_day),
  }));
  const districtA = city.filter(({ district }) => district === 'A');
  const roads = table('edges.csv').map((row) => [Number(row.from), Number(row.to)] as const);
  const platforms = table('platforms.csv').map((row) => Number(row.node));
  const isInA = new Set(districtA.map(({ id }) => id));
  const platformsA = platforms.filter((id) => isInA.has(id));
  const roadsA = roads.filter(([a, b]) => isInA.has(a) && isInA.has(b));

  /** A router over roads, and where a junction lies on them. */
  async function drive(junctions: readonly Junction[], between: typeof roads) {
    const graph = await buildRoadGraph(cityRoads(junctions, between));
    const plain = PROFILES.find(({ type }) => type === 'plain')!;
    const router = createRouter(buildMetric(graph, plain, { siren: false }));
    const nodeOf = new Map(Array.from(graph.nodeOsmId, (id, node) => [id, node]));
    return { router, at: (id: number) => positionOfNode(graph, nodeOf.get(id)!) };
  }
  type Drive = Awaited<ReturnType<typeof drive>>;

  /** Time from the nearest of `posts` to each of `junctions`. */
  function nearestMs(
    { router, at }: Drive,
    posts: readonly number[],
    junctions: readonly Junction[],
  ): number[] {
    const best = junctions.map(() => UNREACHED_MS);
    const to = junctions.map(({ id }) => at(id));
    for (const post of posts) {
      router.timesFrom(at(post), to).forEach((timeMs, i) => (best[i] = Math.min(best[i], timeMs)));
    }
    return best;
  }

  it('is read whole', () => {
    expect([city.length, roads.length, platforms.length]).toEqual([582, 928, 80]);
    expect([districtA.length, platformsA.length]).toEqual([92, 20]);
  });

  describe.each([
    ["the whole city's roads", city, roads],
    ["district A's own roads", districtA, roadsA],
  ] as const)('district A on %s', (_, junctions, between) => {
    let bestMs: number[];
    beforeAll(async () => {
      bestMs = nearestMs(await drive(junctions, between), platformsA, districtA);
    });

    it('has six junctions beyond 3 minutes: 28, 29, 38, 39, 61, 92', () => {
      const beyond = districtA.filter((_, i) => bestMs[i] > minutes(3)).map(({ id }) => id);
      expect(beyond).toEqual([28, 29, 38, 39, 61, 92]);
    });

    it('is reached everywhere within 5.7005 minutes', () => {
      expect((Math.max(...bestMs) / minutes(1)).toFixed(4)).toBe('5.7005');
    });

    it('has 64.02, 94.62 and 98.88 % of its calls within 1, 3 and 5 minutes', () => {
      const all = districtA.reduce((sum, { callsPerDay }) => sum + callsPerDay, 0);
      const sharePercent = (limit: number): string => {
        const within = districtA.filter((_, i) => bestMs[i] <= minutes(limit));
        return ((100 * within.reduce((sum, { callsPerDay }) => sum + callsPerDay, 0)) / all).toFixed(2);
      };
      expect([1, 3, 5].map(sharePercent)).toEqual(['64.02', '94.62', '98.88']);
    });
  });

  describe('more platforms for district A', () => {
    let question: { router: Router; candidates: { name: string; position: RoadPosition }[] };
    let atoms: DemandAtom[];
    const required = platformsA.map((id) => districtA.findIndex((junction) => junction.id === id));
    beforeAll(async () => {
      const { router, at } = await drive(city, roads);
      question = {
        router,
        candidates: districtA.map(({ id }) => ({ name: `junction ${id}`, position: at(id) })),
      };
      atoms = districtA.map(({ id, callsPerDay }) => {
        return { position: at(id), weight: callsPerDay / 24, thresholdMs: minutes(3) };
      });
    });
    const problem = (sites: number) =>
      buildPlacementProblem({ ...question, atoms, sites, required, forbidden: [] });

    it('takes four, and no fewer, to reach every junction within 3 minutes', async () => {
      const plan = await placeFewest(problem(24));
      expect(plan).toMatchObject({ added: 4, bound: 4 });
      expect(plan.open).toEqual(expect.arrayContaining(required));
    });

    it.each(PLACEMENT_MODELS)('$type covers all calls with four more and not with three', async (model) => {
      const all = atoms.reduce((sum, { weight }) => sum + weight, 0);
      const four = await placeSites(model, problem(24));
      expect(four.objective).toBeCloseTo(all, 12);
      expect(four.bound).toBe(four.objective);
      const three = await placeSites(model, problem(23));
      expect(three.bound).toBeLessThan(all - 1e-9);
      expect(three.objective).toBeLessThanOrEqual(three.bound);
    });

    it('has no answer where the junctions that can reach 61 may not be used', async () => {
      const near61 = [...districtA.keys()].filter((c) => {
        const { router, candidates } = question;
        const to = atoms[districtA.findIndex(({ id }) => id === 61)].position;
        return router.timeMs(candidates[c].position, to) <= minutes(3);
      });
      const without = { ...problem(24), forbidden: near61 };
      const ask = placeFewest(without, { atomName: (atom) => `junction ${districtA[atom].id}` });
      await expect(ask).rejects.toThrow(InfeasibleError);
      await expect(ask).rejects.toThrow(/junction 61/);
    });
  });

  it('leaves 138 junctions of the city beyond 3 minutes of all 80 platforms', async () => {
    const bestMs = nearestMs(await drive(city, roads), platforms, city);
    expect(bestMs.filter((timeMs) => timeMs > minutes(3))).toHaveLength(138);
    expect(bestMs).not.toContain(UNREACHED_MS);
  });
});
