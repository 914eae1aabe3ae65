/** Lists of names: each must be known, and none may stand twice. */
import { notAName, shown } from './problems.ts';
import type { Resolving } from './resolving.ts';

/**
 * @param path   of the list
 * @param index  position of each known name; undefined when that list is at fault: then only repeats are refused
 * @param what   such as `a zone`
 * @returns positions of the names that are known, in the order given
 */
export function lookUpNames(
  resolving: Resolving,
  path: readonly PropertyKey[],
  names: readonly string[],
  index: ReadonlyMap<string, number> | undefined,
  what: string,
): number[] {
  refuseRepeats(resolving, path, names);
  if (index === undefined) return [];
  return names.flatMap((name, ix) => {
    const found = index.get(name);
    if (found === undefined) resolving.refuse([...path, ix], notAName(name, what, [...index.keys()]));
    return found === undefined ? [] : [found];
  });
}

/** Notes each name that stands in the list already. */
export function refuseRepeats(
  resolving: Resolving,
  path: readonly PropertyKey[],
  names: readonly string[],
): void {
  const seen = new Set<string>();
  names.forEach((name, ix) => {
    if (seen.has(name)) resolving.refuse([...path, ix], `${shown(name)} is named twice`);
    seen.add(name);
  });
}

/** Positions of ids in a list that is sound. */
export const positionsOf = (list: readonly { id: string }[]): Map<string, number> =>
  new Map(list.map(({ id }, ix) => [id, ix]));
