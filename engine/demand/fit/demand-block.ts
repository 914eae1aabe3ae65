/** The `demand` of a scenario that draws calls as a fit found them, with the files of places that it names. */
import { csvFormatRow } from 'd3-dsv';
import { InputError } from '../../errors.ts';
import { HOURS_PER_WEEK } from '../../units.ts';
import type { TimeLawJson } from '../../scenario/schema.ts';
import type { DurationFit } from './duration-laws.ts';
import type { DemandFit } from './fit.ts';
import type { CallKind } from './kinds.ts';
import type { Grid } from './places.ts';
import type { Stream } from './rate-model.ts';
import { sumOf } from './weekly-rates.ts';

/** What the file of calls does not tell and a scenario needs. */
export interface StatedNeeds {
  /** By category; the empty name is for all others. */
  onSceneS: ReadonlyMap<string, TimeLawJson>;
  /** By category; the empty name is for all others. */
  priorities: ReadonlyMap<string, number>;
}

export interface DemandBlock {
  demand: {
    type: 'poisson';
    categories: { id: string; priority: number; share: number; onSceneS: TimeLawJson }[];
    sources: {
      where:
        | { type: 'places'; file: string; lonColumn: 'lon'; latColumn: 'lat'; weightColumn: 'weight' }
        | { type: 'zone'; zone: string };
      callsPerHour: number[];
      categoryShares: Record<string, number>;
    }[];
  };
  /** CSV files by name, to stand beside the scenario. */
  files: Map<string, string>;
}

/** Weights of a file of places add up to this: each is one part in so many of its source's calls. */
const PLACE_PARTS = 10_000;
/** Values of an empirical law: quantiles evenly spread. */
const MOST_VALUES = 1000;

/** Of calls whose priority nobody tells. */
export const USUAL_PRIORITY = 1;

/** Categories whose priority neither the file nor the user tells: those that take the usual one. */
export const withoutPriority = ({ kinds }: DemandFit, { priorities }: StatedNeeds): string[] =>
  kinds
    .filter(({ category, priority }) => priority === null && statedFor(priorities, category) === undefined)
    .map(({ id }) => id);

/**
 * Calls without a priority have the usual one (`withoutPriority`).
 * @throws InputError naming times on scene that the file does not tell and nobody states
 */
export function demandBlock(fit: DemandFit, stated: StatedNeeds): DemandBlock {
  const { kinds, streams, places, calls, kindOf, model } = fit;
  const categories = kinds.map((kind) => ({
    id: kind.id,
    priority: kind.priority ?? statedFor(stated.priorities, kind.category) ?? USUAL_PRIORITY,
    share: rounded(kind.share.value),
    onSceneS: onSceneOf(kind, stated),
  }));

  const files = new Map<string, string>();
  const sources = streams.flatMap((stream, g): DemandBlock['demand']['sources'] => {
    const shares = kinds.map(() => 0);
    for (let call = 0; call < calls.n; call++) if (model.group[call] === g) shares[kindOf[call]]++;
    const total = sumOf(shares);
    if (total === 0) return [];
    const categoryShares = Object.fromEntries(kinds.map(({ id }, k) => [id, rounded(shares[k] / total)]));
    if (places.shape.type === 'zones') {
      return places.shape.ids.map((zone, cell) => ({
        where: { type: 'zone' as const, zone },
        callsPerHour: Array.from(stream.rates, (rate) =>
          rounded(rate * stream.density[cell] * places.areaKm2[cell]),
        ),
        categoryShares,
      }));
    }
    const file = streams.length === 1 ? 'places.csv' : `places-${g + 1}.csv`;
    files.set(file, placesCsv(fit, stream, g));
    return [
      {
        where: { type: 'places' as const, file, lonColumn: 'lon', latColumn: 'lat', weightColumn: 'weight' },
        callsPerHour: Array.from({ length: HOURS_PER_WEEK }, (_, hour) => rounded(stream.rates[hour])),
        categoryShares,
      },
    ];
  });
  return { demand: { type: 'poisson', categories, sources }, files };
}

/** What the user states for a category: by its name, or for all. */
export const statedFor = <T>(stated: ReadonlyMap<string, T>, category: string): T | undefined =>
  stated.get(category) ?? stated.get('');

