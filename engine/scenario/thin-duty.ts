/** Hours of the run in which fewer units are on duty than a call may ask for: a warning for each category. */
import { MS_PER_HOUR, type Ms } from '../units.ts';
import { localTextOf, spansWithout, whileCallsCome, windowsOf, type Duty, type Span } from './duty-gaps.ts';
import { listed } from './problems.ts';
import type { DemandCategory, DemandSpec } from './scenario.ts';

/** Stretches named in a warning; the others are counted. */
const SHOWN = 3;

/**
 * One warning for each category whose calls may find too few units in their shifts, and not out of service, that have its
 * skills. Skills are all that a call asks of a unit: its kind is for people, and has the skills that the scenario gives it.
 * Breaks do not count, they pass. Calls that others bring about are taken to come when those come.
 * Cost O(categories x days x (shifts + units that are out of service at times)), and for each category with such hours that
 * of its rates.
 */
export function thinDuty(duty: Duty, skillNames: readonly string[]): string[] {
  const localText = localTextOf(duty.run.start);
  return duty.demand.categories.flatMap((category, ix) => {
    const thin = thinSpans(duty, category);
    if (thin.length === 0) return [];
    const spans = whileCallsCome(thin, { demand: demandOf(duty.demand, ix), run: duty.run });
    if (spans.length === 0) return [];
    const { id, units, skills } = category;
    const names = skillNames.filter((_, bit) => (skills & (1 << bit)) !== 0);
    const named = spans
      .slice(0, SHOWN)
      .map(({ fromMs, toMs }) => `from ${localText(fromMs)} to ${localText(toMs)}`);
    const others = spans.length - named.length;
    const more = others > 0 ? `${others} ${others === 1 ? 'time' : 'times'} more, ` : '';
    const hours = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / MS_PER_HOUR;
    return [
      `calls of category "${id}" ask for ${units === 1 ? 'a unit' : `${units} units`}` +
        `${names.length === 0 ? '' : ` with ${listed(names)}`}, and fewer are on duty and in service ` +
        `${named.join(', ')} (${more}${Number(hours.toFixed(2))} hours in all): ` +
        'such a call waits until there are more, with the units that it has',
    ];
  });
}

/** What of the demand may lead to calls of a category: its own, and those that are linked to it in one or more steps. */
function demandOf({ categories, sources, surges, calls }: DemandSpec, category: number): DemandSpec {
  const leads = new Set([category]);
  // a set takes in what is added while it is gone through
  for (const to of leads) {
    categories.forEach(({ linked }, from) => {
      if (linked !== null && linked.share > 0 && linked.category === to) leads.add(from);
    });
  }
  return {
    categories,
    sources: sources.filter(({ categoryShares }) => [...leads].some((each) => categoryShares[each] > 0)),
    surges,
    calls: calls && { ...calls, rows: calls.rows.filter((row) => leads.has(row.category)) },
  };
}

/** Stretches of the run in which fewer units are on duty than the category asks for; ascending and apart. */
function thinSpans({ shifts, units, run }: Duty, category: DemandCategory): Span[] {
  const { start, durationMs, warmUpMs } = run;
  const able = units.filter(({ skills }) => (skills & category.skills) === category.skills);
  /** Changes of the number on duty. */
  const changes: { atMs: Ms; by: number }[] = [];
  const count = (windows: readonly Span[], by: number): void => {
    for (const { fromMs, toMs } of windows) changes.push({ atMs: fromMs, by }, { atMs: toMs, by: -by });
  };
  const nOnShift = new Float64Array(shifts.length);
  for (const unit of able) {
    if (unit.outOfService.length === 0) {
      for (const shift of unit.shifts) nOnShift[shift]++;
      continue;
    }
    const own = windowsOf(shifts, unit.shifts, start, -warmUpMs, durationMs);
    count(
      spansWithout(
        own.sort((a, b) => a.fromMs - b.fromMs),
        unit.outOfService,
      ),
      1,
    );
  }
  nOnShift.forEach((n, shift) => {
    if (n > 0) count(windowsOf(shifts, [shift], start, -warmUpMs, durationMs), n);
  });
  changes.sort((a, b) => a.atMs - b.atMs);

  const spans: Span[] = [];
  let nOnDuty = 0;
  let atMs = -warmUpMs;
  const goOnTo = (toMs: Ms): void => {
    if (toMs <= atMs) return;
    const last = spans.at(-1);
    if (nOnDuty < category.units) {
      if (last?.toMs === atMs) last.toMs = toMs;
      else spans.push({ fromMs: atMs, toMs });
    }
    atMs = toMs;
  };
  for (const change of changes) {
    goOnTo(Math.min(change.atMs, durationMs));
    nOnDuty += change.by;
  }
  goOnTo(durationMs);
  return spans;
}
