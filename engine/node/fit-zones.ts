/** Zones for a fit: those of a scenario, or the polygons of a GeoJSON file. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { readFeatures, ZONE_FEATURES } from '../scenario/geojson-list.ts';
import { ShapeChecker } from '../scenario/parse.ts';
import { Problems } from '../scenario/problems.ts';
import type { LonLat } from '../scenario/scenario.ts';
import { fileRequest, toSourceFile } from '../scenario/source-file.ts';
import { parseStrictJson } from '../scenario/strict-json.ts';
import { asFileError, readInputFile } from './files.ts';
import { openAndReadScenario } from './run-scenario.ts';

interface FitZone {
  id: string;
  polygons: LonLat[][][];
}

/**
 * @param idProperty  property of a GeoJSON feature that holds the id
 * @returns zones, and what of the file is not used
 * @throws InputError
 */
export async function readFitZones(
  path: string,
  idProperty: string | undefined,
  data: Readonly<Record<string, string>>,
): Promise<{ zones: FitZone[]; warnings: string[] }> {
  if (await isScenario(path)) {
    const { zones, fileName } = await openAndReadScenario(path, { data });
    if (zones.length === 0) throw InputError.at(fileName, '/zones', 'is empty: the scenario has no zones');
    return { zones, warnings: [] };
  }
  const stored = await readInputFile(path, LIMITS.textBytes);
  const source = await toSourceFile(fileRequest(basename(path), path, ''), stored, path, '');
  const problems = new Problems();
  const warnings: string[] = [];
  const list = { file: '--zones', place: '', idProperty, defaults: { class: 'general' } };
  const placed = readFeatures(ZONE_FEATURES, source, list, new ShapeChecker(problems), problems, warnings);
  problems.throwIfAny();
  const zones = (placed ?? []).map(({ item }) => ({
    id: item.id,
    polygons: item.polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => ({ lon, lat })))),
  }));
  if (zones.length === 0) throw InputError.at(path, '', 'holds no polygon');
  const twice = zones.find(({ id }, ix) => zones.findIndex((other) => other.id === id) !== ix);
  if (twice !== undefined) {
    throw InputError.at(
      path,
      '',
      `the id ${JSON.stringify(twice.id)} is used twice; --zone-id names another property`,
    );
  }
  return { zones, warnings };
}

/** A folder, or JSON that is no collection of features. */
async function isScenario(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    throw asFileError(path, 'read', error);
  }
  if (!path.endsWith('.json')) return false;
  const document = parseStrictJson(await readInputFile(path, LIMITS.textBytes), path, LIMITS.textBytes);
  return !(typeof document === 'object' && document !== null && 'features' in document);
}
