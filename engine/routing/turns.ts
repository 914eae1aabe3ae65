/**
 * Turn restrictions as an automaton: which sequences of road arcs are forbidden, and what a vehicle must remember of
 * the arcs it has driven to know. What it remembers is the longest end of its way that begins a forbidden sequence
 * (Aho and Corasick, "Efficient string matching", 1975).
 */
import type { RoadGraph } from '../graph/road-graph.ts';
import { NONE, type ArcIx, type NodeIx } from '../units.ts';

/** A restriction that forbids an arc. */
export interface Ban {
  restriction: number;
  /** Restrictions after the same arcs of which any allows the arc nevertheless, to those whom it binds. */
  unless: readonly number[];
}

/** A remembered beginning of forbidden sequences. */
interface Memory {
  /** The arcs remembered, at least one. */
  arcs: readonly ArcIx[];
  /** The longest proper end of `arcs` that is a memory too, NONE for nothing. */
  shorter: number;
  /** What the next arc makes of it: longer memories by arc. */
  longer: Map<ArcIx, number>;
  /** What forbids the next arc, by arc. */
  forbids: Map<ArcIx, Ban[]>;
}

export class TurnAutomaton {
  readonly memories: Memory[] = [];
  private readonly first = new Map<ArcIx, number>();

  /**
   * An `only_*` restriction forbids every other arc that leaves where its last arc begins, once all arcs before were
   * driven; of several with the same arcs before each allows its last arc to those whom it binds.
   */
  constructor(graph: RoadGraph) {
    const allowing = new Map<string, number[]>();
    graph.restrictions.forEach(({ kind, arcs }, restriction) => {
      if (kind.startsWith('only_')) addTo(allowing, arcs.join(' '), restriction);
    });
    graph.restrictions.forEach(({ kind, arcs }, restriction) => {
      const before = arcs.slice(0, -1);
      const last = arcs[arcs.length - 1];
      if (!kind.startsWith('only_')) {
        this.forbid(before, last, { restriction, unless: [] });
        return;
      }
      const at = graph.head[before[before.length - 1]];
      for (let arc = graph.firstOut[at]; arc < graph.firstOut[at + 1]; arc++) {
        if (arc === last) continue;
        this.forbid(before, arc, { restriction, unless: allowing.get([...before, arc].join(' ')) ?? [] });
      }
    });
    for (const memory of this.memories) memory.shorter = this.longestEnd(memory.arcs.slice(1));
  }

  /** Where a vehicle with this memory stands. */
  nodeOf(graph: RoadGraph, memory: number): NodeIx {
    const { arcs } = this.memories[memory];
    return graph.head[arcs[arcs.length - 1]];
  }

  /** What is remembered after one more arc, NONE for nothing. */
  after(memory: number, arc: ArcIx): number {
    for (let m = memory; m !== NONE; m = this.memories[m].shorter) {
      const longer = this.memories[m].longer.get(arc);
      if (longer !== undefined) return longer;
    }
    return this.first.get(arc) ?? NONE;
  }

  /** What forbids an arc to a vehicle with this memory, by ascending restrictions. */
  forbidding(memory: number, arc: ArcIx): Ban[] {
    const found: Ban[] = [];
    for (let m = memory; m !== NONE; m = this.memories[m].shorter) {
      found.push(...(this.memories[m].forbids.get(arc) ?? []));
    }
    return found.sort((a, b) => a.restriction - b.restriction);
  }

  private forbid(before: readonly ArcIx[], last: ArcIx, ban: Ban): void {
    let at = NONE;
    for (let i = 0; i < before.length; i++) {
      const next = at === NONE ? this.first : this.memories[at].longer;
      let found = next.get(before[i]);
      if (found === undefined) {
        found = this.memories.length;
        this.memories.push({
          arcs: before.slice(0, i + 1),
          shorter: NONE,
          longer: new Map(),
          forbids: new Map(),
        });
        next.set(before[i], found);
      }
      at = found;
    }
    addTo(this.memories[at].forbids, last, ban);
  }

  /** The memory of the longest end of a way, NONE for nothing. */
  private longestEnd(arcs: readonly ArcIx[]): number {
    for (let from = 0; from < arcs.length; from++) {
      let at = this.first.get(arcs[from]) ?? NONE;
      for (let i = from + 1; i < arcs.length && at !== NONE; i++)
        at = this.memories[at].longer.get(arcs[i]) ?? NONE;
      if (at !== NONE) return at;
    }
    return NONE;
  }
}

function addTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
