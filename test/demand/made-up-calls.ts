/** Call files drawn from known rates, to see whether a fit finds them again. */
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import type { CallFile, ReadCall } from '../../engine/scenario/calls-csv.ts';
import { localOf, type TimeZone } from '../../engine/scenario/time-zone.ts';
import { fixedZone } from '../../engine/scenario/time-zone.ts';
import { MS_PER_HOUR } from '../../engine/units.ts';

interface MadeUpCall {
  lon: number;
  lat: number;
  category?: string;
  priority?: number | null;
  onSceneMs?: number | null;
}

/** Monday 4 January 2016, 00:00 UTC. */
export const MONDAY_MS = Date.UTC(2016, 0, 4);

/** A file of the given calls, in order of time. */
export const callFile = (
  calls: readonly (MadeUpCall & { utcMs: number })[],
  zone: TimeZone = fixedZone(0),
): CallFile => ({
  fileName: 'made-up.csv',
  zone,
  calls: [...calls]
    .sort((a, b) => a.utcMs - b.utcMs)
    .map(({ utcMs, lon, lat, category = '', priority = null, onSceneMs = null }, ix): ReadCall => ({
      utcMs,
      localMs: localOf(zone, utcMs),
      lon,
      lat,
      category,
      priority,
      onSceneMs,
      id: '',
      line: ix + 2,
    })),
  report: {
    rows: calls.length,
    kept: calls.length,
    leftOut: 0,
    faults: [],
    twiceHour: { first: 0, second: 0 },
  },
});

/**
 * Poisson calls of some weeks from MONDAY_MS on.
 * @param rate  calls an hour by hour of the week, and by week where it matters
 * @param what  the rest of a call at an hour of the week, from uniform draws
 */
export function drawMadeUpCalls(
  seed: number,
  nWeeks: number,
  rate: (hourOfWeek: number, week: number) => number,
  what: (hourOfWeek: number, u: () => number) => MadeUpCall,
): CallFile {
  const key = randomKey(seed);
  const calls: (MadeUpCall & { utcMs: number })[] = [];
  for (let hour = 0; hour < nWeeks * 168; hour++) {
    const stream = new RandomStream(key, 1, PURPOSE.callCount, hour);
    const count = stream.poisson(rate(hour % 168, Math.floor(hour / 168)));
    for (let i = 0; i < count; i++) {
      const utcMs = MONDAY_MS + hour * MS_PER_HOUR + stream.below(MS_PER_HOUR);
      const call = what(hour % 168, () => stream.uniform());
      calls.push({ ...call, utcMs, lon: Number(call.lon.toFixed(6)), lat: Number(call.lat.toFixed(6)) });
    }
  }
  return callFile(calls);
}
