/**
 * What a profile says of how somebody travels: all that a metric needs to know, as plain data. The list is profiles.ts.
 * Numbers are assumptions with a source where there is one, to be calibrated with a fleet's own position records.
 */
import {
  type Control,
  modeBit,
  modesOf,
  type RoadClass,
  type Surface,
  type TravelMode,
} from '../import/road-extract.ts';
import type { RoadGraph } from '../graph/road-graph.ts';

export interface Profile {
  type: string;
  about: string;
  /** Only roads open to this mode are used. */
  mode: TravelMode;
  /** Speed in km/h on roads without a posted limit. */
  classKph: Readonly<Record<RoadClass, number>>;
  /** Speeds, those by a posted limit too, are multiplied by this. */
  surfaceFactor: Readonly<Record<Surface, number>>;
  /** Share of a posted limit that is driven; null for those who go at their own speed, and keep a limit that is lower. */
  postedShare: number | null;
  /** No road is travelled faster than this. */
  topKph: number;
  /** Whether the slower traffic of some hours (a scenario's `traffic`) slows it. */
  slowedByTraffic: boolean;
  /** Null for those whom no turn restriction binds. */
  turnRules: TurnRules | null;
  /** Mean time lost at each thing met on the way to the end of an arc. */
  junctionDelayS: JunctionDelays;
  /** Null for a profile without siren: it travels the same to every call. */
  siren: SirenRules | null;
  /**
   * Takes the travel times that the network came with under these names (`RoadGraph.arcTimes`) instead of speeds and
   * junction delays; `siren` for trips with siren. Traffic, closures and slow stretches hold all the same.
   */
  arcTimes?: { calm: string; siren: string };
}

export interface TurnRules {
  /**
   * OSM's words for the vehicles it is one of, such as motorcar, motor_vehicle, vehicle: a `restriction:VEHICLE` binds
   * these only, and `except=VEHICLE` lets them pass. With siren also `emergency`.
   */
  vehicle: readonly string[];
  /** Restrictions it need not obey. */
  exempt: readonly Exemption[];
}

/**
 * What a profile may be exempted from, by kind of restriction; `hours` stands for all that bind at certain hours only,
 * which everybody else obeys around the clock.
 */
export const EXEMPTIONS = {
  'no-turn': ['no_left_turn', 'no_right_turn', 'no_straight_on'],
  'no-u-turn': ['no_u_turn'],
  'only-turn': ['only_left_turn', 'only_right_turn', 'only_straight_on', 'only_u_turn'],
  'no-entry-exit': ['no_entry', 'no_exit'],
  hours: [],
} as const satisfies Record<string, readonly string[]>;
export type Exemption = keyof typeof EXEMPTIONS;

export type JunctionDelays = Readonly<Record<Control, number>>;

export interface SirenRules {
  /** Speeds are multiplied by this; `topKph` holds all the same. */
  linkFactor: number;
  /** Junction delays are multiplied by this. */
  junctionFactor: number;
  /** Restrictions that the siren exempts from, beyond those of `turnRules`. */
  exempt: readonly Exemption[];
}

/** Name of a profile's metric: `patrol-car`, `patrol-car+siren`. */
export const nameOfMetric = ({ type, siren }: Profile, withSiren: boolean): string =>
  withSiren && siren !== null ? `${type}+siren` : type;

/** Whether a graph's roads were read for the profile's mode. */
export const servesProfile = ({ modes }: Pick<RoadGraph, 'modes'>, { mode }: Profile): boolean =>
  (modes & modeBit(mode)) !== 0;

/** What to do about a graph that does not serve a profile, as a sentence. */
export function missingModeMessage({ modes }: Pick<RoadGraph, 'modes'>, { type, mode }: Profile): string {
  const read = modesOf(modes);
  const wanted = [...read, mode].join(',');
  return (
    `the profile "${type}" goes by ${mode}, but the roads were read for ${read.join(', ')}; ` +
    `read them with "modes": ${JSON.stringify([...read, mode])} under "roads" of the scenario, ` +
    `or import them with --modes ${wanted}`
  );
}
