import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { csvParse, type DSVRowString } from 'd3-dsv';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startViewServer, type ViewServer } from '../../engine/node/view-server.ts';
import { runScenario } from '../../engine/node/run-scenario.ts';
import { RESULT_FILES, type KpisJson } from '../../engine/results/results-folder.ts';
import { isUnsure } from '../../engine/results/verdict.ts';
import { describeWithChromium, launchChromium } from '../support/chromium.ts';
import { runBusyNight } from '../support/busy-night.ts';
import { writeSampleResults, type SampleTruth } from '../support/sample-results.ts';

const repository = resolve(import.meta.dirname, '../..');

describeWithChromium('the viewer in a browser', (executablePath) => {
  const root = mkdtempSync(join(tmpdir(), 'patrol135-page-'));
  const vizFolder = join(root, 'viz');
  const results = join(root, 'results');
  let browser: Browser;
  let server: ViewServer;
  let truth: SampleTruth;

  beforeAll(async () => {
    // a build of its own, so that these tests see the source as it is
    await build({
      configFile: join(repository, 'vite.config.ts'),
      root: join(repository, 'viz'),
      logLevel: 'error',
      build: { outDir: vizFolder, emptyOutDir: true },
    });
    truth = await writeSampleResults(results, {
      size: 16,
      units: 6,
      callsPerReplication: 40,
      replications: 3,
    });
    server = await startViewServer({ resultsFolder: results, vizFolder });
    browser = await launchChromium(executablePath);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(root, { recursive: true, force: true });
  });

  interface Visit {
    page: Page;
    /** Console errors, page errors, dialogs, requests to anywhere but the own origin. */
    complaints: string[];
    requests: string[];
    leave: () => Promise<void>;
  }

  async function visit(url: string, { ready = true } = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      requests.push(request.url());
      if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`request ${request.url()}`);
    });
    await page.goto(url);
    if (ready) await page.waitForFunction(() => document.querySelector('#play:not(:disabled)') !== null);
    return { page, complaints, requests, leave: () => context.close() };
  }

  const scrubTo = (page: Page, ms: number): Promise<void> =>
    page.evaluate((toMs) => {
      const scrub = document.querySelector<HTMLInputElement>('#scrub')!;
      scrub.value = String(toMs);
      scrub.dispatchEvent(new Event('input'));
    }, ms);
  const textOf = (page: Page, selector: string): Promise<string> =>
    page.locator(selector).first().innerText();
  const settled = (page: Page): Promise<void> =>
    page.evaluate(
      () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  /** Pixels of the moving layer that are not transparent. */
  const paintedPixels = (page: Page): Promise<number> =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.moving')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let painted = 0;
      for (let ix = 3; ix < data.length; ix += 4) if (data[ix] > 0) painted++;
      return painted;
    });

  it('plays, changes speed and pauses, by button and by key', async () => {
    const { page, complaints, leave } = await visit(server.url);
    expect(await textOf(page, '#clock-time')).toBe('08:00:00');
    await page.selectOption('#speed', '600');
    await page.click('#play');
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLInputElement>('#scrub')!.value) > 60_000,
    );
    await page.locator('#map').focus();
    await page.keyboard.press('Space');
    await settled(page);
    const [paused] = [await textOf(page, '#clock-time')];
    await page.waitForTimeout(150);
    expect(await textOf(page, '#clock-time')).toBe(paused);
    await page.keyboard.press('ArrowDown');
    await settled(page);
    expect(await page.inputValue('#speed')).toBe('300');
    expect(complaints).toEqual([]);
    await leave();
  });

  it('scrubs to any time, and shows the units and calls of that time', async () => {
    const { page, complaints, leave } = await visit(server.url);
    const call = truth.calls.find(
      (each) => each.replication === 1 && each.arrivedMs > 0 && each.clearedMs < truth.endMs,
    )!;
    const onScene = '#legend li:has(.unitState-onscene) b';
    const atMs = call.arrivedMs + 1;
    await scrubTo(page, atMs);
    await settled(page);
    const expected = truth.calls.filter(
      (each) => each.replication === 1 && each.arrivedMs <= atMs && each.clearedMs > atMs,
    ).length;
    expect(await textOf(page, onScene)).toBe(String(expected));
    expect(await paintedPixels(page)).toBeGreaterThan(200);
    await page.locator('#scrub').focus();
    const before = Number(await page.inputValue('#scrub'));
    await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(Number(await page.inputValue('#scrub')) - before).toBe(10_000);
    await page.keyboard.press('Shift+ArrowLeft');
    await settled(page);
    expect(Number(await page.inputValue('#scrub')) - before).toBe(-290_000);
    expect(complaints).toEqual([]);
    await leave();
  });

  it('shows the 1-3-5 table with n, intervals and the clock; potential stands apart under its own', async () => {
    const { page, leave } = await visit(server.url);
    const [all] = truth.kpis.achieved;
    const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
    expect(await page.locator('#achieved thead th').allInnerTexts()).toEqual([
      'Group',
      '1 min',
      '3 min',
      '5 min',
      'Median',
      '90 %',
    ]);
    const row = (await page.locator('#achieved tbody tr').first().innerText()).replace(/\s+/g, ' ');
    const n = Math.min(all.within1min.n, all.within3min.n, all.within5min.n);
    expect(row).toContain(`All incidents n ${n === all.n ? n : `${n} of ${all.n}`}`);
    for (const estimate of [all.within1min, all.within3min, all.within5min]) {
      expect(row).toContain(percent(estimate.value!));
      expect(row).toContain(estimate.ci95!.map((bound) => (100 * bound).toFixed(1)).join(' – '));
    }
    const achieved = await page.locator('section:has(> #achieved)').innerText();
    const potential = await page.locator('section:has(> #potential)').innerText();
    expect(achieved).toContain('Clock: call received to first arrival');
    expect(achieved).not.toContain('wheels turning');
    expect(potential).toContain('Clock: wheels turning to arrival');
    expect(potential).toContain(percent(truth.kpis.potential.rows[0].within3min));
    expect(potential).toContain('not to be compared');
    expect(await page.locator('.standard').innerText()).toContain('the event log does not hold');
    await leave();
  });

  it('draws the response curve of the replication on the map, and another one for another', async () => {
    const { page, leave } = await visit(server.url);
    const curve = (): Promise<string | null> => page.locator('.curve').first().getAttribute('d');
    const first = await curve();
    expect(first).toMatch(/^M[\d.,HVhvLl -]+/);
    await page.selectOption('#replication', '2');
    await page.waitForFunction((old) => document.querySelector('.curve')?.getAttribute('d') !== old, first);
    await page.click('#chart-block .choice button:nth-child(2)');
    expect(await page.locator('.curve').count()).toBeGreaterThan(1);
    await leave();
  });

  it('tells of an incident: its time line, who was sent and why; and follows that unit', async () => {
    const { page, complaints, leave } = await visit(server.url);
    const call = truth.calls.findLast((each) => each.replication === 1 && each.clearedMs < truth.endMs)!;
    await scrubTo(page, call.clearedMs);
    await page.click('#tab-incidents');
    await page.locator('.incident').first().waitFor();
    const listed = await page.locator('.incident').count();
    expect(listed).toBe(
      truth.calls.filter((each) => each.replication === 1 && each.occurredMs <= call.clearedMs).length,
    );
    await page
      .locator('.incident')
      .nth(listed - 1)
      .click();
    await page.locator('.time-line').waitFor();
    const oldest = truth.calls.find((each) => each.replication === 1)!;
    const detail = await page.locator('#pane-incidents').innerText();
    expect(detail).toContain(`Incident ${oldest.call}`);
    expect(detail).toContain(`${oldest.unit} dispatched`);
    expect(detail).toContain('closest available unit');
    expect(await page.locator('.candidates tr').count()).toBeGreaterThan(1);
    await page.locator('.candidates tr.sent button').click();
    await settled(page);
    expect(await textOf(page, '#following-text')).toBe(`Following ${oldest.unit}`);
    await page.click('#tab-units');
    await page.locator('.units').waitFor();
    expect(await page.locator('.units tbody tr').count()).toBe(6);
    expect(complaints).toEqual([]);
    await leave();
  });

  describe('a busy night of the engine', () => {
    let night: ViewServer;
    let rows: DSVRowString[];
    beforeAll(async () => {
      const folder = await runBusyNight(join(root, 'night'), { replications: 1 });
      rows = csvParse(readFileSync(join(folder, RESULT_FILES.incidents), 'utf8'));
      night = await startViewServer({ resultsFolder: folder, vizFolder });
    });
    afterAll(() => night?.close());

    /** Shows the incident of a row at a time. */
    async function showIncident(page: Page, row: DSVRowString, atS: number): Promise<string> {
      await scrubTo(page, Math.round(atS * 1000));
      await page.click('#tab-incidents');
      await settled(page);
      const nLater = rows.filter(
        ({ occurredS, call }) => Number(call) > Number(row.call) && Number(occurredS) <= atS,
      ).length;
      await page.locator('.incident').nth(nLater).click();
      await page.locator('.time-line').waitFor();
      return page.locator('#pane-incidents').innerText();
    }

    it('tells of a call for two units with a transport: both units, their bars, where to', async () => {
      const { page, complaints, leave } = await visit(night.url);
      const row = rows.find((each) => each.unitsWanted === '2' && Number(each.transportS) > 5)!;
      const story = await showIncident(page, row, Number(row.arrivedS) + 1);
      expect(story).toContain(`Incident ${row.call}\n`);
      expect(story).toContain('2 of 2 units sent');
      expect(story).toContain('All 2 units are there');
      expect(story).toMatch(/leaves with somebody for (Custody|Hospital)/);
      for (const interval of ['Transport', 'Handover', 'On scene']) expect(story).toContain(interval);
      // its own line, and one for each sending
      expect(await page.locator('.gantt-lines li').count()).toBe(1 + Number(row.unitsSent));
      expect(await page.locator('.decision-sent').count()).toBe(Number(row.unitsSent));
      expect(complaints).toEqual([]);
      await leave();
    });

    it('lists lost, triaged and held calls, each under its filter, and says why', async () => {
      const { page, complaints, leave } = await visit(night.url);
      await scrubTo(page, 28_800_000);
      await page.click('#tab-incidents');
      for (const [filter, outcome, said] of [
        ['lost', 'lost', 'the queue is full'],
        ['at the desk', 'triaged', 'nobody needed to go'],
      ] as const) {
        await page.getByRole('button', { name: filter, exact: true }).click();
        await settled(page);
        const listed = page.locator('.incident');
        expect(await listed.count()).toBe(rows.filter((row) => row.outcome === outcome).length);
        await listed.first().click();
        await page.locator('.time-line').waitFor();
        expect(await page.locator('#pane-incidents').innerText()).toContain(said);
        await page.locator('.back-link').click();
      }
      await page.getByRole('button', { name: 'waited', exact: true }).click();
      await settled(page);
      const nWaited = rows.filter(
        ({ waitedS, outcome, readyS }) => Number(waitedS) > 0 || (outcome === 'open' && readyS !== ''),
      ).length;
      const nListed = await page.locator('.incident').count();
      expect([nListed > 3, nListed <= nWaited]).toEqual([true, true]);
      expect(await textOf(page, '#legend li:has(.callState-lost) b')).toBe(
        String(rows.filter(({ outcome }) => outcome === 'lost').length),
      );
      expect(complaints).toEqual([]);
      await leave();
    });

    it('names who moves to another base on the map, and why, also in the list of moves', async () => {
      const { page, complaints, leave } = await visit(night.url);
      await page.click('#tab-units');
      let seen = '';
      for (let atMs = 0; atMs < 28_800_000 && seen === ''; atMs += 20_000) {
        await scrubTo(page, atMs);
        await settled(page);
        if (await page.locator('#moves').isVisible()) seen = await textOf(page, '#moves');
      }
      expect(seen).toMatch(/(car-\d|moto-1|reserve) → (Post|East gate|South gate)/);
      expect(seen).toContain('the base that gains most coverage');
      expect(await page.locator('.move-list').innerText()).toContain('the base that gains most coverage');
      expect(Number(await textOf(page, '#legend li:has(.unitState-movingup) b'))).toBeGreaterThan(0);
      await page.locator('#moves button').first().click();
      await settled(page);
      expect(await textOf(page, '#following-text')).toMatch(/^Following /);
      expect(complaints).toEqual([]);
      await leave();
    });

    it('shows where the time of units went, what was lost, and incidents over time', async () => {
      const { page, complaints, leave } = await visit(night.url);
      expect(await page.locator('#losses thead').innerText()).toMatch(
        /At the desk\s+Lost\s+Waited\s+Mean wait/,
      );
      expect(await page.locator('.outcomes rect').count()).toBeGreaterThan(10);
      expect(await page.locator('#outcome-block .chart-key').innerText()).toContain(
        'waiting at the same time',
      );
      await page.click('#arrival-choice button:nth-child(2)');
      expect(await page.locator('#chart').innerText()).toContain('every unit they need');
      await page.click('#tab-units');
      await page.locator('.fleet').waitFor();
      expect(await page.locator('.units thead').innerText()).toContain('Overtime');
      expect(await page.locator('.fleet .split-bar').getAttribute('aria-label')).toMatch(
        /^incidents [\d.]+%, own activities [\d.]+%, breaks [\d.]+%, out of service [\d.]+%$/,
      );
      expect(complaints).toEqual([]);
      await leave();
    });
  });

  describe('figures as the command line gives them', () => {
    /** A scenario of the repository run to a results folder of this name. */
    async function runOf(
      name: string,
      { as, callsPerHour }: { as: string; callsPerHour?: number },
    ): Promise<string> {
      const from = join(root, as, 'scenario');
      cpSync(join(repository, 'scenarios', name), from, { recursive: true });
      if (callsPerHour !== undefined) {
        const file = join(from, 'scenario.json');
        const scenario = JSON.parse(readFileSync(file, 'utf8')) as { demand: { sources: object[] } };
        scenario.demand.sources[0] = { ...scenario.demand.sources[0], callsPerHour };
        writeFileSync(file, JSON.stringify(scenario));
      }
      const out = join(root, as, 'results');
      await runScenario(from, { out, workers: 1 });
      return out;
    }
    const kpisOf = (folder: string): KpisJson =>
      JSON.parse(readFileSync(join(folder, RESULT_FILES.kpis), 'utf8')) as KpisJson;
    const paneOf = async (folder: string, read: (page: Page) => Promise<void>): Promise<void> => {
      const shown = await startViewServer({ resultsFolder: folder, vizFolder });
      try {
        const { page, complaints, leave } = await visit(shown.url);
        await read(page);
        expect(complaints).toEqual([]);
        await leave();
      } finally {
        await shown.close();
      }
    };

    it('warns before everything else that an overloaded run is none to plan by', async () => {
      const folder = await runOf('toy', { as: 'overloaded', callsPerHour: 100 });
      const kpis = kpisOf(folder);
      const [open, all] = [kpis.calls.openAtEnd.n, kpis.achieved[0].n];
      expect(open).toBeGreaterThan(all / 2);
      await paneOf(folder, async (page) => {
        const first = '#pane-coverage > :first-child';
        expect(await textOf(page, first)).toContain(
          `NOT A RESULT TO PLAN BY: ${open} of ${all} incidents had no unit on scene`,
        );
        await page.click('#language');
        expect(await textOf(page, first)).toContain(`不可据此规划：${all} 起警情中有 ${open} 起`);
      });
    });

    it('give the sample of each share, and say of a verdict that it is unsure', async () => {
      const folder = await runOf('toy-night', { as: 'toy-night' });
      const kpis = kpisOf(folder);
      const [all] = kpis.achieved;
      const n = Math.min(all.within1min.n, all.within3min.n, all.within5min.n);
      expect(n).toBeLessThan(all.n);
      const clauses = kpis.standards.flatMap((standard) => standard.clauses);
      const [met] = clauses.filter((clause) => clause.met === true && isUnsure(clause));
      expect(met.estimate.n).toBeLessThan(met.nSelected);
      const [lost] = kpis.losses!;
      expect(lost.lost.n).toBeLessThan(lost.n);
      await paneOf(folder, async (page) => {
        expect(await page.locator('.unsettled').count()).toBe(0);
        const row = page.locator('#achieved tbody tr').first();
        const clause = page.locator('.standard tbody tr', { hasText: met.clause });
        expect(await row.locator('th').innerText()).toContain(`n ${n} of ${all.n}`);
        expect(await clause.innerText()).toContain(`n ${met.estimate.n} of ${met.nSelected}`);
        expect(await clause.locator('.verdict').innerText()).toBe('met (unsure)');
        expect(await page.locator('#losses tbody tr').first().locator('td').nth(1).innerText()).toContain(
          `n ${lost.lost.n}`,
        );
        expect(await page.locator('#pane-coverage').innerText()).toContain('the interval holds the target');
        expect(await page.locator('#chart').innerText()).toContain(
          'shares of the same incidents as the table',
        );
        await page.click('#language');
        expect(await row.locator('th').innerText()).toContain(`n ${n}（共 ${all.n}）`);
        expect(await clause.locator('.verdict').innerText()).toBe('达标（不确定）');
        expect(await page.locator('#pane-coverage').innerText()).toContain('区间包含目标值');
        expect(await page.locator('#chart').innerText()).toContain('分母与上表相同');
      });
    });
  });

  it('opens a run without a log with its figures and map, and says that there is no replay', async () => {
    const folder = await runBusyNight(join(root, 'no-log'), { log: false, replications: 2 });
    const quiet = await startViewServer({ resultsFolder: folder, vizFolder });
    try {
      const { page, complaints, leave } = await visit(quiet.url, { ready: false });
      await page.locator('#no-replay').waitFor();
      expect(await textOf(page, '#no-replay')).toContain('this run kept no event log');
      await page.locator('#loading').waitFor({ state: 'hidden' });
      expect(await page.locator('#achieved').innerText()).toContain('All incidents');
      expect(await page.locator('#losses').innerText()).toContain('All incidents');
      expect(await page.locator('#chart-block').isVisible()).toBe(false);
      expect(await page.locator('#replay-problem').isVisible()).toBe(false);
      expect(await page.locator('#play').isDisabled()).toBe(true);
      await page.click('#tab-incidents');
      expect(await textOf(page, '#pane-incidents')).toContain('kept no event log');
      await page.click('#tab-units');
      await page.locator('.units .split-bar').first().waitFor();
      expect(await page.locator('.units tbody tr').count()).toBe(7);
      await page.click('#language');
      expect(await textOf(page, '#no-replay')).toContain('没有回放');
      expect(complaints).toEqual([]);
      await leave();
    } finally {
      await quiet.close();
    }
  });

  it('speaks Chinese and English, with lang set, from the address or by the switch', async () => {
    const { page, complaints, leave } = await visit(`${server.url}?lang=zh-CN`);
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await textOf(page, '#tab-coverage')).toBe('达标情况');
    expect(await page.locator('#achieved thead').innerText()).toContain('1 分钟');
    await page.click('#language');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await textOf(page, '#tab-coverage')).toBe('Coverage');
    expect(page.url()).toContain('lang=en');
    expect(await textOf(page, '#credit')).toBe('© OpenStreetMap contributors');
    expect(await page.locator('#credit').isVisible()).toBe(true);
    const unnamed = await page.locator('button, input, select').evaluateAll((all) =>
      all
        .filter((each) => !(each as HTMLInputElement).labels?.length)
        .filter((each) => !each.textContent?.trim() && !each.getAttribute('aria-label'))
        .map((each) => each.outerHTML),
    );
    expect(unnamed).toEqual([]);
    expect(complaints).toEqual([]);
    await leave();
  });

  it('says so when the part that reads files cannot start', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.route('**/load-worker-*.js', (route) => route.abort());
    await page.goto(server.url);
    await page.locator('#problem').waitFor();
    expect(await textOf(page, '#problem')).toContain('did not start');
    await context.close();
  });

  it('asks its own server only, for the files of the folder', async () => {
    const { requests, complaints, leave } = await visit(server.url);
    expect(complaints).toEqual([]);
    expect(requests.length).toBeGreaterThan(5);
    await leave();
  });

  it('exposes nothing to scripts unless the benchmark asks', async () => {
    const { page, leave } = await visit(server.url);
    expect(await page.evaluate(() => '__patrol135' in window)).toBe(false);
    await leave();
    const bench = await visit(`${server.url}?bench=1`);
    expect(await bench.page.evaluate(() => '__patrol135' in window)).toBe(true);
    await bench.leave();
  });

  it('runs nothing of a folder whose every text is an attack', async () => {
    const folder = join(root, 'payload');
    let n = 0;
    const attacks = [
      `<img src=x onerror="alert(1)">`,
      `</script><script>alert(2)</script>`,
      `<!--<svg onload=alert(3)>`,
      `javascript:alert(4)`,
      `"><iframe srcdoc="<script>alert(5)</script>">`,
      `\u202etxet desrever\u2066{{7*7}}\${alert(6)}\u2028`,
    ];
    const disguise = (text: string): string => {
      // words that steer the viewer keep their meaning; all that is shown becomes an attack
      if (/^(visit|home|day|moveUp)/.test(text)) return text;
      return `${attacks[n++ % attacks.length]}${text}\u202e`;
    };
    const memory = new Map<string, string>();
    const sameEachTime = (text: string): string => {
      const known = memory.get(text) ?? disguise(text);
      memory.set(text, known);
      return known;
    };
    await writeSampleResults(folder, { size: 12, units: 4, callsPerReplication: 16, disguise: sameEachTime });
    const hostile = await startViewServer({ resultsFolder: folder, vizFolder });
    try {
      const { page, complaints, leave } = await visit(hostile.url);
      await scrubTo(page, 5_000_000);
      await page.hover('#map', { position: { x: 500, y: 300 } });
      for (const language of [1, 2]) {
        await page.click('#tab-coverage');
        await page
          .locator('#pane-coverage details')
          .evaluateAll((all) => all.forEach((each) => ((each as HTMLDetailsElement).open = true)));
        await page.click('#tab-units');
        await page.locator('.units button').first().click();
        expect(await page.locator('.move-list li').count()).toBeGreaterThan(1);
        await page
          .locator('.move-list details')
          .evaluateAll((all) => all.forEach((each) => ((each as HTMLDetailsElement).open = true)));
        await page.click('#tab-incidents');
        for (const kind of ['lost', 'at the desk', 'until now', '移交', '接警台', '截至当前']) {
          const filter = page.getByRole('button', { name: kind, exact: true });
          if ((await filter.count()) === 0) continue;
          await filter.click();
          await page.locator('.incident').first().click();
          await settled(page);
          await page.locator('.back-link').click();
        }
        if (language === 1) await page.locator('.incident').first().click();
        await settled(page);
        expect(await page.locator('#pane-incidents').innerText()).toContain('alert(');
        await page.click('#language');
      }
      await page.waitForTimeout(200);
      expect(await page.title()).toMatch(/alert\(/);
      expect(await page.locator('img, iframe, script:not([src]), svg:not(.chart)').count()).toBe(0);
      expect(await page.locator('body').innerText()).not.toMatch(/[\u202e\u2066\u2028]/);
      expect(complaints).toEqual([]);
      await leave();
    } finally {
      await hostile.close();
    }
  });

  describe('a dropped or chosen folder', () => {
    const choose = (page: Page, files: string[]): Promise<void> => page.setInputFiles('#file-input', files);
    const filesOf = (folder: string): string[] =>
      Object.values(RESULT_FILES)
        .map((name) => join(folder, name))
        .filter((file) => existsSync(file));

    it('is opened without a server behind it', async () => {
      const { page, complaints, requests, leave } = await visit(server.url);
      const other = join(root, 'other');
      await writeSampleResults(other, {
        size: 10,
        units: 9,
        callsPerReplication: 10,
        replications: 1,
        seed: 7,
      });
      requests.length = 0;
      await choose(page, filesOf(other));
      await page.click('#tab-units');
      await page.waitForFunction(() => document.querySelectorAll('.units tbody tr').length === 9);
      expect(requests.filter((url) => url.includes('/results/'))).toEqual([]);
      expect(complaints).toEqual([]);
      await leave();
    });

    it('by dropping the folder itself', async () => {
      const { page, complaints, leave } = await visit(server.url);
      const cdp = await page.context().newCDPSession(page);
      const drag = {
        x: 400,
        y: 300,
        data: { items: [], files: [join(root, 'results')], dragOperationsMask: 1 },
      };
      await cdp.send('Input.dispatchDragEvent', { type: 'dragEnter', ...drag });
      await cdp.send('Input.dispatchDragEvent', { type: 'dragOver', ...drag });
      expect(await page.locator('#drop-hint').isVisible()).toBe(true);
      const reloaded = page.waitForFunction(() => document.querySelector('#play:disabled') !== null, null, {
        polling: 5,
      });
      await cdp.send('Input.dispatchDragEvent', { type: 'drop', ...drag });
      await reloaded;
      await page.waitForFunction(() => document.querySelector('#play:not(:disabled)') !== null);
      expect(await page.locator('#problem').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      await leave();
    });

    it('of the wrong kind, incomplete, too large or broken is refused with a clear sentence, and the tab goes on', async () => {
      const { page, complaints, leave } = await visit(server.url);
      const wrong = join(root, 'town.osm.pbf');
      writeFileSync(wrong, 'no results');
      await choose(page, [wrong]);
      expect(await textOf(page, '#problem')).toContain('“town.osm.pbf” is no part of a results folder');
      await page.click('#opener-close');

      await choose(page, [join(results, RESULT_FILES.kpis), join(results, RESULT_FILES.manifest)]);
      await page.locator('#problem').waitFor();
      expect(await textOf(page, '#problem')).toContain('lacks events.parquet, routes.parquet, roads.parquet');
      await page.click('#opener-close');

      // 300 MB on paper, no bytes on disk: refused by size before it is read
      const huge = join(root, 'huge');
      mkdirSync(huge);
      for (const file of filesOf(results)) copyFileSync(file, join(huge, file.slice(results.length + 1)));
      truncateSync(join(huge, RESULT_FILES.events), 300 * 1024 ** 2);
      await choose(page, filesOf(huge));
      await page.locator('#problem').waitFor();
      expect(await textOf(page, '#problem')).toMatch(/The files together have 30\d MB; 256 MB are allowed/);
      await page.click('#opener-close');

      await page.click('#play');
      await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>('#scrub')!.value) > 0);
      expect(complaints).toEqual([]);
      await leave();
    });

    it('with a broken log still shows its tables, and says what is wrong with the replay', async () => {
      const broken = join(root, 'broken');
      mkdirSync(broken);
      for (const file of filesOf(results)) copyFileSync(file, join(broken, file.slice(results.length + 1)));
      writeFileSync(join(broken, RESULT_FILES.events), 'PAR1 is how it starts');
      const half = await startViewServer({ resultsFolder: broken, vizFolder });
      try {
        const { page, leave } = await visit(half.url, { ready: false });
        await page.locator('#replay-problem').waitFor();
        expect(await textOf(page, '#replay-problem')).toContain('events.parquet cannot be read as Parquet');
        expect(await page.locator('#achieved').innerText()).toContain('All incidents');
        await leave();
      } finally {
        await half.close();
      }
    });
  });
});
