/** The list of everything wrong with a scenario and its files: gathered while reading, thrown once at the end. */
import { InputError, type InputProblem, nearestName } from '../errors.ts';

/** Problems shown for one file; a file of 100,000 bad rows is one mistake, not 100,000. */
const SHOWN_PER_FILE = 50;

export class Problems {
  readonly #list: InputProblem[] = [];

  add(file: string, place: string, message: string): void {
    this.#list.push({ file, place, message });
  }

  get count(): number {
    return this.#list.length;
  }

  /** Runs `work`; its InputError joins the list, and `undefined` is the result. */
  async gather<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const problem of error.problems) this.#list.push(problem);
      return undefined;
    }
  }

  /** @throws InputError with all problems, if there is one */
  throwIfAny(): void {
    if (this.#list.length === 0) return;
    const shown: InputProblem[] = [];
    const perFile = new Map<string, number>();
    for (const problem of this.#list) {
      const n = (perFile.get(problem.file) ?? 0) + 1;
      perFile.set(problem.file, n);
      if (n <= SHOWN_PER_FILE) shown.push(problem);
    }
    for (const [file, n] of perFile) {
      if (n > SHOWN_PER_FILE)
        shown.push({ file, place: '', message: `and ${n - SHOWN_PER_FILE} more problems` });
    }
    throw new InputError(shown);
  }
}

/** `/units/3/post` from its parts, escaped as in RFC 6901 (JSON Pointer). */
export const jsonPath = (parts: readonly PropertyKey[]): string =>
  parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A value as people may read it in an error, at most 60 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** ` (did you mean "x"?)`, or nothing when no name is near. */
export function didYouMean(name: string, allowed: readonly string[]): string {
  const near = nearestName(name, allowed);
  return near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
}

/** Names in a list that stays readable: `a, b, c and 40 more`. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const few = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${few} and ${names.length - 20} more` : few;
}

/** `"north" is not a post (did you mean "north-1"?); allowed: north-1, south` */
export const notAName = (name: string, what: string, allowed: readonly string[]): string =>
  `${shown(name)} is not ${what}${didYouMean(name, allowed)}; allowed: ${listed(allowed)}`;

/**
 * Positions of ids in a list.
 * @param place  where the id of an item stands, for errors
 * @returns undefined when an id is used twice: then references to the list are not judged
 */
export function indexById<T>(
  list: readonly T[],
  idOf: (item: T) => string,
  place: (item: T, ix: number) => { file: string; place: string },
  problems: Problems,
): Map<string, number> | undefined {
  const before = problems.count;
  const index = new Map<string, number>();
  for (const [ix, item] of list.entries()) {
    const id = idOf(item);
    const first = index.get(id);
    if (first === undefined) {
      index.set(id, ix);
    } else {
      const here = place(item, ix);
      problems.add(
        here.file,
        here.place,
        `${shown(id)} is used twice; first at ${place(list[first], first).place}`,
      );
    }
  }
  return problems.count > before ? undefined : index;
}
