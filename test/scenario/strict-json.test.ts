import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { LIMITS } from '../../engine/limits.ts';
import { parseStrictJson } from '../../engine/scenario/strict-json.ts';
import { text } from './good-scenario.ts';

const SEED = 135;

function refusal(bytes: Uint8Array | string, maxBytes?: number): string {
  try {
    parseStrictJson(typeof bytes === 'string' ? text(bytes) : bytes, 'a.json', maxBytes);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'accepted';
}

const utf16 = (content: string, bigEndian: boolean): Uint8Array =>
  Uint8Array.from(
    [...content].flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
    }),
  );

describe('parseStrictJson', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 1, '\t'), (value, space) => {
        const written = JSON.stringify(value, null, space);
        // the keys that are refused on purpose
        fc.pre(!/__proto__|constructor|prototype/.test(written));
        expect(parseStrictJson(text(written), 'a.json')).toEqual(JSON.parse(written));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('reads numbers and escapes as JSON.parse does', () => {
    for (const written of [
      '0',
      '-0',
      '1.5e-7',
      '123456789012345678',
      '1E+2',
      '5e-324',
      '"\\u00e9\\n\\/"',
      '"😀"',
    ]) {
      expect(parseStrictJson(text(written), 'a.json')).toBe(JSON.parse(written));
    }
  });

  it('refuses what JSON.parse refuses, for any text near JSON', () => {
    const good = '{"a": [1, -2.5e3, "x\\n", true, null], "b": {}}';
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.constantFrom('', '"', ',', '{', ']', '0', '.', '-', '+', 'e', 'x', ' ', '\n', '\\', '/'),
        fc.nat(2),
        (at, put, cut) => {
          const near = good.slice(0, at) + put + good.slice(at + cut);
          let parsed: unknown;
          try {
            parsed = JSON.parse(near);
          } catch {
            expect(refusal(near), near).not.toBe('accepted');
            return;
          }
          expect(parseStrictJson(text(near), 'a.json')).toEqual(parsed);
        },
      ),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it.each([
    ['nothing', '', 'a.json line 1, column 1: the file is empty'],
    ['two values', '{} {}', 'line 1, column 4: expected the end of the file, found "{"'],
    ['a comment', '{\n  // no\n}', 'line 2, column 3: expected a key in double quotes, found "/"'],
    ['a trailing comma', '{"a": 1,\n}', 'line 2, column 1: expected a key in double quotes, found "}"'],
    ['a key that stands twice', '{"a": 1,\n "b": 2, "a": 3}', 'line 2, column 10: the key "a" stands twice'],
    [
      'a key that stands twice in two spellings',
      '{"a": 1, "\\u0061": 3}',
      'column 10: the key "a" stands twice',
    ],
    ['__proto__', '{"__proto__": {"x": 1}}', 'column 2: the key "__proto__" is not allowed'],
    ['an escaped __proto__', '{"\\u005f_proto__": 1}', 'column 2: the key "__proto__" is not allowed'],
    ['constructor', '[{"constructor": {"prototype": 1}}]', 'the key "constructor" is not allowed'],
    ['prototype', '{"a": {"prototype": 1}}', 'the key "prototype" is not allowed'],
    ['a number beyond a double', '{"a": 1e999}', 'line 1, column 7: the number 1e999 is too large'],
    ['NaN', '[NaN]', 'line 1, column 2: expected a value, found "NaN"'],
    ['Infinity', '[-Infinity]', 'expected a value, found "-"'],
    ['a leading zero', '[007]', '"0" is not a number as JSON writes it'],
    ['half a number', '[1.]', 'is not a number as JSON writes it'],
    ['a text without end', '{"a": "b', 'column 7: a text has no closing quote'],
    ['a text over two lines', '{"a": "b\nc"}', 'a text holds a control character or a line break'],
    ['an unknown escape', '["\\x"]', 'a text holds an unknown escape'],
    ['half a character', '["\\ud800"]', 'a text holds half a character'],
    [
      'UTF-16 with a mark',
      new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
      'a.json: is UTF-16 (little endian)',
    ],
    ['UTF-16 without a mark', utf16('{"a": 1}', false), 'a.json: is UTF-16 (little endian)'],
    ['big-endian UTF-16', utf16('{"a": 1}', true), 'a.json: is UTF-16 (big endian)'],
    ['UTF-32', new Uint8Array([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'a.json: is UTF-32'],
    ['GBK', new Uint8Array([...text('{\n"a": "'), 0xb0, 0xd7, ...text('"}')]), 'a.json line 2: is not UTF-8'],
  ])('refuses %s', (_, content, message) => {
    expect(refusal(content)).toContain(message);
  });

  it('accepts a UTF-8 byte order mark at the start, and only there', () => {
    expect(parseStrictJson(new Uint8Array([0xef, 0xbb, 0xbf, ...text('[1]')]), 'a.json')).toEqual([1]);
    expect(refusal('[1\ufeff]')).toContain('expected "," or "]"');
  });

  it('reads 64 levels and refuses 65', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(refusal(nested(LIMITS.jsonDepth))).toBe('accepted');
    expect(refusal(nested(LIMITS.jsonDepth + 1))).toContain(
      'line 1, column 65: nested more than 64 levels deep',
    );
    const objects = (levels: number) => '{"a":'.repeat(levels) + '0' + '}'.repeat(levels);
    expect(refusal(objects(LIMITS.jsonDepth))).toBe('accepted');
    expect(refusal(objects(LIMITS.jsonDepth + 1))).toContain('nested more than 64 levels deep');
    expect(refusal('['.repeat(1_000_000))).toContain('nested more than 64 levels deep');
  });

  it('reads a file of just the allowed size and refuses one byte more', () => {
    expect(refusal('[1]  ', 5)).toBe('accepted');
    expect(refusal('[1]   ', 5)).toBe('a.json: holds 6 bytes; allowed are at most 5');
    const large = new Uint8Array(LIMITS.scenarioBytes + 1).fill(0x20);
    expect(refusal(large)).toBe('a.json: holds 16777217 bytes; allowed are at most 16777216');
  });
});
