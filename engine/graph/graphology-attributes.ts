/** Reads what a graphology graph says of its nodes and edges, trusting none of it; gathers all that is wrong. */
import { InputError, nearestName, type InputProblem } from '../errors.ts';
import { plainText } from '../import/plain-text.ts';
import {
  CONTROLS,
  modeBits,
  ROAD_CLASSES,
  SURFACES,
  TRAVEL_MODES,
  type TravelMode,
} from '../import/road-extract.ts';
import { LIMITS } from '../limits.ts';
import { toE7, UNREACHED_MS, type Ms } from '../units.ts';

/** An edge as read: the engine's units, positions in the engine's lists. */
export interface Edge {
  key: string;
  from: string;
  to: string;
  undirected: boolean;
  /** Whether its road is drawn against it. */
  isAgainst: boolean;
  lengthMm: number;
  roadClass: number;
  name: string;
  osmWayId: number;
  maxKph: number;
  surface: number;
  modes: number;
  /** How many, in the order of CONTROLS. */
  controls: number[];
  /** Times that the network comes with, in the order of their names. */
  givenTimesMs: Ms[];
  /** Points between the ends in the direction of the edge, one after the other: lon, lat, lon, lat… in 1e-7 degrees. */
  shapeE7: number[];
  /** What two directions of one road have in common; '' where nothing is said. */
  segment: string;
}

type Attributes = Readonly<Record<string, unknown>>;

/** As many as a graph file may hold. */
const MOST_GIVEN_TIMES = 100;

/** Reads attributes of one node, edge or graph after the other. */
export class AttributeReader {
  private readonly problems: InputProblem[] = [];
  private readonly file: string;
  private place = '';
  private attributes: Attributes = {};

  /** @param file  the network's name in errors */
  constructor(file: string) {
    this.file = file;
  }

  /** What is read next: such as `edge "7"`. */
  turnTo(place: string, attributes: Attributes): this {
    this.place = place;
    this.attributes = attributes;
    return this;
  }

  problem(message: string): void {
    this.problems.push({ file: this.file, place: this.place, message });
    if (this.problems.length >= LIMITS.roadProblems) this.throwAny();
  }

  throwAny(): void {
    if (this.problems.length > 0) throw new InputError(this.problems);
  }

  /** Undefined and null are the same: nothing. */
  value(key: string): unknown {
    return this.attributes[key] ?? undefined;
  }

  /** A number in [least, most]; `otherwise` where there is none, a problem where there is no `otherwise` either. */
  number(key: string, least: number, most: number, otherwise?: number): number {
    const value = this.value(key);
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.problem(`${found(key, value)}; numbers from ${least} to ${most} are allowed`);
    return least;
  }

  whole(key: string, most: number): number {
    const value = this.number(key, 0, most, 0);
    if (!Number.isInteger(value)) this.problem(`${found(key, value)}; whole numbers are allowed`);
    return value;
  }

  text(key: string): string {
    const value = this.value(key) ?? '';
    if (typeof value === 'string' && plainText(value) === value.trim()) return value.trim();
    this.problem(`${found(key, value)}; plain text of at most ${LIMITS.nameLength} characters is allowed`);
    return '';
  }

  /** A number or text that only says what belongs together. */
  label(key: string): string {
    const value = this.value(key) ?? '';
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    this.problem(`${found(key, value)}; numbers and texts are allowed`);
    return '';
  }

  /** Position of a name in a list. */
  oneOf(key: string, allowed: readonly string[], otherwise?: string): number {
    const value = this.value(key) ?? otherwise;
    const ix = allowed.indexOf(value as string);
    if (ix >= 0) return ix;
    const near = typeof value === 'string' ? nearestName(value, allowed) : undefined;
    const hint =
      near === undefined ? `allowed are ${allowed.filter(Boolean).join(', ')}` : `did you mean "${near}"?`;
    this.problem(`${found(key, value)}; ${hint}`);
    return 0;
  }

  /** Bits of a list of modes, or null where there is none. */
  modes(key: string): number | null {
    const value = this.value(key);
    if (value === undefined) return null;
    const isList = Array.isArray(value) && value.length > 0;
    if (isList && value.every((mode) => TRAVEL_MODES.includes(mode as TravelMode))) {
      return modeBits(value as TravelMode[]);
    }
    this.problem(`${found(key, value)}; a list of ${TRAVEL_MODES.join(', ')} is allowed`);
    return null;
  }

