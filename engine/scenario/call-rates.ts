/** How many calls are to be expected, and when: an estimate before any is drawn. */
import { HOURS_PER_WEEK, MS_PER_HOUR, type Ms } from '../units.ts';
import type { DemandCategory, DemandSpec, RunStart } from './scenario.ts';

/** A stretch of the run, from the scored start, in which the rate stays the same. */
interface RatePiece {
  fromMs: Ms;
  toMs: Ms;
  /** Without the calls that others bring about. */
  callsPerHour: number;
}

/**
 * Rates over [fromMs, toMs), in order of time. A surge that is about some categories or zones counts as if it were about
 * all when it raises rates, and not at all when it lowers them: rates are never too low.
 * Cost O(sources x 168 + hours x surges at once).
 */
export function ratePieces(
  { sources, surges }: Pick<DemandSpec, 'sources' | 'surges'>,
  start: RunStart,
  fromMs: Ms,
  toMs: Ms,
): RatePiece[] {
  const perHour = new Float64Array(HOURS_PER_WEEK);
  for (const { callsPerHour } of sources) {
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++) perHour[hour] += callsPerHour[hour];
  }
  const counted = surges
    .filter(({ factor, categories, zones }) => factor > 1 || (categories === null && zones === null))
    .filter((surge) => surge.fromMs < toMs && surge.toMs > fromMs);
  const cuts = new Set<Ms>([fromMs, toMs]);
  const startMs = start.hourOfWeek * MS_PER_HOUR + start.msIntoHour;
  for (let hour = Math.floor((startMs + fromMs) / MS_PER_HOUR) + 1; ; hour++) {
    const atMs = hour * MS_PER_HOUR - startMs;
    if (atMs >= toMs) break;
    cuts.add(atMs);
  }
  for (const surge of counted) {
    if (surge.fromMs > fromMs) cuts.add(surge.fromMs);
    if (surge.toMs < toMs) cuts.add(surge.toMs);
  }
  const times = [...cuts].sort((a, b) => a - b);
  const byStart = [...counted].sort((a, b) => a.fromMs - b.fromMs);
  let nBegun = 0;
  let active: typeof counted = [];
  return times.slice(0, -1).map((pieceFromMs, ix) => {
    while (nBegun < byStart.length && byStart[nBegun].fromMs <= pieceFromMs) active.push(byStart[nBegun++]);
    active = active.filter((surge) => surge.toMs > pieceFromMs);
    const hour = Math.floor((startMs + pieceFromMs) / MS_PER_HOUR);
    const hourOfWeek = ((hour % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK;
    const callsPerHour = active.reduce((rate, { factor }) => rate * factor, perHour[hourOfWeek]);
    return { fromMs: pieceFromMs, toMs: times[ix + 1], callsPerHour };
  });
}

/** Expected calls of one replication, warm-up included, those that others bring about too. */
export function expectedCalls(
  demand: Pick<DemandSpec, 'categories' | 'sources' | 'surges'>,
  start: RunStart,
  durationMs: Ms,
  warmUpMs: Ms,
): number {
  let expected = 0;
  for (const { fromMs, toMs, callsPerHour } of ratePieces(demand, start, -warmUpMs, durationMs)) {
    expected += (callsPerHour * (toMs - fromMs)) / MS_PER_HOUR;
  }
  return expected * callsPerCall(demand);
}

/** Calls that one call of a source comes to, itself included, in the mean over all sources. */
function callsPerCall({ categories, sources }: Pick<DemandSpec, 'categories' | 'sources'>): number {
  if (categories.every(({ linked, repeat }) => linked === null && repeat === null)) return 1;
  const ownAndOthers = withFollowing(categories, () => 1);
  let calls = 0;
  let all = 0;
  for (const { callsPerHour, categoryShares } of sources) {
    const rate = callsPerHour.reduce((sum, each) => sum + each, 0);
    const shares = categoryShares.reduce((sum, share) => sum + share, 0);
    calls += rate;
    categoryShares.forEach((share, category) => {
      all += (rate * share * ownAndOthers[category]) / shares;
    });
  }
  return calls === 0 ? 1 : all / calls;
}

/**
 * Of each category: what one call amounts to with all its repeats and linked calls, in the mean, when a call alone
 * amounts to `ofOne`.
 */
export function withFollowing(
  categories: readonly DemandCategory[],
  ofOne: (category: DemandCategory) => number,
): number[] {
  const sums: (number | undefined)[] = categories.map(() => undefined);
  const sumOf = (ix: number): number => {
    const known = sums[ix];
    if (known !== undefined) return known;
    const { linked, repeat } = categories[ix];
    const once = ofOne(categories[ix]) + (linked === null ? 0 : linked.share * sumOf(linked.category));
    return (sums[ix] = once / (1 - (repeat?.share ?? 0)));
  };
  return categories.map((_, ix) => sumOf(ix));
}
