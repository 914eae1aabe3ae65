/** Saved replications as text: JSON, whose numbers here may also be endless (a time that never came). */

const ENDLESS = { Infinity: Infinity, '-Infinity': -Infinity } as const;
const KEY = '$number';

/** @param value  plain data without NaN */
export const savedText = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    each === Infinity || each === -Infinity ? { [KEY]: String(each) } : each,
  );

/** @throws SyntaxError where the text is no JSON */
export const fromSavedText = (text: string): unknown =>
  JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || !Object.hasOwn(each, KEY)) return each;
    const name = (each as Record<typeof KEY, unknown>)[KEY];
    return name === 'Infinity' || name === '-Infinity' ? ENDLESS[name] : each;
  });
