/**
 * Drives of units. A drive is known by its ends, its metric and its time; the roads it takes are looked up only when
 * somebody asks where the unit is on the way, or the log wants them. Which roads these are is fixed by the metric alone.
 */
import { assert } from '../errors.ts';
import { samePosition, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { driveClock, retimed, type DriveClock } from '../routing/drive-clock.ts';
import { RouteClock } from '../routing/route-clock.ts';
import type { Ms } from '../units.ts';
import type { MetricInRun } from './metrics-in-run.ts';
import { setActivity, type Simulation, type UnitActivity, type UnitState } from './state.ts';

export interface Drive {
  from: RoadPosition;
  to: RoadPosition;
  by: MetricInRun;
  /** Course of a planned drive; null for the fastest way. */
  planned: Route | null;
  startMs: Ms;
  /** By the roads, and as it takes with its random factor. */
  roadsMs: Ms;
  travelTimeMs: Ms;
  /** Made when first asked for. */
  clock: DriveClock | null;
}

/** The drive's course with its times. Cost of a route when first asked for. */
export function courseOf(drive: Drive): Route {
  const { planned, by, from, to, roadsMs, travelTimeMs } = drive;
  const route = planned ?? by.router.route(from, to);
  assert(
    route !== null && route.travelTimeMs === roadsMs,
    () => `a drive of ${roadsMs} ms has a course of ${route?.travelTimeMs} ms`,
  );
  return retimed(route, travelTimeMs);
}

/** What says where the unit is: of a planned course all of it, of another as much as is asked for. */
function clockOf(drive: Drive): DriveClock {
  const { planned, by, roadsMs, travelTimeMs } = drive;
  if (planned === null) return driveClock(by.metric, by.router, drive);
  if (travelTimeMs !== roadsMs) return new RouteClock(courseOf(drive), drive.from);
  // planned drives are driven again every day
  let clock = plannedClocks.get(planned);
  if (clock === undefined) plannedClocks.set(planned, (clock = new RouteClock(courseOf(drive), drive.from)));
  return clock;
}

const plannedClocks = new WeakMap<Route, RouteClock>();

/** Where a unit is at a time of its drive, or standing. Times before the drive give its start. */
function positionAt(unit: UnitState, timeMs: Ms): RoadPosition {
  const { drive } = unit;
  if (drive === null) return unit.start;
  const elapsedMs = timeMs - drive.startMs;
  if (elapsedMs <= 0) return drive.from;
  if (elapsedMs >= drive.travelTimeMs) return drive.to;
  drive.clock ??= clockOf(drive);
  return drive.clock.positionAt(elapsedMs);
}

export const positionOf = (sim: Simulation, unit: UnitState): RoadPosition => positionAt(unit, sim.nowMs);

/** Where the dispatcher sees a unit: where it was `positionsStaleMs` ago, if it was on this drive then. */
export const seenPositionOf = (sim: Simulation, unit: UnitState): RoadPosition =>
  positionAt(unit, sim.nowMs - sim.city.scenario.positionsStaleMs);

/** Ends whatever the unit was driving: it stands at `here`, and older events about it are void. */
export function settle(sim: Simulation, unit: UnitState, here: RoadPosition, activity: UnitActivity): void {
  setActivity(sim, unit, activity);
  unit.start = here;
  unit.drive = null;
  unit.epoch++;
}

/** Sets a unit off. Older events about it are void. */
export function setOff(sim: Simulation, unit: UnitState, drive: Drive, activity: UnitActivity): void {
  setActivity(sim, unit, activity);
  unit.start = drive.from;
  unit.drive = drive;
  unit.epoch++;
}

/**
 * The fastest drive that starts now; its roads are not looked up. Plain arguments and not a record of options: made for each
 * call, such a record took a fifth of the time of a run without drives.
 * @param roadsMs  its time, where it is known
 * @param factor   on its time; 1 without a random one
 */
export function fastestDrive(
  sim: Simulation,
  by: MetricInRun,
  from: RoadPosition,
  to: RoadPosition,
  roadsMs: Ms = by.router.timeMs(from, to),
  factor = 1,
): Drive {
  const travelTimeMs = factor === 1 ? roadsMs : Math.round(roadsMs * factor);
  return { from, to, by, planned: null, startMs: sim.nowMs, roadsMs, travelTimeMs, clock: null };
}

/** Whether a unit stands at its base. */
export function isAtBase(sim: Simulation, unit: UnitState): boolean {
  if (unit.drive !== null) return false;
  const base = sim.setup.bases.positions[unit.base];
  return unit.start === base || samePosition(sim.city.graph, unit.start, base);
}

export const metricNow = (sim: Simulation, profile: string, siren: boolean): MetricInRun =>
  sim.setup.metrics.at(sim.nowMs, profile, siren);
