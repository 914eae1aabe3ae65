/** Hours of the run in which no unit is on duty although calls come: an error. Days of shifts and times out of service count. */
import { MS_PER_DAY, type Ms } from '../units.ts';
import { ratePieces } from './call-rates.ts';
import { localMsOfStart, localTimeText } from './local-time.ts';
import type { DemandSpec, ReplayedCalls, RunStart, Scenario } from './scenario.ts';

/** [fromMs, toMs), from the scored start. */
export interface Span {
  fromMs: Ms;
  toMs: Ms;
}

type Roster = Pick<Scenario, 'shifts' | 'units'>;
/** What decides whether somebody is there when calls come. */
export type Duty = Roster &
  Pick<Scenario, 'demand'> & { run: Pick<Scenario['run'], 'start' | 'durationMs' | 'warmUpMs'> };

/** Gaps named in the error. */
const SHOWN = 3;

/** One warning for each shift that no unit works. */
export function idleShifts({ shifts, units }: Roster): string[] {
  const worked = new Set(units.flatMap((unit) => unit.shifts));
  return shifts.filter((_, shift) => !worked.has(shift)).map(({ id }) => `no unit works shift "${id}"`);
}

/**
 * Stretches of [fromMs, toMs), from the scored start, in which no unit is on duty; ascending and apart.
 * Cost O(days x shifts + days x shifts of units that are out of service at times), and a sort of these.
 */
export function unmannedSpans({ shifts, units }: Roster, start: RunStart, fromMs: Ms, toMs: Ms): Span[] {
  const always = new Set(
    units.filter((unit) => unit.outOfService.length === 0).flatMap((unit) => unit.shifts),
  );
  const manned = windowsOf(shifts, [...always], start, fromMs, toMs);
  for (const unit of units) {
    if (unit.outOfService.length === 0) continue;
    const own = windowsOf(shifts, unit.shifts, start, fromMs, toMs).sort((a, b) => a.fromMs - b.fromMs);
    manned.push(...spansWithout(own, unit.outOfService));
  }
  manned.sort((a, b) => a.fromMs - b.fromMs);
  return spansWithout([{ fromMs, toMs }], manned);
}

/** Time on duty of a unit of these shifts within the run, warm-up included. */
export function dutyMs(
  shifts: Scenario['shifts'],
  worked: readonly number[],
  { start, durationMs, warmUpMs }: Pick<Scenario['run'], 'start' | 'durationMs' | 'warmUpMs'>,
): Ms {
  return windowsOf(shifts, worked, start, -warmUpMs, durationMs).reduce(
    (sum, { fromMs, toMs }) => sum + Math.min(toMs, durationMs) - Math.max(fromMs, -warmUpMs),
    0,
  );
}

/** Every time one of the shifts is worked that meets [fromMs, toMs). */
export function windowsOf(
  shifts: Scenario['shifts'],
  worked: readonly number[],
  start: RunStart,
  fromMs: Ms,
  toMs: Ms,
): Span[] {
  const midnightMs = -start.msIntoDay;
  const today = Math.floor(start.hourOfWeek / 24);
  const windows: Span[] = [];
  for (const shift of worked) {
    const { startMs, endMs, days } = shifts[shift];
    const firstDay = Math.floor((fromMs - endMs - midnightMs) / MS_PER_DAY);
    for (let day = firstDay; ; day++) {
      const dayMs = midnightMs + day * MS_PER_DAY;
      if (dayMs + startMs >= toMs) break;
      if (!days[(((today + day) % 7) + 7) % 7] || dayMs + endMs <= fromMs) continue;
      windows.push({ fromMs: dayMs + startMs, toMs: dayMs + endMs });
    }
  }
  return windows;
}

/** What is left of spans when others are taken out. Both in order of their starts; the others may overlap. */
export function spansWithout(spans: readonly Span[], others: readonly Span[]): Span[] {
  const left: Span[] = [];
  for (const { fromMs, toMs } of spans) {
    let at = fromMs;
    for (const other of others) {
      if (other.fromMs >= toMs) break;
      if (other.toMs <= at) continue;
      if (other.fromMs > at) left.push({ fromMs: at, toMs: other.fromMs });
      at = other.toMs;
      if (at >= toMs) break;
    }
    if (at < toMs) left.push({ fromMs: at, toMs });
  }
  return left;
}

/**
 * What is wrong with a roster that leaves nobody on duty while calls come, in words, or null.
 * Cost as of `unmannedSpans`, and O(sources x 168 + hours of the run) or O(gaps x log calls).
 */
export function dutyGap({ shifts, units, demand, run }: Duty): string | null {
  const { start, durationMs, warmUpMs } = run;
  const unmanned = unmannedSpans({ shifts, units }, start, -warmUpMs, durationMs);
  const gaps = whileCallsCome(unmanned, { demand, run });
  if (gaps.length === 0) return null;
  const localText = localTextOf(start);
  const named = gaps
    .slice(0, SHOWN)
    .map(({ fromMs, toMs }) => `from ${localText(fromMs)} to ${localText(toMs)}`);
  const more = gaps.length > SHOWN ? `, and ${gaps.length - SHOWN} times more` : '';
  const remedy = demand.calls === null ? ', or set the rates of these hours to 0' : '';
  return `no unit is on duty ${named.join(', ')}${more}, while calls come in; let a unit work then${remedy}`;
}

/** A time of the run as people write it, to the minute. */
export function localTextOf(start: RunStart): (ms: Ms) => string {
  const startLocalMs = localMsOfStart(start);
  return (ms) => localTimeText(startLocalMs + ms).replace(/(:\d\d)(?::\d\d.*)/, '$1');
}

/** Of spans in order: the parts in which random calls may come, or those in which calls of the file do. */
export const whileCallsCome = (
  spans: readonly Span[],
  { demand, run }: Pick<Duty, 'demand' | 'run'>,
): Span[] => (demand.calls === null ? atRates(spans, demand, run) : atCalls(spans, demand.calls));

/** The parts of spans in which random calls may come. */
function atRates(
  spans: readonly Span[],
  demand: DemandSpec,
  { start, durationMs, warmUpMs }: Duty['run'],
): Span[] {
  const quiet = ratePieces(demand, start, -warmUpMs, durationMs).filter(
    ({ callsPerHour }) => callsPerHour === 0,
  );
  return spansWithout(spans, quiet);
}

/** The spans in which calls of the file occur. */
function atCalls(spans: readonly Span[], { rows }: ReplayedCalls): Span[] {
  return spans.filter(({ fromMs, toMs }) => {
    let low = 0; // the first call from fromMs on
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].occurredMs < fromMs) low = middle + 1;
      else high = middle;
    }
    return low < rows.length && rows[low].occurredMs < toMs;
  });
}
