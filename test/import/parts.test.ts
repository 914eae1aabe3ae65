/** The parts readers are made of, against plain versions of themselves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column, lowerHalf, PairTable, upperHalf } from '../../engine/import/column.ts';
import { readJsonList } from '../../engine/import/json-list.ts';
import { problemsOf } from '../support/read-map.ts';

const RUN = { seed: 135, numRuns: 300 };

describe('a table of pairs', () => {
  it('finds what was put in, as a Map does', () => {
    const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());
    fc.assert(
      fc.property(fc.array(fc.tuple(int32, int32), { maxLength: 3000 }), (pairs) => {
        const table = new PairTable();
        const map = new Map<string, number>();
        for (const [i, [a, b]] of pairs.entries()) {
          expect(table.get(a, b)).toBe(map.get(`${a},${b}`) ?? -1);
          if (map.has(`${a},${b}`)) continue;
          map.set(`${a},${b}`, i);
          expect(table.add(a, b, i)).toBe(true);
        }
        for (const [key, value] of map) {
          const [a, b] = key.split(',').map(Number);
          expect(table.get(a, b)).toBe(value);
        }
        expect(table.size).toBe(map.size);
      }),
      { ...RUN, numRuns: 50 },
    );
  });

  it('tells ids apart by their halves', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        const same = upperHalf(a) === upperHalf(b) && lowerHalf(a) === lowerHalf(b);
        expect(same).toBe(a === b);
        expect(upperHalf(a) * 2 ** 32 + (lowerHalf(a) >>> 0)).toBe(a);
      }),
      RUN,
    );
  });

  it('says so when pairs were chosen to collide, long before they slow it down', () => {
    // equal hashes: a = b x 0x9e3779b1 makes the first step of the hash 0 for every pair
    const table = new PairTable();
    let added = 0;
    while (added < 10_000 && table.add(Math.imul(added, 0x9e3779b1), added, added)) added++;
    expect(added).toBe(4096);
  });
});

it('a column gives back what was pushed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 5000 }), (values) => {
      const column = new Column(Int32Array, 1);
      for (const value of values) column.push(value);
      expect(column.finish()).toEqual(Int32Array.from(values));
    }),
    { ...RUN, numRuns: 30 },
  );
});

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of what is there already
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readList(
  text: string,
  size: number,
): Promise<{ list: unknown[]; members: [string, unknown][] }> {
  const list: unknown[] = [];
  const members: [string, unknown][] = [];
  await readJsonList('f', inPieces(new TextEncoder().encode(text), size), 'list', {
    element: (value) => list.push(value),
    member: (key, value) => members.push([key, value]),
  });
  return { list, members };
}

describe('a list in a JSON file', () => {
  const file = fc.record({
    before: fc.dictionary(
      fc.string().filter((key) => key !== 'list' && key !== '__proto__'),
      fc.jsonValue({ maxDepth: 3 }),
    ),
    list: fc.array(fc.jsonValue({ maxDepth: 4 })),
    indent: fc.integer({ min: 0, max: 3 }),
    size: fc.integer({ min: 1, max: 50 }),
  });

  it('is what JSON.parse gives, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(file, async ({ before, list, indent, size }) => {
        const text = JSON.stringify({ ...before, list }, null, indent);
        const whole = JSON.parse(text) as { list: unknown[] };
        const read = await readList(text, size);
        expect(read.list).toEqual(whole.list);
        expect(read.members).toEqual(Object.entries(whole).filter(([key]) => key !== 'list'));
      }),
      RUN,
    );
  });

  it('is refused exactly where JSON.parse refuses the text', async () => {
    const mutated = fc.tuple(
      file,
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '[', '{', '"', ':', '1', 'x', '\\', ' '),
    );
    await fc.assert(
      fc.asyncProperty(mutated, async ([{ before, list, indent, size }, at, insert]) => {
        const text = JSON.stringify({ ...before, list }, null, indent);
        const cut = at % text.length;
        const broken = text.slice(0, cut) + insert + text.slice(cut + 1);
        let whole: unknown;
        try {
          whole = JSON.parse(broken);
        } catch {
          await problemsOf(readList(broken, size));
          return;
        }
        const value = whole as { list?: unknown };
        const hasList = typeof whole === 'object' && whole !== null && Array.isArray(value.list);
        if (hasList) {
          // a key may appear twice: JSON.parse takes the last, we refuse a second list
          if (broken.split('"list"').length > 2) return;
          expect((await readList(broken, size)).list).toEqual(value.list);
        } else await problemsOf(readList(broken, size));
      }),
      RUN,
    );
  });

  it.each([
    ['twice', '{"list": [], "list": []}', 'byte 21', 'twice'],
    ['missing', '{"lists": []}', 'byte 0', 'no list "list"'],
    ['not a list', '{"list": {}}', 'byte 9', 'must be a list'],
    ['followed by more', '{"list": []} {}', 'byte 13', 'nothing more'],
    ['too deep', `{"list": [${'['.repeat(65)}`, 'byte 74', 'deeper than 64'],
    ['cut off', '{"list": [1, 2', 'byte 14', 'ends here'],
  ])('that is %s is refused at its byte', async (_, text, place, message) => {
    const [problem] = await problemsOf(readList(text, 7));
    expect(problem.place).toBe(place);
    expect(problem.message).toContain(message);
  });
});
