/** Scenario + RoadGraph -> City: every place onto its road, every line onto its segments, demand onto stretches. */
import { InputError, type InputProblem } from '../errors.ts';
import type { RoadGraph, RoadPosition } from '../graph/road-graph.ts';
import type { LonLat, Origin, Scenario } from '../scenario/scenario.ts';
import type { Snapper } from '../spatial/snap.ts';
import { NONE } from '../units.ts';
import { callsOnRoads } from './calls-on-roads.ts';
import type {
  City,
  CityReport,
  DemandSource,
  DestinationOnRoads,
  LineOnRoads,
  PointOnRoads,
  PostOnRoads,
  SnappedPlace,
  UnitOnRoads,
} from './city.ts';
import { streetName } from './line-drive.ts';
import { createLineMatcher } from './match-line.ts';
import { metricOf } from './metrics.ts';
import { type RoadsInUse, roadsInUse } from './roads-in-use.ts';
import { buildTerritory, type Territory } from './territory.ts';

/**
 * Places a scenario on its roads. A unit without a post gets the position `NOWHERE` until placement gives it a site.
 * @throws InputError with every place that lies farther than snapLimitM from a road, every zone without a road and
 *   every source of calls without a place
 */
export async function buildCity(scenario: Scenario, graph: RoadGraph): Promise<City> {
  const problems: InputProblem[] = [];
  const roads = roadsInUse(scenario, graph);
  const report: CityReport = {
    warnings: [...scenario.warnings, ...roads.warnings],
    placesOffRoad: {},
    withoutLabels: [],
    farthestSnapM: 0,
  };
  const { snapper } = roads;
  const territory = buildTerritory(graph, snapper, scenario.zones);

  const snap = (place: LonLat, origin: Origin, what: string): SnappedPlace => {
    const found = snapper.snap(place.lon, place.lat, scenario.snapLimitM);
    const lost = roads.lostRoadOf(place, scenario.snapLimitM);
    const why = lost === NONE ? '' : `${streetName(graph, lost)} is closed or cut off by /roads/changes`;
    if (found === null) {
      const message = farFromRoad(snapper, place, what, scenario.snapLimitM) + (why === '' ? '' : `; ${why}`);
      problems.push({ ...origin, message });
      return { position: NOWHERE, snapDistanceM: Infinity };
    }
    if (why !== '') {
      report.warnings.push(`${what} stands on another road, ${Math.round(found.distanceM)} m away: ${why}`);
    }
    report.farthestSnapM = Math.max(report.farthestSnapM, found.distanceM);
    return { position: found.position, snapDistanceM: found.distanceM };
  };

  const zones = scenario.zones.map((zone, z) => {
    const stretches = territory.stretchesOfZone[z];
    const lengthMm = stretches.reduce((sum, s) => sum + s.toMm - s.fromMm, 0);
    if (lengthMm === 0) {
      const message = zoneWithoutRoad(snapper, zone, graph.source.name, z === 0);
      problems.push({ ...zone.origin, message });
    }
    return { id: zone.id, name: zone.name, class: zone.class, stretches, lengthMm };
  });
  report.warnings.push(...(await crossedZones(scenario)));

  const points: PointOnRoads[] = scenario.points.map((point) => ({
    id: point.id,
    name: point.name,
    ...snap(point.place, point.origin, `must-reach point "${point.id}"`),
    zone: territory.zoneOfPlace(point.place),
    visitsPerShift: point.visitsPerShift,
    dwellMs: point.dwellMs,
    longestGapMs: point.longestGapMs,
  }));

  const rules = metricOf(roads, scenario.patrol.profile, { siren: false });
  const matcher = createLineMatcher(rules, snapper);
  const lines: LineOnRoads[] = scenario.lines.map((line) => ({
    id: line.id,
    name: line.name,
    passesPerShift: line.passesPerShift,
    direction: line.direction,
    ...matcher.match(line.coordinates, { limitM: scenario.snapLimitM, direction: line.direction }),
  }));
  for (const line of lines) {
    if (line.match.problem !== '')
      report.warnings.push(`must-patrol line "${line.id}" is not matched: ${line.match.problem}`);
    else if (line.match.problemAgainst !== '') {
      report.warnings.push(
        `must-patrol line "${line.id}" is driven along only: ${line.match.problemAgainst}`,
      );
    }
  }

  const posts: PostOnRoads[] = scenario.posts.map((post) => ({
    id: post.id,
    name: post.name,
    ...snap(post.place, post.origin, `post "${post.id}"`),
  }));

  const destinations: DestinationOnRoads[] = scenario.destinations.map(
    ({ id, name, kind, place, origin }) => ({
      id,
      name,
      kind,
      ...snap(place, origin, `destination "${id}"`),
    }),
  );

  const units: UnitOnRoads[] = scenario.units.map((unit) => ({
    ...unit,
    post: unit.post ?? NONE,
    home: unit.post === null ? NOWHERE : posts[unit.post].position,
  }));

  const sources = scenario.demand.sources.map((_, s) =>
    demandSource(scenario, s, territory, roads, report, problems),
  );
  const replayed = scenario.demand.calls;
  const calls = replayed && callsOnRoads(replayed, scenario.snapLimitM, territory, roads, report, problems);
  if (problems.length > 0) throw new InputError(problems);

  return {
    scenario,
    graph,
    profiles: roads.profiles,
    changes: roads.changes,
    metrics: roads.metrics,
    usable: roads.usable,
    zones,
    points,
    lines,
    posts,
    destinations,
    units,
    sources,
    calls,
    categories: scenario.demand.categories,
    report,
  };
}

