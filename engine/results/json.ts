/** JSON text with equal bytes everywhere: keys in the order they were set, shortest numbers, LF, one at the end. */
import { assert } from '../errors.ts';

/** @throws when a number is not finite or a value has no JSON form: JSON.stringify would write null or drop it */
export function toJsonText(value: unknown): string {
  checkJson(value, '');
  return `${JSON.stringify(value, null, 2)}\n`;
}

function checkJson(value: unknown, place: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    assert(Number.isFinite(value), () => `${place} is ${value}, which JSON cannot hold`);
    return;
  }
  assert(typeof value === 'object', () => `${place} is a ${typeof value}, which JSON cannot hold`);
  for (const [key, part] of Object.entries(value)) {
    // an optional key that is not set is not written
    if (part !== undefined || Array.isArray(value)) checkJson(part, `${place}/${key}`);
  }
}