function onSceneOf({ category, onScene }: CallKind, stated: StatedNeeds): TimeLawJson {
  const law = statedFor(stated.onSceneS, category);
  if (law !== undefined) return law;
  if (onScene !== null) return lawJson(onScene.fit);
  throw InputError.at(
    '--on-scene-law',
    '',
    `the calls of ${category === '' ? 'the file' : JSON.stringify(category)} have no time on scene, and a demand needs one: name its ` +
      'column with --on-scene, or state a law such as --on-scene-law lognormal:1800:0.9',
  );
}

/** The chosen law as a scenario writes it. */
export function lawJson({ chosen, laws, meanS, valuesS }: DurationFit): TimeLawJson {
  const law = laws.find(({ type }) => type === chosen);
  if (law === undefined) {
    const n = Math.min(valuesS.length, MOST_VALUES);
    const at = (i: number): number => Math.floor(((i + 0.5) * valuesS.length) / n);
    return { type: 'empirical', valuesS: Array.from({ length: n }, (_, i) => valuesS[at(i)]) };
  }
  switch (law.type) {
    case 'constant':
      return { type: 'constant', mean: rounded(meanS) };
    case 'exponential':
      return { type: 'exponential', mean: rounded(meanS) };
    case 'gamma':
    case 'lognormal':
      return { type: law.type, mean: rounded(law.meanS), cv: rounded(law.cv) };
  }
}

/** Six digits are more than any fit knows. */
const rounded = (value: number): number => Number(value.toPrecision(6));

/**
 * Places that together spread as the density says: so many parts are taken at even steps of its running sum. In a cell
 * with calls they are at places of calls, in order of time; in one without they are spread over the cell. A place that is
 * taken several times is one row with that weight, where it was taken first.
 */
function placesCsv({ places, calls, rows, model }: DemandFit, { density }: Stream, g: number): string {
  if (places.shape.type !== 'grid') throw new Error('zones need no file of places');
  const { grid, gridCell } = places.shape;
  const own = callsByCell(places.n, calls.cell, (call) => model.group[call] === g);
  const any = callsByCell(places.n, calls.cell, () => true);
  const weights = new Map<string, number>();
  let done = 0;
  let taken = 0;
  for (let cell = 0; cell < places.n; cell++) {
    done += density[cell] * places.areaKm2[cell];
    const until = cell === places.n - 1 ? PLACE_PARTS : Math.min(PLACE_PARTS, Math.round(done * PLACE_PARTS));
    const wanted = until - taken;
    const known = own[cell].length > 0 ? own[cell] : any[cell];
    for (let i = 0; i < wanted; i++) {
      const call = known.at(Math.floor(((i + 0.5) * known.length) / wanted));
      const { lon, lat } = call === undefined ? spreadIn(grid, gridCell[cell], taken + i) : rows[call];
      const place = csvFormatRow([lon.toFixed(7), lat.toFixed(7)]);
      weights.set(place, (weights.get(place) ?? 0) + 1);
    }
    taken = Math.max(taken, until);
  }
  return ['lon,lat,weight', ...Array.from(weights, ([place, weight]) => `${place},${weight}`), ''].join('\n');
}

function callsByCell(n: number, cells: Int32Array, isTaken: (call: number) => boolean): number[][] {
  const byCell = Array.from({ length: n }, (): number[] => []);
  cells.forEach((cell, call) => {
    if (isTaken(call)) byCell[cell].push(call);
  });
  return byCell;
}

/** The i-th point of Halton's sequence in bases 2 and 3, within a cell. */
function spreadIn(
  { west, south, stepLon, stepLat, columns }: Grid,
  cell: number,
  i: number,
): { lon: number; lat: number } {
  return {
    lon: west + ((cell % columns) + mirrored(i + 1, 2)) * stepLon,
    lat: south + (Math.floor(cell / columns) + mirrored(i + 1, 3)) * stepLat,
  };
}

/** The digits of i behind the point in reverse order (van der Corput). */
function mirrored(i: number, base: number): number {
  let value = 0;
  for (let digit = 1 / base; i > 0; digit /= base) {
    value += (i % base) * digit;
    i = Math.floor(i / base);
  }
  return value;
}
