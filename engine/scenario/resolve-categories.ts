/** Categories of calls: their laws, and the names they refer to. */
import { refuseRepeats } from './look-up.ts';
import { indexById, notAName, shown } from './problems.ts';
import { resolveLaw } from './resolve-law.ts';
import { skillBits } from './resolve-skills.ts';
import type { Resolving } from './resolving.ts';
import type { DemandCategory, Scenario } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type CategoryJson = ScenarioJson['demand']['categories'][number];

/**
 * @param destinations, skills  undefined when they are at fault: then references to them are not judged
 * @returns categories in the order of the file, or undefined when one is wrong
 */
export async function resolveCategories(
  resolving: Resolving,
  destinations: Scenario['destinations'] | undefined,
  skills: readonly string[] | undefined,
): Promise<DemandCategory[] | undefined> {
  const { json, problems } = resolving;
  if (json.demand === undefined) return undefined;
  const before = problems.count;
  const given: readonly CategoryJson[] = json.demand.categories;
  const categoryIx = indexById(
    given,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/demand/categories/${ix}/id` }),
    problems,
  );
  const kinds = destinations && [...new Set(destinations.map(({ kind }) => kind))];
  const categories: DemandCategory[] = [];
  for (const [ix, category] of given.entries()) {
    const path = ['demand', 'categories', ix];
    refuseRepeats(resolving, [...path, 'skills'], category.skills);
    const resolved = await resolveCategory(resolving, category, path, kinds, categoryIx);
    if (resolved === undefined) continue;
    categories.push({ ...resolved, skills: skills ? skillBits(category.skills, skills) : 0 });
  }
  if (problems.count > before) return undefined;
  refuseCircles(resolving, categories);
  return problems.count > before ? undefined : categories;
}

/** All but its skills; undefined when a law of it is wrong. */
async function resolveCategory(
  resolving: Resolving,
  category: CategoryJson,
  path: readonly PropertyKey[],
  kinds: readonly string[] | undefined,
  categoryIx: ReadonlyMap<string, number> | undefined,
): Promise<DemandCategory | undefined> {
  const { id, name = id, priority, siren, units, release, triageShare, transport } = category;
  // calls of a file have no shares, and nothing follows from them
  const { share = 0, linked, repeat } = 'share' in category ? category : {};
  const onScene = await resolveLaw(resolving, category.onSceneS, [...path, 'onSceneS']);
  const handover =
    transport && (await resolveLaw(resolving, transport.handoverS, [...path, 'transport', 'handoverS']));
  const report =
    category.reportS === undefined
      ? null
      : await resolveLaw(resolving, category.reportS, [...path, 'reportS']);
  const linkDelay = linked && (await resolveLaw(resolving, linked.delayS, [...path, 'linked', 'delayS']));
  const repeatDelay = repeat && (await resolveLaw(resolving, repeat.delayS, [...path, 'repeat', 'delayS']));
  if (transport !== undefined && kinds?.includes(transport.kind) === false) {
    const message = notAName(transport.kind, 'a kind that any destination has', kinds);
    resolving.refuse([...path, 'transport', 'kind'], message);
  }
  let linkedTo = 0;
  if (linked !== undefined) {
    const at = [...path, 'linked', 'category'];
    if (linked.category === id) {
      resolving.refuse(at, `${shown(id)} is the category itself; a call that comes again is a "repeat"`);
    } else if (categoryIx !== undefined) {
      const found = categoryIx.get(linked.category);
      if (found === undefined)
        resolving.refuse(at, notAName(linked.category, 'a category', [...categoryIx.keys()]));
      else linkedTo = found;
    }
  }
  if (onScene === undefined || report === undefined) return undefined;
  return {
    id,
    name,
    priority,
    share,
    siren,
    onScene,
    skills: 0,
    units,
    release,
    triageShare,
    transport: transport && handover ? { share: transport.share, kind: transport.kind, handover } : null,
    report,
    linked: linked && linkDelay ? { share: linked.share, category: linkedTo, delay: linkDelay } : null,
    repeat: repeat && repeatDelay ? { share: repeat.share, delay: repeatDelay } : null,
  };
}

/** Calls that bring each other about without end. */
function refuseCircles(resolving: Resolving, categories: readonly DemandCategory[]): void {
  const reported = new Set<number>();
  for (const first of categories.keys()) {
    const chain = [first];
    for (let next = categories[first].linked?.category; next !== undefined;) {
      if (next === first) {
        if (!chain.some((each) => reported.has(each))) {
          const names = [...chain, first].map((each) => categories[each].id).join(' → ');
          const message = `leads back to where it starts: ${names}`;
          resolving.refuse(['demand', 'categories', chain.at(-1)!, 'linked', 'category'], message);
        }
        chain.forEach((each) => reported.add(each));
      }
      if (chain.includes(next)) break;
      chain.push(next);
      next = categories[next].linked?.category;
    }
  }
}
