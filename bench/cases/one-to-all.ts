/** How fast are the times from one place to every other, copied out in the order of the nodes? */
import { BucketSearch } from '../../engine/routing/bucket-search.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import type { RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { QUESTION, randomStates, SEED } from '../inputs.ts';
import { compareAnswers, count, LEAST_ROUNDS, measure, sumOf, type Contender } from '../measure.ts';
import { ratioRow } from '../report.ts';

/** Sources that go in one batch. */
const BATCH = 16;

export const oneToAll: RoadCase = {
  name: 'one-to-all',
  about: `times to every node, by source in batches of ${BATCH}, copied out in node order`,
  async run({ subject, graph, fewer }) {
    const { network } = subject.metric;
    const { nNodes } = graph;
    const batches = fewer(5, 1);
    const sources = randomStates(network, LEAST_ROUNDS * batches * BATCH, QUESTION.sources);
    const perRound = batches * BATCH;
    const out = new Uint32Array(perRound * nNodes);
    const heap = dijkstraContender(subject.metric);
    const buckets = new BucketSearch(subject.metric);
    const byBuckets = (from: number, row: Uint32Array): void => {
      buckets.start('out');
      buckets.seed(from, 0);
      buckets.settleAll(UNREACHED_MS - 1);
      buckets.copyTimes(network.baseState, row);
    };
    const bySources =
      (toAll: (from: number, row: Uint32Array) => void) =>
      (from: Uint32Array): void =>
        from.forEach((source, i) => toAll(source, out.subarray(i * nNodes, (i + 1) * nNodes)));
    const inBatches = (from: Uint32Array): void => {
      for (let i = 0; i < from.length; i += BATCH)
        subject.toAllMs(from.subarray(i, i + BATCH), out.subarray(i * nNodes, (i + BATCH) * nNodes));
    };
    const ofRound = (round: number): Uint32Array =>
      sources.subarray(round * perRound, (round + 1) * perRound);
    const first = ofRound(0).subarray(0, BATCH);
    const answers = (work: (from: Uint32Array) => void): Uint32Array => {
      work(first);
      return out.slice(0, BATCH * nNodes);
    };
    const compared = compareAnswers(
      'one-to-all',
      ['sweep', answers(inBatches)],
      [
        ['heap Dijkstra', answers(bySources(heap.toAllMs))],
        ['bucket Dijkstra', answers(bySources(byBuckets))],
      ],
    );
    const expected = Array.from({ length: LEAST_ROUNDS }, (_, round) => {
      inBatches(ofRound(round));
      return sumOf(out);
    });
    const contender = (name: string, work: (from: Uint32Array) => void): Contender<void> => ({
      name,
      jobs: perRound,
      work: (round) => work(ofRound(round)),
      checksum: () => sumOf(out),
      expected: (round) => expected[round],
    });
    const [ours, bucketTime, heapTime] = await measure('one-to-all', [
      contender(subject.sweepKernel, inBatches),
      contender('own bucket-queue Dijkstra', bySources(byBuckets)),
      contender('own heap Dijkstra', bySources(heap.toAllMs)),
    ]);
    const about = {
      case: 'one-to-all',
      job: `${count(nNodes)} times of a source, in node order`,
      inputs: `${perRound} random sources a round in batches of ${BATCH}, other ones each round; seed ${SEED}`,
    };
    return [
      ratioRow({ ...about, note: compared }, ours, bucketTime, 8),
      ratioRow(about, ours, heapTime, null),
    ];
  },
};
