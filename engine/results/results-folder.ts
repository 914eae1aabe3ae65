/**
 * The results folder: the names, columns and JSON shapes of every file. Written by `results/`, read by the viewer,
 * `patrol135 score`, R, Python, DuckDB. Times in files are seconds or milliseconds as the name says, from the scored
 * start (negative in the warm-up); places are WGS84.
 *
 *   manifest.json        what was run: version, seed, hashes of inputs and of every other file
 *   kpis.json            figures with intervals, by standard (KpisJson)
 *   incidents.csv        one row for each call
 *   events.parquet       the event log of all replications, in order of (replication, row)
 *   routes.parquet       every drive of the log, one row for each segment driven
 *   roads.parquet        shape of the network, one row for each shape point
 *   city.geojson         zones, points, lines, posts, destinations as placed on the roads (properties: kind, id, name, class…)
 *   patrol.json          the patrol plan, what it leaves out, the match of each line
 *   placement.json       only when the scenario asks for placement
 *   import-report.json   what the importer read, dropped and repaired
 *   scenario.json        the scenario as given
 *   timing.json          wall times, workers, machine, date: the only file outside the promise of equal bytes
 */

export const RESULT_FILES = {
  manifest: 'manifest.json',
  kpis: 'kpis.json',
  incidents: 'incidents.csv',
  events: 'events.parquet',
  routes: 'routes.parquet',
  roads: 'roads.parquet',
  city: 'city.geojson',
  patrol: 'patrol.json',
  placement: 'placement.json',
  importReport: 'import-report.json',
  scenario: 'scenario.json',
  timing: 'timing.json',
} as const;

/**
 * events.parquet. Indices as in memory, null for none; ids as in the scenario, so that the table stands alone.
 * The call columns (category … callKey) are filled on callOccurred rows only: all that a call brings with it, so that
 * the log alone is enough to run it again.
 */
export const EVENT_COLUMNS = [
  { name: 'replication', type: 'INT32' }, // from 1
  { name: 'seq', type: 'INT32' }, // row number within the replication, from 0
  { name: 'timeMs', type: 'INT64' }, // read as bigint by hyparquet
  { name: 'kind', type: 'STRING' }, // a name of EVENT_KINDS
  { name: 'call', type: 'INT32' }, // number of the call within the replication, from 0
  { name: 'unit', type: 'STRING' }, // unit id
  { name: 'segment', type: 'INT32' }, // where it happened: position on roads.parquet
  { name: 'offsetMm', type: 'INT32' },
  { name: 'lon', type: 'DOUBLE' },
  { name: 'lat', type: 'DOUBLE' },
  { name: 'route', type: 'INT32' }, // id in routes.parquet, valid together with routeReplication
  { name: 'routeReplication', type: 'INT32' }, // 0 for planned drives, shared by all replications
  { name: 'detail', type: 'STRING' },
  { name: 'category', type: 'STRING' },
  { name: 'priority', type: 'INT32' },
  { name: 'zone', type: 'STRING' }, // zone id, null outside every zone
  { name: 'zoneClass', type: 'STRING' }, // 'none' outside every zone
  { name: 'onSceneMs', type: 'INT64' },
  { name: 'unitsWanted', type: 'INT32' },
  { name: 'triaged', type: 'INT32' }, // 1 where the call ends at the desk, otherwise 0
  { name: 'transported', type: 'INT32' }, // 1 where somebody is brought away, otherwise 0
  { name: 'handoverMs', type: 'INT64' },
  { name: 'reportMs', type: 'INT64' },
  { name: 'parent', type: 'INT32' }, // the call of the replication that it is linked to or repeats
  { name: 'callKey', type: 'INT64' }, // keys the draws that are made when it is answered
] as const;

/** routes.parquet: the drive `route` of `replication`, step by step. Position is linear in time within a step. */
export const ROUTE_COLUMNS = [
  { name: 'replication', type: 'INT32' }, // from 1; 0 for planned drives
  { name: 'route', type: 'INT32' },
  { name: 'step', type: 'INT32' },
  { name: 'segment', type: 'INT32' },
  { name: 'fromMm', type: 'INT32' },
  { name: 'toMm', type: 'INT32' }, // smaller than fromMm when driven backward
  { name: 'endMs', type: 'INT32' }, // end of the step, from the start of the drive
] as const;

