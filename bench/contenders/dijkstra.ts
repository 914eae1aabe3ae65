/** The engine's own plain Dijkstra (heap), asked as benches ask: from state to state. */
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { NONE, UNREACHED_MS, type Ms } from '../../engine/units.ts';

interface DijkstraContender {
  /** Stopped when the target is settled. */
  timeMs: (from: number, to: number) => Ms;
  /** Stopped when the last target is settled; into `out`. */
  timesMs: (from: number, to: Uint32Array, out: Uint32Array) => void;
  /** To every road node, in their order; into `out`. */
  toAllMs: (from: number, out: Uint32Array) => void;
}

export function dijkstraContender(metric: Metric): DijkstraContender {
  const search = new DijkstraSearch(metric);
  const { baseState, nStates } = metric.network;
  const isTarget = new Uint32Array(nStates);
  let question = 0;
  return {
    timeMs(from, to) {
      search.start('out');
      search.seed(from, 0);
      for (;;) {
        const state = search.settle(UNREACHED_MS - 1);
        if (state === to || state === NONE) return search.timeOf(to);
      }
    },
    timesMs(from, to, out) {
      question++;
      let awaited = 0;
      for (let i = 0; i < to.length; i++) {
        if (isTarget[to[i]] === question) continue;
        isTarget[to[i]] = question;
        awaited++;
      }
      search.start('out');
      search.seed(from, 0);
      while (awaited > 0) {
        const state = search.settle(UNREACHED_MS - 1);
        if (state === NONE) break;
        if (isTarget[state] === question) awaited--;
      }
      for (let i = 0; i < to.length; i++) out[i] = search.timeOf(to[i]);
    },
    toAllMs(from, out) {
      search.start('out');
      search.seed(from, 0);
      search.settleAll(UNREACHED_MS - 1);
      search.copyTimes(baseState, out);
    },
  };
}
