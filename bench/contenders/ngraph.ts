/**
 * ngraph.path's NBA* (Pijls and Post, "Yet another bidirectional algorithm for finding the shortest path", 2009), on the
 * same states and arcs, with the sharpest estimate that never exceeds a drive: the straight line through the earth
 * divided by the highest speed (straight line over time) of any arc.
 */
import createGraph, { type Node } from 'ngraph.graph';
import { nba } from 'ngraph.path';
import { EARTH_RADIUS_M } from '../../engine/geo.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { UNREACHED_MS, type Ms } from '../../engine/units.ts';
import { simpleArcs } from './arcs.ts';

/** Where a state lies, in metres from the centre of the earth. */
interface Place {
  x: number;
  y: number;
  z: number;
}

interface NgraphContender {
  /** States of the path, last first; empty where there is none. */
  path: (from: number, to: number) => Node<Place>[];
  timeMs: (path: Node<Place>[]) => Ms;
  topSpeedKph: number;
}

export function ngraphContender(metric: Metric): NgraphContender {
  const { graph: roads, roadNode, nStates } = metric.network;
  const graph = createGraph<Place, number>();
  for (let state = 0; state < nStates; state++) {
    graph.addNode(state, placeOf(roads.nodeLonE7[roadNode[state]], roads.nodeLatE7[roadNode[state]]));
  }
  const arcs = simpleArcs(metric);
  let topMPerMs = 0;
  for (const { from, to, ms } of arcs) {
    graph.addLink(from, to, ms);
    const metres = straightM(graph.getNode(from)!.data, graph.getNode(to)!.data);
    // an arc of no time has no finite speed: then every estimate becomes 0
    if (metres > 0) topMPerMs = Math.max(topMPerMs, metres / ms);
  }
  const slowest = 1 / (topMPerMs * (1 + 1e-9)); // rounding of the last bit must not make an estimate too long
  const finder = nba<Place, number>(graph, {
    oriented: true,
    distance: (_from, _to, link) => link.data,
    heuristic: (from, to) => straightM(from.data, to.data) * slowest,
  });
  return {
    path: (from, to) => finder.find(from, to),
    timeMs(path) {
      if (path.length === 0) return UNREACHED_MS;
      let timeMs = 0;
      for (let i = 1; i < path.length; i++) timeMs += graph.getLink(path[i].id, path[i - 1].id)!.data;
      return timeMs;
    },
    topSpeedKph: topMPerMs * 3600,
  };
}

function placeOf(lonE7: number, latE7: number): Place {
  const lon = (lonE7 * Math.PI) / 1.8e9;
  const lat = (latE7 * Math.PI) / 1.8e9;
  return {
    x: EARTH_RADIUS_M * Math.cos(lat) * Math.cos(lon),
    y: EARTH_RADIUS_M * Math.cos(lat) * Math.sin(lon),
    z: EARTH_RADIUS_M * Math.sin(lat),
  };
}

function straightM(a: Place, b: Place): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const dz = a.z - b.z;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
