/**
 * Random towns on which simulation and the exact hypercube model must agree: calls at some junctions of a small grid,
 * exponential time on scene, one unit a call, units sent by fixed preference from their posts. Streets are decimetres to
 * two metres long, so that drives last some tenths of a second beside ten minutes on scene.
 */
import type { City } from '../../engine/city/city.ts';
import type { PatrolPlan } from '../../engine/patrol/patrol.ts';
import { testStream } from './random-city.ts';
import { smallCity } from './small-city.ts';

const GRID = `A--B--C--D
|  |  |  |
E--F--G--H
|  |  |  |
I--J--K--L
|  |  |  |
M--N--O--P`;
const JUNCTIONS = 'ABCDEFGHIJKLMNOP';

export interface HypercubeTown {
  seed: number;
  city: City;
  plan: PatrolPlan;
  /** Share of all unit time that time on scene takes up when every call is answered. */
  load: number;
  queue: 'none' | 'unlimited';
}

/** @param calls  expected in each replication */
export async function hypercubeTown(
  seed: number,
  { queue, calls, replications }: { queue: 'none' | 'unlimited'; calls: number; replications: number },
): Promise<HypercubeTown> {
  const random = testStream(seed);
  const onSceneS = 600;
  const nUnits = 3 + (seed % 6);
  const load = 0.25 + 0.5 * random.uniform();
  const shuffled = [...JUNCTIONS];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  const places = shuffled.slice(0, 6 + random.below(5));
  const weights = places.map(() => 0.2 + random.uniform());
  const weight = weights.reduce((sum, each) => sum + each, 0);
  const perHour = (load * nUnits * 3600) / onSceneS;
  const ways: Record<string, { lengthMm: number }> = {};
  for (let i = 0; i < 16; i++) {
    if (i % 4 < 3) ways[JUNCTIONS[i] + JUNCTIONS[i + 1]] = { lengthMm: 200 + random.below(1800) };
    if (i < 12) ways[JUNCTIONS[i] + JUNCTIONS[i + 4]] = { lengthMm: 200 + random.below(1800) };
  }
  const units = Array.from({ length: nUnits }, (_, n) => ({
    id: `unit-${n + 1}`,
    at: JUNCTIONS[random.below(16)],
  }));
  const { town } = await smallCity(GRID, { ways });
  const only = (place: string) =>
    Object.fromEntries(places.map((other) => [`at-${other}`, other === place ? 1 : 0]));
  const { city, plan } = await smallCity(GRID, {
    ways,
    units,
    files: Object.fromEntries(
      places.map((place) => {
        const { lon, lat } = town.lonLat(place);
        return [`${place}.csv`, `lon,lat\n${lon},${lat}\n`];
      }),
    ),
    scenario: {
      demand: {
        type: 'poisson',
        // a category for each place, by which outcomes tell where a call was
        categories: places.map((place) => ({
          id: `at-${place}`,
          priority: 1,
          share: 1,
          onSceneS: { type: 'exponential', mean: onSceneS },
        })),
        sources: places.map((place, p) => ({
          where: { type: 'places', file: `${place}.csv` },
          callsPerHour: (perHour * weights[p]) / weight,
          categoryShares: only(place),
        })),
      },
      dispatch: { type: 'preference-list' },
      patrol: { type: 'stay-at-post', profile: 'plain' },
      queue: { type: queue },
      run: {
        start: '2026-03-02T00:00',
        durationS: Math.ceil((calls / perHour) * 3600),
        // a dozen services: a run starts with all units free
        warmUpS: 12 * onSceneS,
        replications,
        seed,
      },
    },
  });
  return { seed, city, plan, load, queue };
}
