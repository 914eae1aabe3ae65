/**
 * What the tags of a way mean for a police car: its class, the directions open, the posted limits, or why it is left
 * out. The rules are tables; tags come as a Map, because keys from strangers such as `__proto__` are data.
 */
import { DIRECTION, ROAD_CLASSES, type RoadClass } from '../road-extract.ts';
import type { RoadReadOptions } from '../road-importer.ts';
import { maxSpeedKph } from './maxspeed.ts';

export type Tags = ReadonlyMap<string, string>;

/** Classes built for cars: open unless access closes them. `drivableWays` of the report counts these. */
const DRIVABLE: ReadonlySet<string> = new Set<RoadClass>([
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
  'tertiary',
  'tertiary_link',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'road',
]);

/** Classes no car uses, but `emergency=yes` says that an emergency vehicle fits. Steps, platforms, sites never. */
const OPENED_BY_EMERGENCY: ReadonlySet<string> = new Set<RoadClass>([
  'track',
  'pedestrian',
  'busway',
  'footway',
  'cycleway',
  'path',
  'bridleway',
]);

/** The most specific key present decides. */
const ACCESS_KEYS = ['motor_vehicle', 'vehicle', 'access'] as const;

/** Who may pass, and whether that lets police pass. Values that are not here leave a road as its class has it. */
const OPEN_TO_POLICE: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['permissive', true],
  ['designated', true],
  ['official', true],
  ['private', true],
  ['destination', true],
  ['delivery', true],
  ['permit', true],
  ['customers', true],
  ['residents', true],
  ['resident', true],
  ['emergency', true],
  ['agricultural', true],
  ['forestry', true],
  ['discouraged', true],
  ['employees', true],
  ['public', true],
  ['psv', true],
  ['bus', true],
  ['taxi', true],
  ['hov', true],
  ['hgv', true],
  ['no', false],
]);

const EMERGENCY_YES: ReadonlySet<string> = new Set(['yes', 'designated', 'official']);

/** A police car with its mirrors; `width` below this closes what only `emergency` opened. */
const CAR_WIDTH_M = 2.0;

/** Both directions, one, or null: closed (the direction changes with the hour). */
const ONEWAY: ReadonlyMap<string, number | null> = new Map([
  ['yes', DIRECTION.forward],
  ['true', DIRECTION.forward],
  ['1', DIRECTION.forward],
  ['-1', DIRECTION.backward],
  ['reverse', DIRECTION.backward],
  ['no', DIRECTION.both],
  ['false', DIRECTION.both],
  ['0', DIRECTION.both],
  ['alternating', DIRECTION.both],
  ['reversible', null],
]);

const ONEWAY_CLASSES: ReadonlySet<string> = new Set(['motorway', 'motorway_link']);
const ONEWAY_JUNCTIONS: ReadonlySet<string> = new Set(['roundabout', 'circular']);

/** Largest speed a column of one byte holds. */
const MAX_SPEED_CAP_KPH = 255;

export type DropReason = 'areas' | 'waysNotRoads' | 'waysNotForCars' | 'waysClosedToCars' | 'waysReversible';
export type RepairReason =
  | 'accessNotUnderstood'
  | 'maxspeedCapped'
  | 'maxspeedNotUnderstood'
  | 'onewayAlternating'
  | 'onewayNotUnderstood'
  | 'widthNotUnderstood';

export interface RoadTags {
  /** Index into ROAD_CLASSES. */
  roadClass: number;
  /** Bits of DIRECTION. */
  direction: number;
  maxSpeedForwardKph: number;
  maxSpeedBackwardKph: number;
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
  { pedestrianStreets }: RoadReadOptions,
  repair: (reason: RepairReason) => void,
): RoadTags | DropReason {
  const highway = tags.get('highway');
  if (highway === undefined) return 'waysNotRoads';
  if (isArea || tags.get('area') === 'yes') return 'areas';
  const roadClass = (ROAD_CLASSES as readonly string[]).indexOf(highway);
  if (roadClass < 0) return 'waysNotForCars';
  const drivable = DRIVABLE.has(highway);
  if (!opensToEmergency(tags, highway, repair)) {
    if (highway === 'pedestrian' && pedestrianStreets) {
      // such streets are closed to motor vehicles by definition; only access=no closes them to everybody
      if (tags.get('access') === 'no') return 'waysClosedToCars';
    } else if (!drivable) {
      return 'waysNotForCars';
    } else if (!isOpen(tags, repair)) {
      return 'waysClosedToCars';
    }
  }
  const direction = readDirection(tags, highway, repair);
  if (direction === null) return 'waysReversible';
  const posted = readSpeed(tags.get('maxspeed'), 0, repair);
  return {
    roadClass,
    direction,
    maxSpeedForwardKph: readSpeed(tags.get('maxspeed:forward'), posted, repair),
    maxSpeedBackwardKph: readSpeed(tags.get('maxspeed:backward'), posted, repair),
  };
}

type Repair = (reason: RepairReason) => void;

function opensToEmergency(tags: Tags, highway: string, repair: Repair): boolean {
  const emergency = tags.get('emergency');
  if (emergency === undefined || !EMERGENCY_YES.has(emergency)) return false;
  if (!DRIVABLE.has(highway) && !OPENED_BY_EMERGENCY.has(highway)) return false;
  const width = tags.get('width');
  if (width === undefined) return true;
  const match = /^(\d{1,4}(?:[.,]\d{1,3})?) ?m?$/.exec(width);
  if (match === null) {
    repair('widthNotUnderstood');
    return true;
  }
  return Number(match[1].replace(',', '.')) >= CAR_WIDTH_M;
}

/** The first access key present decides; of a list of values (`agricultural;forestry`) any open one opens. */
function isOpen(tags: Tags, repair: Repair): boolean {
  for (const key of ACCESS_KEYS) {
    const value = tags.get(key);
    if (value === undefined) continue;
    let open: boolean | undefined;
    for (const part of value.split(';')) {
      const known = OPEN_TO_POLICE.get(part.trim());
      if (known !== undefined) open = open === true || known;
    }
    if (open === undefined) repair('accessNotUnderstood');
    return open ?? true;
  }
  return true;
}

function readDirection(tags: Tags, highway: string, repair: Repair): number | null {
  const implied =
    ONEWAY_CLASSES.has(highway) || ONEWAY_JUNCTIONS.has(tags.get('junction') ?? '')
      ? DIRECTION.forward
      : DIRECTION.both;
  const oneway = tags.get('oneway');
  if (oneway === undefined) return implied;
  const direction = ONEWAY.get(oneway);
  if (direction === undefined) {
    repair('onewayNotUnderstood');
    return implied;
  }
  if (oneway === 'alternating') repair('onewayAlternating');
  return direction;
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

/** Barriers a car passes; every other `barrier` node on a road is counted, because it is not obeyed yet. */
const PASSABLE_BARRIERS: ReadonlySet<string> = new Set([
  'border_control',
  'cattle_grid',
  'entrance',
  'height_restrictor',
  'kerb',
  'no',
  'sally_port',
  'toll_booth',
]);

/** Whether the tags of a node on a road say that something stands in the way of a car. */
export function isBarrier(tags: Tags): boolean {
  const barrier = tags.get('barrier');
  return barrier !== undefined && !PASSABLE_BARRIERS.has(barrier);
}
