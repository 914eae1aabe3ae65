/**
 * Reads values out of untrusted JSON by path. Every accessor names the file and the path when the value is not what
 * it should be, so a folder of another version or a tampered one ends in a sentence and not in a blank page.
 */
import { VIEWER_LIMITS } from './limits.ts';
import { ResultsProblem } from './problem.ts';

export class JsonValue {
  readonly #value: unknown;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path = '') {
    this.#value = value;
    this.#file = file;
    this.#path = path;
  }

  /** The member `key`; a missing one becomes a value that `isMissing`. */
  at(key: string): JsonValue {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail('an object');
    const member = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    return new JsonValue(member, this.#file, `${this.#path}/${key}`);
  }

  get isMissing(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  list<T>(read: (item: JsonValue) => T, most: number = VIEWER_LIMITS.rows): T[] {
    const value = this.#value;
    if (!Array.isArray(value)) this.#fail('a list');
    const items = value as unknown[];
    if (items.length > most) this.#fail(`a list of at most ${most}`);
    return items.map((item, ix) => read(new JsonValue(item, this.#file, `${this.#path}/${ix}`)));
  }

  text(): string {
    if (typeof this.#value !== 'string') this.#fail('text');
    return this.#value;
  }

  /** Text, or `otherwise` where the value is missing. */
  textOr(otherwise: string): string {
    return this.isMissing ? otherwise : this.text();
  }

  number(): number {
    if (typeof this.#value !== 'number' || !Number.isFinite(this.#value)) this.#fail('a number');
    return this.#value;
  }

  numberOrNull(): number | null {
    return this.isMissing ? null : this.number();
  }

  count(most: number): number {
    const value = this.number();
    if (!Number.isSafeInteger(value) || value < 0 || value > most) this.#fail(`a whole number up to ${most}`);
    return value;
  }

  boolean(): boolean {
    if (typeof this.#value !== 'boolean') this.#fail('true or false');
    return this.#value;
  }

  booleanOrNull(): boolean | null {
    return this.isMissing ? null : this.boolean();
  }

  /** Text or a number, as text: ids and seeds may be either. */
  label(): string {
    if (typeof this.#value === 'number') return String(this.#value);
    return this.text();
  }

  #fail(wanted: string): never {
    throw new ResultsProblem('badShape', { file: this.#file, place: this.#path || '/', wanted });
  }
}
