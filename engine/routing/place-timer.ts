/** Travel times to one place from positions that come up one by one: what is common to all of them is prepared once. */
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import { DijkstraSearch } from './dijkstra.ts';
import { MAX_GATHERED_ENDS } from './kernels/query-slots.ts';
import type { LabelQuery } from './kernels/query.ts';
import { openLabels } from './labels.ts';
import { mayTakeDays } from './long-drives.ts';
import type { Metric } from './metric.ts';
import { PlaceEnds } from './place-ends.ts';
import { directTimeMs } from './position-ends.ts';
import { writeExits } from './position-columns.ts';

export interface PlaceTimer {
  /** The place that times are asked to from now on. */
  open(to: RoadPosition): void;
  /** Time from a position to the place, equal to the router's; beyond `limitMs` it may be UNREACHED_MS. */
  timeMs(from: RoadPosition, limitMs: Ms): Ms;
}

/** By labels where the metric has some; else by one search against the traffic, which goes on where it stopped. */
export function createPlaceTimer(metric: Metric): PlaceTimer {
  const bySearch = new SearchTimer(metric);
  if (metric.labels === undefined || mayTakeDays(metric)) return bySearch;
  return new LabelTimer(metric, openLabels(metric.labels).query, bySearch);
}

class LabelTimer implements PlaceTimer {
  private readonly metric: Metric;
  private readonly query: LabelQuery;
  /** For places around which more roads meet than the kernels gather. */
  private readonly bySearch: PlaceTimer;
  private to: RoadPosition = { segment: 0, offsetMm: 0 };
  private readonly entries: PlaceEnds;
  private gathered = -1;

  constructor(metric: Metric, query: LabelQuery, bySearch: PlaceTimer) {
    this.metric = metric;
    this.query = query;
    this.bySearch = bySearch;
    this.entries = new PlaceEnds(metric);
  }

  open(to: RoadPosition): void {
    this.to = to;
    this.entries.readEntries(to);
    if (this.entries.n > MAX_GATHERED_ENDS) this.bySearch.open(to);
    else this.gather();
  }

  timeMs(from: RoadPosition, limitMs: Ms): Ms {
    const { metric, query } = this;
    if (this.entries.n > MAX_GATHERED_ENDS) return this.bySearch.timeMs(from, limitMs);
    // others may have asked the same labels since
    if (query.placesGathered !== this.gathered) this.gather();
    const { first, state, timeMs } = query.table;
    first[0] = 0;
    first[1] = writeExits(metric, from, state, timeMs, 0);
    const overStatesMs = query.timesToGathered(1)[0];
    return from.segment === this.to.segment
      ? Math.min(overStatesMs, directTimeMs(metric, from, this.to))
      : overStatesMs;
  }

  private gather(): void {
    const { n, state, timeMs } = this.entries;
    this.query.gatherPlaceOf(n, state, timeMs);
    this.gathered = this.query.placesGathered;
  }
}

class SearchTimer implements PlaceTimer {
  private readonly metric: Metric;
  private madeEnds: PlaceEnds | undefined;
  private to: RoadPosition = { segment: 0, offsetMm: 0 };
  private madeSearch: DijkstraSearch | undefined;

  constructor(metric: Metric) {
    this.metric = metric;
  }

  open(to: RoadPosition): void {
    this.to = to;
    this.search.start('in');
    this.ends.readEntries(to);
    for (let e = 0; e < this.ends.n; e++) this.search.seed(this.ends.state[e], this.ends.timeMs[e]);
  }

  timeMs(from: RoadPosition, limitMs: Ms): Ms {
    const { search, ends } = this;
    ends.readExits(from);
    const directMs = directTimeMs(this.metric, from, this.to);
    for (;;) {
      let best = directMs;
      for (let e = 0; e < ends.n; e++) best = Math.min(best, search.timeOf(ends.state[e]) + ends.timeMs[e]);
      // what is not settled lies no nearer than what comes next
      const nextMs = search.nextTime();
      if (nextMs >= best || nextMs > limitMs) return Math.min(best, UNREACHED_MS);
      search.settle(UNREACHED_MS - 1);
    }
  }

  private get ends(): PlaceEnds {
    return (this.madeEnds ??= new PlaceEnds(this.metric));
  }

  private get search(): DijkstraSearch {
    return (this.madeSearch ??= new DijkstraSearch(this.metric));
  }
}
