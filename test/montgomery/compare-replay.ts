/**
 * Calls as they were against calls as a fit to the time before draws them: the same units answer both, and figures
 * stand side by side. Between the two stand the calls as they were with their places dealt out anew, which tells what
 * of the difference comes from calls that belong together. Makes the scenario folders, simulates them and boils each
 * replication down.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallStream } from '../../engine/demand/demand.ts';
import { demandBlock } from '../../engine/demand/fit/demand-block.ts';
import { fitDemand } from '../../engine/demand/fit/fit.ts';
import { usualBox } from '../../engine/demand/fit/places.ts';
import { openAndReadScenario } from '../../engine/node/run-scenario.ts';
import { prepareRun } from '../../engine/pipeline.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { type CallFile, type ReadCall, readCallFile } from '../../engine/scenario/calls-csv.ts';
import { localTimeText } from '../../engine/scenario/local-time.ts';
import { localOf, momentsOf } from '../../engine/scenario/time-zone.ts';
import type { TimeLawJson } from '../../engine/scenario/schema.ts';
import type { RunObserver } from '../../engine/sim/outcome.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { studentTwoSided } from '../../engine/student.ts';
import { MS_PER_HOUR, type Ms } from '../../engine/units.ts';
import { straightRoads } from './straight-roads.ts';

interface StudyOptions {
  /** Local dates: calls before the split are fitted, those from it to the end are replayed. */
  from: string;
  split: string;
  to: string;
  stepM: number;
  stations: number;
  kph: number;
  onSceneS: TimeLawJson;
  replications: number;
  /** Where the scenarios are written to. */
  folder: string;
}

/** Figures of one replication. */
export interface StreamFigures {
  calls: number;
  busyShare: number;
  waitedShare: number;
  meanWaitS: number;
  meanResponseS: number;
  p50S: number;
  p90S: number;
  p95S: number;
  /** Variance over mean of the numbers of calls in the hours of the run. */
  hourlyDispersion: number;
  /** Share of calls with another one at the same node in the half hour before. */
  companionShare: number;
}

/** What a call leaves. */
interface CallFigures {
  occurredMs: Ms;
  waitedMs: Ms;
  responseMs: Ms;
}

interface Stream {
  figures: StreamFigures;
  calls: CallFigures[];
}

export interface Study {
  replayed: Stream[];
  /** The replayed calls with places dealt out anew within their category: times as they were, together no more. */
  shuffled: Stream[];
  fitted: Stream[];
  /** Calls of the file that were replayed, and those left out because they lie outside the area. */
  calls: number;
  outsideArea: number;
}

export const readMontgomery = (bytes: Uint8Array): Promise<CallFile> =>
  readCallFile(
    { name: 'montgomery-pa-911.csv.gz', bytes },
    {
      columns: { time: 'timeStamp', lon: 'lng', lat: 'lat', category: 'title' },
      categoryUntil: ':',
      timeZone: 'America/New_York',
    },
  );

export async function compareReplay(file: CallFile, options: StudyOptions): Promise<Study> {
  const { zone } = file;
  const moment = (date: string): Ms => momentsOf(zone, Date.parse(`${date}Z`))[0];
  const [fromUtcMs, splitUtcMs, toUtcMs] = [options.from, options.split, options.to].map(moment);
  const before = file.calls.filter(({ utcMs }) => utcMs >= fromUtcMs && utcMs < splitUtcMs);
  const fit = fitDemand(file, {
    fromUtcMs,
    toUtcMs: splitUtcMs,
    splitUtcMs: null,
    places: { type: 'grid', cellM: 500, box: null },
  });
  const roads = straightRoads(usualBox(before), options.stepM);
  const after = file.calls.filter(({ utcMs }) => utcMs >= splitUtcMs && utcMs < toUtcMs);
  const replayed = after.filter(({ lon, lat }) => fit.places.cellOf(lon, lat) >= 0);
  const block = demandBlock(fit, {
    onSceneS: new Map([['', options.onSceneS]]),
    priorities: new Map([['', 1]]),
  });

  const common = scenarioBesidesDemand(stationsOf(fit.rows, options.stations), roads, options);
  const onNode = (line: string): string => {
    const [lon, lat, weight] = line.split(',').map(Number);
    const node = roads.nodeAt(lon, lat);
    return `${node.lon},${node.lat},${weight}`;
  };
  const folderOf = (name: string): string => join(options.folder, name);
  for (const name of ['replayed', 'shuffled', 'fitted']) {
    await mkdir(folderOf(name), { recursive: true });
    await writeFile(join(folderOf(name), 'roads.geojson'), roads.geojson());
  }
  for (const [name, text] of block.files) {
    const [head, ...rows] = text.trim().split('\n');
    await writeFile(join(folderOf('fitted'), name), `${[head, ...rows.map(onNode)].join('\n')}\n`);
  }
  const writeScenario = (name: string, demand: unknown): Promise<void> =>
    writeFile(
      join(folderOf(name), 'scenario.json'),
      `${JSON.stringify({ ...common, name, demand }, null, 2)}\n`,
    );
  await writeScenario('fitted', block.demand);
  for (const name of ['replayed', 'shuffled']) {
    const places = name === 'replayed' ? replayed : dealtAnew(replayed);
    const rows = replayed.map(({ utcMs, category }, call) => {
      const node = roads.nodeAt(places[call].lon, places[call].lat);
      return `${localTimeText(localOf(zone, utcMs))},${node.lon},${node.lat},${category}`;
    });
    await writeFile(join(folderOf(name), 'calls.csv'), `time,lon,lat,category\n${rows.join('\n')}\n`);
    await writeScenario(name, {
      type: 'calls',
      file: 'calls.csv',
      columns: { time: 'time', lon: 'lon', lat: 'lat', category: 'category' },
      timeZone: zone.name,
      strict: true,
      categories: block.demand.categories.map(({ id, priority, onSceneS }) => ({ id, priority, onSceneS })),
    });
  }
  return {
    replayed: await simulateAll(folderOf('replayed'), options.replications),
    shuffled: await simulateAll(folderOf('shuffled'), options.replications),
    fitted: await simulateAll(folderOf('fitted'), options.replications),
    calls: replayed.length,
    outsideArea: after.length - replayed.length,
  };
}

