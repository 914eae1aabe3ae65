/**
 * The common shape of imported roads: what every reader gives and the graph stage takes.
 * Columns are typed arrays; a way's nodes are `refs[firstRef[way] .. firstRef[way + 1])`.
 */
import { assert } from '../errors.ts';

/** Road classes built for cars, by falling rank. */
export const CAR_CLASSES = [
  'motorway',
  'motorway_link',
  'trunk',
  'trunk_link',
  'primary',
  'primary_link',
  'secondary',
  'secondary_link',
  'tertiary',
  'tertiary_link',
  'unclassified',
  'residential',
  'living_street',
  'service',
  'road',
] as const;

/** All road classes. The position here is the value in the `roadClass` columns: append only. */
export const ROAD_CLASSES = [
  ...CAR_CLASSES,
  // only where tags or options open them to a car (emergency=yes, pedestrianStreets)
  'track',
  'pedestrian',
  'footway',
  'cycleway',
  'path',
  'bridleway',
  'busway',
  // for people on foot only
  'steps',
] as const;
export type RoadClass = (typeof ROAD_CLASSES)[number];

/** How people travel, and in which bit of an access column: bit 1 car, 2 motorcycle, 4 bicycle, 8 foot. Append only. */
export const TRAVEL_MODES = ['car', 'motorcycle', 'bicycle', 'foot'] as const;
export type TravelMode = (typeof TRAVEL_MODES)[number];

/** The bit of a mode in access columns. */
export const modeBit = (mode: TravelMode): number => 1 << TRAVEL_MODES.indexOf(mode);
/** The bits of a list of modes. */
export const modeBits = (modes: readonly TravelMode[]): number =>
  modes.reduce((bits, mode) => bits | modeBit(mode), 0);
/** The modes of bits, in the order of TRAVEL_MODES. */
export const modesOf = (bits: number): TravelMode[] =>
  TRAVEL_MODES.filter((mode) => (bits & modeBit(mode)) !== 0);

/**
 * What a road is made of, by falling quality; '' where nobody has said. A position here is the value in
 * the `surface` columns: append only.
 */
export const SURFACES = [
  '',
  'asphalt',
  'concrete',
  'paving_stones',
  'cobblestone',
  'wood',
  'metal',
  'compacted',
  'gravel',
  'unpaved',
  'grass',
  'sand',
  'mud',
] as const;
export type Surface = (typeof SURFACES)[number];

/** What a driver meets at a node of the road. A position here is a bit in the `controls` column of nodes: append only. */
export const CONTROLS = [
  'signals',
  'stop',
  'giveWay',
  /** A crossing for people on foot that has signals. */
  'signalCrossing',
  'miniRoundabout',
  'levelCrossing',
] as const;
export type Control = (typeof CONTROLS)[number];

/** Which directions a way may be driven in: bit 1 along its nodes, bit 2 against them. */
export const DIRECTION = { forward: 1, backward: 2, both: 3 } as const;

/** A turn that is forbidden (`no_*`) or commanded (`only_*`) by a restriction relation. */
export interface TurnRestriction {
  osmId: number;
  /** `no_left_turn`, `only_straight_on`… as tagged. */
  kind: string;
  /** Positions of ways in the extract: the one it leads from, or several that may be meant (the turn's kind tells). */
  fromWays: readonly number[];
  /** One node position, or null and a list of ways. */
  viaNode: number | null;
  viaWays: readonly number[];
  /** The one it leads to, or several that may be meant. */
  toWays: readonly number[];
  /** The relation left out a role or the via, and only one was possible: it holds if the turn goes the way its kind says. */
  isInferred: boolean;
  /** Whom it binds: '' everybody but people on foot, otherwise OSM's word (motor_vehicle, motorcar, bicycle, hgv…). */
  vehicle: string;
  /** Value of `except` split at `;` (psv, emergency…), empty when there is none. */
  except: readonly string[];
  /** `restriction:conditional` text, or empty. */
  condition: string;
  /** What that text says, as far as routing can use it. */
  when: RestrictionWhen;
}

/**
 * When a restriction binds: `always`; at some `hours` of some days only; or only vehicles that are `heavy` or long
 * (lorries, buses, trailers), which no patrol vehicle is.
 */
