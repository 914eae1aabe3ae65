/** How soon are answers exact again after every travel time of the city has changed? */
import type { RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { QUESTION, randomStates, reweighted, SEED } from '../inputs.ts';
import { compareAnswers, measure } from '../measure.ts';
import { limitRow, ratioRow } from '../report.ts';
import { buildFromRoads, type Built } from '../subject.ts';

const ROUNDS = 5;
const PAIRS = 1_000;

export const newWeights: RoadCase = {
  name: 'new-weights',
  about: 'new times for every arc, to exact answers',
  async run({ subject, graph, fewer, limitMs }) {
    const { metric } = subject;
    const pairs = randomStates(metric.network, 2 * PAIRS, QUESTION.pairs);
    const answers = (n: number, timeOf: (from: number, to: number) => number): number[] =>
      Array.from({ length: n }, (_, i) => timeOf(pairs[i], pairs[PAIRS + i]));
    const total = (): number => answers(PAIRS, subject.timeMs).reduce((a, b) => a + b, 0);
    const compared: string[] = [];
    const sums: number[] = [];
    const weights = Array.from({ length: ROUNDS }, (_, round) => reweighted(metric.networkTimeMs, round));
    for (const networkTimeMs of weights) {
      subject.setTimes(networkTimeMs);
      const own = dijkstraContender({ ...metric, networkTimeMs });
      compared.push(
        compareAnswers(
          'new-weights',
          ['labels', answers(fewer(200, 20), subject.timeMs)],
          [['own Dijkstra', answers(fewer(200, 20), own.timeMs)]],
        ),
      );
      sums.push(total());
    }
    const [ours, theirs] = await measure(
      'new-weights',
      [
        {
          name: subject.updateKernel,
          jobs: 1,
          work: (round) => subject.setTimes(weights[round]),
          checksum: total,
          expected: (round) => sums[round],
        },
        {
          name: 'network, order, hierarchy and labels from the roads',
          jobs: 1,
          work: (round) => buildFromRoads(graph, weights[round], { withTurns: false }),
          checksum: ({ query }: Built) =>
            answers(PAIRS, (from, to) => query.timeMs(from, to)).reduce((a, b) => a + b, 0),
          expected: (round) => sums[round],
        },
      ],
      ROUNDS,
    );
    subject.setTimes(metric.networkTimeMs);
    const about = {
      case: 'new-weights',
      job: 'every arc takes 1, 2 or 3 times as long, to exact answers',
      inputs: `${ROUNDS} random weightings; seed ${SEED}; ${PAIRS} pairs checked after each`,
    };
    return [
      ratioRow({ ...about, note: `after each weighting ${compared[0]}` }, ours, theirs, 20),
      limitRow(about, ours.name, { ms: ours.medianMs, minMs: ours.minMs }, limitMs(40)),
    ];
  },
};
