/** The formats that JEMSS's inputs come in: zip archives, GeoTIFF and xyz grids; cut, flipped and odd ones are told clearly. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { placesOfGrid, placesOfMap } from '../../engine/import/jemss/call-places.ts';
import { type Grid, readGrid } from '../../engine/import/jemss/grid.ts';
import { readZipEntry, zipEntries } from '../../engine/import/jemss/zip.ts';
import { describeWithData } from '../support/shared-data.ts';
import { zipOf } from '../support/zip-writer.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** What a reader makes of bytes: the value, or the message of its InputError. Any other error is the test's failure. */
async function told<T>(read: () => T | Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBe(1);
    return error.message;
  }
}

const unzip = async (bytes: Uint8Array): Promise<Record<string, string>> => {
  const all: Record<string, string> = {};
  for (const entry of zipEntries('x.zip', bytes)) {
    all[entry.name] = new TextDecoder().decode(await readZipEntry('x.zip', bytes, entry, 1e6));
  }
  return all;
};

describe('a zip archive', () => {
  const files = { 'arcs.csv': text('a,b\n'.repeat(50)), 'folder/nodes.csv': text('1,2\n') };
  const content = { 'arcs.csv': 'a,b\n'.repeat(50), 'folder/nodes.csv': '1,2\n' };

  it.each([0, 8] as const)('gives back what was put in by method %i', async (method) => {
    expect(await unzip(zipOf(files, method))).toEqual(content);
  });

  it('that is cut anywhere gives one clear error', async () => {
    const whole = zipOf(files);
    for (let length = 0; length < whole.length; length++) {
      expect(await told(() => unzip(whole.subarray(0, length)))).toMatch(/^x\.zip.*: /);
    }
  });

  it('with any bit flipped gives one clear error, or what it held', async () => {
    const whole = zipOf(files);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const bit of [1, 16, 128]) {
        const flipped = whole.slice();
        flipped[at] ^= bit;
        const got = await told(() => unzip(flipped));
        if (typeof got === 'string') refused++;
        // names, versions and dates are not covered by a checksum
        else expect(Object.values(got).sort()).toEqual(Object.values(content).sort());
      }
    }
    expect(refused).toBeGreaterThan(whole.length);
  });

  it('that would unpack to more than is allowed is refused before it is unpacked', async () => {
    const bytes = zipOf({ 'big.csv': new Uint8Array(1_000_001) });
    expect(await told(() => unzip(bytes))).toContain(
      'entry big.csv: is 1000001 bytes long unpacked; at most 1000000 are read',
    );
  });
});

