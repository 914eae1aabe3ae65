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
  const worked = [...new Set(free.flatMap((unit) => unit.shifts))];
  let most = 0;
  // the number only grows where a shift starts, on one of its days
  for (const shift of worked) {
    const { startMs, days } = shifts[shift];
    for (const today of days.keys()) {
      if (!days[today]) continue;
      const moment = { startMs, endMs: startMs + 1, days: days.map((_, day) => day === today) };
      const isOn = shifts.map((other) => sharedMs(other, moment) > 0);
      most = Math.max(most, free.filter((unit) => unit.shifts.some((s) => isOn[s])).length);
    }
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

/** Time of a week in which two units are both on duty. */
function togetherMs(shifts: Shifts, a: UnitOnRoads, b: UnitOnRoads): Ms {
  let ms = 0;
  for (const s of a.shifts) for (const t of b.shifts) ms += sharedMs(shifts[s], shifts[t]);
  return ms;
}

type Window = Pick<Shifts[number], 'startMs' | 'endMs' | 'days'>;

/** Time of a week that two windows share; both come back on their days every week. */
function sharedMs(a: Window, b: Window): Ms {
  let ms = 0;
  for (const later of [-2, -1, 0, 1, 2]) {
    const laterMs = later * MS_PER_DAY;
    const each = Math.min(a.endMs, b.endMs + laterMs) - Math.max(a.startMs, b.startMs + laterMs);
    if (each > 0) ms += each * a.days.filter((begins, day) => begins && b.days[(day + later + 7) % 7]).length;
  }
  return ms;
}
