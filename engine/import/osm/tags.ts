/**
 * What the tags of a way say of a road: its class, who may pass in which direction, posted limits and surface, or why
 * it is left out. Tags come as a Map, because keys from strangers such as `__proto__` are data.
 */
import { ROAD_CLASSES } from '../road-extract.ts';
import type { RoadReadOptions } from '../road-importer.ts';
import { type AccessDropReason, type AccessRepairReason, DRIVABLE, readAccess, type Tags } from './access.ts';
import { maxSpeedKph } from './maxspeed.ts';
import { readSurface } from './surface.ts';

/** Largest speed a column of one byte holds. */
const MAX_SPEED_CAP_KPH = 255;

type DropReason = AccessDropReason | 'waysNotRoads';
type RepairReason = AccessRepairReason | 'maxspeedCapped' | 'maxspeedNotUnderstood' | 'surfaceNotUnderstood';

interface RoadTags {
  /** Index into ROAD_CLASSES. */
  roadClass: number;
  /** Bits of TRAVEL_MODES that pass along the way's nodes, and against them. */
  forwardModes: number;
  backwardModes: number;
  maxSpeedForwardKph: number;
  maxSpeedBackwardKph: number;
  /** Index into SURFACES. */
  surface: number;
}

/** Whether a `highway` value is of the drivable classes, whatever access says. */
export const isDrivable = (highway: string): boolean => DRIVABLE.has(highway);

/**
 * Reads the tags of one way.
 * @param isArea  the way is drawn as a polygon
 * @param repair  called once for each value that was defaulted
 */
export function readRoadTags(
  tags: Tags,
  isArea: boolean,
  options: Pick<RoadReadOptions, 'modes' | 'pedestrianStreets'>,
  repair: (reason: RepairReason) => void,
): RoadTags | DropReason {
  const highway = tags.get('highway');
  if (highway === undefined) return 'waysNotRoads';
  if (isArea) return 'areas';
  const access = readAccess(tags, highway, tags.get('area') === 'yes', options, repair);
  if (typeof access === 'string') return access;
  const posted = readSpeed(tags.get('maxspeed'), 0, repair);
  return {
    roadClass: (ROAD_CLASSES as readonly string[]).indexOf(highway),
    forwardModes: access.forward,
    backwardModes: access.backward,
    maxSpeedForwardKph: readSpeed(tags.get('maxspeed:forward'), posted, repair),
    maxSpeedBackwardKph: readSpeed(tags.get('maxspeed:backward'), posted, repair),
    surface: surfaceOf(tags, repair),
  };
}

type Repair = (reason: RepairReason) => void;

function surfaceOf(tags: Tags, repair: Repair): number {
  const value = tags.get('surface');
  if (value === undefined) return 0;
  const surface = readSurface(value);
  if (surface === null) repair('surfaceNotUnderstood');
  return surface ?? 0;
}

function readSpeed(value: string | undefined, otherwiseKph: number, repair: Repair): number {
  if (value === undefined) return otherwiseKph;
  const kph = maxSpeedKph(value.trim());
  if (kph === null) {
    repair('maxspeedNotUnderstood');
    return otherwiseKph;
  }
  if (kph > MAX_SPEED_CAP_KPH) {
    repair('maxspeedCapped');
    return MAX_SPEED_CAP_KPH;
  }
  return kph;
}
