/**
 * Who may pass a way, by mode of travel and direction: the defaults of the OpenStreetMap wiki (Key:access, "OSM tags
 * for routing/Access restrictions", worldwide; Key:oneway) as tables. Choices where the wiki leaves one:
 *
 * - Police: `private`, `destination`, `permit` and the like are open, whatever the mode; only `no` closes.
 * - Motorcycles ride where cars drive, unless `motorcycle=*` or `oneway:motorcycle=*` says otherwise.
 * - On foot one may walk on cycleways; `use_sidepath` stays open on foot and by bicycle, because the path beside the
 *   road leads the same way and places lie on the road; `bicycle=dismount` is closed to bicycles, steps always are.
 * - One-way rules bind vehicles. On foot only `oneway:foot`, `foot:forward`, `foot:backward` and escalators
 *   (`conveying`) count.
 * - `motorroad=yes` closes a road on foot and by bicycle, as a motorway is.
 */
import { CAR_CLASSES, DIRECTION, modeBit, type RoadClass, type TravelMode } from '../road-extract.ts';

export type Tags = ReadonlyMap<string, string>;

export type AccessRepairReason =
  'accessNotUnderstood' | 'onewayAlternating' | 'onewayNotUnderstood' | 'widthNotUnderstood';

/** Called once for each value that was defaulted. */
type RepairAccess = (reason: AccessRepairReason) => void;

/** Open to cars unless access closes them. `drivableWays` of the report counts these. */
export const DRIVABLE: ReadonlySet<string> = new Set<RoadClass>(CAR_CLASSES);

const MOTORWAYS: ReadonlySet<string> = new Set<RoadClass>(['motorway', 'motorway_link']);

const without = (classes: ReadonlySet<string>, closed: ReadonlySet<string>): string[] =>
  [...classes].filter((roadClass) => !closed.has(roadClass));

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

interface ModeRules {
  /** Access keys; the most specific one present decides. */
  keys: readonly string[];
  /** Classes that are open unless a key closes them. */
  open: ReadonlySet<string>;
  /** Classes that are closed unless the mode's own key opens them. */
  closed: ReadonlySet<string>;
  /** A motor vehicle: `emergency=yes` opens ways that are at least this wide to it. Null for the others. */
  emergencyWidthM: number | null;
}

const MOTOR_KEYS = ['motor_vehicle', 'vehicle', 'access'] as const;

/** A car's width includes its mirrors; a motorcycle's includes its cases. */
const RULES: Readonly<Record<TravelMode, ModeRules>> = {
  car: { keys: MOTOR_KEYS, open: DRIVABLE, closed: new Set(), emergencyWidthM: 2.0 },
  motorcycle: {
    keys: ['motorcycle', ...MOTOR_KEYS],
    open: DRIVABLE,
    closed: new Set(),
    emergencyWidthM: 1.0,
  },
  bicycle: {
    keys: ['bicycle', 'vehicle', 'access'],
    open: new Set([...without(DRIVABLE, MOTORWAYS), 'track', 'cycleway', 'path']),
    closed: new Set([...MOTORWAYS, 'pedestrian', 'footway', 'bridleway', 'busway']),
    emergencyWidthM: null,
  },
  foot: {
    keys: ['foot', 'access'],
    open: new Set([
      ...without(DRIVABLE, MOTORWAYS),
      'track',
      'pedestrian',
      'footway',
      'cycleway',
      'path',
      'steps',
    ]),
    closed: new Set([...MOTORWAYS, 'bridleway', 'busway']),
    emergencyWidthM: null,
  },
};

/** Squares and the like that are drawn as areas: on foot one may cross them, which walking round them stands for. */
const WALKABLE_AREAS: ReadonlySet<string> = new Set<RoadClass>(['pedestrian', 'footway']);

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

/** Values of `bicycle` and `foot` that mean something there only. */
const OPEN_BESIDE_CARS: ReadonlyMap<string, boolean> = new Map([
  ['use_sidepath', true],
  ['optional_sidepath', true],
  ['dismount', false],
]);

const EMERGENCY_YES: ReadonlySet<string> = new Set(['yes', 'designated', 'official']);

