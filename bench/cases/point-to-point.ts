/** How fast is one exact travel time between two junctions, and between two places on streets? */
import type { BenchRoads, RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { graphologyContender } from '../contenders/graphology.ts';
import { ngraphContender } from '../contenders/ngraph.ts';
import { QUESTION, randomPositions, randomStates, SEED } from '../inputs.ts';
import { compareAnswers, count, LEAST_ROUNDS, measure, sumOf, type Contender } from '../measure.ts';
import { ratioRow, type Row } from '../report.ts';

/** So many that labels do not stay in the caches; other contenders take the first of them. */
const PAIRS = 1_000_000;
const SAME_PAIRS = 1_000;

export const pointToPoint: RoadCase = {
  name: 'point-to-point',
  about: 'one travel time, node to node; positions beside',
  run: async (roads) => [...(await betweenNodes(roads)), ...(await betweenPositions(roads))],
};

async function betweenNodes({ subject, fewer }: BenchRoads): Promise<Row[]> {
  const { metric, timeMs } = subject;
  const states = randomStates(metric.network, 2 * PAIRS, QUESTION.pairs);
  const from = states.subarray(0, PAIRS);
  const to = states.subarray(PAIRS);
  const sum = (first: number, pairs: number): number => {
    let total = 0;
    for (let i = first; i < first + pairs; i++) total += timeMs(from[i], to[i]);
    return total;
  };
  const times = (pairs: number, timeOf: (a: number, b: number) => number): Float64Array =>
    Float64Array.from({ length: pairs }, (_, i) => timeOf(from[i], to[i]));

  const graphology = graphologyContender(metric);
  const ngraph = ngraphContender(metric);
  const own = dijkstraContender(metric);
  const compared = compareAnswers(
    'point-to-point',
    ['labels', times(SAME_PAIRS, timeMs)],
    [
      ['own Dijkstra', times(fewer(SAME_PAIRS, 200), (a, b) => own.timeMs(a, b))],
      ['ngraph.path', times(fewer(SAME_PAIRS, 200), (a, b) => ngraph.timeMs(ngraph.path(a, b)))],
      ['graphology', times(fewer(20, 3), (a, b) => graphology.timeMs(graphology.path(a, b)))],
    ],
  );

  /** A contender that goes through its pairs in equal parts, one part a round: together each pair once. */
  const inParts = <Path>(
    name: string,
    pairs: number,
    path: (a: number, b: number) => Path,
    timeOf: (path: Path) => number,
  ): Contender<Path[]> => {
    const jobs = Math.ceil(pairs / LEAST_ROUNDS);
    return {
      name,
      jobs,
      work: (round) =>
        Array.from({ length: jobs }, (_, i) => path(from[round * jobs + i], to[round * jobs + i])),
      checksum: (paths) => paths.reduce((total, one) => total + timeOf(one), 0),
      expected: (round) => sum(round * jobs, jobs),
    };
  };
  const all = sum(0, PAIRS);
  const same = sum(0, SAME_PAIRS);
  const subjectOn = (pairs: number, repeats: number, expected: number): Contender => ({
    name: subject.kernel,
    jobs: pairs * repeats,
    work: () => {
      let total = 0;
      for (let i = 0; i < repeats; i++) total = sum(0, pairs);
      return total;
    },
    checksum: (total) => total,
    expected: () => expected,
  });
  const [cold, warm, graphologyTime, ngraphTime, ownTime] = await measure('point-to-point', [
    subjectOn(PAIRS, 1, all),
    subjectOn(SAME_PAIRS, 200, same),
    inParts(
      'graphology bidirectional',
      fewer(SAME_PAIRS, 25),
      (a, b) => graphology.path(a, b),
      (path) => graphology.timeMs(path),
    ),
    inParts(
      'ngraph.path nba',
      fewer(SAME_PAIRS, 200),
      (a, b) => ngraph.path(a, b),
      (path) => ngraph.timeMs(path),
    ),
    inParts(
      'own Dijkstra',
      fewer(SAME_PAIRS, 200),
      (a, b) => own.timeMs(a, b),
      (ms) => ms,
    ),
  ]);
  const about = (pairs: number, goalOf: string): Pick<Row, 'case' | 'job' | 'inputs' | 'note'> => ({
    case: 'point-to-point',
    job: `node to node${goalOf}`,
    inputs: `${count(PAIRS)} random pairs a round for labels (too many for the caches), the first ${count(pairs)} of them for the other, ${count(Math.ceil(pairs / LEAST_ROUNDS))} a round; seed ${SEED}`,
  });
  return [
    ratioRow({ ...about(fewer(SAME_PAIRS, 25), ''), note: compared }, cold, graphologyTime, 100_000),
    ratioRow(
      {
        ...about(fewer(SAME_PAIRS, 200), ''),
        note: `estimate: straight line at ${ngraph.topSpeedKph.toFixed(1)} km/h, the fastest arc; oriented`,
      },
      cold,
      ngraphTime,
      10_000,
    ),
    ratioRow(about(fewer(SAME_PAIRS, 200), ''), cold, ownTime, 5_000),
    ratioRow(
      {
        case: 'point-to-point',
        job: `node to node, the same ${count(SAME_PAIRS)} pairs again and again`,
        inputs: `${count(SAME_PAIRS)} random pairs; seed ${SEED}`,
        note: 'labels stay in the caches',
      },
      warm,
      ownTime,
      null,
    ),
  ];
}

async function betweenPositions({ subject, graph, fewer }: BenchRoads): Promise<Row[]> {
  const pairs = 100_000;
  const samePairs = fewer(SAME_PAIRS, 200);
  const { router, reference } = subject;
  const positions = randomPositions(graph, 2 * pairs, QUESTION.pairs);
  const from = positions.slice(0, pairs);
  const to = positions.slice(pairs);
  const times = (first: number, n: number, of: typeof router): number[] =>
    Array.from({ length: n }, (_, i) => of.timeMs(from[first + i], to[first + i]));
  const compared = compareAnswers(
    'point-to-point between positions',
    ['labels', times(0, samePairs, router)],
    [['own Dijkstra', times(0, samePairs, reference)]],
  );
  const jobs = Math.ceil(samePairs / LEAST_ROUNDS);
  const all = sumOf(times(0, pairs, router));
  const [ours, theirs] = await measure('point-to-point between positions', [
    {
      name: `${subject.kernel} (router)`,
      jobs: pairs,
      work: () => sumOf(times(0, pairs, router)),
      checksum: (total: number) => total,
      expected: () => all,
    },
    {
      name: 'own Dijkstra (router)',
      jobs,
      work: (round) => sumOf(times(round * jobs, jobs, reference)),
      checksum: (total: number) => total,
      expected: (round) => sumOf(times(round * jobs, jobs, router)),
    },
  ]);
  return [
    ratioRow(
      {
        case: 'point-to-point',
        job: 'between positions',
        inputs: `${count(pairs)} random pairs a round for labels, the first ${count(samePairs)} for the other, ${count(jobs)} a round; seed ${SEED}`,
        note: compared,
      },
      ours,
      theirs,
      null,
    ),
  ];
}
