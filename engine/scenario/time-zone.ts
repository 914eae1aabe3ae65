/**
 * Time zones with their daylight saving. The rules are those of the IANA database as moment-timezone carries it, locked
 * with our dependencies, and not those of the runtime (`Intl`): two machines with different runtimes would read the same
 * call file differently, and a result could not be had again after an update of the browser. The library is loaded when
 * a zone is asked for (12 ms in Node; 59 kB packed in a browser, where it is a file of its own), and only its table of
 * offsets is used.
 */
import { InputError } from '../errors.ts';
import type { Ms } from '../units.ts';
import { offsetText } from './local-time.ts';
import { didYouMean, shown } from './problems.ts';

/** From when on which offset holds. Times are milliseconds from 1970-01-01T00:00 UTC. */
export interface TimeZone {
  /** `America/New_York`, or `+01:00` for an offset that never changes. */
  name: string;
  /** Release of the IANA database, such as `2026f`; null for a fixed offset. */
  release: string | null;
  /** Ascending; the first is -Infinity. */
  fromUtcMs: Float64Array;
  /** How far the local clock is then ahead of UTC. */
  offsetMs: Float64Array;
}

/** A change of the clock. */
interface ClockChange {
  utcMs: Ms;
  /** How far the clock is put forward; negative: back. */
  forwardMs: Ms;
}

/**
 * The zone of an IANA name (`Europe/Stockholm`, `UTC`).
 * @param file, place  where the name stands, for the error
 * @throws InputError when there is no such zone
 */
export async function loadTimeZone(name: string, file: string, place: string): Promise<TimeZone> {
  const { default: moment } = await import('moment-timezone');
  const rules = moment.tz.zone(name);
  if (rules === null) {
    const hint = didYouMean(name, moment.tz.names());
    throw InputError.at(
      file,
      place,
      `${shown(name)} is not a time zone of the IANA database${hint}; examples: America/New_York, Europe/Stockholm, UTC`,
    );
  }
  const { untils, offsets } = rules;
  return {
    name: rules.name,
    release: (moment.tz as unknown as { dataVersion: string }).dataVersion,
    fromUtcMs: Float64Array.from(untils, (_, ix) => (ix === 0 ? -Infinity : untils[ix - 1])),
    // minutes by which UTC is ahead; local mean times have fractions
    offsetMs: Float64Array.from(offsets, (minutes) => -Math.round(minutes * 60) * 1000),
  };
}

/** A zone whose clock never changes. */
export const fixedZone = (offsetMs: Ms): TimeZone => ({
  name: offsetMs === 0 ? 'UTC' : offsetText(offsetMs),
  release: null,
  fromUtcMs: Float64Array.of(-Infinity),
  offsetMs: Float64Array.of(offsetMs),
});

/** Which stretch of the zone's table holds at a moment. Cost O(log stretches). */
function stretchAt({ fromUtcMs }: TimeZone, utcMs: Ms): number {
  let low = 0;
  let high = fromUtcMs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fromUtcMs[middle] <= utcMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What the clock of the zone shows at a moment. */
export const localOf = (zone: TimeZone, utcMs: Ms): Ms => utcMs + zone.offsetMs[stretchAt(zone, utcMs)];

/** No clock is farther from UTC than this. */
const FARTHEST_MS = 16 * 3_600_000;

/**
 * The moments at which the clock shows a local time, ascending: one as a rule, none in the hour that is left out in
 * spring, two in the hour that comes twice in autumn.
 */
export function momentsOf(zone: TimeZone, localMs: Ms): Ms[] {
  const found: Ms[] = [];
  const last = stretchAt(zone, localMs + FARTHEST_MS);
  for (let ix = stretchAt(zone, localMs - FARTHEST_MS); ix <= last; ix++) {
    const utcMs = localMs - zone.offsetMs[ix];
    const endMs = ix + 1 < zone.fromUtcMs.length ? zone.fromUtcMs[ix + 1] : Infinity;
    if (utcMs >= zone.fromUtcMs[ix] && utcMs < endMs) found.push(utcMs);
  }
  return found;
}

/** Changes of the clock in [from, to); changes of rule that leave the clock alone are none. */
export function clockChanges(zone: TimeZone, fromUtcMs: Ms, toUtcMs: Ms): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let ix = stretchAt(zone, fromUtcMs); ix < zone.fromUtcMs.length; ix++) {
    const utcMs = zone.fromUtcMs[ix];
    if (utcMs >= toUtcMs) break;
    if (utcMs < fromUtcMs || ix === 0) continue;
    const forwardMs = zone.offsetMs[ix] - zone.offsetMs[ix - 1];
    if (forwardMs !== 0) changes.push({ utcMs, forwardMs });
  }
  return changes;
}
