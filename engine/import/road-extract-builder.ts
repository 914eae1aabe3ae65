/**
 * Builds a `RoadExtract` from ways and nodes as a reader meets them. Ways first, then nodes: only nodes that a kept
 * way uses take memory. Every object and value left out or repaired is counted under one name:
 *
 * dropped   `waysNotRoads` no highway tag; `areas` roads drawn as polygons; `waysNotForCars` footways, steps, building
 *           sites…; `waysClosedToCars` by access (`waysNotForModes`, `waysClosedToModes` where roads are read for others
 *           than cars alone); `waysReversible` the direction changes by the hour; `waysRepeated` an
 *           id for the second time; `waysUnderTwoNodes`; `waysMissingNodes` no two neighbouring nodes in the file;
 *           `waysWithoutNodes` the file gives none; `nodesWithoutCoordinates`; `nodesDeleted`, `waysDeleted`,
 *           `relationsDeleted` by an editor; `elementsNotOsm`, `featuresNotLines`; `relationsNotRestrictions`;
 *           `restrictions…` see osm/restrictions.ts
 * repaired  `nodesMissing` nodes named by roads and not in the file: the way is cut there (`waysCutAtMissingNodes`)
 *           and each part with two nodes or more is kept; `extraPieces` parts of one way beyond the first;
 *           `nodesInTwoPlaces` the first is kept; `repeatedNodes` the same node twice in a row: once is kept;
 *           `zeroLengthWays` kept, because they connect; `restrictionsSplit` restrictions of one relation beyond the
 *           first; `restrictionClausesNotUnderstood` left out beside others of the same relation;
 *           `restrictionConditionsNotUnderstood` bind always; `restrictionHoursNotObeyed` bind at all hours;
 *           `restrictionRolesInferred` the only way without a role; `restrictionViasInferred` the only node that both
 *           ways share; `tagsTooLong`, `tagsNotText` ignored; `namesCleaned` of control characters, and cut at 200;
 *           `barrierNodesNotObeyed` bollards, gates… on roads for motor vehicles, kept as if open;
 *           `controlDirectionsNotUnderstood` signs and signals that face a compass direction: as if none were given;
 *           and the values of osm/tags.ts
 */
import { InputError, type InputProblem } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { NONE } from '../units.ts';
import { Column, lowerHalf, PairTable, upperHalf } from './column.ts';
import type { Tags } from './osm/access.ts';
import { type NodeTags, readNodeTags } from './osm/node-tags.ts';
import { isDrivable, readRoadTags } from './osm/tags.ts';
import {
  type KeptWays,
  placeRestriction,
  readRestriction,
  type RelationMember,
  type RestrictionById,
} from './osm/restrictions.ts';
import { plainText } from './plain-text.ts';
import {
  CONTROLS,
  DIRECTION,
  modeBits,
  type RoadExtract,
  TRAVEL_MODES,
  type TravelMode,
  type TurnRestriction,
} from './road-extract.ts';
import type { RoadReadOptions } from './road-importer.ts';
import { newWayColumns, pushPiece, pushWay, wayAt, type WayColumns } from './way-columns.ts';

const PLACED = 1;
const BARRIER = 2;
const NOT_PLACED = 0;

const MOTOR_MODES = modeBits(['car', 'motorcycle']);

export class RoadExtractBuilder {
  /** Objects in the file; the reader counts them. */
  readonly read = { nodes: 0, ways: 0, relations: 0 };
  private readonly dropped = new Map<string, number>();
  private readonly repaired = new Map<string, number>();
  private readonly problems: InputProblem[] = [];
  private highwayWays = 0;
  private drivableWays = 0;

  // Nodes in order of first use by a road, placed or not yet.
  private readonly nodeOfId = new PairTable();
  private readonly nodeAtPlace = new PairTable();
  private readonly nodeId = new Column(Float64Array);
  private readonly nodeLonE7 = new Column(Int32Array);
  private readonly nodeLatE7 = new Column(Int32Array);
  private readonly nodeState = new Column(Uint8Array);
  /** What stands at the few nodes where something does. */
  private readonly nodeControls = new Map<number, NodeTags>();

