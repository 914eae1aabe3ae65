/** A scenario's placement request as a covering problem: which places may open, and which demand they should reach. */
import type { City, DemandSource } from '../city/city.ts';
import { InputError } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { LonLat, PlacementRequest } from '../scenario/scenario.ts';
import type { ClauseJson } from '../scenario/schema.ts';
import { createSnapper } from '../spatial/snap.ts';
import { NONE, secondsToMs, type Ms } from '../units.ts';
import { placeKey, thinNodes } from './candidates.ts';
import { freeUnitsTogether } from './stand-at.ts';

export interface DemandAtom {
  position: RoadPosition;
  /** Expected calls an hour, averaged over the week. */
  weight: number;
  /** Drive time that the tier of its zone leaves. */
  thresholdMs: Ms;
  /** Whether units answer it with siren. */
  siren?: boolean;
}

export interface PlacementQuestion {
  candidates: { name: string; position: RoadPosition }[];
  atoms: DemandAtom[];
  sites: number;
  required: number[];
  forbidden: number[];
}

/**
 * Candidates are posts and thinned road nodes; places named as required or forbidden are candidates too. A stretch of
 * road within a zone is one atom of demand at its middle.
 */
export function placementQuestion(city: City, request: PlacementRequest): PlacementQuestion {
  const candidates: PlacementQuestion['candidates'] = [];
  const candidateAt = new Map<string, number>();
  const addCandidate = (name: string, position: RoadPosition): number => {
    const key = placeKey(city.graph, position);
    const same = candidateAt.get(key);
    if (same !== undefined) return same;
    candidateAt.set(key, candidates.length);
    return candidates.push({ name, position }) - 1;
  };
  const addPost = (post: number): number => addCandidate(city.posts[post].id, city.posts[post].position);
  const snapper = createSnapper(city.graph);
  const resolve = (site: number | LonLat, list: string, i: number): number => {
    if (typeof site === 'number') return addPost(site);
    const found = snapper.snap(site.lon, site.lat, city.scenario.snapLimitM);
    if (found === null) {
      throw InputError.at(
        city.scenario.fileName,
        `/placement/${list}/${i}`,
        `[${site.lon}, ${site.lat}] lies farther than ${city.scenario.snapLimitM} m from any road`,
      );
    }
    return addCandidate(`[${site.lon}, ${site.lat}]`, found.position);
  };

  if (request.candidates.posts) city.posts.forEach((_, post) => addPost(post));
  // Units that have a post stand there whatever else opens.
  const posted = city.units.filter((unit) => unit.post !== NONE).map((unit) => addPost(unit.post));
  const required = new Set(posted);
  request.required.forEach((site, i) => required.add(resolve(site, 'required', i)));
  const forbidden = new Set(request.forbidden.map((site, i) => resolve(site, 'forbidden', i)));
  if (request.candidates.nodes) {
    const { graph } = city;
    for (const { node, position } of thinNodes(graph, request.candidates.maxNodes)) {
      const name = graph.nodeOsmId[node] > 0 ? `OSM node ${graph.nodeOsmId[node]}` : `node ${node}`;
      addCandidate(name, position);
    }
  }
  const ascending = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);
  const atoms = demandAtoms(city);
  if (atoms.length === 0) {
    throw InputError.at(
      city.scenario.fileName,
      '/standards/0',
      `no clause of "${city.scenario.standards[0].id}" asks for a first arrival where calls are expected, so there is nothing to place units for`,
    );
  }
  return {
    candidates,
    atoms,
    sites: request.sites ?? Math.max(1, new Set(posted).size + freeUnitsTogether(city)),
    required: ascending(required),
    forbidden: ascending(forbidden),
  };
}

/**
 * One atom for each stretch and place of the demand, for calls answered with siren and for those without; stretches
 * shared by several sources become one.
 */
export function demandAtoms(city: City): DemandAtom[] {
  const thresholdOf = new Map([NONE, ...city.zones.keys()].map((zone) => [zone, driveBudgetMs(city, zone)]));
  const atoms = new Map<string, DemandAtom>();
  const add = (position: RoadPosition, zone: number, weight: number, siren: boolean): void => {
    const thresholdMs = thresholdOf.get(zone)!;
    if (weight === 0 || thresholdMs === null) return;
    const key = `${position.segment} ${position.offsetMm} ${zone} ${siren}`;
    const atom = atoms.get(key);
    if (atom === undefined) atoms.set(key, { position, weight, thresholdMs, siren });
    else atom.weight += weight;
  };
  for (const source of city.sources) {
    const lengthMm = source.cumulativeMm[source.stretches.length];
    for (const siren of [true, false]) {
      const callsPerHour = meanCallsPerHour(city, source, siren);
      source.stretches.forEach(({ segment, fromMm, toMm }, i) => {
        const position = { segment, offsetMm: Math.floor((fromMm + toMm) / 2) };
        add(position, source.stretchZone[i], (callsPerHour * (toMm - fromMm)) / lengthMm, siren);
      });
      source.places.forEach((place, i) =>
        add(place, source.placeZone[i], callsPerHour / source.places.length, siren),
      );
    }
  }
  return [...atoms.values()];
}

/** Calls of a source that are answered with (or without) siren, averaged over the week. */
function meanCallsPerHour(
  city: City,
  { callsPerHour, categoryShares }: DemandSource,
  siren: boolean,
): number {
  let all = 0;
  let selected = 0;
  categoryShares.forEach((share, c) => {
    all += share;
    if (city.categories[c].siren === siren) selected += share;
  });
  return ((callsPerHour.reduce((sum, rate) => sum + rate, 0) / callsPerHour.length) * selected) / all;
}

/**
 * Drive time that the first standard leaves a unit for a call in a zone: the shortest threshold of its first-arrival
 * clauses that select the zone's class, less the delays between the clause's clock start and wheels turning, and the
 * way to the door. Null when no clause speaks of the zone.
 */
export function driveBudgetMs(city: City, zone: number): Ms | null {
  const { delays, standards } = city.scenario;
  const zoneClass = zone === NONE ? 'none' : city.zones[zone].class;
  let budget: Ms | null = null;
  for (const clause of standards[0].clauses) {
    if (clause.event !== 'firstArrival') continue;
    if (clause.selector.zoneClass !== undefined && !clause.selector.zoneClass.includes(zoneClass)) continue;
    const left = secondsToMs(clause.thresholdS) - delayBeforeWheelsMs(clause, delays) - delays.accessMs;
    if (budget === null || left < budget) budget = left;
  }
  return budget === null ? null : Math.max(0, budget);
}

function delayBeforeWheelsMs({ clockStart }: ClauseJson, delays: City['scenario']['delays']): Ms {
  switch (clockStart) {
    case 'occurred':
    case 'callReceived':
    case 'callAnswered':
      return delays.callHandlingMs + delays.turnoutAtPostMs;
    case 'dispatched':
      return delays.turnoutAtPostMs;
    case 'enRoute':
      return 0;
  }
}
