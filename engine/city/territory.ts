/** Which zone a road or a place lies in: the roads cut up by zones, where the first zone of the list wins. */
import type { EdgeInterval, RoadGraph } from '../graph/road-graph.ts';
import type { Snapper } from '../spatial/snap.ts';
import { holdsPoint, type Polygons, stretchesInside, toPolygons } from '../spatial/zones.ts';
import type { LonLat } from '../scenario/scenario.ts';
import { NONE, toE7 } from '../units.ts';

export interface Territory {
  /** Stretches of each zone, by segment then offset; no stretch belongs to two zones. */
  stretchesOfZone: EdgeInterval[][];
  /** All usable roads cut at zone borders, with the zone of each stretch (NONE outside every zone). */
  all: { stretches: EdgeInterval[]; zone: number[] };
  /** Zone of a place off the roads, by its coordinates. */
  zoneOfPlace(place: LonLat): number;
}

/** Polygons in degrees for questions of inside and outside. */
export const shapeOf = (polygons: readonly LonLat[][][]): Polygons =>
  toPolygons(
    polygons.map((rings) =>
      rings.map((ring) => ring.map((p) => ({ lonE7: toE7(p.lon), latE7: toE7(p.lat) }))),
    ),
  );

export function buildTerritory(
  graph: RoadGraph,
  { index, usable }: Pick<Snapper, 'index' | 'usable'>,
  zones: readonly { polygons: LonLat[][][] }[],
): Territory {
  const shapes = zones.map(({ polygons }) => shapeOf(polygons));
  /** Claimed stretches by segment, in order of offset. */
  const claimed = new Map<number, { fromMm: number; toMm: number; zone: number }[]>();
  const stretchesOfZone = shapes.map((shape, zone) => {
    const own: EdgeInterval[] = [];
    for (const stretch of stretchesInside(graph, index, shape)) {
      const taken = claimed.get(stretch.segment) ?? [];
      for (const free of subtract(stretch, taken)) {
        own.push(free);
        taken.push({ fromMm: free.fromMm, toMm: free.toMm, zone });
      }
      claimed.set(
        stretch.segment,
        taken.sort((a, b) => a.fromMm - b.fromMm),
      );
    }
    return own;
  });

  const all: Territory['all'] = { stretches: [], zone: [] };
  for (let segment = 0; segment < graph.nSegments; segment++) {
    if (usable[segment] === 0) continue;
    let at = 0;
    const add = (toMm: number, zone: number): void => {
      if (toMm > at) {
        all.stretches.push({ segment, fromMm: at, toMm });
        all.zone.push(zone);
        at = toMm;
      }
    };
    for (const { fromMm, toMm, zone } of claimed.get(segment) ?? []) {
      add(fromMm, NONE);
      add(toMm, zone);
    }
    add(graph.segmentLengthMm[segment], NONE);
  }

  return {
    stretchesOfZone,
    all,
    zoneOfPlace({ lon, lat }) {
      const zone = shapes.findIndex((shape) => holdsPoint(shape, toE7(lon), toE7(lat)));
      return zone < 0 ? NONE : zone;
    },
  };
}

/** What is left of a stretch after removing taken ones (sorted by offset, disjoint). */
function subtract(stretch: EdgeInterval, taken: readonly { fromMm: number; toMm: number }[]): EdgeInterval[] {
  const left: EdgeInterval[] = [];
  let at = stretch.fromMm;
  for (const { fromMm, toMm } of taken) {
    if (toMm <= at || fromMm >= stretch.toMm) continue;
    if (fromMm > at) left.push({ segment: stretch.segment, fromMm: at, toMm: fromMm });
    at = Math.max(at, toMm);
  }
  if (at < stretch.toMm) left.push({ segment: stretch.segment, fromMm: at, toMm: stretch.toMm });
  return left;
}
