/**
 * Exact times from the customised hierarchy alone, for metrics whose labels do not fit the memory: some 200 times slower
 * than labels, at a tenth of their memory. The elimination tree query of Dibbelt, Strasser, Wagner, "Customizable
 * contraction hierarchies" (JEA 2016): all that an upward search can reach are ancestors, so it climbs the root path once,
 * without a queue, and one row by depth holds all its times; a fastest way passes a common ancestor of its ends.
 */
import { UNREACHED_MS, type Ms } from '../units.ts';
import { commonAncestors, type Hierarchy } from './hierarchy.ts';
import { countOf, type EndColumns, type StateTime, type Times } from './kernels/query-ends.ts';
import { LABEL_UNREACHED } from './kernels/slots.ts';
import type { StateIx } from './network.ts';

/** Root paths from the ends of one position: times by depth, along the path of the place at its lower end. */
interface RootPaths {
  n: number;
  place: number[];
  timeMs: Int32Array[];
}

/**
 * Queries of one thread. Times are exact ms, UNREACHED_MS where there is no way; a drive of 12 days or more
 * (LABEL_UNREACHED) counts as none. States and positions are taken as given: they must be the network's.
 */
export class HierarchyQuery {
  /** Completed arcs looked at by all queries so far. */
  arcsRelaxed = 0;
  private readonly hierarchy: Hierarchy;
  private readonly upTimeMs: Int32Array;
  private readonly downTimeMs: Int32Array;
  /** Depth of the upper end of each completed arc. */
  private readonly upDepth: Uint16Array;
  private readonly near: RootPaths = { n: 0, place: [], timeMs: [] };
  private readonly far: RootPaths = { n: 0, place: [], timeMs: [] };
  /** Ends of the position at hand that no path has taken yet: places and times. */
  private readonly endPlace: number[] = [];
  private readonly endMs: number[] = [];
  private nEnds = 0;

  /**
   * @param upTimeMs  customised times of the completed arcs, from the lower to the upper end; read at each query
   * @param downTimeMs  the same from the upper to the lower end
   */
  constructor(hierarchy: Hierarchy, upTimeMs: Int32Array, downTimeMs: Int32Array) {
    this.hierarchy = hierarchy;
    this.upTimeMs = upTimeMs;
    this.downTimeMs = downTimeMs;
    this.upDepth = new Uint16Array(hierarchy.up.length);
    for (let i = 0; i < hierarchy.up.length; i++) this.upDepth[i] = hierarchy.depth[hierarchy.up[i]];
  }

  /** Time between two states. Cost O(arcs of both root paths), about 20 us in a city of 64,000 junctions. */
  timeMs(from: StateIx, to: StateIx): Ms {
    this.addEnd(from, 0);
    this.climb(this.upTimeMs, this.near);
    this.addEnd(to, 0);
    this.climb(this.downTimeMs, this.far);
    return this.meet();
  }

  /** Time between two positions given by their ends, by ways over states. */
  timeBetween(from: readonly StateTime[], to: readonly StateTime[]): Ms {
    this.climbFrom(from, this.upTimeMs);
    for (const { state, timeMs } of to) this.addEnd(state, timeMs);
    this.climb(this.downTimeMs, this.far);
    return this.meet();
  }

  /** out[i] becomes the time from a position, given by its exits, to position i, given by its entries. One climb each. */
  timesFrom(from: readonly StateTime[], to: EndColumns, out: Times): void {
    this.climbFrom(from, this.upTimeMs);
    this.meetEach(to, this.downTimeMs, out);
  }

  /** out[i] becomes the time from position i, given by its exits, to a position, given by its entries. One climb each. */
  timesTo(from: EndColumns, to: readonly StateTime[], out: Times): void {
    this.climbFrom(to, this.downTimeMs);
    this.meetEach(from, this.upTimeMs, out);
  }

  private climbFrom(ends: readonly StateTime[], arcTimeMs: Int32Array): void {
    for (const { state, timeMs } of ends) this.addEnd(state, timeMs);
    this.climb(arcTimeMs, this.near);
  }

  private meetEach(positions: EndColumns, arcTimeMs: Int32Array, out: Times): void {
    const { first, state, timeMs } = positions;
    for (let i = 0; i < countOf(positions); i++) {
      for (let e = first[i]; e < first[i + 1]; e++) this.addEnd(state[e], timeMs[e]);
      this.climb(arcTimeMs, this.far);
      out[i] = this.meet();
    }
  }

  private addEnd(state: StateIx, timeMs: Ms): void {
    this.endPlace[this.nEnds] = this.hierarchy.place[state];
    this.endMs[this.nEnds++] = timeMs;
  }

  /** Climbs to the root from all ends, those on one root path together, each joining at its own depth. */
  private climb(arcTimeMs: Int32Array, paths: RootPaths): void {
    const { depth, subtreeEnd, parent, firstUp } = this.hierarchy;
    const { endPlace, endMs, upDepth } = this;
    paths.n = 0;
    while (this.nEnds > 0) {
      let lowest = 0;
      for (let e = 0; e < this.nEnds; e++) if (endPlace[e] > lowest) lowest = endPlace[e];
      const times = (paths.timeMs[paths.n] ??= new Int32Array(this.hierarchy.maxDepth + 1));
      times.fill(LABEL_UNREACHED, 0, depth[lowest] + 1);
      let left = 0;
      for (let e = 0; e < this.nEnds; e++) {
        const place = endPlace[e];
        if (lowest < subtreeEnd[place]) {
          const d = depth[place];
          if (endMs[e] < times[d]) times[d] = endMs[e];
        } else {
          // no ancestor of the lowest: it waits for a path of its own
          endPlace[left] = place;
          endMs[left++] = endMs[e];
        }
      }
      this.nEnds = left;
      for (let place = lowest, d = depth[lowest]; d >= 0; d--, place = parent[place]) {
        const timeMs = times[d];
        if (timeMs === LABEL_UNREACHED) continue;
        const end = firstUp[place + 1];
        for (let i = firstUp[place]; i < end; i++) {
          const through = timeMs + arcTimeMs[i];
          if (through < times[upDepth[i]]) times[upDepth[i]] = through;
        }
        this.arcsRelaxed += end - firstUp[place];
      }
      paths.place[paths.n++] = lowest;
    }
  }

  /** The fastest way over a common ancestor of the near and the far position. */
  private meet(): Ms {
    const { near, far } = this;
    let best = LABEL_UNREACHED;
    for (let a = 0; a < near.n; a++) {
      const nearMs = near.timeMs[a];
      for (let b = 0; b < far.n; b++) {
        const farMs = far.timeMs[b];
        const n = commonAncestors(this.hierarchy, near.place[a], far.place[b]);
        for (let d = 0; d < n; d++) {
          const timeMs = nearMs[d] + farMs[d];
          if (timeMs < best) best = timeMs;
        }
      }
    }
    return best === LABEL_UNREACHED ? UNREACHED_MS : best;
  }
}
