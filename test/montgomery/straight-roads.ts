/**
 * Roads on which driving is nearly as the crow flies: a grid of nodes with roads to the 16 nodes around each that lie at
 * steps (1, 0), (1, 1), (2, 1) and their turns. Any two nodes are joined by steps of two neighbouring directions, so the
 * way between them is at most 1 / cos(13.3 degrees) = 1.0275 times the straight line, and 1.013 times in the mean. Roads
 * that cross between nodes do not meet.
 */
import { M_PER_LAT_E7, mPerLonE7 } from '../../engine/geo.ts';
import type { Box } from '../../engine/demand/fit/places.ts';
import { E7, toE7 } from '../../engine/units.ts';

/** Half of the sixteen directions; the others are the same roads driven back. */
const STEPS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
  [2, 1],
  [1, 2],
  [-1, 2],
  [-2, 1],
] as const;

interface StraightRoads {
  columns: number;
  rows: number;
  /** Node nearest to a place. */
  nodeAt(lon: number, lat: number): { lon: number; lat: number };
  /** GeoJSON lines, one for each row of nodes in each direction. */
  geojson(): string;
}

export function straightRoads({ west, south, east, north }: Box, stepM: number): StraightRoads {
  const stepLat = stepM / (M_PER_LAT_E7 * E7);
  const stepLon = stepM / (mPerLonE7(toE7((south + north) / 2)) * E7);
  const columns = Math.ceil((east - west) / stepLon) + 1;
  const rows = Math.ceil((north - south) / stepLat) + 1;
  const place = (column: number, row: number): [number, number] => [
    Number((west + column * stepLon).toFixed(7)),
    Number((south + row * stepLat).toFixed(7)),
  ];
  const isNode = (column: number, row: number): boolean =>
    column >= 0 && column < columns && row >= 0 && row < rows;
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
  return {
    columns,
    rows,
    nodeAt(lon, lat) {
      const node = place(
        within((lon - west) / stepLon, columns - 1),
        within((lat - south) / stepLat, rows - 1),
      );
      return { lon: node[0], lat: node[1] };
    },
    geojson() {
      const lines: string[] = [];
      for (const [across, up] of STEPS) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            if (isNode(column - across, row - up) || !isNode(column + across, row + up)) continue;
            const line: [number, number][] = [];
            for (let c = column, r = row; isNode(c, r); c += across, r += up) line.push(place(c, r));
            lines.push(
              `{"type":"Feature","properties":{"highway":"residential"},"geometry":{"type":"LineString","coordinates":${JSON.stringify(line)}}}`,
            );
          }
        }
      }
      return `{"type":"FeatureCollection","features":[\n${lines.join(',\n')}\n]}\n`;
    },
  };
}
