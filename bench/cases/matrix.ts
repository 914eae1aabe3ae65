/** How fast is a row of a large matrix of times? */
import type { RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { QUESTION, randomStates, SEED } from '../inputs.ts';
import { compareAnswers, count, LEAST_ROUNDS, measure, sumOf } from '../measure.ts';
import { ratioRow } from '../report.ts';

const ROWS = 1_000;
const COLUMNS = 10_000;

export const matrix: RoadCase = {
  name: 'matrix',
  about: `${count(ROWS)} x ${count(COLUMNS)} times, by rows`,
  async run({ subject, fewer }) {
    const { network } = subject.metric;
    const from = randomStates(network, ROWS, QUESTION.sources);
    const to = randomStates(network, COLUMNS, QUESTION.targets);
    const own = dijkstraContender(subject.metric);
    const out = new Uint32Array(ROWS * COLUMNS);
    const ownOut = new Uint32Array(ROWS * COLUMNS);
    // a sample of the rows, spread over the matrix and different in each round
    const sampled = fewer(100, 25);
    const jobs = sampled / LEAST_ROUNDS;
    const rowOf = (i: number): number => Math.floor((i * ROWS) / sampled);
    const ownRow = (i: number): Uint32Array => {
      const row = ownOut.subarray(rowOf(i) * COLUMNS, (rowOf(i) + 1) * COLUMNS);
      own.timesMs(from[rowOf(i)], to, row);
      return row;
    };
    subject.matrixMs(from, to, out);
    const rightRow = (i: number): Uint32Array => out.slice(rowOf(i) * COLUMNS, (rowOf(i) + 1) * COLUMNS);
    const sample = Array.from({ length: sampled }, (_, i) => i);
    const right = sample.map(rightRow);
    const compared = compareAnswers(
      'matrix',
      ['subject', right.flatMap((row) => Array.from(row))],
      [['own Dijkstra', sample.flatMap((i) => Array.from(ownRow(i)))]],
    );
    const total = sumOf(out);
    const [ours, theirs] = await measure('matrix', [
      {
        name: subject.sweepKernel,
        jobs: ROWS,
        work: () => subject.matrixMs(from, to, out),
        checksum: () => sumOf(out),
        expected: () => total,
      },
      {
        name: 'own Dijkstra per row',
        jobs,
        work: (round) => sample.slice(round * jobs, (round + 1) * jobs).map(ownRow),
        checksum: (rows: Uint32Array[]) => rows.reduce((sum, row) => sum + sumOf(row), 0),
        expected: (round) =>
          right.slice(round * jobs, (round + 1) * jobs).reduce((sum, row) => sum + sumOf(row), 0),
      },
    ]);
    const inputs = `${count(ROWS)} random sources x ${count(COLUMNS)} random targets a round, node to node; own Dijkstra on a sample of ${sampled} rows, ${jobs} a round; seed ${SEED}`;
    const about = {
      case: 'matrix',
      job: `a row of ${count(ROWS)} x ${count(COLUMNS)}`,
      inputs,
      note: compared,
    };
    return [ratioRow(about, ours, theirs, 60)];
  },
};