  private readonly wayOfId = new PairTable();
  private readonly ways = newWayColumns();
  private readonly names = [''];
  private readonly nameIx = new Map([['', 0]]);
  private readonly restrictions: RestrictionById[] = [];
  private readonly source: { name: string; format: string; attribution: string };
  private readonly options: RoadReadOptions;
  private readonly repairTag = (reason: string): void => this.repair(reason);

  constructor(source: { name: string; format: string; attribution: string }, options: RoadReadOptions) {
    this.source = source;
    this.options = options;
  }

  drop(reason: string, count = 1): void {
    if (count > 0) this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }

  repair(reason: string, count = 1): void {
    if (count > 0) this.repaired.set(reason, (this.repaired.get(reason) ?? 0) + count);
  }

  /** Notes what is wrong with the input; `finish` throws all, or this does once there are many. */
  problem(place: string, message: string): void {
    this.problems.push({ file: this.source.name, place, message });
    if (this.problems.length >= LIMITS.roadProblems) throw new InputError(this.problems);
  }

  setAttribution(attribution: string): void {
    this.source.attribution = attribution;
  }

  /**
   * Starts a way. True when it is a road for one of the modes: then `addNode` or `addPlace` follow, one for each vertex.
   * @param osmId  0 where the source has none; another id counts once in OSM files
   * @param unique  whether a second way with the same id is a repetition
   */
  beginWay(osmId: number, tags: Map<string, string>, isArea: boolean, unique: boolean): boolean {
    this.removeLongTags(tags);
    const highway = tags.get('highway');
    if (highway === undefined) {
      this.drop('waysNotRoads');
      return false;
    }
    this.highwayWays++;
    if (isDrivable(highway)) this.drivableWays++;
    const road = readRoadTags(tags, isArea, this.options, this.repairTag);
    if (typeof road === 'string') {
      this.drop(road);
      return false;
    }
    const { ways } = this;
    const way = ways.osmId.length;
    const [upper, lower] = [upperHalf(osmId), lowerHalf(osmId)];
    if (this.wayOfId.get(upper, lower) < 0) {
      this.mustFit(this.wayOfId.add(upper, lower, way));
    } else if (unique) {
      this.drop('waysRepeated');
      return false;
    }
    pushWay(ways, {
      osmId,
      ...road,
      name: this.nameOf(tags),
    });
    return true;
  }

  /** Starts another line of the way begun last (MultiLineString), as a way of its own with the same tags. */
  beginPart(): void {
    pushWay(this.ways, wayAt(this.ways, this.ways.osmId.length - 1));
    this.repair('extraPieces');
  }

  /** Next vertex of the way: a node by its id. */
  addNode(osmId: number): void {
    this.addRef(this.nodeOfId, upperHalf(osmId), lowerHalf(osmId), osmId, NOT_PLACED);
  }

  /** Next vertex of the way: a node known by its place only. Equal places are one node. */
  addPlace(lonE7: number, latE7: number): void {
    const node = this.addRef(this.nodeAtPlace, lonE7, latE7, 0, PLACED);
    this.nodeLonE7.values[node] = lonE7;
    this.nodeLatE7.values[node] = latE7;
  }

  /** Next vertex of the way: one that the file leaves out; the way is cut there. */
  addMissing(): void {
    this.addVertex(this.newNode(0, NOT_PLACED));
  }

  /** A node of the file. True when a road uses it: then its tags are wanted. */
  placeNode(osmId: number, lonE7: number, latE7: number): boolean {
    const node = this.nodeOfId.get(upperHalf(osmId), lowerHalf(osmId));
    if (node < 0) return false;
    if ((this.nodeState.values[node] & PLACED) !== 0) {
      const same = this.nodeLonE7.values[node] === lonE7 && this.nodeLatE7.values[node] === latE7;
      if (!same) this.repair('nodesInTwoPlaces');
      return true;
    }
    this.nodeState.values[node] |= PLACED;
    this.nodeLonE7.values[node] = lonE7;
    this.nodeLatE7.values[node] = latE7;
    return true;
  }

