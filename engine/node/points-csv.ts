/** Points given as a CSV file with the columns id, lon and lat, and where they stand on the roads. */
import { csvParseRows } from 'd3-dsv';
import { InputError, type InputProblem } from '../errors.ts';
import { positionOfNode, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import { decodeUtf8 } from '../scenario/strict-json.ts';
import { type Snapper, usableNodes } from '../spatial/snap.ts';
import { toE7 } from '../units.ts';
import { readInputFile } from './files.ts';

interface GivenPoint {
  /** As written. */
  id: string;
  lon: number;
  lat: number;
  /** `row 7`: the header is row 1. */
  place: string;
}

/** Problems listed one by one; a file that is wrong throughout is not worth a million lines. */
const MAX_LISTED = 1000;

/**
 * Reads a CSV file with a header that holds id, lon and lat (in any order, among others).
 * @throws InputError listing every row that is not understood
 */
export async function readPointsCsv(path: string): Promise<GivenPoint[]> {
  const bytes = await readInputFile(path, LIMITS.textBytes);
  const rows = csvParseRows(decodeUtf8(bytes, path, LIMITS.textBytes));
  const header = (rows.shift() ?? []).map((name) => name.trim());
  const [idAt, lonAt, latAt] = ['id', 'lon', 'lat'].map((name) => header.indexOf(name));
  if (Math.min(idAt, lonAt, latAt) < 0) {
    throw InputError.at(
      path,
      'row 1',
      `the header is "${header.join(',')}"; the columns id, lon and lat are needed`,
    );
  }
  const problems: InputProblem[] = [];
  const points: GivenPoint[] = [];
  rows.forEach((row, index) => {
    if (row.length === 1 && row[0].trim() === '') return; // an empty line
    const place = `row ${index + 2}`;
    const problem = problemOfRow(row, header.length, row[lonAt], row[latAt]);
    if (problem !== '') problems.push({ file: path, place, message: problem });
    else points.push({ id: row[idAt], lon: Number(row[lonAt]), lat: Number(row[latAt]), place });
  });
  throwAny(problems, path);
  if (points.length === 0) throw InputError.at(path, '', 'holds no point');
  return points;
}

function problemOfRow(row: string[], columns: number, lonText: string, latText: string): string {
  if (row.length !== columns) return `${row.length} columns; the header has ${columns}`;
  return problemOfLonLat(lonText, latText);
}

/** Why two texts are no place on earth, or an empty string. */
function problemOfLonLat(lonText: string, latText: string): string {
  const number = /^\s*[-+]?\d+(\.\d*)?([eE][-+]?\d+)?\s*$/;
  if (!number.test(lonText)) return `lon "${lonText}" is not a number of degrees`;
  if (!number.test(latText)) return `lat "${latText}" is not a number of degrees`;
  const lon = Number(lonText);
  const lat = Number(latText);
  const swapped = Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? ' (are lon and lat swapped?)' : '';
  if (Math.abs(lat) > 90) return `lat ${lat} is outside -90 to 90${swapped}`;
  if (Math.abs(lon) > 180) return `lon ${lon} is outside -180 to 180`;
  return '';
}

/** Places given as `LON,LAT` in options. @throws InputError with all that cannot be read */
export function parsePlaces(given: readonly { option: string; text: string }[]): GivenPoint[] {
  const problems: InputProblem[] = [];
  const places = given.map(({ option, text }): GivenPoint => {
    const [lonText, latText, ...rest] = text.split(',');
    const problem =
      latText === undefined || rest.length > 0
        ? 'is not LON,LAT, such as 11.97,57.70'
        : problemOfLonLat(lonText, latText);
    if (problem !== '') problems.push({ file: option, place: `"${text}"`, message: problem });
    return { id: '', lon: Number(lonText), lat: Number(latText), place: `"${text}"` };
  });
  if (problems.length > 0) throw new InputError(problems);
  return places;
}

interface PlacedPoints {
  positions: RoadPosition[];
  /** Points that are nodes of the graph, by their coordinates. */
  atNodes: number;
  /** Largest distance from a point to its road, metres. */
  farthestM: number;
}

/**
 * Puts points onto the roads that the snapper holds. A point with the coordinates of a node (to seven decimals) is that
 * node; of several nodes on one spot the one whose number is the point's id, else the lowest. Any other point goes to
 * the nearest road.
 * @throws InputError listing every point farther than `limitM` from all roads
 */
export function placePoints(
  points: readonly GivenPoint[],
  file: string,
  graph: RoadGraph,
  snapper: Snapper,
  limitM: number,
): PlacedPoints {
  const nodesAt = nodesByPlace(points, graph, usableNodes(graph, snapper.usable));
  const problems: InputProblem[] = [];
  const placed: PlacedPoints = { positions: [], atNodes: 0, farthestM: 0 };
  for (const { id, lon, lat, place } of points) {
    const nodes = nodesAt.get(toE7(lon))?.get(toE7(lat)) ?? [];
    if (nodes.length > 0) {
      const node = nodes.find((candidate) => String(candidate) === id) ?? nodes[0];
      placed.positions.push(positionOfNode(graph, node));
      placed.atNodes++;
      continue;
    }
    const nearest = snapper.snap(lon, lat, limitM);
    if (nearest === null) {
      const swapped = Math.abs(lon) <= 90 && snapper.snap(lat, lon, limitM) !== null;
      const message =
        `no road that is connected to the network within ${limitM} m of ${lon},${lat}` +
        (swapped ? ' (are lon and lat swapped?)' : '');
      problems.push({ file, place, message });
      continue;
    }
    placed.positions.push(nearest.position);
    placed.farthestM = Math.max(placed.farthestM, nearest.distanceM);
  }
  throwAny(problems, file);
  return placed;
}

/** Usable nodes, ascending, at the places of the points: lon -> lat -> nodes. */
function nodesByPlace(
  points: readonly GivenPoint[],
  graph: RoadGraph,
  usable: Uint8Array,
): Map<number, Map<number, number[]>> {
  const wanted = new Map<number, Map<number, number[]>>();
  for (const { lon, lat } of points) {
    let column = wanted.get(toE7(lon));
    if (column === undefined) wanted.set(toE7(lon), (column = new Map<number, number[]>()));
    column.set(toE7(lat), []);
  }
  for (let node = 0; node < graph.nNodes; node++) {
    if (usable[node] === 1) wanted.get(graph.nodeLonE7[node])?.get(graph.nodeLatE7[node])?.push(node);
  }
  return wanted;
}

function throwAny(problems: readonly InputProblem[], file: string): void {
  if (problems.length === 0) return;
  const more = problems.length - MAX_LISTED;
  throw new InputError(
    more > 0
      ? [...problems.slice(0, MAX_LISTED), { file, place: '', message: `${more} more rows have problems` }]
      : problems,
  );
}
