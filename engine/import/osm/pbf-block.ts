/**
 * The inner layer of an OSM PBF file: a block of nodes (dense or single), ways and relations with its own table of
 * strings. Indices into that table, lengths of parallel lists, ids and places are checked before use.
 */
import { placeProblem } from '../coordinates.ts';
import { Column } from '../column.ts';
import type { RoadExtractBuilder } from '../road-extract-builder.ts';
import { BYTES, VARINT, type WireReader } from './pbf-wire.ts';
import type { RelationMember } from './restrictions.ts';

/** Ways and relations are read in a first pass over the file, nodes in a second: then it is known which are of roads. */
type Pass = 'ways' | 'nodes';

const MEMBER_TYPES = ['node', 'way', 'relation'] as const;
/** Places in a block are counted in billionths of a degree. */
const NANO = 1e9;

const GROUP_FIELD = { node: 1, dense: 2, way: 3, relation: 4 } as const;

/** Reads one block after another into a builder; keeps its work space from block to block. */
export class BlockReader {
  private wire!: WireReader;
  private place = '';
  private readonly builder: RoadExtractBuilder;
  private readonly utf8 = new TextDecoder();
  /** Where the length of each string of the block stands, and the strings used so far. */
  private readonly stringAt = new Column(Uint32Array);
  private readonly text = new Map<number, string>();
  private granularity = 100;
  private lonOffset = 0;
  private latOffset = 0;
  // Lists of the object at hand.
  private readonly groupAt = new Column(Uint32Array);
  private readonly ids = new Column(Float64Array);
  private readonly lons = new Column(Float64Array);
  private readonly lats = new Column(Float64Array);
  private readonly keys = new Column(Float64Array);
  private readonly values = new Column(Float64Array);
  private readonly types = new Column(Float64Array);

  constructor(builder: RoadExtractBuilder) {
    this.builder = builder;
  }

  /**
   * @param place  where the block is in the file, for the places of its nodes in errors
   * @returns whether the block holds nodes
   */
  read(wire: WireReader, place: string, pass: Pass): boolean {
    this.wire = wire;
    this.place = place;
    this.readHead();
    let hasNodes = false;
    for (let g = 0; g < this.groupAt.length; g++) {
      wire.pos = this.groupAt.values[g];
      if (this.readGroup(wire.enter(), pass)) hasNodes = true;
    }
    return hasNodes;
  }

