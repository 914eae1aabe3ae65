/** Ways that are not as they should be: what is repaired or left out, and under which count. */
import { describe, expect, it } from 'vitest';
import { readBytes, readMap } from '../support/read-map.ts';
import { type TinyMap, toXmlText } from '../support/tiny-map.ts';

/** Nodes 1 … 6 a hundredth of a degree apart, 7 on top of 6; each string is a way: `'1 2 9 4'` (9 is missing). */
function roads(...lines: string[]): TinyMap {
  return {
    nodes: [1, 2, 3, 4, 5, 6]
      .map((id) => ({ id, lon: 122.8 + id / 100, lat: 45.6 }))
      .concat({ id: 7, lon: 122.86, lat: 45.6 }),
    ways: lines.map((line, i) => ({
      id: 10 + i,
      refs: line.split(' ').filter(Boolean).map(Number),
      tags: { highway: 'tertiary' },
    })),
    relations: [],
  };
}

async function read(map: TinyMap) {
  const { ways, nodes, report } = await readMap(map);
  const lines = Array.from(ways.osmId, (id, way) => {
    const refs = ways.refs.subarray(ways.firstRef[way], ways.firstRef[way + 1]);
    return `${id}: ${Array.from(refs, (ref) => nodes.osmId[ref]).join(' ')}`;
  });
  return { lines, nodes: [...nodes.osmId], dropped: report.dropped, repaired: report.repaired };
}

describe('a way', () => {
  it('is cut at nodes the file lacks, and each part of two nodes or more is kept', async () => {
    expect(await read(roads('1 2 91 3 4 92 5 93 94 6 1'))).toEqual({
      lines: ['10: 1 2', '10: 3 4', '10: 6 1'],
      nodes: [1, 2, 3, 4, 6],
      dropped: {},
      repaired: { extraPieces: 2, nodesMissing: 4, waysCutAtMissingNodes: 1 },
    });
  });

  it('with no two neighbouring nodes in the file is left out', async () => {
    expect(await read(roads('1 91 2 92 3', '91 92', '4 5'))).toEqual({
      lines: ['12: 4 5'],
      nodes: [4, 5],
      dropped: { waysMissingNodes: 2 },
      repaired: { nodesMissing: 2 },
    });
  });

  it('of one node, of none, or of one node again and again is left out', async () => {
    const { lines, dropped, repaired } = await read(roads('1', '', '2 2 2', '4 5'));
    expect(lines).toEqual(['13: 4 5']);
    expect([dropped, repaired]).toEqual([{ waysUnderTwoNodes: 3 }, { repeatedNodes: 2 }]);
  });

  it('that repeats a node in a row keeps it once', async () => {
    const { lines, repaired } = await read(roads('1 1 2 2 2 3 3'));
    expect([lines, repaired]).toEqual([['10: 1 2 3'], { repeatedNodes: 4 }]);
  });

  it('may be a loop, cross itself, and run beside another between the same nodes', async () => {
    const { lines, dropped, repaired } = await read(roads('1 2 3 1', '4 5 6 5 4', '1 2', '2 1'));
    expect(lines).toEqual(['10: 1 2 3 1', '11: 4 5 6 5 4', '12: 1 2', '13: 2 1']);
    expect([dropped, repaired]).toEqual([{}, {}]);
  });

  it('without length is kept, because it connects, and counted', async () => {
    const { lines, repaired } = await read(roads('5 6', '6 7'));
    expect([lines, repaired]).toEqual([['10: 5 6', '11: 6 7'], { zeroLengthWays: 1 }]);
  });

  it('whose id comes twice counts once', async () => {
    const map = roads('1 2', '2 3');
    map.ways[1].id = 10;
    const { lines, dropped } = await read(map);
    expect([lines, dropped]).toEqual([['10: 1 2'], { waysRepeated: 1 }]);
  });

  it('keeps its place in the order of the file, and nodes that of their first use', async () => {
    const { lines, nodes } = await read(roads('6 5', '4 91', '3 5 1'));
    expect(lines).toEqual(['10: 6 5', '12: 3 5 1']);
    expect(nodes).toEqual([6, 5, 3, 1]);
  });
});

describe('a node', () => {
  it('in two places stays at the first', async () => {
    const map = roads('1 2');
    map.nodes.push({ id: 1, lon: 0, lat: 0 }, { ...map.nodes[1] });
    const { nodes, report } = await readMap(map);
    expect([nodes.lonE7[0], report.read.nodes]).toEqual([1228100000, 9]);
    expect(report.repaired).toEqual({ nodesInTwoPlaces: 1 });
  });

  it('at (0, 0), at a pole or on the antimeridian is a node like others', async () => {
    const map = roads('1 2 3 4');
    const places = [
      [0, 0],
      [0, 90],
      [180, -90],
      [-180, 0],
    ];
    places.forEach(([lon, lat], i) => Object.assign(map.nodes[i], { lon, lat }));
    const { nodes } = await readMap(map);
    expect(Array.from(nodes.lonE7)).toEqual([0, 0, 1_800_000_000, -1_800_000_000]);
    expect(Array.from(nodes.latE7)).toEqual([0, 900_000_000, -900_000_000, 0]);
  });

  it('with a negative id, as editors give new objects, is kept', async () => {
    const map = roads('1 2 3');
    map.nodes[1].id = -2;
    map.ways[0].refs = [1, -2, 3];
    expect((await read(map)).nodes).toEqual([1, -2, 3]);
  });

  it('of which an editor or a deletion left no coordinates is missing', async () => {
    const text = toXmlText(roads('1 2 3', '4 5 6'))
      .replace(/<node id="2"[^>]*>/, '<node id="2" version="3">')
      .replace(/<node id="5"/, '<node visible="false" id="5"')
      .replace(/<\/osm>/, '<way id="77" action="delete"><nd ref="1"/><nd ref="4"/></way></osm>')
      .replace('4"/><nd ref="5"/>', '4"/><nd ref="1"/><nd ref="5"/>');
    const { report } = await readBytes(text);
    expect(report.roads.keptWays).toBe(1);
    expect(report.dropped).toEqual({
      nodesDeleted: 1,
      nodesWithoutCoordinates: 1,
      waysDeleted: 1,
      waysMissingNodes: 1,
    });
    expect(report.repaired).toEqual({ nodesMissing: 2, waysCutAtMissingNodes: 1 });
  });

  it('with a barrier is counted where a road passes it, but not where cars pass the barrier', async () => {
    const map = roads('1 2 3');
    map.nodes[0] = { ...map.nodes[0], tags: { barrier: 'lift_gate' } };
    map.nodes[1] = { ...map.nodes[1], tags: { barrier: 'cattle_grid' } };
    map.nodes[4] = { ...map.nodes[4], tags: { barrier: 'bollard' } };
    expect((await read(map)).repaired).toEqual({ barrierNodesNotObeyed: 1 });
  });
});
