/** Rows 1 and 2: map files cut off after every byte, and with every single bit flipped. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RoadFormat } from '../../engine/import/road-importer.ts';
import { type Outcomes, readBroken, withinMemory } from '../support/faults.ts';
import { TOWN, toGeoJson, toOverpass, toPbf, toXml } from '../support/tiny-map.ts';

const gz = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));

const FILES: [string, Uint8Array, RoadFormat][] = [
  ['PBF', toPbf(TOWN), 'osm-pbf'],
  ['PBF with single nodes', toPbf(TOWN, { dense: false }), 'osm-pbf'],
  ['PBF packed with zlib', toPbf(TOWN, { zlib: true, manyBlocks: true }), 'osm-pbf'],
  ['XML', toXml(TOWN), 'osm-xml'],
  ['XML in gzip', gz(toXml(TOWN)), 'osm-xml'],
  ['Overpass JSON', toOverpass(TOWN), 'overpass-json'],
  ['Overpass JSON with places in ways', toOverpass(TOWN, true), 'overpass-json'],
  ['GeoJSON', toGeoJson(TOWN), 'geojson'],
  ['GeoJSON in gzip', gz(toGeoJson(TOWN)), 'geojson'],
];

describe('row 1: a map file cut off after any byte is refused at that byte', () => {
  it.each(FILES)('%s', async (name, bytes, format) => {
    let wholeBlocks = 0;
    for (let length = 0; length < bytes.length; length++) {
      const outcome = await readBroken(bytes.slice(0, length), `${name} cut after ${length} bytes`, format);
      // a PBF file has no end mark: cut between two blocks it is a shorter file, without roads or without relations
      if (outcome === 'read' || outcome.problems[0].message.startsWith('no road')) wholeBlocks++;
      // one byte of gzip is not yet gzip
      else if (length > 1 || !name.includes('gzip')) expect(outcome.problems[0].place).toBe(`byte ${length}`);
    }
    expect(wholeBlocks).toBe(format !== 'osm-pbf' ? 0 : name.includes('zlib') ? 3 : 1);
    expect(await readBroken(bytes, name, format)).toBe('read');
  });
});

describe('row 2: a map file with any one bit flipped is refused, or gives sound roads', () => {
  it.each(FILES)('%s', async (name, bytes, format) => {
    const outcomes: Outcomes = { read: 0, refused: 0 };
    await withinMemory(async () => {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const outcome = await readBroken(
          flipped,
          `${name} with bit ${bit} flipped`,
          bit % 2 === 0 ? format : undefined,
        );
        if (outcome === 'read') outcomes.read++;
        else outcomes.refused++;
      }
    });
    expect(outcomes.refused).toBeGreaterThan(bytes.length / 10);
    // the checksums of gzip and zlib leave next to nothing to be read; plain files have bits that only mean something else
    if (!/gzip|zlib/.test(name)) expect(outcomes.read).toBeGreaterThan(bytes.length / 10);
  });
});
