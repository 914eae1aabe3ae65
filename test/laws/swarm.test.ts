/**
 * Whole runs of random towns and days with features switched on and off at random, and the laws that hold of all of them:
 * of each record, and of runs that must not differ from it.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { streamOf, type CallStream, type CallTable } from '../../engine/demand/demand.ts';
import { labelMetrics } from '../../engine/city/label-metrics.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { CALL_ENDS, type CallOutcome } from '../../engine/sim/outcome.ts';
import { resumeReplication, saveReplication, type SavedReplication } from '../../engine/sim/saved-run.ts';
import { fromSavedText, savedText } from '../../engine/sim/saved-text.ts';
import {
  finishReplication,
  prepareSimulation,
  runUntil,
  simulate,
  startReplication,
  type SimulationOptions,
} from '../../engine/sim/simulate.ts';
import type { SimulationSetup } from '../../engine/sim/state.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { testStream } from '../support/random-city.ts';
import { buildRun, runPlans, type RandomRun, type RunPlan } from '../support/random-run.ts';
import { checkRun } from '../support/run-laws.ts';
import { must } from '../support/swarm.ts';

const SEED = 135;
const RUNS = count(60, 10_000);

const tally = { runs: 0, events: 0, calls: 0, ofKind: EVENT_KINDS.map(() => 0) };

it(
  `${RUNS} random runs obey the laws (seed ${SEED})`,
  async ({ annotate }) => {
    await fc.assert(fc.asyncProperty(runPlans, check), { seed: SEED, numRuns: RUNS });
    const kinds = EVENT_KINDS.map((kind, k) => `${kind} ${tally.ofKind[k]}`).join(', ');
    await annotate(`${tally.runs} runs, ${tally.calls} calls, ${tally.events} events: ${kinds}`);
    EVENT_KINDS.forEach((kind, k) => expect(tally.ofKind[k], kind).toBeGreaterThan(RUNS / 20));
  },
  TIMEOUT_MS,
);

async function check(plan: RunPlan): Promise<void> {
  const run = await buildRun(plan);
  const { city, plan: patrols } = run.small;
  const { policies } = run;
  const setup = prepareSimulation(city, patrols, policies);
  const outcomes: CallOutcome[] = [];
  const observer = { callEnded: (call: Readonly<CallOutcome>) => void outcomes.push({ ...call }) };
  const record = simulate(setup, 1, optionsOf(run, { observer })) as LoggedReplication;
  tally.runs++;
  tally.events += record.log.nEvents;
  tally.calls += record.counts.occurred;
  for (const kind of record.log.kind) tally.ofKind[kind]++;

  checkRun(run.small, record, policies);
  checkOutcomes(run, record, outcomes);
  checkWithoutLog(run, setup, record, outcomes);
  for (const [what, other] of [
    ['of its own calls', simulate(setup, 1, { calls: inBlocks(record.calls, plan.seed) })],
    [
      'of a finder',
      simulate(prepareSimulation(city, patrols, { ...policies, smallFleet: 0 }), 1, optionsOf(run)),
    ],
    [
      'of a finder on labels',
      simulate(
        prepareSimulation(labelMetrics(city), patrols, { ...policies, smallFleet: 0 }),
        1,
        optionsOf(run),
      ),
    ],
  ] as const) {
    mustBeSame(other, record, what);
  }
  checkSaved(run, setup, record);
}

const optionsOf = ({ calls }: RandomRun, more: SimulationOptions = {}): SimulationOptions =>
  calls === null ? more : { ...more, calls: streamOf(calls) };

/** As toEqual, which is slow on long columns and tells all of them. */
function mustBeSame(given: unknown, expected: unknown, what: string): void {
  if (Object.is(given, expected)) return;
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  must(isObject(given) && isObject(expected), () => `${what} is ${String(given)}, not ${String(expected)}`);
  const [names, others] = [Object.keys(given), Object.keys(expected)];
  must(names.length === others.length, () => `${what} has ${names.length} entries, not ${others.length}`);
  for (const name of others) {
    if (!Object.is(given[name], expected[name])) mustBeSame(given[name], expected[name], `${what}/${name}`);
  }
}

