/**
 * Keeps core zones covered: a zone of the named classes is covered while some free unit would reach enough of its roads
 * in time from its base. When one is not, the nearest free unit whose leaving uncovers no other such zone goes to a base
 * that covers it (lowest unit, then lowest base on a tie); where nobody can be spared, that is told. A unit that is away
 * from its own base goes home as soon as that uncovers nothing. Zones in the order of the scenario.
 *
 * The double standard of Gendreau, Laporte and Semet, "A dynamic model and parallel tabu search heuristic for real-time
 * ambulance relocation" (Parallel Computing 27, 2001), asks for all demand what is asked here for core zones: relocate
 * as little as restores cover.
 */
import { z } from 'zod';
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { usualProfile } from '../dispatch/coverage.ts';
import type { EdgeInterval } from '../graph/road-graph.ts';
import { driveBudgetMs } from '../placement/request.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import { msToSeconds, secondsToMs, UNREACHED_MS, type Ms, type SegmentIx, type UnitIx } from '../units.ts';
import type { MoveUpPolicy, MoveUpView } from './move-up.ts';

const params = z.strictObject({
  classes: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(100)
    .default(['core'])
    .describe('Classes of the zones to keep covered.'),
  withinS: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe(
      'Longest drive from a base into such a zone. Default: the shortest that the first standard leaves for calls there.',
    ),
  roadShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe('Share of its road length that a unit must reach in time to cover a zone.'),
});
type Params = z.infer<typeof params>;

export const keepCoreCovered: MoveUpPolicy<Params> = {
  type: 'keep-core-covered',
  about:
    'Restores the cover of core zones with the nearest unit that can be spared, and tells what it cannot.',
  source: 'After the double standard of Gendreau, Laporte and Semet, Parallel Computing 27 (2001).',
  params,
  check: checkZones,
  create({ classes, withinS, roadShare }, { city }) {
    const zones = zonesOf(city, classes);
    const covers = coversOf(city, zones, withinS, roadShare);
    const baseIds = basesOf(city).ids;
    return {
      returnsToBase: true,
      decide(view) {
        const cover = new Cover(view, zones.length, covers);
        const moves: Move[] = [];
        const restored: string[] = [];
        const missing: string[] = [];
        const moved = new Set<UnitIx>();
        const go = (move: Move): void => {
          cover.move(move.unit, move.base);
          moved.add(move.unit);
          moves.push(move);
        };
        zones.forEach((zone, z) => {
          if (cover.holders(z) > 0) return;
          const { id } = city.zones[zone];
          const bases = [...baseIds.keys()].filter((base) => covers[base][z]);
          if (bases.length === 0) return void missing.push(`${id}: no base reaches it in time`);
          const move = nearestThatCan(view, cover, bases, moved);
          if (move === null) return void missing.push(`${id}: no unit can be spared`);
          restored.push(id);
          go(move);
        });
        for (const unit of view.freeUnits()) {
          const home = view.homeBaseOf(unit);
          if (moved.has(unit) || cover.baseOf(unit) === home || !cover.canMove(unit, home)) continue;
          const timeMs = view.timeToBase(unit, home);
          if (timeMs < UNREACHED_MS) go({ unit, base: home, timeMs });
        }
        if (moves.length === 0 && missing.length === 0) return null;
        const nHome = moves.length - restored.length;
        const reasons = [
          ...(restored.length > 0 ? [`to cover ${restored.join(', ')}`] : []),
          ...(nHome > 0 ? ['home, as nothing is uncovered by it'] : []),
        ];
        return {
          moves: moves.map(({ unit, base }) => ({ unit, base })),
          reason: reasons.length > 0 ? reasons.join('; ') : 'nobody can restore cover',
          candidates: moves.map(({ base, timeMs }) => ({ base, value: msToSeconds(timeMs) })),
          shortfall: missing.length === 0 ? null : missing.join('; '),
        };
      },
    };
  },
};

interface Move {
  unit: UnitIx;
  base: number;
  timeMs: Ms;
}

/** Who of the free units covers which zone, at the bases they belong to and after the moves made so far. */
class Cover {
  private readonly atBase = new Map<UnitIx, number>();
  private readonly count: number[];

  constructor(
    view: MoveUpView,
    nZones: number,
    private readonly covers: readonly (readonly boolean[])[],
  ) {
    this.count = new Array<number>(nZones).fill(0);
    for (const unit of view.freeUnits()) {
      const base = view.baseOf(unit);
      this.atBase.set(unit, base);
      covers[base].forEach((isCovered, z) => (this.count[z] += Number(isCovered)));
    }
  }