/**
 * Stands for a position not known yet. Its keys are in an order of their own: with the other, engines would keep the
 * segments of all positions as numbers in boxes, since NONE is no small integer.
 */
export const NOWHERE: RoadPosition = { offsetMm: 0, segment: NONE };

/** How far a place is looked for from the roads to say how wrong it lies. */
const LOOK_M = 50_000;

function zoneWithoutRoad(
  snapper: Snapper,
  zone: Scenario['zones'][number],
  roads: string,
  first: boolean,
): string {
  const { lon, lat } = zone.polygons[0][0][0];
  const none = `zone "${zone.id}" holds no drivable road of ${roads}`;
  const far = snapper.snap(lon, lat, LOOK_M) === null;
  if (far && Math.abs(lon) <= 90 && snapper.snap(lat, lon, LOOK_M) !== null) {
    return (
      `${none}: its corner [${lon}, ${lat}] is more than 50 km from any, but [${lat}, ${lon}] is not; ` +
      'are longitude and latitude swapped? Places are [longitude, latitude]'
    );
  }
  return (
    `${none}${first ? '' : ' that an earlier zone does not hold'}; ` +
    'leave it out (where zones come from a file, "only" names the ones to take)'
  );
}

function farFromRoad(snapper: Snapper, place: LonLat, what: string, limitM: number): string {
  const near = snapper.snap(place.lon, place.lat, LOOK_M);
  const distance = near === null ? 'more than 50 km' : `${Math.round(near.distanceM)} m`;
  const swapped = near === null && snapper.snap(place.lat, place.lon, limitM) !== null;
  return (
    `${what} at [${place.lon}, ${place.lat}] is ${distance} from the nearest drivable road of the connected network; ` +
    `snapLimitM allows ${limitM}${swapped ? ' (swapped? [longitude, latitude] is the order)' : ''}`
  );
}

