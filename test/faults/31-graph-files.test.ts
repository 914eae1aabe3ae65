/**
 * Row 31: a graph file of another version, truncated, altered, or sealed anew around broken content. The other half of
 * the row, events.parquet, is held by `../results/write-parquet.test.ts`.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { decodeRoadGraph, encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { GRAPH_COLUMNS } from '../../engine/graph/columns.ts';
import { checkRoadGraph, type RoadGraph } from '../../engine/graph/road-graph.ts';
import type { ImportReport } from '../../engine/import/road-extract.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, profilesFor } from '../../engine/routing/profiles.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { NONE } from '../../engine/units.ts';
import { map } from '../support/ascii-map.ts';
import { runCli } from '../support/cli.ts';
import { withinMemory } from '../support/faults.ts';
import {
  encodeChanged,
  HASH_AT,
  HEAD_AT,
  HEAD_LENGTH_AT,
  headText,
  reseal,
  withHead,
} from '../support/graph-bytes.ts';
import { randomPositions, testStream } from '../support/random-city.ts';

let graph: RoadGraph;
let report: ImportReport;
let bytes: Uint8Array;

/** A block with a one-way street and a turn restriction, and an island. */
beforeAll(async () => {
  const town = await map(
    `
A---B---C
|   |   |    G---H
D---E---F    |   |
             I---J`,
    { BE: { oneway: true } },
  );
  report = town.extract.report;
  // the turn A-B-E, as the graph stage would have placed it
  const arc = (from: string, to: string): number => {
    for (let a = 0; a < town.graph.nArcs; a++)
      if (town.graph.tail[a] === town.node(from) && town.graph.head[a] === town.node(to)) return a;
    throw new Error(`no arc from ${from} to ${to}`);
  };
  const restrictions = [
    {
      osmId: 7,
      kind: 'no_right_turn',
      arcs: [arc('A', 'B'), arc('B', 'E')],
      vehicle: '',
      except: ['psv'],
      condition: '',
      when: 'always' as const,
    },
  ];
  bytes = await encodeChanged({ ...town.graph, restrictions }, report, () => {});
  graph = (await decodeRoadGraph(bytes, 'town.graph')).graph;
});

const FILE = 'town.graph';

/** The one problem of a file that is refused; fails on any other error, or when the file is read. */
async function refusal(broken: Uint8Array, what: string): Promise<{ place: string; message: string }> {
  try {
    await decodeRoadGraph(broken, FILE);
  } catch (error) {
    if (!(error instanceof InputError)) throw new Error(`${what}: not an InputError`, { cause: error });
    expect(error.problems, what).toHaveLength(1);
    const [{ file, place, message }] = error.problems;
    expect(file, what).toBe(FILE);
    expect(message.length, what).toBeLessThan(500);
    return { place, message };
  }
  throw new Error(`${what}: was read`);
}

/** Uses a graph as the stages after it do. Ends, or throws. */
function drive(used: RoadGraph): void {
  const positions = randomPositions(used, 31, 6);
  for (const profile of profilesFor(used)) {
    const router = createRouter(buildMetric(used, profile, { siren: false }));
    for (const timeMs of router.matrix(positions, positions)) expect(Number.isInteger(timeMs)).toBe(true);
    router.route(positions[0], positions[1]);
    router.reachFrom(positions[0], 60_000);
    router.reachTo(positions[0], 60_000);
  }
  createSnapper(used).snap(0, 0, 1000);
}

describe('row 31: a graph file that ends early', () => {
  it('is refused at every length, by the reader of graph files and by the reader of any roads', async () => {
    for (let length = 0; length < bytes.length; length++) {
      const { place } = await refusal(bytes.slice(0, length), `cut after ${length} bytes`);
      expect(place).toBe(length < 8 ? 'byte 0' : length < HEAD_AT ? `byte ${length}` : 'byte 16');
    }
    for (let length = 0; length < 400; length++) {
      for (const format of [undefined, 'graph']) {
        const source = { name: FILE, sha256: '', bytes: bytes.slice(0, length) };
        await expect(
          readRoadGraph(source, { format, pedestrianStreets: false }),
          `cut after ${length} bytes, format ${format}`,
        ).rejects.toThrow(InputError);
      }
    }
  });

  it('or goes on after its end is refused', async () => {
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect((await refusal(longer, 'one byte more')).place).toBe('byte 16');
    expect((await refusal(await reseal(longer), 'one byte more, sealed')).message).toMatch(/columns take/);
  });
});

