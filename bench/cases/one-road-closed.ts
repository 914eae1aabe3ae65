/** How soon are all answers exact again after one street direction is closed? */
import { UNREACHED_MS } from '../../engine/units.ts';
import type { RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { QUESTION, randomStates, SEED, stream } from '../inputs.ts';
import { AnswersDiffer, count, LEAST_ROUNDS, measure, quantile, timingOf } from '../measure.ts';
import { duration, ratioRow } from '../report.ts';

const ARCS = 1_000;
const MEDIAN_GOAL = 200;
const P95_GOAL = 2;

export const oneRoadClosed: RoadCase = {
  name: 'one-road-closed',
  about: 'one random arc closed, until all queries are exact again',
  async run({ subject, graph, fewer }) {
    const { metric } = subject;
    const { firstUse, use } = metric.network;
    const random = stream(QUESTION.arcs);
    const arcs = Array.from({ length: ARCS }, () => random.below(graph.nArcs));
    const pairs = randomStates(metric.network, 400, QUESTION.pairs);
    const half = pairs.length / 2;
    const answers = (n: number, timeOf: (from: number, to: number) => number): number[] =>
      Array.from({ length: n }, (_, i) => timeOf(pairs[i], pairs[half + i]));
    const total = (): number => answers(half, subject.timeMs).reduce((a, b) => a + b, 0);
    const open = total();

    // compared on every 20th arc, around the arc itself, where answers change
    const checkedArcs = arcs.filter((_, i) => i % fewer(20, 200) === 0);
    const closedTimes = metric.networkTimeMs.slice();
    let compared = 0;
    for (const arc of checkedArcs) {
      const uses = use.subarray(firstUse[arc], firstUse[arc + 1]);
      for (const i of uses) closedTimes[i] = UNREACHED_MS;
      subject.closeArc(arc);
      const own = dijkstraContender({ ...metric, networkTimeMs: closedTimes });
      const ask = (from: number, to: number): void => {
        const [ours, theirs] = [subject.timeMs(from, to), own.timeMs(from, to)];
        if (ours !== theirs)
          throw new AnswersDiffer(
            `one-road-closed: arc ${arc}, ${from} to ${to}: ${ours}, own Dijkstra ${theirs}`,
          );
        compared++;
      };
      const [tail, head] = [metric.network.tail[uses[0]], metric.network.head[uses[0]]];
      ask(tail, head);
      for (let i = 0; i < 5; i++) {
        ask(tail, pairs[i]);
        ask(pairs[i], head);
        ask(pairs[i], pairs[half + i]);
      }
      subject.openArc(arc);
      for (const i of uses) closedTimes[i] = metric.networkTimeMs[i];
    }
    if (total() !== open) throw new AnswersDiffer('one-road-closed: answers after opening again differ');

    // every arc closed once, a fifth of them a round
    const jobs = ARCS / LEAST_ROUNDS;
    const closeMs: number[] = [];
    const openMs: number[] = [];
    const whole: number[] = [];
    await measure('one-road-closed', [
      {
        name: subject.updateKernel,
        jobs: 2 * jobs,
        work(round) {
          for (const arc of arcs.slice(round * jobs, (round + 1) * jobs)) {
            const from = performance.now();
            subject.closeArc(arc);
            const closed = performance.now();
            subject.openArc(arc);
            openMs.push(performance.now() - closed);
            closeMs.push(closed - from);
          }
        },
        checksum: total,
        expected: () => open,
      },
      {
        name: 'new weights everywhere',
        jobs: 5,
        work() {
          for (let i = 0; i < 5; i++) {
            const from = performance.now();
            subject.setTimes(metric.networkTimeMs);
            whole.push(performance.now() - from);
          }
        },
        checksum: total,
        expected: () => open,
      },
    ]);
    const theirs = timingOf('new weights everywhere', 1, whole);
    const at = (share: number): ReturnType<typeof timingOf> => ({
      ...timingOf(`${subject.updateKernel}, ${share === 0.5 ? 'median' : `p${share * 100}`} arc`, 1, closeMs),
      minMs: quantile(closeMs, share),
      medianMs: quantile(closeMs, share),
    });
    const spread = (samples: number[]): string =>
      `median ${duration(quantile(samples, 0.5))}, p95 ${duration(quantile(samples, 0.95))}, worst ${duration(quantile(samples, 1))}`;
    const inputs = `${count(ARCS)} random arcs, each closed once and opened again; seed ${SEED}; equal answers: ${count(compared)} times of own Dijkstra around ${checkedArcs.length} closed arcs`;
    return [
      ratioRow(
        {
          case: 'one-road-closed',
          job: 'the median arc',
          inputs,
          note: `closing: ${spread(closeMs)}; opening: ${spread(openMs)}`,
        },
        at(0.5),
        theirs,
        MEDIAN_GOAL,
      ),
      ratioRow({ case: 'one-road-closed', job: 'the arc at p95', inputs }, at(0.95), theirs, P95_GOAL),
    ];
  },
};
