/** Reads manifest.json back: what a finished run says it was made from. It is input like any other. */
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { toJsonText } from './json.ts';
import type { ManifestJson } from './manifest.ts';
import { RESULT_FILES } from './results-folder.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no sha256');
const byteCount = z.int().min(0);
const names: readonly string[] = Object.values(RESULT_FILES);

const manifestSchema = z.looseObject({
  version: z.literal(1),
  engineVersion: z.string(),
  scenario: z.strictObject({ name: z.string(), file: z.string(), sha256 }),
  inputs: z.array(z.strictObject({ name: z.string(), sha256, bytes: byteCount })),
  graphHash: z.string(),
  seed: z.union([z.int(), z.string().min(1).max(LIMITS.nameLength)]),
  replications: z.strictObject({
    done: z.int().min(1).max(LIMITS.replications),
    asked: z.int().min(1).max(LIMITS.replications),
  }),
  log: z.literal(false).optional(),
  files: z.array(
    z.strictObject({
      name: z.string().refine((name) => names.includes(name), 'is no file of a results folder'),
      sha256,
      bytes: byteCount,
    }),
  ),
});

/** @throws InputError when it is no manifest, or not as we write it */
export function parseManifest(bytes: Uint8Array, fileName: string): ManifestJson {
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw InputError.at(fileName, '', 'is not JSON');
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.map(({ path, message }) => ({
        file: fileName,
        place: `/${path.join('/')}`,
        message,
      })),
    );
  }
  if (toJsonText(json) !== text)
    throw InputError.at(fileName, '', 'was altered: it is not written as runs write it');
  return json as ManifestJson;
}

/**
 * Compares what a manifest says with what the scenario and the log say of the same run. Hashes of files are the caller's,
 * and `until`, which only the run itself knew.
 * @throws InputError naming every key that differs
 */
export function checkManifest(
  recorded: ManifestJson,
  expected: Omit<ManifestJson, 'files'>,
  fileName: string,
): void {
  const [was, is] = [
    { ...recorded, files: undefined, until: undefined },
    { ...expected, files: undefined, until: undefined },
  ] as Record<string, unknown>[];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const problems = keys
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => ({
      file: fileName,
      place: `/${key}`,
      message: `says ${shown(was[key])}, but scenario and log say ${shown(is[key])}`,
    }));
  if (problems.length > 0) throw new InputError(problems);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 200);
