/**
 * JEMSS's network as roads: arcs with their own travel times of every mode, and a spur for every station, hospital and place
 * of calls, which stands for the straight way off the road that JEMSS drives at its off-road speed. So a drive from a
 * station to a call takes here what it takes there, to the rounding of each arc to a millisecond.
 */
import { assert } from '../../errors.ts';
import { MS_PER_DAY, toE7 } from '../../units.ts';
import { DIRECTION, ROAD_CLASSES, type RoadExtract } from '../road-extract.ts';
import type { JemssArcs, JemssInputs, JemssMap, JemssNodes } from './inputs.ts';
import { nearestNodeFinder, planeKm } from './nearest-node.ts';

/** Name of the travel times of a mode, from 0, in the road graph. */
export const timesName = (mode: number): string => `mode_${mode + 1}`;

export interface JemssRoads {
  extract: RoadExtract;
  /** Degrees, for each place given, where it lies on the network: at the end of its spur. */
  places: [lon: number, lat: number][];
  /** Off-road way of each place in km. */
  offRoadKm: Float64Array;
  /** Arc of the file -> way of the extract, and whether it runs against the way's nodes. */
  wayOfArc: Uint32Array;
  arcIsBackward: Uint8Array;
  /** Nodes of the file that no arc touches, and that are left out. */
  unusedNodes: number;
}

/** What the files say of their makers stands in files beside them that no configuration names. */
const ATTRIBUTION = 'Road network of a JEMSS simulation, under the licence of its files';

/** Names of roads: those of the network, and the spurs. */
const NAMES = ['', 'off the road'];
const CLASS_OF_ROADS = ROAD_CLASSES.indexOf('unclassified');
const CLASS_OF_SPURS = ROAD_CLASSES.indexOf('service');
const MM_PER_KM = 1_000_000;

/** Ways as they are gathered. */
interface Ways {
  from: number[];
  to: number[];
  twoWay: boolean[];
  lengthMm: number[];
  /** By travel mode, along and against. */
  forwardMs: number[][];
  backwardMs: number[][];
}

/**
 * @param places  degrees; the first to lie at a spot gets the spur, later ones share it
 */
export function roadsOf(
  {
    map,
    nodes,
    arcs,
    travel,
    configName,
  }: Pick<JemssInputs, 'map' | 'nodes' | 'arcs' | 'travel' | 'configName'>,
  places: readonly (readonly [number, number])[],
): JemssRoads {
  const nModes = arcs.timesDays.length;
  const ways = emptyWays(nModes);
  const lonE7 = Array.from(nodes.x, toE7);
  const latE7 = Array.from(nodes.y, toE7);

  // spurs come first: of two roads at one spot the earlier one takes a place
  const nearest = nearestNodeFinder(map, nodes);
  const spurAt = new Map<string, number>();
  const offRoadKm = new Float64Array(places.length);
  const onNetwork = places.map(([x, y], i): [number, number] => {
    const { node, km } = nearest(x, y);
    offRoadKm[i] = km;
    const [xE7, yE7] = [toE7(x), toE7(y)];
    const at = `${xE7} ${yE7}`;
    let end = xE7 === lonE7[node] && yE7 === latE7[node] ? node : spurAt.get(at);
    if (end === undefined) {
      end = lonE7.push(xE7) - 1;
      latE7.push(yE7);
      spurAt.set(at, end);
      const timesMs = travel.offRoadSpeed.map((speed) => Math.round((km / speed) * MS_PER_DAY));
      addWay(ways, node, end, km, timesMs, timesMs);
    }
    return [lonE7[end] / 1e7, latE7[end] / 1e7];
  });
  const nSpurs = ways.from.length;
  const wayOfArc = new Uint32Array(arcs.from.length);
  const arcIsBackward = new Uint8Array(arcs.from.length);
  addArcs(ways, map, nodes, arcs, wayOfArc, arcIsBackward);

  const nWays = ways.from.length;
  const used = new Uint8Array(lonE7.length);
  for (let way = 0; way < nWays; way++) used[ways.from[way]] = used[ways.to[way]] = 1;
  const unusedNodes = nodes.x.length - used.subarray(0, nodes.x.length).reduce((sum, bit) => sum + bit, 0);
  const extract: RoadExtract = {
    source: { name: configName.split('/').at(-1)!, format: 'jemss', attribution: ATTRIBUTION },
    modes: ['car'],
    nodes: {
      lonE7: Int32Array.from(lonE7),
      latE7: Int32Array.from(latE7),
      // ids are those of the file, from 1; the ends of spurs follow
      osmId: Float64Array.from(lonE7, (_, node) => node + 1),
    },
    ways: {
      osmId: Float64Array.from({ length: nWays }, (_, way) => way + 1),
      firstRef: Uint32Array.from({ length: nWays + 1 }, (_, way) => 2 * way),
      refs: Uint32Array.from(
        { length: 2 * nWays },
        (_, ref) => (ref % 2 === 0 ? ways.from : ways.to)[ref >> 1],
      ),
      roadClass: Uint8Array.from({ length: nWays }, (_, way) =>
        way < nSpurs ? CLASS_OF_SPURS : CLASS_OF_ROADS,
      ),
      direction: Uint8Array.from(ways.twoWay, (both) => (both ? DIRECTION.both : DIRECTION.forward)),
      maxSpeedForwardKph: new Uint8Array(nWays),
      maxSpeedBackwardKph: new Uint8Array(nWays),
      name: Uint32Array.from({ length: nWays }, (_, way) => (way < nSpurs ? 1 : 0)),
      lengthMm: Uint32Array.from(ways.lengthMm),
      times: Array.from({ length: nModes }, (_, mode) => ({
        name: timesName(mode),
        forwardMs: Uint32Array.from(ways.forwardMs[mode]),
        backwardMs: Uint32Array.from(ways.backwardMs[mode]),
      })),
    },
    names: NAMES,
    restrictions: [],
    report: reportOf(nodes.x.length, nWays, ways.twoWay.filter((both) => !both).length, unusedNodes),
  };
  return { extract, places: onNetwork, offRoadKm, wayOfArc, arcIsBackward, unusedNodes };
}

