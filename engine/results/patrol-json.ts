/** patrol.json: which unit drives which tasks when, what the plan leaves out, and how each line was matched. */
import type { City } from '../city/city.ts';
import { taskName, type PatrolPlan } from '../patrol/patrol.ts';
import { msToSeconds } from '../units.ts';

export function patrolJson(city: City, plan: PatrolPlan): object {
  const { shifts } = city.scenario;
  return {
    version: 1,
    policy: plan.policy,
    duties: plan.duties.map(({ unit, shift, rounds }) => ({
      unit: city.units[unit].id,
      shift: shifts[shift].id,
      rounds: rounds.map((round) => ({
        startS: msToSeconds(round.startMs),
        durationS: msToSeconds(round.durationMs),
        lengthM: Math.round(
          round.legs.reduce(
            (sum, leg) => sum + leg.approach.lengthMm + leg.work.lengthMm,
            round.wayHome.lengthMm,
          ) / 1000,
        ),
        tasks: round.legs.map((leg) => taskName(city, leg.task)),
      })),
    })),
    unplanned: plan.unplanned.map(({ shift, task, count, cause }) => ({
      shift: shifts[shift].id,
      task: taskName(city, task),
      count,
      cause,
    })),
    lines: city.lines.map(({ id, name, match, along, against }) => ({
      id,
      name,
      ...match,
      segmentsAlong: along.length,
      segmentsAgainst: against.length,
    })),
  };
}
