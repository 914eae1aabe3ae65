/** Texts that people and other parts of a scenario read: ids and labels. */
import { z } from 'zod';
import { LIMITS } from '../../limits.ts';

// Length is part of the pattern, so that the validator and the published schema count the same: code points.
export const oneLine = (atLeast: number, atMost: number) =>
  z.string().regex(new RegExp(`^[^\\p{Cc}\\p{Bidi_Control}]{${atLeast},${atMost}}$`, 'u'));

export const id = oneLine(1, LIMITS.nameLength).describe(
  `Name that other parts of the scenario refer to: 1 to ${LIMITS.nameLength} characters, none of them a control character.`,
);

export const label = oneLine(0, LIMITS.nameLength).describe(
  `Name shown to people: at most ${LIMITS.nameLength} characters, none of them a control character.`,
);