export const RESTRICTION_WHEN = ['always', 'hours', 'heavy'] as const;
export type RestrictionWhen = (typeof RESTRICTION_WHEN)[number];

export interface RoadExtract {
  /** Name of the file and format it came from, and the attribution its licence asks for. */
  source: { name: string; format: string; attribution: string };
  /** The modes of travel that ways were read for; cars alone where this is left out. */
  modes?: readonly TravelMode[];
  nodes: {
    lonE7: Int32Array;
    latE7: Int32Array;
    /** OSM ids; 0 where the source has none. Ids are integers below 2^53. */
    osmId: Float64Array;
    /** Bits of CONTROLS; none where this is left out. */
    controls?: Uint8Array;
    /**
     * Bits of DIRECTION, of the way a node lies on, that its signals, stop or give-way
     * signs face; 0 where it is not said.
     */
    controlDirection?: Uint8Array;
  };
  ways: {
    /** 0 where the source has none. */
    osmId: Float64Array;
    firstRef: Uint32Array;
    refs: Uint32Array;
    /** Index into ROAD_CLASSES. */
    roadClass: Uint8Array;
    /** Bits of DIRECTION open to at least one mode; never 0 (such ways are dropped and counted). */
    direction: Uint8Array;
    /**
     * Which modes pass along a way's nodes, and against them: bits of TRAVEL_MODES. All modes where
     * `direction` is open, when these are left out.
     */
    forwardModes?: Uint8Array;
    backwardModes?: Uint8Array;
    /** Index into SURFACES; unknown where this is left out. */
    surface?: Uint8Array;
    /** Posted limit in km/h, rounded; 0 where none is known. */
    maxSpeedForwardKph: Uint8Array;
    maxSpeedBackwardKph: Uint8Array;
    /** Index into `names`. */
    name: Uint32Array;
    /**
     * Given length of each way, for networks that come with lengths instead of true coordinates; 0 to measure it.
     * Only ways that no junction splits may carry one.
     */
    lengthMm?: Uint32Array;
    /**
     * Travel times that a network comes with, under a name each: whole ms along a way's nodes and against them, for
     * every direction that is open. Only extracts of ways that no junction splits may carry them.
     */
    times?: readonly { name: string; forwardMs: Uint32Array; backwardMs: Uint32Array }[];
  };
  /** Street names; names[0] is ''. */
  names: string[];
  restrictions: TurnRestriction[];
  report: ImportReport;
}

/** What the reader saw, used, dropped and repaired. Every count is printed and saved with the graph. */
export interface ImportReport {
  /** Objects in the file. */
  read: { nodes: number; ways: number; relations: number };
  /**
   * `highwayWays`: ways with a highway tag; `drivableWays`: ways of class motorway to tertiary (and links), unclassified,
   * residential, living_street, service, road, whatever their access (the catalogue's definition); `keptWays`: ways in this extract;
   * `roadNodes` and `nodePairs`: distinct nodes and consecutive node pairs of the kept ways.
   */
  roads: {
    highwayWays: number;
    drivableWays: number;
    keptWays: number;
    roadNodes: number;
    nodePairs: number;
    onewayWays: number;
    restrictions: number;
  };
  /** Ways kept for each mode that was asked for; a way may be open to several. */
  modes: Record<string, number>;
  /** Nodes of kept roads with each of CONTROLS. */
  controls: Record<string, number>;
  /** Reason -> how many objects were left out, e.g. `waysClosedToCars`, `waysMissingNodes`, `waysUnderTwoNodes`, `areas`. Keys sorted. */
  dropped: Record<string, number>;
  /** Reason -> how many values were repaired or defaulted, e.g. `maxspeedNotUnderstood`, `repeatedNodes`. Keys sorted. */
  repaired: Record<string, number>;
}