  /** Free units that cover a zone. */
  holders(z: number): number {
    return this.count[z];
  }

  baseOf(unit: UnitIx): number {
    return this.atBase.get(unit)!;
  }

  /** Whether every zone that is covered stays so when a unit goes to a base. */
  canMove(unit: UnitIx, base: number): boolean {
    const from = this.covers[this.baseOf(unit)];
    return this.count.every((n, z) => n !== 1 || !from[z] || this.covers[base][z]);
  }

  move(unit: UnitIx, base: number): void {
    const from = this.covers[this.baseOf(unit)];
    const to = this.covers[base];
    for (let z = 0; z < this.count.length; z++) this.count[z] += Number(to[z]) - Number(from[z]);
    this.atBase.set(unit, base);
  }
}

/** The quickest move of a unit that can be spared to one of the bases; lowest unit, then base, on a tie. */
function nearestThatCan(
  view: MoveUpView,
  cover: Cover,
  bases: readonly number[],
  moved: ReadonlySet<UnitIx>,
): Move | null {
  let best: Move | null = null;
  for (const unit of view.freeUnits()) {
    if (moved.has(unit)) continue;
    for (const base of bases) {
      if (!cover.canMove(unit, base)) continue;
      const timeMs = view.timeToBase(unit, base);
      if (timeMs < (best?.timeMs ?? UNREACHED_MS)) best = { unit, base, timeMs };
    }
  }
  return best;
}

const zonesOf = (city: City, classes: readonly string[]): number[] =>
  city.zones.flatMap((zone, z) => (classes.includes(zone.class) ? [z] : []));

/**
 * By base and zone of the list: whether a unit at the base reaches enough of the zone's road in time, by the profile
 * that most units have, with siren where any call has it. Cost: a bounded search for each base and each distinct time.
 */
function coversOf(
  city: City,
  zones: readonly number[],
  withinS: number | undefined,
  roadShare: number,
): boolean[][] {
  const siren = city.categories.some((category) => category.siren);
  const router = fastestRouter(metricOf(city, usualProfile(city), { siren }));
  const limitsMs = zones.map((zone) =>
    withinS === undefined ? shortestBudgetMs(city, zone)! : secondsToMs(withinS),
  );
  return basesOf(city).positions.map((position) => {
    const reaches = new Map<Ms, Map<SegmentIx, EdgeInterval[]>>();
    return zones.map((zone, z) => {
      let reach = reaches.get(limitsMs[z]);
      if (reach === undefined) {
        reaches.set(limitsMs[z], (reach = bySegment(router.reachFrom(position, limitsMs[z]))));
      }
      const { stretches, lengthMm } = city.zones[zone];
      let reachedMm = 0;
      for (const { segment, fromMm, toMm } of stretches) {
        // what is reached of a segment is disjoint
        for (const part of reach.get(segment) ?? [])
          reachedMm += Math.max(0, Math.min(toMm, part.toMm) - Math.max(fromMm, part.fromMm));
      }
      return lengthMm > 0 && reachedMm >= roadShare * lengthMm;
    });
  });
}

function bySegment(stretches: readonly EdgeInterval[]): Map<SegmentIx, EdgeInterval[]> {
  const lists = new Map<SegmentIx, EdgeInterval[]>();
  for (const stretch of stretches) {
    const list = lists.get(stretch.segment);
    if (list === undefined) lists.set(stretch.segment, [stretch]);
    else list.push(stretch);
  }
  return lists;
}

/** Of all categories; null when no clause speaks of calls in the zone. */
function shortestBudgetMs(city: City, zone: number): Ms | null {
  const budgets = city.categories.flatMap((_, category) => driveBudgetMs(city, zone, category) ?? []);
  return budgets.length === 0 ? null : Math.min(...budgets);
}

function checkZones({ classes, withinS }: Params, city: City) {
  const zones = zonesOf(city, classes);
  if (zones.length === 0) {
    const known = [...new Set(city.zones.map((zone) => zone.class))].join(', ') || 'none';
    return [{ key: 'classes', message: `no zone has any of these classes (classes in use: ${known})` }];
  }
  if (withinS !== undefined) return [];
  const standard = city.scenario.standards[0].id;
  return zones
    .filter((zone) => shortestBudgetMs(city, zone) === null)
    .map((zone) => ({
      key: 'withinS',
      message: `no clause of "${standard}" speaks of calls in zone "${city.zones[zone].id}"; say how long a drive may take`,
    }));
}
