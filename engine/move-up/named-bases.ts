/** Bases as scenarios name them. */
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { didYouMean } from '../scenario/problems.ts';

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
    return [{ key: `${key}/${i}`, message: `"${name}" is not a base${didYouMean(name, ids)}` }];
  });
}
