/** From a profile to travel times: what every arc takes, and which turn restrictions bind. */
import { InputError } from '../errors.ts';
import { CONTROL_COLUMNS } from '../graph/controls.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { CONTROLS, modeBit, ROAD_CLASSES, SURFACES } from '../import/road-extract.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import { createMetric, type Metric } from './metric.ts';
import {
  EXEMPTIONS,
  type Exemption,
  missingModeMessage,
  nameOfMetric,
  type Profile,
  servesProfile,
} from './profile.ts';

export interface MetricConditions {
  siren: boolean;
  /** Traffic of the hour: speeds are multiplied by this, or by this of their road class, where traffic slows the profile. */
  traffic?: { name: string; speedFactor: number | Readonly<Record<string, number>> };
  changes?: RoadChanges;
}

/** Roads as they are for a while, by segment, for everybody. */
export interface RoadChanges {
  /** 1 where nobody may drive. */
  closed: Uint8Array;
  /** How many times as long the drive takes: 1 where nothing is changed. */
  slowness: Float64Array;
}

/**
 * Travel time of every arc: the drive, length / speed, rounded to the nearest millisecond once, and the delays of what
 * is met on it. Speeds are whole metres an hour. Delays are spread over their arc like the drive itself, so that times
 * to positions in mid-segment add up; a signal at the end of a street thus slows the whole of it a little. Zero is legal
 * for very short segments. Arcs that are closed, or not open to the profile's mode, take UNREACHED_MS.
 * A profile that takes the times the network came with takes them as they are, delays included; slow stretches and
 * traffic multiply them, rounded once.
 * @throws InputError when the graph's roads were not read for the profile's mode, or came without the times it takes
 * Cost O(arcs).
 */
export function buildMetric(graph: RoadGraph, profile: Profile, conditions: MetricConditions): Metric {
  if (!servesProfile(graph, profile)) {
    throw InputError.at(graph.source.name, '', missingModeMessage(graph, profile));
  }
  const { siren, changes } = conditions;
  const mode = modeBit(profile.mode);
  const timeOf = arcDrives(graph, profile, conditions);
  const arcTimeMs = new Float64Array(graph.nArcs);
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const segment = graph.arcSegment[arc];
    if ((graph.arcAccess[arc] & mode) === 0 || changes?.closed[segment] === 1) {
      arcTimeMs[arc] = UNREACHED_MS;
      continue;
    }
    arcTimeMs[arc] = timeOf(arc, changes?.slowness[segment] ?? 1);
  }
  const obeys = obeysOf(graph, profile, siren);
  const name = nameOfMetric(profile, siren);
  return createMetric(graph, arcTimeMs, {
    name: conditions.traffic === undefined ? name : `${name} in ${conditions.traffic.name}`,
    ...(obeys === null ? {} : { obeys }),
  });
}

/** Whole ms on an arc of given slowness: at the profile's speeds, or as the network came. */
function arcDrives(
  graph: RoadGraph,
  profile: Profile,
  conditions: MetricConditions,
): (arc: number, slowness: number) => Ms {
  const { siren } = conditions;
  const { arcSegment, segmentLengthMm, segmentClass } = graph;
  if (profile.arcTimes === undefined) {
    const speedOf = arcSpeeds(graph, profile, conditions);
    const delayMsOf = arcDelays(graph, profile, siren);
    return (arc, slowness) =>
      Math.round((segmentLengthMm[arcSegment[arc]] * 3600 * slowness) / speedOf(arc)) + delayMsOf(arc);
  }
  const name = profile.arcTimes[siren && profile.siren !== null ? 'siren' : 'calm'];
  const given = graph.arcTimes?.find((times) => times.name === name);
  if (given === undefined) {
    const names = graph.arcTimes?.map((times) => `"${times.name}"`).join(', ') ?? 'none';
    const message = `the profile "${profile.type}" takes the travel times "${name}", but the network came with ${names}`;
    throw InputError.at(graph.source.name, '', message);
  }
  const traffic = trafficFactors(profile, conditions);
  return (arc, slowness) => Math.round((given.ms[arc] * slowness) / traffic[segmentClass[arcSegment[arc]]]);
}

