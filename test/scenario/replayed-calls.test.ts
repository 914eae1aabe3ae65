/** Calls of a file in a scenario: what is replayed, when, as which category, and what is told of the rest. */
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import { changed, type Json, load, problemsOf, replayScenario, text } from './good-scenario.ts';

const MINUTE = 60_000;
const lenient = (): Json => changed('/demand/strict', false, replayScenario());
const withCalls = (csv: string) => ({ 'calls.csv': text(csv) });
const HEADER = 'nr,when,x,y,what,onScene\n';

describe('calls of a file', () => {
  it('are those within warm-up and run, in order, from the start of the run', async () => {
    // the run starts at 06:30 with a warm-up of two hours, and lasts until 06:30 of the next day
    const { demand, warnings, files } = await load(replayScenario());
    expect(demand.sources).toEqual([]);
    expect(demand.calls).toEqual({
      fileName: 'calls.csv',
      strict: true,
      rows: [
        {
          occurredMs: -90 * MINUTE,
          place: { lon: 2.01, lat: 48.01 },
          category: 0,
          onSceneMs: 300_000,
          line: 2,
        },
        { occurredMs: 60 * MINUTE, place: { lon: 2.02, lat: 48.02 }, category: 1, onSceneMs: null, line: 3 },
        {
          occurredMs: 90 * MINUTE,
          place: { lon: 2.03, lat: 48.03 },
          category: 1,
          onSceneMs: 60_500,
          line: 4,
        },
        { occurredMs: 150 * MINUTE, place: { lon: 2.04, lat: 48.04 }, category: 0, onSceneMs: null, line: 5 },
      ],
    });
    expect(demand.categories.map(({ share, linked, repeat }) => ({ share, linked, repeat }))).toEqual([
      { share: 0.5, linked: null, repeat: null },
      { share: 0.5, linked: null, repeat: null },
    ]);
    expect(warnings).toEqual(['calls.csv: 1 of 5 calls lie before or after the run and are not replayed']);
    expect(files.map(({ name }) => name)).toContain('calls.csv');
  });

  it('keep the time that passed between them when the clock is put forward, which is told', async () => {
    const scenario = changed('/run', { start: '2026-03-28T12:00', durationS: 86_400 }, replayScenario());
    const csv = `${HEADER}1,2026-03-28T13:00,2.01,48.01,theft,\n2,2026-03-29T11:00,2.01,48.01,theft,\n`;
    const { demand, warnings } = await load(scenario, withCalls(csv));
    expect(warnings).toContainEqual(
      expect.stringContaining('each replication answers the same 2 calls of calls.csv'),
    );
    expect(demand.calls?.rows.map(({ occurredMs }) => occurredMs / 3_600_000)).toEqual([1, 22]);
    expect(warnings.filter((warning) => !warning.startsWith('each replication answers the same'))).toEqual([
      'the clock of Europe/Paris is put forward by 60 minutes 14 hours after the start of the run; shifts and traffic go on by the clock of the start',
    ]);
  });

  it('that no category is about are left out and counted, by what the file says of them', async () => {
    const scenario = changed('/demand/otherCategory', undefined, lenient());
    const { demand, warnings } = await load(scenario);
    expect(demand.calls?.rows.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(warnings).toContain(
      'calls.csv: 1 of 4 calls are left out because no category is about them: "noise" (1, first on line 5)',
    );
    expect(await problemsOf(changed('/demand/otherCategory', undefined, replayScenario()))).toEqual([
      {
        file: 'calls.csv',
        place: 'line 5',
        message: '"noise" is not what a category is about; allowed: theft, FIGHT, BRAWL',
      },
    ]);
  });

  it('with faults are counted, or refused when the scenario is strict', async () => {
    const csv = `${HEADER}1,2026-03-02T07:00,2.01,48.01,theft,\n1,2026-03-02T08:00,2.01,48.01,theft,\n2,soon,2.01,48.01,theft,\n`;
    const { demand, warnings } = await load(lenient(), withCalls(csv));
    expect(demand.calls?.rows.map(({ line }) => line)).toEqual([2]);
    expect(warnings).toHaveLength(2);
    const refused = await problemsOf(replayScenario(), withCalls(csv));
    expect(refused.map(({ file, place }) => [file, place])).toEqual([
      ['calls.csv', 'line 4'],
      ['calls.csv', 'line 3'],
    ]);
  });

  it('need a category column, the name of one category, or only one category', async () => {
    const columns = { time: 'when', lon: 'x', lat: 'y' };
    const bare = changed('/demand/columns', columns, replayScenario());
    expect((await load(bare)).demand.calls?.rows.map(({ category }) => category)).toEqual([0, 0, 0, 0]);
    expect(await problemsOf(changed('/demand/otherCategory', undefined, bare))).toEqual([
      expect.objectContaining({
        place: '/demand/otherCategory',
        message: expect.stringContaining('without a category column') as string,
      }),
    ]);
    const { categories } = replayScenario().demand as unknown as { categories: JsonValue[] };
    const one = changed(
      '/demand/categories',
      [categories[0]],
      changed('/demand/otherCategory', undefined, bare),
    );
    expect((await load(one)).demand.calls?.rows).toHaveLength(4);
  });

  it.each<[string, JsonValue | undefined, string, string]>([
    ['/demand/file', 'absent.csv', '/demand/file', 'absent.csv'],
    [
      '/demand/timeZone',
      'Europe/Pairs',
      '/demand/timeZone',
      '"Europe/Pairs" is not a time zone of the IANA database',
    ],
    [
      '/demand/otherCategory',
      'thefts',
      '/demand/otherCategory',
      '"thefts" is not a category (did you mean "theft"?)',
    ],
    [
      '/demand/categories/1/inFile/1',
      'theft',
      '/demand/categories/1/inFile/1',
      'stands for the category "theft" already',
    ],
    ['/demand/categories/0/share', 1, '/demand/categories/0/share', 'is not a key here'],
    [
      '/demand/categories/0/repeat',
      { share: 0.1, delayS: 5 },
      '/demand/categories/0/repeat',
      'is not a key here',
    ],
    ['/demand/surges', [], '/demand/surges', 'is not a key here'],
    ['/demand/columns/lon', undefined, '/demand/columns/lon', 'is missing'],
    [
      '/run/start',
      '2027-01-01T00:00',
      '/run/start',
      'no call of calls.csv lies within the run; its calls are from 2026-03-02T05:00:00 to 2026-03-03T06:30:00',
    ],
    ['/run/start', '2026-03-29T02:30', '/run/start', 'does not exist in Europe/Paris'],
  ])('%s may not be %j', async (path, value, place, message) => {
    expect(await problemsOf(changed(path, value, replayScenario()))).toEqual([
      { file: 'scenario.json', place, message: expect.stringContaining(message) as string },
    ]);
  });

  it('may not come when nobody is on duty', async () => {
    const scenario = replayScenario();
    (scenario.shifts as { startS: number }[])[0].startS = 36_000; // the calls of 08:00 and 09:00 find nobody
    expect(await problemsOf(scenario)).toEqual([
      expect.objectContaining({
        place: '/shifts',
        message:
          'no unit is on duty from 2026-03-02T08:00 to 2026-03-02T10:00, while calls come in; let a unit work then',
      }),
    ]);
  });
});
