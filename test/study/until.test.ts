import { describe, expect, it } from 'vitest';
import { runReplications } from '../../engine/node/pool.ts';
import { resultFiles } from '../../engine/results/result-files.ts';
import { jackknifeHalfWidth } from '../../engine/results/interval.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { runFacts } from '../../engine/results/run-facts.ts';
import { createTally } from '../../engine/results/tally.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import type { LoggedReplication } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import type { CountedReplication } from '../../engine/study/replication-calls.ts';
import { createUntil, judgeAfter, parseUntil, type UntilRule } from '../../engine/study/until.ts';
import { FACTS } from '../results/small-run.ts';
import { smallCity } from '../support/small-city.ts';
import { shuffledPool } from './fake-pool.ts';
import { callOutcome } from './made-up-outcomes.ts';

const RULE: UntilRule = { halfWidth: 0.02, of: 'within3min', group: 'all', batch: 10, most: 500 };

/** A replication without a log whose calls take the given seconds. */
function counted(replication: number, responsesS: readonly number[]): CountedReplication {
  const tally = createTally(FACTS);
  for (const seconds of responsesS) tally.callEnded(callOutcome({ responseS: seconds }));
  return { replication, log: null, calls: null, tally: tally.data() } as unknown as CountedReplication;
}

/** Feeds replications until the rule says stop. */
function stopOf(rule: UntilRule, responsesOf: (replication: number) => readonly number[]) {
  const until = createUntil(FACTS, rule);
  for (let r = 1; ; r++) if (until.add(counted(r, responsesOf(r)))) return until.outcome();
}

describe('a run that goes on until a figure is known', () => {
  it('stops after the first batch whose interval is short enough, counted by hand', () => {
    // shares of 0.4 and 0.6 in turn: jackknife of equal sizes is Student: s = 0.1 sqrt(n/(n-1)), half = t s / sqrt n
    const responses = (r: number) =>
      Array.from({ length: 10 }, (_, i) => (i < (r % 2 === 0 ? 4 : 6) ? 100 : 200));
    // n = 10: 2.262 x 0.1054 / sqrt 10 = 0.0754; n = 20: 2.093 x 0.1026 / sqrt 20 = 0.0480; n = 30: 2.045 x 0.1017 / sqrt 30 = 0.0380
    const rule = { ...RULE, halfWidth: 0.04 };
    const outcome = stopOf(rule, responses);
    expect(outcome).toMatchObject({ replications: 30, stopped: 'target', clockStart: 'callReceived' });
    expect(outcome.reached).toBeCloseTo(0.038, 3);
    expect(stopOf({ ...rule, halfWidth: 0.049 }, responses).replications).toBe(20);
    expect(stopOf({ ...rule, halfWidth: 0.076 }, responses).replications).toBe(10);
    expect(stopOf({ ...rule, halfWidth: 0.04, batch: 4 }, responses).replications).toBe(28);
    expect(stopOf({ ...rule, halfWidth: 0.04, batch: 7 }, responses).replications).toBe(28);
    expect(stopOf({ ...rule, halfWidth: 0.5, batch: 1 }, responses).replications).toBe(10);
  });

  it('ends at its limit and says that the target is missed', () => {
    const responses = (r: number) => [r % 2 === 0 ? 100 : 200];
    const outcome = stopOf({ ...RULE, most: 35 }, responses);
    expect(outcome).toMatchObject({ replications: 35, stopped: 'most' });
    expect(outcome.reached).toBeGreaterThan(0.1);
  });

  it('does not take replications without any difference for certainty', () => {
    // every call is reached: the jackknife has no width; by Wilson 0 misses of n bound the share to 3.84 / (n + 3.84)
    const outcome = stopOf(RULE, () => [100]);
    expect(outcome).toMatchObject({ stopped: 'target', replications: 190 });
    expect(outcome.reached).toBeCloseTo(3.8415 / 193.8415, 4);
    expect(stopOf({ ...RULE, most: 50, of: 'meanS', halfWidth: 1 }, () => [100])).toMatchObject({
      stopped: 'most',
      reached: null,
    });
  });

  it('judges means and percentiles in seconds', () => {
    const responses = (r: number) => [100 + (r % 5), 110 + (r % 3), 150];
    for (const of of ['meanS', 'p50S', 'p90S'] as const) {
      const outcome = stopOf({ ...RULE, of, halfWidth: 2 }, responses);
      expect([of, outcome.stopped]).toEqual([of, 'target']);
    }
  });

  it('covers what its interval promises, less what stopping by it costs', () => {
    // shares that differ from replication to replication around 0.7; the rule asks for ±0.04, some 15 to 40 replications
    const rule = { ...RULE, halfWidth: 0.04 };
    const runs = 2000;
    let covered = 0;
    let replications = 0;
    for (let run = 0; run < runs; run++) {
      const chance = new RandomStream(randomKey('until'), run + 1, PURPOSE.dispatch, 0);
      const over: number[] = [];
      const under: number[] = [];
      let half = 0;
      do {
        const share = 0.6 + 0.2 * chance.uniform();
        let hits = 0;
        for (let call = 0; call < 40; call++) if (chance.uniform() < share) hits++;
        over.push(hits);
        under.push(40);
      } while (judgeAfter(rule, over.length, () => (half = jackknifeHalfWidth(over, under)!)) === null);
      const value = over.reduce((sum, n) => sum + n) / (40 * over.length);
      if (Math.abs(value - 0.7) <= half) covered++;
      replications += over.length;
    }
    // an interval at a fixed number covers 0.95; the binomial error of 2,000 runs is 0.005
    expect(replications / runs).toBeGreaterThan(15);
    expect(covered / runs).toBeGreaterThan(0.91);
    expect(covered / runs).toBeLessThan(0.96);
  });

  it('stops at the same replication and gives the same bytes whatever the workers and their order', async () => {
    const { city, plan } = await smallCity(
      `
      A---B---C---D
          |       |
          E---F---G   `,
      { units: [{ id: 'car-1', at: 'A' }], scenario: { run: { start: '2026-03-02T00:00', durationS: 14_400, seed: 7 } } },
    ); // prettier-ignore
    const setup = prepareSimulation(city, plan);
    const prepared = { city, plan, placement: null, importReport: {}, payload: { city, plan } };
    const rule = { ...RULE, of: 'within5min', halfWidth: 0.025 } as const;
    const outcomes: string[] = [];
    for (const [workers, seed] of [[1, 1], [2, 2], [2, 3], [3, 4], [3, 5], [8, 6]] as const) {
      const until = createUntil(runFacts(city), rule);
      const pool = shuffledPool(workers, seed, (r) => simulate(setup, r) as LoggedReplication);
      const { records, complete } = await runReplications(pool, rule.most, { isLast: (record) => until.add(record) });
      expect(complete).toBe(true);
      expect(records.map(({ replication }) => replication)).toEqual(records.map((_, i) => i + 1));
      expect(records.length).toBe(until.outcome().replications);
      const files = await resultFiles(prepared as never, records, { asked: records.length, until: until.outcome() });
      const kpis = JSON.parse(new TextDecoder().decode(files.get('kpis.json'))) as KpisJson;
      // what was judged is what is told
      const { value, ci95 } = kpis.achieved[0].within5min;
      expect(kpis.until!.reached).toBeCloseTo(value! - ci95![0], 12);
      expect(kpis).toMatchObject({ complete: true, replications: records.length, until: { stopped: 'target' } });
      outcomes.push(`${records.length} ${new TextDecoder().decode(files.get('manifest.json'))}`);
      if (workers === 8) expect(pool.ended.some((task) => task > records.length)).toBe(true); // some ran ahead
    } // prettier-ignore
    expect(new Set(outcomes).size).toBe(1);
    expect(Number(outcomes[0].split(' ')[0])).toBeGreaterThan(10);
  });
});