/** What the traffic of the hour multiplies speeds by, for each road class. */
function trafficFactors({ slowedByTraffic }: Profile, { traffic }: MetricConditions): number[] {
  return ROAD_CLASSES.map((roadClass) => {
    if (traffic === undefined || !slowedByTraffic) return 1;
    const { speedFactor } = traffic;
    return typeof speedFactor === 'number' ? speedFactor : (speedFactor[roadClass] ?? 1);
  });
}

/** Speed on an arc in whole metres an hour. */
function arcSpeeds(
  graph: RoadGraph,
  profile: Profile,
  conditions: MetricConditions,
): (arc: number) => number {
  const { classKph, surfaceFactor, postedShare, topKph, siren: sirenRules } = profile;
  const sirenFactor = conditions.siren ? (sirenRules?.linkFactor ?? 1) : 1;
  const trafficFactor = trafficFactors(profile, conditions);
  const surface = SURFACES.map((name) => surfaceFactor[name]);
  const kph = ROAD_CLASSES.map((roadClass) => classKph[roadClass]);
  return (arc) => {
    const segment = graph.arcSegment[arc];
    const posted =
      graph.arcBackward[arc] === 1
        ? graph.segmentMaxBackwardKph[segment]
        : graph.segmentMaxForwardKph[segment];
    const roadClass = graph.segmentClass[segment];
    let calmKph = kph[roadClass];
    if (posted > 0) calmKph = postedShare === null ? Math.min(calmKph, posted) : posted * postedShare;
    const drivenKph = Math.min(calmKph * surface[graph.segmentSurface[segment]] * sirenFactor, topKph);
    return Math.round(drivenKph * trafficFactor[roadClass] * 1000);
  };
}

/** Time lost at what is met on an arc, in ms. */
function arcDelays(graph: RoadGraph, profile: Profile, siren: boolean): (arc: number) => number {
  const factor = siren ? (profile.siren?.junctionFactor ?? 1) : 1;
  const met = CONTROLS.map((control) => ({
    count: graph[CONTROL_COLUMNS[control]],
    eachMs: Math.round(profile.junctionDelayS[control] * factor * 1000),
  })).filter(({ eachMs }) => eachMs > 0);
  return (arc) => {
    let delayMs = 0;
    for (const { count, eachMs } of met) delayMs += count[arc] * eachMs;
    return delayMs;
  };
}

/**
 * Which restrictions of a graph a profile obeys, by their index; null for a profile without turn rules. A restriction
 * binds unless it is for other vehicles or heavy ones, excepts this one, or the profile is exempt from its kind.
 */
export function obeysOf(
  graph: Pick<RoadGraph, 'restrictions'>,
  { turnRules, siren: sirenRules }: Profile,
  siren: boolean,
): ((restriction: number) => boolean) | null {
  if (turnRules === null) return null;
  const withSiren = siren && sirenRules !== null;
  const vehicle = new Set(withSiren ? [...turnRules.vehicle, 'emergency'] : turnRules.vehicle);
  const exempt = new Set(withSiren ? [...turnRules.exempt, ...sirenRules.exempt] : turnRules.exempt);
  const exemptKinds = new Set<string>([...exempt].flatMap((name: Exemption) => [...EXEMPTIONS[name]]));
  return (restriction) => {
    const rule = graph.restrictions[restriction];
    return (
      rule.when !== 'heavy' &&
      (rule.vehicle === '' || vehicle.has(rule.vehicle)) &&
      !rule.except.some((word) => vehicle.has(word)) &&
      !exemptKinds.has(rule.kind) &&
      !(rule.when === 'hours' && exempt.has('hours'))
    );
  };
}
