/**
 * What JEMSS's generator makes of a <genConfig> in mode "all": a grid of roads in a rectangle, stations, hospitals and
 * ambulances at random places of it. The layout is JEMSS's; its random numbers (Julia's Mersenne Twister) are not to be
 * had, so places and arc times are drawn here, keyed by the kind and number of what they are for.
 */
import type { Problems } from '../../scenario/problems.ts';
import { PURPOSE, randomKey, RandomStream } from '../../rng.ts';
import { ConfigReader } from './config-reader.ts';
import type { ConfigElement } from './config-xml.ts';
import { PRIORITIES } from './inputs.ts';
import { parseNumbers } from './values.ts';

/** Each arc takes its length over the speed of the mode, times a factor between these. */
const SLOWEST_FACTOR = 1.1;
/** Without speeds of its own a network has one mode, so many times as fast as off the road. */
const ROAD_SPEED_FACTOR = 1.5;

/** Names of the files, as elements of <simFiles> name them. */
export const GENERATED_FILES = [
  'ambulances',
  'arcs',
  'hospitals',
  'map',
  'nodes',
  'priorities',
  'stations',
  'travel',
] as const;
type GeneratedFile = (typeof GENERATED_FILES)[number];

/** The files in JEMSS's own format, or undefined, with problems, where the configuration is wrong. */
export function generateFiles(
  root: ConfigElement,
  problems: Problems,
): Record<GeneratedFile, string> | undefined {
  const before = problems.count;
  const reader = new ConfigReader(problems);
  const sim = root.child('sim');
  const graph = sim?.child('graph');
  const map = sim?.child('map');
  if (sim === undefined || graph === undefined || map === undefined) {
    reader.refuse(root, 'generates a city, which takes <sim> with <graph> and <map>');
    return undefined;
  }
  const count = (parent: ConfigElement, name: string, most: number): number => {
    const value = reader.number(parent, name, 1, most) ?? 1;
    if (!Number.isInteger(value)) reader.refuse(parent.child(name)!, `${value} is not a whole number`);
    return value;
  };
  const [nX, nY] = [count(graph, 'xNodes', 2000), count(graph, 'yNodes', 2000)];
  const nAmbulances = count(sim, 'numAmbs', 100_000);
  const nHospitals = count(sim, 'numHospitals', 100_000);
  const nStations = count(sim, 'numStations', 100_000);
  const edge = (name: string, most: number): number => reader.number(map, name, -most, most) ?? 0;
  const [xMin, xMax, yMin, yMax] = [edge('xMin', 180), edge('xMax', 180), edge('yMin', 90), edge('yMax', 90)];
  const scale = (name: string): number => reader.number(map, name, 1e-6, 1e6) ?? 1;
  const [xScale, yScale] = [scale('xScale'), scale('yScale')];
  const offRoadSpeed = reader.number(sim, 'offRoadSpeed', 1e-3, 1e6) ?? 1;
  const speeds = sim.child('travelModeSpeeds')
    ? (reader.read(sim, 'travelModeSpeeds', parseNumbers) ?? [1])
    : [ROAD_SPEED_FACTOR * offRoadSpeed];
  const target = sim.child('targetResponseTime') ? 'targetResponseTime' : 'targetResponseDuration';
  const targetDays = reader.number(sim, target, 1e-6, 31) ?? 1;
  const capacity = reader.number(sim, 'stationCapacity', 0, 1e6) ?? 0;
  if (nX * nY < 2) reader.refuse(graph, 'has one node; at least two are needed');
  if (!(xMin < xMax && yMin < yMax)) reader.refuse(map, 'is empty');
  if (problems.count > before) return undefined;

  /** Whole numbers that tell apart what is drawn for; `number` is that of the station, arc… */
  const drawn = (kind: number, number: number): RandomStream =>
    new RandomStream(randomKey('jemss'), 1, PURPOSE.callPlace, kind * 0x100_0000 + number);
  const placed = (kind: number, n: number): [number, number][] =>
    Array.from({ length: n }, (_, i) => {
      const draw = drawn(kind, i);
      return [xMin + draw.uniform() * (xMax - xMin), yMin + draw.uniform() * (yMax - yMin)];
    });

  const arcs: [number, number, ...number[]][] = [];
  const [width, height] = [((xMax - xMin) / nX) * xScale, ((yMax - yMin) / nY) * yScale];
  const connect = (from: number, to: number, km: number): void => {
    const draw = drawn(3, arcs.length);
    const factor = (): number => 1 + draw.uniform() * (SLOWEST_FACTOR - 1);
    arcs.push([from, to, ...speeds.map((speed) => (km / speed) * factor())]);
  };
  for (let node = 0; node < nX * nY; node++) {
    if (node % nX < nX - 1) connect(node + 1, node + 2, width);
    if (node < nX * (nY - 1)) connect(node + 1, node + 1 + nX, height);
  }
  const nodes = Array.from({ length: nX * nY }, (_, node) => [
    xMin + (((node % nX) + 0.5) / nX) * (xMax - xMin),
    yMin + ((Math.floor(node / nX) + 0.5) / nY) * (yMax - yMin),
  ]);
  const stationOf = (_: unknown, i: number): number[] => [Math.ceil(drawn(4, i).uniform() * nStations), 1];
  const modeNames = speeds.map((_, mode) => `mode_${mode + 1}`);
  return {
    ambulances: table(
      'ambulances',
      ['index', 'stationIndex', 'class'],
      numbered(Array.from({ length: nAmbulances }, stationOf)),
    ),
    arcs:
      table('miscData', ['arcForm', 'numModes'], [['undirected', speeds.length]]) +
      table('arcs', ['index', 'fromNode', 'toNode', ...modeNames], numbered(arcs)),
    hospitals: table('hospitals', ['index', 'x', 'y'], numbered(placed(1, nHospitals))),
    map: table(
      'map',
      ['xMin', 'xMax', 'yMin', 'yMax', 'xScale', 'yScale'],
      [[xMin, xMax, yMin, yMax, xScale, yScale]],
    ),
    nodes: table('nodes', ['index', 'x', 'y'], numbered(nodes)),
    priorities: table(
      'priorities',
      ['priority', 'name', 'targetResponseDuration'],
      PRIORITIES.map((name, i) => [i + 1, name, targetDays]),
    ),
    stations: table(
      'stations',
      ['index', 'x', 'y', 'capacity'],
      numbered(placed(2, nStations).map((place) => [...place, capacity])),
    ),
    // one mode for all priorities, however many the arcs have
    travel:
      table('travelModes', ['travelModeIndex', 'offRoadSpeed'], [[1, offRoadSpeed]]) +
      table(
        'travelSets',
        ['travelSetIndex', 'priority', 'travelModeIndex'],
        PRIORITIES.map((name) => [1, name, 1]),
      ) +
      table('travelSetsTiming', ['startTime', 'travelSetIndex'], [[0, 1]]),
  };
}

const numbered = (rows: readonly (readonly number[])[]): number[][] => rows.map((row, i) => [i + 1, ...row]);

function table(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return [[name], columns, ...rows, []].map((row) => `${row.join(',')}\n`).join('');
}
