/** The groups of calls that figures are given for: all, by zone class, by priority, by zone. */
import { NONE } from '../../units.ts';
import { NO_ZONE_CLASS } from '../../scenario/schema.ts';
import { zoneClassOf, type CallRecords } from '../call-record.ts';
import type { CallSelector } from '../response-sample.ts';
import type { RunFacts } from '../run-facts.ts';

export interface CallGroup {
  /** `all`, `zoneClass:core`, `priority:1`, `zone:ID`. */
  group: string;
  label: string;
  selects: CallSelector;
}

/** What people read for a group by zone class, or for all calls. */
export function groupLabel(zoneClass: string | null): string {
  if (zoneClass === null) return 'All calls';
  return zoneClass === NO_ZONE_CLASS ? 'Outside every zone' : `Zone class ${zoneClass}`;
}

/**
 * All calls; each zone class in order of the zones, and `none` where calls lie outside every zone; each priority from 1;
 * each zone. Classes add up to all, and so do priorities.
 */
export function callGroups(facts: RunFacts, replications: readonly { calls: CallRecords }[]): CallGroup[] {
  const { categories, zones } = facts;
  const isOutside = replications.some(({ calls }) =>
    calls.zone.some((zone, call) => zone === NONE && calls.atMs.occurred[call] >= 0),
  );
  const classes = [...new Set([...zones.map((zone) => zone.class), ...(isOutside ? [NO_ZONE_CLASS] : [])])];
  const priorities = [...new Set(categories.map((category) => category.priority))].sort((a, b) => a - b);
  return [
    { group: 'all', label: groupLabel(null), selects: () => true },
    ...classes.map((name) => ({
      group: `zoneClass:${name}`,
      label: groupLabel(name),
      selects: (calls: CallRecords, call: number) => zoneClassOf(facts, calls.zone[call]) === name,
    })),
    ...priorities.map((priority) => ({
      group: `priority:${priority}`,
      label: `Priority ${priority}`,
      selects: (calls: CallRecords, call: number) => categories[calls.category[call]].priority === priority,
    })),
    ...zones.map((zone, ix) => ({
      group: `zone:${zone.id}`,
      label: zone.name,
      selects: (calls: CallRecords, call: number) => calls.zone[call] === ix,
    })),
  ];
}
