/** Ids of the features of a GeoJSON file, and which of the features a scenario takes. */
import { jsonPath, listed, notAName, type Problems, shown } from './problems.ts';
import type { JsonValue } from './strict-json.ts';

export type JsonObject = { [key: string]: JsonValue };

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: JsonObject, key: string): JsonValue | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

export const propertiesOf = (feature: JsonObject): JsonObject =>
  isObject(feature.properties) ? feature.properties : {};

/**
 * The id of a feature and its path in the feature: the named property, or the property `id`, or the feature's own.
 * A number counts as its text.
 */
export function idOf(
  feature: JsonObject,
  idProperty: string | undefined,
): [id: JsonValue | undefined, path: readonly string[]] {
  const properties = propertiesOf(feature);
  const isOwn = idProperty === undefined && own(properties, 'id') === undefined && feature.id !== undefined;
  const name = idProperty ?? 'id';
  const id = isOwn ? feature.id : own(properties, name);
  return [typeof id === 'number' ? String(id) : id, isOwn ? ['id'] : ['properties', name]];
}

/**
 * Which features `only` takes. An id that no feature has, or that is named twice, is a problem; the features left out
 * are counted and named in a warning.
 * @param list  the file form of a list, with its place in the scenario
 */
export function selectFeatures(
  features: readonly JsonValue[],
  featureFile: string,
  list: {
    only?: readonly string[] | undefined;
    idProperty?: string | undefined;
    file: string;
    place: string;
  },
  problems: Problems,
  warnings: string[],
): (feature: JsonValue) => boolean {
  const { only, idProperty } = list;
  if (only === undefined) return () => true;
  const idOfAny = (feature: JsonValue) => (isObject(feature) ? idOf(feature, idProperty)[0] : undefined);
  const namesOf = (some: readonly JsonValue[]) => some.map(idOfAny).filter((id) => typeof id === 'string');
  const present = new Set(namesOf(features));
  const wanted = new Set<JsonValue | undefined>();
  for (const [ix, id] of only.entries()) {
    const refuse = (message: string) => problems.add(list.file, list.place + jsonPath(['only', ix]), message);
    if (wanted.has(id)) refuse(`${shown(id)} is named twice`);
    else if (!present.has(id)) refuse(notAName(id, `an id in ${featureFile}`, [...present]));
    wanted.add(id);
  }

  const left = features.filter((feature) => !wanted.has(idOfAny(feature)));
  if (left.length > 0) {
    const names = namesOf(left);
    const nameless = left.length - names.length;
    const which = [names.length > 0 ? listed(names) : '', nameless > 0 ? `${nameless} without an id` : ''];
    warnings.push(
      `${featureFile}: ${left.length} of ${features.length} features are left out because "only" does not name them: ` +
        which.filter(Boolean).join(', and '),
    );
  }
  return (feature) => wanted.has(idOfAny(feature));
}
