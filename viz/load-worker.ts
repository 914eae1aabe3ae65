/** The worker around load.ts: the page stays responsive, and a folder that takes too long can be given up. */
import { loadCity, loadReplay, loadReplicationNumbers, type City, type LoadStage } from './load.ts';
import { asProblem, type Problem } from './problem.ts';
import type { Replay } from './replay.ts';
import type { Roads } from './roads.ts';
import { openSource, type ResultsSource, type SourceSpec } from './source.ts';
import { readSummary, type Summary } from './summary.ts';

/** `city` is for a run without a log; `replication` plays the one of that number, the first of the file when null. */
export type LoadRequest =
  | { type: 'open'; spec: SourceSpec; limitBytes: number }
  | { type: 'city' }
  | { type: 'replication'; replication: number | null };

export type LoadReply =
  | { type: 'summary'; summary: Summary }
  | { type: 'city'; city: City; replications: number[] }
  | { type: 'replay'; replay: Omit<Replay, 'roads'> }
  | { type: 'progress'; stage: LoadStage; share: number }
  | { type: 'problem'; stage: 'summary' | 'replay'; problem: Problem };

let source: ResultsSource | null = null;
let city: City | null = null;
let replications: number[] = [];

const reply = (message: LoadReply): void => postMessage(message);

async function open(spec: SourceSpec, limitBytes: number): Promise<void> {
  try {
    source = await openSource(spec);
    reply({ type: 'summary', summary: await readSummary(source, limitBytes) });
  } catch (error) {
    reply({ type: 'problem', stage: 'summary', problem: asProblem(error, '') });
  }
}

const progress = (stage: LoadStage, share: number): void => reply({ type: 'progress', stage, share });

async function showCity(): Promise<void> {
  if (!source) return;
  try {
    city = await loadCity(source, progress);
    reply({ type: 'city', city, replications });
  } catch (error) {
    reply({ type: 'problem', stage: 'replay', problem: asProblem(error, '') });
  }
}

async function show(asked: number | null): Promise<void> {
  if (!source) return;
  try {
    if (!city) {
      replications = await loadReplicationNumbers(source);
      city = await loadCity(source, progress);
      reply({ type: 'city', city, replications });
    }
    const loaded = await loadReplay(source, city, asked ?? replications[0] ?? 1, progress);
    const replay: Omit<Replay, 'roads'> & { roads?: Roads } = { ...loaded };
    delete replay.roads; // the page has them already: they are the largest part and travel once
    reply({ type: 'replay', replay });
  } catch (error) {
    reply({ type: 'problem', stage: 'replay', problem: asProblem(error, '') });
  }
}

addEventListener('message', ({ data }: MessageEvent<LoadRequest>) => {
  if (data.type === 'open') void open(data.spec, data.limitBytes);
  else if (data.type === 'city') void showCity();
  else void show(data.replication);
});
