import type { Profile } from '../profile.ts';
import { EVERY_SURFACE_ALIKE, NO_DELAYS } from './tables.ts';

/**
 * A steady 16 km/h, between the 15 and 18 km/h that OSM routers reckon with for everyday cyclists; walking pace where
 * people walk. Traffic does not slow it.
 */
export const bicycle: Profile = {
  type: 'bicycle',
  about:
    'A patrol on bicycles: 16 km/h on good roads, walking pace among people on foot. Needs roads read for bicycles.',
  mode: 'bicycle',
  classKph: {
    motorway: 16,
    motorway_link: 16,
    trunk: 16,
    trunk_link: 16,
    primary: 16,
    primary_link: 16,
    secondary: 16,
    secondary_link: 16,
    tertiary: 16,
    tertiary_link: 16,
    unclassified: 16,
    residential: 16,
    living_street: 12,
    service: 14,
    road: 16,
    track: 12,
    pedestrian: 6,
    footway: 8,
    cycleway: 16,
    path: 12,
    bridleway: 8,
    busway: 16,
    steps: 2,
  },
  surfaceFactor: {
    ...EVERY_SURFACE_ALIKE,
    paving_stones: 0.9,
    cobblestone: 0.6,
    wood: 0.8,
    metal: 0.8,
    compacted: 0.85,
    gravel: 0.6,
    unpaved: 0.65,
    grass: 0.5,
    sand: 0.3,
    mud: 0.3,
  },
  postedShare: null,
  topKph: 25,
  slowedByTraffic: false,
  turnRules: { vehicle: ['bicycle', 'vehicle'], exempt: [] },
  junctionDelayS: { ...NO_DELAYS, signals: 10, stop: 3, giveWay: 2, signalCrossing: 4, levelCrossing: 6 },
  siren: null,
};
