/**
 * A replication stopped at a simulated time, as plain data that text can hold. Gone on with, it gives the bytes that the
 * unbroken run gives: nothing is kept that is not in here, and no random draw depends on what was drawn before.
 */
import { assert } from '../errors.ts';
import type { Ms } from '../units.ts';
import type { Drive } from './driving.ts';
import { awaitNextCall } from './intake.ts';
import { SIM } from './event-queue.ts';
import { retimedCourse } from './patrolling.ts';
import type { SavedRows } from './recorder.ts';
import { startReplication, type SimulationOptions } from './simulate.ts';
import { isFree, type CallState, type Simulation, type SimulationSetup, type UnitState } from './state.ts';

/** A drive by what it is made from. */
interface SavedDrive extends Omit<Drive, 'by' | 'planned' | 'clock'> {
  by: { profile: string; siren: boolean; period: number };
  /** Number of its course in the patrol plan, null for the fastest way. */
  planned: number | null;
}

interface SavedUnit extends Omit<UnitState, 'of' | 'drive' | 'duty' | 'call'> {
  drive: SavedDrive | null;
  /** Index into the duties of the plan, null without. */
  duty: number | null;
  call: number | null;
}

export interface SavedReplication {
  replication: number;
  /** Everything up to and including this time has happened. */
  nowMs: Ms;
  /** Calls that have occurred: the stream goes on behind them. */
  nOccurred: number;
  units: SavedUnit[];
  open: CallState[];
  /** In order of occurrence. */
  events: number[][];
  counts: Simulation['counts'];
  log: SavedRows<SavedDrive> | null;
}

/** The state of a replication that was run until some time. Cost O(units + open calls + rows). */
export function saveReplication(sim: Simulation): SavedReplication {
  assert(
    sim.redeployments.length === 0 && sim.newCalls.length === 0 && sim.dispatchDueMs === -Infinity,
    'a run can be saved between two instants only',
  );
  return {
    replication: sim.replication,
    nowMs: sim.nowMs,
    nOccurred: sim.counts.occurred,
    units: sim.units.map((unit) => savedUnit(sim, unit)),
    open: [...sim.open.values(), ...reported(sim)].map((call) => ({ ...call })),
    // the call that comes next is the stream's affair
    events: sim.events.save().filter(([, kind]) => kind !== SIM.callOccurred),
    counts: { ...sim.counts },
    log: sim.recorder?.save((drive) => savedDrive(sim, drive)) ?? null,
  };
}

function savedUnit(sim: Simulation, unit: UnitState): SavedUnit {
  const { drive, duty, call } = unit;
  const plain: Partial<UnitState> = { ...unit };
  delete (plain as { of?: unknown }).of;
  return {
    ...(plain as Omit<UnitState, 'of'>),
    breaks: unit.breaks.map((due) => ({ ...due })),
    drive: drive && savedDrive(sim, drive),
    duty: duty && sim.setup.plan.duties.indexOf(duty),
    call: call && call.call,
  };
}

/** Calls that are over, but for which somebody still writes. */
const reported = (sim: Simulation): CallState[] => [
  ...new Set(sim.units.flatMap(({ call }) => (call !== null && call.phase === 'ended' ? [call] : []))),
];

function savedDrive(sim: Simulation, drive: Drive): SavedDrive {
  const { from, to, by, planned, startMs, roadsMs, travelTimeMs } = drive;
  return {
    from,
    to,
    by: { profile: by.profile, siren: by.siren, period: by.period },
    planned: planned === null ? null : plannedNumber(sim, planned),
    startMs,
    roadsMs,
    travelTimeMs,
  };
}

/** Of a planned course, or of the one that it is with the times of a period. */
function plannedNumber(sim: Simulation, course: NonNullable<Drive['planned']>): number {
  const { plannedNumber } = sim.setup;
  const own = plannedNumber.get(course);
  if (own !== undefined) return own;
  for (const ofMetric of sim.retimed.values()) {
    for (const [planned, retimed] of ofMetric) if (retimed === course) return plannedNumber.get(planned)!;
  }
  throw new Error('Broken invariant: a planned drive is of no plan');
}

/**
 * Takes up a saved replication.
 * @param setup  of the same scenario, seed and version
 * @param options  as the replication was started with; the log goes on where it was
 */
export function resumeReplication(
  setup: SimulationSetup,
  saved: SavedReplication,
  options: Omit<SimulationOptions, 'log'> = {},
): Simulation {
  const sim = startReplication(setup, saved.replication, { ...options, log: saved.log !== null });
  sim.events.clear();
  skipCalls(sim, saved.nOccurred);
  sim.nowMs = saved.nowMs;
  Object.assign(sim.counts, saved.counts);

  const calls = new Map<number, CallState>();
  for (const call of saved.open) {
    const state = { ...call };
    calls.set(state.call, state);
    if (state.phase === 'ended') continue;
    sim.open.set(state.call, state);
    if (state.isQueued) sim.queue.add(state);
  }
  saved.units.forEach((savedUnit, u) => {
    const { drive, duty, call, ...plain } = savedUnit;
    const unit = sim.units[u];
    Object.assign(unit, plain, {
      breaks: plain.breaks.map((due) => ({ ...due })),
      drive: drive && madeDrive(sim, drive),
      duty: duty === null ? null : setup.plan.duties[duty],
      call: call === null ? null : calls.get(call)!,
    });
    if (isFree(unit)) sim.nFree++;
    if (unit.interruptibleBy > 0) sim.nInterruptible++;
    sim.finder?.hasMoved(unit);
  });
  for (const [timeMs, kind, entity, epoch] of saved.events) sim.events.push(timeMs, kind, entity, epoch);
  awaitNextCall(sim);
  if (saved.log !== null) sim.recorder!.restore(saved.log, (drive) => madeDrive(sim, drive));
  return sim;
}

function madeDrive(sim: Simulation, { by, planned, ...plain }: SavedDrive): Drive {
  const metric = sim.setup.metrics.of(by.profile, by.siren, by.period);
  return {
    ...plain,
    by: metric,
    planned: planned === null ? null : retimedCourse(sim, metric, sim.setup.plannedRoutes[planned]),
    clock: null,
  };
}

/** Lets the stream pass what has occurred. Cost of drawing it. */
function skipCalls(sim: Simulation, nOccurred: number): void {
  while (sim.block !== null && sim.firstOfBlock + sim.block.nCalls < nOccurred) {
    sim.firstOfBlock += sim.block.nCalls;
    sim.block = sim.stream.next();
    if (sim.block !== null) sim.recorder?.takeBlock(sim.block);
  }
  sim.nextRow = nOccurred - sim.firstOfBlock;
}
