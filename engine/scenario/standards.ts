/**
 * Response standards: the presets, and reading one from a file. A standard is data (see `standardSchema`): clauses of
 * selector, event, clock start, threshold and target share. To add a preset, copy the nearest file of `standards/` and
 * add a line to the list; where its source is silent, the `source` text says so and names the assumption.
 */
import { assert } from '../errors.ts';
import { ShapeChecker } from './parse.ts';
import { jsonPath, Problems } from './problems.ts';
import { type StandardJson, standardSchema } from './schema.ts';
import { echelon135 } from './standards/echelon-1-3-5.ts';
import { service1030 } from './standards/service-10-30.ts';
import { stage135 } from './standards/stage-1-3-5.ts';
import { urban5Suburb10 } from './standards/urban5-suburb10.ts';
import { zone135 } from './standards/zone-1-3-5.ts';
import { parseStrictJson } from './strict-json.ts';

const LIST: readonly StandardJson[] = [zone135, echelon135, stage135, urban5Suburb10, service1030];

/** The presets by name. */
export const STANDARD_PRESETS: Readonly<Record<string, StandardJson>> = Object.fromEntries(
  LIST.map((standard) => [standard.id, standard]),
);
assert(Object.keys(STANDARD_PRESETS).length === LIST.length, 'two presets share a name');

/** Share that a percentile statistic stands for. */
const PERCENTILE_SHARE = { p50: 0.5, p90: 0.9, p95: 0.95 } as const;

/**
 * A standard from the bytes of a JSON file of its own (`patrol135 score --standard FILE`).
 * @throws InputError with everything that is wrong
 */
export function parseStandard(fileName: string, bytes: Uint8Array): StandardJson {
  const problems = new Problems();
  const standard = checkedStandard(
    parseStrictJson(bytes, fileName),
    fileName,
    '',
    new ShapeChecker(problems),
    problems,
  );
  problems.throwIfAny();
  assert(standard !== undefined, 'a standard without problems has no value');
  return standard;
}

/** A standard from its JSON value; undefined when something is wrong and was added to the problems. */
export function checkedStandard(
  value: unknown,
  file: string,
  place: string,
  checker: ShapeChecker,
  problems: Problems,
): StandardJson | undefined {
  const standard = checker.check(standardSchema, value, file, (path) => place + jsonPath(path));
  if (standard === undefined) return undefined;
  const before = problems.count;
  checkClauses(standard, (path, message) => problems.add(file, place + jsonPath(path), message));
  return problems.count > before ? undefined : standard;
}

/** What the schema alone cannot say: keys that need each other, and names used twice. */
function checkClauses(
  standard: StandardJson,
  refuse: (path: readonly PropertyKey[], message: string) => void,
): void {
  const firstUse = new Map<string, number>();
  for (const [ix, clause] of standard.clauses.entries()) {
    const at = ['clauses', ix];
    const first = firstUse.get(clause.id);
    if (first !== undefined)
      refuse([...at, 'id'], `"${clause.id}" is used twice; first at /clauses/${first}/id`);
    else firstUse.set(clause.id, ix);

    const needsCount = clause.event === 'kthArrival' || clause.event === 'echelonArrival';
    if (needsCount && clause.unitsRequired === undefined) {
      refuse([...at, 'unitsRequired'], `is missing; ${clause.event} needs to know which one, counted from 1`);
    } else if (!needsCount && clause.unitsRequired !== undefined) {
      refuse(
        [...at, 'unitsRequired'],
        `has no meaning for ${clause.event}; allowed with kthArrival, echelonArrival`,
      );
    }
    if (clause.statistic !== 'share' && clause.targetShare !== PERCENTILE_SHARE[clause.statistic]) {
      const share = PERCENTILE_SHARE[clause.statistic];
      refuse(
        [...at, 'targetShare'],
        clause.targetShare === undefined
          ? `is missing; with ${clause.statistic} it is ${share}`
          : `${clause.targetShare} is not allowed with ${clause.statistic}; allowed: ${share}`,
      );
    }
  }
}
