/** Every extract of the shared data, against its catalogue and against an independent decoder. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRoads } from '../../engine/import/import.ts';
import { modeBit, TRAVEL_MODES, type TravelMode } from '../../engine/import/road-extract.ts';
import {
  countRoads,
  isDrivableHighway,
  isOpenOnFoot,
  isOpenToBicycles,
  isOpenToMotorcycle,
  isOpenToPolice,
  readPlainPbf,
  readPlainXmlGz,
} from '../support/plain-osm.ts';
import { describeWithData } from '../support/shared-data.ts';

/** Rows of section 1 of the catalogue: nodes, ways, highway ways, drivable, road nodes, segments, oneway, restrictions. */
function readCatalogue(data: string): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const line of readFileSync(`${data}/CATALOGUE.md`, 'utf8').split('\n')) {
    const match = /^\| osm\/(\S+) \|(.*)/.exec(line);
    if (match === null) continue;
    const cells = match[2].split('|').map((cell) => Number(cell.trim().replaceAll(',', '')));
    rows.set(match[1], cells.slice(1, 9));
  }
  return rows;
}

describeWithData('extracts of OpenStreetMap', (data) => {
  const catalogue = readCatalogue(data);
  const files = readdirSync(`${data}/osm`).sort();

  it('are all in the catalogue', () => {
    expect([...catalogue.keys()].sort()).toEqual(files);
  });

  it.each(files)('%s: counts agree with the catalogue and with an independent decoder', async (file) => {
    const path = `${data}/osm/${file}`;
    const extract = await readRoads({ name: file, bytes: readFileSync(path) }, { pedestrianStreets: false });
    const osm = file.endsWith('.pbf') ? await readPlainPbf(path) : readPlainXmlGz(path);
    const { read, roads, dropped, repaired } = extract.report;
    const [nodes, ways, highwayWays, drivableWays, roadNodes, segments, , restrictions] =
      catalogue.get(file)!;

    expect(read).toEqual({ nodes: osm.nNodes, ways: osm.ways.length, relations: osm.relations.length });
    expect([read.nodes, read.ways]).toEqual([nodes, ways]);
    expect([roads.highwayWays, roads.drivableWays]).toEqual([highwayWays, drivableWays]);

    // every relation of type=restriction is kept or counted
    const sum = (counts: Record<string, number>, pattern: RegExp): number =>
      Object.entries(counts).reduce((total, [key, count]) => total + (pattern.test(key) ? count : 0), 0);
    const accounted = roads.restrictions + sum(dropped, /^restrictions/) - (repaired.restrictionsSplit ?? 0);
    expect(accounted).toBe(restrictions);
    expect(accounted).toBe(osm.relations.filter(({ tags }) => tags.type === 'restriction').length);
    // and so is every way
    expect(roads.keptWays - (repaired.extraPieces ?? 0) + sum(dropped, /^(ways|areas)/)).toBe(read.ways);

    // the catalogue counts nodes and pairs as named by the drivable ways, be they in the file or not
    const drivable = osm.ways.filter(({ tags }) => isDrivableHighway(tags));
    const namedNodes = new Set(drivable.flatMap(({ refs }) => refs)).size;
    const namedPairs = drivable.reduce((total, { refs }) => total + Math.max(0, refs.length - 1), 0);
    expect([namedNodes, namedPairs]).toEqual([roadNodes, segments]);

    const kept = countRoads(
      osm,
      osm.ways.filter(({ tags }) => isOpenToPolice(tags)),
    );
    expect(new Set(extract.ways.osmId).size).toBe(kept.ways);
    expect([roads.roadNodes, roads.nodePairs]).toEqual([kept.nodes, kept.pairs]);
    expect(nonZero(extract.report.controls)).toEqual(kept.controls);

    // places are the file's, to 1e-7 degrees
    const { osmId, lonE7, latE7 } = extract.nodes;
    for (let n = 0; n < osmId.length; n++) {
      const [lon, lat] = osm.nodes.get(osmId[n])!;
      if (lonE7[n] !== Math.round(lon * 1e7) || latE7[n] !== Math.round(lat * 1e7)) {
        expect([osmId[n], lonE7[n], latE7[n]]).toEqual([
          osmId[n],
          Math.round(lon * 1e7),
          Math.round(lat * 1e7),
        ]);
      }
    }
    // directions, by the shortest form of the rule
    const tagsOf = new Map(osm.ways.map(({ id, tags }) => [id, tags]));
    extract.ways.osmId.forEach((id, way) => {
      const { highway, junction, oneway } = tagsOf.get(id)!;
      const implied = /^motorway(_link)?$/.test(highway) || /^(roundabout|circular)$/.test(junction);
      const along =
        /^(yes|true|1)$/.test(oneway) || (implied && !/^(-1|reverse|no|false|0|alternating)$/.test(oneway));
      const against = /^(-1|reverse)$/.test(oneway);
      const direction = along ? 1 : against ? 2 : 3;
      if (extract.ways.direction[way] !== direction)
        expect([id, extract.ways.direction[way]]).toEqual([id, direction]);
    });
    expect(extract.source.attribution).toBe('(c) OpenStreetMap contributors');

    // the same file read for everybody
    const everybody = await readRoads(
      { name: file, bytes: readFileSync(path) },
      { modes: TRAVEL_MODES, pedestrianStreets: false },
    );
    const open: Record<TravelMode, (tags: Record<string, string>) => boolean> = {
      car: isOpenToPolice,
      motorcycle: isOpenToMotorcycle,
      bicycle: isOpenToBicycles,
      foot: isOpenOnFoot,
    };
    for (const mode of TRAVEL_MODES) {
      const { forwardModes, backwardModes } = everybody.ways;
      const ids = new Set(
        [...everybody.ways.osmId].filter(
          (_, way) => ((forwardModes![way] | backwardModes![way]) & modeBit(mode)) !== 0,
        ),
      );
      const expected = osm.ways.filter((way) => open[mode](way.tags) && countRoads(osm, [way]).ways > 0);
      expect([mode, ...ids]).toEqual([mode, ...new Set(expected.map(({ id }) => id))]);
    }
    const all = countRoads(
      osm,
      osm.ways.filter(({ tags }) => TRAVEL_MODES.some((mode) => open[mode](tags))),
    );
    const { report } = everybody;
    expect([report.roads.roadNodes, report.roads.nodePairs]).toEqual([all.nodes, all.pairs]);
    expect(nonZero(report.controls)).toEqual(all.controls);
    expect(
      report.roads.keptWays - (report.repaired.extraPieces ?? 0) + sum(report.dropped, /^(ways|areas)/),
    ).toBe(report.read.ways);
  });
});

const nonZero = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
