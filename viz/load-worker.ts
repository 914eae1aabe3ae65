/** The worker around load.ts: the page stays responsive, and a folder that takes too long can be given up. */
import { loadCity, loadReplay, type City, type LoadStage } from './load.ts';
import { asProblem, type Problem } from './problem.ts';
import type { Replay } from './replay.ts';
import type { Roads } from './roads.ts';
import { openSource, type ResultsSource, type SourceSpec } from './source.ts';
import { readSummary, type Summary } from './summary.ts';

export type LoadRequest =
  { type: 'open'; spec: SourceSpec; limitBytes: number } | { type: 'replication'; replication: number };

export type LoadReply =
  | { type: 'summary'; summary: Summary }
  | { type: 'city'; city: City }
  | { type: 'replay'; replay: Omit<Replay, 'roads'> }
  | { type: 'progress'; stage: LoadStage; share: number }
  | { type: 'problem'; stage: 'summary' | 'replay'; problem: Problem };

let source: ResultsSource | null = null;
let summary: Summary | null = null;
let city: City | null = null;

const reply = (message: LoadReply): void => postMessage(message);

async function open(spec: SourceSpec, limitBytes: number): Promise<void> {
  try {
    source = await openSource(spec);
    summary = await readSummary(source, limitBytes);
    reply({ type: 'summary', summary });
  } catch (error) {
    reply({ type: 'problem', stage: 'summary', problem: asProblem(error, '') });
  }
}

async function show(replication: number): Promise<void> {
  if (!source || !summary) return;
  const progress = (stage: LoadStage, share: number): void => reply({ type: 'progress', stage, share });
  try {
    if (!city) {
      city = await loadCity(source, progress);
      reply({ type: 'city', city });
    }
    const loaded = await loadReplay(source, city.roads, replication, summary.replications, progress);
    const replay: Omit<Replay, 'roads'> & { roads?: Roads } = { ...loaded };
    delete replay.roads; // the page has them already: they are the largest part and travel once
    reply({ type: 'replay', replay });
  } catch (error) {
    reply({ type: 'problem', stage: 'replay', problem: asProblem(error, '') });
  }
}

addEventListener('message', ({ data }: MessageEvent<LoadRequest>) => {
  if (data.type === 'open') void open(data.spec, data.limitBytes);
  else void show(data.replication);
});
