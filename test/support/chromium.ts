/**
 * The browser for tests of the viewer. They skip with a clear line where no Chromium is found, and fail instead where
 * PATROL135_REQUIRE_CHROMIUM=1 asks for one.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { describe, it } from 'vitest';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** No GPU, and nothing of the browser's own that would reach for the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of a Chromium: PATROL135_CHROMIUM, else the usual names on the PATH; null when there is none. */
export function findChromium(): string | null {
  const asked = process.env.PATROL135_CHROMIUM;
  if (asked) return asked;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC_PATHS];
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts headless Chromium. The caller closes it. */
export function launchChromium(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...flags] });
}

/** `describe` for tests that need a browser; `body` gets the path of one. */
export function describeWithChromium(name: string, body: (executablePath: string) => void): void {
  const executablePath = findChromium();
  if (executablePath !== null) {
    describe(name, () => body(executablePath));
  } else if (process.env.PATROL135_REQUIRE_CHROMIUM === '1') {
    it(name, () => {
      throw new Error('no Chromium found, and PATROL135_REQUIRE_CHROMIUM=1 asks for one');
    });
  } else {
    describe.skip(`${name} (skipped: no Chromium found; set PATROL135_CHROMIUM)`, () =>
      it('needs Chromium', () => {}));
  }
}
