/** What a command says: results on stdout, everything else on stderr; with --json exactly one document on stdout. */
import { formatProblem, InfeasibleError, type InputProblem, InputError } from '../errors.ts';

/** Exit codes, as in README's table: `differs` is what `replay --verify` looks for, so that it can be told from bad input. */
export const EXIT = { ok: 0, differs: 1, bug: 1, input: 2, infeasible: 3, interrupted: 130 } as const;

/** Stopped by the user before there was a result. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What the command line was asked in words that commander has explained already. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Output {
  readonly json: boolean;
  /** Progress and remarks are wanted. */
  readonly quiet: boolean;
  /** A line of the result for people; nothing with --json. */
  say: (text?: string) => void;
  /** Progress or a remark that the result does not depend on, on stderr; nothing with --quiet. */
  note: (text: string) => void;
  /** What bears on the result without being an error, on stderr; with --quiet too. */
  warn: (text: string) => void;
  /** The result for programs: one JSON document on stdout with --json, nothing without. */
  document: (value: unknown) => void;
}

export function createOutput({ json, quiet }: { json: boolean; quiet: boolean }): Output {
  return {
    json,
    quiet,
    say: (text = '') => {
      if (!json) process.stdout.write(`${printable(text)}\n`);
    },
    note: (text) => {
      if (!quiet) process.stderr.write(`${printable(text)}\n`);
    },
    warn: (text) => {
      process.stderr.write(`warning: ${printable(text)}\n`);
    },
    document: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

/**
 * Text from files may hold what a terminal obeys (escape codes, reversed writing): shown as � instead. Line feeds
 * and tabs stay.
 */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (char) => (char === '\n' || char === '\t' ? char : '�'));
}

/** How to run the failing thing again, printed with a bug. */
export interface Reproduction {
  seed?: number | string;
  commandLine: string;
}

/** Prints an error the way its kind asks for and gives the exit code. */
export function reportError(error: unknown, json: boolean, reproduction: Reproduction): number {
  const { code, kind, problems, text } = describeError(error, reproduction);
  process.stderr.write(`${printable(text)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { kind, problems } }, null, 2)}\n`);
  return code;
}

interface ErrorReport {
  code: number;
  kind: 'usage' | 'input' | 'infeasible' | 'interrupted' | 'bug';
  problems: readonly InputProblem[];
  text: string;
}

function describeError(error: unknown, { seed, commandLine }: Reproduction): ErrorReport {
  const message = error instanceof Error ? error.message : String(error);
  const problems = [{ file: '', place: '', message }];
  if (error instanceof InputError) {
    const text = error.problems.map(formatProblem).join('\n');
    return { code: EXIT.input, kind: 'input', problems: error.problems, text };
  }
  if (error instanceof UsageError) return { code: EXIT.input, kind: 'usage', problems, text: message };
  if (error instanceof InfeasibleError) {
    return { code: EXIT.infeasible, kind: 'infeasible', problems, text: `No solution: ${message}` };
  }
  if (error instanceof Interrupted)
    return { code: EXIT.interrupted, kind: 'interrupted', problems, text: message };
  const trace = error instanceof Error && error.stack !== undefined ? error.stack : message;
  const cause =
    error instanceof Error && error.cause instanceof Error
      ? `\ncaused by ${error.cause.stack ?? error.cause.message}`
      : '';
  const lines = [
    'This is a bug in patrol135, not in your files. Please report it with these lines:',
    trace + cause,
  ];
  if (seed !== undefined) lines.push(`seed: ${seed}`);
  lines.push(`reproduce with: ${commandLine}`);
  return { code: EXIT.bug, kind: 'bug', problems, text: lines.join('\n') };
}

/** A reader that goes away (`| head`) is no error of ours: what is left to say is dropped, files are still written. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
