import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvParse } from 'd3-dsv';
import { runCli } from '../support/cli.ts';

/**
 * Four junctions on a square of 0.01 degrees, a one-way street round it (A-B-C-D-A), a two-way short cut A-C, and a
 * cul-de-sac into which one can only drive (C-X).
 */
const town = {
  type: 'FeatureCollection',
  features: [
    street([[10, 50], [10.01, 50]], { oneway: 'yes' }),
    street([[10.01, 50], [10.01, 50.01]], { oneway: 'yes' }),
    street([[10.01, 50.01], [10, 50.01]], { oneway: 'yes' }),
    street([[10, 50.01], [10, 50]], { oneway: 'yes' }),
    street([[10, 50], [10.01, 50.01]], { maxspeed: '50' }),
    street([[10.01, 50.01], [10.02, 50.01]], { oneway: 'yes' }),
  ],
}; // prettier-ignore

function street(coordinates: number[][], tags: Record<string, string>) {
  return {
    type: 'Feature',
    properties: { highway: 'residential', ...tags },
    geometry: { type: 'LineString', coordinates },
  };
}

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 道路 '));
  await writeFile(at('town.geojson'), JSON.stringify(town));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('patrol135 import, export, matrix and reach', () => {
  it('imports roads into a graph file and accounts for what was read', async () => {
    const { code, stdout } = await runCli([
      'import',
      at('town.geojson'),
      '--out',
      at('town.graph'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ nodes: 5, segments: 6, arcs: 7, mainNodes: 4 });
  });

  it('exports exactly the connected part, with seven decimals', async () => {
    const { code } = await runCli(['export', at('town.graph'), '--out', at('tables'), '--profile', 'plain']);
    expect(code).toBe(0);
    expect((await readdir(at('tables'))).sort()).toEqual(['arcs.csv', 'nodes.csv']);
    const nodes = await readFile(at('tables/nodes.csv'), 'utf8');
    expect(nodes.split('\n').slice(0, 2)).toEqual(['node,lon,lat,osmNodeId', '0,10.0000000,50.0000000,']);
    expect(nodes.trimEnd().split('\n')).toHaveLength(1 + 4);
    const arcs = await readFile(at('tables/arcs.csv'), 'utf8');
    expect(arcs.split('\n')[0]).toBe('arc,from,to,lengthM,timeMs,osmWayId');
    expect(arcs.trimEnd().split('\n')).toHaveLength(1 + 6);
  });

  it('gives the same times from the graph file, from the roads, and by adding up arcs.csv', async () => {
    const arcs = csvParse(await readFile(at('tables/arcs.csv'), 'utf8'));
    const nodes = csvParse(await readFile(at('tables/nodes.csv'), 'utf8'));
    const timeOf = (from: string, to: string) =>
      Number(arcs.find((arc) => arc.from === from && arc.to === to)?.timeMs);
    const nodeAt = (lon: string, lat: string) =>
      nodes.find((row) => row.lon.startsWith(lon) && row.lat.startsWith(lat))!.node;
    const a = nodeAt('10.00', '50.00');
    const [b, c, d] = [nodes.find((n) => n.lon === '10.0100000' && n.lat === '50.0000000')!.node,
      nodes.find((n) => n.lon === '10.0100000' && n.lat === '50.0100000')!.node,
      nodes.find((n) => n.lon === '10.0000000' && n.lat === '50.0100000')!.node]; // prettier-ignore
    await writeFile(at('from.csv'), '\ufeffname,lat,lon,id\r\nhome,50,10,"A, ""home"""\r\nx,50,10.01,B\r\n');
    await writeFile(at('to.csv'), 'id,lon,lat\nD,10,50.01\nA,10,50\n\n');
    const args = ['--from', at('from.csv'), '--to', at('to.csv'), '--profile', 'plain'];
    expect((await runCli(['matrix', at('town.graph'), ...args, '--out', at('m.csv')])).code).toBe(0);
    expect((await runCli(['matrix', at('town.geojson'), ...args, '--out', at('m2.csv')])).code).toBe(0);
    const text = await readFile(at('m.csv'), 'utf8');
    expect(text).toBe(
      [
        'from,to,timeMs',
        `"A, ""home""",D,${timeOf(a, c) + timeOf(c, d)}`,
        '"A, ""home""",A,0',
        `B,D,${timeOf(b, c) + timeOf(c, d)}`,
        `B,A,${timeOf(b, c) + timeOf(c, a)}`,
        '',
      ].join('\n'),
    );
    expect(await readFile(at('m2.csv'), 'utf8')).toBe(text);
  });

  it('gives the same times to many origins, where labels answer, as to each few of them', async () => {
    const spots = Array.from(
      { length: 240 },
      (_, i) => `s${i},${10 + (i % 16) * 0.0006},${50 + (i % 15) * 0.0006}`,
    );
    const points = async (name: string, rows: string[]): Promise<string> => {
      await writeFile(at(name), ['id,lon,lat', ...rows, ''].join('\n'));
      return at(name);
    };
    const to = await points('few.csv', spots.slice(0, 12));
    const matrix = async (name: string, rows: string[]): Promise<string[]> => {
      const from = await points(`from-${name}`, rows);
      const flags = ['--from', from, '--to', to, '--out', at(name), '--snap-limit', '2000'];
      expect((await runCli(['matrix', at('town.geojson'), ...flags])).code).toBe(0);
      return (await readFile(at(name), 'utf8')).trimEnd().split('\n').slice(1);
    };
    const all = await matrix('all.csv', spots);
    const parts = [
      await matrix('a.csv', spots.slice(0, 120)),
      await matrix('b.csv', spots.slice(120)),
    ].flat();
    expect(all).toHaveLength(240 * 12);
    expect(all).toEqual(parts);
  });

  it('tells nodes on one spot apart by the id of the point', async () => {
    // a bridge 4-5-6 over a street 1-2-3: 2 and 5 share their place, and a ramp 3-6 joins the two
    const node = (id: number, lon: number, lat: number) => `<node id="${id}" lat="${lat}" lon="${lon}"/>`;
    const way = (id: number, ...refs: number[]) =>
      `<way id="${id}">${refs.map((ref) => `<nd ref="${ref}"/>`).join('')}<tag k="highway" v="residential"/></way>`;
    const stack = [
      [1, 9.99, 50],
      [2, 10, 50],
      [3, 10.01, 50],
      [4, 10, 49.99],
      [5, 10, 50],
      [6, 10, 50.01],
    ];
    const ways = [
      way(1, 1, 2),
      way(2, 2, 3),
      way(3, 4, 5),
      way(4, 5, 6),
      way(5, 3, 6),
      way(6, 2, 1),
      way(7, 5, 4),
    ];
    const xml = `<osm version="0.6">${stack.map(([id, lon, lat]) => node(id, lon, lat)).join('')}${ways.join('')}</osm>`;
    await writeFile(at('bridge.osm'), xml);
    expect(
      (await runCli(['export', at('bridge.osm'), '--out', at('bridge'), '--profile', 'plain'])).code,
    ).toBe(0);
    const nodes = csvParse(await readFile(at('bridge/nodes.csv'), 'utf8'));
    const numberOf = (osmId: string) => nodes.find((row) => row.osmNodeId === osmId)!.node;
    const [street, bridge, end] = [numberOf('2'), numberOf('5'), numberOf('3')];
    await writeFile(at('spot.csv'), `id,lon,lat\n${street},10,50\n${bridge},10,50\nspot,10,50\n`);
    await writeFile(at('end.csv'), `id,lon,lat\n${end},10.01,50\n`);
    const args = [
      '--from',
      at('spot.csv'),
      '--to',
      at('end.csv'),
      '--out',
      at('spots.csv'),
      '--profile',
      'plain',
    ];
    expect((await runCli(['matrix', at('bridge.osm'), ...args])).code).toBe(0);
    const times = csvParse(await readFile(at('spots.csv'), 'utf8')).map(({ timeMs }) => Number(timeMs));
    expect(times[1]).toBeGreaterThan(times[0]);
    expect(times[2]).toBe(times[Number(street) < Number(bridge) ? 0 : 1]);
  });

  it('lists every bad row of a points file, and every point without a road, in one go', async () => {
    await writeFile(at('bad.csv'), 'id,lon,lat\na,10,50\nb,ten,50\nc,10,500\nd,10\ne,50.0,10.0\n');
    const bad = await runCli([
      'matrix',
      at('town.graph'),
      '--from',
      at('bad.csv'),
      '--to',
      at('to.csv'),
      '--out',
      at('no.csv'),
    ]);
    expect(bad.code).toBe(2);
    expect(bad.stderr.trim().split('\n')).toEqual([
      `${at('bad.csv')} row 3: lon "ten" is not a number of degrees`,
      `${at('bad.csv')} row 4: lat 500 is outside -90 to 90`,
      `${at('bad.csv')} row 5: 2 columns; the header has 3`,
    ]);
    await writeFile(at('far.csv'), 'id,lon,lat\na,10,50\ne,50,10\nf,11,50\n');
    const far = await runCli([
      'matrix',
      at('town.graph'),
      '--from',
      at('far.csv'),
      '--to',
      at('to.csv'),
      '--out',
      at('no.csv'),
      '--json',
    ]);
    expect(far.code).toBe(2);
    const { error } = JSON.parse(far.stdout) as {
      error: { kind: string; problems: { place: string; message: string }[] };
    };
    expect(error.kind).toBe('input');
    expect(error.problems.map(({ place }) => place)).toEqual(['row 3', 'row 4']);
    expect(error.problems[0].message).toContain('are lon and lat swapped?');
    expect(await readdir(folder)).not.toContain('no.csv');
  });

  it('refuses to write over its own input', async () => {
    const before = await readFile(at('town.geojson'), 'utf8');
    const { code, stderr } = await runCli(['import', at('town.geojson'), '--out', at('town.geojson')]);
    expect([code, stderr]).toEqual([
      2,
      `--out: "${at('town.geojson')}" is the input file; name another file\n`,
    ]);
    expect(await readFile(at('town.geojson'), 'utf8')).toBe(before);
  });

  it('gives reach as GeoJSON, one feature for each place and time, and their union', async () => {
    const { code, stdout } = await runCli(
      ['reach', at('town.graph'), '--at', '10,50', '--at', '10.01,50.01', '--within', '30,600', '--profile', 'plain', '--json'],
    ); // prettier-ignore
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      reach: { at: number[] | null; withinS: number; lengthM: number }[];
      geojson: { features: { geometry: { coordinates: number[][][] } }[] };
    };
    expect(document.reach.map(({ at, withinS }) => [at, withinS])).toEqual([
      [[10, 50], 30], [[10.01, 50.01], 30], [null, 30],
      [[10, 50], 600], [[10.01, 50.01], 600], [null, 600],
    ]); // prettier-ignore
    expect(document.geojson.features).toHaveLength(6);
    // 30 s at 30 km/h along A-B, at 50 km/h along A-C
    expect(document.reach[0].lengthM).toBeCloseTo(250 + 416.667, 0);
    const [everything, , union] = document.reach.slice(3);
    expect(union.lengthM).toBe(everything.lengthM);
  });
});

