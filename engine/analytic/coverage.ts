/** Share of calls that the first unit reaches in time, as the hypercube model has it. */
import type { City } from '../city/city.ts';
import { exp } from '../math.ts';
import { NO_ZONE_CLASS, type ClauseJson } from '../scenario/schema.ts';
import { TIERS_MS } from '../scenario/tiers.ts';
import { MS_PER_HOUR, MS_PER_S, NONE, type Ms } from '../units.ts';
import { totalCallRate, type HypercubeAnswer } from './hypercube-model.ts';
import type { HypercubeMeasures } from './measures.ts';
import type { PieceModel } from './model.ts';

/** Thresholds that the coverage is told for. */
export const THRESHOLDS_MS: readonly Ms[] = Object.values(TIERS_MS);

/** Clocks that the coverage is told for. A call is received as soon as it occurs. */
export const CLOCKS = [
  'callReceived',
  'dispatched',
  'enRoute',
] as const satisfies readonly ClauseJson['clockStart'][];
export type Clock = (typeof CLOCKS)[number];

export interface CoverageRow {
  /** Class of the zone, `none` outside every zone, null for all calls. */
  zoneClass: string | null;
  /** Answered calls an hour, in the mean over the span. */
  callsPerHour: number;
  byClock: Record<Clock, { within: number[]; meanResponseMs: number }>;
}

/** Sums coverage over pieces of time, weighted by the calls that are answered in them. */
export class CoverageTally {
  private readonly city: City;
  private readonly groups: (string | null)[];
  private readonly groupOfZone: number[];
  private readonly calls: Float64Array;
  private readonly within: Record<Clock, Float64Array[]>;
  private readonly responseMs: Record<Clock, Float64Array>;
  private hours = 0;

  constructor(city: City) {
    this.city = city;
    // no zone is of the class that stands for none, so it comes last
    const classes = [...new Set([...city.zones.map((zone) => zone.class), NO_ZONE_CLASS])];
    this.groups = [null, ...classes];
    this.groupOfZone = city.zones.map((zone) => 1 + classes.indexOf(zone.class));
    const column = (): Float64Array => new Float64Array(this.groups.length);
    const byClock = <T>(make: () => T) =>
      Object.fromEntries(CLOCKS.map((clock) => [clock, make()])) as Record<Clock, T>;
    this.calls = column();
    this.within = byClock(() => THRESHOLDS_MS.map(column));
    this.responseMs = byClock(column);
  }

  /** @param capacity  calls an hour that all units can serve */
  add(
    model: PieceModel,
    answer: HypercubeAnswer,
    measures: HypercubeMeasures,
    { hours, capacity }: { hours: number; capacity: number },
  ): void {
    const { hypercube, travel, atomCalls, zone, freed } = model;
    const { nUnits, nAtoms } = hypercube;
    const { delays } = this.city.scenario;
    const answered = 1 - answer.lost;
    const wait = waitLaw(hypercube, capacity, Math.max(...THRESHOLDS_MS));
    const meanWaitMs = answer.meanWait * MS_PER_HOUR;
    const toWheelsMs = delays.dispatchMs + delays.turnoutAtPostMs;
    const before: Record<Clock, Ms> = {
      callReceived: delays.callHandlingMs + toWheelsMs + delays.accessMs,
      dispatched: toWheelsMs + delays.accessMs,
      enRoute: delays.accessMs,
    };
    const perFreed = freed.map(({ units }) => units.reduce((sum, n) => sum + answer.fromQueue[n], 0));
    this.hours += hours;
    for (let atom = 0; atom < nAtoms; atom++) {
      const group = zone[atom] === NONE ? this.groups.length - 1 : this.groupOfZone[zone[atom]];
      const calls = hours * atomCalls[atom] * answered;
      for (const g of [0, group]) this.calls[g] += calls;
      for (const clock of CLOCKS) {
        const responseMs =
          before[clock] + measures.travelByAtom[atom] + (clock === 'callReceived' ? meanWaitMs : 0);
        const waits = clock === 'callReceived';
        for (const g of [0, group]) this.responseMs[clock][g] += calls * responseMs;
        THRESHOLDS_MS.forEach((thresholdMs, tier) => {
          const leftMs = thresholdMs - before[clock];
          if (leftMs < 0) return;
          let share = 0;
          for (let n = 0, at = atom * nUnits; n < nUnits; n++, at++) {
            if (travel.fromBase[at] <= leftMs) share += answer.atOnce[at];
          }
          const inTime = (driveMs: number): number =>
            driveMs > leftMs ? 0 : waits ? wait(leftMs - driveMs) : 1;
          if (answer.waits > 0) {
            freed.forEach(({ units, fromMs, chance }, f) => {
              const mean =
                fromMs.length === 0
                  ? inTime(travel.fromBase[atom * nUnits + units[0]])
                  : fromMs.reduce((sum, row, i) => sum + chance[i] * inTime(row[atom]), 0);
              share += answer.waits * perFreed[f] * mean;
            });
          }
          for (const g of [0, group]) this.within[clock][tier][g] += (calls * share) / answered;
        });
      }
    }
  }

  /** All calls, then the zone classes that calls come from. */
  rows(): CoverageRow[] {
    const rows: CoverageRow[] = [];
    this.groups.forEach((zoneClass, g) => {
      const calls = this.calls[g];
      if (calls === 0) return;
      const byClock = Object.fromEntries(
        CLOCKS.map((clock) => [
          clock,
          {
            within: this.within[clock].map((ofTier) => ofTier[g] / calls),
            meanResponseMs: this.responseMs[clock][g] / calls,
          },
        ]),
      ) as CoverageRow['byClock'];
      rows.push({ zoneClass, callsPerHour: calls / this.hours, byClock });
    });
    return rows;
  }
}

/**
 * P(wait <= t) of a call that waits, first come first served: behind k others it waits for k + 1 units to become free, a
 * sum of as many exponential times; k is geometric, cut off where the room ends. From a table by the second, in between
 * on a straight line.
 */
function waitLaw(
  model: PieceModel['hypercube'],
  capacity: number,
  longestMs: Ms,
): (timeMs: number) => number {
  const { waitingPlaces } = model;
  const callRate = totalCallRate(model);
  const within = (timeMs: Ms): number => {
    const time = timeMs / MS_PER_HOUR;
    if (waitingPlaces === Infinity) return 1 - exp(-(capacity - callRate) * time);
    const freed = capacity * time;
    let chance = exp(-freed); // of just k units becoming free by then
    let atMost = 0;
    let weight = 1;
    let longer = 0;
    let all = 0;
    for (let k = 0; k < waitingPlaces && weight > 1e-15 * all; k++) {
      atMost += chance;
      longer += weight * atMost;
      all += weight;
      weight *= callRate / capacity;
      chance *= freed / (k + 1);
    }
    return all > 0 ? 1 - longer / all : 1;
  };
  const nSeconds = Math.ceil(longestMs / MS_PER_S);
  const table = Float64Array.from({ length: nSeconds + 2 }, (_, s) => within(s * MS_PER_S));
  return (timeMs) => {
    const second = Math.floor(timeMs / MS_PER_S);
    const part = timeMs / MS_PER_S - second;
    return table[second] * (1 - part) + table[second + 1] * part;
  };
}
