/** Drives and reach as GeoJSON (RFC 7946), and a drive as a list of streets. */
import type { DriveStep, EdgeInterval, RoadGraph, Route } from '../graph/road-graph.ts';
import { ROAD_CLASSES, type RoadClass } from '../import/road-extract.ts';
import { msToSeconds } from '../units.ts';
import { shapeOfInterval } from './interval-shape.ts';

/** Degrees, longitude first, as GeoJSON has them. */
export type LonLatPair = [number, number];

export interface GeoJsonFeature<Geometry, Properties> {
  type: 'Feature';
  properties: Properties;
  geometry: Geometry;
}
export interface LineGeometry {
  type: 'LineString';
  coordinates: LonLatPair[];
}
export interface ManyLinesGeometry {
  type: 'MultiLineString';
  coordinates: LonLatPair[][];
}

/** A part of a drive that stays on streets of one name. */
export interface StreetStep {
  /** '' for streets without a name. */
  name: string;
  /** OSM ways in the order in which they are first driven, each once; none where the source has no ids. */
  osmWayIds: number[];
  lengthM: number;
  timeS: number;
}

/** What a drive says of itself. */
export interface RouteProperties {
  travelTimeS: number;
  lengthM: number;
  steps: StreetStep[];
}

/** The streets of a drive in order; neighbours of one name are one step. Lengths and times add up to the route's. */
export function streetSteps(graph: RoadGraph, { steps }: Route): StreetStep[] {
  const streets: { name: number; ways: Set<number>; lengthMm: number; timeMs: number }[] = [];
  let beginMs = 0;
  for (const { segment, fromMm, toMm, endMs } of steps) {
    const name = graph.segmentName[segment];
    let street = streets.at(-1);
    if (street === undefined || graph.names[street.name] !== graph.names[name]) {
      street = { name, ways: new Set(), lengthMm: 0, timeMs: 0 };
      streets.push(street);
    }
    if (graph.segmentOsmWayId[segment] !== 0) street.ways.add(graph.segmentOsmWayId[segment]);
    street.lengthMm += Math.abs(toMm - fromMm);
    street.timeMs += endMs - beginMs;
    beginMs = endMs;
  }
  return streets.map(({ name, ways, lengthMm, timeMs }) => ({
    name: graph.names[name],
    osmWayIds: [...ways],
    lengthM: lengthMm / 1000,
    timeS: msToSeconds(timeMs),
  }));
}

/**
 * A drive as one line. `properties` come first; what the drive itself says wins over a property of the same name.
 * A route without steps has no geometry (null), because it does not know where it is.
 */
export function routeFeature<Given extends object>(
  graph: RoadGraph,
  route: Route,
  properties?: Given,
): GeoJsonFeature<LineGeometry | null, Given & RouteProperties> {
  return {
    type: 'Feature',
    properties: {
      ...(properties ?? ({} as Given)),
      travelTimeS: msToSeconds(route.travelTimeMs),
      lengthM: route.lengthMm / 1000,
      steps: streetSteps(graph, route),
    },
    geometry:
      route.steps.length === 0
        ? null
        : { type: 'LineString', coordinates: driveCoordinates(graph, route.steps) },
  };
}

/** Stretches of road as one feature of many lines. */
export const reachFeature = <Properties extends object>(
  graph: RoadGraph,
  intervals: readonly EdgeInterval[],
  properties: Properties,
): GeoJsonFeature<ManyLinesGeometry, Properties> => ({
  type: 'Feature',
  properties,
  geometry: {
    type: 'MultiLineString',
    coordinates: intervals.map((interval) => shapeOfInterval(graph, interval)),
  },
});

/** What a reached stretch says of its road. */
export interface ReachedProperties {
  segment: number;
  name: string;
  roadClass: RoadClass;
  /** Null where the source has no ids. */
  osmWayId: number | null;
  lengthM: number;
}

/** Stretches of road as one line each, with what is known of the road: to be coloured, joined or counted by street. */
export function reachFeatures(
  graph: RoadGraph,
  intervals: readonly EdgeInterval[],
): GeoJsonFeature<LineGeometry, ReachedProperties>[] {
  return intervals.map((interval) => ({
    type: 'Feature',
    properties: {
      segment: interval.segment,
      name: graph.names[graph.segmentName[interval.segment]],
      roadClass: ROAD_CLASSES[graph.segmentClass[interval.segment]],
      osmWayId: graph.segmentOsmWayId[interval.segment] || null,
      lengthM: (interval.toMm - interval.fromMm) / 1000,
    },
    geometry: { type: 'LineString', coordinates: shapeOfInterval(graph, interval) },
  }));
}

/** Every shape point that a drive passes, joints once; at least two, so that a drive of no length is still a line. */
export function driveCoordinates(graph: RoadGraph, steps: readonly DriveStep[]): LonLatPair[] {
  const path: LonLatPair[] = [];
  for (const { segment, fromMm, toMm } of steps) {
    const points = shapeOfInterval(graph, {
      segment,
      fromMm: Math.min(fromMm, toMm),
      toMm: Math.max(fromMm, toMm),
    });
    if (fromMm > toMm) points.reverse();
    for (const next of points) {
      const last = path.at(-1);
      if (last === undefined || last[0] !== next[0] || last[1] !== next[1]) path.push(next);
    }
  }
  if (path.length === 1) path.push(path[0]);
  return path;
}
