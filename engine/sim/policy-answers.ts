/** Policies are asked through here, so that one that fails is named with what it was asked. */

/** @param who  the policy, and what it was asked, as the beginning of a sentence @throws Error that begins with `who` */
export function answerOf<Answer>(ask: () => Answer, who: () => string): Answer {
  try {
    return ask();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${who()} throws: ${why}`, { cause: error });
  }
}

export const isRecord = (answer: unknown): answer is object => typeof answer === 'object' && answer !== null;

/** Whether it is a list whose entries have keys, holes and all. */
export function isListOfRecords(answer: unknown): boolean {
  if (!Array.isArray(answer)) return false;
  for (const each of answer as unknown[]) if (!isRecord(each)) return false;
  return true;
}
