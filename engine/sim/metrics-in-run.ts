/** The travel times that a run asks for: one entry for each profile, siren and period of traffic, made when first used. */
import { metricKey, metricOf } from '../city/metrics.ts';
import type { City } from '../city/city.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import type { Metric } from '../routing/metric.ts';
import type { Router } from '../routing/router.ts';
import { periodAt } from '../scenario/traffic.ts';
import { NONE, type Ms } from '../units.ts';

export interface MetricInRun {
  /** Number in order of first use, for the thread alone. */
  readonly ix: number;
  /** What names it in a saved run. */
  readonly profile: string;
  readonly siren: boolean;
  readonly period: number;
  readonly metric: Metric;
  readonly router: Router;
}

export class MetricsInRun {
  readonly #city: City;
  /** By profile, then period and siren. */
  readonly #ofProfile = new Map<string, MetricInRun[]>();
  readonly #byKey = new Map<string, MetricInRun>();

  constructor(city: City) {
    this.#city = city;
  }

  /** For a trip that starts at `nowMs`. */
  at(nowMs: Ms, profile: string, siren: boolean): MetricInRun {
    return this.of(profile, siren, this.periodAt(nowMs));
  }

  /** Period of traffic, NONE outside all of them. */
  periodAt(nowMs: Ms): number {
    return periodAt(this.#city.scenario, nowMs);
  }

  of(profile: string, siren: boolean, period: number): MetricInRun {
    let ofProfile = this.#ofProfile.get(profile);
    if (ofProfile === undefined) this.#ofProfile.set(profile, (ofProfile = []));
    const at = 2 * (period === NONE ? 0 : period + 1) + (siren ? 1 : 0);
    return (ofProfile[at] ??= this.#make(profile, siren, period));
  }

  #make(profile: string, siren: boolean, period: number): MetricInRun {
    const conditions = { siren, period };
    const key = metricKey(this.#city, profile, conditions);
    let found = this.#byKey.get(key);
    if (found === undefined) {
      const metric = metricOf(this.#city, profile, conditions);
      found = { ix: this.#byKey.size, profile, siren, period, metric, router: fastestRouter(metric) };
      this.#byKey.set(key, found);
    }
    return found;
  }
}
