/** Hours of the run in which fewer units are on duty than a call may ask for: a warning for each category. */
import type { Ms } from '../units.ts';
import { localTextOf, whileCallsCome, windowsOf, type Duty, type Span } from './duty-gaps.ts';
import { listed } from './problems.ts';
import type { DemandCategory } from './scenario.ts';

/**
 * One warning for each category whose calls may find too few units in their shifts that have its skills. Times out of
 * service and breaks, which pass, do not count. Cost O(categories x days x shifts).
 */
export function thinDuty(duty: Duty, skillNames: readonly string[]): string[] {
  const localText = localTextOf(duty.run.start);
  return duty.demand.categories.flatMap((category) => {
    const spans = whileCallsCome(thinSpans(duty, category), duty);
    if (spans.length === 0) return [];
    const [{ fromMs, toMs }] = spans;
    const { id, units, skills } = category;
    const names = skillNames.filter((_, bit) => (skills & (1 << bit)) !== 0);
    return [
      `calls of category "${id}" ask for ${units === 1 ? 'a unit' : `${units} units`}` +
        `${names.length === 0 ? '' : ` with ${listed(names)}`}, and fewer are on duty ` +
        `from ${localText(fromMs)} to ${localText(toMs)}` +
        `${spans.length > 1 ? ` (and ${spans.length - 1} times more)` : ''}: ` +
        'such a call waits for the next shift, with the units that it has',
    ];
  });
}

/** Stretches of the run in which fewer units are on duty than the category asks for; ascending and apart. */
function thinSpans({ shifts, units, run }: Duty, category: DemandCategory): Span[] {
  const { start, durationMs, warmUpMs } = run;
  const able = units.filter(({ skills }) => (skills & category.skills) === category.skills);
  const nOnShift = shifts.map((_, shift) => able.filter((unit) => unit.shifts.includes(shift)).length);
  /** Changes of the number on duty. */
  const changes = shifts.flatMap((_, shift) =>
    windowsOf(shifts, nOnShift[shift] > 0 ? [shift] : [], start, -warmUpMs, durationMs).flatMap(
      ({ fromMs, toMs }) => [
        { atMs: fromMs, by: nOnShift[shift] },
        { atMs: toMs, by: -nOnShift[shift] },
      ],
    ),
  );
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
