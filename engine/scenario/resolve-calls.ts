/** Calls of a file: rows to calls of the run, with their categories looked up. What is not replayed is counted. */
import { callReportLines } from './call-faults.ts';
import { type CallFile, type ReadCall, readCallFile, replayTime } from './calls-csv.ts';
import { positionsOf } from './look-up.ts';
import { localTimeText } from './local-time.ts';
import { listed, notAName, shown } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { DemandCategory, DemandSpec, ReplayedCalls, RunStart } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';
import { clockChanges } from './time-zone.ts';
import { secondsToMs } from '../units.ts';

type CallsJson = Extract<ScenarioJson['demand'], { type: 'calls' }>;
type Rows = ReplayedCalls['rows'];

/**
 * @param categories, start  undefined when they are at fault: then the file is not read
 * @returns the demand, or undefined when something is wrong
 */
export async function resolveCalls(
  resolving: Resolving,
  demand: CallsJson,
  categories: readonly DemandCategory[] | undefined,
  start: RunStart | undefined,
): Promise<DemandSpec | undefined> {
  const { problems, warnings, fileName } = resolving;
  const source = await resolving.read(demand.file, ['demand', 'file']);
  if (source === undefined || categories === undefined) return undefined;
  const before = problems.count;
  const categoryOf = categoryFinder(resolving, demand, categories);
  const { columns, timeZone, categoryUntil, strict } = demand;
  const columnSetBy = (key: string) => `${fileName} /demand/columns/${key}`;
  const zoneOrigin = { file: fileName, place: '/demand/timeZone' };
  const file = await problems.gather(() =>
    readCallFile(source, { columns, columnSetBy, timeZone, categoryUntil, strict, zoneOrigin }),
  );
  if (file === undefined || start === undefined || problems.count > before) return undefined;
  const toRunMs = replayTime(file.zone, start.text);
  if (typeof toRunMs === 'string') {
    resolving.refuse(['run', 'start'], toRunMs);
    return undefined;
  }
  warnings.push(...callReportLines(file.fileName, file.report));
  const within = callsWithin(resolving, file, toRunMs);
  if (within === undefined) return undefined;
  const rows = withCategories(resolving, file, within, toRunMs, categoryOf, demand);
  if (rows === undefined) return undefined;
  const counts = new Float64Array(categories.length);
  for (const { category } of rows) counts[category]++;
  return {
    categories: categories.map((category, ix) => ({ ...category, share: counts[ix] / rows.length })),
    sources: [],
    surges: [],
    calls: { fileName: file.fileName, strict, rows },
  };
}

/** From what stands in the category column to an index; undefined for a text that no category is about. */
function categoryFinder(
  resolving: Resolving,
  { categories: given, columns, otherCategory }: CallsJson,
  categories: readonly DemandCategory[],
): (text: string) => number | undefined {
  const ids = positionsOf(categories);
  const other = otherCategory === undefined ? undefined : ids.get(otherCategory);
  if (otherCategory !== undefined && other === undefined) {
    resolving.refuse(['demand', 'otherCategory'], notAName(otherCategory, 'a category', [...ids.keys()]));
  }
  if (columns.category === undefined) {
    if (otherCategory === undefined && categories.length > 1) {
      const message = 'is missing; without a category column it says which of the categories the calls have';
      resolving.refuse(['demand', 'otherCategory'], message);
    }
    const only = other ?? 0;
    return () => only;
  }
  const byText = new Map<string, number>();
  for (const [ix, { id, inFile }] of given.entries()) {
    for (const [t, text] of (inFile ?? [id]).entries()) {
      const first = byText.get(text);
      if (first !== undefined) {
        const path = ['demand', 'categories', ix, ...(inFile === undefined ? ['id'] : ['inFile', t])];
        resolving.refuse(
          path,
          `${shown(text)} stands for the category ${shown(categories[first].id)} already`,
        );
      }
      byText.set(text, ix);
    }
  }
  return (text) => byText.get(text) ?? other;
}

/** The calls between the start of the warm-up and the end of the run; undefined when there are none. */
function callsWithin(
  resolving: Resolving,
  { calls, fileName, zone }: CallFile,
  toRunMs: (utcMs: number) => number,
): readonly ReadCall[] | undefined {
  const { run } = resolving.json;
  if (run === undefined) return undefined;
  const fromMs = -secondsToMs(run.warmUpS);
  const toMs = secondsToMs(run.durationS);
  const within = calls.filter(({ utcMs }) => toRunMs(utcMs) >= fromMs && toRunMs(utcMs) < toMs);
  if (within.length === 0) {
    resolving.refuse(
      ['run', 'start'],
      `no call of ${fileName} lies within the run; its calls are from ${localTimeText(calls[0].localMs)} to ${localTimeText(calls.at(-1)!.localMs)}`,
    );
    return undefined;
  }
  if (within.length < calls.length) {
    resolving.warnings.push(
      `${fileName}: ${calls.length - within.length} of ${calls.length} calls lie before or after the run and are not replayed`,
    );
  }
  const startUtcMs = calls[0].utcMs - toRunMs(calls[0].utcMs);
  for (const { utcMs, forwardMs } of clockChanges(zone, startUtcMs + fromMs, startUtcMs + toMs)) {
    const way = forwardMs > 0 ? 'forward' : 'back';
    resolving.warnings.push(
      `the clock of ${zone.name} is put ${way} by ${Math.abs(forwardMs) / 60_000} minutes ${Math.round((utcMs - startUtcMs) / 3_600_000)} hours after the start of the run; shifts and traffic go on by the clock of the start`,
    );
  }
  return within;
}

/** Calls with their categories; those without one are left out and counted, or refused. */
function withCategories(
  resolving: Resolving,
  { fileName }: CallFile,
  calls: readonly ReadCall[],
  toRunMs: (utcMs: number) => number,
  categoryOf: (text: string) => number | undefined,
  { strict, categories }: CallsJson,
): Rows | undefined {
  const rows: Rows = [];
  const unknown = new Map<string, { rows: number; line: number }>();
  for (const { utcMs, lon, lat, category: text, onSceneMs, line } of calls) {
    const category = categoryOf(text);
    if (category === undefined) {
      const { rows: n, line: first } = unknown.get(text) ?? { rows: 0, line };
      unknown.set(text, { rows: n + 1, line: first });
      continue;
    }
    rows.push({ occurredMs: toRunMs(utcMs), place: { lon, lat }, category, onSceneMs, line });
  }
  if (unknown.size === 0) return rows;
  const left = calls.length - rows.length;
  const [[firstText, { line: firstLine }]] = unknown;
  const names = categories.flatMap(({ id, inFile }) => inFile ?? [id]);
  if (strict || rows.length === 0) {
    const others = left > 1 ? `; ${left} of ${calls.length} calls in all have no category` : '';
    const message = notAName(firstText, 'what a category is about', names) + others;
    resolving.problems.add(fileName, `line ${firstLine}`, message);
    return undefined;
  }
  const texts = [...unknown].map(
    ([text, { rows: n, line }]) => `${shown(text)} (${n}, first on line ${line})`,
  );
  resolving.warnings.push(
    `${fileName}: ${left} of ${calls.length} calls are left out because no category is about them: ${listed(texts)}`,
  );
  return rows;
}
