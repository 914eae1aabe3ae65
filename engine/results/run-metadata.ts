/** What events.parquet says of its run, so that the file alone is enough to score it. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { standardSchema } from '../scenario/schema.ts';
import { msToSeconds } from '../units.ts';
import type { RunFacts } from './run-facts.ts';

/** Key of the file's metadata that holds this as JSON. */
export const RUN_METADATA_KEY = 'patrol135.run';

export const runMetadataSchema = z.strictObject({
  version: z.literal(1),
  scenario: z.string(),
  /** Local start of the scored time as written, and how far into its day that is. */
  start: z.string(),
  secondsIntoDay: z.number().min(0).max(86_400),
  durationS: z.number().min(0),
  warmUpS: z.number().min(0),
  /** Keys every random draw; left out by earlier versions. */
  seed: z.union([z.int(), z.string().min(1).max(200)]).optional(),
  /** Numbers of the replications in the file, ascending. */
  replications: z.array(z.int().min(1)).max(LIMITS.replications),
  /** false when the run was interrupted. */
  complete: z.boolean(),
  /** Batches that the scored time of a steady-state run is cut into; left out otherwise. */
  batches: z.int().min(2).max(1000).optional(),
  /** Whether each replication has the same calls, those of a file; left out otherwise. */
  sameCalls: z.literal(true).optional(),
  /** The response standards that the run was scored under. */
  standards: z.array(standardSchema),
});
export type RunMetadata = z.infer<typeof runMetadataSchema>;

export function runMetadata(facts: RunFacts, replications: number[], complete: boolean): RunMetadata {
  return {
    version: 1,
    scenario: facts.scenario,
    start: facts.start,
    secondsIntoDay: msToSeconds(facts.msIntoDay),
    durationS: msToSeconds(facts.durationMs),
    warmUpS: msToSeconds(facts.warmUpMs),
    seed: facts.seed,
    replications,
    complete,
    ...(facts.batches > 1 ? { batches: facts.batches } : {}),
    ...(facts.sameCalls ? { sameCalls: true } : {}),
    standards: [...facts.standards],
  };
}
