/** Edges of a graphology graph as roads: which of them are the two directions of one. */
import type { Edge } from './graphology-attributes.ts';

/** One road: the edges that drive it along its shape and against it. An undirected edge drives both ways. */
export interface Road {
  along: Edge | null;
  against: Edge | null;
}

/** The edge that a road takes its shape, length and street from. */
export const drawnBy = ({ along, against }: Road): Edge => (along ?? against)!;

/** Edges as roads: see fromGraphology for which opposite edges are one. */
export function joinEdges(edges: readonly Edge[]): Road[] {
  const roads: Road[] = [];
  const waiting = new Map<string, Road[]>();
  for (const edge of edges) {
    if (edge.undirected) {
      roads.push({ along: edge, against: edge });
      continue;
    }
    const road = waiting.get(streetKey(edge, 'turned'))?.shift();
    if (road === undefined) {
      const lone: Road = edge.isAgainst ? { along: null, against: edge } : { along: edge, against: null };
      roads.push(lone);
      const key = streetKey(edge, 'as it is');
      const others = waiting.get(key);
      if (others === undefined) waiting.set(key, [lone]);
      else others.push(lone);
    } else if (road.along === null) road.along = edge;
    else road.against = edge;
  }
  return roads;
}

/** Equal for an edge and for an edge of the same road turned round. */
function streetKey(edge: Edge, way: 'as it is' | 'turned'): string {
  const { from, to, lengthMm, roadClass, name, osmWayId, surface, segment, shapeE7 } = edge;
  const isTurned = way === 'turned';
  const ends = isTurned ? [to, from] : [from, to];
  const shape = isTurned ? turnedRound(shapeE7) : shapeE7;
  return JSON.stringify([ends, lengthMm, roadClass, name, osmWayId, surface, segment, shape]);
}

/** The points of a shape in the other order. */
export function turnedRound(shapeE7: readonly number[]): number[] {
  const turned: number[] = [];
  for (let i = shapeE7.length - 2; i >= 0; i -= 2) turned.push(shapeE7[i], shapeE7[i + 1]);
  return turned;
}
