/** The browser's own paths: workers with shared and with copied columns, none at all, a page's own worker, failures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../../engine/node/index.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { type EnginePage, openEnginePage } from '../support/engine-page.ts';
import { hashesOf } from '../support/results-hashes.ts';

describeWithChromium('runInBrowser', (chromium) => {
  let folder: string;
  let inNode: Record<string, string>;
  const ask = { replications: 5, seed: 'browser' };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patrol135-browser-'));
    await runScenario('scenarios/toy', { out: join(folder, 'toy'), workers: 1, ...ask });
    inNode = hashesOf(join(folder, 'toy'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each([
    ['built from source, cross-origin isolated', { engine: 'source', isolated: true }],
    ['built from dist, not isolated', { engine: 'dist', isolated: false }],
  ] as const)('%s', (_, options) => {
    let page: EnginePage;
    beforeAll(async () => {
      page = await openEnginePage(chromium, options);
    });
    afterAll(() => page?.close());

    it.each([
      ['one worker', { workers: 1 }],
      ['two workers', { workers: 2 }],
      ['more workers than replications', { workers: 7 }],
      ['its default number of workers', {}],
      ['no worker', { workers: 0 }],
      ['two workers, started by a worker of the page', { workers: 2, where: 'own worker' }],
    ] as const)('gives the bytes that Node writes, with %s', async (_, how) => {
      const answer = await page.run('toy', { ...ask, ...how });
      expect(answer.error).toBeNull();
      expect(answer.isolated).toBe(options.isolated);
      expect(answer.hashes).toEqual(inNode);
      expect(answer.done).toEqual([0, 1, 2, 3, 4, 5]);
      expect(answer.steps).toContain('planning patrols');
      expect(page.complaints).toEqual([]);
    });

    it.each([{ workers: 0 }, { workers: 2 }])('stops when its signal fires, with %o', async (how) => {
      const answer = await page.run('toy', { ...ask, replications: 200, abortAfter: 2, ...how });
      expect(answer.error).toBe('Error: enough');
      expect(answer.done.length).toBeLessThan(20);
    });

    it.each([
      [{ replications: 0 }, 'options /replications: 0 is not a whole number from 1 to 10000'],
      [{ workers: 1.5 }, 'options /workers: 1.5 is not a whole number from 0 to 256'],
      [{ seed: '' }, 'options /seed: "" is not a whole number or a text of 1 to 200 characters'],
    ])('refuses %o', async (how, message) => {
      expect((await page.run('toy', how)).error).toBe(`InputError: ${message}`);
    });

    it('says which replication failed where a worker cannot start', async () => {
      const answer = await page.run('toy', { workers: 1, workerUrl: '/no-such-worker.js' });
      expect(answer.error).toMatch(/^Error: replication 1 failed in worker \/no-such-worker\.js: /);
    });
  });
});