/** Arcs as ways; two opposite arcs of one length are one two-way road, whatever their times. */
function addArcs(
  ways: Ways,
  map: JemssMap,
  nodes: JemssNodes,
  { directed, from, to, distanceKm, timesDays }: JemssArcs,
  wayOfArc: Uint32Array,
  arcIsBackward: Uint8Array,
): void {
  const waiting = new Map<number, number[]>();
  const n = nodes.x.length;
  for (let arc = 0; arc < from.length; arc++) {
    const [a, b] = [from[arc], to[arc]];
    const km = distanceKm?.[arc] ?? planeKm(map, nodes.x[a], nodes.y[a], nodes.x[b], nodes.y[b]);
    const timesMs = timesDays.map((days) => Math.round(days[arc] * MS_PER_DAY));
    const opposite = directed ? waiting.get(b * n + a) : undefined;
    const match = opposite?.findIndex((way) => ways.lengthMm[way] === lengthOf(km)) ?? -1;
    if (match >= 0) {
      const [way] = opposite!.splice(match, 1);
      ways.twoWay[way] = true;
      timesMs.forEach((ms, mode) => (ways.backwardMs[mode][way] = ms));
      wayOfArc[arc] = way;
      arcIsBackward[arc] = 1;
      continue;
    }
    const way = addWay(ways, a, b, km, timesMs, directed ? null : timesMs);
    wayOfArc[arc] = way;
    if (!directed) continue;
    const same = waiting.get(a * n + b);
    if (same === undefined) waiting.set(a * n + b, [way]);
    else same.push(way);
  }
}

const emptyWays = (nModes: number): Ways => ({
  from: [],
  to: [],
  twoWay: [],
  lengthMm: [],
  forwardMs: Array.from({ length: nModes }, () => []),
  backwardMs: Array.from({ length: nModes }, () => []),
});

/** @param against  null for a one-way road */
function addWay(
  ways: Ways,
  from: number,
  to: number,
  km: number,
  along: readonly number[],
  against: readonly number[] | null,
): number {
  assert(from !== to, 'a road leads to where it begins');
  const way = ways.from.push(from) - 1;
  ways.to.push(to);
  ways.twoWay.push(against !== null);
  ways.lengthMm.push(lengthOf(km));
  along.forEach((ms, mode) => ways.forwardMs[mode].push(ms));
  along.forEach((_, mode) => ways.backwardMs[mode].push(against?.[mode] ?? 0));
  return way;
}

const lengthOf = (km: number): number => Math.max(1, Math.round(km * MM_PER_KM));

const reportOf = (
  nodes: number,
  ways: number,
  onewayWays: number,
  unusedNodes: number,
): RoadExtract['report'] => ({
  read: { nodes, ways, relations: 0 },
  roads: {
    highwayWays: ways,
    drivableWays: ways,
    keptWays: ways,
    roadNodes: nodes - unusedNodes,
    nodePairs: ways,
    onewayWays,
    restrictions: 0,
  },
  modes: { car: ways },
  controls: {},
  dropped: unusedNodes > 0 ? { nodesWithoutArcs: unusedNodes } : {},
  repaired: {},
});
