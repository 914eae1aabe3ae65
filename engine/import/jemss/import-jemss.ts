/** From the configuration of a JEMSS simulation to a scenario and its roads. */
import { placesOfGrid, placesOfMap } from './call-places.ts';
import type { JemssDisk } from './folder.ts';
import type { JemssInputs } from './inputs.ts';
import { readJemss } from './read-inputs.ts';
import { type JemssRoads, roadsOf } from './roads.ts';
import { type JemssScenario, scenarioOf } from './scenario-json.ts';

export type { JemssDisk } from './folder.ts';
export { SCENARIO_FILES } from './scenario-json.ts';

export interface JemssImport extends JemssScenario {
  inputs: JemssInputs;
  roads: JemssRoads;
}

export interface JemssImportOptions {
  /** What `$jemssDir` stands for. Default: the nearest folder above the configuration that fits. */
  jemssDir?: string | undefined;
  /** Places that random calls come from. */
  places: number;
}

/**
 * @param configFile  path of the sim_config.xml, with forward slashes
 * @throws InputError with every problem of every file. Cost O(files + places)
 */
export async function importJemss(
  disk: JemssDisk,
  configFile: string,
  { jemssDir, places }: JemssImportOptions,
): Promise<JemssImport> {
  const inputs = await readJemss(disk, configFile, jemssDir);
  const roads = roadsOf(inputs, [
    ...pairs(inputs.stations),
    ...pairs(inputs.hospitals),
    ...callPlaces(inputs, places),
  ]);
  return { inputs, roads, ...scenarioOf(inputs, roads) };
}

function callPlaces({ calls, map }: JemssInputs, count: number): [number, number][] {
  if ('file' in calls) return pairs(calls.file);
  const { raster } = calls.random;
  return raster === null ? placesOfMap(map, count) : placesOfGrid(raster.grid, count);
}

const pairs = ({ x, y }: { x: Float64Array; y: Float64Array }): [number, number][] =>
  Array.from(x, (value, i) => [value, y[i]]);
