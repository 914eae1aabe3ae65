/** A scenario's placement request as a covering problem: which places may open, and which demand they should reach. */
import { meanCallsPerHour, partOfPlace, type City } from '../city/city.ts';
import { InputError } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { LonLat, PlacementRequest } from '../scenario/scenario.ts';
import { NO_ZONE_CLASS, type ClauseJson } from '../scenario/schema.ts';
import { createSnapper, usableNodes } from '../spatial/snap.ts';
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
  /** Index into city.zones, or NONE. */
  zone?: number;
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
  const snapper = createSnapper(city.graph, city.usable);
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
    for (const { node, position } of thinNodes(
      graph,
      request.candidates.maxNodes,
      usableNodes(graph, city.usable),
    )) {
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
 * One atom for each stretch and place of the demand, apart for calls with other drive budgets and with or without siren;
 * stretches shared by several sources become one. Calls that end at the desk, and calls without a budget (that no clause
 * speaks of), make no atom.
 */
export function demandAtoms(city: City, budgetOf: typeof driveBudgetMs = driveBudgetMs): DemandAtom[] {
  const budgets = new Map<string, Ms | null>();
  const budgetMs = (zone: number, category: number): Ms | null => {
    const key = `${zone} ${category}`;
    let budget = budgets.get(key);
    if (budget === undefined) budgets.set(key, (budget = budgetOf(city, zone, category)));
    return budget;
  };
  const atoms = new Map<string, DemandAtom>();
  const add = (position: RoadPosition, zone: number, category: number, weight: number): void => {
    const thresholdMs = budgetMs(zone, category);
    if (weight === 0 || thresholdMs === null) return;
    const { siren } = city.categories[category];
    const key = `${position.segment} ${position.offsetMm} ${zone} ${thresholdMs} ${siren}`;
    const atom = atoms.get(key);
    if (atom === undefined) atoms.set(key, { position, weight, thresholdMs, siren, zone });
    else atom.weight += weight;
  };
  for (const source of city.sources) {
    const lengthMm = source.cumulativeMm[source.stretches.length];
    const all = source.categoryShares.reduce((sum, share) => sum + share, 0);
    source.categoryShares.forEach((share, category) => {
      const toUnits = 1 - city.categories[category].triageShare;
      const callsPerHour = ((meanCallsPerHour(source) * share) / all) * toUnits;
      if (!(callsPerHour > 0)) return;
      source.stretches.forEach(({ segment, fromMm, toMm }, i) => {
        const position = { segment, offsetMm: Math.floor((fromMm + toMm) / 2) };
        add(position, source.stretchZone[i], category, (callsPerHour * (toMm - fromMm)) / lengthMm);
      });
      const callsAt = partOfPlace(source, callsPerHour);
      source.places.forEach((place, i) => add(place, source.placeZone[i], category, callsAt(i)));
    });
  }
  return [...atoms.values()];
}

/**
 * Drive time that the first standard leaves a unit for a call of a category in a zone: the shortest threshold of the
 * first-arrival clauses that select it, less the delays between the clause's clock start and wheels turning, and the way
 * to the door. A clause for some hours counts as one for all: a site does not move with the clock. Null when no clause
 * speaks of such calls.
 */
export function driveBudgetMs(city: City, zone: number, category: number): Ms | null {
  const { delays, standards } = city.scenario;
  const zoneClass = zone === NONE ? NO_ZONE_CLASS : city.zones[zone].class;
  const { id, priority } = city.categories[category];
  let budget: Ms | null = null;
  for (const { event, selector, thresholdS, clockStart } of standards[0].clauses) {
    if (event !== 'firstArrival') continue;
    if (selector.zoneClass?.includes(zoneClass) === false) continue;
    if (selector.category?.includes(id) === false) continue;
    if (selector.priority?.includes(priority) === false) continue;
    const left = secondsToMs(thresholdS) - delayBeforeWheelsMs(clockStart, delays) - delays.accessMs;
    if (budget === null || left < budget) budget = left;
  }
  return budget === null ? null : Math.max(0, budget);
}

function delayBeforeWheelsMs(clockStart: ClauseJson['clockStart'], delays: City['scenario']['delays']): Ms {
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
