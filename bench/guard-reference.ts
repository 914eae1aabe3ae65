/**
 * What the guard's jobs are measured against: a fixed piece of work like theirs, half of it a small Dijkstra (branches,
 * a heap), half sums over runs of memory at scattered places. FROZEN: any change of this file makes every baseline
 * worthless.
 */

const SIDE = 48;
const RUNS = 2_000;
const RUN_LENGTH = 96;
/** 128 kB in each of two columns: they stay in a core's own cache, which other processes do not empty in a time slice. */
const COLUMN = 1 << 15;

/** The kernel; each call does the same work and gives the same number. About a millisecond. */
export function createReference(): () => number {
  let seed = 12345;
  const next = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8;
  const weight = Uint32Array.from({ length: 4 * SIDE * SIDE }, () => 1 + (next() % 1000));
  const a = Int32Array.from({ length: COLUMN }, () => next() & 0xfffff);
  const b = Int32Array.from({ length: COLUMN }, () => next() & 0xfffff);
  const starts = Uint32Array.from({ length: 2 * RUNS }, () => next() % (COLUMN - RUN_LENGTH));
  const nodes = SIDE * SIDE;
  const time = new Uint32Array(nodes);
  const heap = new Float64Array(8 * nodes);

  const dijkstra = (source: number): number => {
    time.fill(0xffffffff);
    time[source] = 0;
    heap[0] = source;
    let size = 1;
    let sum = 0;
    while (size > 0) {
      const first = heap[0];
      const key = heap[--size];
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= key) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = key;
      const node = first % nodes;
      const nodeTime = (first - node) / nodes;
      if (nodeTime > time[node]) continue;
      sum += nodeTime;
      for (let side = 0; side < 4; side++) {
        const x = (node % SIDE) + (side === 0 ? 1 : side === 1 ? -1 : 0);
        const y = (node - (node % SIDE)) / SIDE + (side === 2 ? 1 : side === 3 ? -1 : 0);
        if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) continue;
        const to = y * SIDE + x;
        const arrival = nodeTime + weight[4 * node + side];
        if (arrival >= time[to]) continue;
        time[to] = arrival;
        const entry = arrival * nodes + to;
        let hole = size++;
        while (hole > 0) {
          const parent = (hole - 1) >> 1;
          if (heap[parent] <= entry) break;
          heap[hole] = heap[parent];
          hole = parent;
        }
        heap[hole] = entry;
      }
    }
    return sum;
  };

  const scattered = (): number => {
    let sum = 0;
    for (let run = 0; run < RUNS; run++) {
      const from = starts[2 * run];
      const to = starts[2 * run + 1];
      let best = 0x7fffffff;
      for (let i = 0; i < RUN_LENGTH; i++) {
        const both = a[from + i] + b[to + i];
        if (both < best) best = both;
      }
      sum += best;
    }
    return sum;
  };

  return () => dijkstra(SIDE) + scattered();
}
