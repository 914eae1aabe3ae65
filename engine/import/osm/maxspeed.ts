/**
 * Values of `maxspeed` as km/h, after the OpenStreetMap wiki (Key:maxspeed, Speed limits/default speeds). Data first:
 * words and zone codes are a table, numbers are one pattern with a table of units.
 */

/** The limit where none is given or it changes: the speed profile's default for the class of road applies. */
const NO_FIXED_LIMIT = 0;
/** Walking pace, as courts read "Schrittgeschwindigkeit". */
const WALKING_KPH = 7;

/** Words that are understood. */
const WORDS: readonly [string, number][] = [
  ['none', NO_FIXED_LIMIT],
  ['no', NO_FIXED_LIMIT],
  ['walk', WALKING_KPH],
  ['signals', NO_FIXED_LIMIT],
  ['variable', NO_FIXED_LIMIT],
  ['implicit', NO_FIXED_LIMIT],
  ['default', NO_FIXED_LIMIT],
  ['unposted', NO_FIXED_LIMIT],
];

/** Limits by country: urban, rural, motorway, in km/h. */
const COUNTRIES: readonly [string, number, number, number][] = [
  ['AT', 50, 100, 130],
  ['BG', 50, 90, 140],
  ['BY', 60, 90, 110],
  ['CH', 50, 80, 120],
  ['CZ', 50, 90, 130],
  ['DE', 50, 100, NO_FIXED_LIMIT],
  ['DK', 50, 80, 130],
  ['EE', 50, 90, 90],
  ['ES', 50, 90, 120],
  ['FI', 50, 80, 120],
  ['FR', 50, 80, 130],
  ['GR', 50, 90, 130],
  ['HR', 50, 90, 130],
  ['HU', 50, 90, 130],
  ['IT', 50, 90, 130],
  ['LT', 50, 90, 130],
  ['LV', 50, 90, 90],
  ['NL', 50, 80, 130],
  ['NO', 50, 80, 80],
  ['PL', 50, 90, 140],
  ['PT', 50, 90, 120],
  ['RO', 50, 90, 130],
  ['RS', 50, 80, 130],
  ['RU', 60, 90, 110],
  ['SE', 50, 70, 110],
  ['SI', 50, 90, 130],
  ['SK', 50, 90, 130],
  ['UA', 50, 90, 130],
];

/** Zone codes that follow no pattern. */
const OTHER_ZONES: readonly [string, number][] = [
  ['BE:urban', 50],
  ['BE-VLG:urban', 50],
  ['BE-WAL:urban', 50],
  ['BE-BRU:urban', 30],
  ['BE-VLG:rural', 70],
  ['BE-WAL:rural', 90],
  ['BE:motorway', 120],
  ['AT:living_street', WALKING_KPH],
  ['CH:living_street', 20],
  ['DE:living_street', WALKING_KPH],
  ['FR:living_street', 20],
  ['RU:living_street', 20],
  ['BY:living_street', 20],
  ['DE:bicycle_road', 30],
  ['DK:bicycle_road', 30],
  ['GB:motorway', 113],
  ['GB:nsl_dual', 113],
  ['GB:nsl_single', 97],
  ['GB:nsl_restricted', 48],
  ['JP:national', 60],
  ['JP:express', 100],
];

const KPH_OF_WORD: ReadonlyMap<string, number> = new Map([
  ...WORDS,
  ...COUNTRIES.flatMap(([country, urban, rural, motorway]): [string, number][] => [
    [`${country}:urban`, urban],
    [`${country}:rural`, rural],
    [`${country}:motorway`, motorway],
  ]),
  ...OTHER_ZONES,
]);

const KPH_OF_UNIT: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['km/h', 1],
  ['kmh', 1],
  ['kph', 1],
  ['mph', 1.609344],
  ['knots', 1.852],
]);

const NUMBER_AND_UNIT = /^(\d{1,9}(?:\.\d{1,3})?) ?(km\/h|kmh|kph|mph|knots)?$/;
const ZONE = /^[A-Z]{2}:(?:zone:?)?(\d{1,3})$/;

/**
 * A maxspeed value in km/h, rounded; 0 where it fixes no limit; null where it is not understood (which includes
 * zero, negative numbers and everything below half a km/h). May exceed 255: the caller caps and counts.
 */
export function maxSpeedKph(value: string): number | null {
  const word = KPH_OF_WORD.get(value);
  if (word !== undefined) return word;
  const match = NUMBER_AND_UNIT.exec(value) ?? ZONE.exec(value);
  if (match === null) return null;
  const kph = Math.round(Number(match[1]) * (KPH_OF_UNIT.get(match[2] ?? '') ?? 1));
  return kph > 0 ? kph : null;
}
