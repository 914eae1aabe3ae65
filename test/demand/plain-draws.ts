/**
 * The calls of plain demand (rates, places, categories, times on scene) drawn one at a time with an object for each: the
 * obvious way, which the engine's columns are held to, byte for byte.
 */
import type { City, DemandSource } from '../../engine/city/city.ts';
import { callTable, type CallRow, type CallTable } from '../../engine/demand/demand.ts';
import { PURPOSE, type Purpose, randomKey, RandomStream } from '../../engine/rng.ts';
import type { TimeLaw } from '../../engine/scenario/scenario.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../../engine/units.ts';

interface Draw extends CallRow {
  source: number;
}

export function plainDraws(city: City, replication: number): CallTable {
  const { run } = city.scenario;
  const key = randomKey(run.seed);
  const draws: Draw[] = [];
  const firstHour = Math.floor((run.start.msIntoHour - run.warmUpMs) / MS_PER_HOUR);
  const endHour = Math.ceil((run.start.msIntoHour + run.durationMs) / MS_PER_HOUR);
  city.sources
    .filter((source) => source.callsPerHour.some((rate) => rate > 0))
    .forEach((source, s) => {
      for (let hour = firstHour; hour < endHour; hour++) {
        const stream = (purpose: Purpose): RandomStream =>
          new RandomStream(key, replication, purpose, s * 65_536 + hour + 32_768);
        const hourOfWeek =
          (((run.start.hourOfWeek + hour) % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK;
        const count = stream(PURPOSE.callCount).poisson(source.callsPerHour[hourOfWeek]);
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
  return callTable(kept);
}

/** The first item whose running sum of weights exceeds u x total. */
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
    const { cumulativeWeight: sums, places } = source;
    const i =
      sums === null
        ? Math.floor(u * places.length)
        : places.findIndex((_, place) => Math.floor(u * sums[places.length]) < sums[place + 1]);
    return { ...source.places[i], zone: source.placeZone[i] };
  }
  const { cumulativeMm, stretches } = source;
  const atMm = Math.floor(u * cumulativeMm[stretches.length]);
  let i = 0;
  while (i + 1 < stretches.length && cumulativeMm[i + 1] <= atMm) i++;
  const { segment, fromMm } = stretches[i];
  return { segment, offsetMm: fromMm + atMm - cumulativeMm[i], zone: source.stretchZone[i] };
}

function drawOnScene({ type, meanMs, cv }: TimeLaw, stream: RandomStream): number {
  const draw =
    type === 'constant' || meanMs === 0
      ? meanMs
      : type === 'exponential'
        ? stream.exponential(meanMs)
        : stream.lognormal(meanMs, cv);
  return Math.min(0xffff_ffff, Math.round(draw));
}
