/**
 * Reads JSON from people and strangers: RFC 8259, UTF-8, and nothing that two readers could understand differently.
 * Duplicate keys, numbers beyond a double, deep nesting and the keys that reach an object's prototype are refused,
 * where JSON.parse lets them pass. A UTF-8 byte order mark at the start is skipped: Windows editors write one.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Keys that code may mistake for an object's own machinery; no scenario needs them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /[A-Za-z_$][\w$]*|\S/uy;

/**
 * @param bytes     the file
 * @param fileName  for errors
 * @param maxBytes  size above which nothing is read
 * @returns the value; every object is a plain object with own keys in the order of the file
 * @throws InputError with line and column. Cost O(bytes), depth at most LIMITS.jsonDepth
 */
export function parseStrictJson(
  bytes: Uint8Array,
  fileName: string,
  maxBytes: number = LIMITS.scenarioBytes,
): JsonValue {
  const text = decodeUtf8(bytes, fileName, maxBytes);
  let at = 0;
  return document();

  function document(): JsonValue {
    skipSpace();
    if (at === text.length) fail('the file is empty; expected JSON');
    const result = value(0);
    skipSpace();
    if (at < text.length) fail(`expected the end of the file, found ${found()}`);
    return result;
  }

  /** @param depth  how many objects and lists are open around the value */
  function value(depth: number): JsonValue {
    switch (text[at]) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string();
      default:
        return numberOrWord();
    }
  }

  function object(depth: number): JsonValue {
    if (depth > LIMITS.jsonDepth) fail(TOO_DEEP);
    const result: { [key: string]: JsonValue } = {};
    at++;
    skipSpace();
    if (text[at] === '}') {
      at++;
      return result;
    }
    for (;;) {
      if (text[at] !== '"') fail(`expected a key in double quotes, found ${found()}`);
      const keyAt = at;
      const key = string();
      if (FORBIDDEN_KEYS.has(key)) fail(`the key ${JSON.stringify(key)} is not allowed`, keyAt);
      if (Object.hasOwn(result, key))
        fail(`the key ${JSON.stringify(key)} stands twice in one object`, keyAt);
      skipSpace();
      if (text[at] !== ':') fail(`expected ":" after the key ${JSON.stringify(key)}, found ${found()}`);
      at++;
      skipSpace();
      result[key] = value(depth);
      skipSpace();
      if (text[at] === '}') break;
      if (text[at] !== ',') fail(`expected "," or "}", found ${found()}`);
      at++;
      skipSpace();
    }
    at++;
    return result;
  }

  function array(depth: number): JsonValue {
    if (depth > LIMITS.jsonDepth) fail(TOO_DEEP);
    const result: JsonValue[] = [];
    at++;
    skipSpace();
    if (text[at] === ']') {
      at++;
      return result;
    }
    for (;;) {
      result.push(value(depth));
      skipSpace();
      if (text[at] === ']') break;
      if (text[at] !== ',') fail(`expected "," or "]", found ${found()}`);
      at++;
      skipSpace();
    }
    at++;
    return result;
  }

  function string(): string {
    const start = at;
    let escaped = false;
    for (at++; ; at++) {
      const code = text.charCodeAt(at); // NaN past the end
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        at++;
      } else if (code < 0x20) {
        fail('a text holds a control character or a line break; write it as \\n, \\t or \\u00XX');
      } else if (code !== code) {
        fail('a text has no closing quote', start);
      }
    }
    at++;
    if (!escaped) return text.slice(start + 1, at - 1);
    let result = '';
    try {
      result = JSON.parse(text.slice(start, at)) as string; // only this one text: decodes its escapes
    } catch {
      fail('a text holds an unknown escape; allowed: \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX', start);
    }
    if (/\p{Surrogate}/u.test(result))
      fail('a text holds half a character (an unpaired \\uD800 to \\uDFFF)', start);
    return result;
  }

  function numberOrWord(): JsonValue {
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(text)?.[0];
    if (digits !== undefined) {
      const result = Number(digits);
      if (!Number.isFinite(result)) fail(`the number ${shorten(digits)} is too large`);
      const next = text[at + digits.length];
      if (next !== undefined && /[\w.+-]/.test(next)) fail(`${found()} is not a number as JSON writes it`);
      at += digits.length;
      return result;
    }
    for (const [word, result] of WORDS) {
      if (text.startsWith(word, at) && !/\w/.test(text[at + word.length] ?? '')) {
        at += word.length;
        return result;
      }
    }
    return fail(`expected a value, found ${found()}`);
  }

  function skipSpace(): void {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)![0].length;
  }

  /** What stands here, for people. */
  function found(): string {
    if (at >= text.length) return 'the end of the file';
    WORD.lastIndex = at;
    return JSON.stringify(shorten(WORD.exec(text)?.[0] ?? text[at]));
  }

  function fail(message: string, offset = at): never {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    throw InputError.at(fileName, `line ${line}, column ${offset - before.lastIndexOf('\n')}`, message);
  }
}

const TOO_DEEP = `nested more than ${LIMITS.jsonDepth} levels deep`;
const WORDS: readonly [string, JsonValue][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

const shorten = (word: string): string => (word.length > 40 ? `${word.slice(0, 40)}…` : word);

/**
 * Text of a UTF-8 file, without its byte order mark.
 * @throws InputError naming the encoding where it is UTF-16 or UTF-32, otherwise the first line that is not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, fileName: string, maxBytes: number): string {
  if (bytes.length > maxBytes) {
    throw InputError.at(fileName, '', `holds ${bytes.length} bytes; allowed are at most ${maxBytes}`);
  }
  const wide = wideEncoding(bytes);
  if (wide !== undefined) throw InputError.at(fileName, '', `is ${wide}; save it as UTF-8`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw InputError.at(
      fileName,
      `line ${firstBadLine(bytes)}`,
      'is not UTF-8 (Windows code page, GBK or GB18030?); save it as UTF-8',
    );
  }
}

/** UTF-16 and UTF-32 by their mark, or by the zero bytes that plain letters have in them. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (bytes.length >= 4 && a === 0xff && b === 0xfe && c === 0 && d === 0) return 'UTF-32';
  if (bytes.length >= 4 && a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || c === 0)) return 'UTF-32';
  if (bytes.length >= 2 && ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)))
    return 'UTF-16 (little endian)';
  if (bytes.length >= 2 && ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0))) return 'UTF-16 (big endian)';
  return undefined;
}

/** A line feed is never part of a longer UTF-8 sequence, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      break;
    }
    start = end + 1;
  }
  return line;
}
