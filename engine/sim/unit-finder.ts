/**
 * Finds the nearest available units of a large fleet without timing all of them. Units that stand at their base are found
 * through a table of times from bases; units anywhere else through bounds (`routing/roving-units.ts`). The answer is the
 * one that timing every unit gives.
 */
import type { Candidate } from '../dispatch/dispatch.ts';
import type { Landmarks } from '../routing/landmarks.ts';
import type { Metric } from '../routing/metric.ts';
import type { PlaceTimer } from '../routing/place-timer.ts';
import type { PostTable } from '../routing/post-table.ts';
import { RovingUnits } from '../routing/roving-units.ts';
import { UNREACHED_MS, type UnitIx } from '../units.ts';
import { metricNow, seenPositionOf } from './driving.ts';
import { isAvailable } from './fleet-views.ts';
import type { MetricInRun } from './metrics-in-run.ts';
import { isFree, type CallState, type Simulation, type UnitState } from './state.ts';

/** Fleets up to this size are timed as a whole: that costs no tables. */
export const SMALL_FLEET = 24;

/** What finders of a thread share. */
export interface FinderTables {
  landmarks(): Landmarks;
  placeTimers: Map<Metric, PlaceTimer>;
  postTable(metric: MetricInRun): PostTable;
}

export class UnitFinder {
  readonly #tables: FinderTables;
  readonly #profiles: readonly string[];
  /** Units that stand at each base, in order of unit. */
  readonly #atBase: UnitIx[][];
  readonly #baseOf: Int32Array;
  /** 1 for each base with a unit. */
  readonly #isManned: Uint8Array;
  #nAtBase = 0;
  #roving: RovingUnits | null = null;
  readonly #nUnits: number;
  /** Units whose place here may be out of date, each once. */
  readonly #moved: UnitState[] = [];
  readonly #isMoved: Uint8Array;

  constructor(
    tables: FinderTables,
    { profiles, nUnits, nBases }: { profiles: readonly string[]; nUnits: number; nBases: number },
  ) {
    this.#tables = tables;
    this.#profiles = profiles;
    this.#nUnits = nUnits;
    this.#atBase = Array.from({ length: nBases }, () => []);
    this.#baseOf = new Int32Array(nUnits).fill(-1);
    this.#isManned = new Uint8Array(nBases);
    this.#isMoved = new Uint8Array(nUnits);
  }

