import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisJson } from '../../engine/results/analysis-json.ts';
import { runCli } from '../support/cli.ts';

let folder: string;
const at = (name: string) => join(folder, name);

/** The toy scenario under another name, with some keys replaced. */
async function write(name: string, change: (scenario: Scenario) => void): Promise<string> {
  const scenario = JSON.parse(await readFile('scenarios/toy/scenario.json', 'utf8')) as Scenario;
  change(scenario);
  await writeFile(at(name), JSON.stringify(scenario));
  return at(name);
}
interface Scenario {
  demand: { sources: { callsPerHour: number }[] };
  queue?: object;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 analyse '));
  await writeFile(at('roads.geojson'), await readFile('scenarios/toy/roads.geojson'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('patrol135 analyse', () => {
  it('prints load, workloads, coverage with its clock, and what the model leaves out', async () => {
    const { code, stdout, stderr } = await runCli(['analyse', 'scenarios/toy']);
    expect(stderr).not.toMatch(/Error|bug/);
    expect(code).toBe(0);
    for (const words of [
      /Scenario toy: 2\.0 hours from Monday 08:00/,
      /Erlang B +Erlang C/,
      / exact$/m,
      /car-1 +2\.0 h +\d+\.\d %/,
      /clock from callReceived; a model, so no sample/,
      /clock from dispatched/,
      /1 min +3 min +5 min/,
      /The model leaves out/,
    ]) {
      expect(stdout).toMatch(words);
    }
  });

  it('gives one JSON document whose parts add up', async () => {
    const { code, stdout } = await runCli(['analyse', 'scenarios/toy', '--json', '--method', 'approximate']);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as AnalysisJson;
    const [piece] = answer.pieces;
    expect(piece.method).toBe('approximate');
    expect(piece.units).toEqual(answer.units.map(({ unit }) => unit));
    const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);
    expect(sum(piece.busyUnits)).toBeCloseTo(1, 9);
    expect(sum(answer.units.map(({ workload }) => workload!))).toBeCloseTo(piece.loadErlang, 6);
    expect(sum(answer.units.map(({ callsPerHour }) => callsPerHour!))).toBeCloseTo(4, 6);
    const [all, ...classes] = answer.coverage;
    for (const tier of [0, 1, 2]) {
      const within = sum(
        classes.map(({ callsPerHour, byClock }) => callsPerHour * byClock.callReceived.within[tier]),
      );
      expect(within / all.callsPerHour).toBeCloseTo(all.byClock.callReceived.within[tier], 9);
    }
  });

  it('looks at one hour of the week, and at units that share calls', async () => {
    const { code, stdout } = await runCli([
      'analyse', 'scenarios/toy', '--hour', '9', '--ties', 'shared', '--json', '--quiet',
    ]); // prettier-ignore
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ from: 'Monday 09:00', hours: 1 });
    const wrong = await runCli(['analyse', 'scenarios/toy', '--hour', '168']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('from 0 to 167');
  });

  it('exits with 3 where an unlimited queue has no end, and answers where calls may be lost', async () => {
    const busy = await write('busy.json', ({ demand }) => (demand.sources[0].callsPerHour = 60));
    const endless = await runCli(['analyse', busy]);
    expect(endless.code).toBe(3);
    expect(endless.stderr).toMatch(/No solution: calls ask for \d+\.\d % of all unit time/);
    const lossy = await write('lossy.json', (scenario) => {
      scenario.demand.sources[0].callsPerHour = 60;
      scenario.queue = { type: 'none' };
    });
    const { code, stdout } = await runCli(['analyse', lossy, '--json']);
    expect(code).toBe(0);
    const { lostShare, pieces } = JSON.parse(stdout) as AnalysisJson;
    expect(lostShare).toBeGreaterThan(0.5);
    expect(pieces[0].erlangMeanWaitS).toBeNull();
  });
});
