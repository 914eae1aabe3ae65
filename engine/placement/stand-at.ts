/** Who stands where once sites are open: units without a post are dealt out over the sites that nobody holds. */
import type { City, UnitOnRoads } from '../city/city.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { MS_PER_DAY, NONE, type Ms } from '../units.ts';
import { placeKey } from './candidates.ts';
import { listNames } from './placement.ts';

type Shifts = City['scenario']['shifts'];

/** Units without a post that are on duty at the same moment, at most. */
export function freeUnitsTogether({ units, scenario: { shifts } }: City): number {
  const free = units.filter((unit) => unit.post === NONE);
  // The number only grows where a shift starts.
  const starts = new Set(free.flatMap((unit) => unit.shifts.map((shift) => shifts[shift].startMs)));
  let most = 0;
  for (const startMs of starts) {
    const moment = { startMs, endMs: startMs + 1 };
    const together = free.filter((unit) => unit.shifts.some((s) => sharedMs(shifts[s], moment) > 0));
    most = Math.max(most, together.length);
  }
  return most;
}

/**
 * The city with its free units at the sites that opened: each takes, in order of unit, the site where the fewest units
 * on duty at the same time as itself already stand (the lowest on a tie), among those that no unit with a post holds. So
 * sites are held around the clock as far as units reach; sites that nobody holds are named in a warning.
 */
export function standAt(
  city: City,
  { candidates }: { candidates: readonly { name: string; position: RoadPosition }[] },
  open: readonly number[],
): City {
  const { graph, report, scenario } = city;
  const posted = city.units.filter((unit) => unit.post !== NONE);
  const manned = new Set(posted.map(({ home }) => placeKey(graph, home)));
  const isManned = (site: number): boolean => manned.has(placeKey(graph, candidates[site].position));
  const unmanned = open.filter((site) => !isManned(site));
  const sites = unmanned.length > 0 ? unmanned : [...open];
  const dealt: UnitOnRoads[][] = sites.map(() => []);
  const units = city.units.map((unit) => {
    if (unit.post !== NONE) return unit;
    let best = 0;
    let leastMs = Infinity;
    dealt.forEach((others, i) => {
      const ms = others.reduce((sum, other) => sum + togetherMs(scenario.shifts, unit, other), 0);
      if (ms < leastMs) [best, leastMs] = [i, ms];
    });
    dealt[best].push(unit);
    return { ...unit, home: candidates[sites[best]].position };
  });
  const empty = unmanned.filter((_, i) => dealt[i].length === 0).map((site) => candidates[site].name);
  if (empty.length === 0) return { ...city, units };
  const warning =
    `${empty.length} of ${open.length} open sites are held by no unit, and what only they cover is not covered: ` +
    listNames(empty);
  return { ...city, units, report: { ...report, warnings: [...report.warnings, warning] } };
}

/** Time of a day in which two units are both on duty. */
function togetherMs(shifts: Shifts, a: UnitOnRoads, b: UnitOnRoads): Ms {
  let ms = 0;
  for (const s of a.shifts) for (const t of b.shifts) ms += sharedMs(shifts[s], shifts[t]);
  return ms;
}

interface Window {
  startMs: Ms;
  endMs: Ms;
}

/** Time that one occurrence of `a` shares with all occurrences of `b`; both come back every day. */
function sharedMs(a: Window, b: Window): Ms {
  let ms = 0;
  for (const day of [-2, -1, 0, 1, 2]) {
    const shiftMs = day * MS_PER_DAY;
    ms += Math.max(0, Math.min(a.endMs, b.endMs + shiftMs) - Math.max(a.startMs, b.startMs + shiftMs));
  }
  return ms;
}
