/** Surges: their times from the scored start, one for each day of a list of dates. */
import { lookUpNames, positionsOf } from './look-up.ts';
import type { Places } from './resolve-places.ts';
import { type LocalSpan, resolveDate, resolveSpan } from './resolve-times.ts';
import type { Resolving } from './resolving.ts';
import type { DemandCategory, SurgeSpec } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type SurgeJson = Extract<ScenarioJson['demand'], { type: 'poisson' }>['surges'][number];

/**
 * @param categories, zones  undefined when they are at fault: then references to them are not judged
 * @returns surges in the order of the file, or undefined when one is wrong
 */
export function resolveSurges(
  resolving: Resolving,
  given: readonly SurgeJson[],
  categories: readonly DemandCategory[] | undefined,
  zones: Places['zones'],
  startLocalMs: number | undefined,
): SurgeSpec[] | undefined {
  const { problems } = resolving;
  const before = problems.count;
  const categoryIx = categories && positionsOf(categories);
  const zoneIx = zones && positionsOf(zones);
  const surges: SurgeSpec[] = [];
  for (const [ix, surge] of given.entries()) {
    const path = ['demand', 'surges', ix];
    const spans: (LocalSpan | undefined)[] = [];
    const { from, to, dates } = surge;
    const isSpan = from !== undefined || to !== undefined;
    if (isSpan === (dates !== undefined)) {
      const what = isSpan ? 'has its times twice' : 'has no times';
      resolving.refuse(path, `${what}; give either "from" and "to" or "dates"`);
    } else if (dates !== undefined) {
      dates.forEach((date, d) =>
        spans.push(resolveDate(resolving, date, [...path, 'dates', d], startLocalMs)),
      );
    } else if (from === undefined || to === undefined) {
      const absent = from === undefined ? 'from' : 'to';
      resolving.refuse([...path, absent], 'is missing; a surge has both "from" and "to"');
    } else {
      spans.push(resolveSpan(resolving, { from, to }, path, startLocalMs));
    }
    const about = {
      factor: surge.factor,
      categories:
        surge.categories === undefined
          ? null
          : lookUpNames(resolving, [...path, 'categories'], surge.categories, categoryIx, 'a category'),
      zones:
        surge.zones === undefined
          ? null
          : lookUpNames(resolving, [...path, 'zones'], surge.zones, zoneIx, 'a zone'),
    };
    for (const span of spans) if (span !== undefined) surges.push({ ...span, ...about });
  }
  return problems.count > before ? undefined : surges;
}
