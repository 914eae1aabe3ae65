/**
 * Values as JEMSS writes them, in Julia's notation: `50/60/60/24`, `1 + 250 + 0.1`, `[1; 2; 3]`, `[75, 60]*24`,
 * `truncated(Normal(2/60/24, 1/60/24), 0, Inf)`. A reader for these forms and no others: nothing is ever evaluated.
 */

/** A number, a list, or a named thing with what stands in its brackets: `Exponential(1/200)`. */
export type JemssValue = number | readonly JemssValue[] | JemssCall;

export interface JemssCall {
  name: string;
  args: readonly JemssValue[];
}

export const isCall = (value: JemssValue): value is JemssCall =>
  typeof value === 'object' && !Array.isArray(value);
const isList = (value: JemssValue): value is readonly JemssValue[] => Array.isArray(value);

/** A text that is none of the forms; the message says what was found and is put behind file and place by the caller. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

const DEEPEST = 32;
const LONGEST = 100_000;
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|([-+*/()[\],;]))/y;

/** Reads one value, all of the text. @throws ValueError */
export function parseValue(text: string): JemssValue {
  if (text.length > LONGEST)
    throw new ValueError(`is ${text.length} characters long; at most ${LONGEST} are read`);
  let at = 0;
  let token = '';
  let isNumber = false;
  let isName = false;

  const next = (): void => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      if (text.slice(at).trim() !== '')
        throw new ValueError(`has ${JSON.stringify(text.slice(at, at + 10))} in it`);
      token = '';
      [isNumber, isName] = [false, false];
      return;
    }
    at = TOKEN.lastIndex;
    isNumber = match[1] !== undefined;
    isName = match[2] !== undefined;
    token = match[1] ?? match[2] ?? match[3];
  };
  const take = (expected: string): void => {
    if (token !== expected)
      throw new ValueError(`lacks a "${expected}"${token === '' ? ' at its end' : ` before "${token}"`}`);
    next();
  };

  /** sum := product (("+" | "-") product)* */
  const sum = (depth: number): JemssValue => {
    let value = product(depth);
    while (token === '+' || token === '-') {
      const sign = token === '+' ? 1 : -1;
      next();
      value = numberOf(value) + sign * numberOf(product(depth));
    }
    return value;
  };
  /** product := factor (("*" | "/") factor)*; a list may be scaled by a number. */
  const product = (depth: number): JemssValue => {
    let value = factor(depth);
    while (token === '*' || token === '/') {
      const times = token === '*';
      next();
      const by = numberOf(factor(depth));
      if (!times && by === 0) throw new ValueError('divides by zero');
      const scaled = (one: JemssValue): number => (times ? numberOf(one) * by : numberOf(one) / by);
      value = isList(value) ? value.map(scaled) : scaled(value);
    }
    return value;
  };
  /** factor := "-" factor | number | "(" sum ")" | "[" list "]" | name | name "(" list ")" */
  const factor = (depth: number): JemssValue => {
    if (depth > DEEPEST) throw new ValueError('has too many brackets within each other');
    if (token === '-' || token === '+') {
      const sign = token === '-' ? -1 : 1;
      next();
      return sign * numberOf(factor(depth + 1));
    }
    if (isNumber) {
      const value = Number(token);
      next();
      return value;
    }
    if (token === '(') {
      next();
      const value = sum(depth + 1);
      take(')');
      return value;
    }
    if (token === '[') {
      next();
      return list(depth + 1, ']');
    }
    if (isName) {
      const name = token;
      next();
      if (name === 'Inf') return Infinity;
      if (token !== '(') return { name, args: [] };
      next();
      return { name, args: list(depth + 1, ')') };
    }
    throw new ValueError(
      token === '' ? 'ends where a value should stand' : `has a "${token}" where a value should stand`,
    );
  };
  const list = (depth: number, closing: string): JemssValue[] => {
    const values: JemssValue[] = [];
    while (token !== closing) {
      values.push(sum(depth));
      if (token === ',' || token === ';') next();
      else if (token !== closing) take(closing);
    }
    next();
    return values;
  };

  next();
  const value = sum(0);
  if (token !== '') throw new ValueError(`has a "${token}" too much`);
  return value;
}

function numberOf(value: JemssValue): number {
  if (typeof value === 'number') return value;
  throw new ValueError(
    isCall(value)
      ? `has "${value.name}" where a number should stand`
      : 'has a list where a number should stand',
  );
}

/** A finite number. @throws ValueError */
export function parseNumber(text: string): number {
  const value = numberOf(parseValue(text));
  if (!Number.isFinite(value)) throw new ValueError('is no finite number');
  return value;
}

/** A list of finite numbers. @throws ValueError */
export function parseNumbers(text: string): number[] {
  const value = parseValue(text);
  if (!isList(value)) throw new ValueError('is no list such as [1, 2]');
  return value.map((one) => {
    const number = numberOf(one);
    if (!Number.isFinite(number)) throw new ValueError('has a number in it that is not finite');
    return number;
  });
}
