/**
 * Edits of a scenario file before it is read (`--set PATH=VALUE`): what-if questions without a copy of the file. The
 * edited text goes through the same checks as any other, and is what results keep.
 */
import { InputError, nearestName } from '../errors.ts';
import { parseStrictJson, type JsonValue } from './strict-json.ts';

/** One edit, and how it was written. */
export interface ScenarioEdit {
  text: string;
  /** Keys, indices or ids, from the top. */
  path: readonly string[];
  value: JsonValue;
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
  for (const { text, path, value } of edits) {
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
        if (['__proto__', 'constructor', 'prototype'].includes(step))
          fail(`the key "${step}" is not allowed`);
        if (isLast) here[step] = value;
        else here = Object.hasOwn(here, step) ? here[step] : (here[step] = {});
      } else {
        fail(`${fileName} ${place} is ${JSON.stringify(here)}, which has no "${step}"`);
      }
    });
  }
  return new TextEncoder().encode(`${JSON.stringify(scenario, null, 2)}\n`);
}

/** The entry of that id, or of that index; ids first, since they are names. -1 where there is none. */
function entryOf(list: readonly JsonValue[], step: string): number {
  const byId = list.findIndex((entry) => isObject(entry) && entry.id === step);
  if (byId >= 0) return byId;
  return /^\d+$/.test(step) && Number(step) < list.length ? Number(step) : -1;
}
