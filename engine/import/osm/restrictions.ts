/** Turn restriction relations (OpenStreetMap wiki, Relation:restriction): tags and members to ids, then ids to ways. */
import type { RestrictionWhen, TurnRestriction } from '../road-extract.ts';
import type { Tags } from './access.ts';
import { readCondition, whenFor } from './restriction-condition.ts';

export interface RelationMember {
  type: 'node' | 'way' | 'relation';
  id: number;
  role: string;
}

/** A restriction by the ids of the file. `via` is one node, at least one way, or not given. */
export interface RestrictionById {
  osmId: number;
  kind: string;
  from: readonly number[];
  viaNode: number | null;
  viaWays: readonly number[];
  to: readonly number[];
  vehicle: string;
  except: readonly string[];
  condition: string;
  when: RestrictionWhen;
  /** A way had no role, and only one was missing. */
  isInferred: boolean;
}

type RestrictionDropReason =
  | 'restrictionsIncomplete'
  | 'restrictionsNotConnected'
  | 'restrictionsNotUnderstood'
  | 'restrictionsOnWaysNotKept';

type RestrictionRepairReason =
  | 'restrictionClausesNotUnderstood'
  | 'restrictionConditionsNotUnderstood'
  | 'restrictionRolesInferred'
  | 'restrictionViasInferred';

type Repair = (reason: RestrictionRepairReason) => void;

/** `no_turn_on_red` and the like say nothing about where one may drive. */
const KINDS: ReadonlySet<string> = new Set([
  'no_left_turn',
  'no_right_turn',
  'no_straight_on',
  'no_u_turn',
  'no_entry',
  'no_exit',
  'only_left_turn',
  'only_right_turn',
  'only_straight_on',
  'only_u_turn',
]);

/** Old tags for hours, kept as the condition's text. */
const HOUR_KEYS = ['day_on', 'day_off', 'hour_on', 'hour_off'] as const;

/**
 * Reads one relation of `type=restriction`. `no_entry` from several ways, `no_exit` to several, several keys
 * (`restriction`, `restriction:hgv`) and a conditional value of several clauses give one restriction each. Other kinds
 * with several ways keep them all: which one is meant shows on the map. A way without a role is the one that is missing.
 */
export function readRestriction(
  osmId: number,
  tags: Tags,
  members: readonly RelationMember[],
  repair: Repair,
): RestrictionById[] | RestrictionDropReason {
  const clauses = readClauses(tags, repair);
  if (clauses.length === 0) return 'restrictionsNotUnderstood';
  const ways = (role: string): number[] =>
    members.filter((m) => m.role === role && m.type === 'way').map((m) => m.id);
  const [from, to, viaWays] = [ways('from'), ways('to'), ways('via')];
  const viaNodes = members.filter((m) => m.role === 'via' && m.type === 'node').map((m) => m.id);
  const missing = from.length === 0 ? from : to;
  const roleless = ways('');
  const isInferred = missing.length === 0 && roleless.length === 1 && viaWays.length === 0;
  if (isInferred) missing.push(roleless[0]);
  const isOneVia = viaNodes.length + Math.min(1, viaWays.length) <= 1;
  if (!isOneVia || from.length === 0 || to.length === 0) return 'restrictionsIncomplete';

  if (isInferred) repair('restrictionRolesInferred');
  const except = (tags.get('except') ?? '')
    .split(';')
    .map((vehicle) => vehicle.trim())
    .filter(Boolean);
  const viaNode = viaNodes.length === 1 ? viaNodes[0] : null;
  return clauses.flatMap((clause) => {
    const rule = { osmId, viaNode, viaWays, ...clause, except: [...except, ...clause.except], isInferred };
    if (clause.kind === 'no_entry') return from.map((way) => ({ ...rule, from: [way], to }));
    if (clause.kind === 'no_exit') return to.map((way) => ({ ...rule, from, to: [way] }));
    return [{ ...rule, from, to }];
  });
}

interface Clause {
  kind: string;
  vehicle: string;
  except: readonly string[];
  condition: string;
  when: RestrictionWhen;
}

/** What the tags forbid or command, one clause for each: the general ones first, then by vehicle. */
function readClauses(tags: Tags, repair: Repair): Clause[] {
  const clauses: Clause[] = [];
  const hours = HOUR_KEYS.filter((key) => tags.has(key)).map((key) => `${key}=${tags.get(key)}`);
  let notUnderstood = 0;
  for (const vehicle of vehiclesNamed(tags)) {
    const key = vehicle === '' ? 'restriction' : `restriction:${vehicle}`;
    const own: Clause[] = [];
    const kind = tags.get(key);
    if (kind !== undefined && !KINDS.has(kind)) notUnderstood++;
    if (kind !== undefined && KINDS.has(kind)) {
      const when = whenFor(vehicle);
      const byHour = hours.length > 0 && when === 'always';
      own.push({ kind, vehicle, except: [], condition: hours.join('; '), when: byHour ? 'hours' : when });
    }
    const conditional = tags.get(`${key}:conditional`);
    if (conditional !== undefined) notUnderstood += addConditional(conditional, vehicle, own, repair);
    clauses.push(...own);
  }
  if (clauses.length > 0) for (let i = 0; i < notUnderstood; i++) repair('restrictionClausesNotUnderstood');
  return clauses;
}

