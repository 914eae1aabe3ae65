/** Writes the event log of one replication and the drives it refers to. */
import { assert } from '../errors.ts';
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { NONE, type Ms } from '../units.ts';
import { emptyLog, kindNumber, type EventKind, type EventLog, type LoggedRoute } from './event-log.ts';

/** Drives of a patrol plan in the order that numbers them: duty by duty, round by round, approach and work of each leg, then the way home. */
export function plannedRoutes(plan: PatrolPlan): Route[] {
  return plan.duties.flatMap((duty) =>
    duty.rounds.flatMap((round) => [...round.legs.flatMap((leg) => [leg.approach, leg.work]), round.wayHome]),
  );
}

export function toLoggedRoute({ steps }: Route): LoggedRoute {
  return {
    segment: Uint32Array.from(steps, (s) => s.segment),
    fromMm: Uint32Array.from(steps, (s) => s.fromMm),
    toMm: Uint32Array.from(steps, (s) => s.toMm),
    endMs: Uint32Array.from(steps, (s) => s.endMs),
  };
}

export class Recorder {
  readonly log: EventLog;
  /** Drives made up during this replication, numbered after the planned ones. */
  readonly routes: LoggedRoute[] = [];
  private readonly numbers: Map<Route, number>;
  private readonly nPlanned: number;

  constructor(replication: number, planned: readonly Route[]) {
    this.numbers = new Map(planned.map((route, i) => [route, i]));
    this.nPlanned = planned.length;
    this.log = emptyLog(replication);
  }
  row(
    timeMs: Ms,
    kind: EventKind,
    fields: { call?: number; unit?: number; at?: RoadPosition; route?: Route; detail?: string },
  ): void {
    const { log } = this;
    assert(++log.nEvents <= LIMITS.eventsPerReplication, 'more events in a replication than the limit');
    log.timeMs.push(timeMs);
    log.kind.push(kindNumber(kind));
    log.call.push(fields.call ?? NONE);
    log.unit.push(fields.unit ?? NONE);
    log.segment.push(fields.at?.segment ?? NONE);
    log.offsetMm.push(fields.at?.offsetMm ?? NONE);
    log.route.push(fields.route === undefined ? NONE : this.numberOf(fields.route));
    log.detail.push(fields.detail ?? '');
  }

  /**
   * Planned drives keep their number of the plan; others get the next free one when they are first
   * driven. A drive of no length has none.
   */
  private numberOf(route: Route): number {
    if (route.steps.length === 0) return NONE;
    let number = this.numbers.get(route);
    if (number === undefined) {
      this.routes.push(toLoggedRoute(route));
      number = this.nPlanned + this.routes.length - 1;
      this.numbers.set(route, number);
    }
    return number;
  }
}
