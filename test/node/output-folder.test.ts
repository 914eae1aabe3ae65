import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { checkOutputFolder, openOutputFolder, recoverFolder } from '../../engine/node/output-folder.ts';
import { failingFiles } from '../support/failing-files.ts';

let folder: string;
beforeEach(async () => (folder = await realpath(await mkdtemp(join(tmpdir(), 'patrol135 out-')))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const results = (mark: string) =>
  new Map([
    ['kpis.json', bytes(`{"mark": "${mark}"}`)],
    ['incidents.csv', bytes(`id\n${mark}\n`)],
    ['manifest.json', bytes(`{"mark": "${mark}"}`)],
  ]);

/** The mark of the results in a folder; fails when the files are of different runs. */
async function markOf(path: string): Promise<string> {
  const texts = await Promise.all(
    (await readdir(path)).map(async (name) => await readFile(join(path, name), 'utf8')),
  );
  const marks = new Set(texts.map((text) => /old|new/.exec(text)?.[0]));
  expect([...marks]).toHaveLength(1);
  expect(texts).toHaveLength(3);
  return [...marks][0]!;
}

async function write(path: string, mark: string) {
  const output = await openOutputFolder(path);
  await output.commit(results(mark));
}

describe('the results folder', () => {
  it('is made with its parents and holds exactly the files given, with nothing left beside it', async () => {
    await write(join(folder, 'a/b/城 区'), 'new');
    expect(await readdir(join(folder, 'a/b'))).toEqual(['城 区']);
    expect((await readdir(join(folder, 'a/b/城 区'))).sort()).toEqual([
      'incidents.csv',
      'kpis.json',
      'manifest.json',
    ]);
  });

  it('replaces older results as a whole, files that are no longer written included', async () => {
    const out = join(folder, 'out');
    const older = await openOutputFolder(out);
    await older.commit(new Map([...results('old'), ['placement.json', bytes('old')]]));
    await write(out, 'new');
    expect(await markOf(out)).toBe('new');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('takes an empty folder, and follows a symbolic link to where the results are', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    await write(join(folder, 'link'), 'new');
    expect(await markOf(join(folder, 'real'))).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['link', 'real']);
  });

  it.each([
    ['a file', async (out: string) => await writeFile(out, 'text'), /is a file/],
    [
      'a folder of somebody else',
      async (out: string) => {
        await mkdir(out);
        await writeFile(join(out, 'thesis.docx'), 'text');
      },
      /no manifest\.json/,
    ],
    [
      'results with notes among them',
      async (out: string) => {
        await write(out, 'old');
        await writeFile(join(out, 'notes.txt'), 'text');
      },
      /would be lost: notes\.txt/,
    ],
  ])('refuses %s and leaves it alone', async (_, prepare, why) => {
    const out = join(folder, 'out');
    await prepare(out);
    const before = await snapshot(folder);
    await expect(openOutputFolder(out)).rejects.toThrow(why);
    await expect(checkOutputFolder(out)).rejects.toBeInstanceOf(InputError);
    expect(await snapshot(folder)).toEqual(before);
  });

  it('refuses the current folder, which a swap would pull from under the shell', async () => {
    await expect(checkOutputFolder('.')).rejects.toThrow(/current folder/);
    await expect(checkOutputFolder('..')).rejects.toThrow(/current folder/);
  });

  it('lets one run in at a time, and the next when it has ended', async () => {
    const out = join(folder, 'out');
    const first = await openOutputFolder(out);
    await expect(openOutputFolder(out)).rejects.toThrow(/is writing to/);
    await first.release();
    await write(out, 'new');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('gives a folder up without a trace', async () => {
    await write(join(folder, 'out'), 'old');
    const output = await openOutputFolder(join(folder, 'out'));
    await output.release();
    await output.release();
    expect(await markOf(join(folder, 'out'))).toBe('old');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('knows a lock whose process is gone, and one of another machine', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const gone = child.pid!;
    await once(child, 'exit');
    const lock = join(folder, '.out.patrol135-lock');
    await writeFile(lock, JSON.stringify({ pid: gone, host: hostname() }));
    await write(join(folder, 'out'), 'new');
    expect(await readdir(folder)).toEqual(['out']);

    // the same number as ours, but not taken by us: a container that was restarted
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    await write(join(folder, 'out'), 'new');

    for (const text of [JSON.stringify({ pid: gone, host: 'elsewhere' }), '', '{"pid": "x"}']) {
      await writeFile(lock, text);
      await expect(openOutputFolder(join(folder, 'out'))).rejects.toThrow(/delete .*patrol135-lock/);
    }
  });

  it('keeps the old or shows the new results whichever step fails, and says why', async () => {
    const out = join(folder, 'out');
    const reference = failingFiles(0, '');
    await write(out, 'old');
    await (await openOutputFolder(out, reference.fs)).commit(results('new'));
    expect(reference.steps()).toBeGreaterThan(25);

    let newAfterFailure = 0;
    for (let n = 1; n <= reference.steps(); n++) {
      for (const code of ['ENOSPC', 'EACCES', 'EIO']) {
        await rm(out, { recursive: true, force: true });
        await write(out, 'old');
        const { fs } = failingFiles(n, code);
        const outcome: unknown = await openOutputFolder(out, fs)
          .then((output) => output.commit(results('new')))
          .catch((error: unknown) => error);
        const mark = await markOf(out);
        if (outcome === undefined) {
          // a failing removal of a lock that is no longer needed is no failure of the run
          expect(mark, `step ${n}`).toBe('new');
        } else {
          expect(outcome, `step ${n}`).toBeInstanceOf(InputError);
          expect((outcome as InputError).message).toMatch(new RegExp(`cannot be written: .*\\(${code}\\)`));
          if (mark === 'new') newAfterFailure++;
        }
        await rm(join(folder, '.out.patrol135-lock'), { force: true });
        await write(out, 'new');
        expect(await markOf(out)).toBe('new');
        expect(await readdir(folder), `step ${n}`).toEqual(['out']);
      }
    }
    // only flushing the parent folder and clearing the old results away come after the swap
    expect(newAfterFailure).toBeLessThanOrEqual(4 * 3);
  }, 120_000);

  it('puts the old results back after a crash between the two renames', async () => {
    const out = join(folder, 'out');
    await write(join(folder, '.out.patrol135-old'), 'old');
    await write(join(folder, '.out.patrol135-new'), 'new');
    expect(await recoverFolder(out)).toBe(true);
    expect(await markOf(out)).toBe('old');
    expect(await readdir(folder)).toEqual(['out']);
    expect(await recoverFolder(out)).toBe(false);
  });

  it('clears the old results away after a crash behind the second rename', async () => {
    const out = join(folder, 'out');
    await write(join(folder, '.out.patrol135-old'), 'old');
    await write(out, 'new');
    expect(await markOf(out)).toBe('new');
    expect(await readdir(folder)).toEqual(['out']);
  });
});

async function snapshot(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}