describe('the rule on the command line', () => {
  it('has sensible values for what is not said', () => {
    expect(parseUntil('halfWidth=0.01')).toEqual({
      halfWidth: 0.01,
      of: 'within3min',
      group: 'all',
      batch: 10,
      most: 500,
    });
    expect(parseUntil('halfWidth=5,of=p90S,group=zoneClass:core,batch=25,most=1000')).toEqual({
      halfWidth: 5,
      of: 'p90S',
      group: 'zoneClass:core',
      batch: 25,
      most: 1000,
    });
  });

  it.each([
    ['halfwidth=0.01', 'did you mean "halfWidth="?'],
    ['0.01', '"0.01" is not KEY=VALUE'],
    ['of=within3min', '"halfWidth=" is missing'],
    ['halfWidth=0', 'above 0'],
    ['halfWidth=2', 'at most 0.5'],
    ['halfWidth=x', 'a share above 0'],
    ['halfWidth=0.01,of=within3mins', 'did you mean "within3min"?'],
    ['halfWidth=0.01,most=5', 'most=5 is not a whole number from 10'],
    ['halfWidth=0.01,batch=0', 'batch=0 is not a whole number from 1'],
    ['halfWidth=0.01,batch=5,batch=6', '"batch" stands twice'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseUntil(text)).toThrow(message);
  });

  it('names the groups of the run, and that batches of one run are no replications', () => {
    expect(() => createUntil(FACTS, { ...RULE, group: 'zoneClass:coer' })).toThrow(
      'did you mean "zoneClass:core"?',
    );
    expect(() => createUntil({ ...FACTS, batches: 20 }, RULE)).toThrow('steady-state');
  });
});
