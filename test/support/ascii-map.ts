/**
 * Towns drawn as text: letters are junctions, digits are places, `-` and `|` are two-way streets, one cell is 100 m.
 *
 *   A---B---C
 *       |   1
 *       D---E
 *
 * A digit stands beside a street and marks the point of the nearest street. Streets are joined by runs of `-` or `|`
 * between two letters; `ways` overrides single streets by the pair of their letters.
 */
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { M_PER_LAT_E7 } from '../../engine/geo.ts';
import { ROAD_CLASSES, type RoadClass, type RoadExtract } from '../../engine/import/road-extract.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { fromE7 } from '../../engine/units.ts';

export interface StreetOptions {
  /** Open only from the first letter to the second. */
  oneway?: boolean;
  maxKph?: number;
  roadClass?: RoadClass;
  name?: string;
  lengthMm?: number;
}

export interface Town {
  graph: RoadGraph;
  extract: RoadExtract;
  /** Graph node of a letter. */
  node(letter: string): number;
  /** Road position of a letter or digit. */
  at(mark: string): RoadPosition;
  /** Degrees of any mark on the map. */
  lonLat(mark: string): { lon: number; lat: number };
}

/** One cell is 100 m near the equator, where a degree is the same both ways. */
const CELL_E7 = Math.round(100 / M_PER_LAT_E7);

/** A rectangle of the map as a ring of [lon, lat]: from column `west` to `east`, from row `north` to `south`. */
export function box(west: number, north: number, east: number, south: number): [number, number][] {
  const corner = (x: number, y: number): [number, number] => [fromE7(x * CELL_E7), fromE7(-y * CELL_E7)];
  return [
    corner(west, north),
    corner(east, north),
    corner(east, south),
    corner(west, south),
    corner(west, north),
  ];
}

export async function map(drawing: string, ways: Record<string, StreetOptions> = {}): Promise<Town> {
  const rows = drawing.split('\n');
  const marks = new Map<string, { x: number; y: number }>();
  rows.forEach((row, y) =>
    [...row].forEach((char, x) => {
      if (/[A-Z0-9]/.test(char)) marks.set(char, { x, y });
    }),
  );
  const letters = [...marks.keys()].filter((m) => /[A-Z]/.test(m)).sort();
  const at = (x: number, y: number): string => rows[y]?.[x] ?? ' ';
  const streets: [string, string][] = [];
  for (const letter of letters) {
    const { x, y } = marks.get(letter)!;
    for (const [dx, dy, line] of [
      [1, 0, '-'],
      [0, 1, '|'],
    ] as const) {
      let step = 1;
      while (at(x + step * dx, y + step * dy) === line) step++;
      const other = at(x + step * dx, y + step * dy);
      if (step > 1 && /[A-Z]/.test(other)) streets.push([letter, other]);
    }
  }
  for (const pair of Object.keys(ways)) {
    const turned = streets.find(([a, b]) => b + a === pair);
    if (turned) turned.reverse();
    else if (!streets.some(([a, b]) => a + b === pair)) streets.push([pair[0], pair[1]]);
  }
  const option = (way: number): StreetOptions => ways[streets[way].join('')] ?? {};
  const place = (mark: string): { lonE7: number; latE7: number } => {
    const cell = marks.get(mark);
    if (cell === undefined) throw new Error(`no ${mark} on the map`);
    return { lonE7: cell.x * CELL_E7, latE7: -cell.y * CELL_E7 };
  };
  const names = ['', ...streets.map((s, way) => option(way).name ?? s.join(''))];
  const each = (of: (way: number) => number): number[] => streets.map((_, way) => of(way));
  const extract: RoadExtract = {
    source: { name: 'map', format: 'ascii', attribution: '' },
    nodes: {
      lonE7: Int32Array.from(letters, (l) => place(l).lonE7),
      latE7: Int32Array.from(letters, (l) => place(l).latE7),
      osmId: Float64Array.from(letters, (l) => l.charCodeAt(0)),
    },
    ways: {
      osmId: Float64Array.from(each((way) => way + 1)),
      firstRef: Uint32Array.from([...each((way) => 2 * way), 2 * streets.length]),
      refs: Uint32Array.from(streets.flat().map((l) => letters.indexOf(l))),
      roadClass: Uint8Array.from(each((way) => ROAD_CLASSES.indexOf(option(way).roadClass ?? 'residential'))),
      direction: Uint8Array.from(each((way) => (option(way).oneway ? 1 : 3))),
      maxSpeedForwardKph: Uint8Array.from(each((way) => option(way).maxKph ?? 36)),
      maxSpeedBackwardKph: Uint8Array.from(each((way) => option(way).maxKph ?? 36)),
      name: Uint32Array.from(each((way) => way + 1)),
      lengthMm: Uint32Array.from(each((way) => option(way).lengthMm ?? straightMm(streets[way]))),
    },
    names,
    restrictions: [],
    report: {
      read: { nodes: 0, ways: 0, relations: 0 },
      roads: {
        highwayWays: 0,
        drivableWays: 0,
        keptWays: streets.length,
        roadNodes: letters.length,
        nodePairs: streets.length,
        onewayWays: 0,
        restrictions: 0,
      },
      modes: {},
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
  function straightMm([a, b]: [string, string]): number {
    const from = marks.get(a)!;
    const to = marks.get(b)!;
    return Math.round(Math.sqrt((from.x - to.x) ** 2 + (from.y - to.y) ** 2) * 100_000);
  }
  const graph = await buildRoadGraph(extract);
  const snapper = createSnapper(graph);
  const node = (letter: string): number => {
    for (let n = 0; n < graph.nNodes; n++) if (graph.nodeOsmId[n] === letter.charCodeAt(0)) return n;
    throw new Error(`${letter} is no junction of the graph`);
  };
  const lonLat = (mark: string): { lon: number; lat: number } => {
    const { lonE7, latE7 } = place(mark);
    return { lon: fromE7(lonE7), lat: fromE7(latE7) };
  };
  return {
    graph,
    extract,
    node,
    lonLat,
    at(mark) {
      if (/[A-Z]/.test(mark)) return positionOfNode(graph, node(mark));
      const { lon, lat } = lonLat(mark);
      const found = snapper.snap(lon, lat, 150);
      if (found === null) throw new Error(`${mark} lies beside no street`);
      return found.position;
    },
  };
}
