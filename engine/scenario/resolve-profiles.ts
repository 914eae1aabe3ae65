/** Profiles of the scenario's own: ids, what they are based on, and the names in their tables. */
import { indexById, notAName } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { Scenario } from './scenario.ts';

/** @returns profiles in the order of the file, or undefined when one is wrong */
export function resolveProfiles(resolving: Resolving): Scenario['profiles'] | undefined {
  const { json, known, problems } = resolving;
  if (json.profiles === undefined) return undefined;
  const before = problems.count;
  indexById(
    json.profiles,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/profiles/${ix}/id` }),
    problems,
  );
  for (const [ix, profile] of json.profiles.entries()) {
    const path = ['profiles', ix];
    if (known.profiles.includes(profile.id)) {
      resolving.refuse([...path, 'id'], `"${profile.id}" is the name of a built-in profile; choose another`);
    }
    const bases = [...known.profiles, ...json.profiles.slice(0, ix).map(({ id }) => id)];
    if (!bases.includes(profile.base)) {
      resolving.refuse([...path, 'base'], notAName(profile.base, 'a profile to start from', bases));
    }
    lookUpKeys(resolving, [...path, 'classKph'], profile.classKph, 'a road class', known.roadClasses);
    lookUpKeys(resolving, [...path, 'surfaceFactor'], profile.surfaceFactor, 'a surface', known.surfaces);
    lookUpKeys(
      resolving,
      [...path, 'junctionDelayS'],
      profile.junctionDelayS,
      'met at a junction',
      known.controls,
    );
    const lists = [
      { at: [...path, 'exempt'], names: profile.exempt },
      { at: [...path, 'siren', 'exempt'], names: profile.siren ? profile.siren.exempt : undefined },
    ];
    for (const { at, names = [] } of lists) {
      names.forEach((name, n) => {
        if (!known.exemptions.includes(name))
          resolving.refuse([...at, n], notAName(name, 'an exemption', known.exemptions));
      });
    }
  }
  return problems.count > before ? undefined : json.profiles;
}

/** Every name that `profile` keys may use; undefined when the scenario's own are at fault: then they are not judged. */
export const profileNames = (
  { known }: Resolving,
  profiles: Scenario['profiles'] | undefined,
): string[] | undefined => profiles && [...known.profiles, ...profiles.map(({ id }) => id)];

/** One warning for each profile of the scenario's own that nothing travels by, and no other such profile starts from. */
export function idleProfiles({
  profiles,
  units,
  patrol,
}: Pick<Scenario, 'profiles' | 'units' | 'patrol'>): string[] {
  const used = new Set([patrol.profile, ...units.map(({ profile }) => profile)]);
  for (const { id, base } of [...profiles].reverse()) if (used.has(id)) used.add(base);
  return profiles.filter(({ id }) => !used.has(id)).map(({ id }) => `nobody travels by the profile "${id}"`);
}

/** Refuses keys of a table that are no names. */
export function lookUpKeys(
  resolving: Resolving,
  path: readonly PropertyKey[],
  table: Readonly<Record<string, number>> | undefined,
  what: string,
  names: readonly string[],
): void {
  for (const key of Object.keys(table ?? {})) {
    if (!names.includes(key)) resolving.refuse([...path, key], notAName(key, what, names));
  }
}
