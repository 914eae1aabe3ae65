/**
 * What the condition of a turn restriction says (OpenStreetMap wiki, Conditional restrictions), as far as routing can
 * use it: whom it binds, and when. What is not understood binds always, which is the safe side.
 */
import type { RestrictionWhen } from '../road-extract.ts';

/** Vehicles that are heavy or long; a restriction for them alone binds no patrol vehicle. */
const HEAVY: ReadonlySet<string> = new Set([
  'agricultural',
  'bus',
  'caravan',
  'coach',
  'goods',
  'hgv',
  'hgv_articulated',
  'motorhome',
  'tourist_bus',
  'trailer',
]);

const OTHER_VEHICLES: ReadonlySet<string> = new Set([
  'bicycle',
  'emergency',
  'foot',
  'hazmat',
  'mofa',
  'moped',
  'motor_vehicle',
  'motorcar',
  'motorcycle',
  'psv',
  'taxi',
  'vehicle',
]);

/** From these sizes on (t, m, axles) a vehicle is no patrol vehicle. `weight>3.5` is the usual one. */
const HEAVY_FROM: ReadonlyMap<string, number> = new Map([
  ['weight', 3],
  ['weightrating', 3],
  ['maxweight', 3],
  ['maxweightrating', 3],
  ['length', 6],
  ['maxlength', 6],
  ['axles', 3],
]);

const HOURS =
  /\d{1,2}:\d{2}|\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|sunrise|sunset|dusk|dawn)\b/;

interface ConditionMeaning {
  /** OSM's word for the vehicles it names, or '' where it names none. */
  vehicle: string;
  when: RestrictionWhen;
  isUnderstood: boolean;
}

/** Whether restrictions that name this vehicle bind heavy or long ones only. */
export const whenFor = (vehicle: string): RestrictionWhen => (HEAVY.has(vehicle) ? 'heavy' : 'always');

/** Reads the text behind the `@`, without its brackets: `hgv`, `weight>3.5 AND Mo-Fr 07:00-09:00`… */
export function readCondition(text: string): ConditionMeaning {
  let vehicle = '';
  let isHeavy = false;
  let isByHour = false;
  let isUnderstood = true;
  for (const part of text.split(/\bAND\b/i)) {
    const word = part.trim();
    const size = /^([a-z]+) *>=? *(\d{1,6}(?:\.\d{1,6})?) *(t|m)?$/.exec(word);
    if (size !== null && Number(size[2]) >= (HEAVY_FROM.get(size[1]) ?? Infinity)) isHeavy = true;
    else if (HEAVY.has(word) || OTHER_VEHICLES.has(word)) {
      vehicle = word;
      if (HEAVY.has(word)) isHeavy = true;
    } else if (HOURS.test(word)) isByHour = true;
    else isUnderstood = false;
  }
  return { vehicle, when: isHeavy ? 'heavy' : isByHour ? 'hours' : 'always', isUnderstood };
}