/** What an observer is told is what the log tells. */
function checkOutcomes(
  { small }: RandomRun,
  { log, calls }: LoggedReplication,
  outcomes: CallOutcome[],
): void {
  const told = foldCalls(log, calls, small.city.categories);
  must(outcomes.length === told.nCalls, () => `${outcomes.length} outcomes of ${told.nCalls} calls`);
  for (const outcome of outcomes) {
    const { call } = outcome;
    const { occurred, received, ready, dispatched, enRoute, arrived, staffed, cleared } = told.atMs;
    const expected = {
      end: CALL_ENDS[told.end[call]],
      category: told.category[call],
      zone: told.zone[call],
      occurredMs: occurred[call],
      receivedMs: received[call],
      readyMs: ready[call],
      unit: told.unit[call],
      dispatchedMs: dispatched[call],
      enRouteMs: enRoute[call],
      arrivedMs: arrived[call],
      unitsWanted: told.unitsWanted[call],
      staffedMs: staffed[call],
      clearedMs: cleared[call],
      waitedMs: told.waitedMs[call],
      waitedToDispatchMs: told.waitedToDispatchMs[call],
    };
    for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
      must(
        outcome[name] === expected[name],
        () => `call ${call}: ${name} ${outcome[name]}, in the log ${expected[name]}`,
      );
    }
  }
}

/** Without a log all comes out the same. */
function checkWithoutLog(
  run: RandomRun,
  setup: SimulationSetup,
  record: LoggedReplication,
  outcomes: CallOutcome[],
): void {
  const again: CallOutcome[] = [];
  const observer = { callEnded: (call: Readonly<CallOutcome>) => void again.push({ ...call }) };
  const bare = simulate(setup, 1, optionsOf(run, { observer, log: false }));
  mustBeSame(bare, { ...record, log: null, calls: null, routes: [] }, 'without a log');
  // why a call is held is asked for the log alone
  const plain = (each: CallOutcome): object => ({ ...each, heldReason: '' });
  mustBeSame(again.map(plain), outcomes.map(plain), 'outcomes without a log');
}

/** A run cut at some times, those of events among them, and gone on with from the text. */
function checkSaved(run: RandomRun, setup: SimulationSetup, record: LoggedReplication): void {
  const { small, plan, policies } = run;
  const { log, endMs } = record;
  const random = testStream(plan.seed);
  const fromMs = log.timeMs[0];
  for (let cut = 0; cut < 2; cut++) {
    const atMs = cut === 0 ? log.timeMs[random.below(log.nEvents)] : fromMs + random.below(endMs - fromMs);
    const sim = startReplication(setup, 1, optionsOf(run));
    runUntil(sim, atMs);
    const text = savedText(saveReplication(sim));
    const fresh = prepareSimulation(small.city, small.plan, policies);
    const resumed = resumeReplication(fresh, fromSavedText(text) as SavedReplication, optionsOf(run));
    must(savedText(saveReplication(resumed)) === text, () => `saved anew at ${atMs} ms it differs`);
    runUntil(resumed, endMs);
    mustBeSame(finishReplication(resumed), record, `cut at ${atMs} ms`);
    // the run that was saved can go on as well
    runUntil(sim, endMs);
    mustBeSame(finishReplication(sim), record, 'saved and gone on with');
  }
}

/** A table in blocks of random lengths. */
function inBlocks(calls: CallTable, seed: number): CallStream {
  const random = testStream(seed);
  let from = 0;
  return {
    next() {
      if (from === calls.nCalls) return null;
      const to = Math.min(calls.nCalls, from + 1 + random.below(20));
      const columns = Object.entries(calls).map(([name, column]) => [
        name,
        typeof column === 'number' ? to - from : (column as Float64Array).slice(from, to),
      ]);
      from = to;
      return Object.fromEntries(columns) as CallTable;
    },
  };
}
