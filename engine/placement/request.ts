/** A scenario's placement request as a covering problem: which places may open, and which demand they should reach. */
import { NOWHERE } from '../city/build.ts';
import type { City, UnitOnRoads } from '../city/city.ts';
import { InputError } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { LonLat, PlacementRequest } from '../scenario/scenario.ts';
import type { ClauseJson } from '../scenario/schema.ts';
import { createSnapper } from '../spatial/snap.ts';
import { NONE, secondsToMs, type Ms } from '../units.ts';
import { thinNodes } from './candidates.ts';

export interface DemandAtom {
  position: RoadPosition;
  /** Expected calls an hour, averaged over the week. */
  weight: number;
  /** Drive time that the tier of its zone leaves. */
  thresholdMs: Ms;
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
  const postCandidate = new Map<number, number>();
  const addCandidate = (name: string, position: RoadPosition): number => {
    const same = candidates.findIndex(
      (c) => c.position.segment === position.segment && c.position.offsetMm === position.offsetMm,
    );
    return same >= 0 ? same : candidates.push({ name, position }) - 1;
  };
  const addPost = (post: number): number => {
    const known = postCandidate.get(post);
    if (known !== undefined) return known;
    const candidate = addCandidate(city.posts[post].id, city.posts[post].position);
    postCandidate.set(post, candidate);
    return candidate;
  };
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
  const manned = [...new Set(city.units.map((unit) => unit.post).filter((post) => post !== NONE))];
  const required = new Set(manned.map(addPost));
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
  return {
    candidates,
    atoms: demandAtoms(city),
    sites: request.sites ?? required.size + freeUnitsTogether(city.units),
    required: ascending(required),
    forbidden: ascending(forbidden),
  };
}

/** Units without a post that are on duty in the same shift, at most. */
function freeUnitsTogether(units: readonly UnitOnRoads[]): number {
  const inShift = new Map<number, number>();
  for (const unit of units) {
    if (unit.post !== NONE) continue;
    for (const shift of unit.shifts) inShift.set(shift, (inShift.get(shift) ?? 0) + 1);
  }
  return Math.max(0, ...inShift.values());
}

/** One atom for each stretch and place of the demand; stretches shared by several sources become one. */
export function demandAtoms(city: City): DemandAtom[] {
  const thresholdOf = new Map([NONE, ...city.zones.keys()].map((zone) => [zone, driveBudgetMs(city, zone)]));
  const atoms = new Map<string, DemandAtom>();
  const add = (position: RoadPosition, zone: number, weight: number): void => {
    const thresholdMs = thresholdOf.get(zone)!;
    if (weight === 0 || thresholdMs === null) return;
    const key = `${position.segment} ${position.offsetMm} ${zone}`;
    const atom = atoms.get(key);
    if (atom === undefined) atoms.set(key, { position, weight, thresholdMs });
    else atom.weight += weight;
  };
  for (const source of city.sources) {
    const callsPerHour =
      source.callsPerHour.reduce((sum, rate) => sum + rate, 0) / source.callsPerHour.length;
    const lengthMm = source.cumulativeMm[source.stretches.length];
    source.stretches.forEach(({ segment, fromMm, toMm }, i) => {
      const position = { segment, offsetMm: Math.floor((fromMm + toMm) / 2) };
      add(position, source.stretchZone[i], (callsPerHour * (toMm - fromMm)) / lengthMm);
    });
    source.places.forEach((place, i) => add(place, source.placeZone[i], callsPerHour / source.places.length));
  }
  return [...atoms.values()];
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

/**
 * The city with its free units at the sites that opened: the sites nobody holds are dealt out in order, anew for each
 * group of units with the same shifts, so that each site is held around the clock as far as units reach.
 */
export function standAt(city: City, question: PlacementQuestion, open: readonly number[]): City {
  const free = open.filter((site) => !question.required.includes(site));
  const sites = free.length > 0 ? free : [...open];
  const dealt = new Map<string, number>();
  const units = city.units.map((unit) => {
    if (unit.post !== NONE) return unit;
    const group = unit.shifts.join();
    const next = dealt.get(group) ?? 0;
    dealt.set(group, next + 1);
    return { ...unit, home: question.candidates[sites[next % sites.length]].position };
  });
  return { ...city, units };
}

/** Units that stand nowhere yet. */
export const unitsWithoutSite = (city: City): UnitOnRoads[] =>
  city.units.filter((unit) => unit.home === NOWHERE);