  /** The tags of a node on a road. */
  nodeTags(osmId: number, tags: Tags): void {
    const node = this.nodeOfId.get(upperHalf(osmId), lowerHalf(osmId));
    if (node < 0) return;
    const read = readNodeTags(tags);
    if (read.isBarrier) this.nodeState.values[node] |= BARRIER;
    if (read.controls !== 0) this.nodeControls.set(node, read);
  }

  relation(osmId: number, tags: Map<string, string>, members: readonly RelationMember[]): void {
    this.removeLongTags(tags);
    if (tags.get('type') !== 'restriction') {
      this.drop('relationsNotRestrictions');
      return;
    }
    const restrictions = readRestriction(osmId, tags, members, this.repairTag);
    if (typeof restrictions === 'string') {
      this.drop(restrictions);
      return;
    }
    for (const restriction of restrictions) this.restrictions.push(restriction);
    this.repair('restrictionsSplit', restrictions.length - 1);
    if (this.restrictions.length > LIMITS.restrictions) {
      throw this.tooMany(`more than ${LIMITS.restrictions} turn restrictions`);
    }
  }

  /** Cuts ways at missing nodes, numbers the nodes that are left, places restrictions. @throws InputError */
  finish(): RoadExtract {
    if (this.problems.length > 0) throw new InputError(this.problems);
    const { pieces, firstPiece } = this.cutWays();
    const { numberOf, nodes, controls } = this.numberNodes(pieces);
    const refs = pieces.refs.finish();
    for (let i = 0; i < refs.length; i++) refs[i] = numberOf[refs[i]];
    const firstRef = new Uint32Array(pieces.firstRef.length + 1);
    firstRef.set(pieces.firstRef.finish());
    firstRef[pieces.firstRef.length] = refs.length;

    const restrictions = this.placeRestrictions(firstPiece, numberOf, refs, firstRef);
    const nWays = pieces.osmId.length;
    const forwardModes = pieces.forwardModes.finish();
    const backwardModes = pieces.backwardModes.finish();
    let onewayWays = 0;
    for (let way = 0; way < nWays; way++) {
      if (forwardModes[way] !== backwardModes[way]) onewayWays++;
      if (isZeroLength(refs, firstRef[way], firstRef[way + 1], nodes)) this.repair('zeroLengthWays');
    }
    return {
      source: this.source,
      modes: this.options.modes,
      nodes,
      ways: {
        osmId: pieces.osmId.finish(),
        firstRef,
        refs,
        roadClass: pieces.roadClass.finish(),
        direction: forwardModes.map(
          (forward, way) =>
            (forward === 0 ? 0 : DIRECTION.forward) | (backwardModes[way] === 0 ? 0 : DIRECTION.backward),
        ),
        forwardModes,
        backwardModes,
        maxSpeedForwardKph: pieces.maxSpeedForwardKph.finish(),
        maxSpeedBackwardKph: pieces.maxSpeedBackwardKph.finish(),
        surface: pieces.surface.finish(),
        name: pieces.name.finish(),
      },
      names: this.names,
      restrictions,
      report: {
        read: { ...this.read },
        roads: {
          highwayWays: this.highwayWays,
          drivableWays: this.drivableWays,
          keptWays: nWays,
          roadNodes: nodes.osmId.length,
          nodePairs: refs.length - nWays,
          onewayWays,
          restrictions: restrictions.length,
        },
        modes: countModes(this.options.modes, forwardModes, backwardModes),
        controls,
        dropped: sortedRecord(this.dropped),
        repaired: sortedRecord(this.repaired),
      },
    };
  }

  private addRef(table: PairTable, a: number, b: number, osmId: number, state: number): number {
    let node = table.get(a, b);
    if (node < 0) {
      node = this.newNode(osmId, state);
      this.mustFit(table.add(a, b, node));
    }
    this.addVertex(node);
    return node;
  }

  private newNode(osmId: number, state: number): number {
    const node = this.nodeId.length;
    if (node >= LIMITS.roadNodes) throw this.tooMany(`more than ${LIMITS.roadNodes} road nodes`);
    this.nodeId.push(osmId);
    this.nodeLonE7.push(0);
    this.nodeLatE7.push(0);
    this.nodeState.push(state);
    return node;
  }

