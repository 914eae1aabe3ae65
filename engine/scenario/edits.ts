/**
 * Edits of a scenario file before it is read (`--set PATH=VALUE`): what-if questions without a copy of the file. The
 * edited text goes through the same checks as any other, and is what results keep.
 *
 * Another `type` of a policy (`dispatch.type`, `dispatch.then.type`, `moveUp.type`) or of `queue` has other keys: those of
 * the old one go, so that the new one has its defaults, except the keys that edits of the same command set, whether they
 * stand before it or after it.
 */
import { InputError, type InputProblem, nearestName } from '../errors.ts';
import { valueAt } from './allowed.ts';
import { jsonPath } from './problems.ts';
import { parseStrictJson, type JsonValue } from './strict-json.ts';

/** One edit, and how it was written. */
export interface ScenarioEdit {
  text: string;
  /** Keys, indices or ids, from the top. */
  path: readonly string[];
  value: JsonValue;
  /** Whose edit it is, where several plans are edited. A type chosen for this plan drops keys set for the plan it starts from. */
  scope?: 'first plan' | 'all plans' | 'this plan';
}

/**
 * Reads `dispatch.type=maximal-coverage`, `units.1A.post=post-2`, `run.durationS=3600` or `/units/0/post="x"`. Steps are
 * keys; in a list, indices from 0 or the id of an entry. The value is JSON where it reads as JSON, otherwise a text.
 * @throws InputError
 */
