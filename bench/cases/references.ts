/** Are the engine's own searches fast enough to be fair contenders? One source to all, against graphology's. */
import { BucketSearch } from '../../engine/routing/bucket-search.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import type { RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { compareAnswers, LEAST_ROUNDS, measure, sumOf, type Contender } from '../measure.ts';
import { ratioRow } from '../report.ts';
import { oneToAll } from './shortest-paths.ts';

const HEAP_GOAL = 40;
const BUCKET_GOAL = 100;

export const references: RoadCase = {
  name: 'references',
  about: 'own Dijkstra, heap and buckets, against graphology single source',
  async run({ subject, graph }) {
    const { graphology, timesOf, sources } = oneToAll(graph);
    const { baseState } = subject.metric.network;
    const { nNodes } = graph;
    const heapSearch = dijkstraContender(subject.metric);
    const search = new BucketSearch(subject.metric);
    const times = new Uint32Array(nNodes);
    const own = (source: number): Uint32Array => {
      heapSearch.toAllMs(baseState[source], times);
      return times;
    };
    const buckets = (source: number): Uint32Array => {
      search.start('out');
      search.seed(baseState[source], 0);
      search.settleAll(UNREACHED_MS - 1);
      search.copyTimes(baseState, times);
      return times;
    };
    const sourceOf = (round: number): number => sources[round % sources.length];
    const right = sources.map((source) => own(source).slice());
    const flat = (rows: Uint32Array[]): number[] => rows.flatMap((row) => Array.from(row));
    const compared = compareAnswers(
      'references',
      ['own heap Dijkstra', flat(right)],
      [
        ['own bucket Dijkstra', flat(sources.map((source) => buckets(source).slice()))],
        ['graphology', Array.from(timesOf(graphology(sources[0])))],
      ],
    );
    const expected = (round: number): number => sumOf(right[round % sources.length]);
    const repeats = 10;
    const again = (name: string, toAll: (source: number) => Uint32Array): Contender<Uint32Array> => ({
      name,
      jobs: repeats,
      work: (round) => {
        let times = toAll(sourceOf(round));
        for (let i = 1; i < repeats; i++) times = toAll(sourceOf(round));
        return times;
      },
      checksum: sumOf,
      expected,
    });
    const [heapTime, bucketTime, theirs] = await measure('references', [
      again('own heap Dijkstra', own),
      again('own bucket-queue Dijkstra', buckets),
      {
        name: 'graphology single source',
        jobs: 1,
        work: (round) => graphology(sourceOf(round)),
        checksum: (paths: Record<string, string[]>) => sumOf(timesOf(paths)),
        expected,
      },
    ]);
    const about = {
      case: 'references',
      job: 'one source to all, times in node order',
      inputs: `${sources.length} sources spread over the nodes, one a round of ${LEAST_ROUNDS}, ${repeats} times each by own searches`,
    };
    return [
      ratioRow({ ...about, note: compared }, heapTime, theirs, HEAP_GOAL),
      ratioRow(about, bucketTime, theirs, BUCKET_GOAL),
    ];
  },
};
