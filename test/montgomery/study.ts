/**
 * Prints the comparison of README.md; some two minutes:
 *
 *   npx tsx test/montgomery/study.ts [folder of shared data]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  byWeeks,
  compareReplay,
  isOfCalls,
  readMontgomery,
  sideOf,
  type StreamFigures,
} from './compare-replay.ts';
import { textTable } from '../../engine/node/text-table.ts';
import { sharedData } from '../support/shared-data.ts';

const ROWS: [keyof StreamFigures, string, number][] = [
  ['calls', 'calls', 0],
  ['hourlyDispersion', 'variance / mean of hourly calls', 2],
  ['companionShare', 'share with another call at its node in 30 min', 4],
  ['busyShare', 'busy share of units', 4],
  ['waitedShare', 'share of calls that waited', 4],
  ['meanWaitS', 'mean wait (s)', 1],
  ['meanResponseS', 'mean response (s)', 1],
  ['p50S', 'response p50 (s)', 1],
  ['p90S', 'response p90 (s)', 1],
  ['p95S', 'response p95 (s)', 1],
];

const data = process.argv[2] ?? sharedData;
if (data === null) throw new Error('no shared data folder; name it on the command line');
const bytes = gunzipSync(await readFile(join(data, 'incidents/montgomery-pa-911.csv.gz')));
const folder = await mkdtemp(join(tmpdir(), 'patrol135 montgomery '));
try {
  const study = await compareReplay(await readMontgomery(new Uint8Array(bytes)), {
    from: '2015-12-10T18:00',
    split: '2016-04-17T00:00',
    to: '2016-08-24T11:00',
    stepM: 500,
    stations: 30,
    kph: 45,
    onSceneS: { type: 'lognormal', mean: 1800, cv: 0.9 },
    replications: 20,
    folder,
  });
  const rows = ROWS.map(([figure, name, digits]) => {
    const text = (value: number): string => value.toFixed(digits);
    const span = ([low, high]: [number, number]): string => `${text(low)} to ${text(high)}`;
    const [replayed, shuffled, fitted] = [study.replayed, study.shuffled, study.fitted].map((streams) =>
      sideOf(streams, figure),
    );
    return [
      name,
      text(replayed.mean),
      span(replayed.ci95),
      isOfCalls(figure) ? span(byWeeks(study.replayed, figure)) : '',
      text(shuffled.mean),
      span(shuffled.ci95),
      text(fitted.mean),
      span(fitted.ci95),
      span(fitted.single95),
    ];
  });
  const head = [
    '',
    'replayed',
    '95 % over draws',
    '95 % over weeks',
    'places shuffled',
    '95 %',
    'fitted',
    '95 % of the mean',
    'one stream, 19 in 20',
  ];
  process.stdout.write(
    `${study.calls} calls replayed, ${study.outsideArea} outside the area left out\n${textTable(head, rows)}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
