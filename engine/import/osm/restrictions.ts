/** Turn restriction relations (OpenStreetMap wiki, Relation:restriction): tags and members to ids, then ids to ways. */
import type { TurnRestriction } from '../road-extract.ts';
import type { Tags } from './tags.ts';

export interface RelationMember {
  type: 'node' | 'way' | 'relation';
  id: number;
  role: string;
}

/** A restriction by the ids of the file. `via` is one node or at least one way. */
export interface RestrictionById {
  osmId: number;
  kind: string;
  from: number;
  viaNode: number | null;
  viaWays: readonly number[];
  to: number;
  except: readonly string[];
  condition: string;
}

export type RestrictionDropReason =
  | 'restrictionsForOtherVehicles'
  | 'restrictionsIncomplete'
  | 'restrictionsNotConnected'
  | 'restrictionsNotUnderstood'
  | 'restrictionsOnWaysNotKept';

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

/** Tags that bind a car, the most general first. */
const KIND_KEYS = ['restriction', 'restriction:motor_vehicle', 'restriction:motorcar'] as const;

/** Old tags for hours, kept as the condition's text. */
const HOUR_KEYS = ['day_on', 'day_off', 'hour_on', 'hour_off'] as const;

/**
 * Reads one relation of `type=restriction`. `no_entry` from several ways, `no_exit` to several, and a conditional
 * value of several clauses give one restriction each.
 */
export function readRestriction(
  osmId: number,
  tags: Tags,
  members: readonly RelationMember[],
): RestrictionById[] | RestrictionDropReason {
  const clauses = readClauses(tags);
  if (typeof clauses === 'string') return clauses;
  const from = members.filter((m) => m.role === 'from' && m.type === 'way');
  const to = members.filter((m) => m.role === 'to' && m.type === 'way');
  const viaNodes = members.filter((m) => m.role === 'via' && m.type === 'node');
  const viaWays = members.filter((m) => m.role === 'via' && m.type === 'way').map((m) => m.id);
  const oneVia = viaNodes.length + Math.min(1, viaWays.length) === 1;
  if (!oneVia || from.length === 0 || to.length === 0) return 'restrictionsIncomplete';

  const except = (tags.get('except') ?? '')
    .split(';')
    .map((vehicle) => vehicle.trim())
    .filter(Boolean);
  const restrictions: RestrictionById[] = [];
  for (const { kind, condition } of clauses) {
    const several = (from.length > 1 && kind !== 'no_entry') || (to.length > 1 && kind !== 'no_exit');
    if (several) return 'restrictionsIncomplete';
    for (const f of from) {
      for (const t of to) {
        const viaNode = viaNodes.length === 1 ? viaNodes[0].id : null;
        restrictions.push({ osmId, kind, from: f.id, viaNode, viaWays, to: t.id, except, condition });
      }
    }
  }
  return restrictions;
}

function readClauses(tags: Tags): { kind: string; condition: string }[] | RestrictionDropReason {
  for (const key of KIND_KEYS) {
    const kind = tags.get(key);
    const conditional = tags.get(`${key}:conditional`);
    if (kind !== undefined) {
      if (!KINDS.has(kind)) return 'restrictionsNotUnderstood';
      const hours = HOUR_KEYS.filter((k) => tags.has(k)).map((k) => `${k}=${tags.get(k)}`);
      return [{ kind, condition: conditional ?? hours.join('; ') }];
    }
    if (conditional !== undefined) {
      const clauses = [...conditional.matchAll(/([a-z_]+) *@ *(\([^()]*\)|[^;()]+)/g)].map((match) => ({
        kind: match[1],
        condition: match[2].replace(/^\((.*)\)$/, '$1').trim(),
      }));
      const known = clauses.length > 0 && clauses.every((clause) => KINDS.has(clause.kind));
      return known ? clauses : 'restrictionsNotUnderstood';
    }
  }
  for (const key of tags.keys()) if (key.startsWith('restriction:')) return 'restrictionsForOtherVehicles';
  return 'restrictionsNotUnderstood';
}

/** How restrictions find their ways in the extract under construction. */
export interface KeptWays {
  /** Positions [first, end) of a way's pieces, empty when it was not kept. */
  pieces(osmWayId: number): { first: number; end: number };
  /** Position of a node, or -1 when no kept way uses it. */
  node(osmNodeId: number): number;
  /** Whether a way passes a node. */
  passes(way: number, node: number): boolean;
  /** Whether two ways share a node. */
  meet(way: number, other: number): boolean;
}

/** A restriction on positions. The ways must be kept and hang together: from, via …, to. */
export function placeRestriction(
  byId: RestrictionById,
  kept: KeptWays,
): TurnRestriction | RestrictionDropReason {
  const { osmId, kind, except, condition } = byId;
  const rule = { osmId, kind, vehicle: '', except, condition, when: 'always' as const };
  const from = kept.pieces(byId.from);
  const to = kept.pieces(byId.to);
  if (from.first === from.end || to.first === to.end) return 'restrictionsOnWaysNotKept';
  if (byId.viaNode !== null) {
    const viaNode = kept.node(byId.viaNode);
    const fromWay = viaNode < 0 ? -1 : findPiece(from, (piece) => kept.passes(piece, viaNode));
    const toWay = viaNode < 0 ? -1 : findPiece(to, (piece) => kept.passes(piece, viaNode));
    if (fromWay < 0 || toWay < 0) return 'restrictionsNotConnected';
    return { ...rule, fromWay, viaNode, viaWays: [], toWay };
  }
  const via = byId.viaWays.map((id) => kept.pieces(id));
  if (via.some(({ first, end }) => first === end)) return 'restrictionsOnWaysNotKept';
  // a way that was cut at a missing node has several pieces: take the one that meets its neighbour in the chain
  const viaWays: number[] = [];
  const fromWay = findPiece(from, (piece) => findPiece(via[0], (next) => kept.meet(piece, next)) >= 0);
  let before = fromWay;
  for (const pieces of [...via, to]) {
    const behind = before;
    before = behind < 0 ? -1 : findPiece(pieces, (piece) => kept.meet(behind, piece));
    viaWays.push(before);
  }
  if (viaWays.includes(-1)) return 'restrictionsNotConnected';
  const toWay = viaWays.pop() ?? -1;
  return { ...rule, fromWay, viaNode: null, viaWays, toWay };
}

function findPiece({ first, end }: { first: number; end: number }, fits: (piece: number) => boolean): number {
  for (let piece = first; piece < end; piece++) if (fits(piece)) return piece;
  return -1;
}
