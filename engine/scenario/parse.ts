/**
 * Holds a value against a zod schema and puts what is wrong as a person would say it: where, what was found, what
 * is allowed, which valid name is nearest. One problem for one mistake, all mistakes in one go.
 */
import { z } from 'zod';
import { nearestName } from '../errors.ts';
import { allowedKeys, allowedNames, allowedTypes, describeAllowed, schemasAt, valueAt } from './allowed.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { didYouMean, jsonPath, listed, type Problems, shown } from './problems.ts';

type Issue = z.core.$ZodIssue;
type Path = PropertyKey[];

/** One place where the value leaves the schema. */
interface Fault {
  path: Path;
  kind: 'notAllowed' | 'missing' | 'unknownKey' | 'badKey';
}

/** Checks values and adds what is wrong to a list of problems. */
export class ShapeChecker {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /**
   * @param place  turns a path below the value into a place of the file
   * @returns the value with defaults filled in, or undefined when something is wrong
   */
  check<T extends z.ZodType>(
    schema: T,
    value: unknown,
    file: string,
    place: (path: readonly PropertyKey[]) => string = jsonPath,
  ): z.infer<T> | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of this.#explain(schema, value, result.error.issues)) {
      this.#problems.add(file, place(path), message);
    }
    return undefined;
  }

  #explain(schema: z.ZodType, value: unknown, issues: readonly Issue[]): { path: Path; message: string }[] {
    const faults = issues.flatMap((issue) => faultsOf(issue, value, schema));
    const root = jsonSchemaOf(schema);
    for (const { path, kind } of [...faults]) {
      if (kind === 'missing') faults.push(...misspellings(root, value, path));
    }

    const byPlace = new Map<string, { path: Path; message: string }>();
    const misspelt = new Set<string>();
    for (const { path, kind } of faults) {
      const place = jsonPath(path);
      if (kind !== 'unknownKey' || byPlace.has(place)) continue;
      const parent = path.slice(0, -1);
      const key = String(path.at(-1));
      const allowed = allowedKeys(root, value, parent);
      const present = Object.keys(valueAt(value, parent) as object);
      const near = nearestName(
        key,
        allowed.filter((name) => !present.includes(name)),
      );
      if (near !== undefined) misspelt.add(jsonPath([...parent, near]));
      const hint = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
      const type = valueAt(value, [...parent, 'type']);
      const beside = typeof type === 'string' && allowed.includes('type') ? ` with type ${shown(type)}` : '';
      byPlace.set(place, { path, message: `is not a key here${beside}${hint}; allowed: ${listed(allowed)}` });
    }
    for (const { path, kind } of faults) {
      const place = jsonPath(path);
      // a required key that stands there misspelt is one mistake, not two
      if (kind === 'unknownKey' || byPlace.has(place) || (kind === 'missing' && misspelt.has(place)))
        continue;
      byPlace.set(place, { path, message: messageOf(root, value, path, kind) });
    }
    return [...byPlace.values()];
  }
}

/** Unknown keys that stand in place of a missing one; zod does not name them beside a missing `type`. */
function misspellings(root: JsonSchema, value: unknown, missing: Path): Fault[] {
  const parent = missing.slice(0, -1);
  const object = valueAt(value, parent);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return [];
  const allowed = allowedKeys(root, value, parent);
  return Object.keys(object)
    .filter((key) => !allowed.includes(key) && nearestName(key, [String(missing.at(-1))]) !== undefined)
    .map((key) => ({ path: [...parent, key], kind: 'unknownKey' }));
}

function messageOf(root: JsonSchema, value: unknown, path: Path, kind: Fault['kind']): string {
  if (kind === 'badKey')
    return `${shown(path.at(-1))} cannot be a key; allowed are names without control characters`;
  const schemas = schemasAt(root, value, path);
  const allowed = describeAllowed(schemas);
  if (kind === 'missing') return `is missing${nestedHint(value, path.slice(0, -1))}; allowed: ${allowed}`;
  const found = valueAt(value, path);
  const near =
    typeof found === 'string'
      ? didYouMean(found, allowedNames(schemas)) || typeAlone(found, allowedTypes(schemas))
      : '';
  return `${shown(found)} is not allowed${near}; allowed: ${allowed}${swapHint(schemas, value, path)}`;
}

/** A block that was put in with its own key, as in "demand": {"demand": {...}}. */
function nestedHint(value: unknown, path: Path): string {
  const key = path.at(-1);
  const here = valueAt(value, path);
  if (typeof key !== 'string' || typeof here !== 'object' || here === null || !Object.hasOwn(here, key))
    return '';
  return ` (${shown(key)} stands within ${shown(key)}: take one of them away)`;
}

/** A name in place of the object that has it as its `type`. */
function typeAlone(found: string, types: readonly string[]): string {
  const type = types.includes(found) ? found : nearestName(found, types);
  return type === undefined ? '' : ` (did you mean ${JSON.stringify({ type })}?)`;
}

