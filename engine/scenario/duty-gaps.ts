/** Hours of the run in which no unit is on duty: calls wait there, which is rarely meant. Shifts recur every day. */
import { MS_PER_DAY, MS_PER_HOUR, type Ms } from '../units.ts';
import type { Scenario } from './scenario.ts';

/** One warning for each shift that no unit works, and one for each stretch of the day that nobody covers. */
export function dutyGaps({ shifts, units, run }: Pick<Scenario, 'shifts' | 'units' | 'run'>): string[] {
  const worked = new Set(units.flatMap((unit) => unit.shifts));
  const idle = shifts.filter((_, shift) => !worked.has(shift)).map(({ id }) => `no unit works shift "${id}"`);

  const runFromMs = run.start.msIntoDay - run.warmUpMs;
  const runToMs = Math.min(run.start.msIntoDay + run.durationMs, runFromMs + MS_PER_DAY);
  const firstDay = Math.floor(runFromMs / MS_PER_DAY) - 2; // a shift may have begun the day before, and last two days
  const lastDay = Math.floor(runToMs / MS_PER_DAY);
  const covered: { startMs: Ms; endMs: Ms }[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    for (const shift of worked) {
      const { startMs, endMs } = shifts[shift];
      covered.push({ startMs: startMs + day * MS_PER_DAY, endMs: endMs + day * MS_PER_DAY });
    }
  }
  covered.sort((a, b) => a.startMs - b.startMs);

  const gaps: { fromMs: Ms; toMs: Ms }[] = [];
  let coveredToMs = runFromMs;
  for (const { startMs, endMs } of [...covered, { startMs: runToMs, endMs: runToMs }]) {
    if (startMs > coveredToMs && coveredToMs < runToMs) {
      gaps.push({ fromMs: coveredToMs, toMs: Math.min(startMs, runToMs) });
    }
    coveredToMs = Math.max(coveredToMs, endMs);
  }
  // of a run around the clock the first and the last gap are one
  const last = gaps.at(-1);
  if (gaps.length > 1 && gaps[0].fromMs === runFromMs && last?.toMs === runFromMs + MS_PER_DAY) {
    gaps[0].fromMs = last.fromMs;
    gaps.pop();
  }
  return [
    ...idle,
    ...gaps.map(
      ({ fromMs, toMs }) =>
        `no unit is on duty from ${timeOfDay(fromMs)} to ${timeOfDay(toMs)}; calls then wait for the next shift`,
    ),
  ];
}

function timeOfDay(ms: Ms): string {
  const intoDay = ((ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  const two = (whole: number): string => String(Math.floor(whole)).padStart(2, '0');
  return `${two(intoDay / MS_PER_HOUR)}:${two((intoDay % MS_PER_HOUR) / 60_000)}`;
}
