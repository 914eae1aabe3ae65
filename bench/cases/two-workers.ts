/** What is a second thread worth, on labels that both share? */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RoadCase } from '../road-case.ts';
import { QUESTION, randomStates, SEED } from '../inputs.ts';
import type { MatrixWorkerData } from '../matrix-worker.ts';
import { compareAnswers, count, measure, sumOf } from '../measure.ts';
import { ratioRow } from '../report.ts';

const ROWS = 1_000;
const COLUMNS = 10_000;
const ROUNDS = 9;
const WORKERS = 2;

export const twoWorkers: RoadCase = {
  name: 'two-workers',
  about: `a matrix of ${count(ROWS)} x ${count(COLUMNS)} by one worker thread and by two`,
  async run({ subject }) {
    const shared = (columns: Uint32Array): Uint32Array => {
      const copy = new Uint32Array(new SharedArrayBuffer(columns.byteLength));
      copy.set(columns);
      return copy;
    };
    const { network } = subject.metric;
    const from = shared(randomStates(network, ROWS, QUESTION.sources));
    const to = shared(randomStates(network, COLUMNS, QUESTION.targets));
    const out = shared(new Uint32Array(ROWS * COLUMNS));
    const next = new Int32Array(new SharedArrayBuffer(4));
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        const data: MatrixWorkerData = {
          module: new URL('../matrix-worker.ts', import.meta.url).href,
          block: subject.space.block,
          from,
          to,
          out,
          next,
        };
        const worker = new Worker(new URL('../../engine/node/source-worker.js', import.meta.url), {
          workerData: data,
        });
        await once(worker, 'message');
        return worker;
      }),
    );
    try {
      const matrixBy = async (nWorkers: number): Promise<void> => {
        Atomics.store(next, 0, 0);
        await Promise.all(
          workers.slice(0, nWorkers).map((worker) => {
            const done = once(worker, 'message');
            worker.postMessage('go');
            return done;
          }),
        );
      };
      subject.matrixMs(from, to, out);
      const right = out.slice();
      const answers = async (nWorkers: number): Promise<Uint32Array> => {
        out.fill(0);
        await matrixBy(nWorkers);
        return out.slice();
      };
      const compared = compareAnswers(
        'two-workers',
        ['this thread', right],
        [
          ['one worker', await answers(1)],
          ['two workers', await answers(2)],
        ],
      );
      const total = sumOf(right);
      const [one, two] = await measure(
        'two-workers',
        [1, 2].map((nWorkers) => ({
          name: nWorkers === 1 ? 'one worker' : 'two workers',
          jobs: 1,
          work: () => matrixBy(nWorkers),
          checksum: () => sumOf(out),
          expected: () => total,
        })),
        ROUNDS,
      );
      const inputs = `${count(ROWS)} random sources x ${count(COLUMNS)} random targets, node to node, ${ROUNDS} rounds; labels and result in shared memory; seed ${SEED}`;
      return [
        ratioRow({ case: 'two-workers', job: 'the whole matrix', inputs, note: compared }, two, one, 1.7),
      ];
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  },
};