function demandSource(
  scenario: Scenario,
  s: number,
  territory: Territory,
  { snapper, lostRoadOf }: RoadsInUse,
  report: CityReport,
  problems: InputProblem[],
): DemandSource {
  const { where, callsPerHour, categoryShares } = scenario.demand.sources[s];
  const source: DemandSource = {
    stretches: [],
    stretchZone: [],
    cumulativeMm: new Float64Array(1),
    places: [],
    placeZone: [],
    cumulativeWeight: null,
    callsPerHour,
    categoryShares,
  };
  switch (where.type) {
    case 'zone':
      source.stretches = territory.stretchesOfZone[where.zone];
      source.stretchZone = source.stretches.map(() => where.zone);
      break;
    case 'roads':
      source.stretches = territory.all.stretches;
      source.stretchZone = territory.all.zone;
      if (source.stretches.length === 0) {
        const message = 'no road can be driven there and back: the roads are not connected';
        problems.push({ file: scenario.fileName, place: `/demand/sources/${s}/where`, message });
      }
      break;
    case 'places': {
      let offRoad = 0;
      let moved = 0;
      let lostWeight = 0;
      const weights: number[] = [];
      for (const [i, place] of where.places.entries()) {
        const found = snapper.snap(place.lon, place.lat, scenario.snapLimitM);
        if (found === null) {
          offRoad++;
          lostWeight += where.weights?.[i] ?? 1;
          continue;
        }
        if (lostRoadOf(place, scenario.snapLimitM) !== NONE) moved++;
        source.places.push(found.position);
        source.placeZone.push(territory.zoneOfPlace(place));
        if (where.weights !== null) weights.push(where.weights[i]);
      }
      if (where.weights !== null) source.cumulativeWeight = runningSum(weights);
      if (offRoad > 0) {
        report.placesOffRoad[where.fileName] = offRoad;
        const allWeight = where.weights?.reduce((sum, weight) => sum + weight, 0) ?? where.places.length;
        report.warnings.push(
          `${offRoad} of ${where.places.length} places of ${where.fileName} lie farther than ${scenario.snapLimitM} m from the roads of the connected network and are left out; ` +
            `/demand/sources/${s} keeps its rate, so the ${((lostWeight / allWeight) * 100).toFixed(1)} % of its calls that they stand for ` +
            `by ${where.weights === null ? 'number' : 'weight'} come from the other places`,
        );
      }
      if (moved > 0) {
        report.warnings.push(
          `${moved} of ${where.places.length} places of ${where.fileName} stand on another road: theirs is closed or cut off by /roads/changes`,
        );
      }
      if (source.places.length === 0) {
        const message = `no place of ${where.fileName} lies within ${scenario.snapLimitM} m of the roads of the connected network`;
        problems.push({ file: scenario.fileName, place: `/demand/sources/${s}/where`, message });
      }
      break;
    }
  }
  source.cumulativeMm = runningSum(source.stretches.map(({ fromMm, toMm }) => toMm - fromMm));
  return source;
}

/** One entry more than numbers, from 0. */
function runningSum(numbers: readonly number[]): Float64Array {
  const sums = new Float64Array(numbers.length + 1);
  numbers.forEach((number, i) => (sums[i + 1] = sums[i] + number));
  return sums;
}

/** Zones whose border crosses itself: their inside is not what was drawn. Turf is loaded only when there are zones. */
async function crossedZones({ zones }: Scenario): Promise<string[]> {
  if (zones.length === 0) return [];
  const { lineIntersect, polygon } = await import('@turf/turf');
  const warnings: string[] = [];
  for (const zone of zones) {
    for (const rings of zone.polygons) {
      const border = polygon(rings.map((ring) => withoutRepeats(ring).map(({ lon, lat }) => [lon, lat])));
      // with nothing but itself, by a sweep: turf's kinks compares every pair of sides, seconds for 10,000 of them
      const nothing = { type: 'FeatureCollection' as const, features: [] };
      const crossings = lineIntersect(border, nothing, { ignoreSelfIntersections: false });
      if (crossings.features.length === 0) continue;
      const [lon, lat] = crossings.features[0].geometry.coordinates;
      warnings.push(
        `the border of zone "${zone.id}" crosses itself at [${lon.toFixed(6)}, ${lat.toFixed(6)}]; ` +
          'the even-odd rule decides what is inside',
      );
      break;
    }
  }
  return warnings;
}

/** Many files repeat a point; a side of no length would count as a crossing. */
const withoutRepeats = (ring: readonly LonLat[]): LonLat[] =>
  ring.filter(({ lon, lat }, i) => i === 0 || lon !== ring[i - 1].lon || lat !== ring[i - 1].lat);
