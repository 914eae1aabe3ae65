/**
 * The arcs of a metric as searches read them: from each state the arcs that are open, far end and time of each side by
 * side, so that a junction costs one line of the cache.
 */
import { UNREACHED_MS } from '../units.ts';
import type { Metric } from './metric.ts';

/** `out`: times from the seeds; `in`: times to the seeds. */
export type SearchDirection = 'out' | 'in';

/** What a search needs of a metric. */
export type SearchMetric = Pick<Metric, 'network' | 'networkTimeMs'>;

export interface SearchArcs {
  /** The arcs of state s are endAndTime[first[s] .. first[s + 1]), two entries each. */
  first: Int32Array;
  /** The state at the far end of an arc, then its time in ms. */
  endAndTime: Int32Array;
  /** Mean time of an arc, 0 where none is open. */
  meanMs: number;
}

/** The open arcs that a search in this direction follows. Cost about 10 ns an arc. */
function collectArcs({ network, networkTimeMs }: SearchMetric, direction: SearchDirection): SearchArcs {
  const { nStates, firstOut, head, tail, firstIn, inArc } = network;
  let nOpen = 0;
  let sumMs = 0;
  for (const timeMs of networkTimeMs) {
    if (timeMs === UNREACHED_MS) continue;
    nOpen++;
    sumMs += timeMs;
  }
  const firstArc = direction === 'out' ? firstOut : firstIn;
  const farEnd = direction === 'out' ? head : tail;
  const first = new Int32Array(nStates + 1);
  const endAndTime = new Int32Array(2 * nOpen);
  let at = 0;
  for (let state = 0; state < nStates; state++) {
    for (let i = firstArc[state]; i < firstArc[state + 1]; i++) {
      const arc = direction === 'out' ? i : inArc[i];
      if (networkTimeMs[arc] === UNREACHED_MS) continue;
      endAndTime[at++] = farEnd[arc];
      endAndTime[at++] = networkTimeMs[arc];
    }
    first[state + 1] = at;
  }
  return { first, endAndTime, meanMs: nOpen > 0 ? sumMs / nOpen : 0 };
}

/** Arcs of both directions, collected when first asked for. Later changes of the metric's times are not seen. */
export class ArcsOfMetric {
  private readonly metric: SearchMetric;
  private out: SearchArcs | undefined;
  private in: SearchArcs | undefined;

  constructor(metric: SearchMetric) {
    this.metric = metric;
  }

  towards(direction: SearchDirection): SearchArcs {
    return (this[direction] ??= collectArcs(this.metric, direction));
  }
}
