/** Bases as scenarios name them. */
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { nearestName } from '../errors.ts';

/** How many candidates are stored with a decision, for people who ask why. */
export const CANDIDATES_KEPT = 3;

/** Indices of bases by their names, which have passed `unknownBases`. */
export function basesByName(city: City, names: readonly string[]): number[] {
  const { ids } = basesOf(city);
  return names.map((name) => ids.indexOf(name));
}

/** A problem for each name that no base has. @param key  of the list */
export function unknownBases(city: City, names: readonly string[], key: string) {
  const { ids } = basesOf(city);
  return names.flatMap((name, i) => {
    if (ids.includes(name)) return [];
    const near = nearestName(name, ids);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return [{ key: `${key}/${i}`, message: `"${name}" is not a base${hint}` }];
  });
}
