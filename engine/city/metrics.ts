/**
 * Which travel times hold for a trip: those of the profile, with or without siren, in the period of traffic in which it
 * starts. Metrics are made when they are first asked for; a city keeps them.
 */
import { assert } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { buildMetric, type RoadChanges } from '../routing/build-metric.ts';
import type { Metric } from '../routing/metric.ts';
import type { Profile } from '../routing/profile.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { NONE } from '../units.ts';

/** What metrics are made of, as a city holds it. */
export interface MetricSource {
  scenario: Pick<Scenario, 'traffic'>;
  graph: RoadGraph;
  /** By name: the built-in ones and the scenario's own. */
  profiles: ReadonlyMap<string, Profile>;
  /** Closures and slow zones; null without. */
  changes: RoadChanges | null;
  /** Metrics made so far; `metricOf` finds and adds them. */
  metrics: Map<string, Metric>;
}

export interface TripConditions {
  siren: boolean;
  /** Index of the period of traffic in which the trip starts (`periodAt`), NONE for the rest of the week. Default: NONE. */
  period?: number;
}

/**
 * The metric of a trip. Conditions that make no difference to the profile (a siren it does not have, traffic that does
 * not slow it) give the same metric. Cost O(arcs) when first asked.
 */
export function metricOf(source: MetricSource, profileName: string, conditions: TripConditions): Metric {
  const key = metricKey(source, profileName, conditions);
  let metric = source.metrics.get(key);
  if (metric === undefined) {
    const { siren, period } = effective(source, profileName, conditions);
    metric = buildMetric(source.graph, source.profiles.get(profileName)!, {
      siren,
      ...(period === NONE ? {} : { traffic: trafficOf(source, period) }),
      ...(source.changes === null ? {} : { changes: source.changes }),
    });
    source.metrics.set(key, metric);
  }
  return metric;
}

/** The name under which `MetricSource.metrics` holds a metric. */
export function metricKey(source: MetricSource, profileName: string, conditions: TripConditions): string {
  const { siren, period } = effective(source, profileName, conditions);
  return JSON.stringify([profileName, siren, period === NONE ? null : period]);
}

/** The conditions that make a difference to a profile. */
function effective(
  { profiles }: MetricSource,
  profileName: string,
  { siren, period = NONE }: TripConditions,
): Required<TripConditions> {
  const profile = profiles.get(profileName);
  assert(profile !== undefined, () => `no profile ${profileName}`);
  return {
    siren: siren && profile.siren !== null,
    period: profile.slowedByTraffic ? period : NONE,
  };
}

const trafficOf = ({ scenario }: MetricSource, period: number) => {
  const { id, speedFactor } = scenario.traffic.periods[period];
  return { name: id, speedFactor };
};