describe('row 31: a graph file with a changed header', () => {
  it('is refused for every bit of magic, version, zero, checksum and head length, naming the field', async () => {
    const fields = [
      { name: 'magic', from: 0, to: 8, place: 'byte 0' },
      { name: 'version', from: 8, to: 12, place: 'byte 8' },
      { name: 'zero', from: 12, to: 16, place: 'byte 12' },
      { name: 'checksum', from: HASH_AT, to: HEAD_LENGTH_AT, place: 'byte 16' },
      { name: 'head length', from: HEAD_LENGTH_AT, to: HEAD_AT, place: 'byte 16' },
    ];
    for (const { name, from, to, place } of fields) {
      for (let bit = from * 8; bit < to * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        expect((await refusal(flipped, `${name}, bit ${bit}`)).place, `${name}, bit ${bit}`).toBe(place);
      }
    }
  });

  it('of another version says which, and what to do', async () => {
    for (const version of [0, 1, 3, 255, 0x0100_0000, 0xffff_ffff]) {
      const other = bytes.slice();
      new DataView(other.buffer).setUint32(8, version, true);
      expect(await refusal(await reseal(other), `version ${version}`)).toEqual({
        place: 'byte 8',
        message: `graph file version ${version}; this patrol135 reads version 2, import the roads again`,
      });
    }
  });

  it('and a head length that does not fit is refused, sealed or not', async () => {
    const length = new DataView(bytes.buffer).getUint32(HEAD_LENGTH_AT, true);
    for (const wrong of [0, 1, length - 8, length - 1, length + 1, length + 8, bytes.length, 0xffff_ffff]) {
      const changed = bytes.slice();
      new DataView(changed.buffer).setUint32(HEAD_LENGTH_AT, wrong, true);
      const { message } = await refusal(await reseal(changed), `head of ${wrong} bytes`);
      expect(message).toMatch(/^the graph file is broken: /);
    }
  });
});

describe('row 31: a graph file with one bit flipped', () => {
  it('is refused by its checksum, whichever bit', async () => {
    for (let bit = HEAD_LENGTH_AT * 8; bit < bytes.length * 8; bit += 5) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect((await refusal(flipped, `bit ${bit}`)).place).toBe('byte 16');
    }
  });

  it('and sealed anew is refused, or is a sound graph', async () => {
    const counts = { read: 0, refused: 0 };
    const length = new DataView(bytes.buffer).getUint32(HEAD_LENGTH_AT, true);
    await withinMemory(async () => {
      for (let bit = HEAD_LENGTH_AT * 8; bit < bytes.length * 8; bit += 3) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const sealed = await reseal(flipped);
        try {
          checkRoadGraph((await decodeRoadGraph(sealed, FILE)).graph);
          counts.read++;
          // what the hash of the content covers cannot change: only words of the head can
          expect(bit >> 3, `bit ${bit}`).toBeLessThan(HEAD_AT + length + 8);
        } catch (error) {
          if (!(error instanceof InputError)) throw new Error(`bit ${bit}`, { cause: error });
          counts.refused++;
        }
      }
    });
    expect(counts.refused).toBeGreaterThan(1000);
    expect(counts.read).toBeGreaterThan(10);
  });
});

