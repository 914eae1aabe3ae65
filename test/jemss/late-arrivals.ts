/**
 * Dynamic MEXCLP against static posts on a scenario that import-jemss made, at several loads: late arrivals of both plans
 * from the same calls, and the paired difference with its interval.
 *
 *   npx tsx test/jemss/late-arrivals.ts <scenario folder> [--loads 0.5,0.75,1] [--replications 20] [--target-s 900] [--stand mexclp]
 *
 * Posts are those of the scenario, or, with `--stand mexclp`, those that add the most expected coverage one unit after the
 * other at the load and target looked at (greedy MEXCLP), which is what Jagtenberg et al. call the static policy.
 *
 * A load multiplies the calls per hour. Late: the first unit arrives later than the target of the call's priority (or the
 * one given for all), the clock running from the moment the call occurs; or it has not come when the run ends, later than
 * that. Calls that had not run so long by then are left out.
 */
import { parseArgs } from 'node:util';
import { coverageModel } from '../../engine/dispatch/coverage.ts';
import { ExpectedCoverage } from '../../engine/dispatch/expected-coverage.ts';
import { openAndReadScenario } from '../../engine/node/run-scenario.ts';
import { prepareRun } from '../../engine/pipeline.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { NOT_YET } from '../../engine/sim/outcome.ts';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import { studentTwoSided } from '../../engine/student.ts';
import { secondsToMs, type Ms } from '../../engine/units.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    loads: { type: 'string', default: '0.5,0.75,1' },
    replications: { type: 'string', default: '20' },
    'target-s': { type: 'string' },
    stand: { type: 'string' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('name the scenario folder');
const replications = Number(values.replications);
const targetMs = values['target-s'] === undefined ? null : secondsToMs(Number(values['target-s']));

const POLICIES = ['back-to-post', 'dynamic-mexclp'] as const;

/** Of one plan: shares late by replication, calls, and the mean busy share of units. */
interface Outcome {
  late: number[];
  byCategory: number[][];
  calls: number;
  busy: number;
}

/** The scenario at another load, with a move-up policy and, where one is given, one target for all calls. */
function variant(scenario: Scenario, load: number, moveUp: string): Scenario {
  const { demand, standards } = scenario;
  const thresholdS = targetMs === null ? {} : { thresholdS: targetMs / 1000 };
  return {
    ...scenario,
    moveUp: { type: moveUp, params: {} },
    standards: standards.map((one) => ({
      ...one,
      clauses: one.clauses.map((clause) => ({ ...clause, ...thresholdS })),
    })),
    demand: {
      ...demand,
      sources: demand.sources.map((source) => ({
        ...source,
        callsPerHour: source.callsPerHour.map((rate) => rate * load),
      })),
    },
  };
}

/** Units at the posts that add the most expected coverage, one after the other; the lowest on a tie. */
async function standByCoverage(scenario: Scenario): Promise<Scenario> {
  const { city } = await prepareRun(scenario);
  const model = coverageModel(city);
  const expected = new ExpectedCoverage(model, model.busyFraction, scenario.units.length);
  const chosen: number[] = [];
  const units = scenario.units.map((unit) => {
    expected.of(chosen);
    let post = 0;
    for (let other = 1; other < scenario.posts.length; other++) {
      if (expected.gain(other) > expected.gain(post)) post = other;
    }
    chosen.push(post);
    return { ...unit, post };
  });
  return { ...scenario, units };
}

async function outcomeOf(scenario: Scenario): Promise<Outcome> {
  const { city, plan } = await prepareRun(scenario);
  const setup = prepareSimulation(city, plan);
  const { categories } = city;
  const targetsMs = categories.map(({ id }): Ms => {
    const clause = scenario.standards[0].clauses.find(({ selector }) => selector.category?.includes(id));
    return secondsToMs(clause!.thresholdS);
  });
  const outcome: Outcome = { late: [], byCategory: categories.map(() => []), calls: 0, busy: 0 };
  for (let replication = 1; replication <= replications; replication++) {
    const late = categories.map(() => 0);
    const judged = categories.map(() => 0);
    const record = simulate(setup, replication, {
      log: false,
      observer: {
        callEnded({ category, occurredMs, arrivedMs }) {
          if (occurredMs < 0) return;
          const target = targetsMs[category];
          if (arrivedMs === NOT_YET && scenario.run.durationMs - occurredMs <= target) return;
          judged[category]++;
          if (arrivedMs - occurredMs > target) late[category]++;
        },
      },
    });
    const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
    outcome.late.push(sum(late) / sum(judged));
    late.forEach((count, category) => outcome.byCategory[category].push(count / judged[category]));
    outcome.calls += sum(judged);
    outcome.busy += sum(record.busyMsByUnit) / sum(record.onDutyMsByUnit) / replications;
  }
  return outcome;
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

/** Half the width of the 95 % interval of a mean, by Student. */
function halfWidth(list: readonly number[]): number {
  const m = mean(list);
  const variance = list.reduce((sum, value) => sum + (value - m) * (value - m), 0) / (list.length - 1);
  return studentTwoSided(0.95, list.length - 1) * Math.sqrt(variance / list.length);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number): string => (100 * share).toFixed(2);
const shown = (list: readonly number[]): string => `${percent(mean(list))} ± ${percent(halfWidth(list))}`;

const scenario = await openAndReadScenario(folder);
const ids = scenario.demand.categories.map(({ id }) => id);
const days = scenario.run.durationMs / 86_400_000;
say(
  `${scenario.name}: ${replications} replications of ${days} days, seed ${scenario.run.seed}; late arrivals in %, clock from occurred, 95 % intervals`,
);
say(
  `| load | calls | busy | static posts | dynamic MEXCLP | difference | of the late ones | ${ids.join(' | ')} |`,
);
say(`| --- | --- | --- | --- | --- | --- | --- | ${ids.map(() => '---').join(' | ')} |`);
for (const load of values.loads.split(',').map(Number)) {
  const plans = POLICIES.map((moveUp) => variant(scenario, load, moveUp));
  if (values.stand === 'mexclp') {
    const { units } = await standByCoverage(plans[0]);
    for (const plan of plans) plan.units = units;
    const standing = scenario.posts.map((_, post) => units.filter((unit) => unit.post === post).length);
    say(`(units at posts 1 to ${standing.length}: ${standing.join(' ')})`);
  }
  const [posts, mexclp] = [await outcomeOf(plans[0]), await outcomeOf(plans[1])];
  if (posts.calls !== mexclp.calls) say(`(calls judged: ${posts.calls} and ${mexclp.calls})`);
  const paired = (a: readonly number[], b: readonly number[]): number[] => b.map((share, i) => share - a[i]);
  const difference = paired(posts.late, mexclp.late);
  const relative = (100 * mean(difference)) / mean(posts.late);
  const each = ids.map((_, category) =>
    shown(paired(posts.byCategory[category], mexclp.byCategory[category])),
  );
  say(
    `| ${load} | ${posts.calls} | ${percent(posts.busy)} | ${shown(posts.late)} | ${shown(mexclp.late)} | ${shown(difference)} | ${relative.toFixed(1)} % | ${each.join(' | ')} |`,
  );
}
