import type { Profile } from '../profile.ts';
import { ROAD_CLASSES, type RoadClass } from '../../import/road-extract.ts';
import { EVERY_SURFACE_ALIKE, NO_DELAYS } from './tables.ts';

/** 1.4 m/s, the comfortable pace of adults (Bohannon, "Comfortable and maximum walking speed of adults", 1997). */
const WALKING_KPH = 5;

/** Signals cost people on foot about as much as drivers; nothing else makes them wait. */
export const foot: Profile = {
  type: 'foot',
  about: 'A patrol on foot: 5 km/h, half of it on steps. Needs roads read for people on foot.',
  mode: 'foot',
  classKph: Object.fromEntries(
    ROAD_CLASSES.map((roadClass) => [roadClass, roadClass === 'steps' ? WALKING_KPH / 2 : WALKING_KPH]),
  ) as Record<RoadClass, number>,
  surfaceFactor: { ...EVERY_SURFACE_ALIKE, grass: 0.9, sand: 0.7, mud: 0.6 },
  postedShare: null,
  topKph: WALKING_KPH,
  slowedByTraffic: false,
  turnRules: null,
  junctionDelayS: { ...NO_DELAYS, signals: 10, signalCrossing: 10, levelCrossing: 6 },
  siren: null,
};
