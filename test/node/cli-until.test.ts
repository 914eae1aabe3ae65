import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManifestJson } from '../../engine/results/manifest.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { runCli } from '../support/cli.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135-until-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(path)).sort()) {
    if (name !== 'timing.json') hash.update(`${name}\n`).update(await readFile(join(path, name)));
  }
  return hash.digest('hex');
}
const read = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

describe('patrol135 run --until', () => {
  it('stops at the same replication with the same bytes for 1 and 3 workers, and says why', async () => {
    const hashes: string[] = [];
    for (const workers of ['1', '3']) {
      const { code, stdout, stderr } = await runCli([
        ...['run', 'scenarios/toy', '--out', at(workers), '--workers', workers],
        ...['--until', 'halfWidth=0.05,of=within3min,batch=5'],
      ]);
      expect([code, stderr]).toEqual([0, expect.stringContaining('replications')]);
      expect(stdout).toMatch(
        /Until: stopped after \d+ replications, the first at which the 95 % interval of within3min/,
      );
      hashes.push(await hashOf(at(workers)));
    }
    expect(new Set(hashes).size).toBe(1);
    const kpis = await read<KpisJson>(at('1/kpis.json'));
    const manifest = await read<ManifestJson>(at('1/manifest.json'));
    const n = kpis.replications;
    expect(kpis.until).toMatchObject({
      halfWidth: 0.05,
      of: 'within3min',
      stopped: 'target',
      replications: n,
    });
    expect(kpis.until!.reached).toBeLessThanOrEqual(0.05);
    expect([n % 5, n >= 10]).toEqual([0, true]);
    expect(manifest).toMatchObject({
      complete: true,
      replications: { done: n, asked: n },
      until: kpis.until,
    });
    // a run of as many replications has the same figures
    const plain = await runCli(['run', 'scenarios/toy', '--out', at('plain'), '--replications', String(n)]);
    expect(plain.code).toBe(0);
    expect(await readFile(at('plain/events.parquet'))).toEqual(await readFile(at('1/events.parquet')));
    expect((await read<KpisJson>(at('plain/kpis.json'))).until).toBeUndefined();
  });

  it('ends at its limit with a clear line', async () => {
    const { code, stdout } = await runCli([
      ...['run', 'scenarios/toy', '--out', at('most')],
      ...['--until', 'halfWidth=0.0001,most=12'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('Until: TARGET MISSED. All 12 replications allowed are done');
    expect(await read(at('most/manifest.json'))).toMatchObject({
      complete: true,
      replications: { done: 12, asked: 12 },
      until: { stopped: 'most' },
    });
  });

  it.each([
    [['--until', 'halfWidth=1'], '--until: halfWidth=1 is not allowed: a share above 0, at most 0.5'],
    [['--until', 'halfWidth=0.1,group=zone:x'], '--until: group=zone:x is not a group of calls of this run'],
    [['--until', 'halfWidth=0.1', '--replications', '5'], '--replications: cannot stand beside --until'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(['run', 'scenarios/toy', '--out', at('no'), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await readdir(folder)).not.toContain('no');
  });
});