  /** A list of names, each once; empty where there is none. */
  names(key: string): string[] {
    const value = this.value(key) ?? [];
    const isList = Array.isArray(value) && value.length <= MOST_GIVEN_TIMES;
    if (isList && value.every((name) => typeof name === 'string') && new Set(value).size === value.length)
      return value;
    this.problem(`${found(key, value)}; a list of at most ${MOST_GIVEN_TIMES} different names is allowed`);
    return [];
  }

  /** Times by name, in the order of the names. */
  timesMs(key: string, names: readonly string[]): Ms[] {
    if (names.length === 0) return [];
    const times = new Map<string, unknown>(Object.entries(this.value(key) ?? {}));
    return names.map((name) => {
      const ms = times.get(name);
      if (typeof ms === 'number' && Number.isInteger(ms) && ms >= 0 && ms < UNREACHED_MS) return ms;
      this.problem(`${found(`${key}.${plainText(name)}`, ms)}; whole ms below ${UNREACHED_MS} are allowed`);
      return 0;
    });
  }

  /** Pairs of degrees as 1e-7 degrees, one after the other. */
  points(key: string): number[] {
    const value = this.value(key) ?? [];
    const pairs = (Array.isArray(value) ? value : [null]) as unknown[];
    const e7: number[] = [];
    for (const pair of pairs) {
      if (!isLonLat(pair)) {
        this.problem(`${found(key, value)}; points [lon, lat] in degrees between the ends are allowed`);
        return [];
      }
      e7.push(toE7(pair[0]), toE7(pair[1]));
    }
    return e7;
  }
}

const isLonLat = (pair: unknown): pair is [number, number] =>
  Array.isArray(pair) &&
  pair.length === 2 &&
  typeof pair[0] === 'number' &&
  typeof pair[1] === 'number' &&
  Math.abs(pair[0]) <= 180 &&
  Math.abs(pair[1]) <= 90;

/** `lengthM is NaN`, cut short where the value is long. */
function found(key: string, value: unknown): string {
  if (value === undefined) return `${key} is missing`;
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return `${key} is ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

/** Longest road in metres that fits the columns. */
const MOST_LENGTH_M = 4_294_967;

/** What the whole graph says of all its edges. */
export interface NetworkAttributes {
  /** Bits of the modes that it is for, or null where it does not say. */
  modes: number | null;
  /** Names of the times that each edge has. */
  givenTimes: readonly string[];
}

export function readEdge(
  reader: AttributeReader,
  ends: Pick<Edge, 'key' | 'from' | 'to' | 'undirected'>,
  { modes: networkModes, givenTimes }: NetworkAttributes,
): Edge {
  const modes = reader.modes('modes') ?? networkModes ?? modeBits(['car']);
  if (networkModes !== null && (modes & ~networkModes) !== 0) {
    reader.problem(`${found('modes', reader.value('modes'))}; the graph's own modes leave one of them out`);
  }
  const shapeE7 = reader.points('shape');
  if (ends.from === ends.to && shapeE7.length === 0) {
    reader.problem('ends where it begins; a loop needs points between, as shape');
  }
  return {
    ...ends,
    isAgainst: reader.oneOf('direction', ['forward', 'backward'], 'forward') === 1 && !ends.undirected,
    lengthMm: Math.max(1, Math.round(reader.number('lengthM', 0, MOST_LENGTH_M) * 1000)),
    roadClass: reader.oneOf('roadClass', ROAD_CLASSES),
    name: reader.text('name'),
    osmWayId: reader.whole('osmWayId', Number.MAX_SAFE_INTEGER),
    maxKph: Math.round(reader.number('maxKph', 0, 255, 0)),
    surface: reader.oneOf('surface', SURFACES, ''),
    modes,
    controls: CONTROLS.map((control) => reader.whole(control, Math.min(255, shapeE7.length / 2 + 1))),
    givenTimesMs: reader.timesMs('givenTimesMs', givenTimes),
    shapeE7,
    segment: reader.label('segment'),
  };
}
