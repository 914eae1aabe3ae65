/**
 * Non-homogeneous Poisson demand: within an hour the rate of a source is constant, so the number of its calls is Poisson
 * and their times are uniform. Every draw is keyed by (seed, replication, purpose, source and hour): the calls of one
 * hour are the same whatever the policy, the units, the run's length or the rates of other sources are. Sources are
 * numbered in order, those without calls left out: append a new one to keep the calls of the others.
 */
import type { City, DemandSource } from '../city/city.ts';
import { assert } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { PURPOSE, type Purpose, randomKey, RandomStream } from '../rng.ts';
import type { DemandCategory } from '../scenario/scenario.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../units.ts';
import { callTable, checkCallTable, type CallRow, type CallTable } from './demand.ts';

/** Hours are numbered from the scored start; the shift keeps warm-up hours positive in the key. */
const HOUR_SHIFT = 32_768;

interface Draw extends CallRow {
  source: number;
}

/**
 * The calls of one replication, from the start of the warm-up to the end of the run. Cost O(calls log calls).
 * @param replication  from 1
 */
export function drawCalls(city: City, replication: number): CallTable {
  const { run } = city.scenario;
  const key = randomKey(run.seed);
  const draws: Draw[] = [];
  const firstHour = Math.floor((run.start.msIntoHour - run.warmUpMs) / MS_PER_HOUR);
  const endHour = Math.ceil((run.start.msIntoHour + run.durationMs) / MS_PER_HOUR);
  assert(
    endHour < HOUR_SHIFT && -firstHour < HOUR_SHIFT,
    'the run is longer than the hours a key can number',
  );
  // A source without calls takes no number, so that adding or removing one changes nothing.
  city.sources
    .filter((source) => source.callsPerHour.some((rate) => rate > 0))
    .forEach((source, s) => {
      for (let hour = firstHour; hour < endHour; hour++) {
        const entity = s * 65_536 + hour + HOUR_SHIFT;
        const stream = (purpose: Purpose): RandomStream =>
          new RandomStream(key, replication, purpose, entity);
        const hourOfWeek =
          (((run.start.hourOfWeek + hour) % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK;
        const rate = source.callsPerHour[hourOfWeek];
        if (rate === 0) continue;
        const count = stream(PURPOSE.callCount).poisson(rate);
        assert(
          draws.length + count <= LIMITS.callsPerReplication,
          'more calls in a replication than the limit',
        );
        const time = stream(PURPOSE.callTime);
        const place = stream(PURPOSE.callPlace);
        const category = stream(PURPOSE.callCategory);
        const onScene = stream(PURPOSE.onSceneTime);
        for (let i = 0; i < count; i++) {
          const chosen = chooseByWeight(source.categoryShares, category.uniform());
          draws.push({
            occurredMs: hour * MS_PER_HOUR - run.start.msIntoHour + time.below(MS_PER_HOUR),
            source: s,
            ...choosePlace(source, place.uniform()),
            category: chosen,
            onSceneMs: drawOnScene(city.categories[chosen].onScene, onScene),
          });
        }
      }
    });
  const kept = draws.filter((d) => d.occurredMs >= -run.warmUpMs && d.occurredMs < run.durationMs);
  kept.sort((a, b) => a.occurredMs - b.occurredMs || a.source - b.source); // stable: draws keep their order
  const calls = callTable(kept);
  checkCallTable(calls, city.categories.length);
  return calls;
}

/** The first item whose running sum of weights exceeds u x total; weights sum to more than 0. */
function chooseByWeight(weights: readonly number[], u: number): number {
  let left = u * weights.reduce((sum, w) => sum + w, 0);
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] <= 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last;
}

function choosePlace(source: DemandSource, u: number): { segment: number; offsetMm: number; zone: number } {
  if (source.places.length > 0) {
    const i = Math.floor(u * source.places.length);
    return { ...source.places[i], zone: source.placeZone[i] };
  }
  const { cumulativeMm, stretches } = source;
  const atMm = Math.floor(u * cumulativeMm[stretches.length]);
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cumulativeMm[middle] <= atMm) low = middle;
    else high = middle - 1;
  }
  const { segment, fromMm } = stretches[low];
  return { segment, offsetMm: fromMm + atMm - cumulativeMm[low], zone: source.stretchZone[low] };
}

function drawOnScene({ type, meanMs, cv }: DemandCategory['onScene'], stream: RandomStream): number {
  const draw =
    type === 'constant' || meanMs === 0
      ? meanMs
      : type === 'exponential'
        ? stream.exponential(meanMs)
        : stream.lognormal(meanMs, cv);
  return Math.min(0xffff_ffff, Math.round(draw));
}
