/**
 * Speed profiles as data, and the travel times they give. Speeds are assumptions to be calibrated with a fleet's own
 * position records; `plain` exists for checking (class speeds and posted limits, nothing else).
 */
import { InputError } from '../errors.ts';
import { ROAD_CLASSES, type RoadClass } from '../import/road-extract.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { createMetric, type Metric } from './metric.ts';

export interface SpeedProfile {
  type: string;
  about: string;
  /** Speed in km/h on roads without a posted limit. */
  classKph: Readonly<Record<RoadClass, number>>;
  /** Share of a posted limit that is driven. */
  postedShare: number;
  /** No road is driven faster than this. */
  topKph: number;
  /** Speeds with siren are multiplied by this; 1 for a profile without siren. */
  sirenFactor: number;
}

/** Typical speeds by class where no limit is posted: limits common in towns, walking pace where people walk. */
const TOWN_KPH: Readonly<Record<RoadClass, number>> = {
  motorway: 100,
  motorway_link: 60,
  trunk: 80,
  trunk_link: 50,
  primary: 60,
  primary_link: 45,
  secondary: 50,
  secondary_link: 40,
  tertiary: 45,
  tertiary_link: 35,
  unclassified: 40,
  residential: 30,
  living_street: 10,
  service: 20,
  road: 30,
  track: 15,
  pedestrian: 8,
  footway: 6,
  cycleway: 10,
  path: 6,
  bridleway: 6,
  busway: 40,
  steps: 3,
  steps: 3,
};

/** Every profile. To add one: a line here. */
export const PROFILES: readonly SpeedProfile[] = [
  {
    type: 'plain',
    about: 'For checking: class speeds and posted limits, no turn rules, no junction delays.',
    classKph: TOWN_KPH,
    postedShare: 1,
    topKph: 255,
    sirenFactor: 1,
  },
  {
    type: 'patrol-car',
    about: 'A police car answering a call: 85 % of a posted limit, a quarter faster with siren.',
    classKph: scaled(TOWN_KPH, 0.85),
    postedShare: 0.85,
    topKph: 130,
    sirenFactor: 1.25,
  },
  {
    type: 'patrol-pace',
    about: 'A police car on patrol: as patrol-car, but never above 30 km/h.',
    classKph: scaled(TOWN_KPH, 0.85),
    postedShare: 0.85,
    topKph: 30,
    sirenFactor: 1,
  },
];

function scaled(table: Readonly<Record<RoadClass, number>>, factor: number): Record<RoadClass, number> {
  return Object.fromEntries(
    Object.entries(table).map(([roadClass, kph]) => [roadClass, kph * factor]),
  ) as Record<RoadClass, number>;
}

export function findProfile(type: string): SpeedProfile {
  const profile = PROFILES.find((p) => p.type === type);
  if (profile === undefined) {
    throw InputError.at(
      '',
      '',
      `"${type}" is not a profile; the profiles are ${PROFILES.map((p) => p.type).join(', ')}`,
    );
  }
  return profile;
}

/**
 * Travel time of every arc: length / speed, rounded to the nearest millisecond once. Speeds are whole metres an hour,
 * so that the division is the only rounding. Zero is legal for very short segments.
 */
export function buildMetric(graph: RoadGraph, profile: SpeedProfile, { siren }: { siren: boolean }): Metric {
  const factor = siren ? profile.sirenFactor : 1;
  const metresPerHour = (kph: number): number => Math.round(Math.min(kph * factor, profile.topKph) * 1000);
  const classSpeed = ROAD_CLASSES.map((roadClass) => metresPerHour(profile.classKph[roadClass]));
  const postedSpeed = Array.from({ length: 256 }, (_, kph) => metresPerHour(kph * profile.postedShare));
  const arcTimeMs = new Float64Array(graph.nArcs);
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const segment = graph.arcSegment[arc];
    const posted =
      graph.arcBackward[arc] === 1
        ? graph.segmentMaxBackwardKph[segment]
        : graph.segmentMaxForwardKph[segment];
    const speed = posted > 0 ? postedSpeed[posted] : classSpeed[graph.segmentClass[segment]];
    arcTimeMs[arc] = Math.round((graph.segmentLengthMm[segment] * 3600) / speed);
  }
  return createMetric(graph, arcTimeMs, { name: siren ? `${profile.type}+siren` : profile.type });
}
