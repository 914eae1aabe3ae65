/** The order of small parts: minimum degree, exactly. */

/** Workspace for the small parts of one graph. */
export class MinimumDegree {
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  /** Index within the part and around it, or -1. */
  private readonly index: Int32Array;
  private around = new Int32Array(64);
  private rows = new Int32Array(1024);
  private degree = new Int32Array(64);

  /** @param first,next  the whole graph: neighbours of node v are next[first[v] .. first[v + 1]), each once */
  constructor(first: Int32Array, next: Int32Array) {
    this.first = first;
    this.next = next;
    this.index = new Int32Array(first.length - 1).fill(-1);
  }

  /**
   * Ranks a part's nodes: always next the one with the fewest neighbours when those before it are contracted, the first on
   * a tie. Neighbours beyond the part (separators around it) count too. Cost O(size^2 (size + neighbours beyond) / 32).
   * @param node  the part is node[from .. to)
   * @param rank  gets the ranks firstRank, firstRank + 1, …
   */
  order(node: Int32Array, from: number, to: number, rank: Int32Array, firstRank: number): void {
    const { first, next, index } = this;
    const size = to - from;
    const nAll = this.indexPart(node, from, to);
    // row i: a bit for each neighbour of the part's i-th node
    const width = (nAll + 31) >>> 5;
    if (this.rows.length < size * width) this.rows = new Int32Array(2 * size * width);
    if (this.degree.length < size) this.degree = new Int32Array(2 * size);
    const { rows, degree } = this;
    rows.fill(0, 0, size * width);
    for (let i = 0; i < size; i++) {
      const v = node[from + i];
      degree[i] = first[v + 1] - first[v];
      for (let a = first[v]; a < first[v + 1]; a++) {
        const j = index[next[a]];
        rows[i * width + (j >>> 5)] |= 1 << (j & 31);
      }
    }
    for (let step = 0; step < size; step++) {
      let least = -1;
      for (let i = 0; i < size; i++) {
        if (degree[i] >= 0 && (least < 0 || degree[i] < degree[least])) least = i;
      }
      rank[node[from + least]] = firstRank + step;
      degree[least] = -1; // gone
      const row = least * width;
      for (let i = 0; i < size; i++) {
        if (((rows[row + (i >>> 5)] >>> (i & 31)) & 1) === 0) continue;
        const own = i * width;
        rows[own + (least >>> 5)] &= ~(1 << (least & 31));
        let count = -1; // the row of the one that goes has a bit for i itself
        for (let k = 0; k < width; k++) count += countBits((rows[own + k] |= rows[row + k]));
        rows[own + (i >>> 5)] &= ~(1 << (i & 31));
        degree[i] = count;
      }
    }
    for (let i = from; i < to; i++) index[node[i]] = -1;
    for (let i = 0; i < nAll - size; i++) index[this.around[i]] = -1;
  }

  /** Gives each node of the part and each neighbour beyond it an index; returns how many there are. */
  private indexPart(node: Int32Array, from: number, to: number): number {
    const { first, next, index } = this;
    for (let i = from; i < to; i++) index[node[i]] = i - from;
    let nAround = 0;
    for (let i = from; i < to; i++) {
      for (let a = first[node[i]]; a < first[node[i] + 1]; a++) {
        if (index[next[a]] >= 0) continue;
        if (nAround === this.around.length) {
          const larger = new Int32Array(2 * nAround);
          larger.set(this.around);
          this.around = larger;
        }
        index[next[a]] = to - from + nAround;
        this.around[nAround++] = next[a];
      }
    }
    return to - from + nAround;
  }
}

function countBits(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