/** roads.parquet: shape points in order; a segment's rows are consecutive. */
export const ROAD_COLUMNS = [
  { name: 'segment', type: 'INT32' },
  { name: 'roadClass', type: 'STRING' },
  { name: 'name', type: 'STRING' },
  { name: 'lon', type: 'DOUBLE' },
  { name: 'lat', type: 'DOUBLE' },
  { name: 'atMm', type: 'INT32' }, // distance along the segment
] as const;

/** The dispatch decision in `detail` of a unitDispatched row, as JSON text. */
export interface DispatchDetail {
  reason: string;
  candidates: { unit: string; travelTimeS: number }[];
}

/**
 * Where an interval comes from: how replications differ (`student`, `jackknife`; `woodruff` for percentiles), or the
 * binomial law of the pooled count (`wilson`) where replications do not differ or there is but one.
 */
export type IntervalMethod = 'student' | 'jackknife' | 'woodruff' | 'wilson';

/** A figure with its uncertainty: 95 % interval over replications, and how much it rests on. */
export interface Estimate {
  value: number | null;
  /** null where the data bound it on neither side: one replication, no spread, too few calls for the percentile. */
  ci95: [number, number] | null;
  method: IntervalMethod | null;
  /** Calls (or other items) behind the value: of all replications together, or distinct ones (`sameCalls` of kpis.json). */
  n: number;
}

export interface ClauseScore {
  clause: string;
  /** Readable selector, such as `zone class core`. */
  selector: string;
  event: string;
  clockStart: string;
  thresholdS: number;
  /** Null where the standard asks for no share. */
  targetShare: number | null;
  statistic: string;
  /** Scored calls that the selector picks. */
  nSelected: number;
  /** Selected calls that the estimate leaves out, because the run ended before it was known whether they are met. */
  nLeftOut: number;
  /** Share of selected calls meeting the threshold, or the percentile in seconds; value null when it cannot be scored. */
  estimate: Estimate;
  /**
   * true / false when the target is met / missed by the value; null when not scored, when calls left out could turn it, or
   * when no share is asked for.
   */
  met: boolean | null;
  /** Why there is no number, such as an event that this log does not hold. */
  notScored: string | null;
}

/** A standard and how each of its clauses came out. */
export interface StandardScore {
  id: string;
  title: string;
  source: string;
  clauses: ClauseScore[];
}

/** Shares of calls reached within 1, 3 and 5 minutes, for one group of calls. */
export interface TierRow {
  /** `all`, `zoneClass:core`, `priority:1`, `zone:ID`. */
  group: string;
  label: string;
  /** Scored calls of the group; the n of a figure is smaller by the calls still undecided when the run ended. */
  n: number;
  within1min: Estimate;
  within3min: Estimate;
  within5min: Estimate;
  meanS: Estimate;
  p50S: Estimate;
  p90S: Estimate;
  p95S: Estimate;
}

/** What became of the calls of a group. */
export interface LossRow {
  /** `all`, `priority:1`. */
  group: string;
  label: string;
  n: number;
  /** Share of calls that ended at the desk. */
  triaged: Estimate;
  /** Share of the others that found no room in the queue and went to another force. */
  lost: Estimate;
  /** Share of calls, lost ones left out, that had to wait for a unit; and mean wait of those that one was sent to. */
  waited: Estimate;
  meanWaitS: Estimate;
}

/** Where time on duty went; shares of it, and hours in a replication. */
export interface TimeSplit {
  busyShare: Estimate;
  /** What the roster asks, and overtime: all that varies of it has its interval in `overtimeHours`. */
  onDutyHours: number;
  activityShare: Estimate;
  breakShare: Estimate;
  outOfServiceShare: Estimate;
  overtimeHours: Estimate;
}