  private addVertex(node: number): void {
    const { refs } = this.ways;
    if (refs.length >= LIMITS.roadArcs)
      throw this.tooMany(`roads with more than ${LIMITS.roadArcs} vertices`);
    refs.push(node);
  }

  /** The runs of nodes that have a place, as ways; and for each way begun, its first piece. */
  private cutWays(): { pieces: WayColumns; firstPiece: Uint32Array } {
    const { ways, nodeState } = this;
    const pieces = newWayColumns();
    const nWays = ways.osmId.length;
    const firstPiece = new Uint32Array(nWays + 1);
    const missing = new Set<number>();
    for (let way = 0; way < nWays; way++) {
      const end = way + 1 < nWays ? ways.firstRef.values[way + 1] : ways.refs.length;
      firstPiece[way] = pieces.osmId.length;
      let runStart = pieces.refs.length;
      let isCut = false;
      for (let i = ways.firstRef.values[way]; i <= end; i++) {
        const node = ways.refs.values[i];
        if (i < end && (nodeState.values[node] & PLACED) !== 0) {
          const length = pieces.refs.length;
          if (length > runStart && pieces.refs.values[length - 1] === node) this.repair('repeatedNodes');
          else pieces.refs.push(node);
          continue;
        }
        if (i < end) {
          isCut = true;
          missing.add(node);
        }
        if (pieces.refs.length - runStart >= 2) pushPiece(pieces, wayAt(ways, way), runStart);
        else pieces.refs.length = runStart;
        runStart = pieces.refs.length;
      }
      const nPieces = pieces.osmId.length - firstPiece[way];
      if (nPieces === 0) this.drop(isCut ? 'waysMissingNodes' : 'waysUnderTwoNodes');
      else if (isCut) this.repair('waysCutAtMissingNodes');
      if (nPieces > 1) this.repair('extraPieces', nPieces - 1);
    }
    firstPiece[nWays] = pieces.osmId.length;
    this.repair('nodesMissing', missing.size);
    return { pieces, firstPiece };
  }

  /** New numbers, in order of first use by a kept way, for the nodes that kept ways use. */
  private numberNodes(pieces: WayColumns): {
    numberOf: Uint32Array;
    nodes: RoadExtract['nodes'];
    controls: Record<string, number>;
  } {
    const { nodeState } = this;
    const numberOf = new Uint32Array(this.nodeId.length).fill(NONE);
    const order = new Column(Uint32Array);
    const barriers = new Set<number>();
    for (let way = 0, i = 0; way < pieces.osmId.length; way++) {
      const modes = pieces.forwardModes.values[way] | pieces.backwardModes.values[way];
      const isForMotors = (modes & MOTOR_MODES) !== 0;
      const end = way + 1 < pieces.osmId.length ? pieces.firstRef.values[way + 1] : pieces.refs.length;
      for (; i < end; i++) {
        const node = pieces.refs.values[i];
        if (isForMotors && (nodeState.values[node] & BARRIER) !== 0) barriers.add(node);
        if (numberOf[node] !== NONE) continue;
        numberOf[node] = order.length;
        order.push(node);
      }
    }
    this.repair('barrierNodesNotObeyed', barriers.size);
    const used = order.finish();
    const inOrder = <T extends Int32Array | Float64Array>(target: T, column: Column<T>): T => {
      for (let i = 0; i < used.length; i++) target[i] = column.values[used[i]];
      return target;
    };
    const controls = new Uint8Array(used.length);
    const controlDirection = new Uint8Array(used.length);
    for (const [node, read] of this.nodeControls) {
      if (numberOf[node] === NONE) continue;
      controls[numberOf[node]] = read.controls;
      controlDirection[numberOf[node]] = read.direction;
      if (read.directionNotUnderstood) this.repair('controlDirectionsNotUnderstood');
    }
    return {
      numberOf,
      nodes: {
        lonE7: inOrder(new Int32Array(used.length), this.nodeLonE7),
        latE7: inOrder(new Int32Array(used.length), this.nodeLatE7),
        osmId: inOrder(new Float64Array(used.length), this.nodeId),
        controls,
        controlDirection,
      },
      controls: countBits(CONTROLS, controls),
    };
  }