/** For each call the place of a random one of its category, each place once. */
function dealtAnew(calls: readonly ReadCall[]): ReadCall[] {
  const stream = new RandomStream(randomKey('places'), 1, PURPOSE.callPlace, 1);
  const dealt: ReadCall[] = [];
  for (const category of new Set(calls.map((call) => call.category))) {
    const at = [...calls.keys()].filter((call) => calls[call].category === category);
    const order = [...at];
    for (let i = order.length - 1; i > 0; i--) {
      const j = stream.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    at.forEach((call, i) => (dealt[call] = calls[order[i]]));
  }
  return dealt;
}

function scenarioBesidesDemand(
  stations: { lon: number; lat: number }[],
  roads: ReturnType<typeof straightRoads>,
  { split, to, kph, replications }: StudyOptions,
) {
  return {
    version: 1,
    roads: { file: 'roads.geojson' },
    posts: stations.map(({ lon, lat }, s) => {
      const node = roads.nodeAt(lon, lat);
      return { id: `S${s + 1}`, lonLat: [node.lon, node.lat] };
    }),
    profiles: [{ id: 'straight', base: 'plain', classKph: { residential: kph } }],
    shifts: [{ id: 'always', startS: 0, endS: 86_400 }],
    units: stations.map((_, s) => ({
      id: `U${s + 1}`,
      post: `S${s + 1}`,
      shifts: ['always'],
      profile: 'straight',
    })),
    patrol: { type: 'stay-at-post', profile: 'straight' },
    snapLimitM: 1,
    run: {
      start: split.length === 10 ? `${split}T00:00` : split,
      durationS: (Date.parse(`${to}Z`) - Date.parse(`${split}Z`)) / 1000,
      replications,
      seed: 2016,
    },
  };
}

/** Means of the places of calls by Lloyd's steps, from calls spread evenly over the file. */
function stationsOf(calls: readonly ReadCall[], n: number): { lon: number; lat: number }[] {
  const shrink = Math.cos((40.2 * Math.PI) / 180);
  let centres = Array.from({ length: n }, (_, s) => calls[Math.floor(((s + 0.5) * calls.length) / n)]).map(
    ({ lon, lat }) => ({ lon, lat }),
  );
  for (let step = 0; step < 40; step++) {
    const sums = centres.map(() => ({ lon: 0, lat: 0, calls: 0 }));
    for (const { lon, lat } of calls) {
      let nearest = 0;
      let least = Infinity;
      centres.forEach((centre, s) => {
        const distance = ((lon - centre.lon) * shrink) ** 2 + (lat - centre.lat) ** 2;
        if (distance < least) [nearest, least] = [s, distance];
      });
      sums[nearest].lon += lon;
      sums[nearest].lat += lat;
      sums[nearest].calls++;
    }
    centres = sums.map((sum, s) =>
      sum.calls === 0 ? centres[s] : { lon: sum.lon / sum.calls, lat: sum.lat / sum.calls },
    );
  }
  return centres;
}

async function simulateAll(folder: string, replications: number): Promise<Stream[]> {
  const { city, plan } = await prepareRun(await openAndReadScenario(folder));
  const setup = prepareSimulation(city, plan);
  return Array.from({ length: replications }, (_, r) => {
    const calls: CallFigures[] = [];
    const observer: RunObserver = {
      // a call that nobody had reached when the run ended has no response time: it stays infinite
      callEnded: ({ occurredMs, waitedMs, arrivedMs }) => {
        calls.push({ occurredMs, waitedMs, responseMs: arrivedMs - occurredMs });
      },
    };
    const record = simulate(setup, r + 1, { log: false, observer });
    const onDutyMs = sum(record.onDutyMsByUnit);
    return {
      calls,
      figures: {
        ...figuresOf(calls),
        busyShare: sum(record.busyMsByUnit) / onDutyMs,
        hourlyDispersion: hourlyDispersion(calls, city.scenario.run.durationMs),
        companionShare: companionShare(setup.demand(r + 1)),
      },
    };
  });
}

type OfCalls = Omit<StreamFigures, 'busyShare' | 'hourlyDispersion' | 'companionShare'>;

export const isOfCalls = (figure: keyof StreamFigures): figure is keyof OfCalls =>
  !['calls', 'busyShare', 'hourlyDispersion', 'companionShare'].includes(figure);

/** Figures of calls alone; percentiles are the smallest time that so large a share does not pass. */
function figuresOf(calls: readonly CallFigures[]): OfCalls {
  const responses = Float64Array.from(
    calls.filter(({ responseMs }) => Number.isFinite(responseMs)),
    ({ responseMs }) => responseMs / 1000,
  ).sort();
  const percentile = (share: number): number => responses[Math.ceil(share * responses.length) - 1];
  const waits = calls.map(({ waitedMs }) => (Number.isFinite(waitedMs) ? waitedMs / 1000 : 0));
  return {
    calls: calls.length,
    waitedShare: waits.filter((wait) => wait > 0).length / calls.length,
    meanWaitS: sum(waits) / calls.length,
    meanResponseS: sum(responses) / responses.length,
    p50S: percentile(0.5),
    p90S: percentile(0.9),
    p95S: percentile(0.95),
  };
}

function hourlyDispersion(calls: readonly CallFigures[], durationMs: Ms): number {
  const counts = new Float64Array(Math.floor(durationMs / MS_PER_HOUR));
  for (const { occurredMs } of calls) counts[Math.floor(occurredMs / MS_PER_HOUR)]++;
  const mean = sum(counts) / counts.length;
  return sum(counts.map((count) => (count - mean) ** 2)) / (counts.length - 1) / mean;
}

const HALF_HOUR_MS = MS_PER_HOUR / 2;

/** Calls of one node have one position: equal places are put on the same road. */
function companionShare(stream: CallStream): number {
  const lastAt = new Map<string, Ms>();
  let calls = 0;
  let companions = 0;
  for (let block = stream.next(); block !== null; block = stream.next()) {
    for (let call = 0; call < block.nCalls; call++) {
      const place = `${block.segment[call]}/${block.offsetMm[call]}`;
      const before = lastAt.get(place) ?? -Infinity;
      if (block.occurredMs[call] - before <= HALF_HOUR_MS) companions++;
      lastAt.set(place, block.occurredMs[call]);
      calls++;
    }
  }
  return companions / calls;
}

interface Side {
  mean: number;
  /** 95 % interval of the mean. */
  ci95: [number, number];
  /** Where a single stream lies 19 times in 20. */
  single95: [number, number];
}

/** Student's interval over streams, and that of one more stream. */
export function sideOf(streams: readonly Stream[], figure: keyof StreamFigures): Side {
  const values = streams.map(({ figures }) => figures[figure]);
  const mean = sum(values) / values.length;
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
  const t = studentTwoSided(0.95, values.length - 1);
  const around = (half: number): [number, number] => [mean - half, mean + half];
  return {
    mean,
    ci95: around((t * deviation) / Math.sqrt(values.length)),
    single95: around(t * deviation * Math.sqrt(1 + 1 / values.length)),
  };
}

const WEEK_MS = 168 * MS_PER_HOUR;

/** 95 % interval of a figure of replayed calls by leaving out weeks: what other weeks like these might have said. */
export function byWeeks(streams: readonly Stream[], figure: keyof OfCalls): [number, number] {
  const calls = streams.flatMap((stream) => stream.calls);
  const nWeeks = Math.floor(Math.max(...streams[0].calls.map(({ occurredMs }) => occurredMs)) / WEEK_MS);
  const weekOf = (ms: Ms): number => Math.min(nWeeks - 1, Math.floor(ms / WEEK_MS));
  const value = figuresOf(calls)[figure];
  const without = Array.from(
    { length: nWeeks },
    (_, week) => figuresOf(calls.filter(({ occurredMs }) => weekOf(occurredMs) !== week))[figure],
  );
  const mean = sum(without) / nWeeks;
  const se = Math.sqrt((sum(without.map((other) => (other - mean) ** 2)) * (nWeeks - 1)) / nWeeks);
  const half = studentTwoSided(0.95, nWeeks - 1) * se;
  return [Math.max(0, value - half), value + half];
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
