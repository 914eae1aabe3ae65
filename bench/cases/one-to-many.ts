/** How fast are the times from one place to 200 others? */
import type { BenchRoads, RoadCase } from '../road-case.ts';
import { dijkstraContender } from '../contenders/dijkstra.ts';
import { QUESTION, randomPositions, randomStates, SEED } from '../inputs.ts';
import { compareAnswers, count, LEAST_ROUNDS, measure, sumOf } from '../measure.ts';
import { ratioRow, type Row } from '../report.ts';

const TARGETS = 200;
/** Each source with its own targets, so that labels do not stay in the caches. */
const SOURCES = 1_000;

export const oneToMany: RoadCase = {
  name: 'one-to-many',
  about: `times from one place to ${TARGETS} others`,
  run: async (roads) => [...(await betweenNodes(roads)), ...(await betweenPositions(roads))],
};

const inputs = (theirs: number): string =>
  `${count(SOURCES)} random sources x ${TARGETS} random targets of their own a round for labels, the first ${count(theirs)} for the other, ${count(theirs / LEAST_ROUNDS)} a round; seed ${SEED}`;

async function betweenNodes({ subject, fewer }: BenchRoads): Promise<Row[]> {
  const { network } = subject.metric;
  const sources = randomStates(network, SOURCES, QUESTION.sources);
  const all = randomStates(network, SOURCES * TARGETS, QUESTION.targets);
  const targets = Array.from({ length: SOURCES }, (_, i) => all.subarray(i * TARGETS, (i + 1) * TARGETS));
  const own = dijkstraContender(subject.metric);
  const nTheirs = fewer(SOURCES, 100);
  const jobs = nTheirs / LEAST_ROUNDS;
  type TimesFrom = (from: number, to: Uint32Array, out: Uint32Array) => void;
  const answers = (first: number, n: number, timesFrom: TimesFrom): Uint32Array => {
    const out = new Uint32Array(n * TARGETS);
    for (let i = 0; i < n; i++)
      timesFrom(sources[first + i], targets[first + i], out.subarray(i * TARGETS, (i + 1) * TARGETS));
    return out;
  };
  const compared = compareAnswers(
    'one-to-many',
    ['labels', answers(0, nTheirs, subject.timesFromMs)],
    [['own Dijkstra', answers(0, nTheirs, own.timesMs)]],
  );
  const sum = sumOf(answers(0, SOURCES, subject.timesFromMs));
  const [ours, theirs] = await measure('one-to-many', [
    {
      name: subject.kernel,
      jobs: SOURCES,
      work: () => answers(0, SOURCES, subject.timesFromMs),
      checksum: sumOf,
      expected: () => sum,
    },
    {
      name: 'own Dijkstra to the last target',
      jobs,
      work: (round) => answers(round * jobs, jobs, own.timesMs),
      checksum: sumOf,
      expected: (round) => sumOf(answers(round * jobs, jobs, subject.timesFromMs)),
    },
  ]);
  const about = {
    case: 'one-to-many',
    job: `1 x ${TARGETS}, node to node`,
    inputs: inputs(nTheirs),
    note: compared,
  };
  return [ratioRow(about, ours, theirs, 300)];
}

async function betweenPositions({ subject, graph, fewer }: BenchRoads): Promise<Row[]> {
  const sources = randomPositions(graph, SOURCES, QUESTION.sources);
  const all = randomPositions(graph, SOURCES * TARGETS, QUESTION.targets);
  const targets = Array.from({ length: SOURCES }, (_, i) => all.slice(i * TARGETS, (i + 1) * TARGETS));
  const nTheirs = fewer(SOURCES, 100);
  const jobs = nTheirs / LEAST_ROUNDS;
  const answers = (first: number, n: number, timesFrom: typeof subject.positionTimesFromMs): number[] =>
    Array.from({ length: n }, (_, i) => Array.from(timesFrom(sources[first + i], targets[first + i]))).flat();
  const reference: typeof subject.positionTimesFromMs = (from, to) => subject.reference.timesFrom(from, to);
  const compared = compareAnswers(
    'one-to-many between positions',
    ['labels', answers(0, nTheirs, subject.positionTimesFromMs)],
    [['own Dijkstra', answers(0, nTheirs, reference)]],
  );
  const total = (first: number, n: number, timesFrom: typeof subject.positionTimesFromMs): number => {
    let sum = 0;
    for (let i = first; i < first + n; i++) sum += sumOf(timesFrom(sources[i], targets[i]));
    return sum;
  };
  const expected = total(0, SOURCES, subject.positionTimesFromMs);
  const prepared = targets.map((to) => subject.prepareTargets(to));
  const out = new Uint32Array(TARGETS);
  const preparedTotal = (): number => {
    let sum = 0;
    for (let i = 0; i < SOURCES; i++) {
      subject.preparedTimesFromMs(sources[i], prepared[i], out);
      sum += sumOf(out);
    }
    return sum;
  };
  const preparedSum = preparedTotal();
  const [ours, theirs, columns] = await measure('one-to-many between positions', [
    {
      name: `${subject.kernel} (router)`,
      jobs: SOURCES,
      work: () => total(0, SOURCES, subject.positionTimesFromMs),
      checksum: (sum: number) => sum,
      expected: () => expected,
    },
    {
      name: 'own Dijkstra to the last target (router)',
      jobs,
      work: (round) => total(round * jobs, jobs, reference),
      checksum: (sum: number) => sum,
      expected: (round) => total(round * jobs, jobs, subject.positionTimesFromMs),
    },
    {
      name: `${subject.kernel}, targets prepared`,
      jobs: SOURCES,
      work: preparedTotal,
      checksum: (sum: number) => sum,
      expected: () => preparedSum,
    },
  ]);
  const about = {
    case: 'one-to-many',
    job: `1 x ${TARGETS} positions`,
    inputs: inputs(nTheirs),
    note: compared,
  };
  const once = `1 x ${TARGETS} positions, prepared once for many sources`;
  return [
    ratioRow(about, ours, theirs, 300),
    ratioRow({ case: 'one-to-many', job: once, inputs: inputs(nTheirs) }, columns, theirs, null),
  ];
}
