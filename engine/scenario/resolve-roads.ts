/** What the scenario says of its roads beside the file: modes of travel, closures, slow zones. */
import { AREA_FEATURES, type Placed, readFeatures } from './geojson-list.ts';
import { refuseRepeats } from './look-up.ts';
import { jsonPath, notAName } from './problems.ts';
import { checkRings, toLonLat, type Places } from './resolve-places.ts';
import type { Resolving } from './resolving.ts';
import type { LonLat, RoadChange } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type ChangeJson = ScenarioJson['roads']['changes'][number];

/** Refuses a mode that is named twice. */
export function checkModes(resolving: Resolving): void {
  refuseRepeats(resolving, ['roads', 'modes'], resolving.json.roads?.modes ?? []);
}

/**
 * @param zones  undefined when they are at fault: then references to them are not judged
 * @returns changes in the order of the file, or undefined when one is wrong
 */
export async function resolveChanges(
  resolving: Resolving,
  zones: Places['zones'],
): Promise<RoadChange[] | undefined> {
  const { json, problems } = resolving;
  if (json.roads === undefined) return undefined;
  const before = problems.count;
  const changes: RoadChange[] = [];
  for (const [ix, change] of json.roads.changes.entries()) {
    const path = ['roads', 'changes', ix];
    const { ways, zone, closed, speedFactor } = change;
    if ((ways === undefined) === (zone === undefined)) {
      resolving.refuse(
        path,
        `${ways === undefined ? 'names no roads' : 'names ways and a zone'}; give either "ways" or "zone"`,
      );
      continue;
    }
    if ((closed === undefined) === (speedFactor === undefined)) {
      const what = closed === undefined ? 'changes nothing' : 'closes roads and slows them';
      resolving.refuse(path, `${what}; give either "closed" or "speedFactor"`);
      continue;
    }
    const where = ways === undefined ? await areaOf(resolving, zone!, [...path, 'zone'], zones) : { ways };
    if (where === undefined) continue;
    const origin = { file: resolving.fileName, place: jsonPath(path) };
    changes.push({ where, closed: closed === true, speedFactor: speedFactor ?? 1, origin });
  }
  return problems.count > before ? undefined : changes;
}

/** The area of a zone by its id, a polygon given in place, or all polygons of a file. */
async function areaOf(
  resolving: Resolving,
  zone: NonNullable<ChangeJson['zone']>,
  path: readonly PropertyKey[],
  zones: Places['zones'],
): Promise<{ polygons: LonLat[][][] } | undefined> {
  const { problems, checker, warnings, fileName } = resolving;
  if (typeof zone === 'string') {
    const found = zones?.find(({ id }) => id === zone);
    if (found === undefined && zones !== undefined) {
      resolving.refuse(
        path,
        notAName(
          zone,
          'a zone',
          zones.map(({ id }) => id),
        ),
      );
    }
    return found && { polygons: found.polygons };
  }
  const { polygon, file } = zone;
  if ((polygon === undefined) === (file === undefined)) {
    resolving.refuse(path, 'an area is either a "polygon" or a "file"');
    return undefined;
  }
  let areas: Placed<{ polygons: [number, number][][][] }>[] = [];
  if (polygon !== undefined) {
    const place = (steps: readonly PropertyKey[]) => jsonPath([...path, 'polygon', ...steps.slice(2)]);
    areas = [{ item: { polygons: [polygon] }, file: fileName, place }];
  } else {
    const source = await resolving.read(file!, [...path, 'file']);
    if (source === undefined) return undefined;
    const list = { file: fileName, place: jsonPath(path) };
    const read = await problems.gather(() =>
      readFeatures(AREA_FEATURES, source, list, checker, problems, warnings),
    );
    if (read === undefined) return undefined;
    areas = read;
  }
  for (const area of areas) checkRings(area, problems);
  return {
    polygons: areas.flatMap(({ item }) =>
      item.polygons.map((rings) => rings.map((ring) => ring.map(toLonLat))),
    ),
  };
}
