/** Shifts: times of day and days of the week; and which shifts a unit works. */
import { MS_PER_DAY, secondsToMs } from '../units.ts';
import { refuseRepeats } from './look-up.ts';
import { indexById, notAName, shown } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { Scenario } from './scenario.ts';
import { DAYS } from './schema.ts';

type Shifts = Scenario['shifts'];

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
  for (const [ix, { startS, endS, days }] of json.shifts.entries()) {
    refuseRepeats(resolving, ['shifts', ix, 'days'], days);
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
  return json.shifts.map(({ id, startS, endS, days }) => ({
    id,
    startMs: secondsToMs(startS),
    endMs: secondsToMs(endS),
    days: DAYS.map((day) => days.includes(day)),
  }));
}

/** Indices of the shifts of one unit; no two of them may overlap, also not over midnight. */
export function lookUpShifts(
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

/** Both come back every week, so each of one is compared with the other of the day before, the same and the next day. */
const overlap = (a: Shifts[number], b: Shifts[number]): boolean =>
  [-1, 0, 1].some(
    (later) =>
      a.startMs < b.endMs + later * MS_PER_DAY &&
      b.startMs + later * MS_PER_DAY < a.endMs &&
      a.days.some((begins, day) => begins && b.days[(day + later + 7) % 7]),
  );
