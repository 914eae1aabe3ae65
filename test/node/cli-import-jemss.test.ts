/** `patrol135 import-jemss` from files to a run: a tiny city on disk, its report, and how faults end. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { runCli } from '../support/cli.ts';
import { jemssTown } from '../support/jemss-city.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 jemss '));
  for (const [path, bytes] of jemssTown()) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = () => join(folder, 'jemss/town/sim_config.xml');

describe('patrol135 import-jemss', () => {
  it('writes a scenario folder that runs to the end, and says what is different', async () => {
    const out = join(folder, 'town');
    const imported = await runCli(['import-jemss', config(), '--out', out, '--places', '50']);
    expect(imported.code, imported.stderr).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      'import-report.txt',
      'places.csv',
      'roads.graph',
      'roads.graph.order',
      'scenario.json',
    ]);
    const report = await readFile(join(out, 'import-report.txt'), 'utf8');
    for (const title of ['Read:', 'Carried over:', 'Different from JEMSS:', 'Left out:'])
      expect(report).toContain(`\n${title}\n`);
    expect(imported.stdout).toContain('a systematic sample of 50 places');

    const results = join(folder, 'results');
    const run = await runCli(['run', out, '--out', results, '--quiet', '--json']);
    expect(run.code, run.stderr).toBe(0);
    const kpis = JSON.parse(await readFile(join(results, 'kpis.json'), 'utf8')) as KpisJson;
    // two calls an hour, two days, three replications; within five standard deviations of the Poisson law
    expect(Math.abs(3 * (kpis.calls.perReplication.value ?? 0) - 288)).toBeLessThan(5 * Math.sqrt(288));
    expect(kpis.replications).toBe(3);
  });

  it('asks for the file where it is given the folder', async () => {
    const { code, stderr } = await runCli(['import-jemss', dirname(config()), '--out', join(folder, 'none')]);
    expect(code).toBe(2);
    expect(stderr).toContain('is a folder; expected is the sim_config.xml');
  });

  it('gives the account as JSON', async () => {
    const { code, stdout } = await runCli([
      'import-jemss',
      config(),
      '--out',
      join(folder, 'json'),
      '--places',
      '5',
      '--json',
      '--quiet',
    ]);
    expect(code).toBe(0);
    const said = JSON.parse(stdout) as Record<string, string[]>;
    expect(Object.keys(said)).toEqual(['scenario', 'files', 'carried', 'different', 'leftOut', 'graph']);
    expect(said.files).toContain(join(folder, 'jemss/town/input/arcs.csv'));
  });

  it('ends with exit code 2 and one line for each fault, and writes nothing', async () => {
    const out = join(folder, 'nothing');
    const missing = await runCli(['import-jemss', join(folder, 'none.xml'), '--out', out]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('none.xml: is not there');
    const elsewhere = await runCli([
      'import-jemss',
      config(),
      '--out',
      out,
      '--jemss-dir',
      join(folder, 'away'),
    ]);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toContain('<stations>: ');
    expect(elsewhere.stderr).toContain('away/town/input/stations.csv is not there');
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it('writes into no folder that holds something else', async () => {
    const { code, stderr } = await runCli(['import-jemss', config(), '--out', folder]);
    expect(code).toBe(2);
    expect(stderr).toContain('holds more than an import of ours');
  });
});
