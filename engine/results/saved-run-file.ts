/**
 * A stopped run as one file: what it was run from, and the state of every replication.
 *
 *   patrol135 saved run 1 <sha256 of the next line>
 *   {"engineVersion": …, "scenario": …, "inputs": …, "graphHash": …, "seed": …, "sections": [{"bytes", "sha256"}, …]}
 *   the sections, one replication after the other, each JSON text (sim/saved-text.ts)
 *
 * Every byte is under a hash, so that a file that was cut or altered is known before anything of it is used.
 */
import { z } from 'zod';
import { InputError, type InputProblem } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { LIMITS } from '../limits.ts';
import { ENGINE_VERSION } from '../version.ts';
import type { ManifestJson } from './manifest.ts';

const MAGIC = 'patrol135 saved run 1 ';
const LINE_FEED = 0x0a;
const HASH_DIGITS = 64;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const headerSchema = z.strictObject({
  engineVersion: z.string(),
  scenario: z.strictObject({ name: z.string(), file: z.string(), sha256 }),
  inputs: z.array(z.strictObject({ name: z.string(), sha256, bytes: z.int().min(0) })),
  graphHash: z.string(),
  seed: z.union([z.int(), z.string().min(1).max(LIMITS.nameLength)]),
  /** Whether the run keeps its log. */
  log: z.boolean(),
  /** The last instant that was simulated, from the scored start. */
  stoppedAtMs: z.int(),
  /** Replication 1 first. */
  sections: z
    .array(z.strictObject({ bytes: z.int().min(0), sha256 }))
    .min(1)
    .max(LIMITS.replications),
});
type Header = z.infer<typeof headerSchema>;

/** What a stopped run was made from, besides the states. */
export type SavedRunOf = Omit<Header, 'sections' | 'engineVersion'>;

export interface SavedRun {
  of: SavedRunOf;
  /** Text of each replication's state, that of replication 1 first. */
  states: Uint8Array[];
}

/** The file in pieces, in order. */
export async function encodeSavedRun({ of, states }: SavedRun): Promise<Uint8Array[]> {
  const sections: Header['sections'] = [];
  for (const state of states) sections.push({ bytes: state.length, sha256: await sha256Hex(state) });
  const header: Header = { engineVersion: ENGINE_VERSION, ...of, sections };
  const line = new TextEncoder().encode(JSON.stringify(header));
  const first = new TextEncoder().encode(`${MAGIC}${await sha256Hex(line)}\n`);
  return [first, line, Uint8Array.of(LINE_FEED), ...states];
}

/** @throws InputError where the file is none of ours, of another version, cut or altered */
export async function decodeSavedRun(bytes: Uint8Array, fileName: string): Promise<SavedRun> {
  const refuse = (message: string): never => {
    throw InputError.at(fileName, '', message);
  };
  const magic = new TextEncoder().encode(MAGIC);
  if (!magic.every((byte, i) => bytes[i] === byte)) refuse('is no saved run, or of another version');
  const headerAt = MAGIC.length + HASH_DIGITS + 1;
  const headerEnd = bytes.indexOf(LINE_FEED, headerAt);
  if (bytes[headerAt - 1] !== LINE_FEED || headerEnd < 0) refuse('is cut short');
  const line = bytes.subarray(headerAt, headerEnd);
  const told = new TextDecoder().decode(bytes.subarray(MAGIC.length, headerAt - 1));
  if ((await sha256Hex(line)) !== told) refuse('was altered: its header is not the one that was written');
  const header = parseHeader(line, fileName);

  const states: Uint8Array[] = [];
  let at = headerEnd + 1;
  for (const [ix, section] of header.sections.entries()) {
    const state = bytes.subarray(at, at + section.bytes);
    if (state.length !== section.bytes) refuse(`is cut short, in replication ${ix + 1}`);
    if ((await sha256Hex(state)) !== section.sha256) refuse(`was altered, in replication ${ix + 1}`);
    states.push(state);
    at += section.bytes;
  }
  if (at !== bytes.length) refuse(`has ${bytes.length - at} bytes behind its end`);
  const { scenario, inputs, graphHash, seed, log, stoppedAtMs } = header;
  return { of: { scenario, inputs, graphHash, seed, log, stoppedAtMs }, states };
}

function parseHeader(line: Uint8Array, fileName: string): Header {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(line));
  } catch {
    throw InputError.at(fileName, 'header', 'is not JSON');
  }
  const { engineVersion } = (json ?? {}) as { engineVersion?: unknown };
  if (engineVersion !== ENGINE_VERSION) {
    const message = `was saved by version ${String(engineVersion)}; this is ${ENGINE_VERSION}, which may go on differently`;
    throw InputError.at(fileName, '', message);
  }
  const parsed = headerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }): InputProblem => ({
    file: fileName,
    place: `header /${path.join('/')}`,
    message,
  }));
  throw new InputError(problems);
}

/**
 * Compares what a saved run was made from with what is about to go on.
 * @throws InputError naming each scenario, file, road network or seed that is another
 */
export function checkSavedRunOf(
  saved: SavedRunOf,
  now: Pick<ManifestJson, 'scenario' | 'inputs' | 'graphHash' | 'seed'>,
  fileName: string,
): void {
  const problems: InputProblem[] = [];
  const differs = (message: string) => problems.push({ file: fileName, place: '', message });
  if (saved.scenario.sha256 !== now.scenario.sha256) {
    differs(
      `is of another scenario than ${now.scenario.file}: the scenario or its edits (--set) differ from those of the stopped run, which was of ${JSON.stringify(saved.scenario.name)}, sha256 ${saved.scenario.sha256}`,
    );
  }
  const inputs = new Map(now.inputs.map((input) => [input.name, input.sha256]));
  for (const { name, sha256 } of saved.inputs) {
    if (inputs.get(name) !== sha256) differs(`was run with another ${name}`);
  }
  if (saved.inputs.length !== now.inputs.length) differs('was run with other input files');
  if (saved.graphHash !== now.graphHash) differs('was run on another road network');
  if (saved.seed !== now.seed)
    differs(`was run with seed ${JSON.stringify(saved.seed)}, not ${JSON.stringify(now.seed)}`);
  if (problems.length > 0) throw new InputError(problems);
}
