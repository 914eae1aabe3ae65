/** What README's table of exit codes promises, held against every command. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InfeasibleError, InputError } from '../../engine/errors.ts';
import { EXIT, Interrupted, reportError, UsageError } from '../../engine/node/output.ts';
import { runCli as runFromSource } from '../support/cli.ts';

/** As built, which starts three times as fast; exit code 1 of `replay --verify` is held in cli-replay.test.ts. */
const runCli = (args: readonly string[], more: Parameters<typeof runFromSource>[1] = {}) =>
  runFromSource(args, { built: true, ...more });

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135-exit-'));
  await writeFile(at('points.csv'), 'id,lon,lat\na,0.0036,0\nb,0,-0.0036\n');
  await writeFile(at('broken.json'), '{"version": 1,');
  const calls = Array.from({ length: 17 * 24 }, (_, hour) => {
    const time = new Date(Date.UTC(2026, 2, 2, hour, 30)).toISOString();
    return `${time},0.00${hour % 5},-0.00${hour % 4}`;
  });
  await writeFile(at('calls.csv'), `time,lon,lat\n${calls.join('\n')}\n`);
  const made = await Promise.all([
    runCli(['run', 'scenarios/toy', '--replications', '1', '--out', at('run'), '--quiet']),
    runCli(['import', 'scenarios/toy/roads.geojson', '--out', at('toy.graph'), '--quiet']),
  ]);
  expect(made.map(({ code, stderr }) => [code, stderr])).toEqual([[EXIT.ok, ''], [EXIT.ok, '']]);
}, 30_000); // prettier-ignore
afterAll(() => rm(folder, { recursive: true, force: true }));

const GRAPH = '{}/toy.graph';
const PLACES = ['--from', '0.0036,0', '--to', '0,-0.0036'];
/** A command line of each command that ends well; {} is the folder. */
const DONE: Record<string, string[]> = {
  export: [GRAPH, '--out', '{}/tables'],
  route: [GRAPH, ...PLACES, '--profile', 'plain'],
  matrix: [GRAPH, '--from', '{}/points.csv', '--to', '{}/points.csv', '--out', '{}/matrix.csv'],
  reach: [GRAPH, '--at', '0.0036,0', '--within', '60'],
  check: ['scenarios/toy'],
  analyse: ['scenarios/toy'],
  compare: ['scenarios/toy', 'scenarios/toy', '--replications', '2'],
  replay: ['--verify', '{}/run'],
  score: ['{}/run', '--standard', 'zone-1-3-5'],
  schema: ['standard'],
  'demand fit': ['{}/calls.csv'],
};
/** A command line of each command whose input is at fault. */
const AT_FAULT: Record<string, string[]> = {
  import: ['{}/broken.json', '--out', '{}/none.graph'],
  'import-jemss': ['{}/broken.json', '--out', '{}/none'],
  'demand fit': ['{}/points.csv'],
  export: ['{}/points.csv', '--out', '{}/none'],
  route: [GRAPH, '--from', '0.0036,0', '--to', '80,80'],
  matrix: [GRAPH, '--from', '{}/none.csv', '--to', '{}/points.csv', '--out', '{}/matrix.csv'],
  reach: [GRAPH, '--at', 'here', '--within', '60'],
  check: ['{}/broken.json'],
  analyse: ['{}/broken.json'],
  run: ['scenarios/toy', '--set', 'dispatch.type=closest', '--out', '{}/none'],
  replay: ['--verify', '{}/flipped'],
  compare: ['scenarios/toy', '{}/broken.json'],
  score: ['{}/flipped', '--standard', 'zone-1-3-5'],
  place: ['scenarios/toy'],
  view: ['{}/none'],
  schema: ['scenarios'],
};
const lineOf = (command: string, args: readonly string[]) => [
  ...command.split(' '),
  ...args.map((arg) => arg.replace('{}', folder)),
];

describe('exit code 0 when done', () => {
  it.concurrent.each(Object.entries(DONE))('%s', async (command, args) => {
    const { code, stderr } = await runCli(lineOf(command, [...args, '--quiet']));
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('exit code 2 for input at fault, with --json as a document too', () => {
  beforeAll(async () => {
    const { code } = await runCli(['run', 'scenarios/toy', '--replications', '1', '--out', at('flipped')]);
    expect(code).toBe(0);
    const bytes = await readFile(at('flipped/events.parquet'));
    bytes[bytes.length >> 1] ^= 1;
    await writeFile(at('flipped/events.parquet'), bytes);
  }, 30_000);

  it.concurrent.each(Object.entries(AT_FAULT))('%s', async (command, args) => {
    const { code, stdout, stderr } = await runCli(lineOf(command, [...args, '--json', '--quiet']));
    expect(code, stderr).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { kind: string; problems: { message: string }[] } };
    expect(error.kind).toBe('input');
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { message } of error.problems) expect(stderr).toContain(message);
    expect(stderr).not.toContain('bug');
  });

  it('of words on the command line, by all commands alike', async () => {
    for (const args of [['run'], ['run', 'scenarios/toy', '--sed', '1'], ['rum'], ['demand', 'fit', 'a', 'b'], []]) {
      expect((await runCli(args)).code, args.join(' ')).toBe(2);
    }
  });
}); // prettier-ignore

it('exit code 3 when the question has no answer', async () => {
  const sites = ['--set', 'placement={"type":"mclp","sites":5,"candidates":{"posts":true,"nodes":false}}'];
  const run = await runCli(['run', 'scenarios/toy', ...sites, '--out', at('none'), '--json']);
  expect([run.code, (JSON.parse(run.stdout) as { error: { kind: string } }).error.kind]).toEqual([3, 'infeasible']);
}); // prettier-ignore

it('exit code 130 when interrupted', async () => {
  const { code } = await runCli(['view', at('run')], {
    onStdout: (text, child) => {
      if (text.includes('Ctrl-C')) child.kill('SIGINT');
    },
  });
  expect(code).toBe(130);
});

it('errors have the code of their kind; whatever is none of ours to expect is a bug, and told how to make again', () => {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const codes = [
    InputError.at('file', '', 'is wrong'),
    new UsageError('is wrong'),
    new InfeasibleError('has none'),
    new Interrupted('stopped'),
    new TypeError('x is not a function'),
  ].map((error) => reportError(error, false, { seed: 7, commandLine: 'patrol135 run town' }));
  spy.mockRestore();
  expect(codes).toEqual([2, 2, 3, 130, 1]);
  expect(said.filter((text) => text.includes('bug'))).toHaveLength(1);
  expect(said.at(-1)).toMatch(/seed: 7\nreproduce with: patrol135 run town/);
});
