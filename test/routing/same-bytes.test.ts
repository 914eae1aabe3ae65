/**
 * Routing answers with the same bytes in Node and in Chromium, with WebAssembly and without, with memory that threads can
 * share and without: orders, labels, matrices, drives, reach, the nearest units, updates, and the work done for them.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWithChromium } from '../support/chromium.ts';
import { type EnginePage, openEnginePage } from '../support/engine-page.ts';
import { routingAnswers, type RoutingAnswers } from '../support/routing-answers.ts';
import { TIMEOUT_MS } from '../support/counts.ts';

describe('what routing answers on 42 networks (seeds 1, 2 and 90001 to 90040)', () => {
  let inNode: RoutingAnswers;
  beforeAll(async () => {
    inNode = await routingAnswers();
  }, TIMEOUT_MS);
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('is much, from WebAssembly on shared memory', () => {
    expect(inNode.wasm && inNode.shared).toBe(true);
    expect(Object.keys(inNode.hashes)).toHaveLength(12);
    expect(new Set(Object.values(inNode.hashes)).size).toBe(12);
    expect(inNode.length).toBeGreaterThan(1_000_000);
  });

  it.each([
    { without: ['WebAssembly'], wasm: false, shared: false },
    { without: ['SharedArrayBuffer'], wasm: true, shared: false },
    { without: ['WebAssembly', 'SharedArrayBuffer'], wasm: false, shared: false },
  ])('is the same in Node without $without', async ({ without, ...runtime }) => {
    vi.resetModules(); // what was compiled or found out belongs to the modules
    const fresh = await import('../support/routing-answers.ts');
    for (const name of without) vi.stubGlobal(name, undefined);
    const answers = await fresh.routingAnswers();
    expect(answers).toEqual({ ...inNode, ...runtime });
  });

  describeWithChromium('in headless Chromium', (chromium) => {
    describe.each([
      {
        isolated: true,
        workers: [
          { without: [], wasm: true, shared: true },
          { without: ['WebAssembly'], wasm: false, shared: false },
          { without: ['SharedArrayBuffer'], wasm: true, shared: false },
        ],
      },
      {
        isolated: false,
        workers: [
          { without: [], wasm: true, shared: false },
          { without: ['WebAssembly'], wasm: false, shared: false },
        ],
      },
    ])('on a page with isolated: $isolated', ({ isolated, workers }) => {
      let page: EnginePage;
      beforeAll(async () => {
        page = await openEnginePage(chromium, { engine: 'source', isolated });
      }, TIMEOUT_MS);
      afterAll(() => page?.close());

      it('is the same in the page', async () => {
        expect(await page.routing()).toEqual({ ...inNode, wasm: true, shared: isolated });
        expect(page.complaints).toEqual([]);
      });

      it.each(workers)('is the same in a worker without $without', async ({ without, ...runtime }) => {
        expect(await page.routing({ without })).toEqual({ ...inNode, ...runtime });
        expect(page.complaints).toEqual([]);
      });
    });
  });
});
