/** Tables that several profiles share. */
import type { RoadClass, Surface } from '../../import/road-extract.ts';
import type { JunctionDelays } from '../profile.ts';

/** Typical speeds by class where no limit is posted: limits common in towns, walking pace where people walk. */
export const TOWN_KPH: Readonly<Record<RoadClass, number>> = {
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
};

/** A table with every speed multiplied by a factor. */
export const scaled = (
  table: Readonly<Record<RoadClass, number>>,
  factor: number,
): Readonly<Record<RoadClass, number>> =>
  Object.fromEntries(
    Object.entries(table).map(([roadClass, kph]) => [roadClass, kph * factor]),
  ) as unknown as Record<RoadClass, number>;

export const EVERY_SURFACE_ALIKE: Readonly<Record<Surface, number>> = {
  '': 1,
  asphalt: 1,
  concrete: 1,
  paving_stones: 1,
  cobblestone: 1,
  wood: 1,
  metal: 1,
  compacted: 1,
  gravel: 1,
  unpaved: 1,
  grass: 1,
  sand: 1,
  mud: 1,
};

/** Cars: an assumption. OSM routers cap cars at 60 km/h on setts, 40 on gravel, 30 on cobbles, 20 on sand, 10 in mud. */
export const CAR_SURFACES: Readonly<Record<Surface, number>> = {
  ...EVERY_SURFACE_ALIKE,
  paving_stones: 0.95,
  cobblestone: 0.7,
  wood: 0.8,
  metal: 0.9,
  compacted: 0.85,
  gravel: 0.7,
  unpaved: 0.7,
  grass: 0.5,
  sand: 0.4,
  mud: 0.25,
};

export const NO_DELAYS: JunctionDelays = {
  signals: 0,
  stop: 0,
  giveWay: 0,
  signalCrossing: 0,
  miniRoundabout: 0,
  levelCrossing: 0,
};

/**
 * Motor traffic that flows freely. The Highway Capacity Manual (6th edition) calls up to 10 s of control delay level of
 * service A, both at signals and at stop signs: signals take the whole of it, the rest what slowing down and starting
 * cost. Busy hours are for a scenario's `traffic`.
 */
export const CAR_DELAYS: JunctionDelays = {
  signals: 10,
  stop: 6,
  giveWay: 3,
  signalCrossing: 4,
  miniRoundabout: 3,
  levelCrossing: 6,
};
