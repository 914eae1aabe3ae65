/** Laws of durations: means in milliseconds, observed values read and put in order. */
import { secondsToMs } from '../units.ts';
import { readDurations } from './durations-csv.ts';
import { jsonPath } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { TimeLaw } from './scenario.ts';
import type { TimeLawJson } from './schema.ts';
import { constantLaw, empiricalLaw } from './time-law.ts';

/** @returns the law, or undefined when something is wrong with it, which is then noted at `path` */
export async function resolveLaw(
  resolving: Resolving,
  law: TimeLawJson,
  path: readonly PropertyKey[],
): Promise<TimeLaw | undefined> {
  if (typeof law === 'number') return constantLaw(secondsToMs(law));
  switch (law.type) {
    case 'constant':
      return constantLaw(law.mean * 1000);
    case 'exponential':
      return { type: law.type, meanMs: law.mean * 1000, cv: 1, valuesMs: [] };
    case 'gamma':
    case 'lognormal':
      return { type: law.type, meanMs: law.mean * 1000, cv: law.cv, valuesMs: [] };
    case 'empirical':
      return resolveEmpirical(resolving, law, path);
  }
}

async function resolveEmpirical(
  resolving: Resolving,
  { valuesS, file, column }: Extract<TimeLawJson, { type: 'empirical' }>,
  path: readonly PropertyKey[],
): Promise<TimeLaw | undefined> {
  if ((valuesS === undefined) === (file === undefined)) {
    const has = file === undefined ? 'has no durations' : 'has durations twice';
    resolving.refuse(path, `${has}; give either "valuesS" or "file" and "column"`);
    return undefined;
  }
  if ((file === undefined) !== (column === undefined)) {
    const message =
      column === undefined
        ? 'is missing; it names the column of the file that holds durations in seconds'
        : 'names a column, but there is no file';
    resolving.refuse([...path, 'column'], message);
    return undefined;
  }
  if (valuesS !== undefined) return empiricalLaw(valuesS.map(secondsToMs));
  const source = await resolving.read(file!, [...path, 'file']);
  if (source === undefined) return undefined;
  const { problems, warnings, fileName } = resolving;
  const setBy = `${fileName} ${jsonPath([...path, 'column'])}`;
  const durations = await problems.gather(() => readDurations(source, column!, setBy, problems, warnings));
  return durations && empiricalLaw(durations);
}
