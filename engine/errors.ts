/** One thing that is wrong with an input: where, what was found, what is allowed. */
export interface InputProblem {
  /** File (or flag) as the user named it. */
  file: string;
  /** Place inside it: a JSON path such as `/units/3/post`, `byte 1234`, `line 17`; empty for the whole file. */
  place: string;
  /** What was found and what is allowed, in one sentence. */
  message: string;
}

/** The user's input is at fault. Carries every problem found, not only the first. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }

  /** An error about one place. */
  static at(file: string, place: string, message: string): InputError {
    return new InputError([{ file, place, message }]);
  }
}

/** The input is fine but the question has no answer (no site set can cover, no unit on duty…). Exit code 3. */
export class InfeasibleError extends Error {
  override readonly name = 'InfeasibleError';
}

/** `scenario.json /units/3/post: "north" is not a post (did you mean "north-1"?)` */
export function formatProblem({ file, place, message }: InputProblem): string {
  return `${[file, place].filter(Boolean).join(' ')}: ${message}`;
}

/** States what must hold. Stays on in production: a wrong answer costs more than a check. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${typeof message === 'string' ? message : message()}`);
}

/** Makes the compiler check that a switch handles every member of a union. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}

/**
 * The allowed name nearest to `name` by edit distance, for "did you mean", or undefined when none is near
 * (more than 2 edits or half the length away). At more than 1 edit the only one that begins with the name comes first, if
 * the name has 3 letters. Ties go to the earlier name. Cost O(names x length^2).
 */
export function nearestName(name: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = Math.min(3, Math.floor(name.length / 2) + 1);
  for (const candidate of allowed) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestEdits);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  if (bestEdits < 2 && best !== undefined) return best;
  const begun = allowed.filter((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase()));
  return name.length > 2 && begun.length === 1 ? begun[0] : best;
}

function editDistance(a: string, b: string, stopAt: number): number {
  if (Math.abs(a.length - b.length) >= stopAt || a.length > 200 || b.length > 200) return stopAt;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
