/** Drive times that the analytic model asks for, each matrix made once. */
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { assert } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import type { Router } from '../routing/router.ts';
import { timeInPeriods } from '../scenario/traffic.ts';
import { UNREACHED_MS, type UnitIx } from '../units.ts';
import { forEachHour } from './calls.ts';
import type { Span } from './duty-pieces.ts';

/** Share of the calls that come in each period of traffic; adds up to 1. */
export type PeriodShares = ReadonlyMap<number, number>;

/** Periods of traffic weighted by the calls of the hours in which they hold. */
export function periodShares(city: City, spans: readonly Span[]): PeriodShares {
  const fromMonday = {
    traffic: city.scenario.traffic,
    run: { start: { text: '', hourOfWeek: 0, msIntoHour: 0, msIntoDay: 0 } },
  };
  const calls = new Map<number, number>();
  let all = 0;
  forEachHour(spans, (hour, ms, fromMs) => {
    const rate = city.sources.reduce((sum, { callsPerHour }) => sum + callsPerHour[hour], 0);
    for (const [period, inPeriod] of timeInPeriods(fromMonday, fromMs, fromMs + ms)) {
      calls.set(period, (calls.get(period) ?? 0) + rate * inPeriod);
      all += rate * inPeriod;
    }
  });
  const shares = [...calls].filter(([, share]) => share > 0).sort(([a], [b]) => a - b);
  return new Map(shares.map(([period, share]) => [period, share / all]));
}

/** The trips of one set of places. Of several periods of traffic a drive takes the mean over the calls in them. */
export class Drives {
  private readonly city: City;
  private readonly places: readonly RoadPosition[];
  private readonly routers = new Map<string, Router>();
  private readonly rows = new Map<string, Uint32Array>();

  constructor(city: City, places: readonly RoadPosition[]) {
    this.city = city;
    this.places = places;
  }

  /** From a unit's base to every place. */
  fromBase(unit: UnitIx, siren: boolean, periods: PeriodShares): Float64Array {
    const { profile, home } = this.city.units[unit];
    return this.meanOver(profile, siren, periods, home, (router) => router.matrix([home], this.places));
  }

  /** From one position to every place. */
  fromPlace(from: RoadPosition, profile: string, siren: boolean, periods: PeriodShares): Float64Array {
    return this.meanOver(profile, siren, periods, from, (router) => router.matrix([from], this.places));
  }

  /** From positions, each with its chance, to the nearest of some others, without siren: the mean. */
  meanToNearest(
    { positions: from, chance }: { positions: readonly RoadPosition[]; chance: Float64Array },
    to: readonly RoadPosition[],
    profile: string,
    periods: PeriodShares,
  ): number {
    let mean = 0;
    for (const [period, share] of periods) {
      const timesMs = this.routerOf(profile, false, period).matrix(from, to);
      for (let i = 0; i < from.length; i++) {
        let nearestMs = UNREACHED_MS;
        for (let j = 0; j < to.length; j++) nearestMs = Math.min(nearestMs, timesMs[i * to.length + j]);
        assert(nearestMs < UNREACHED_MS, 'places of a city reach each other');
        mean += share * chance[i] * nearestMs;
      }
    }
    return mean;
  }

  private meanOver(
    profile: string,
    siren: boolean,
    periods: PeriodShares,
    { segment, offsetMm }: RoadPosition,
    row: (router: Router) => Uint32Array,
  ): Float64Array {
    const mean = new Float64Array(this.places.length);
    for (const [period, share] of periods) {
      const key = `${profile} ${siren} ${period} ${segment} ${offsetMm}`;
      let timesMs = this.rows.get(key);
      if (timesMs === undefined) {
        timesMs = row(this.routerOf(profile, siren, period));
        this.rows.set(key, timesMs);
      }
      for (let p = 0; p < mean.length; p++) {
        assert(timesMs[p] < UNREACHED_MS, 'places of a city reach each other');
        mean[p] += share * timesMs[p];
      }
    }
    return mean;
  }

  private routerOf(profile: string, siren: boolean, period: number): Router {
    const key = `${profile} ${siren} ${period}`;
    let router = this.routers.get(key);
    if (router === undefined) {
      router = fastestRouter(metricOf(this.city, profile, { siren, period }));
      this.routers.set(key, router);
    }
    return router;
  }
}