  /** The unit has changed what it does or where it is going. */
  hasMoved(unit: UnitState): void {
    if (this.#isMoved[unit.ix] === 1) return;
    this.#isMoved[unit.ix] = 1;
    this.#moved.push(unit);
  }

  nearest(sim: Simulation, call: CallState, count: number): Candidate[] {
    if (count < 1) return [];
    this.#follow(sim);
    const found: Candidate[] = [];
    const { siren } = sim.city.categories[call.category];
    for (const profile of this.#profiles) {
      const metric = metricNow(sim, profile, siren);
      // where most units are, the first look is likely to bar the others
      const isRovingFirst = this.#nAtBase < (this.#roving?.size ?? 0);
      if (isRovingFirst) this.#fromAnywhere(sim, call, count, metric, profile, found);
      this.#fromBases(sim, call, count, metric, profile, found);
      if (!isRovingFirst) this.#fromAnywhere(sim, call, count, metric, profile, found);
    }
    return found;
  }

  /** Bases come in order of their time, so the first units found there are the nearest. */
  #fromBases(
    sim: Simulation,
    call: CallState,
    count: number,
    metric: MetricInRun,
    profile: string,
    found: Candidate[],
  ): void {
    if (this.#nAtBase === 0) return;
    const { nearest } = this.#tables.postTable(metric);
    const limitMs = found.length < count ? UNREACHED_MS : found[count - 1].travelTimeMs;
    nearest.open(call.place, this.#isManned, limitMs);
    for (
      let base = nearest.next();
      base >= 0;
      // once there are enough, only bases at the same time matter, which may hold lower units
      base = nearest.next(found.length < count ? UNREACHED_MS : found[count - 1].travelTimeMs)
    ) {
      const { timeMs } = nearest;
      for (const unit of this.#atBase[base]) {
        const state = sim.units[unit];
        if (state.of.profile === profile && isAvailable(sim, state, call)) offer(found, unit, timeMs, count);
      }
    }
  }

  #fromAnywhere(
    sim: Simulation,
    call: CallState,
    count: number,
    { metric }: MetricInRun,
    profile: string,
    found: Candidate[],
  ): void {
    const roving = this.#roving;
    if (roving === null || roving.size === 0) return;
    const candidates = roving.nearest({
      metric,
      to: call.place,
      nowMs: sim.nowMs,
      count,
      staleMs: sim.city.scenario.positionsStaleMs,
      // those beyond what stands at a base do not matter
      ...(found.length < count ? {} : { limitMs: found[count - 1].travelTimeMs }),
      positionOf: (unit) => seenPositionOf(sim, sim.units[unit]),
      accept: (unit) => sim.units[unit].of.profile === profile && isAvailable(sim, sim.units[unit], call),
    });
    for (const { unit, travelTimeMs } of candidates) offer(found, unit, travelTimeMs, count);
  }

  #follow(sim: Simulation): void {
    // taken from the end: emptying short lists by their length took 1 % of the time of a run
    for (let unit = this.#moved.pop(); unit !== undefined; unit = this.#moved.pop()) {
      this.#isMoved[unit.ix] = 0;
      this.#forget(unit.ix);
      const mayBeSent = isFree(unit) || unit.interruptibleBy > 0;
      if (!mayBeSent) continue;
      const { drive, start } = unit;
      if (drive !== null) {
        const { from, to, startMs, travelTimeMs, roadsMs } = drive;
        this.#rovers().putDrive(unit.ix, from, to, startMs, startMs + travelTimeMs, roadsMs);
        continue;
      }
      const base = sim.setup.bases.positions[unit.base];
      if (start.segment === base.segment && start.offsetMm === base.offsetMm)
        this.#putAtBase(unit.ix, unit.base);
      else this.#rovers().put(unit.ix, start);
    }
  }

  #rovers(): RovingUnits {
    return (this.#roving ??= new RovingUnits(
      this.#tables.landmarks(),
      this.#nUnits,
      this.#tables.placeTimers,
    ));
  }

  #putAtBase(unit: UnitIx, base: number): void {
    this.#baseOf[unit] = base;
    this.#nAtBase++;
    this.#isManned[base] = 1;
    const there = this.#atBase[base];
    let at = there.push(unit) - 1;
    for (; at > 0 && there[at - 1] > unit; at--) there[at] = there[at - 1];
    there[at] = unit;
  }

  #forget(unit: UnitIx): void {
    const base = this.#baseOf[unit];
    if (base < 0) {
      this.#roving?.remove(unit);
      return;
    }
    this.#baseOf[unit] = -1;
    this.#nAtBase--;
    const there = this.#atBase[base];
    there.copyWithin(there.indexOf(unit), there.indexOf(unit) + 1);
    there.pop();
    this.#isManned[base] = there.length > 0 ? 1 : 0;
  }
}

/** Keeps the `count` best: nearest first, the lowest unit on a tie. */
function offer(found: Candidate[], unit: UnitIx, travelTimeMs: number, count: number): void {
  let at = found.length;
  while (
    at > 0 &&
    (travelTimeMs < found[at - 1].travelTimeMs ||
      (travelTimeMs === found[at - 1].travelTimeMs && unit < found[at - 1].unit))
  ) {
    at--;
  }
  if (at >= count) return;
  if (found.length === count) found.pop();
  found.push({ unit, travelTimeMs });
  for (let i = found.length - 1; i > at; i--) [found[i - 1], found[i]] = [found[i], found[i - 1]];
}