/** '' for `restriction`, and the vehicles of `restriction:<vehicle>`, with or without `:conditional`; sorted. */
function vehiclesNamed(tags: Tags): string[] {
  const vehicles = new Set<string>();
  for (const key of tags.keys()) {
    const match = /^restriction(?::([a-z_]{1,30}))??(?::conditional)?$/.exec(key);
    if (match !== null) vehicles.add(match[1] ?? '');
  }
  return [...vehicles].sort();
}

/**
 * Adds the clauses of a conditional value, `kind @ (condition); …`. `none @ (…)` lets some pass what the restriction
 * without condition forbids.
 * @returns how many clauses were not understood
 */
function addConditional(value: string, vehicle: string, own: Clause[], repair: Repair): number {
  let notUnderstood = 0;
  const matches = [...value.matchAll(/([a-z_]+) *@ *(\([^()]*\)|[^;()]+)/g)];
  for (const [, kind, bracketed] of matches) {
    const condition = bracketed.replace(/^\((.*)\)$/, '$1').trim();
    const meaning = readCondition(condition);
    const [general] = own;
    if (KINDS.has(kind)) {
      const named = meaning.vehicle === '' ? vehicle : meaning.vehicle;
      const when = whenFor(named) === 'heavy' ? 'heavy' : meaning.when;
      own.push({ kind, vehicle: named, except: [], condition, when });
    } else if ((kind === 'none' || kind === 'no') && general !== undefined) {
      if (meaning.vehicle !== '') general.except = [...general.except, meaning.vehicle];
      else if (meaning.when === 'hours' && general.when === 'always') general.when = 'hours';
      general.condition = [general.condition, `${kind} @ (${condition})`].filter(Boolean).join('; ');
    } else {
      notUnderstood++;
      continue;
    }
    if (!meaning.isUnderstood) repair('restrictionConditionsNotUnderstood');
  }
  return matches.length === 0 ? 1 : notUnderstood;
}

/** How restrictions find their ways in the extract under construction. */
export interface KeptWays {
  /** Positions [first, end) of a way's pieces, empty when it was not kept. */
  pieces(osmWayId: number): { first: number; end: number };
  /** Position of a node, or -1 when no kept way uses it. */
  node(osmNodeId: number): number;
  /** Whether a way passes a node. */
  passes(way: number, node: number): boolean;
  /** The nodes that two ways share. */
  shared(way: number, other: number): readonly number[];
}

/** A restriction on positions. All ways must be kept, and hang together: from, via …, to. */
export function placeRestriction(
  byId: RestrictionById,
  kept: KeptWays,
  repair: Repair,
): TurnRestriction | RestrictionDropReason {
  const { osmId, kind, vehicle, except, condition, when } = byId;
  const rule = { osmId, kind, vehicle, except, condition, when };
  const piecesOf = (ids: readonly number[]): number[][] => ids.map((id) => range(kept.pieces(id)));
  const [froms, vias, tos] = [piecesOf(byId.from), piecesOf(byId.viaWays), piecesOf(byId.to)];
  if ([...froms, ...vias, ...tos].some((pieces) => pieces.length === 0)) return 'restrictionsOnWaysNotKept';
  const [from, to] = [froms.flat(), tos.flat()];
  if (vias.length === 0) {
    const viaNode = byId.viaNode === null ? onlyMeeting(from, to, kept) : kept.node(byId.viaNode);
    if (viaNode === null) return 'restrictionsIncomplete';
    const passing = (ways: number[]): number[] => ways.filter((way) => kept.passes(way, viaNode));
    const [fromWays, toWays] = viaNode < 0 ? [[], []] : [passing(from), passing(to)];
    if (fromWays.length === 0 || toWays.length === 0) return 'restrictionsNotConnected';
    const isInferred = byId.isInferred || byId.viaNode === null;
    if (byId.viaNode === null) repair('restrictionViasInferred');
    return { ...rule, fromWays, viaNode, viaWays: [], toWays, isInferred };
  }
  // a way that was cut at a missing node has several pieces: take the one that meets its neighbour in the chain
  const meet = (way: number, other: number): boolean => kept.shared(way, other).length > 0;
  const fromWays = from.filter((way) => vias[0].some((via) => meet(way, via)));
  const viaWays: number[] = [];
  let before = fromWays.slice(0, 1);
  for (const pieces of vias) {
    before = pieces.filter((via) => before.some((way) => meet(way, via))).slice(0, 1);
    viaWays.push(...before);
  }
  const toWays = to.filter((way) => before.some((via) => meet(via, way)));
  const connected = fromWays.length > 0 && viaWays.length === vias.length && toWays.length > 0;
  return connected
    ? { ...rule, fromWays, viaNode: null, viaWays, toWays, isInferred: false }
    : 'restrictionsNotConnected';
}

const range = ({ first, end }: { first: number; end: number }): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);

/** The node where one way meets another, when it is the only one. */
function onlyMeeting(from: readonly number[], to: readonly number[], kept: KeptWays): number | null {
  if (from.length !== 1 || to.length !== 1 || from[0] === to[0]) return null;
  const nodes = kept.shared(from[0], to[0]);
  return nodes.length === 1 ? nodes[0] : null;
}
