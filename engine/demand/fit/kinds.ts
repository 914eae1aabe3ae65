/** Kinds of calls: categories of a call file with their priorities, their shares and their times on scene. */
import { InputError } from '../../errors.ts';
import type { ReadCall } from '../../scenario/calls-csv.ts';
import { MS_PER_S } from '../../units.ts';
import { type FittedFigure, ratioByWeek } from './by-week.ts';
import { type DurationFit, fitDurations } from './duration-laws.ts';
import { sumOf } from './weekly-rates.ts';
import { hourAt, type Window } from './window.ts';

/** A category of calls with one priority; what a scenario calls a category. */
export interface CallKind {
  id: string;
  /** As in the file; empty where it has none. */
  category: string;
  /** Null where the file has no priorities. */
  priority: number | null;
  share: FittedFigure;
  /** Null where no call of the file has a time on scene; of few calls it is that of all kinds together. */
  onScene: { fit: DurationFit; of: 'kind' | 'all' } | null;
}

/** Of fewer durations no law is fitted. */
const LEAST_DURATIONS = 30;
/** What a scenario may have. */
const MOST_KINDS = 1000;
/**
 * The kinds of the calls in order of first occurrence, the kind of each call, and the number of calls that took the usual
 * priority of their category because they have none.
 * @throws InputError when there are more kinds than a scenario may have
 */
export function kindsOf(rows: readonly ReadCall[], window: Window, fileName: string) {
  const hasPriorities = rows.some(({ priority }) => priority !== null);
  const usual = usualPriorities(rows);
  let priorityFilledIn = 0;
  const ixOf = new Map<string, number>();
  const kinds: {
    category: string;
    priority: number | null;
    callsOfWeek: Float64Array;
    onSceneS: number[];
  }[] = [];
  const callsOfWeek = new Float64Array(window.nWeeks);
  const kindOf = Uint16Array.from(rows, (row) => {
    const priority = row.priority ?? (hasPriorities ? (usual.get(row.category) ?? usual.get(ANY)!) : null);
    if (row.priority === null && hasPriorities) priorityFilledIn++;
    const key = `${priority ?? ''}|${row.category}`;
    let ix = ixOf.get(key);
    if (ix === undefined) {
      ixOf.set(key, (ix = kinds.length));
      kinds.push({
        category: row.category,
        priority,
        callsOfWeek: new Float64Array(window.nWeeks),
        onSceneS: [],
      });
    }
    const week = window.week[hourAt(window, row.utcMs)];
    kinds[ix].callsOfWeek[week]++;
    callsOfWeek[week]++;
    if (row.onSceneMs !== null) kinds[ix].onSceneS.push(row.onSceneMs / MS_PER_S);
    return ix;
  });
  if (kinds.length > MOST_KINDS) {
    throw InputError.at(
      fileName,
      '',
      `has ${kinds.length} categories with their priorities; allowed: at most ${MOST_KINDS} (--category-until takes the beginning of a category only)`,
    );
  }
  const everyOnScene = kinds.flatMap(({ onSceneS }) => onSceneS);
  const ofAll = everyOnScene.length > 0 ? fitDurations(everyOnScene) : null;
  return {
    kindOf,
    priorityFilledIn,
    kinds: kinds.map((kind): CallKind => {
      const { category, priority, onSceneS } = kind;
      const many = kinds.filter((other) => other.category === category).length > 1;
      const name = category === '' ? 'call' : category;
      return {
        id: priority !== null && many ? `${name} P${priority}` : name,
        category,
        priority,
        share: ratioByWeek(kind.callsOfWeek, callsOfWeek, sumOf(kind.callsOfWeek), 1),
        onScene:
          onSceneS.length >= LEAST_DURATIONS
            ? { fit: fitDurations(onSceneS), of: 'kind' }
            : ofAll && { fit: ofAll, of: 'all' },
      };
    }),
  };
}

/** Stands for all categories together; no cell of a file holds a line feed alone, as cells are trimmed. */
const ANY = '\n';

/** The priority that most calls of a category have; of equals the more urgent. */
function usualPriorities(rows: readonly ReadCall[]): Map<string, number> {
  const counts = new Map<string, Map<number, number>>();
  for (const { category, priority } of rows) {
    if (priority === null) continue;
    const ofCategory = counts.get(category) ?? new Map<number, number>();
    counts.set(category, ofCategory.set(priority, (ofCategory.get(priority) ?? 0) + 1));
    const ofAny = counts.get(ANY) ?? new Map<number, number>();
    counts.set(ANY, ofAny.set(priority, (ofAny.get(priority) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([category, list]) => [
      category,
      [...list].sort(([a, m], [b, n]) => n - m || a - b)[0][0],
    ]),
  );
}
