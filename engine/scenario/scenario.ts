/**
 * A scenario with every file read, every name looked up and every time in milliseconds, but not yet on roads:
 * what `resolve` gives and the city stage takes. Lists keep the order of the file; indices point into these lists.
 */
import type { Ms } from '../units.ts';
import type { FileRef, PolicyKeys, ProfileJson, ScenarioJson, StandardJson } from './schema.ts';

/** Where a place was written, for messages: the file and the place in it. */
export interface Origin {
  file: string;
  place: string;
}

export interface LonLat {
  lon: number;
  lat: number;
}

export interface Scenario {
  name: string;
  /** Name of the scenario file without its folder, and its hash, for the manifest. */
  fileName: string;
  sha256: string;
  /** The scenario file as given; results carry a copy. */
  bytes: Uint8Array;
  roads: {
    file: SourceFile;
    format: string | undefined;
    pedestrianStreets: boolean;
    modes: ScenarioJson['roads']['modes'];
    changes: RoadChange[];
  };
  /** Each polygon is its outer ring, then its holes; every ring ends where it starts. The zone is all of them together. */
  zones: { id: string; name: string; class: string; polygons: LonLat[][][]; origin: Origin }[];
  points: {
    id: string;
    name: string;
    place: LonLat;
    origin: Origin;
    visitsPerShift: number;
    dwellMs: Ms;
    longestGapMs: Ms | null;
  }[];
  lines: {
    id: string;
    name: string;
    coordinates: LonLat[];
    passesPerShift: number;
    direction: 'along' | 'both';
  }[];
  posts: { id: string; name: string; place: LonLat; origin: Origin }[];
  /** As given: `base` names a built-in profile or one before it, and the names of all tables are known. */
  profiles: ProfileJson[];
  traffic: { periods: TrafficPeriod[] };
  /** `days[d]` says whether the shift begins on day d, 0 is Monday. */
  shifts: { id: string; startMs: Ms; endMs: Ms; days: readonly boolean[] }[];
  /** Skills by bit: a unit's or category's `skills` has bit b for skills[b]. At most 30. */
  skills: string[];
  /** `count` already expanded. */
  units: UnitSpec[];
  /** Where people are brought: custody, hospitals. */
  destinations: { id: string; name: string; kind: string; place: LonLat; origin: Origin }[];
  demand: DemandSpec;
  /** What units do of their own accord. */
  activities: ActivitySpec[];
  /** Means in whole milliseconds, for stages that plan; the simulation draws from `delayLaws`. */
  delays: Record<`${Delay}Ms`, Ms>;
  delayLaws: Record<Delay, TimeLaw>;
  /** Drives take their time by the roads, times a random factor of mean 1 and this coefficient of variation. */
  travel: { cv: number };
  /** Age of the positions by which a dispatcher sees units. */
  positionsStaleMs: Ms;
  /** Calls that may wait for a unit; one that finds no room goes to another force. */
  queue: { type: 'unlimited' | 'finite' | 'none'; places: number };
  standards: StandardJson[];
  dispatch: PolicyChoice;
  moveUp: PolicyChoice;
  patrol: { type: string; profile: string };
  placement: PlacementRequest | null;
  snapLimitM: number;
  run: {
    start: RunStart;
    durationMs: Ms;
    warmUpMs: Ms;
    replications: number;
    seed: number | string;
    /** One long replication whose scored time is cut into batches, instead of independent replications. */
    steadyState: { batches: number } | null;
  };
  /** Every file that was read, with the hash and size it has on disk, for the manifest; in order of first use. */
  files: { name: string; sha256: string; bytes: number }[];
  /** What a person should look at although the run may go on: likely slips, rows and properties not used. */
  warnings: string[];
}

/** Roads that are closed or slower, by their way ids or by an area. */
export interface RoadChange {
  where: { ways: readonly number[] } | { polygons: LonLat[][][] };
  closed: boolean;
  /** Factor on speeds; 1 where roads are closed. */
  speedFactor: number;
  origin: Origin;
}

/** Hours of the week in which traffic is slower. No two periods share a moment. */
export interface TrafficPeriod {
  id: string;
  /** From Monday 00:00, [start, end) by day on which it begins; an end may lie in the week after. */
  hours: { startMs: Ms; endMs: Ms }[];
  /** Factor on speeds, or factors by road class. */
  speedFactor: number | Readonly<Record<string, number>>;
}

/** A file as read. */
export interface SourceFile {
  /**
   * As the scenario names it, the same on every machine: `zones.geojson`, `data:baltimore/osm/x.pbf`,
   * `package:geojson-path-finder/test/large-network.json`.
   */
  name: string;
  /** Of the file as stored. */
  sha256: string;
  /** Unpacked where the file is gzip. */
  bytes: Uint8Array;
  /** Size as stored, where it differs from `bytes` because the file is gzip. */
  packedBytes?: number;
}

/** Random or fixed delays of a call's time line. */
export type Delay = 'callHandling' | 'dispatch' | 'turnoutAtPost' | 'turnoutOnPatrol' | 'access';

/** How long something takes. */
export interface TimeLaw {
  type: 'constant' | 'exponential' | 'gamma' | 'lognormal' | 'empirical';
  /** Need not be whole. */
  meanMs: number;
  /** Standard deviation over mean. */
  cv: number;
  /** Of an empirical law: observed durations in whole milliseconds, ascending, each as likely as any other. */
  valuesMs: readonly Ms[];
}

/** A policy by name, with its parameters as its own schema has checked them. */
export interface PolicyChoice {
  type: string;
  params: Readonly<Record<string, unknown>>;
}

