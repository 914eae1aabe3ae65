/**
 * Is the viewer smooth with a large city? A made-up town of 100,800 segments and 500 units, opened and played in
 * headless Chromium without a GPU: the hardest case an office PC meets.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startViewServer } from '../../engine/node/view-server.ts';
import { findChromium, launchChromium } from '../../test/support/chromium.ts';
import { writeSampleResults } from '../../test/support/sample-results.ts';
import type { OtherCase } from '../road-case.ts';
import { duration, limitRow, type Row } from '../report.ts';

interface FrameFigures {
  frames: number;
  /** Between frames; 16.7 ms is the screen's own pace. */
  minMs: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
  /** Spent by the page's own code in a frame. */
  drawMedianMs: number;
  drawP95Ms: number;
}

/** Figures of playing at 60x with nobody touching the map, and of the same under a hand. */
interface ViewerFigures extends FrameFigures {
  segments: number;
  units: number;
  /** From the address entered to the first frame of the replay. */
  openMs: number;
  dragging: FrameFigures;
  zooming: FrameFigures;
  /** Zoomed in twelvefold. */
  close: FrameFigures;
}

const N_UNITS = 500;
const PLAY_MS = 5000;

export const viewer: OtherCase = {
  name: 'viewer',
  about: 'frames of the viewer with a large city, in headless Chromium (after npm run build)',
  async run() {
    const figures = await viewerFrames();
    const inputs = `${figures.segments} segments, ${figures.units} units; opened in ${duration(figures.openMs)}`;
    const row = (job: string, frames: FrameFigures): Row =>
      limitRow(
        {
          case: 'viewer',
          job: `between frames, ${job}`,
          inputs,
          note: `${frames.frames} frames, p95 ${duration(frames.p95Ms)}, worst ${duration(frames.maxMs)}; drawing ${duration(frames.drawMedianMs)}, p95 ${duration(frames.drawP95Ms)}`,
        },
        'headless Chromium, no GPU',
        { ms: frames.medianMs, minMs: frames.minMs },
        null,
      );
    return [
      row('playing', figures),
      row('dragging', figures.dragging),
      row('zooming', figures.zooming),
      row('zoomed in', figures.close),
    ];
  },
};

/**
 * Takes about half a minute.
 * @throws Error where no Chromium is found or the viewer is not built
 */
async function viewerFrames(): Promise<ViewerFigures> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium found; set PATROL135_CHROMIUM');
  const vizFolder = resolve(import.meta.dirname, '../../dist/viz');
  const folder = mkdtempSync(join(tmpdir(), 'patrol135-bench-'));
  const { nSegments } = await writeSampleResults(folder, {
    size: 225,
    units: N_UNITS,
    callsPerReplication: 1500,
    replications: 1,
    hours: 4,
  });
  const server = await startViewServer({ resultsFolder: folder, vizFolder });
  const browser = await launchChromium(executablePath);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const openedAt = performance.now();
    await page.goto(`${server.url}?bench=1`);
    await page.waitForFunction(() => window.__patrol135?.ready() === true, null, { timeout: 120_000 });
    const openMs = performance.now() - openedAt;
    await page.evaluate(() => {
      const scrub = document.querySelector<HTMLInputElement>('#scrub')!;
      scrub.value = '3600000';
      scrub.dispatchEvent(new Event('input'));
    });
    await page.waitForTimeout(2000);

    const measure = async (hand: { dx: number; zoom: number } | null): Promise<FrameFigures> => {
      const { intervalsMs, workMs } = await page.evaluate(
        async ({ playMs, move }) => {
          const hook = window.__patrol135!;
          hook.play(60);
          const endAt = performance.now() + playMs;
          for (let turn = 0; performance.now() < endAt; turn++) {
            await new Promise(requestAnimationFrame);
            if (!move) continue;
            // to and fro, so that the town stays in view
            const forth = turn % 120 < 60;
            if (move.dx !== 0) hook.pan(forth ? move.dx : -move.dx, forth ? move.dx / 2 : -move.dx / 2);
            if (move.zoom !== 1) hook.zoom(forth ? move.zoom : 1 / move.zoom);
          }
          return hook.stop();
        },
        { playMs: PLAY_MS, move: hand },
      );
      const between = sorted(intervalsMs);
      const work = sorted(workMs);
      return {
        frames: work.length,
        minMs: between[0],
        medianMs: at(between, 0.5),
        p95Ms: at(between, 0.95),
        maxMs: at(between, 1),
        drawMedianMs: at(work, 0.5),
        drawP95Ms: at(work, 0.95),
      };
    };
    const playing = await measure(null);
    const dragging = await measure({ dx: 8, zoom: 1 });
    const zooming = await measure({ dx: 0, zoom: 1.03 });
    await page.evaluate(() => window.__patrol135!.zoom(12));
    await page.waitForTimeout(1500);
    const close = await measure(null);
    return { segments: nSegments, units: N_UNITS, openMs, ...playing, dragging, zooming, close };
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

const at = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))];
