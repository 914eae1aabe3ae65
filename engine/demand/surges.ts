/**
 * Surges: factors on rates. Within an hour calls of a source are the points of a unit Poisson process along the axis of
 * "rate so far": point j lies at the sum S_j of its first j + 1 exponential gaps. Without a surge the calls of the hour are
 * the points below the rate. With surges points are drawn up to the rate times the highest factor, and point j is a call
 * if S_j < rate x factor, the factor at its own time, place and category. This is thinning of a Poisson process (Lewis and
 * Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979), so calls are Poisson with the surged rate;
 * and it is nested: a higher factor keeps every call and adds some, a lower one only leaves some out, and calls of other
 * hours, places and categories stay as they are.
 */
import type { SurgeSpec } from '../scenario/scenario.ts';
import { MS_PER_HOUR, NONE, type Ms } from '../units.ts';
import type { SourceColumns } from './source-columns.ts';

interface Surge {
  fromMs: Ms;
  toMs: Ms;
  factor: number;
  /** Null for all. */
  categories: ReadonlySet<number> | null;
  zones: ReadonlySet<number> | null;
}

/** A part of an hour in which the same surges hold. */
export interface SurgePiece {
  /** Within the hour, from its start. */
  fromMs: Ms;
  surges: readonly Surge[];
}

export class Surges {
  private readonly surges: readonly Surge[];

  constructor(specs: readonly SurgeSpec[]) {
    this.surges = specs.map(({ categories, zones, ...spec }) => ({
      ...spec,
      categories: categories && new Set(categories),
      zones: zones && new Set(zones),
    }));
  }

  /** The hour in pieces, the first from 0; empty when no surge touches it. @param hourStartMs from the scored start */
  piecesOf(hourStartMs: Ms): SurgePiece[] {
    const hourEndMs = hourStartMs + MS_PER_HOUR;
    const touching = this.surges.filter(({ fromMs, toMs }) => fromMs < hourEndMs && toMs > hourStartMs);
    if (touching.length === 0) return [];
    const cuts = touching.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
    return [...new Set([hourStartMs, ...cuts])]
      .filter((cutMs) => cutMs >= hourStartMs && cutMs < hourEndMs)
      .sort((a, b) => a - b)
      .map((cutMs) => ({
        fromMs: cutMs - hourStartMs,
        surges: touching.filter(({ fromMs, toMs }) => fromMs <= cutMs && toMs > cutMs),
      }));
  }
}

/** The factor on the rate of calls of a category in a zone (or NONE). @param atMs within the hour */
export function surgeFactor(pieces: readonly SurgePiece[], atMs: Ms, category: number, zone: number): number {
  let p = 0;
  while (p + 1 < pieces.length && pieces[p + 1].fromMs <= atMs) p++;
  return factorOf(pieces[p].surges, category, zone);
}

function factorOf(surges: readonly Surge[], category: number, zone: number): number {
  let product = 1;
  for (const { factor, categories, zones } of surges) {
    if (categories !== null && !categories.has(category)) continue;
    if (zones !== null && !zones.has(zone)) continue;
    product *= factor;
  }
  return product;
}

/** The highest factor that a call of the source can have in these pieces. Cost O(pieces x surges x (categories + zones)). */
export function highestFactor(pieces: readonly SurgePiece[], { weights, where }: SourceColumns): number {
  const categories = [...weights.keys()].filter((c) => weights[c] > 0);
  let highest = 0;
  for (const { surges } of pieces) {
    for (const c of alikes(categories, surges, 'categories')) {
      for (const z of alikes(where.zones, surges, 'zones'))
        highest = Math.max(highest, factorOf(surges, c, z));
    }
  }
  return highest;
}

/** One of each kind that no surge tells apart. */
function alikes(items: readonly number[], surges: readonly Surge[], what: 'categories' | 'zones'): number[] {
  const telling = surges.filter((surge) => surge[what] !== null);
  if (telling.length === 0) return [items[0] ?? NONE];
  const byKind = new Map<string, number>();
  for (const item of items) byKind.set(telling.map((s) => (s[what]!.has(item) ? 1 : 0)).join(''), item);
  return [...byKind.values()];
}