export interface UnitSpec {
  id: string;
  /** Index into posts, null where placement gives it a site. */
  post: number | null;
  /** Indices into shifts. */
  shifts: number[];
  profile: string;
  /** Kind of unit for people: `car`, `motorcycle`, `foot`… */
  kind: string;
  /** Bits of `Scenario.skills`. */
  skills: number;
  /** `post`: after a call it is out of reach on its way back to its post; on rounds or moving up it can be sent. */
  answersFrom: 'anywhere' | 'post';
  /** Zones it is responsible for; indices. */
  sector: number[];
  breaks: BreakSpec[];
  /** Times from the scored start in which it is out of service, [from, to), ascending and apart. */
  outOfService: { fromMs: Ms; toMs: Ms }[];
}

/** A break falls due so long after the start of a shift and is taken as soon as the unit is free. */
export interface BreakSpec {
  /** Index into shifts, null for every shift of the unit. */
  shift: number | null;
  afterMs: Ms;
  durationMs: Ms;
  /** Calls of this priority and more urgent ones (lower numbers) interrupt it; 0: none does. What is left is taken later. */
  interruptibleBy: number;
}

export interface ActivitySpec {
  id: string;
  name: string;
  /** How often each unit begins it while it is on duty, by the hour; a unit that is busy then lets it be. */
  perUnitHour: number;
  duration: TimeLaw;
  /** As of a break. */
  interruptibleBy: number;
  /** Units that do it; indices. */
  units: number[];
}

export interface DemandSpec {
  categories: DemandCategory[];
  /** Empty when calls are replayed. */
  sources: DemandSourceSpec[];
  surges: SurgeSpec[];
  /** A call file replayed as it was; null for random demand. */
  calls: ReplayedCalls | null;
}

/** Days with more (or fewer) calls. Factors of surges that overlap multiply. */
export interface SurgeSpec {
  /** From the scored start, [from, to). */
  fromMs: Ms;
  toMs: Ms;
  factor: number;
  /** Null for all. Indices. */
  categories: number[] | null;
  zones: number[] | null;
}

/** Calls of a file within the run, in order of occurrence. */
export interface ReplayedCalls {
  fileName: string;
  /** Rows that cannot be used end the run. */
  strict: boolean;
  rows: {
    /** From the scored start. */
    occurredMs: Ms;
    place: LonLat;
    /** Index into categories. */
    category: number;
    /** As recorded, or null: then drawn from the category's law. */
    onSceneMs: Ms | null;
    /** Line of the file, from 1. */
    line: number;
  }[];
}

export interface DemandCategory {
  id: string;
  name: string;
  priority: number;
  /** Of replayed calls: how many of them there are, over all. */
  share: number;
  siren: boolean;
  onScene: TimeLaw;
  /** Bits of `Scenario.skills` that every unit sent must have. */
  skills: number;
  /** Units that are sent. */
  units: number;
  /**
   * `together`: the time on scene begins when the last of the units has come, and all leave together; `each`: each unit
   * stays so long from its own arrival.
   */
  release: 'together' | 'each';
  /** Share of calls that end at the desk, without a unit. */
  triageShare: number;
  /** Share of calls after which the first unit brings somebody to the nearest destination of a kind. */
  transport: { share: number; kind: string; handover: TimeLaw } | null;
  /** Writing of the first unit after the call, from which it can be called away by nobody. */
  report: TimeLaw | null;
  /** A second call that belongs to it: another category at the same place, so long after it. */
  linked: { share: number; category: number; delay: TimeLaw } | null;
  /** The same call again, so long after it; a repeat may repeat again. */
  repeat: { share: number; delay: TimeLaw } | null;
}

export interface DemandSourceSpec {
  where:
    | { type: 'zone'; zone: number }
    | { type: 'roads' }
    | {
        type: 'places';
        fileName: string;
        places: LonLat[];
        /** Of each place, whole and at least 1 (`wholeWeights`); null where all are alike. */
        weights: number[] | null;
      };
  /** 168 rates in calls an hour, from Monday 00:00. */
  callsPerHour: number[];
  /** One weight for each category. */
  categoryShares: number[];
}

export interface PlacementRequest {
  type: string;
  sites: number | null;
  candidates: { posts: boolean; nodes: boolean; maxNodes: number };
  required: (number | LonLat)[];
  forbidden: (number | LonLat)[];
}

/** Local start of the scored time. */
export interface RunStart {
  /** As written. */
  text: string;
  /** Hour of week of the start, 0 is Monday 00:00, plus what is past the hour. */
  hourOfWeek: number;
  msIntoHour: Ms;
  /** Milliseconds from the local midnight before the start to the start. */
  msIntoDay: Ms;
}

/** The names a scenario may use for policies, models and profiles; passed in, so that this stage imports none of them. */
export interface KnownNames extends PolicyKeys {
  patrol: readonly string[];
  placement: readonly string[];
  profiles: readonly string[];
  /** Names in the tables of a profile. */
  roadClasses: readonly string[];
  surfaces: readonly string[];
  controls: readonly string[];
  exemptions: readonly string[];
  standards: Readonly<Record<string, StandardJson>>;
}

/** How a scenario's files are opened: Node opens folders, a browser opens what was dropped or fetched. */
export interface ScenarioFiles {
  /**
   * Reads one file named by the scenario; refuses whatever lies outside what was granted.
   * @param place  JSON path of the reference, for the error
   * @throws InputError naming file, place and what is allowed
   */
  read(ref: FileRef, place: string): Promise<SourceFile>;
}