  private placeRestrictions(
    firstPiece: Uint32Array,
    numberOf: Uint32Array,
    refs: Uint32Array,
    firstRef: Uint32Array,
  ): TurnRestriction[] {
    let seen = 0;
    const passes = (way: number, node: number): boolean => {
      seen += firstRef[way + 1] - firstRef[way];
      if (seen > LIMITS.restrictionVertices)
        throw this.tooMany('too many turn restrictions on ways that are too long');
      return refs.subarray(firstRef[way], firstRef[way + 1]).includes(node);
    };
    const kept: KeptWays = {
      pieces: (id) => {
        const way = this.wayOfId.get(upperHalf(id), lowerHalf(id));
        return way < 0 ? { first: 0, end: 0 } : { first: firstPiece[way], end: firstPiece[way + 1] };
      },
      node: (id) => {
        const node = this.nodeOfId.get(upperHalf(id), lowerHalf(id));
        return node < 0 || numberOf[node] === NONE ? -1 : numberOf[node];
      },
      passes,
      shared: (way, other) => [
        ...new Set(refs.subarray(firstRef[way], firstRef[way + 1]).filter((node) => passes(other, node))),
      ],
    };
    const placed: TurnRestriction[] = [];
    for (const byId of this.restrictions) {
      const restriction = placeRestriction(byId, kept, this.repairTag);
      if (typeof restriction === 'string') {
        this.drop(restriction);
        continue;
      }
      placed.push(restriction);
      if (restriction.when === 'hours') this.repair('restrictionHoursNotObeyed');
    }
    return placed;
  }

  private removeLongTags(tags: Map<string, string>): void {
    for (const [key, value] of tags) {
      if (key.length <= LIMITS.tagLength && value.length <= LIMITS.tagLength) continue;
      tags.delete(key);
      this.repair('tagsTooLong');
    }
  }

  /** The street's name, or its number where it has none. */
  private nameOf(tags: Tags): number {
    const tag = tags.get('name') ?? tags.get('ref') ?? '';
    const name = plainText(tag);
    if (name !== tag.trim()) this.repair('namesCleaned');
    let ix = this.nameIx.get(name);
    if (ix === undefined) {
      ix = this.names.length;
      this.names.push(name);
      this.nameIx.set(name, ix);
    }
    return ix;
  }

  private tooMany(what: string): InputError {
    return InputError.at(this.source.name, '', `${what}; cut the file to the city first`);
  }

  private mustFit(fits: boolean): void {
    if (!fits)
      throw InputError.at(this.source.name, '', 'ids or places that were chosen to slow the import down');
  }
}

/** How many entries of a column have each named bit, from bit 1 on. */
function countBits(names: readonly string[], column: Uint8Array): Record<string, number> {
  const counts = new Array<number>(names.length).fill(0);
  for (let i = 0; i < column.length; i++) {
    if (column[i] !== 0) for (let b = 0; b < names.length; b++) counts[b] += (column[i] >> b) & 1;
  }
  return Object.fromEntries(names.map((name, b) => [name, counts[b]]));
}

/** How many ways are open to each mode that was asked for, in one direction at least. */
function countModes(
  modes: readonly TravelMode[],
  forward: Uint8Array,
  backward: Uint8Array,
): Record<string, number> {
  const counts = countBits(
    TRAVEL_MODES,
    forward.map((bits, way) => bits | backward[way]),
  );
  return Object.fromEntries(modes.map((mode) => [mode, counts[mode]]));
}

function isZeroLength(refs: Uint32Array, first: number, end: number, nodes: RoadExtract['nodes']): boolean {
  for (let i = first + 1; i < end; i++) {
    if (nodes.lonE7[refs[i]] !== nodes.lonE7[refs[first]]) return false;
    if (nodes.latE7[refs[i]] !== nodes.latE7[refs[first]]) return false;
  }
  return true;
}

function sortedRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