/** One long run cut into batches: each stands where a replication stands in every interval. */
export interface SteadyStateJson {
  batches: number;
  batchS: number;
  /**
   * Whether batches hang together: correlation with the next one (lag 1), von Neumann's ratio (2 when independent), and
   * whether independent ones would look like that in fewer than 5 of 100 runs. Null where it cannot be told: batches
   * without calls, or no difference between them.
   */
  checks: {
    figure: string;
    check: { n: number; lag1: number; vonNeumann: number; correlated: boolean } | null;
  }[];
  /** From the start of the simulated time; null where the rule finds the run too short to say. */
  warmUp: { givenS: number; suggestedS: number | null; method: string };
}

/** Of a run that went on until a figure was known well enough (`--until`): the rule, and how it ended. */
export interface UntilJson {
  /** Half of the figure's 95 % interval: asked, and reached (null where there is no interval). A share, or seconds. */
  halfWidth: number;
  reached: number | null;
  /** A column and row of `achieved`. */
  of: string;
  group: string;
  clockStart: string;
  /** Judged after every so many replications. */
  batch: number;
  most: number;
  /** How many were judged at the end. */
  replications: number;
  /** `most`: the run ended at its limit, and the interval is longer than asked. */
  stopped: 'target' | 'most' | 'interrupted';
}

export interface KpisJson {
  version: 1;
  scenario: string;
  replications: number;
  complete: boolean;
  /** Why so many replications; only of a run with `--until`. */
  until?: UntilJson;
  /**
   * Whether the run kept its event log. Without one, calls were counted as they ended: percentiles are read from bins of
   * a second (growing beyond an hour) and are their upper ends; patrols are not told. Always written; keys with a `?`
   * are optional for readers of folders of earlier versions only.
   */
  log?: boolean;
  /**
   * Whether each replication answers the same calls, those of a file. Then every `n` of calls counts each call once, not
   * once for each replication, and intervals over replications hold for these calls: they tell what drawn times
   * do, not what other calls would. Always written.
   */
  sameCalls?: boolean;
  /** The clock of the tier rows: from this event to the first arrival. */
  clockStart: string;
  /** Achieved coverage: did the first unit get there in time, busy units and all? From the simulation. */
  achieved: TierRow[];
  /**
   * Potential coverage: could a unit standing at its post get there in time, if it were free? From the graph alone,
   * weighted by expected calls; clock from wheels turning. Never to be compared with another clock. No interval: it is exact.
   */
  potential: {
    clockStart: 'enRoute';
    /** Exact shares of the calls that are expected, not of a sample. */
    rows: { group: string; label: string; within1min: number; within3min: number; within5min: number }[];
  };
  standards: StandardScore[];
  /** Mean seconds spent in each interval of a call's time line. */
  waterfall: { interval: string; meanS: Estimate }[];
  waterfallByPriority?: {
    group: string;
    label: string;
    intervals: { interval: string; meanS: Estimate }[];
  }[];
  /** What became of calls, of all and by priority. */
  losses?: LossRow[];
  utilisation: ({ unit: string; busyShare: Estimate; onDutyHours: number } & Partial<TimeSplit>)[];
  /** All units together. */
  fleet?: TimeSplit;
  calls: { perReplication: Estimate; openAtEnd: Estimate };
  /** Null for runs by replications. */
  steadyState?: SteadyStateJson | null;
  patrol: {
    /** Done out of asked, visits and passes over all shifts of the run. */
    visits: { asked: number; done: Estimate };
    passes: { asked: number; done: Estimate };
    /** Mean over replications with its interval; n: how often the task was asked in all of them. */
    missed: {
      task: string;
      shift: string;
      cause: string;
      perReplication: number;
      ci95?: [number, number] | null;
      method?: IntervalMethod | null;
      n?: number;
    }[];
    /**
     * Quotas are asked of whole shifts: how often each shift lies wholly in the scored time, and how often the run's
     * ends cut it (not judged). Always written; optional for readers.
     */
    shifts?: { shift: string; whole: number; cut: number }[];
    longestGapS: { point: string; allowedS: number | null; longestS: Estimate }[];
  };
}
