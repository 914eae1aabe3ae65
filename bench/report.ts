/** What a bench says: rows with ratios, goals and whether they are met. */
import type { Timing } from './measure.ts';

/** A ratio between two contenders, or one figure of a subject alone. */
export interface Row {
  /** Name of the case, and the job in words. */
  case: string;
  job: string;
  /** Who did it, and milliseconds of one job. */
  subject: string;
  minMs?: number;
  medianMs?: number;
  against?: string;
  againstMinMs?: number;
  againstMedianMs?: number;
  /** Theirs divided by ours. */
  ratioOfMins?: number;
  ratioOfMedians?: number;
  /** The goal in words, and whether it is met; null where there is none. */
  goal: string | null;
  met: boolean | null;
  /** Counts of inputs, seed, compared answers, and what else is to be known. */
  inputs: string;
  note?: string;
}

/** A ratio row. The goal is met when both ratios, of minima and of medians, reach it. */
export function ratioRow(
  about: { case: string; job: string; inputs: string; note?: string },
  ours: Timing,
  theirs: Timing,
  goal: number | null,
): Row {
  const ratioOfMins = theirs.minMs / ours.minMs;
  const ratioOfMedians = theirs.medianMs / ours.medianMs;
  return {
    ...about,
    subject: ours.name,
    minMs: ours.minMs,
    medianMs: ours.medianMs,
    against: theirs.name,
    againstMinMs: theirs.minMs,
    againstMedianMs: theirs.medianMs,
    ratioOfMins,
    ratioOfMedians,
    goal: goal === null ? null : goal === 1 ? 'at least equal' : `${thousands(goal)}x`,
    met: goal === null ? null : Math.min(ratioOfMins, ratioOfMedians) >= goal,
  };
}

/** A row of one time with an upper limit in ms, or none (reported only). */
export function limitRow(
  about: { case: string; job: string; inputs: string; note?: string },
  subject: string,
  { ms, minMs }: { ms: number; minMs?: number },
  limitMs: number | null,
): Row {
  return {
    ...about,
    subject,
    medianMs: ms,
    ...(minMs === undefined ? {} : { minMs }),
    goal: limitMs === null ? null : `under ${duration(limitMs)}`,
    met: limitMs === null ? null : ms < limitMs,
  };
}

/** A job that could not be done here, and why. */
export const skippedRow = (name: string, job: string, why: string): Row => ({
  case: name,
  job,
  subject: 'skipped',
  goal: null,
  met: null,
  inputs: why,
});

/** A duration with three digits and the unit that suits it. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  if (ms >= 1) return `${digits(ms)} ms`;
  if (ms >= 1e-3) return `${digits(ms * 1e3)} us`;
  return `${digits(ms * 1e6)} ns`;
}

const digits = (value: number): string =>
  value >= 999.5 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

/** Three digits; from a hundred on a whole number with its thousands apart. */
export const thousands = (value: number): string =>
  value >= 100
    ? value.toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
    : String(Number(value.toPrecision(3)));