export function parseEdit(text: string, option = '--set'): ScenarioEdit {
  const at = text.indexOf('=');
  const written = text.slice(0, Math.max(0, at));
  // as in messages: /units/0/post, with ~1 for a slash and ~0 for a tilde (RFC 6901)
  const path = written.startsWith('/')
    ? written
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    : written.split('.');
  if (at < 1 || path.some((step) => step === '')) {
    const message = `"${text}" is not PATH=VALUE, such as dispatch.type=closest-available`;
    throw InputError.at(option, '', message);
  }
  return { text, path, value: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): JsonValue {
  try {
    return parseStrictJson(new TextEncoder().encode(text), '');
  } catch (error) {
    if (error instanceof InputError) return text;
    throw error;
  }
}

type JsonObject = { [key: string]: JsonValue };
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The scenario file with the edits in their order. Keys that are not there are made, entries of lists are not.
 * @throws InputError where the file is no JSON, or a path leads nowhere
 */
export function editScenario(
  bytes: Uint8Array,
  fileName: string,
  edits: readonly ScenarioEdit[],
  option = '--set',
): Uint8Array {
  if (edits.length === 0) return bytes;
  const scenario = parseStrictJson(bytes, fileName);
  for (const [i, edit] of edits.entries()) {
    const before = edits
      .slice(0, i)
      .filter(({ scope }) => edit.scope !== 'this plan' || scope !== 'first plan');
    const kept = changesType(scenario, edit) ? keysSetFor(edit, before) : null;
    if (kept !== null) {
      const chosen = objectAt(scenario, edit.path.slice(0, -1));
      for (const key of Object.keys(chosen)) if (key !== 'type') delete chosen[key];
    }
    for (const each of [edit, ...(kept ?? [])]) apply(scenario, each, fileName, option);
  }
  return new TextEncoder().encode(`${JSON.stringify(scenario, null, 2)}\n`);
}

function apply(scenario: JsonValue, { text, path, value }: ScenarioEdit, fileName: string, option: string) {
  const fail = (message: string): never => {
    throw InputError.at(option, `"${text}"`, message);
  };
  let here = scenario;
  path.forEach((step, depth) => {
    const isLast = depth === path.length - 1;
    const place = `/${path.slice(0, depth).join('/')}`;
    if (Array.isArray(here)) {
      const ix = entryOf(here, step);
      if (ix < 0) {
        const ids = here.flatMap((entry) =>
          isObject(entry) && typeof entry.id === 'string' ? [entry.id] : [],
        );
        const near = nearestName(step, ids);
        const hint = near === undefined ? `${here.length} entries` : `did you mean "${near}"?`;
        return fail(`${fileName} ${place} has no entry "${step}" (${hint})`);
      }
      if (isLast) here[ix] = value;
      else here = here[ix];
    } else if (isObject(here)) {
      // parseStrictJson has refused these as keys; an assignment would reach the prototype
      if (['__proto__', 'constructor', 'prototype'].includes(step)) fail(`the key "${step}" is not allowed`);
      if (isLast) here[step] = value;
      else here = Object.hasOwn(here, step) ? here[step] : (here[step] = {});
    } else {
      fail(`${fileName} ${place} is ${JSON.stringify(here)}, which has no "${step}"`);
    }
  });
}

/** Whether an edit chooses another policy or queue than the file has. */
function changesType(scenario: JsonValue, { path, value }: ScenarioEdit): boolean {
  const [section, ...rest] = path.slice(0, -1);
  if (path.at(-1) !== 'type' || !['dispatch', 'moveUp', 'queue'].includes(section)) return false;
  if (!rest.every((step) => step === 'then')) return false;
  const chosen = valueAt(scenario, path.slice(0, -1)) as JsonValue | undefined;
  return isObject(chosen) && chosen.type !== undefined && chosen.type !== value;
}

/** Edits before that of a `type` which set keys beside it; null where one of them gave the object as a whole. */
function keysSetFor({ path }: ScenarioEdit, before: readonly ScenarioEdit[]): ScenarioEdit[] | null {
  const parent = path.slice(0, -1);
  const holds = (outer: readonly string[], inner: readonly string[]) =>
    outer.length <= inner.length && outer.every((step, i) => step === inner[i]);
  if (before.some((each) => holds(each.path, parent))) return null;
  return before.filter((each) => holds(parent, each.path) && !holds(path, each.path));
}

const objectAt = (scenario: JsonValue, path: readonly string[]) => valueAt(scenario, path) as JsonObject;

/** The entry of that id, or of that index; ids first, since they are names. -1 where there is none. */
function entryOf(list: readonly JsonValue[], step: string): number {
  const byId = list.findIndex((entry) => isObject(entry) && entry.id === step);
  if (byId >= 0) return byId;
  return /^\d+$/.test(step) && Number(step) < list.length ? Number(step) : -1;
}

/**
 * What is wrong with an edited file, each problem with the edits of the place it stands at, or with all edits where none
 * is: a place that no edit touches may be wrong because of one elsewhere.
 * @param edited  the file after the edits, in which their paths are looked up
 */
export function namingEdits(
  problems: readonly InputProblem[],
  edits: readonly ScenarioEdit[],
  edited: Uint8Array,
  fileName: string,
): InputProblem[] {
  if (edits.length === 0) return [...problems];
  const scenario = parseStrictJson(edited, fileName);
  // another type is behind all that stands beside it
  const places = edits.map(({ path }) =>
    pointer(scenario, path.length > 1 && path.at(-1) === 'type' ? path.slice(0, -1) : path),
  );
  return problems.map((problem) => {
    const at = problem.file === fileName ? problem.place : null;
    const here = edits.filter((_, i) => at !== null && (isWithin(at, places[i]) || isWithin(places[i], at)));
    const named = distinct((here.length > 0 ? here : edits).map(({ text }) => `--set ${shortened(text)}`));
    const more = named.length > SHOWN_EDITS ? ` and ${named.length - SHOWN_EDITS} more` : '';
    const list = `${named.slice(0, SHOWN_EDITS).join(', ')}${more}`;
    return { ...problem, message: `${problem.message} (edited by ${list})` };
  });
}

/** Edits named with a problem; a command may have hundreds. */
const SHOWN_EDITS = 5;
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

/** Where a path of an edit leads, ids of lists as indices. */
function pointer(scenario: JsonValue, path: readonly string[]): string {
  let here: JsonValue | undefined = scenario;
  const steps = path.map((step) => {
    if (!Array.isArray(here)) {
      here = isObject(here) && Object.hasOwn(here, step) ? here[step] : undefined;
      return step;
    }
    const ix = entryOf(here, step);
    here = here[ix];
    return ix;
  });
  return jsonPath(steps);
}