/** Both directions, one, or 0: closed (the direction changes with the hour). */
const ONEWAY: ReadonlyMap<string, number> = new Map<string, number>([
  ['yes', DIRECTION.forward],
  ['true', DIRECTION.forward],
  ['1', DIRECTION.forward],
  ['-1', DIRECTION.backward],
  ['reverse', DIRECTION.backward],
  ['no', DIRECTION.both],
  ['false', DIRECTION.both],
  ['0', DIRECTION.both],
  ['alternating', DIRECTION.both],
  ['reversible', 0],
]);

const ONEWAY_JUNCTIONS: ReadonlySet<string> = new Set(['roundabout', 'circular']);

/** Keys of cycle lanes; one against the traffic opens a one-way street to bicycles both ways. */
const CYCLEWAY_KEYS = ['cycleway', 'cycleway:both', 'cycleway:left', 'cycleway:right'] as const;
const CYCLEWAY_ONEWAY_KEYS = ['cycleway:left:oneway', 'cycleway:right:oneway'] as const;
const AGAINST_THE_TRAFFIC: ReadonlySet<string> = new Set(['no', 'false', '0', '-1']);

export type AccessDropReason =
  | 'areas'
  | 'waysNotForCars'
  | 'waysClosedToCars'
  | 'waysReversible'
  | 'waysNotForModes'
  | 'waysClosedToModes';

/** Modes along a way's nodes and against them, as bits of TRAVEL_MODES. At least one bit is set. */
interface ModesOfWay {
  forward: number;
  backward: number;
}

/**
 * Which of `modes` may pass a way of class `highway`, or why none may.
 * @param isArea  `area=yes`
 * @param pedestrianStreets  motor vehicles may use `highway=pedestrian`, unless `access=no` closes it to everybody
 */
export function readAccess(
  tags: Tags,
  highway: string,
  isArea: boolean,
  { modes, pedestrianStreets }: { modes: readonly TravelMode[]; pedestrianStreets: boolean },
  repair: RepairAccess,
): ModesOfWay | AccessDropReason {
  // a key that several modes read is counted once
  let heard: Set<string> | null = null;
  const repairOnce = (reason: AccessRepairReason, key: string): void => {
    heard ??= new Set();
    if (!heard.has(key)) repair(reason);
    heard.add(key);
  };
  let forward = 0;
  let backward = 0;
  let isForMode = false;
  let isReversible = false;
  for (const mode of modes) {
    if (isArea && !(mode === 'foot' && WALKABLE_AREAS.has(highway))) continue;
    const open = isOpen(tags, highway, mode, pedestrianStreets, repairOnce);
    if (open !== null) isForMode = true;
    if (open !== true) continue;
    const direction = directionOf(tags, highway, mode, repairOnce);
    if (direction === 0 && mode !== 'foot') isReversible = true;
    if ((direction & DIRECTION.forward) !== 0) forward |= modeBit(mode);
    if ((direction & DIRECTION.backward) !== 0) backward |= modeBit(mode);
  }
  if ((forward | backward) !== 0) return { forward, backward };
  if (isArea) return 'areas';
  if (isReversible) return 'waysReversible';
  if (modes.length === 1 && modes[0] === 'car') return isForMode ? 'waysClosedToCars' : 'waysNotForCars';
  return isForMode ? 'waysClosedToModes' : 'waysNotForModes';
}

type RepairOnce = (reason: AccessRepairReason, key: string) => void;

/** Whether a mode may pass, by class and access; null where the class is not for it. */
function isOpen(
  tags: Tags,
  highway: string,
  mode: TravelMode,
  pedestrianStreets: boolean,
  repair: RepairOnce,
): boolean | null {
  const rules = RULES[mode];
  if (rules.emergencyWidthM !== null) {
    if (opensToEmergency(tags, highway, rules.emergencyWidthM, repair)) return true;
    // such streets are closed to motor vehicles by definition; only access=no closes them to everybody
    if (highway === 'pedestrian' && pedestrianStreets) return tags.get('access') !== 'no';
  }
  const own = rules.keys[0];
  if (rules.closed.has(highway) || (rules.emergencyWidthM === null && tags.get('motorroad') === 'yes')) {
    const value = tags.get(own);
    return value === undefined ? null : (accessOf(own, value, repair) ?? false);
  }
  if (!rules.open.has(highway)) return null;
  for (const key of rules.keys) {
    const value = tags.get(key);
    if (value !== undefined) return accessOf(key, value, repair) ?? true;
  }
  return true;
}