/** A latitude beyond 90 degrees beside a longitude that could be one: the usual order of other tools. */
function swapHint(schemas: readonly JsonSchema[], value: unknown, path: Path): string {
  const latitude = valueAt(value, path);
  if (typeof latitude !== 'number' || path.at(-1) !== 1) return '';
  if (!schemas.some((schema) => schema.maximum === 90 && schema.minimum === -90)) return '';
  const longitude = valueAt(value, [...path.slice(0, -1), 0]);
  return typeof longitude === 'number' && Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180
    ? '; are longitude and latitude swapped? Places are [longitude, latitude]'
    : '';
}

/** Turns zod's issue into faults; of a union only the most fitting alternative speaks. */
function faultsOf(issue: Issue, value: unknown, root: z.ZodType): Fault[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys': {
      // zod may have settled for an alternative that others of the union explain better
      const options = optionsAt(root, path, value).filter((option) => option instanceof z.ZodObject);
      const here = valueAt(value, path);
      if (options.length < 2) return unknownOrFault(issue, value);
      const best = bestAlternative(
        options.map((option) => faultsWithin(issuesOf(option, here), value, root, path)),
        path.length,
      );
      return best ?? unknownOrFault(issue, value);
    }
    case 'invalid_union': {
      const best = bestAlternative(
        issue.errors.map((issues) => faultsWithin(issues, value, root, path)),
        path.length,
      );
      // when even the best alternative is of another kind or size, all of them are worth naming
      return best === undefined || isOtherKind(best, path.length) ? [fault(path, value)] : best;
    }
    case 'invalid_key':
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_type':
    case 'invalid_value':
    case 'not_multiple_of':
    case 'too_big':
    case 'too_small':
      return unknownOrFault(issue, value);
  }
}

function unknownOrFault(issue: Issue, value: unknown): Fault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], kind: 'unknownKey' }));
  }
  return [issue.code === 'invalid_key' ? { path, kind: 'badKey' } : fault(path, value)];
}

/** What one alternative says of the value at `path`, as faults with whole paths. */
function faultsWithin(issues: readonly Issue[], value: unknown, root: z.ZodType, path: Path): Fault[] {
  return issues.flatMap((each) => {
    const issue = { ...each, path: [...path, ...each.path] };
    // its own keys are judged by this alternative alone
    return each.path.length === 0 ? unknownOrFault(issue, value) : faultsOf(issue, value, root);
  });
}

const issuesOf = (option: z.ZodType, here: unknown): readonly Issue[] =>
  option.safeParse(here).error?.issues ?? [];

/** The alternatives that zod has at a place, unions flattened; where a `type` decides, only the one it names. */
function optionsAt(schema: z.ZodType, path: Path, here: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return optionsAt(schema.unwrap() as z.ZodType, path, here);
  }
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[];
    const decisive = schema instanceof z.ZodDiscriminatedUnion ? schema.def.discriminator : undefined;
    const named = options.filter(
      (option) =>
        decisive !== undefined &&
        option instanceof z.ZodObject &&
        (option.shape[decisive] as z.ZodType).safeParse(valueAt(here, [decisive])).success,
    );
    return (named.length > 0 ? named : options).flatMap((option) => optionsAt(option, path, here));
  }
  if (path.length === 0) return [schema];
  const [key, ...rest] = path;
  let child: unknown;
  if (schema instanceof z.ZodObject) child = (schema.shape as Record<PropertyKey, unknown>)[key];
  else if (schema instanceof z.ZodArray) child = schema.element;
  else if (schema instanceof z.ZodTuple) child = schema.def.items[Number(key)];
  else if (schema instanceof z.ZodRecord) child = schema.valueType;
  return child === undefined ? [] : optionsAt(child as z.ZodType, rest, valueAt(here, [key]));
}

const fault = (path: Path, value: unknown): Fault => ({
  path,
  kind: valueAt(value, path) === undefined ? 'missing' : 'notAllowed',
});

const isOtherKind = (faults: readonly Fault[], depth: number): boolean =>
  faults.some(({ path, kind }) => kind === 'notAllowed' && path.length === depth);

/** Fewest faults at the value itself, then fewest unknown keys, then fewest missing ones, then fewest faults. */
function bestAlternative(alternatives: readonly Fault[][], depth: number): Fault[] | undefined {
  const weight = (faults: readonly Fault[]): number[] => [
    isOtherKind(faults, depth) ? 1 : 0,
    faults.filter(({ kind }) => kind === 'unknownKey').length,
    faults.filter(({ kind }) => kind === 'missing').length,
    faults.length,
  ];
  let best: Fault[] | undefined;
  for (const faults of alternatives) {
    if (best === undefined || isLess(weight(faults), weight(best))) best = faults;
  }
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((each, i) => each !== b[i]);
  return at !== -1 && a[at] < b[at];
}
