/** Demand: sources with their rates by hour of week, and the estimate that refuses absurd amounts before they are drawn. */
import { LIMITS } from '../limits.ts';
import { HOURS_PER_WEEK, type Ms } from '../units.ts';
import { expectedCalls } from './call-rates.ts';
import { positionsOf } from './look-up.ts';
import { readPlaces } from './places-csv.ts';
import { jsonPath, notAName } from './problems.ts';
import { resolveCalls } from './resolve-calls.ts';
import { resolveCategories } from './resolve-categories.ts';
import type { Places } from './resolve-places.ts';
import { resolveSurges } from './resolve-surges.ts';
import type { Resolving } from './resolving.ts';
import type { DemandCategory, DemandSourceSpec, DemandSpec, RunStart } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type DemandJson = Extract<ScenarioJson['demand'], { type: 'poisson' }>;
type SourceJson = DemandJson['sources'][number];

/** What demand refers to; a part that is at fault is undefined, and references to it are not judged. */
interface DemandSurroundings {
  zones: Places['zones'];
  destinations: Places['destinations'];
  skills: readonly string[] | undefined;
  start: RunStart | undefined;
  /** Local time of the scored start. */
  startLocalMs: number | undefined;
}

/** @returns the demand, or undefined when something in it is wrong */
export async function resolveDemand(
  resolving: Resolving,
  around: DemandSurroundings,
): Promise<DemandSpec | undefined> {
  const { demand } = resolving.json;
  if (demand === undefined) return undefined;
  const categories = await resolveCategories(resolving, around.destinations, around.skills);
  return demand.type === 'poisson'
    ? resolveRates(resolving, demand, categories, around)
    : resolveCalls(resolving, demand, categories, around.start);
}

async function resolveRates(
  resolving: Resolving,
  demand: DemandJson,
  categories: DemandCategory[] | undefined,
  { zones, startLocalMs }: DemandSurroundings,
): Promise<DemandSpec | undefined> {
  const { problems } = resolving;
  const before = problems.count;
  const categoryIx = categories && positionsOf(categories);
  const zoneIx = zones && positionsOf(zones);
  const sources: DemandSourceSpec[] = [];
  for (const [ix, source] of demand.sources.entries()) {
    const where = await resolveWhere(resolving, source.where, ix, zoneIx);
    const categoryShares = sharesOf(resolving, source, ix, demand.categories, categoryIx);
    if (where === undefined) continue;
    sources.push({ where, callsPerHour: byHourOfWeek(source.callsPerHour), categoryShares });
  }
  const surges = resolveSurges(resolving, demand.surges, categories, zones, startLocalMs);
  if (problems.count > before) return undefined;
  return categories && surges && { categories, sources, surges, calls: null };
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
      const { problems, warnings, fileName } = resolving;
      const setBy = (key: string) => `${fileName} ${jsonPath([...path, key])}`;
      const read = await problems.gather(() => readPlaces(source, where, setBy, problems, warnings));
      return read && { type: 'places', fileName: source.name, ...read };
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

/** Refuses a run without calls and one with too many, by the number to expect. Calls of a file were counted on reading. */
export function checkAmount(
  resolving: Resolving,
  demand: DemandSpec,
  start: RunStart,
  durationMs: Ms,
  warmUpMs: Ms,
): void {
  if (demand.calls !== null) return;
  const expected = expectedCalls(demand, start, durationMs, warmUpMs);
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
