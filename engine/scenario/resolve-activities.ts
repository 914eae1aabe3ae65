/** Activities: their laws, and the units that do them. */
import { refuseRepeats } from './look-up.ts';
import { indexById, notAName } from './problems.ts';
import { resolveLaw } from './resolve-law.ts';
import type { Resolving } from './resolving.ts';
import type { ActivitySpec, UnitSpec } from './scenario.ts';

/**
 * @param units  undefined when they are at fault: then references to them are not judged
 * @returns activities in the order of the file, or undefined when one is wrong
 */
export async function resolveActivities(
  resolving: Resolving,
  units: readonly UnitSpec[] | undefined,
): Promise<ActivitySpec[] | undefined> {
  const { json, problems } = resolving;
  if (json.activities === undefined) return undefined;
  const before = problems.count;
  indexById(
    json.activities,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/activities/${ix}/id` }),
    problems,
  );
  const unitsByName = units && json.units ? namesOfUnits(json.units, units) : undefined;
  const activities: ActivitySpec[] = [];
  for (const [ix, activity] of json.activities.entries()) {
    const path = ['activities', ix];
    const { id, name = id, perUnitHour, interruptibleBy } = activity;
    const duration = await resolveLaw(resolving, activity.durationS, [...path, 'durationS']);
    const doers = new Set<number>(activity.units === undefined ? units?.keys() : []);
    refuseRepeats(resolving, [...path, 'units'], activity.units ?? []);
    for (const [n, unit] of (activity.units ?? []).entries()) {
      if (unitsByName === undefined) break;
      const found = unitsByName.get(unit);
      if (found === undefined)
        resolving.refuse([...path, 'units', n], notAName(unit, 'a unit', [...unitsByName.keys()]));
      found?.forEach((each) => doers.add(each));
    }
    if (duration === undefined) continue;
    const sorted = [...doers].sort((a, b) => a - b);
    activities.push({ id, name, perUnitHour, duration, interruptibleBy, units: sorted });
  }
  return problems.count > before ? undefined : activities;
}

/** Units by their own id, and by the id under which the scenario lists several of them with a count. */
function namesOfUnits(
  given: readonly { id: string; count: number }[],
  units: readonly UnitSpec[],
): Map<string, number[]> {
  const names = new Map<string, number[]>();
  let next = 0;
  for (const { id, count } of given) {
    const group = Array.from({ length: count }, (_, n) => next + n);
    if (count > 1) names.set(id, group);
    next += count;
  }
  units.forEach(({ id }, unit) => names.set(id, [unit]));
  return names;
}
