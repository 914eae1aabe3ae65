/** How a scenario names the files it reads. */
import { z } from 'zod';
import { id, oneLine } from './names.ts';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file, lower-case hex; the run stops when the file differs.');

const filePath = oneLine(1, 1024).describe(
  'Path inside the folder, with forward slashes: 1 to 1024 characters, none of them a control character.',
);

/** A file of the scenario: inside its folder, inside a package we depend on, or inside a folder granted with --data. */
export const fileRefSchema = z
  .union([
    filePath,
    z.strictObject({ file: filePath, sha256: sha256.optional() }),
    z.strictObject({
      package: z.enum(['geojson-path-finder']),
      file: filePath,
      sha256,
    }),
    z.strictObject({ data: id, file: filePath, sha256 }),
  ])
  .meta({
    id: 'fileRef',
    description:
      'Path inside the scenario folder; or {package, file, sha256}; or {data, file, sha256} in a folder granted with --data NAME=DIR.',
  });
