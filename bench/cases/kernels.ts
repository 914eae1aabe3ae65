/** What is WebAssembly worth beside TypeScript, on the same labels? */
import type { RoadCase } from '../road-case.ts';
import { QUESTION, randomStates, SEED } from '../inputs.ts';
import { compareAnswers, count, measure, sumOf, type Timing } from '../measure.ts';
import { ratioRow, type Row } from '../report.ts';
import { columnsOfStates } from '../subject.ts';

const PAIRS = 200_000;
const ROWS = 64;
const COLUMNS = 10_000;

export const kernels: RoadCase = {
  name: 'kernels',
  about: 'SIMD kernels in WebAssembly against their twins in TypeScript',
  async run({ subject }) {
    const { metric, query, sweep, builder } = subject;
    const twins = subject.typescript();
    const states = randomStates(metric.network, 2 * PAIRS, QUESTION.pairs);
    const from = states.subarray(0, PAIRS);
    const to = states.subarray(PAIRS);
    const rows = columnsOfStates(states.slice(0, ROWS));
    const columns = columnsOfStates(randomStates(metric.network, COLUMNS, QUESTION.targets));
    const matrix = new Uint32Array(ROWS * COLUMNS);
    const row = async (
      job: string,
      jobs: number,
      inputs: string,
      fast: () => ArrayLike<number>,
      slow: () => ArrayLike<number>,
    ): Promise<Row> => {
      const right = Array.from(fast());
      const compared = compareAnswers(`kernels, ${job}`, ['WASM SIMD', right], [['TypeScript', slow()]]);
      const total = sumOf(right);
      const [ours, theirs]: Timing[] = await measure(
        `kernels, ${job}`,
        [
          { name: subject.kernel, work: fast },
          { name: 'labels, TypeScript', work: slow },
        ].map(({ name, work }) => ({ name, jobs, work, checksum: sumOf, expected: () => total })),
      );
      return ratioRow({ case: 'kernels', job, inputs, note: compared }, ours, theirs, null);
    };
    const times = new Uint32Array(PAIRS);
    const pairs = (by: typeof query) => (): Uint32Array => {
      for (let i = 0; i < PAIRS; i++) times[i] = by.timeMs(from[i], to[i]);
      return times;
    };
    const swept = (by: typeof sweep) => (): Uint32Array => {
      by.matrix(rows, columns, matrix);
      return matrix;
    };
    const built = (by: typeof builder) => (): Int32Array => {
      by.build(metric.networkTimeMs);
      return subject.space.to;
    };
    return [
      await row(
        'a time between two nodes',
        PAIRS,
        `${count(PAIRS)} random pairs; seed ${SEED}`,
        pairs(query),
        pairs(twins.query),
      ),
      await row(
        'a row of a matrix',
        ROWS,
        `${ROWS} x ${count(COLUMNS)} nodes; seed ${SEED}`,
        swept(sweep),
        swept(twins.sweep),
      ),
      await row('new weights everywhere', 1, 'every label compared', built(builder), built(twins.builder)),
    ];
  },
};