/** States what every importer must deliver; throws with the first broken invariant. Cost O(size). */
export function checkRoadExtract(extract: RoadExtract): void {
  const { nodes, ways, names } = extract;
  const nNodes = nodes.lonE7.length;
  const nWays = ways.osmId.length;
  assert(nodes.latE7.length === nNodes && nodes.osmId.length === nNodes, 'node columns differ in length');
  for (let n = 0; n < nNodes; n++) {
    assert(
      Math.abs(nodes.lonE7[n]) <= 1_800_000_000 && Math.abs(nodes.latE7[n]) <= 900_000_000,
      `node ${n} lies off the earth`,
    );
  }
  assert(ways.firstRef.length === nWays + 1, 'firstRef must have one entry more than there are ways');
  assert(ways.firstRef[0] === 0 && ways.firstRef[nWays] === ways.refs.length, 'firstRef must span refs');
  const columns = [
    ways.roadClass,
    ways.direction,
    ways.maxSpeedForwardKph,
    ways.maxSpeedBackwardKph,
    ways.name,
  ];
  assert(
    columns.every((column) => column.length === nWays),
    'way columns differ in length',
  );
  checkOptionalColumns(extract);
  for (let w = 0; w < nWays; w++) {
    assert(ways.firstRef[w + 1] - ways.firstRef[w] >= 2, `way ${w} has fewer than two nodes`);
    assert(ways.roadClass[w] < ROAD_CLASSES.length, `way ${w} has an unknown class`);
    assert(ways.direction[w] >= 1 && ways.direction[w] <= 3, `way ${w} is open in no direction`);
    assert(ways.name[w] < names.length, `way ${w} has a name out of range`);
    for (let i = ways.firstRef[w]; i < ways.firstRef[w + 1]; i++) {
      assert(ways.refs[i] < nNodes, `way ${w} names a node out of range`);
      assert(
        i === ways.firstRef[w] || ways.refs[i] !== ways.refs[i - 1],
        `way ${w} repeats a node (repair it at import)`,
      );
    }
  }
  for (const r of extract.restrictions) {
    const ends = [r.fromWays, r.toWays];
    assert(
      ends.every((way) => way.length > 0) && [...ends.flat(), ...r.viaWays].every((way) => way < nWays),
      `restriction ${r.osmId} names no way, or one out of range`,
    );
    assert(
      (r.viaNode === null) === r.viaWays.length > 0 && (r.viaNode ?? 0) < nNodes,
      `restriction ${r.osmId} has a broken via`,
    );
  }
}

/** Columns that an extract may leave out: present as a pair, in range, and of one mind with `direction`. */
function checkOptionalColumns({ nodes, ways, modes = ['car'] }: RoadExtract): void {
  const asked = modeBits(modes);
  assert(asked !== 0, 'an extract is for at least one mode');
  const { direction, forwardModes: forward, backwardModes: backward, surface } = ways;
  assert((forward === undefined) === (backward === undefined), 'modes are given for one direction only');
  if (forward !== undefined && backward !== undefined) {
    assert(
      forward.length === direction.length && backward.length === direction.length,
      'way columns differ in length',
    );
    for (let w = 0; w < direction.length; w++) {
      const open = (forward[w] === 0 ? 0 : DIRECTION.forward) | (backward[w] === 0 ? 0 : DIRECTION.backward);
      assert(open === direction[w], `way ${w} is open to other modes than its direction says`);
      assert(
        ((forward[w] | backward[w]) & ~asked) === 0,
        `way ${w} is open to a mode that was not asked for`,
      );
    }
  }
  if (surface !== undefined) {
    assert(surface.length === direction.length, 'way columns differ in length');
    assert(
      surface.every((value) => value < SURFACES.length),
      'a way has an unknown surface',
    );
  }
  for (const { name, forwardMs, backwardMs } of ways.times ?? []) {
    assert(
      forwardMs.length === direction.length && backwardMs.length === direction.length,
      `times ${name} are not one for each way`,
    );
  }
  const { controls, controlDirection } = nodes;
  assert((controls === undefined) === (controlDirection === undefined), 'controls come with their direction');
  if (controls !== undefined && controlDirection !== undefined) {
    const nNodes = nodes.osmId.length;
    assert(controls.length === nNodes && controlDirection.length === nNodes, 'node columns differ in length');
    assert(
      controls.every((bits) => bits >> CONTROLS.length === 0) && controlDirection.every((bits) => bits <= 3),
      'a node has an unknown control',
    );
  }
}