/** A GeoTIFF of 3 by 2 doubles in two strips, cell 0.5 degrees, north-west corner at 10, 50. */
function tiffOf(values: readonly number[], changes: Readonly<Record<number, number>> = {}): Uint8Array {
  const fields: [tag: number, type: 3 | 4, value: number][] = [
    [256, 3, 3], [257, 3, 2], [258, 3, 64], [259, 3, 1], [273, 4, 300], [277, 3, 1], [278, 3, 1], [279, 4, 308], [339, 3, 3],
  ]; // prettier-ignore
  const bytes = Buffer.alloc(400 + 8 * values.length);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(fields.length + 2, 8);
  let at = 10;
  for (const [tag, type, value] of fields) {
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(type === 4 ? 2 : 1, at + 4);
    const shown = changes[tag] ?? value;
    if (type === 3) bytes.writeUInt16LE(shown, at + 8);
    else bytes.writeUInt32LE(shown, at + 8);
    at += 12;
  }
  for (const [tag, count, where] of [[33550, 3, 320], [33922, 6, 344]]) {
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(12, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(where, at + 8);
    at += 12;
  } // prettier-ignore
  [400, 424].forEach((strip, i) => bytes.writeUInt32LE(strip, 300 + 4 * i));
  [24, 24].forEach((length, i) => bytes.writeUInt32LE(length, 308 + 4 * i));
  [0.5, 0.5, 0].forEach((value, i) => bytes.writeDoubleLE(value, 320 + 8 * i));
  [0, 0, 0, 10, 50, 0].forEach((value, i) => bytes.writeDoubleLE(value, 344 + 8 * i));
  values.forEach((value, i) => bytes.writeDoubleLE(value, 400 + 8 * i));
  return new Uint8Array(bytes);
}

describe('a raster', () => {
  const grid: Grid = {
    nX: 3,
    nY: 2,
    x: 10.25,
    y: 49.25,
    dx: 0.5,
    dy: 0.5,
    weight: Float64Array.of(4, 5, 6, 1, 2, 3),
  };

  it('is read from a GeoTIFF, whose rows run from north to south', () => {
    expect(readGrid('x.tif', tiffOf([1, 2, 3, 4, 5, 6]))).toEqual(grid);
  });

  it('is read from x, y and z, in any order of lines', () => {
    const lines = [
      '10.75 49.25 5',
      '10.25 49.25 4',
      '11.25 49.25 6',
      '10.25 49.75 1',
      '11.25 49.75 3',
      '10.75 49.75 2',
    ];
    expect(readGrid('x.xyz', text(`${lines.join('\r\n')}\n`))).toEqual(grid);
  });

  it.each([
    [{ 259: 5 }, 'is packed (TIFF compression 5)'],
    [{ 277: 3 }, 'has 3 bands; one is read'],
    [{ 258: 12 }, 'has samples of format 3 with 12 bits'],
    [{ 256: 4 }, 'is cut short: row 1 of 2'],
    [{ 257: 3 }, 'has 2 strips of 1 rows for 3 rows'],
  ])('that is %j is refused', async (changes, message) => {
    expect(await told(() => readGrid('x.tif', tiffOf([1, 2, 3, 4, 5, 6], changes)))).toContain(message);
  });

  it.each([
    ['0 0 1\n0 1 1\n1 0 1\n', 'has no line for the cell at 1 1'],
    ['0 0 1\n0 1 1\n1 0 1\n1 1\n', 'line 4: holds "1 1"; allowed: three numbers x y z'],
    ['0 0 1\n0 1 1\n1 0 1\n1 1 x\n', 'line 4: holds "1 1 x"'],
    ['0 0 1\n0 1 1\n1 0 1\n1 1 1\n1 1 2\n', 'gives the cell at 1 1 twice'],
    ['0 0 0\n0 1 0\n1 0 0\n1 1 0\n', 'has no cell of weight above 0'],
    ['0 0 1\n0 1 1\n1 0 1\n1 1 -1\n', 'weighs -1; weights are numbers from 0 on'],
    ['0 0 1\n1 0 1\n5 0 1\n0 1 1\n1 1 1\n5 1 1\n', 'is no regular grid: x 1 is off'],
    ['0 0 1\n', 'is a grid of 1 by 1 cells'],
    ['', 'is a grid of 0 by 0 cells'],
  ])('%j is told: %s', async (lines, message) => {
    expect(await told(() => readGrid('x.xyz', text(lines)))).toContain(message);
  });

  it('that is cut anywhere gives one clear error', async () => {
    const whole = tiffOf([1, 2, 3, 4, 5, 6]);
    for (let length = 0; length < whole.length; length++) {
      expect(await told(() => readGrid('x.tif', whole.subarray(0, length)))).toMatch(/^x\.tif.*: /);
    }
  });

  it('with any bit flipped gives one clear error, or a grid', async () => {
    const whole = tiffOf([1, 2, 3, 4, 5, 6]);
    for (let at = 0; at < whole.length; at++) {
      for (const bit of [1, 8, 128]) {
        const flipped = whole.slice();
        flipped[at] ^= bit;
        const got = await told(() => readGrid('x.tif', flipped));
        if (typeof got !== 'string') expect(got.weight.length).toBe(got.nX * got.nY);
      }
    }
  });
});

describe('places of calls', () => {
  const grid: Grid = {
    nX: 3,
    nY: 2,
    x: 10.25,
    y: 49.25,
    dx: 0.5,
    dy: 0.5,
    weight: Float64Array.of(4, 5, 0, 1, 2, 3),
  };
  const cellOf = ([x, y]: [number, number]): number =>
    Math.floor((y - 49) / 0.5) * 3 + Math.floor((x - 10) / 0.5);

  it.each([1, 7, 15, 1000, 1001])('%i of them fall into cells by weight, to less than one', (count) => {
    const places = placesOfGrid(grid, count);
    expect(places.length).toBe(count);
    const found = new Float64Array(6);
    for (const place of places) found[cellOf(place)]++;
    found.forEach((n, cell) => expect(Math.abs(n - (count * grid.weight[cell]) / 15)).toBeLessThan(1));
  });

  it('are spread over each cell: no empty quarter of a cell among many', () => {
    const quarters = new Float64Array(4);
    for (const [x, y] of placesOfMap({ xMin: 0, xMax: 2, yMin: 0, yMax: 2, xScale: 1, yScale: 1 }, 400)) {
      quarters[Math.floor(x) + 2 * Math.floor(y)]++;
    }
    for (const n of quarters) expect(Math.abs(n - 100)).toBeLessThanOrEqual(5);
  });
});

describeWithData("the rasters of JEMSS's cities", (data) => {
  const cities = join(data, 'jemss/data/cities');
  it.each([
    ['auckland/data/population density/census 2013/rasters/urban/1/auckland-urban-pop-densit-40m.zip', 1133, 1391, 504_741, 828_627_782.085],
    ['manhattan/data/population density/census 2000/rasters/manhattan_pop_densit_20m.zip', 458, 988, 133_067, 3757.80784],
  ])('%s: %i by %i cells, %i of them peopled', async (path, nX, nY, peopled, sum) => {
    const name = join(cities, path);
    const archive = await readFile(name);
    const [entry] = zipEntries(name, archive);
    const grid = readGrid(entry.name, await readZipEntry(name, archive, entry, 1e9));
    // counted apart from this reader, with Python's struct on the file's strips
    expect([grid.nX, grid.nY, grid.weight.filter((weight) => weight > 0).length]).toEqual([nX, nY, peopled]);
    expect(grid.weight.reduce((a, b) => a + b, 0) / sum).toBeCloseTo(1, 8);
  }); // prettier-ignore
});
