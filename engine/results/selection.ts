/** Which calls a group or a clause speaks of. */
import { MS_PER_DAY, MS_PER_HOUR, type Ms } from '../units.ts';
import { zoneClassOf, type CallLabels } from './call-record.ts';
import type { Selection } from './call-source.ts';

/**
 * Whether a call is picked: by indices of its category and zone, and when it occurred. The hour of day is the local hour
 * of occurrence; [from, to), over midnight where from > to.
 * @param msIntoDay  from the local midnight before the scored start to the start
 */
export function selectorOf(
  selection: Selection,
  labels: CallLabels,
  msIntoDay: Ms,
): (category: number, zone: number, occurredMs: Ms) => boolean {
  const picked = pickedCategories(selection, labels);
  const classes = selection.zoneClass && new Set(selection.zoneClass);
  const { zone: onlyZone, hourOfDay: hours } = selection;
  return (category, zone, occurredMs) =>
    picked[category] === 1 &&
    (onlyZone === undefined || zone === onlyZone) &&
    (classes === undefined || classes.has(zoneClassOf(labels, zone))) &&
    (hours === undefined || isInHours(msIntoDay + occurredMs, hours));
}

/** 1 for each category that a selection picks. */
export function pickedCategories({ category, priority }: Selection, labels: CallLabels): Uint8Array {
  const ids = category && new Set(category);
  const priorities = priority && new Set(priority);
  return Uint8Array.from(labels.categories, (each) =>
    (ids === undefined || ids.has(each.id)) && (priorities === undefined || priorities.has(each.priority))
      ? 1
      : 0,
  );
}

/** @param localMs  from any local midnight */
function isInHours(localMs: Ms, [from, to]: readonly [number, number]): boolean {
  const hour = (((localMs % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY) / MS_PER_HOUR;
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** `zone class core or key, priority 1, from 20:00 to 06:00`; `all calls`. */
export function describeSelector({ zoneClass, category, priority, hourOfDay }: Selection): string {
  const parts: string[] = [];
  if (zoneClass) parts.push(`zone class ${zoneClass.join(' or ')}`);
  if (category) parts.push(`category ${category.join(' or ')}`);
  if (priority) parts.push(`priority ${priority.join(' or ')}`);
  if (hourOfDay) parts.push(`from ${clockText(hourOfDay[0])} to ${clockText(hourOfDay[1])}`);
  return parts.length > 0 ? parts.join(', ') : 'all calls';
}

function clockText(hours: number): string {
  const minutes = Math.round(hours * 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
