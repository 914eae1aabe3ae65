/** Standards: presets by name, from files, in place; and what they select that the scenario does not have. */
import { notAName } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { KnownNames, Scenario } from './scenario.ts';
import type { StandardJson } from './schema.ts';
import { checkedStandard } from './standards.ts';
import { parseStrictJson } from './strict-json.ts';

/** @returns standards in the order of the file, or undefined when one is wrong */
export async function resolveStandards(resolving: Resolving): Promise<StandardJson[] | undefined> {
  const { json, known, problems, checker, fileName } = resolving;
  if (json.standards === undefined) return undefined;
  const before = problems.count;
  const standards: StandardJson[] = [];
  const firstUse = new Map<string, number>();
  for (const [ix, ref] of json.standards.entries()) {
    const path = ['standards', ix];
    let standard: StandardJson | undefined;
    if (typeof ref === 'string') {
      standard = Object.hasOwn(known.standards, ref) ? known.standards[ref] : undefined;
      if (standard === undefined) {
        resolving.refuse(
          path,
          `${notAName(ref, 'a preset', Object.keys(known.standards))}, {"file": …} or a standard`,
        );
      }
    } else if ('file' in ref) {
      const source = await resolving.read(ref.file, [...path, 'file']);
      standard =
        source &&
        (await problems.gather(() =>
          checkedStandard(parseStrictJson(source.bytes, source.name), source.name, '', checker, problems),
        ));
    } else {
      standard = checkedStandard(ref, fileName, `/standards/${ix}`, checker, problems);
    }
    if (standard === undefined) continue;
    const first = firstUse.get(standard.id);
    if (first === undefined) firstUse.set(standard.id, ix);
    else resolving.refuse(path, `the standard "${standard.id}" is used twice; first at /standards/${first}`);
    standards.push(standard);
  }
  return problems.count > before ? undefined : standards;
}

/** A category or priority that the demand does not know selects nothing: a slip in a standard of one's own. */
export function unknownSelections(
  { demand, standards }: Pick<Scenario, 'demand' | 'standards'>,
  presets: KnownNames['standards'],
): string[] {
  const known = {
    category: demand.categories.map(({ id }) => id),
    priority: [...new Set(demand.categories.map(({ priority }) => priority))],
  };
  return standards
    .filter(({ id }) => !Object.hasOwn(presets, id))
    .flatMap(({ id, clauses }) =>
      clauses.flatMap((clause) =>
        (['category', 'priority'] as const).flatMap((key) =>
          (clause.selector[key] ?? [])
            .filter((name) => !(known[key] as (string | number)[]).includes(name))
            .map(
              (name) =>
                `clause "${clause.id}" of the standard "${id}" selects ${key} ${JSON.stringify(name)}, which no call has`,
            ),
        ),
      ),
    );
}

/** Calls in zones of a class that no clause selects are scored by none: worth saying, since a typo looks the same. */
export function unselectedClasses({ zones, standards }: Pick<Scenario, 'zones' | 'standards'>): string[] {
  const classes = [...new Set(zones.map((zone) => zone.class))];
  return standards.flatMap(({ id, clauses }) => {
    if (clauses.some(({ selector }) => selector.zoneClass === undefined)) return [];
    const selected = new Set(clauses.flatMap(({ selector }) => selector.zoneClass ?? []));
    const missed = classes.filter((each) => !selected.has(each));
    return missed.length === 0
      ? []
      : [
          `no clause of the standard "${id}" speaks of zones of class ${missed.join(', ')}; their calls are not in it`,
        ];
  });
}
