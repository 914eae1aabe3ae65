/** What `demand fit` is asked, from the words of its options. */
import { InputError, type InputProblem } from '../errors.ts';
import type { Box } from '../demand/fit/places.ts';
import type { CallColumns } from '../scenario/call-rows.ts';
import type { CallFile } from '../scenario/calls-csv.ts';
import { parseWrittenTime } from '../scenario/local-time.ts';
import { didYouMean, listed } from '../scenario/problems.ts';
import { type TimeLawJson, timeLawSchema } from '../scenario/schema.ts';
import { localOf, momentsOf, type TimeZone } from '../scenario/time-zone.ts';
import { MS_PER_HOUR, type Ms } from '../units.ts';

const COLUMN_KEYS = ['time', 'lon', 'lat', 'category', 'priority', 'onSceneS', 'id'] as const;

/**
 * `time=timeStamp,lon=lng,lat=lat,category="kind, code"`; time, lon and lat are called so unless another name is given.
 * A name in quotation marks may hold anything, a doubled mark being one mark of it; without them it ends at a comma.
 * @throws InputError with all that is wrong
 */
export function parseColumns(texts: readonly string[], onScene: string | undefined): CallColumns {
  const columns = new Map<string, string>([
    ['time', 'time'],
    ['lon', 'lon'],
    ['lat', 'lat'],
  ]);
  const given = new Set<string>();
  const problems: InputProblem[] = [];
  for (const part of texts.flatMap(columnParts)) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(0, at)).trim();
    const name = columnName(part.slice(at + 1).trim());
    const refuse = (message: string) => problems.push({ file: '--columns', place: `'${part}'`, message });
    if (at < 1 || name === '')
      refuse(
        `is not KEY=NAME, such as time=timeStamp; a name with a comma stands in quotation marks: ${QUOTED}`,
      );
    else if (name === undefined) refuse(`is not quoted to its end; write ${QUOTED}`);
    else if (!(COLUMN_KEYS as readonly string[]).includes(key))
      refuse(`has no meaning here${didYouMean(key, COLUMN_KEYS)}; allowed: ${listed(COLUMN_KEYS)}`);
    else if (given.has(key)) refuse(`names the column of ${key} twice`);
    else columns.set(key, name);
    given.add(key);
  }
  if (onScene !== undefined) {
    if (given.has('onSceneS')) {
      const message = 'names the column that --columns onSceneS=… names too; give one of the two';
      problems.push({ file: '--on-scene', place: `"${onScene}"`, message });
    }
    columns.set('onSceneS', onScene);
  }
  if (problems.length > 0) throw new InputError(problems);
  return Object.fromEntries(columns) as unknown as CallColumns;
}

const QUOTED = `--columns 'time="date, local"'`;

/** Parts of a list between its commas, but for those within quotation marks that open a name. */
const columnParts = (text: string): string[] =>
  text.match(/(?:[^,=]*=\s*"(?:[^"]|"")*"[^,]*|[^,]+)/g) ?? [''];

/** A name without its quotation marks; undefined where they do not enclose it. */
function columnName(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  return /^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : undefined;
}

/** `-75.7,39.9,-75.0,40.5`: west, south, east, north. @throws InputError */
export function parseBox(text: string): Box {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [west, south, east, north] = parts;
  const fine =
    parts.length === 4 &&
    parts.every(Number.isFinite) &&
    west < east &&
    south < north &&
    west >= -180 &&
    east <= 180 &&
    south >= -90 &&
    north <= 90;
  if (fine) return { west, south, east, north };
  throw InputError.at(
    '--box',
    '',
    `"${text}" is not WEST,SOUTH,EAST,NORTH in degrees, such as -75.7,39.9,-75.0,40.5`,
  );
}

/** `2016-04-17` or `2016-04-17T06:00`: the moment at which a local hour begins. @throws InputError */
export function parseLocalHour(text: string, option: string, zone: TimeZone): Ms {
  const time = parseWrittenTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  const refuse = (message: string): never => {
    throw InputError.at(option, '', `"${text}" ${message}`);
  };
  if (typeof time === 'string') return refuse(`${time}, nor a date such as 2016-03-13`);
  if (time.offsetMs !== null) return refuse('has an offset; local times of the file have none');
  if (time.localMs % MS_PER_HOUR !== 0) return refuse('is not the beginning of an hour');
  return momentsOf(zone, time.localMs).at(0) ?? refuse(`does not exist in ${zone.name}`);
}

/** The hours that a file surely covers: from the first full one after its first call to the last before its last. */
export function coveredHours({ calls, zone }: CallFile): { fromUtcMs: Ms; toUtcMs: Ms } {
  const intoHour = (utcMs: Ms): Ms => {
    const into = localOf(zone, utcMs) % MS_PER_HOUR;
    return into < 0 ? into + MS_PER_HOUR : into;
  };
  const first = calls[0].utcMs;
  const last = calls[calls.length - 1].utcMs;
  const past = intoHour(first);
  return { fromUtcMs: past === 0 ? first : first - past + MS_PER_HOUR, toUtcMs: last - intoHour(last) };
}

/**
 * `lognormal:1800:0.9`, or for one category `EMS=lognormal:1800:0.9`; by category, the empty name for all others.
 * @throws InputError with all that is wrong
 */
export function parseLaws(texts: readonly string[]): Map<string, TimeLawJson> {
  return byCategory(texts, '--on-scene-law', (text) => {
    const [type, mean, cv, ...rest] = text.split(':');
    const law = timeLawSchema.safeParse({
      type,
      ...(mean === undefined ? {} : { mean: Number(mean) }),
      ...(cv === undefined ? {} : { cv: Number(cv) }),
    });
    return rest.length === 0 && law.success && type !== 'empirical'
      ? law.data
      : 'is not a law; allowed: constant:MEAN, exponential:MEAN, gamma:MEAN:CV, lognormal:MEAN:CV, with the mean in seconds';
  });
}

/** `2`, or for one category `EMS=1`; by category, the empty name for all others. @throws InputError */
export function parsePriorities(texts: readonly string[]): Map<string, number> {
  return byCategory(texts, '--priority', (text) =>
    /^[1-9]$/.test(text) ? Number(text) : 'is not a priority; allowed: 1 (the most urgent) to 9',
  );
}

function byCategory<T extends object | number>(
  texts: readonly string[],
  option: string,
  parse: (text: string) => T | string,
): Map<string, T> {
  const values = new Map<string, T>();
  const problems: InputProblem[] = [];
  for (const text of texts) {
    const at = text.lastIndexOf('=');
    const category = at < 0 ? '' : text.slice(0, at);
    const value = parse(text.slice(at + 1));
    const problem =
      typeof value === 'string' ? value : values.has(category) ? 'is given twice for its category' : '';
    if (problem !== '') problems.push({ file: option, place: `"${text}"`, message: problem });
    else values.set(category, value as T);
  }
  if (problems.length > 0) throw new InputError(problems);
  return values;
}