describe('row 31: a graph file whose every hash is right and whose content is broken', () => {
  const last = (column: ArrayLike<unknown>): number => column.length - 1;
  /** A segment that is open one way only. */
  const oneway = (g: RoadGraph): number => g.segmentBackwardArc.indexOf(NONE);

  it.each<[string, (g: RoadGraph) => void, RegExp]>([
    ['offsets of arcs that fall', (g) => (g.firstOut[2] = 0), /firstOut falls|does not leave/],
    ['offsets of arcs past the end', (g) => (g.firstOut[last(g.firstOut)] += 1), /firstOut does not span/],
    ['offsets of arcs that start late', (g) => (g.firstOut[0] = 1), /firstOut does not span/],
    ['offsets in the middle past the end', (g) => (g.firstOut[1] = NONE), /firstOut falls/],
    ['offsets of entering arcs that fall', (g) => (g.firstIn[2] = 0), /firstIn falls|is not of node/],
    [
      'offsets of shape past the end',
      (g) => (g.firstShape[last(g.firstShape)] += 1),
      /firstShape does not span/,
    ],
    ['a segment of one shape point', (g) => (g.firstShape[1] -= 1), /shape/],
    ['an arc to a node past the end', (g) => (g.head[0] = g.nNodes), /./],
    ['an arc from another node', (g) => (g.tail[0] = g.nNodes - 1), /does not leave node/],
    [
      'an arc of a segment past the end',
      (g) => (g.arcSegment[0] = g.nSegments),
      /arc 0 points out of the graph/,
    ],
    [
      'an arc of another segment',
      (g) => (g.arcSegment[0] = (g.arcSegment[0] + 1) % g.nSegments),
      /disagree|does not name/,
    ],
    ['an arc of no direction', (g) => (g.arcBackward[0] = 2), /arc 0 has no direction/],
    ['an arc turned round', (g) => (g.arcBackward[0] ^= 1), /disagree|does not name/],
    ['an entering arc past the end', (g) => (g.inArc[0] = g.nArcs), /inArc 0 is not of node/],
    ['an entering arc of another node', (g) => (g.inArc[0] = g.inArc[last(g.inArc)]), /is not of node/],
    [
      'an entering arc named twice, another never',
      (g) => (g.inArc[g.firstIn[0] + 1] = g.inArc[g.firstIn[0]]),
      /inArc \d+ does not rise/,
    ],
    ['a segment from a node past the end', (g) => (g.segmentFrom[0] = g.nNodes), /./],
    [
      'a closed direction that names an arc past the end',
      (g) => (g.segmentBackwardArc[oneway(g)] = g.nArcs),
      /names arc \d+ of another/,
    ],
    [
      'a closed direction that names an arc of another segment',
      (g) => (g.segmentBackwardArc[oneway(g)] = g.segmentBackwardArc[oneway(g) === 0 ? 1 : 0]),
      /names arc \d+ of another/,
    ],
    [
      'a closed direction that names the arc of the open one',
      (g) => (g.segmentBackwardArc[oneway(g)] = g.segmentForwardArc[oneway(g)]),
      /names arc \d+ of another/,
    ],
    ['an open direction that is closed', (g) => (g.segmentForwardArc[0] = NONE), /does not name arc/],
    ['a segment without length', (g) => (g.segmentLengthMm[0] = 0), /has no length/],
    [
      'a segment longer than its shape',
      (g) => (g.segmentLengthMm[0] += 1),
      /segment 0 and its shape differ in length/,
    ],
    ['a shape that starts late', (g) => (g.shapeAtMm[0] = 1), /segment 0 and its shape differ in length/],
    ['a shape that does not start at its node', (g) => (g.shapeLonE7[0] += 1), /does not join its nodes/],
    [
      'a shape that does not end at its node',
      (g) => (g.shapeLatE7[last(g.shapeLatE7)] -= 1),
      /does not join its nodes/,
    ],
    [
      'a segment and its node off the earth',
      (g) => (g.shapeLonE7[0] = g.nodeLonE7[g.segmentFrom[0]] = 1_800_000_001),
      /lies off the earth/,
    ],
    ['a shape off the earth', (g) => (g.shapeLatE7[1] = -2_000_000_000), /lies off the earth/],
    ['a road class that does not exist', (g) => (g.segmentClass[3] = 23), /segment 3 has an unknown class/],
    ['a surface that does not exist', (g) => (g.segmentSurface[3] = 13), /segment 3 has an unknown surface/],
    ['an arc open to nobody', (g) => (g.arcAccess[2] = 0), /arc 2 is open to nobody who was asked for/],
    ['an arc open to people on foot', (g) => (g.arcAccess[2] = 9), /arc 2 is open to nobody who was asked/],
    ['modes that nobody has', (g) => (g.modes = 16), /modes are 16, not bits of 1 to 15/],
    ['no modes', (g) => (g.modes = 0), /modes are 0/],
    ['other modes than its arcs', (g) => (g.modes = 8), /arc 0 is open to nobody who was asked for/],
    ...(
      [
        'arcSignals',
        'arcStops',
        'arcGiveWays',
        'arcSignalCrossings',
        'arcMiniRoundabouts',
        'arcLevelCrossings',
      ] as const
    ).map((name): [string, (g: RoadGraph) => void, RegExp] => [
      `${name} beyond its points`,
      (g) => (g[name][1] = 2),
      /arc 1 has more signals, signs or crossings than points/,
    ]),
    ['a name past the end', (g) => (g.segmentName[0] = g.names.length), /segment 0 has a name out of range/],
    ['a node id that is no number', (g) => (g.nodeOsmId[0] = NaN), /node 0 has a broken OSM id/],
    ['a way id beyond 2^53', (g) => (g.segmentOsmWayId[0] = 2 ** 53), /segment 0 has a broken OSM id/],
    ['an island in the main part', (g) => g.nodeMain.fill(1), /is wrong about the main part/],
    ['an empty main part', (g) => g.nodeMain.fill(0), /is wrong about the main part/],
    ['a main part of 2', (g) => (g.nodeMain[g.nodeMain.indexOf(1)] = 2), /is wrong about the main part/],
    [
      'a restriction on an arc past the end',
      (g) => (g.restrictions = [{ ...g.restrictions[0], arcs: [0, g.nArcs] }]),
      /restriction 7 names an arc out of range/,
    ],
    [
      'a restriction of one arc',
      (g) => (g.restrictions = [{ ...g.restrictions[0], arcs: [0] }]),
      /restriction 7 names an arc out of range/,
    ],
    [
      'a restriction whose arcs do not join',
      (g) => (g.restrictions = [{ ...g.restrictions[0], arcs: g.restrictions[0].arcs.toReversed() }]),
      /the arcs of restriction 7 do not join/,
    ],
  ])('is refused: %s', async (what, change, message) => {
    const { message: said } = await refusal(await encodeChanged(graph, report, change), what);
    expect(said).toMatch(/^the graph file is broken: /);
    expect(said).toMatch(message);
  });

  it('is refused, or can be driven on to an end: any number anywhere in any column (seed 31)', async () => {
    const random = testStream(31);
    const counts = { read: 0, refused: 0 };
    await withinMemory(async () => {
      for (const [name, type] of GRAPH_COLUMNS) {
        for (let trial = 0; trial < 25; trial++) {
          const at = random.below(graph[name].length);
          const old = graph[name][at];
          const values = [0, 1, old + 1, old - 1, old ^ (1 << random.below(31)), NONE, random.below(40)];
          const value = values[random.below(values.length)];
          const broken = await encodeChanged(graph, report, (g) => (g[name][at] = value));
          const what = `${name}[${at}] = ${value} (${type})`;
          try {
            const read = (await decodeRoadGraph(broken, FILE)).graph;
            counts.read++;
            drive(read);
          } catch (error) {
            if (!(error instanceof InputError)) throw new Error(what, { cause: error });
            counts.refused++;
          }
        }
      }
    });
    expect(counts.refused).toBeGreaterThan(300);
    expect(counts.read).toBeGreaterThan(50); // ids, speeds and values that stay as they were
  });

  it.each<[string, (head: Record<string, never>) => unknown, RegExp]>([
    ['nothing', () => null, /./],
    ['a list', () => [], /./],
    ['counts as text', (h) => ({ ...h, counts: { ...(h.counts as object), nArcs: '3' } }), /counts\/nArcs/],
    ['counts with halves', (h) => ({ ...h, counts: { ...(h.counts as object), nNodes: 1.5 } }), /nNodes/],
    ['negative counts', (h) => ({ ...h, counts: { ...(h.counts as object), nShape: -1 } }), /nShape/],
    [
      'fewer arcs than its columns hold',
      (h) => ({ ...h, counts: { ...(h.counts as object), nArcs: graph.nArcs - 1 } }),
      /its columns take/,
    ],
    [
      'arcs counted as shape',
      (h) => ({ ...h, counts: { ...(h.counts as object), nArcs: 0, nShape: graph.nArcs } }),
      /its columns take/,
    ],
    [
      'counts beyond memory',
      (h) => ({ ...h, counts: { nNodes: 1e15, nArcs: 1e15, nSegments: 1e15, nShape: 1e15 } }),
      /its columns take/,
    ],
    ['no counts', (h) => ({ ...h, counts: undefined }), /counts/],
    ['names that are numbers', (h) => ({ ...h, names: [1, 2, 3] }), /names\/0/],
    ['too few names', (h) => ({ ...h, names: [''] }), /name out of range/],
    ['other names', (h) => ({ ...h, names: (h.names as string[]).map((n) => `${n}!`) }), /content hash/],
    ['restrictions that are nothing', (h) => ({ ...h, restrictions: [null] }), /restrictions\/0/],
    ['restrictions without arcs', (h) => ({ ...h, restrictions: [{ osmId: 1 }] }), /restrictions\/0/],
    [
      'arcs with halves',
      (h) => ({
        ...h,
        restrictions: [
          {
            osmId: 1,
            kind: 'no_entry',
            arcs: [0.5, 1],
            vehicle: '',
            except: [],
            condition: '',
            when: 'always',
          },
        ],
      }),
      /restrictions\/0\/arcs\/0/,
    ],
    ['modes as text', (h) => ({ ...h, modes: '1' }), /modes/],
    ['other modes', (h) => ({ ...h, modes: 3 }), /content hash/],
    [
      'a restriction that binds nobody knows when',
      (h) => ({ ...h, restrictions: [{ ...(h.restrictions as object[])[0], when: 'never' }] }),
      /restrictions\/0\/when/,
    ],
    [
      'a restriction for others than its hash says',
      (h) => ({ ...h, restrictions: [{ ...(h.restrictions as object[])[0], vehicle: 'hgv' }] }),
      /content hash/,
    ],
    [
      'a report without modes',
      (h) => ({ ...h, report: { ...(h.report as object), modes: undefined } }),
      /modes/,
    ],
    ['no source', (h) => ({ ...h, source: undefined }), /source/],
    ['no report', (h) => ({ ...h, report: undefined }), /report/],
    ['a report of text', (h) => ({ ...h, report: { ...(h.report as object), dropped: 'all' } }), /dropped/],
    ['an unknown key', (h) => ({ ...h, more: 1 }), /more/],
    ['another content hash', (h) => ({ ...h, contentHash: 'x'.repeat(64) }), /content hash/],
  ])('is refused: a head with %s', async (what, change, message) => {
    const head = JSON.stringify(change(JSON.parse(headText(bytes)) as Record<string, never>));
    expect((await refusal(await withHead(bytes, head), what)).message).toMatch(message);
  });

  it('is refused: a head that is no JSON, no UTF-8, too deep, or sets __proto__', async () => {
    const heads: [string, string | Uint8Array][] = [
      ['empty', ''],
      ['cut', headText(bytes).slice(0, -1)],
      ['no JSON', '{counts: 1}'],
      ['no UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22)],
      ['deep', '['.repeat(200_000) + ']'.repeat(200_000)],
      ['__proto__', headText(bytes).replace(/^\{/, '{"__proto__":{"nArcs":1},')],
      ['__proto__ in the report', headText(bytes).replace('"dropped":{', '"dropped":{"__proto__":{"a":1}')],
    ];
    for (const [what, head] of heads) {
      expect((await refusal(await withHead(bytes, head), what)).message).toMatch(/^the graph file is broken/);
      expect(({} as Record<string, unknown>).nArcs).toBeUndefined();
    }
    // the tools of this test do make files that are read
    expect((await decodeRoadGraph(await withHead(bytes, headText(bytes)), FILE)).graph).toEqual(graph);
    expect(await encodeRoadGraph(graph, report)).toEqual(bytes);
    drive(graph);
  });
});

describe('row 31 on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patrol135-graph-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('exit 2, one message naming the file, nothing written', async () => {
    const broken = await encodeChanged(graph, report, (g) => (g.head[0] = NONE));
    const older = bytes.slice();
    older[8] = 9;
    const files: [string, Uint8Array, RegExp][] = [
      ['broken.graph', broken, /broken\.graph: the graph file is broken: /],
      ['older.graph', older, /older\.graph byte 8: graph file version 9; this patrol135 reads version 2/],
      ['cut.graph', bytes.slice(0, 1000), /cut\.graph byte 16: the checksum does not match/],
    ];
    for (const [name, content, message] of files) {
      const path = join(folder, name);
      writeFileSync(path, content);
      const out = join(folder, `${name}-export`);
      const { code, stderr, stdout } = await runCli(['export', path, '--out', out]);
      expect([code, stdout], stderr).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /); // no stack
      expect(existsSync(out)).toBe(false);
    }
  });
});
