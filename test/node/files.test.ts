import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { openPendingFile, readInputFile, refuseSameFile, writeFileWhole } from '../../engine/node/files.ts';
import { failingFiles } from '../support/failing-files.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'patrol135 files-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a file that is written whole', () => {
  it('appears only when it is complete', async () => {
    const path = join(folder, 'deep/er/times.csv');
    const file = await openPendingFile(path);
    await file.write('from,to\n');
    await expect(stat(path)).rejects.toThrow();
    await file.write('a,b\n');
    await file.commit();
    expect(await readFile(path, 'utf8')).toBe('from,to\na,b\n');
    expect(await readdir(join(folder, 'deep/er'))).toEqual(['times.csv']);
  });

  it('leaves what was there when it is given up', async () => {
    const path = join(folder, 'x');
    await writeFile(path, 'old');
    const file = await openPendingFile(path);
    await file.write('new');
    await file.discard();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('is written through a symbolic link, which stays one', async () => {
    await writeFile(join(folder, 'real'), 'old');
    await symlink('real', join(folder, 'link'));
    await writeFileWhole(join(folder, 'link'), 'new');
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  });

  it('refuses a folder, and a name below a file', async () => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'plain'), '');
    await expect(writeFileWhole(join(folder, 'sub'), 'x')).rejects.toThrow(/is a folder/);
    await expect(writeFileWhole(join(folder, 'plain/x'), 'x')).rejects.toThrow(/cannot be written/);
  });

  it('is the old or the new one whichever step fails, with no temporary file left', async () => {
    const path = join(folder, 'graph.p135');
    const reference = failingFiles(0, '');
    await writeFile(path, 'old');
    await writeFileWhole(path, 'new', reference.fs);
    for (let n = 1; n <= reference.steps(); n++) {
      await writeFile(path, 'old');
      const error: unknown = await writeFileWhole(path, 'new', failingFiles(n, 'ENOSPC').fs).catch(
        (reason: unknown) => reason,
      );
      expect(error, `step ${n}`).toBeInstanceOf(InputError);
      expect((error as InputError).message).toBe(
        `${path}: cannot be written: no space left on the disk (ENOSPC)`,
      );
      expect(['old', 'new']).toContain(await readFile(path, 'utf8'));
      expect(await readdir(folder), `step ${n}`).toEqual(['graph.p135']);
    }
  });
});

describe('reading an input file', () => {
  it('refuses folders, missing files and files over the limit, each with its name', async () => {
    const path = join(folder, 'big.csv');
    await writeFile(path, 'x'.repeat(11));
    expect(await readInputFile(path, 11)).toHaveLength(11);
    await expect(readInputFile(path, 10)).rejects.toThrow(`${path}: is 11 bytes long; at most 10 are read`);
    await expect(readInputFile(folder, 10)).rejects.toThrow(/is not a regular file/);
    await expect(readInputFile(join(folder, 'none'), 10)).rejects.toThrow(
      /no such file or folder \(ENOENT\)/,
    );
  });

  it.skipIf(process.getuid?.() === 0)('says when it may not be read', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, 'x');
    await chmod(path, 0);
    await expect(readInputFile(path, 10)).rejects.toThrow(/permission denied/);
  });

  it('never lets a result overwrite its own input', async () => {
    const path = join(folder, 'roads.osm.pbf');
    await writeFile(path, 'x');
    await symlink(path, join(folder, 'alias'));
    await expect(refuseSameFile(path, join(folder, 'alias'))).rejects.toThrow(/is the input file/);
    await expect(refuseSameFile(path, join(folder, 'other'))).resolves.toBeUndefined();
  });
});