  /** Everything but the groups: their content depends on fields that may come after them. */
  private readHead(): void {
    const { wire } = this;
    const end = wire.length;
    this.stringAt.length = 0;
    this.groupAt.length = 0;
    this.text.clear();
    this.granularity = 100;
    this.lonOffset = 0;
    this.latOffset = 0;
    let hasStrings = false;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1) {
        if (hasStrings) wire.fail('a block with two string tables');
        hasStrings = true;
        this.readStrings(wire.valueEnd(end));
      } else if (field === 2) {
        wire.expect(BYTES);
        this.groupAt.push(wire.pos);
        wire.pos = wire.valueEnd(end);
      } else if (field === 17) {
        wire.expect(VARINT);
        this.granularity = wire.signed(end);
        if (this.granularity <= 0) wire.fail(`a granularity of ${this.granularity}; it must be above 0`);
      } else if (field === 19 || field === 20) {
        wire.expect(VARINT);
        const offset = wire.signed(end);
        if (field === 19) this.latOffset = offset;
        else this.lonOffset = offset;
      } else wire.skip(end);
    }
    if (!hasStrings) wire.fail('a block without a string table');
  }

  private readStrings(end: number): void {
    const { wire } = this;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1) {
        wire.expect(BYTES);
        this.stringAt.push(wire.pos);
        wire.pos = wire.valueEnd(end);
      } else wire.skip(end);
    }
  }

  private string(ix: number): string {
    const known = this.text.get(ix);
    if (known !== undefined) return known;
    const { wire } = this;
    if (ix >= this.stringAt.length) wire.fail(`string ${ix} of a table of ${this.stringAt.length}`);
    const back = wire.pos;
    wire.pos = this.stringAt.values[ix];
    const end = wire.enter();
    const text = this.utf8.decode(wire.bytes(wire.pos, end));
    wire.pos = back;
    this.text.set(ix, text);
    return text;
  }

  private readGroup(end: number, pass: Pass): boolean {
    const { wire } = this;
    let hasNodes = false;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      const isNodes = field === GROUP_FIELD.node || field === GROUP_FIELD.dense;
      const isWays = field === GROUP_FIELD.way || field === GROUP_FIELD.relation;
      if (isNodes) hasNodes = true;
      if (pass === 'nodes' ? !isNodes : !isWays) {
        wire.skip(end);
        continue;
      }
      const objectEnd = wire.valueEnd(end);
      if (field === GROUP_FIELD.dense) this.readDense(objectEnd);
      else if (field === GROUP_FIELD.node) this.readNode(objectEnd);
      else if (field === GROUP_FIELD.way) this.readWay(objectEnd);
      else this.readRelation(objectEnd);
    }
    return hasNodes;
  }

  private readDense(end: number): void {
    const { wire, ids, lons, lats, keys } = this;
    ids.length = lons.length = lats.length = keys.length = 0;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1) this.once(ids, () => wire.packedDeltas(end, ids));
      else if (field === 8) this.once(lats, () => wire.packedDeltas(end, lats));
      else if (field === 9) this.once(lons, () => wire.packedDeltas(end, lons));
      else if (field === 10) this.once(keys, () => wire.packedUnsigned(end, keys));
      else wire.skip(end);
    }
    if (ids.length !== lats.length || ids.length !== lons.length) {
      wire.fail(`${ids.length} nodes with ${lats.length} latitudes and ${lons.length} longitudes`);
    }
    // keys and values of all nodes in one list, each node's closed by a 0; none at all where no node has tags
    let at = 0;
    for (let n = 0; n < ids.length; n++) {
      const first = at;
      if (keys.length > 0) {
        while (at < keys.length && keys.values[at] !== 0) at += 2;
        if (at >= keys.length) wire.fail(`the tags of node ${ids.values[n]} do not end`);
        at++;
      }
      const isRoad = this.placeNode(ids.values[n], lons.values[n], lats.values[n]);
      if (keys.length > 0) this.tagsOfNode(ids.values[n], isRoad, keys, first, at - 1);
    }
    if (at !== keys.length) wire.fail('more tags than nodes');
  }

  private readNode(end: number): void {
    const { wire, keys, values } = this;
    keys.length = values.length = 0;
    let id: number | undefined;
    let lon: number | undefined;
    let lat: number | undefined;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1 || field === 8 || field === 9) {
        wire.expect(VARINT);
        const value = wire.zigzag(end);
        if (field === 1) id = value;
        else if (field === 8) lat = value;
        else lon = value;
      } else if (field === 2) this.once(keys, () => wire.packedUnsigned(end, keys));
      else if (field === 3) this.once(values, () => wire.packedUnsigned(end, values));
      else wire.skip(end);
    }
    if (id === undefined || lat === undefined || lon === undefined)
      return wire.fail('a node without id or place');
    const isRoad = this.placeNode(id, lon, lat);
    const tags = this.tags();
    if (isRoad) this.builder.nodeTags(id, tags);
  }

  /** Counts and places a node, given in units of the block's granularity. */
  private placeNode(id: number, lon: number, lat: number): boolean {
    const lonNano = this.lonOffset + this.granularity * lon;
    const latNano = this.latOffset + this.granularity * lat;
    this.builder.read.nodes++;
    const problem = placeProblem(lonNano / NANO, latNano / NANO);
    if (problem !== null) {
      this.builder.problem(`node ${id} (${this.place})`, problem);
      return false;
    }
    return this.builder.placeNode(id, Math.round(lonNano / 100), Math.round(latNano / 100));
  }

  private tagsOfNode(
    id: number,
    isRoad: boolean,
    list: Column<Float64Array>,
    first: number,
    end: number,
  ): void {
    if (first === end) return;
    if (!isRoad) {
      for (let i = first; i < end; i++) this.mustBeString(list.values[i]);
      return;
    }
    const tags = new Map<string, string>();
    for (let i = first; i < end; i += 2)
      tags.set(this.string(list.values[i]), this.string(list.values[i + 1]));
    this.builder.nodeTags(id, tags);
  }

  private readWay(end: number): void {
    const { wire, keys, values, ids } = this;
    keys.length = values.length = ids.length = 0;
    let id: number | undefined;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1) {
        wire.expect(VARINT);
        id = wire.signed(end);
      } else if (field === 2) this.once(keys, () => wire.packedUnsigned(end, keys));
      else if (field === 3) this.once(values, () => wire.packedUnsigned(end, values));
      else if (field === 8) this.once(ids, () => wire.packedDeltas(end, ids));
      else wire.skip(end);
    }
    if (id === undefined) return wire.fail('a way without an id');
    this.builder.read.ways++;
    if (!this.builder.beginWay(id, this.tags(), false, true)) return;
    for (let i = 0; i < ids.length; i++) this.builder.addNode(ids.values[i]);
  }

  private readRelation(end: number): void {
    const { wire, keys, values, ids, lons: roles, types } = this;
    keys.length = values.length = ids.length = roles.length = types.length = 0;
    let id: number | undefined;
    for (let field = wire.field(end); field !== 0; field = wire.field(end)) {
      if (field === 1) {
        wire.expect(VARINT);
        id = wire.signed(end);
      } else if (field === 2) this.once(keys, () => wire.packedUnsigned(end, keys));
      else if (field === 3) this.once(values, () => wire.packedUnsigned(end, values));
      else if (field === 8) this.once(roles, () => wire.packedUnsigned(end, roles));
      else if (field === 9) this.once(ids, () => wire.packedDeltas(end, ids));
      else if (field === 10) this.once(types, () => wire.packedUnsigned(end, types));
      else wire.skip(end);
    }
    if (id === undefined) return wire.fail('a relation without an id');
    if (roles.length !== ids.length || types.length !== ids.length) {
      wire.fail(`relation ${id} has ${ids.length} members, ${roles.length} roles and ${types.length} types`);
    }
    this.builder.read.relations++;
    const tags = this.tags();
    const isRestriction = tags.get('type') === 'restriction';
    const members: RelationMember[] = [];
    for (let i = 0; i < ids.length; i++) {
      const type = types.values[i];
      if (type >= MEMBER_TYPES.length)
        wire.fail(`relation ${id} has a member of type ${type}; 0, 1, 2 are allowed`);
      this.mustBeString(roles.values[i]);
      if (!isRestriction) continue;
      members.push({ type: MEMBER_TYPES[type], id: ids.values[i], role: this.string(roles.values[i]) });
    }
    this.builder.relation(id, tags, members);
  }

  /** The tags in `keys` and `values`. */
  private tags(): Map<string, string> {
    const { keys, values } = this;
    if (keys.length !== values.length) this.wire.fail(`${keys.length} keys for ${values.length} values`);
    const tags = new Map<string, string>();
    for (let i = 0; i < keys.length; i++)
      tags.set(this.string(keys.values[i]), this.string(values.values[i]));
    return tags;
  }

  private mustBeString(ix: number): void {
    if (ix >= this.stringAt.length) this.wire.fail(`string ${ix} of a table of ${this.stringAt.length}`);
  }

  /** Reads a packed list that may appear only once in its message. */
  private once(list: Column<Float64Array>, read: () => void): void {
    if (list.length > 0) this.wire.fail('the same list twice in one object');
    read();
  }
}
