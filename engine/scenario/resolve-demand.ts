/** Demand: categories, sources, rates by hour of week, and the estimate that refuses absurd amounts before they are drawn. */
import { LIMITS } from '../limits.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR, type Ms } from '../units.ts';
import { readPlaces } from './places-csv.ts';
import { indexById, notAName } from './problems.ts';
import type { Places } from './resolve-places.ts';
import type { Resolving } from './resolving.ts';
import type { DemandSourceSpec, RunStart, Scenario } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type DemandJson = ScenarioJson['demand'];
type SourceJson = DemandJson['sources'][number];

/** @returns the demand, or undefined when something in it is wrong */
export async function resolveDemand(
  resolving: Resolving,
  zones: Places['zones'],
): Promise<Scenario['demand'] | undefined> {
  const { json, problems } = resolving;
  if (json.demand === undefined) return undefined;
  const before = problems.count;
  const categories = json.demand.categories.map(({ id, name = id, onSceneS, ...rest }) => ({
    id,
    name,
    ...rest,
    onScene: { type: onSceneS.type, meanMs: onSceneS.mean * 1000, cv: spreadOf(onSceneS), valuesMs: [] },
    skills: 0,
    units: 1,
    release: 'together' as const,
    triageShare: 0,
    transport: null,
    report: null,
    linked: null,
    repeat: null,
  }));
  const categoryIx = indexById(
    categories,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/demand/categories/${ix}/id` }),
    problems,
  );

  const zoneIx = zones && new Map(zones.map(({ id }, ix) => [id, ix]));
  const sources: DemandSourceSpec[] = [];
  for (const [ix, source] of json.demand.sources.entries()) {
    const where = await resolveWhere(resolving, source.where, ix, zoneIx);
    const categoryShares = sharesOf(resolving, source, ix, json.demand.categories, categoryIx);
    if (where === undefined) continue;
    sources.push({ where, callsPerHour: byHourOfWeek(source.callsPerHour), categoryShares });
  }
  return problems.count > before ? undefined : { categories, sources, surges: [], calls: null };
}

/** Standard deviation over mean; a constant has none, an exponential is as spread as it is long. */
function spreadOf(onScene: DemandJson['categories'][number]['onSceneS']): number {
  return onScene.type === 'lognormal' ? onScene.cv : onScene.type === 'exponential' ? 1 : 0;
}

async function resolveWhere(
  resolving: Resolving,
  where: SourceJson['where'],
  ix: number,
  zoneIx: ReadonlyMap<string, number> | undefined,
): Promise<DemandSourceSpec['where'] | undefined> {
  const path = ['demand', 'sources', ix, 'where'];
  switch (where.type) {
    case 'roads':
      return where;
    case 'zone': {
      if (zoneIx === undefined) return undefined; // the zones are at fault, and said so
      const zone = zoneIx.get(where.zone);
      if (zone === undefined) {
        resolving.refuse([...path, 'zone'], notAName(where.zone, 'a zone', [...zoneIx.keys()]));
        return undefined;
      }
      return { type: 'zone', zone };
    }
    case 'places': {
      const source = await resolving.read(where.file, [...path, 'file']);
      if (source === undefined) return undefined;
      const { problems, warnings } = resolving;
      const places = await problems.gather(() => readPlaces(source, where, problems, warnings));
      return places && { type: 'places', fileName: source.name, places };
    }
  }
}

/** One weight for each category: its own share unless the source names another. */
function sharesOf(
  resolving: Resolving,
  { categoryShares = {} }: SourceJson,
  ix: number,
  categories: DemandJson['categories'],
  categoryIx: ReadonlyMap<string, number> | undefined,
): number[] {
  const shares = categories.map(({ share }) => share);
  const path = ['demand', 'sources', ix, 'categoryShares'];
  if (categoryIx === undefined) return shares; // the categories are at fault, and said so
  for (const [id, share] of Object.entries(categoryShares)) {
    const category = categoryIx.get(id);
    if (category === undefined)
      resolving.refuse([...path, id], notAName(id, 'a category', [...categoryIx.keys()]));
    else shares[category] = share;
  }
  if (!shares.some((share) => share > 0)) {
    resolving.refuse(
      path,
      `the shares of this source add up to 0; at least one category must have a share above 0`,
    );
  }
  return shares;
}

/** 168 rates from Monday 00:00. */
function byHourOfWeek(callsPerHour: SourceJson['callsPerHour']): number[] {
  return Array.from({ length: HOURS_PER_WEEK }, (_, hour) => {
    if (typeof callsPerHour === 'number') return callsPerHour;
    return callsPerHour[hour % callsPerHour.length];
  });
}

/**
 * Refuses a run without calls and one with too many, by the number to expect. Cost O(sources x 168).
 */
export function checkAmount(
  resolving: Resolving,
  sources: readonly DemandSourceSpec[],
  start: RunStart,
  durationMs: Ms,
  warmUpMs: Ms,
): void {
  const expected = expectedCalls(sources, start, durationMs, warmUpMs);
  if (expected === 0) {
    resolving.refuse(
      ['demand', 'sources'],
      'no call is to be expected during the run: all rates of its hours are 0',
    );
  } else if (expected > LIMITS.callsPerReplication) {
    resolving.refuse(
      ['demand', 'sources'],
      `${Math.round(expected)} calls are to be expected in each replication; allowed: at most ${LIMITS.callsPerReplication}`,
    );
  }
}

/** Expected calls of one replication, warm-up included. */
export function expectedCalls(
  sources: readonly DemandSourceSpec[],
  start: RunStart,
  durationMs: Ms,
  warmUpMs: Ms,
): number {
  const perHour = Array.from({ length: HOURS_PER_WEEK }, (_, hour) => {
    let sum = 0;
    for (const { callsPerHour } of sources) sum += callsPerHour[hour];
    return sum;
  });
  const startMs = start.hourOfWeek * MS_PER_HOUR + start.msIntoHour;
  let expected = 0;
  for (let at = startMs - warmUpMs; at < startMs + durationMs;) {
    const hour = Math.floor(at / MS_PER_HOUR);
    const end = Math.min((hour + 1) * MS_PER_HOUR, startMs + durationMs);
    const hourOfWeek = ((hour % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK;
    expected += (perHour[hourOfWeek] * (end - at)) / MS_PER_HOUR;
    at = end;
  }
  return expected;
}
