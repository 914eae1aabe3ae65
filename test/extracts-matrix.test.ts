/**
 * Every extract through import, export and matrix, as anybody can check it with another tool: the times of the matrix
 * against graphology's Dijkstra on the exported tables.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import seedrandom from 'seedrandom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addExport } from '../engine/node/commands/export.ts';
import { addImport } from '../engine/node/commands/import.ts';
import { addMatrix } from '../engine/node/commands/matrix.ts';
import { createOutput } from '../engine/node/output.ts';
import { builtCli, runCli } from './support/cli.ts';
import {
  type ExportedNetwork,
  type ExportedNode,
  graphologyTimesMs,
  readExportedNetwork,
} from './support/graphology-oracle.ts';
import { describeWithData } from './support/shared-data.ts';

const SOURCES = 10;
const TARGETS = 100;
const SEED = 'patrol135 extracts';

/** One command line of the program, in this process: the same code that a shell reaches, without its start. */
async function inProcess(args: readonly string[]): Promise<void> {
  const program = new Command('patrol135').exitOverride();
  const context = {
    output: { ...createOutput({ json: false, quiet: true }), say: () => undefined },
    interruption: { signal: new AbortController().signal, beGentle: () => undefined },
    reproduction: { commandLine: '' },
    exitCode: 0,
  };
  for (const add of [addImport, addExport, addMatrix]) add(program, context);
  await program.parseAsync(args, { from: 'user' });
  expect(context.exitCode).toBe(0);
}

/** The same as a process of its own, from dist/ where it is built. */
async function inShell(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCli([...args, '--quiet'], { built: existsSync(builtCli) });
  expect([code, stderr]).toEqual([0, '']);
}

/** A point of a list for the matrix. */
type Point = ExportedNode & { id: string };

/** What the commands make of an extract, asked for the nodes that `choose` picks from the exported network. */
async function chain(
  roads: string,
  folder: string,
  run: typeof inProcess,
  choose: (network: ExportedNetwork) => { from: Point[]; to: Point[] },
) {
  const at = (name: string) => join(folder, name);
  const text = (name: string) => readFile(at(name), 'utf8');
  await mkdir(folder, { recursive: true });
  await run(['import', roads, '--out', at('city.graph')]);
  await run(['export', at('city.graph'), '--out', folder, '--profile', 'plain']);
  const [nodesCsv, arcsCsv] = [await text('nodes.csv'), await text('arcs.csv')];
  const network = readExportedNetwork(nodesCsv, arcsCsv);

  const { from, to } = choose(network);
  await writeFile(at('from.csv'), pointsCsv(from));
  await writeFile(at('to.csv'), pointsCsv(to));
  const lists = ['--from', at('from.csv'), '--to', at('to.csv')];
  await run(['matrix', at('city.graph'), ...lists, '--out', at('times.csv'), '--profile', 'plain']);
  return { network, from, to, nodesCsv, arcsCsv, timesCsv: await text('times.csv') };
}

const pointsCsv = (points: readonly Point[]): string =>
  ['id,lon,lat', ...points.map(({ id, lon, lat }) => `${id},${lon},${lat}`), ''].join('\n');

/**
 * Ten sources and a hundred targets; every node where the network has fewer than a hundred. Coordinates name a node
 * that stands alone on its spot, and such points get ids that say nothing of nodes. Of nodes that share a spot the id
 * names one, so these have their number as id, and all of them are targets.
 */
function chooser(file: string) {
  return ({ nodes }: ExportedNetwork): { from: Point[]; to: Point[] } => {
    const { alone, shared } = bySpot(nodes);
    const all = alone.length < TARGETS;
    const from = all ? alone : sample(alone, SOURCES, `${file}/sources`);
    const to = all ? alone : sample(alone, TARGETS, `${file}/targets`);
    return {
      from: from.map((node, i) => ({ ...node, id: `source ${i}` })),
      to: [
        ...to.map((node, i) => ({ ...node, id: `target ${i}` })),
        ...shared.map((node) => ({ ...node, id: node.node })),
      ],
    };
  };
}

/** `n` different items, by a seeded draw. */
function sample<T>(items: readonly T[], n: number, key: string): T[] {
  const random = seedrandom(`${SEED}/${key}`);
  const rest = [...items];
  return Array.from({ length: n }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}

function bySpot(nodes: readonly ExportedNode[]): { alone: ExportedNode[]; shared: ExportedNode[] } {
  const spot = ({ lon, lat }: ExportedNode): string => `${lon},${lat}`;
  const onSpot = new Map<string, number>();
  for (const node of nodes) onSpot.set(spot(node), (onSpot.get(spot(node)) ?? 0) + 1);
  const isAlone = (node: ExportedNode): boolean => onSpot.get(spot(node)) === 1;
  return { alone: nodes.filter(isAlone), shared: nodes.filter((node) => !isAlone(node)) };
}

describeWithData('travel times on every extract', (data) => {
  const files = readdirSync(`${data}/osm`).sort();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patrol135 extracts '));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.for(files)(
    '%s: the matrix equals Dijkstra of graphology on the exported arcs',
    { timeout: 300_000 },
    async (file, { annotate }) => {
      const roads = `${data}/osm/${file}`;
      const { network, from, to, timesCsv } = await chain(
        roads,
        join(folder, file),
        inProcess,
        chooser(file),
      );
      const targets = to.map(({ node }) => node);
      const times: (number | '')[] = [];
      const rows = from.flatMap((source) => {
        const fromSource = graphologyTimesMs(network, source.node, targets);
        times.push(...fromSource);
        return fromSource.map((timeMs, t) => `${source.id},${to[t].id},${timeMs}`);
      });
      expect(timesCsv.split('\n')).toEqual(['from,to,timeMs', ...rows, '']);

      // what makes the agreement worth something: every pair has a path, and the times are not all alike
      expect(times).not.toContain('');
      expect(new Set(times).size).toBeGreaterThan(Math.min(100, times.length / 4));
      const nShared = to.filter(({ id, node }) => id === node).length;
      await annotate(
        `${file}: ${times.length} pairs on ${network.nodes.length} nodes (${nShared} share a spot) and ` +
          `${network.nArcs} arcs (${network.nParallel} parallel)`,
      );
    },
  );

  // one extract of each kind that OpenStreetMap comes in
  it.each(['baltimore.osm.pbf', 'shanghai-center.osm.gz'])(
    '%s: the program writes the same files when a shell starts it',
    async (file) => {
      const roads = `${data}/osm/${file}`;
      const here = await chain(roads, join(folder, file, 'here'), inProcess, chooser(file));
      const shell = await chain(roads, join(folder, file, 'shell'), inShell, chooser(file));
      expect(shell.nodesCsv === here.nodesCsv).toBe(true);
      expect(shell.arcsCsv === here.arcsCsv).toBe(true);
      expect(shell.timesCsv.split('\n')).toEqual(here.timesCsv.split('\n'));
    },
  );
});
