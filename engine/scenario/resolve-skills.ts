/** Skills: every name that units and categories use gets a bit. */
import { listed, notAName } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { DemandCategory, UnitSpec } from './scenario.ts';

/** What a signed 32-bit number holds without its two highest bits. */
const MOST_SKILLS = 30;

/** Names by bit, in order of first use; undefined when there are too many. */
export function resolveSkills(resolving: Resolving): string[] | undefined {
  const { units = [], demand } = resolving.json;
  const names = new Set<string>();
  const lists = [
    ...units.map(({ skills }, ix) => ({ skills, path: ['units', ix, 'skills'] })),
    ...(demand?.categories ?? []).map(({ skills }, ix) => ({
      skills,
      path: ['demand', 'categories', ix, 'skills'],
    })),
  ];
  for (const { skills, path } of lists) {
    for (const [ix, name] of skills.entries()) {
      names.add(name);
      if (names.size <= MOST_SKILLS) continue;
      resolving.refuse(
        [...path, ix],
        `is the ${MOST_SKILLS + 1}st skill; allowed: at most ${MOST_SKILLS}; before it: ${listed([...names].slice(0, -1))}`,
      );
      return undefined;
    }
  }
  return [...names];
}

/** The bits of a list of skills. */
export const skillBits = (skills: readonly string[], names: readonly string[]): number =>
  skills.reduce((bits, name) => bits | (1 << names.indexOf(name)), 0);

/** Refuses categories whose calls no unit, or too few, could ever answer. */
export function checkNeeds(
  resolving: Resolving,
  categories: readonly DemandCategory[],
  units: readonly UnitSpec[],
  names: readonly string[],
): void {
  const present = units.reduce((bits, unit) => bits | unit.skills, 0);
  const known = names.filter((_, bit) => (present & (1 << bit)) !== 0);
  for (const [ix, category] of categories.entries()) {
    const path = ['demand', 'categories', ix];
    const { skills = [] } = resolving.json.demand?.categories[ix] ?? {};
    const absent = skills.findIndex((name) => !known.includes(name));
    if (absent >= 0) {
      resolving.refuse(
        [...path, 'skills', absent],
        notAName(skills[absent], 'a skill that any unit has', known),
      );
      continue;
    }
    const able = units.filter((unit) => (unit.skills & category.skills) === category.skills).length;
    if (able === 0) {
      resolving.refuse([...path, 'skills'], `no unit has all of ${listed(skills)}`);
    } else if (able < category.units) {
      const which = skills.length === 0 ? '' : ` with ${listed(skills)}`;
      resolving.refuse(
        [...path, 'units'],
        `${category.units} units are asked for; there are ${able}${which}`,
      );
    }
  }
}
