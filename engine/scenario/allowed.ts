/** Says in words what a JSON Schema allows at a place: the second half of every error about a scenario. */
import type { JsonSchema } from './json-schema.ts';

/**
 * The schemas that speak about the place `path` below `root`. Alternatives of a union are followed together, except
 * those whose constants (such as `type`) the value contradicts.
 * @param value  the document, to choose among alternatives
 */
export function schemasAt(root: JsonSchema, value: unknown, path: readonly PropertyKey[]): JsonSchema[] {
  let schemas: JsonSchema[] = [root];
  let here = value;
  for (const key of path) {
    const next: JsonSchema[] = [];
    for (const schema of schemas.flatMap((each) => alternatives(deref(root, each), here, root))) {
      const child = childSchema(schema, key);
      if (child !== undefined) next.push(deref(root, child));
    }
    schemas = next;
    here = valueAt(here, [key]);
  }
  return schemas;
}

/** Keys that an object at a place may have, required ones first. */
export function allowedKeys(root: JsonSchema, value: unknown, path: readonly PropertyKey[]): string[] {
  const objects = schemasAt(root, value, path)
    .flatMap((schema) => alternatives(schema, valueAt(value, path), root))
    .filter((schema) => schema.properties !== undefined);
  const required = objects.flatMap((schema) => schema.required ?? []);
  return [...new Set([...required, ...objects.flatMap((schema) => Object.keys(schema.properties!))])];
}

/** The names a place may hold, where only certain names are allowed. */
export const allowedNames = (schemas: readonly JsonSchema[]): string[] =>
  schemas
    .flatMap((schema) => [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as JsonSchema[])
    .flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
    .filter((name) => typeof name === 'string');

/**
 * `a whole number from 1 to 9`, `one of along, both`, `a list of 24 items or a list of 168 items`; objects that their
 * `type` tells apart are `an object such as {"type":"none"}, whose type is one of none, finite (with places)`.
 */
export function describeAllowed(schemas: readonly JsonSchema[]): string {
  const plain = schemas.flatMap(members);
  const typed = plain.filter((schema) => typeOf(schema) !== undefined);
  if (typed.length < 2) return [...new Set(plain.map(describe))].join(' or ');
  const others = plain.filter((schema) => typeOf(schema) === undefined).map(describe);
  const types = typed.map((schema) => {
    const keys = Object.keys(schema.properties!).filter((key) => key !== 'type');
    return keys.length === 0 ? typeOf(schema)! : `${typeOf(schema)} (with ${keys.join(', ')})`;
  });
  const object = `an object such as ${exampleOf(typed[0])}, whose type is one of ${types.join(', ')}`;
  return [...new Set([...others, object])].join(' or ');
}

/** The `type` that tells an object from its alternatives. */
function typeOf(schema: JsonSchema): string | undefined {
  const type = (schema.properties as Record<string, JsonSchema> | undefined)?.type?.const;
  return typeof type === 'string' ? type : undefined;
}

function exampleOf(schema: JsonSchema): string {
  const isWhole = (schema.required ?? []).every((key) => key === 'type');
  return `{"type":${JSON.stringify(typeOf(schema))}${isWhole ? '' : ',…'}}`;
}

/** A union within a union counts as one. */
const members = (schema: JsonSchema): JsonSchema[] => {
  const union = schema.anyOf ?? schema.oneOf;
  return union === undefined ? [schema] : union.flatMap(members);
};

/** Types of the objects that a place may hold, for somebody who gave the type alone. */
export const allowedTypes = (schemas: readonly JsonSchema[]): string[] =>
  schemas.flatMap(members).flatMap((schema) => typeOf(schema) ?? []);

function describe(schema: JsonSchema): string {
  if ((schema.anyOf ?? schema.oneOf) !== undefined) return describeAllowed([schema]);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((name) => JSON.stringify(name)).join(', ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return (
        (schema.type === 'integer' ? 'a whole number' : 'a number') +
        (schema.exclusiveMinimum === undefined ? '' : ` above ${schema.exclusiveMinimum}`) +
        (schema.exclusiveMinimum === undefined
          ? bounds(schema.minimum, schema.maximum)
          : ` above ${schema.exclusiveMinimum}${schema.maximum === undefined ? '' : ` and at most ${schema.maximum}`}`) +
        (schema.exclusiveMaximum === undefined ? '' : ` and below ${schema.exclusiveMaximum}`)
      );
    case 'string':
      if (schema.pattern !== undefined) return `text${about(schema)}`;
      return `text${bounds(schema.minLength, schema.maxLength, 'of', ' characters')}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      if (schema.prefixItems !== undefined) return schema.description ?? 'a list';
      return `a list${bounds(schema.minItems, schema.maxItems, 'of', ' items')}${itemsOf(schema)}`;
    case 'object': {
      const keys = Object.keys(schema.properties ?? {});
      return keys.length === 0 ? 'an object' : `an object with ${keys.join(', ')}`;
    }
    case 'null':
    case undefined:
      break;
  }
  return schema.description ?? 'null';
}

const about = (schema: JsonSchema): string =>
  schema.description === undefined ? '' : ` (${schema.description.replace(/\.$/, '')})`;

function itemsOf(schema: JsonSchema): string {
  const items = schema.items as JsonSchema | undefined;
  return items?.type === 'number' ? `, each ${describe(items)}` : '';
}

/** ` from 1 to 9`, ` of at least 3 items`; the bounds of safe integers go without saying. */
function bounds(from?: number, to?: number, word = 'from', things = ''): string {
  const low = from === -Number.MAX_SAFE_INTEGER ? undefined : from;
  const high = to === Number.MAX_SAFE_INTEGER ? undefined : to;
  const of = word === 'of' ? ' of' : '';
  if (low !== undefined && low === high) return `${of} exactly ${low}${things}`;
  if (low !== undefined && high !== undefined) return ` ${word} ${low} to ${high}${things}`;
  if (low !== undefined) return `${of} at least ${low}${things}`;
  if (high !== undefined) return `${of} at most ${high}${things}`;
  return '';
}

/** The value at a path, undefined where there is none. Own keys only. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}

function childSchema(schema: JsonSchema, key: PropertyKey): JsonSchema | undefined {
  const properties = schema.properties as Record<PropertyKey, JsonSchema> | undefined;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  if (typeof key === 'number') {
    const items = schema.prefixItems?.[key] ?? schema.items;
    return typeof items === 'object' ? (items as JsonSchema) : undefined;
  }
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** Flattens a union; drops the members that the value's kind and then its constants rule out, unless that drops all. */
function alternatives(schema: JsonSchema, value: unknown, root: JsonSchema): JsonSchema[] {
  const union = schema.anyOf ?? schema.oneOf;
  if (union === undefined) return [schema];
  const all = union.flatMap((each) => alternatives(deref(root, each), value, root));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const objects = isObject ? all.filter((each) => each.type === 'object') : [];
  const ofKind = objects.length > 0 ? objects : all;
  const fitting = ofKind.filter((each) =>
    Object.entries((each.properties ?? {}) as Record<string, JsonSchema>).every(
      ([key, property]) => property.const === undefined || property.const === valueAt(value, [key]),
    ),
  );
  return fitting.length > 0 ? fitting : ofKind;
}

/** Follows a `#/$defs/name` reference. */
function deref(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : (root.$defs as Record<string, JsonSchema>)[name];
}
