/** The groups of calls that figures are given for: all, by zone class, by priority, by zone. */
import { NO_ZONE_CLASS } from '../../scenario/schema.ts';
import type { CallLabels } from '../call-record.ts';
import type { Selection } from '../call-source.ts';
import type { RunFacts } from '../run-facts.ts';

interface CallGroup {
  /** `all`, `zoneClass:core`, `priority:1`, `zone:ID`. */
  group: string;
  label: string;
  selection: Selection;
}

/** What people read for a group by zone class, or for all calls. */
export function groupLabel(zoneClass: string | null): string {
  if (zoneClass === null) return 'All calls';
  return zoneClass === NO_ZONE_CLASS ? 'Outside every zone' : `Zone class ${zoneClass}`;
}

/** Priorities that categories have, most urgent first. */
export const prioritiesOf = ({ categories }: Pick<CallLabels, 'categories'>): number[] =>
  [...new Set(categories.map((category) => category.priority))].sort((a, b) => a - b);

/** All calls, and each priority. */
export const priorityGroups = (facts: Pick<CallLabels, 'categories'>) => [
  { group: 'all', label: groupLabel(null), priority: null },
  ...prioritiesOf(facts).map((priority) => ({
    group: `priority:${priority}`,
    label: `Priority ${priority}`,
    priority,
  })),
];

/**
 * All calls; each zone class in order of the zones, and `none` where calls lie outside every zone; each priority from 1;
 * each zone. Classes add up to all, and so do priorities.
 */
export function callGroups(facts: RunFacts, hasCallsOutside: boolean): CallGroup[] {
  const { zones } = facts;
  const classes = [
    ...new Set([...zones.map((zone) => zone.class), ...(hasCallsOutside ? [NO_ZONE_CLASS] : [])]),
  ];
  return [
    { group: 'all', label: groupLabel(null), selection: {} },
    ...classes.map((name) => ({
      group: `zoneClass:${name}`,
      label: groupLabel(name),
      selection: { zoneClass: [name] },
    })),
    ...prioritiesOf(facts).map((priority) => ({
      group: `priority:${priority}`,
      label: `Priority ${priority}`,
      selection: { priority: [priority] },
    })),
    ...zones.map((zone, ix) => ({ group: `zone:${zone.id}`, label: zone.name, selection: { zone: ix } })),
  ];
}
