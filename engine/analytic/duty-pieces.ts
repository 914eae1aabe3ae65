/** Time of a scenario by who is on duty: steady states are for units that stay. */
import { InputError } from '../errors.ts';
import { weekTime } from '../scenario/calendar.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { MS_PER_DAY, MS_PER_HOUR, type Ms, type UnitIx } from '../units.ts';

/** [fromMs, toMs), counted from the Monday 00:00 before the scored start. */
export interface Span {
  fromMs: Ms;
  toMs: Ms;
}

/** All time in which the same units are on duty. */
export interface DutyPiece {
  units: UnitIx[];
  spans: Span[];
  hours: number;
}

/** The scored time, or one hour of the week. @param hour  0 is Monday 00:00 to 01:00; null for the scored time */
export function analysedSpan({ run }: Pick<Scenario, 'run'>, hour: number | null): Span {
  const fromMs =
    hour === null ? run.start.hourOfWeek * MS_PER_HOUR + run.start.msIntoHour : hour * MS_PER_HOUR;
  return { fromMs, toMs: fromMs + (hour === null ? run.durationMs : MS_PER_HOUR) };
}

/**
 * Pieces in order of their first moment. Breaks and times out of service are not looked at.
 * @throws InputError naming the first hour in which nobody is on duty
 * Cost O(days x shifts x units).
 */
export function dutyPieces(
  { shifts, units, fileName }: Pick<Scenario, 'shifts' | 'units' | 'fileName'>,
  span: Span,
): DutyPiece[] {
  const cuts = new Set([span.fromMs, span.toMs]);
  const windows: (Span & { shift: number })[] = [];
  // a shift may have begun the day before, and last two days
  for (let day = Math.floor(span.fromMs / MS_PER_DAY) - 2; day * MS_PER_DAY < span.toMs; day++) {
    shifts.forEach(({ startMs, endMs, days }, shift) => {
      if (!days[((day % 7) + 7) % 7]) return;
      const fromMs = Math.max(span.fromMs, day * MS_PER_DAY + startMs);
      const toMs = Math.min(span.toMs, day * MS_PER_DAY + endMs);
      if (fromMs >= toMs) return;
      windows.push({ fromMs, toMs, shift });
      cuts.add(fromMs).add(toMs);
    });
  }
  windows.sort((a, b) => a.fromMs - b.fromMs);
  const moments = [...cuts].sort((a, b) => a - b);
  const pieces = new Map<string, DutyPiece>();
  const open = new Set<(typeof windows)[number]>();
  let next = 0;
  for (let m = 0; m + 1 < moments.length; m++) {
    const [fromMs, toMs] = [moments[m], moments[m + 1]];
    for (; next < windows.length && windows[next].fromMs <= fromMs; next++) open.add(windows[next]);
    for (const window of open) if (window.toMs <= fromMs) open.delete(window);
    const inShift = new Set([...open].map(({ shift }) => shift));
    const onDuty = [...units.keys()].filter((unit) => units[unit].shifts.some((s) => inShift.has(s)));
    if (onDuty.length === 0) {
      const message = `nobody is on duty from ${weekTime(fromMs)} to ${weekTime(toMs)}; the analytic model needs units at all times`;
      throw InputError.at(fileName, '/units', message);
    }
    const key = onDuty.join(' ');
    let piece = pieces.get(key);
    if (piece === undefined) pieces.set(key, (piece = { units: onDuty, spans: [], hours: 0 }));
    const last = piece.spans.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else piece.spans.push({ fromMs, toMs });
    piece.hours += (toMs - fromMs) / MS_PER_HOUR;
  }
  return [...pieces.values()];
}
