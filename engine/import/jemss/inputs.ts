/** What the files of a JEMSS simulation say, still in their own units: days, kilometres, degrees, rows from 0. */
import type { Grid } from './grid.ts';
import type { LawJson } from './laws.ts';

/** Priorities that JEMSS knows, most urgent first. */
export const PRIORITIES = ['highPriority', 'medPriority', 'lowPriority'] as const;
type PriorityName = (typeof PRIORITIES)[number];

/** The rectangle of a city in degrees, and the plane that JEMSS measures off-road ways on. */
export interface JemssMap {
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
  /** Kilometres in a degree, eastward and northward. */
  xScale: number;
  yScale: number;
}

export interface JemssPlaces {
  x: Float64Array;
  y: Float64Array;
  /** Empty where the file has no names. */
  names: string[];
}

export interface JemssNodes extends JemssPlaces {
  /** 1 where one may leave the road for a place. */
  offRoadAccess: Uint8Array;
}

export interface JemssArcs {
  /** Undirected arcs are driven both ways in the same time. */
  directed: boolean;
  from: Uint32Array;
  to: Uint32Array;
  /** Null where the file has none. */
  distanceKm: Float64Array | null;
  /** By travel mode. */
  timesDays: Float64Array[];
}

export interface JemssTravel {
  /** Km a day, by travel mode. */
  offRoadSpeed: number[];
  /** By set, then by priority: index of the travel mode. */
  sets: number[][];
  timing: { startDay: number; set: number }[];
}

export interface JemssPriority {
  name: PriorityName;
  targetDays: number;
  /** Index into PRIORITIES of the priority whose travel mode is used on the way to the call. */
  travelsAs: number;
}

/** Random calls. */
export interface JemssCallGen {
  meanInterarrivalDays: number;
  /** By priority. */
  shares: number[];
  dispatchDelay: LawJson;
  onScene: LawJson;
  transportShare: number;
  handover: LawJson;
  /** Null: uniform over the map. */
  raster: { name: string; grid: Grid } | null;
  /** Files of calls that the generator would write, one for each run. */
  files: number;
  startDay: number;
  /** When calls end; in days from 0, or as their number. */
  until: { day: number } | { calls: number };
}

/** A file of calls. */
export interface JemssCalls {
  fileName: string;
  startDay: number;
  priority: Float64Array;
  x: Float64Array;
  y: Float64Array;
  arrivalDays: Float64Array;
  dispatchDelayDays: Float64Array;
  onSceneDays: Float64Array;
  transport: boolean[];
  handoverDays: Float64Array;
  /** From 1; -1 where the nearest is taken. */
  hospital: Float64Array;
}

export interface JemssStats {
  warmUpDays: number;
  periodDays: number[];
  /** Whether the periods begin again after the last. */
  cycles: boolean;
}

export interface JemssMoveUp {
  module: string;
  /** Share of time that a unit is busy, where the module takes one. */
  busyFraction: number | null;
  /** Stations (rows) in the order in which they are filled, where the module takes a list or a nested table. */
  order: number[] | null;
}

export interface JemssInputs {
  name: string;
  configName: string;
  map: JemssMap;
  nodes: JemssNodes;
  arcs: JemssArcs;
  stations: JemssPlaces & { capacity: Float64Array };
  hospitals: JemssPlaces;
  /** Row of its station, for each ambulance. */
  ambulances: Uint32Array;
  priorities: JemssPriority[];
  travel: JemssTravel;
  /** Pairs of priorities (from, to) between which an ambulance on its way may be taken; rows of PRIORITIES. */
  redispatch: { from: number; to: number }[];
  mobilisationDelay: LawJson | null;
  calls: { random: JemssCallGen } | { file: JemssCalls };
  stats: JemssStats | null;
  /** Longest drive that covers a call, by priority, where a move-up module asks for it. */
  coverDays: number[] | null;
  moveUp: JemssMoveUp;
  /** Files that were read, as people find them, and what was generated. */
  files: string[];
  generated: string[];
  /** What the configuration asks for and nothing is made of. */
  remarks: string[];
}
