/** How fast is a whole drive, segment by segment with times? */
import { positionOfNode, type RoadPosition, type Route } from '../../engine/graph/road-graph.ts';
import type { BenchRoads, RoadCase } from '../road-case.ts';
import { QUESTION, randomPositions, randomStates, SEED } from '../inputs.ts';
import { AnswersDiffer, count, LEAST_ROUNDS, measure } from '../measure.ts';
import { ratioRow, type Row } from '../report.ts';

const PAIRS = 10_000;
const SAME_PAIRS = 1_000;

export const path: RoadCase = {
  name: 'path',
  about: 'a drive with its segments',
  async run(roads) {
    const { graph, subject } = roads;
    const { network } = subject.metric;
    const nodes = Array.from(randomStates(network, 2 * PAIRS, QUESTION.pairs), (state) =>
      positionOfNode(graph, network.roadNode[state]),
    );
    return [
      ...(await drives(roads, 'node to node', nodes, 100)),
      ...(await drives(roads, 'between positions', randomPositions(graph, 2 * PAIRS, QUESTION.pairs), null)),
    ];
  },
};

async function drives(
  { subject, fewer }: BenchRoads,
  job: string,
  positions: RoadPosition[],
  goal: number | null,
): Promise<Row[]> {
  const from = positions.slice(0, PAIRS);
  const to = positions.slice(PAIRS);
  const nTheirs = fewer(SAME_PAIRS, 100);
  const jobs = nTheirs / LEAST_ROUNDS;
  type Drive = (from: RoadPosition, to: RoadPosition) => Route | null;
  const all = (first: number, n: number, drive: Drive): (Route | null)[] =>
    Array.from({ length: n }, (_, i) => drive(from[first + i], to[first + i]));
  const reference: Drive = (a, b) => subject.reference.route(a, b);
  const right = all(0, nTheirs, subject.route);
  const theirRoutes = all(0, nTheirs, reference);
  right.forEach((route, i) => {
    if (JSON.stringify(route) !== JSON.stringify(theirRoutes[i]))
      throw new AnswersDiffer(`path, ${job}: drive ${i} differs from own Dijkstra's`);
  });
  const checksum = (routes: (Route | null)[]): number =>
    routes.reduce((sum, route) => sum + (route === null ? 0 : route.travelTimeMs + route.steps.length), 0);
  const ofAll = all(0, PAIRS, subject.route);
  const expected = checksum(ofAll);
  const steps = ofAll.reduce((sum, route) => sum + (route?.steps.length ?? 0), 0) / PAIRS;
  const [ours, theirs] = await measure(`path, ${job}`, [
    {
      name: `${subject.kernel} (router)`,
      jobs: PAIRS,
      work: () => all(0, PAIRS, subject.route),
      checksum,
      expected: () => expected,
    },
    {
      name: 'own Dijkstra with predecessors (router)',
      jobs,
      work: (round) => all(round * jobs, jobs, reference),
      checksum,
      expected: (round) => checksum(right.slice(round * jobs, (round + 1) * jobs)),
    },
  ]);
  const about = {
    case: 'path',
    job: `a drive with its segments, ${job}`,
    inputs: `${count(PAIRS)} random pairs a round for labels, ${steps.toFixed(0)} segments on average; the first ${count(nTheirs)} for the other, ${count(jobs)} a round; seed ${SEED}`,
    note: `equal drives, step by step: own Dijkstra ${count(nTheirs)}`,
  };
  return [ratioRow(about, ours, theirs, goal)];
}
