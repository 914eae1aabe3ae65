/**
 * A scenario with every file read, every name looked up and every time in milliseconds, but not yet on roads:
 * what `resolve` gives and the city stage takes. Lists keep the order of the file; indices point into these lists.
 */
import type { Ms } from '../units.ts';
import type { FileRef, ProfileJson, ScenarioJson, StandardJson } from './schema.ts';

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
  shifts: { id: string; startMs: Ms; endMs: Ms }[];
  /** `count` already expanded. `post` is an index into posts or null. */
  units: { id: string; post: number | null; shifts: number[]; profile: string }[];
  demand: {
    categories: DemandCategory[];
    sources: DemandSourceSpec[];
  };
  delays: { callHandlingMs: Ms; turnoutAtPostMs: Ms; turnoutOnPatrolMs: Ms; accessMs: Ms };
  standards: StandardJson[];
  dispatch: { type: string };
  patrol: { type: string; profile: string };
  placement: PlacementRequest | null;
  snapLimitM: number;
  run: { start: RunStart; durationMs: Ms; warmUpMs: Ms; replications: number; seed: number | string };
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

export interface DemandCategory {
  id: string;
  name: string;
  priority: number;
  share: number;
  siren: boolean;
  onScene: { type: 'constant' | 'exponential' | 'lognormal'; meanS: number; cv: number };
}

export interface DemandSourceSpec {
  where:
    | { type: 'zone'; zone: number }
    | { type: 'roads' }
    | { type: 'places'; fileName: string; places: LonLat[] };
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
export interface KnownNames {
  dispatch: readonly string[];
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
