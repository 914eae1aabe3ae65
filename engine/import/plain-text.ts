/** Text from strangers' files made safe to print: names of streets, attributions, values quoted in errors. */
import { LIMITS } from '../limits.ts';

// Control characters, marks that reorder or hide text, and halves of surrogate pairs.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** One line of text without control, bidirectional or broken characters, at most `LIMITS.nameLength` long. */
export function plainText(text: string): string {
  const head = text.length > 4 * LIMITS.nameLength ? text.slice(0, 4 * LIMITS.nameLength) : text;
  const clean = head.replace(UNSAFE, ' ').trim();
  if (clean.length <= LIMITS.nameLength) return clean;
  // never cut a character outside the basic plane in two
  const end = LIMITS.nameLength - 1;
  const code = clean.charCodeAt(end - 1);
  return `${clean.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`;
}

/** A value as it may stand in an error message: in quotes, plain and short. */
export const quote = (value: string): string => {
  const clean = plainText(value.slice(0, 120));
  return `"${clean.length > 60 ? `${plainText(clean.slice(0, 59))}…` : clean}"`;
};
