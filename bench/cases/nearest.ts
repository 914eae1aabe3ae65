/** How fast is the nearest free unit found, while units move? */
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import type { RoadCase } from '../road-case.ts';
import { nearestByDijkstra, type NearestContender } from '../contenders/nearest.ts';
import { QUESTION, randomPositions, SEED, stream, walks } from '../inputs.ts';
import { compareAnswers, count, measure, quantile } from '../measure.ts';
import { duration, limitRow, ratioRow, type Row } from '../report.ts';

const UNITS = 1_000;
/** Units that enter a new segment between two queries. */
const MOVERS = 20;
const QUERIES = 2_000;
const ROUNDS = 11;
/** Free units, and how many times faster than Dijkstra the nearest of them is to be found. */
const FREE: readonly (readonly [free: number, goal: number])[] = [
  [1_000, 1],
  [100, 5],
  [10, 100],
];
const P99_LIMIT_MS = 0.05;

export const nearest: RoadCase = {
  name: 'nearest',
  about: `nearest free of ${count(UNITS)} moving units`,
  async run({ subject, graph, limitMs }) {
    const start = randomPositions(graph, UNITS, QUESTION.units);
    const random = stream(QUESTION.units);
    const movers = Uint32Array.from({ length: QUERIES * MOVERS }, () => random.below(UNITS));
    const places = walks(graph, start, movers, QUESTION.units + 100);
    const incidents = randomPositions(graph, QUERIES, QUESTION.incidents);
    const rows: Row[] = [];
    for (const [free, goal] of FREE) {
      const run = { start, movers, places, incidents, free };
      const ours = drill(subject.nearestUnits(UNITS), run);
      const theirs = drill(nearestByDijkstra(subject.metric, UNITS), run);
      const compared = compareAnswers(
        `nearest of ${free}`,
        ['subject', ours.answers()],
        [['Dijkstra', theirs.answers()]],
      );
      const expected = ours.sum();
      const [our, their] = await measure(
        `nearest of ${free} free`,
        [
          { name: subject.nearestKernel, drilled: ours },
          { name: 'Dijkstra to the first free unit', drilled: theirs },
        ].map(({ name, drilled }) => ({
          name,
          jobs: QUERIES,
          work: () => drilled.timed(),
          checksum: () => drilled.sum(),
          expected: () => expected,
        })),
        ROUNDS,
      );
      const about = {
        case: 'nearest',
        job: `${count(free)} of ${count(UNITS)} free`,
        inputs: `${ROUNDS} rounds of ${count(QUERIES)} incidents at random positions, before each ${MOVERS} random units enter a street next to theirs (timed with it); seed ${SEED}`,
      };
      const p99 = (drilled: Drill): string =>
        `p99 of a query ${duration(quantile(drilled.queryMs, 0.99))}, of moves and query ${duration(quantile(drilled.wholeMs, 0.99))}`;
      rows.push(
        ratioRow({ ...about, note: `${compared}\nDijkstra: ${p99(theirs)}` }, our, their, goal),
        limitRow(
          { ...about, job: `${about.job}, p99 of the query`, note: p99(ours) },
          our.name,
          { ms: quantile(ours.queryMs, 0.99), minMs: quantile(ours.queryMs, 0) },
          limitMs(P99_LIMIT_MS),
        ),
      );
    }
    return rows;
  },
};

interface Drill {
  /** Unit and time of each query, after one run through all. */
  answers: () => number[];
  sum: () => number;
  timed: () => void;
  /** Each query alone, and with the moves before it, of all rounds. */
  queryMs: number[];
  wholeMs: number[];
}

/** All moves and queries in their order; each run ends where it began, so rounds are alike. */
function drill(
  units: NearestContender,
  run: {
    start: readonly RoadPosition[];
    movers: Uint32Array;
    places: readonly RoadPosition[];
    incidents: readonly RoadPosition[];
    free: number;
  },
): Drill {
  const { start, movers, places, incidents, free } = run;
  const step = Math.floor(start.length / free);
  const answers = new Float64Array(2 * incidents.length);
  const found = { unit: 0, timeMs: 0 };
  const queryMs: number[] = [];
  const wholeMs: number[] = [];
  const reset = (): void => {
    start.forEach((position, unit) => {
      units.move(unit, position);
      units.setFree(unit, unit % step === 0);
    });
  };
  const go = (each: (i: number, movedMs: number, doneMs: number) => void): void => {
    for (let i = 0; i < incidents.length; i++) {
      const from = performance.now();
      for (let m = i * MOVERS; m < (i + 1) * MOVERS; m++) units.move(movers[m], places[m]);
      const moved = performance.now();
      units.nearest(incidents[i], found);
      const done = performance.now();
      answers[2 * i] = found.unit;
      answers[2 * i + 1] = found.timeMs;
      each(i, moved - from, done - moved);
    }
  };
  return {
    queryMs,
    wholeMs,
    answers: () => {
      reset();
      go(() => {});
      return Array.from(answers);
    },
    sum: () => answers.reduce((a, b) => a + b, 0),
    timed() {
      reset();
      go((_, movedMs, queriedMs) => {
        queryMs.push(queriedMs);
        wholeMs.push(movedMs + queriedMs);
      });
    },
  };
}
