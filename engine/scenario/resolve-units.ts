/** Shifts and units: times of day, posts and shifts looked up, counts expanded. */
import { LIMITS } from '../limits.ts';
import { MS_PER_DAY, secondsToMs } from '../units.ts';
import { indexById, notAName, shown } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { Scenario } from './scenario.ts';

type Shifts = Scenario['shifts'];
type Units = Scenario['units'];

/** @returns shifts in the order of the file, or undefined when one is wrong */
export function resolveShifts(resolving: Resolving): Shifts | undefined {
  const { json, problems } = resolving;
  if (json.shifts === undefined) return undefined;
  const before = problems.count;
  indexById(
    json.shifts,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/shifts/${ix}/id` }),
    problems,
  );
  for (const [ix, { startS, endS }] of json.shifts.entries()) {
    if (endS <= startS) {
      const next = endS + 86400 > startS ? `; a shift that ends next day ends at ${endS + 86400}` : '';
      resolving.refuse(['shifts', ix, 'endS'], `${endS} is not after its start ${startS}${next}`);
    } else if (endS - startS > 86400) {
      resolving.refuse(
        ['shifts', ix, 'endS'],
        `${endS} makes the shift ${endS - startS} s long; allowed: at most 86400, since shifts come back every day`,
      );
    }
  }
  if (problems.count > before) return undefined;
  return json.shifts.map(({ id, startS, endS }) => ({
    id,
    startMs: secondsToMs(startS),
    endMs: secondsToMs(endS),
    days: [true, true, true, true, true, true, true],
  }));
}

/**
 * @param posts   undefined when they are at fault: then references to them are not judged
 * @param shifts, profiles  likewise
 * @returns units with counts expanded (`id-1`, `id-2`…), or undefined when something is wrong
 */
export function resolveUnits(
  resolving: Resolving,
  posts: Scenario['posts'] | undefined,
  shifts: Shifts | undefined,
  profiles: readonly string[] | undefined,
): Units | undefined {
  const { json, problems } = resolving;
  if (json.units === undefined) return undefined;
  const before = problems.count;
  const total = json.units.reduce((sum, { count }) => sum + count, 0);
  if (total > LIMITS.units) {
    resolving.refuse(['units'], `${total} units, counts included; allowed: at most ${LIMITS.units}`);
    return undefined;
  }

  const postIx = posts && new Map(posts.map(({ id }, ix) => [id, ix]));
  const shiftIx = shifts && new Map(shifts.map(({ id }, ix) => [id, ix]));
  const firstUse = new Map<string, number>();
  const units: Units = [];
  for (const [ix, unit] of json.units.entries()) {
    const path = ['units', ix];
    if (unit.post === undefined) {
      if (!resolving.given.has('placement')) {
        resolving.refuse(
          [...path, 'post'],
          'is missing; a unit without a post needs a "placement" that gives it a site',
        );
      }
    } else if (postIx !== undefined && !postIx.has(unit.post)) {
      resolving.refuse([...path, 'post'], notAName(unit.post, 'a post', [...postIx.keys()]));
    }
    if (profiles?.includes(unit.profile) === false) {
      resolving.refuse([...path, 'profile'], notAName(unit.profile, 'a speed profile', profiles));
    }
    const onShifts = shifts && shiftIx ? lookUpShifts(resolving, unit.shifts, ix, shifts, shiftIx) : [];

    for (let n = 1; n <= unit.count; n++) {
      const id = unit.count === 1 ? unit.id : `${unit.id}-${n}`;
      const first = firstUse.get(id);
      if (first !== undefined) {
        resolving.refuse([...path, 'id'], `${shown(id)} is used twice; first at /units/${first}/id`);
        break;
      }
      firstUse.set(id, ix);
      const post = unit.post === undefined ? null : (postIx?.get(unit.post) ?? null);
      units.push({
        id,
        post,
        shifts: onShifts,
        profile: unit.profile,
        kind: 'car',
        skills: 0,
        answersFrom: 'anywhere',
        sector: [],
        breaks: [],
        outOfService: [],
      });
    }
  }
  return problems.count > before ? undefined : units;
}

/** Indices of the shifts of one unit; no two of them may overlap, also not over midnight. */
function lookUpShifts(
  resolving: Resolving,
  ids: readonly string[],
  unit: number,
  shifts: Shifts,
  shiftIx: ReadonlyMap<string, number>,
): number[] {
  const found: number[] = [];
  for (const [ix, id] of ids.entries()) {
    const path = ['units', unit, 'shifts', ix];
    const shift = shiftIx.get(id);
    if (shift === undefined) {
      resolving.refuse(path, notAName(id, 'a shift', [...shiftIx.keys()]));
      continue;
    }
    const other = found.find((each) => overlap(shifts[each], shifts[shift]));
    if (other !== undefined) {
      resolving.refuse(path, `${shown(id)} overlaps the shift ${shown(shifts[other].id)} of the same unit`);
    }
    found.push(shift);
  }
  return found;
}

/** Both come back every day, so each is compared with the other of yesterday, today and tomorrow. */
const overlap = (a: Shifts[number], b: Shifts[number]): boolean =>
  [-1, 0, 1].some((day) => a.startMs < b.endMs + day * MS_PER_DAY && b.startMs + day * MS_PER_DAY < a.endMs);
