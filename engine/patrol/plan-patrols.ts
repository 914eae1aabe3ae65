/** The rounds of a city's units, by the policy that its scenario names. */
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import { shiftsInRun } from '../scenario/shifts-in-run.ts';
import type { PatrolPlan } from './patrol.ts';
import { planPatrol } from './plan-check.ts';
import { PATROL_POLICIES } from './policies.ts';

/** Only of the shifts that fall into the run. */
export function planPatrols(city: City): PatrolPlan {
  const { scenario } = city;
  const policy = PATROL_POLICIES.find((p) => p.type === scenario.patrol.type)!;
  const inRun = shiftsInRun(scenario);
  const plan = planPatrol(policy, {
    router: fastestRouter(metricOf(city, scenario.patrol.profile, { siren: false })),
    shifts: scenario.shifts,
    // a unit that answers from its post stands there: it has no rounds
    units: city.units.map((unit) => ({
      ...unit,
      shifts: unit.answersFrom === 'post' ? [] : unit.shifts.filter((shift) => inRun[shift]),
    })),
    points: city.points,
    lines: city.lines,
  });
  return { ...plan, unplanned: plan.unplanned.filter(({ shift }) => inRun[shift]) };
}
