/**
 * Drives of many days. Kernels hold times below 12 days (LABEL_UNREACHED) and take a longer drive for none. On roads no drive
 * comes near; where one can, by times that somebody made up, plain Dijkstra has the last word on what is none.
 */
import type { Hierarchy } from './hierarchy.ts';
import type { LabelSpace } from './kernels/label-space.ts';
import { LABEL_UNREACHED } from './kernels/slots.ts';
import { openLabels } from './labels.ts';
import type { Metric } from './metric.ts';
import type { Router } from './router.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';

/** No drive between states takes longer: over a common ancestor, two labels. Cost O(labels), some milliseconds. */
export function longestByLabels({ to, from }: Pick<LabelSpace, 'to' | 'from'>): Ms {
  return longest(to, LABEL_UNREACHED) + longest(from, LABEL_UNREACHED);
}

/** No drive between states takes longer: the slowest way up the hierarchy and the slowest down. Cost O(completed arcs). */
export function longestByHierarchy(
  { nNodes, firstUp, up }: Pick<Hierarchy, 'nNodes' | 'firstUp' | 'up'>,
  upTimeMs: Int32Array,
  downTimeMs: Int32Array,
): Ms {
  let longestMs = 0;
  for (const timeMs of [upTimeMs, downTimeMs]) {
    const slowestMs = new Float64Array(nNodes);
    for (let p = 0; p < nNodes; p++) {
      for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
        if (timeMs[i] === LABEL_UNREACHED) continue;
        slowestMs[p] = Math.max(slowestMs[p], timeMs[i] + slowestMs[up[i]]);
      }
    }
    longestMs += longest(slowestMs, Infinity);
  }
  return longestMs;
}

/**
 * A router whose answers of no way are checked with the reference where they could be drives of many days; so are answers
 * of many days, beside which there could be a faster drive that kernels took for none.
 * @param longestMs  no drive between states takes longer, as far as the router's kernels know; asked for at most once, and
 *   not before there is such an answer
 */
export function withLongDrives(router: Router, reference: () => Router, longestMs: () => Ms): Router {
  let known: boolean | undefined;
  const arePossible = (): boolean =>
    (known ??= longestMs() + 2 * longest(router.metric.arcTimeMs, UNREACHED_MS) >= LABEL_UNREACHED);
  const isUnsure = (times: Uint32Array, limitMs: Ms | undefined): boolean =>
    (limitMs === undefined || limitMs >= LABEL_UNREACHED) && hasLong(times) && arePossible();
  return {
    ...router,
    timeMs(from, to) {
      const timeMs = router.timeMs(from, to);
      return isLong(timeMs) && arePossible() ? reference().timeMs(from, to) : timeMs;
    },
    timesFrom(from, to, limitMs) {
      const times = router.timesFrom(from, to, limitMs);
      return isUnsure(times, limitMs) ? reference().timesFrom(from, to, limitMs) : times;
    },
    timesTo(from, to, limitMs) {
      const times = router.timesTo(from, to, limitMs);
      return isUnsure(times, limitMs) ? reference().timesTo(from, to, limitMs) : times;
    },
    matrix(from, to, limitMs) {
      const times = router.matrix(from, to, limitMs);
      return isUnsure(times, limitMs) ? reference().matrix(from, to, limitMs) : times;
    },
    route(from, to) {
      const route = router.route(from, to);
      return (route === null || isLong(route.travelTimeMs)) && arePossible()
        ? reference().route(from, to)
        : route;
    },
  };
}

/** Whether some drive of a metric with labels may take so long that they hold it for none. Cost O(completed arcs), once a metric. */
export function mayTakeDays(metric: Metric): boolean {
  let may = known.get(metric);
  if (may === undefined) {
    const { space } = openLabels(metric.labels!);
    const withinMs = LABEL_UNREACHED - 2 * longest(metric.arcTimeMs, UNREACHED_MS);
    // as a rule the way over the hierarchy says so in a tenth of the time
    may =
      longestByHierarchy(space, space.upTime, space.downTime) >= withinMs &&
      longestByLabels(space) >= withinMs;
    known.set(metric, may);
  }
  return may;
}

const known = new WeakMap<Metric, boolean>();

/** Kernels vouch for shorter times only; no way counts as long. */
const isLong = (timeMs: Ms): boolean => timeMs >= LABEL_UNREACHED;

function hasLong(timesMs: Uint32Array): boolean {
  for (let i = 0; i < timesMs.length; i++) if (isLong(timesMs[i])) return true;
  return false;
}

/** The largest of some times; `none` is no time. */
function longest(timesMs: Int32Array | Uint32Array | Float64Array, none: number): Ms {
  let longestMs = 0;
  for (const timeMs of timesMs) if (timeMs > longestMs && timeMs !== none) longestMs = timeMs;
  return longestMs;
}
