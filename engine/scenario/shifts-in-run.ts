/** Which shifts fall into a run. What is said of a run leaves out the others: nobody works them. */
import { windowsOf } from './duty-gaps.ts';
import type { Scenario } from './scenario.ts';

type Roster = Pick<Scenario, 'shifts'> & { run: Pick<Scenario['run'], 'start' | 'durationMs' | 'warmUpMs'> };

/** By shift, whether it is worked at some time of the run, warm-up included. Cost O(shifts x days of the run). */
export const shiftsInRun = ({ shifts, run: { start, durationMs, warmUpMs } }: Roster): boolean[] =>
  shifts.map((_, shift) => windowsOf(shifts, [shift], start, -warmUpMs, durationMs).length > 0);

/** Whether a unit is on duty at some time of the run. */
export function worksInRun(scenario: Roster): (unit: { shifts: readonly number[] }) => boolean {
  const inRun = shiftsInRun(scenario);
  return ({ shifts }) => shifts.some((shift) => inRun[shift]);
}
