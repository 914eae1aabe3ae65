/**
 * What can go wrong with a results folder, as a code and the words to fill in: the loader runs in a worker and knows
 * no language, the page puts it into words (`problem.*` in the catalogues of i18n.ts).
 */
type ProblemCode =
  | 'notResults'
  | 'missingFiles'
  | 'tooLarge'
  | 'fileTooLarge'
  | 'unreadable'
  | 'badJson'
  | 'badShape'
  | 'badParquet'
  | 'otherVersion'
  | 'badRow'
  | 'tooMany'
  | 'noReplication'
  | 'replayFailed';

export interface Problem {
  code: ProblemCode;
  params: Record<string, string | number>;
}

/** A results folder that cannot be shown, and why. */
export class ResultsProblem extends Error {
  override readonly name = 'ResultsProblem';
  readonly problem: Problem;

  constructor(code: ProblemCode, params: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify(params)}`);
    this.problem = { code, params };
  }
}

/** Any error as a problem; an unforeseen one keeps its message. */
export function asProblem(error: unknown, file: string): Problem {
  if (error instanceof ResultsProblem) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'replayFailed', params: { file, reason: message.slice(0, 300) } };
}
