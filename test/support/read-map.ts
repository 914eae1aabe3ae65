/** Shortcuts of the import tests. */
import { expect } from 'vitest';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import { readRoads } from '../../engine/import/import.ts';
import type { RoadFormat } from '../../engine/import/road-importer.ts';
import type { RoadExtract, TravelMode } from '../../engine/import/road-extract.ts';
import { type TinyMap, toPbf } from './tiny-map.ts';

/** Reads bytes as a file of a name that gives nothing away. */
export const readBytes = (
  bytes: Uint8Array | string,
  options: {
    format?: RoadFormat;
    modes?: readonly TravelMode[];
    pedestrianStreets?: boolean;
    name?: string;
  } = {},
): Promise<RoadExtract> =>
  readRoads(
    {
      name: options.name ?? 'roads',
      bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
    },
    {
      format: options.format,
      modes: options.modes,
      pedestrianStreets: options.pedestrianStreets ?? false,
    },
  );

export const readMap = (
  map: TinyMap,
  pedestrianStreets = false,
  modes: readonly TravelMode[] = ['car'],
): Promise<RoadExtract> => readBytes(toPbf(map), { modes, pedestrianStreets });

/** What is wrong with a file: the problems of the InputError; fails when it is read, or on any other error. */
export async function problemsOf(reading: Promise<unknown>): Promise<readonly InputProblem[]> {
  let error: unknown;
  try {
    await reading;
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems;
}