describe('the command line', () => {
  it('names the nearest command and option, and exits with 2', async () => {
    const unknown = await runCli(['raech']);
    expect([unknown.code, unknown.stderr]).toEqual([2, "unknown command 'raech'\n(Did you mean reach?)\n"]);
    const option = await runCli(['import', 'x', '--out', 'y', '--jsno']);
    expect([option.code, option.stderr]).toEqual([2, "unknown option '--jsno'\n(Did you mean --json?)\n"]);
    const profile = await runCli(['export', 'x', '--out', 'y', '--profile', 'plian', '--json']);
    expect(profile.code).toBe(2);
    expect(JSON.parse(profile.stdout)).toEqual({
      error: {
        kind: 'input',
        problems: [
          { file: '--profile', place: '', message: '"plian" is not a speed profile (did you mean "plain"?)' },
        ],
      },
    });
  });

  it('prints its version, and a help with an example for every command', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const help = await runCli(['--help']);
    const names = [...help.stdout.matchAll(/^ {2}([a-z-]+) .*/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'help');
    expect(names).toEqual([
      'import',
      'import-jemss',
      'demand',
      'export',
      'route',
      'matrix',
      'check',
      'analyse',
      'run',
      'replay',
      'compare',
      'score',
      'place',
      'reach',
      'view',
      'schema',
    ]);
    for (const name of names) {
      const command = name === 'demand' ? ['demand', 'fit'] : [name]; // a group of commands, of which fit is one
      const { code, stdout } = await runCli([...command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`$ patrol135 ${command.join(' ')}`);
      expect(stdout).toContain('--json');
    }
  });

  it('shows no escape codes that a file name or a file holds', async () => {
    await writeFile(at('esc.csv'), 'id,lon,lat\na,\u001b[31mred,50\n');
    const { code, stderr } = await runCli([
      'matrix',
      at('town.graph'),
      '--from',
      at('esc.csv'),
      '--to',
      at('to.csv'),
      '--out',
      at('no.csv'),
    ]);
    expect(code).toBe(2);
    expect(stderr).not.toContain('\u001b');
  });

  it('survives a reader that goes away', async () => {
    const { spawnSync } = await import('node:child_process');
    const cli = `"${process.execPath}" --import "${import.meta.resolve('tsx')}" engine/node/cli.ts`;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', `${cli} schema | head -1; echo "\${PIPESTATUS[0]}"`],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('{\n0\n');
    expect(stderr).not.toMatch(/EPIPE|Error/);
  });
});