/** Of a list of values (`agricultural;forestry`) any open one opens; undefined where none is known. */
function accessOf(key: string, value: string, repair: RepairOnce): boolean | undefined {
  const isOwn = key === 'bicycle' || key === 'foot';
  let open: boolean | undefined;
  for (const part of value.split(';')) {
    const word = part.trim();
    const known = OPEN_TO_POLICE.get(word) ?? (isOwn ? OPEN_BESIDE_CARS.get(word) : undefined);
    if (known !== undefined) open = open === true || known;
  }
  if (open === undefined) repair('accessNotUnderstood', key);
  return open;
}

function opensToEmergency(tags: Tags, highway: string, atLeastM: number, repair: RepairOnce): boolean {
  const emergency = tags.get('emergency');
  if (emergency === undefined || !EMERGENCY_YES.has(emergency)) return false;
  if (!DRIVABLE.has(highway) && !OPENED_BY_EMERGENCY.has(highway)) return false;
  const width = tags.get('width');
  if (width === undefined) return true;
  const match = /^(\d{1,4}(?:[.,]\d{1,3})?) ?m?$/.exec(width);
  if (match === null) {
    repair('widthNotUnderstood', 'width');
    return true;
  }
  return Number(match[1].replace(',', '.')) >= atLeastM;
}

/** Bits of DIRECTION; 0 where the direction changes with the hour. */
function directionOf(tags: Tags, highway: string, mode: TravelMode, repair: RepairOnce): number {
  switch (mode) {
    case 'car':
      return vehicleDirection(tags, highway, repair);
    case 'motorcycle':
      return oneway(tags, 'oneway:motorcycle', repair) ?? vehicleDirection(tags, highway, repair);
    case 'bicycle':
      return byDirectionKeys(
        tags,
        mode,
        oneway(tags, 'oneway:bicycle', repair) ??
          (rideAgainstTraffic(tags) ? DIRECTION.both : vehicleDirection(tags, highway, repair)),
        repair,
      );
    case 'foot':
      return byDirectionKeys(
        tags,
        mode,
        oneway(tags, 'oneway:foot', repair) ?? escalatorDirection(tags) ?? DIRECTION.both,
        repair,
      );
  }
}

function vehicleDirection(tags: Tags, highway: string, repair: RepairOnce): number {
  const implied = MOTORWAYS.has(highway) || ONEWAY_JUNCTIONS.has(tags.get('junction') ?? '');
  return oneway(tags, 'oneway', repair) ?? (implied ? DIRECTION.forward : DIRECTION.both);
}

/** What a one-way key says; undefined where it is absent or not understood. */
function oneway(tags: Tags, key: string, repair: RepairOnce): number | undefined {
  const value = tags.get(key);
  if (value === undefined) return undefined;
  const direction = ONEWAY.get(value);
  if (direction === undefined) repair('onewayNotUnderstood', key);
  else if (value === 'alternating') repair('onewayAlternating', key);
  return direction;
}

const rideAgainstTraffic = (tags: Tags): boolean =>
  CYCLEWAY_KEYS.some((key) => /^opposite(_|$)/.test(tags.get(key) ?? '')) ||
  CYCLEWAY_ONEWAY_KEYS.some((key) => AGAINST_THE_TRAFFIC.has(tags.get(key) ?? ''));

function escalatorDirection(tags: Tags): number | undefined {
  const conveying = tags.get('conveying');
  if (conveying === 'forward') return DIRECTION.forward;
  return conveying === 'backward' ? DIRECTION.backward : undefined;
}

/** `foot:backward=no`, `bicycle:forward=yes`…: opens or closes one direction. */
function byDirectionKeys(
  tags: Tags,
  mode: 'bicycle' | 'foot',
  direction: number,
  repair: RepairOnce,
): number {
  for (const [side, bit] of [
    ['forward', DIRECTION.forward],
    ['backward', DIRECTION.backward],
  ] as const) {
    const key = `${mode}:${side}`;
    const value = tags.get(key);
    const open = value === undefined ? undefined : accessOf(key, value, repair);
    if (open !== undefined) direction = open ? direction | bit : direction & ~bit;
  }
  return direction;
}
