/** The shape of a stopped replication's state: every field, of which type and in which range, as its run allows. */
import { z } from 'zod';
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { LIMITS } from '../limits.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { NONE, type Ms } from '../units.ts';
import { CALL_ENDS } from './outcome.ts';
import { plannedRoutes } from './recorder.ts';
import type { SavedReplication } from './saved-run.ts';
import type { UnitActivity } from './state.ts';

/** Every activity: whether it serves a call, is a drive, and is on a leg of a round. */
export const ACTIVITIES: Readonly<Record<UnitActivity, { onCall?: true; drives?: true; onLeg?: true }>> = {
  offDuty: {},
  standing: {},
  approaching: { drives: true, onLeg: true },
  working: { drives: true, onLeg: true },
  dwelling: { onLeg: true },
  goingHome: { drives: true },
  movingUp: { drives: true },
  assigned: { onCall: true },
  turningOut: { onCall: true },
  enRoute: { onCall: true, drives: true },
  onScene: { onCall: true },
  transporting: { onCall: true, drives: true },
  handingOver: { onCall: true },
  reporting: { onCall: true },
  returning: { drives: true },
  onBreak: {},
  outOfService: {},
  onActivity: {},
};
const ACTIVITY_NAMES = Object.keys(ACTIVITIES) as [UnitActivity, ...UnitActivity[]];

/** Longest text, in characters, of those that say why a call waits. */
const LONGEST_TEXT = 10_000;

/** Fields that belong together, such as a unit and its call, are held to each other in `check-saved.ts`. */
export function savedSchema(city: City, plan: PatrolPlan): z.ZodType<SavedReplication> {
  const { graph, units, categories, zones, scenario } = city;
  const { shifts, activities, traffic, patrol } = scenario;
  /** Whole milliseconds, or a time that never comes or came. */
  const time = z.custom<Ms>(
    (value) => Number.isSafeInteger(value) || value === Infinity || value === -Infinity,
    {
      error: 'is no time',
    },
  );
  const span = z.int().min(0);
  const index = (length: number) =>
    z
      .int()
      .min(0)
      .max(Math.max(0, length - 1));
  const orNone = (length: number) => z.union([z.literal(NONE), index(length)]);
  const text = z.string().max(LONGEST_TEXT);
  const position = z
    .object({ segment: index(graph.nSegments), offsetMm: span })
    .refine(({ segment, offsetMm }) => offsetMm <= graph.segmentLengthMm[segment], 'lies beyond its segment');
  const profiles = [...new Set([patrol.profile, ...units.map(({ profile }) => profile)])];
  const nPlanned = plannedRoutes(plan).length;
  const drive = z.strictObject({
    from: position,
    to: position,
    by: z.strictObject({
      profile: z.enum(profiles as [string, ...string[]]),
      siren: z.boolean(),
      period: orNone(traffic.periods.length),
    }),
    planned: nPlanned === 0 ? z.null() : index(nPlanned).nullable(),
    startMs: z.int(),
    roadsMs: span,
    travelTimeMs: span,
  });
  const whose = { call: index(LIMITS.callsPerReplication), unit: orNone(units.length) };
  const unit = z.strictObject({
    ix: index(units.length),
    activity: z.enum(ACTIVITY_NAMES),
    start: position,
    drive: drive.nullable(),
    epoch: index(2 ** 32),
    base: index(basesOf(city).positions.length),
    call: whose.call.nullable(),
    dispatchedMs: time,
    enRouteMs: time,
    isPresent: z.boolean(),
    onSceneEndMs: time,
    expectedMs: span,
    expectedPeriod: orNone(traffic.periods.length),
    shift: orNone(shifts.length),
    shiftStartMs: time,
    shiftEndMs: time,
    isInOvertime: z.boolean(),
    onDutySinceMs: time,
    duty: plan.duties.length === 0 ? z.null() : index(plan.duties.length).nullable(),
    round: span,
    leg: span,
    roundOpen: z.boolean(),
    tookCall: z.boolean(),
    tookOtherWork: z.boolean(),
    breaks: z
      .array(z.strictObject({ dueMs: z.int(), leftMs: z.int(), interruptibleBy: index(10) }))
      .max(1000),
    mustLeaveService: z.boolean(),
    sinceMs: time,
    doing: orNone(activities.length),
    interruptibleBy: index(10),
    busyMs: span,
    onDutyMs: span,
    overtimeMs: span,
    breakMs: span,
    activityMs: span,
    outOfServiceMs: span,
  });
  const count = index(LIMITS.callsPerReplication);
  const call = z.strictObject({
    call: whose.call,
    end: z.enum(CALL_ENDS),
    category: index(categories.length),
    zone: orNone(zones.length),
    occurredMs: z.int(),
    receivedMs: time,
    readyMs: time,
    unit: whose.unit,
    dispatchedMs: time,
    enRouteMs: time,
    arrivedMs: time,
    unitsWanted: index(units.length + 0x10000),
    staffedMs: time,
    clearedMs: time,
    waitedMs: span,
    waitedToDispatchMs: span,
    waitingSinceMs: time,
    phase: z.enum(['handling', 'waiting', 'inService', 'ended']),
    place: position,
    triaged: z.boolean(),
    transported: z.boolean(),
    onSceneLeftMs: span,
    cutShortMs: z.array(span).max(0x10000),
    handoverMs: span,
    reportMs: span,
    key: index(2 ** 32),
    nSent: index(units.length + 1),
    nPresent: index(units.length + 1),
    nDone: index(0x10000),
    lead: whose.unit,
    isNew: z.boolean(),
    isQueued: z.boolean(),
    heldReason: text,
  });
  const numbers = z.array(z.number());
  return z.strictObject({
    replication: z.int().min(1).max(LIMITS.replications),
    nowMs: z.int(),
    nOccurred: count,
    units: z.array(unit).length(units.length),
    open: z.array(call).max(LIMITS.callsPerReplication),
    events: z.array(numbers.length(4)).max(LIMITS.callsPerReplication),
    counts: z.strictObject({
      occurred: count,
      handling: count,
      waiting: count,
      inService: count,
      cleared: count,
      triaged: count,
      lost: count,
      beyondLimit: count,
    }),
    log: z
      .strictObject({
        rows: z.strictObject({
          timeMs: numbers,
          kind: numbers,
          call: numbers,
          unit: numbers,
          segment: numbers,
          offsetMm: numbers,
          route: numbers,
        }),
        detail: z.array(z.string()).max(LIMITS.eventsPerReplication),
        drives: z.array(drive),
      })
      .nullable(),
  });
}
