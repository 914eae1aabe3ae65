/** How fast are the stretches that patrols reach from their posts in 1, 3 and 5 minutes? */
import type { EdgeInterval } from '../../engine/graph/road-graph.ts';
import type { Subject } from '../subject.ts';
import type { RoadCase } from '../road-case.ts';
import { QUESTION, randomPositions, SEED } from '../inputs.ts';
import { compareAnswers, count, measure, sumOf } from '../measure.ts';
import { limitRow, ratioRow } from '../report.ts';

const POSTS = 9;
const LIMITS_MS = [60_000, 180_000, 300_000] as const;
/** Random sets of posts, one after another, so that no set stays in the caches. */
const SETS = 20;

export const reach: RoadCase = {
  name: 'reach',
  about: `stretches within 1, 3 and 5 minutes of ${POSTS} posts`,
  async run({ subject, graph, limitMs }) {
    const posts = randomPositions(graph, POSTS * SETS, QUESTION.posts);
    type Reach = Subject['reachFrom'];
    const all = (reachFrom: Reach): EdgeInterval[][] => posts.flatMap((post) => reachFrom(post, LIMITS_MS));
    const columns = (reaches: EdgeInterval[][]): number[] =>
      reaches.flatMap((reach) => [
        reach.length,
        ...reach.flatMap(({ segment, fromMm, toMm }) => [segment, fromMm, toMm]),
      ]);
    const reference: Reach = (from, limitsMs) =>
      limitsMs.map((limitMs) => subject.reference.reachFrom(from, limitMs));
    const right = columns(all(subject.reachFrom));
    const compared = compareAnswers(
      'reach',
      ['subject', right],
      [['bounded Dijkstra', columns(all(reference))]],
    );
    const expected = sumOf(right);
    const [ours, theirs] = await measure(
      'reach',
      [
        { name: subject.reachKernel, reachFrom: subject.reachFrom },
        { name: 'bounded Dijkstra (heap) each', reachFrom: reference },
      ].map(({ name, reachFrom }) => ({
        name,
        jobs: SETS,
        work: () => all(reachFrom),
        checksum: (reaches: EdgeInterval[][]) => sumOf(columns(reaches)),
        expected: () => expected,
      })),
    );
    const about = {
      case: 'reach',
      job: `1, 3 and 5 minutes of ${POSTS} posts`,
      inputs: `${SETS} sets of ${POSTS} random positions a round, ${LIMITS_MS.length} limits each; ${count(all(subject.reachFrom).flat().length)} stretches in all; seed ${SEED}`,
    };
    return [
      ratioRow({ ...about, note: compared }, ours, theirs, 1),
      limitRow(
        { ...about, job: `${about.job}, all ${POSTS * LIMITS_MS.length}` },
        ours.name,
        { ms: ours.medianMs, minMs: ours.minMs },
        limitMs(10),
      ),
    ];
  },
};
