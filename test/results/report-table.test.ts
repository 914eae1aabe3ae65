import { describe, expect, it } from 'vitest';
import { computeKpis } from '../../engine/results/kpi.ts';
import {
  achievedTable,
  countText,
  potentialTable,
  reportSentences,
  secondsText,
  shareText,
  standardTable,
} from '../../engine/results/report-table.ts';
import type { ClauseScore } from '../../engine/results/results-folder.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import { FROM_CALL } from './six-calls.ts';
import { FACTS, smallRecord } from './small-run.ts';

const kpis = computeKpis({
  facts: FACTS,
  replications: [foldReplication(FACTS, smallRecord(1))],
  complete: false,
  potential: [{ group: 'all', label: 'All calls', within1min: 0.5, within3min: 0.756, within5min: 1 }],
  unplanned: [],
});

describe("the planner's tables", () => {
  it('head the tiers exactly 1 min, 3 min, 5 min, with n in every row', () => {
    const { title, header, rows } = achievedTable(kpis);
    expect(title).toBe('Calls reached by the first unit within (clock from callReceived)');
    expect(header).toEqual(['', '1 min', '3 min', '5 min', 'mean', '90 %', 'calls']);
    expect(rows.map((row) => row[0])).toEqual([
      'All calls',
      'Zone class core',
      'Zone class key',
      'Outside every zone',
      'Priority 1',
      'Priority 3',
    ]);
    // 2 of 6, 3 of 5, 4 of 5, each with Wilson's interval; mean of 58, 60, 260, 179
    expect(rows[0]).toEqual([
      'All calls',
      '33.3 % (9.7-70.0)',
      '60.0 % (23.1-88.2)',
      '80.0 % (37.6-96.4)',
      '139 s',
      '-',
      '5 of 6',
    ]);
  });

  it('keep what is possible apart from what was achieved', () => {
    expect(potentialTable(kpis)).toEqual({
      title:
        'Expected calls within drive of a unit at its post or site, every unit free (clock from enRoute; exact, so no sample)',
      header: ['', '1 min', '3 min', '5 min'],
      rows: [['All calls', '50.0 %', '75.6 %', '100.0 %']],
    });
  });

  it('give each clause its clock, what it rests on and its verdict', () => {
    const { title, rows } = standardTable(kpis.standards[0]);
    expect(title).toBe('Standard: One, three, five from the call');
    expect(rows[0].slice(0, 5)).toEqual(['core', 'zone class core', '60 s', 'callReceived', '90.0 %']);
    // 2 of 3, Wilson's interval from 20.8 to 93.9 %: the target of 90 % lies inside
    expect(rows[0].slice(5)).toEqual(['66.7 % (20.8-93.9)', '3', 'missed (unsure)']);
    const mixed = standardTable(kpis.standards[2]).rows;
    expect(mixed[0].slice(4)).toEqual(['p50 ≤ 60 s', '60 s', '3', 'met (unsure)']);
    expect(mixed[6].slice(5)).toEqual(['not scored', '-', '']);
  });

  it('are unsure of a verdict only where the interval holds the target', () => {
    const clause = kpis.standards[0].clauses[0];
    const verdict = (change: Partial<ClauseScore>): string => {
      const { rows } = standardTable({
        id: 's',
        title: 's',
        source: '',
        clauses: [{ ...clause, targetShare: 0.9, notScored: null, ...change }],
      });
      return rows[0][7];
    };
    const share = (value: number, ci95: [number, number]) =>
      ({ value, ci95, method: 'jackknife', n: 9 }) as const;
    expect(verdict({ met: true, estimate: share(0.95, [0.91, 0.99]) })).toBe('met');
    expect(verdict({ met: true, estimate: share(0.95, [0.9, 1]) })).toBe('met (unsure)');
    expect(verdict({ met: false, estimate: share(0.8, [0.7, 0.89]) })).toBe('missed');
    expect(verdict({ met: false, estimate: share(0.85, [0.78, 0.92]) })).toBe('missed (unsure)');
    const nothing = { value: null, ci95: null, method: null, n: 0 };
    expect(verdict({ met: null, estimate: nothing, nSelected: 0 })).toBe('no such calls');
    expect(verdict({ met: null, estimate: nothing, nSelected: 2 })).toBe('undecided');
    expect(verdict({ met: false, statistic: 'p90', estimate: { ...nothing, n: 5 } })).toBe('missed');
  });

  it('give no verdict on a clause that asks for no share', () => {
    const clauses = FROM_CALL.clauses.map(({ targetShare, ...clause }) =>
      targetShare === 0.9 ? clause : null!,
    );
    const { standards } = computeKpis({
      facts: { ...FACTS, standards: [{ ...FROM_CALL, clauses }] },
      replications: [foldReplication(FACTS, smallRecord(1))],
      complete: true,
      potential: [{ group: 'all', label: 'All calls', within1min: 0.5, within3min: 0.756, within5min: 1 }],
      unplanned: [],
    });
    const [core] = standards[0].clauses;
    expect(core).toMatchObject({ targetShare: null, met: null, notScored: null, nSelected: 3 });
    expect(core.estimate.value).toBe(2 / 3);
    const { rows } = standardTable(standards[0]);
    expect(rows[0].slice(4)).toEqual(['none', '66.7 % (20.8-93.9)', '3', 'no share asked']);
    const said = reportSentences({ ...kpis, standards }).join('\n');
    expect(said).not.toMatch(/undecided|unsure/);
  });

  it('are followed by the clock, the calls still open, what was not scored, and an interruption', () => {
    const sentences = reportSentences(kpis);
    expect(sentences[0]).toMatch(
      /^Achieved: 6 calls in 1 replication; the clock starts when the call is received/,
    );
    expect(sentences[1]).toMatch(/the clock starts when the unit's wheels turn \(enRoute\)/);
    expect(sentences[2]).toMatch(
      /^Mean times of 4 calls that were reached: detection delay 3 s, call handling 20 s, .* together 142 s from the incident to the first arrival\.$/,
    );
    expect(sentences.splice(3, 1)[0]).toBe(
      'Then, of the first unit there, over 4 calls that ended: on scene 930 s.',
    );
    // call 3 waited 180 s and call 6 10 s, call 5 is still waiting: 3 of 6; 190 s over the 5 that were sent one
    expect(sentences[3]).toMatch(
      /^Waiting: 50.0 % \(.*\) of 6 calls had to wait for a unit, with none on them; mean wait over all 5 that were sent one 38 s/,
    );
    expect(sentences[4]).toMatch(/^One replication/);
    expect(sentences[5]).toMatch(/^undecided: /);
    expect(sentences[6]).toMatch(/^\(unsure\)/);
    expect(sentences[7]).toMatch(/^2 calls of 6 had no unit on scene when the run ended/);
    expect(sentences[8]).toMatch(
      /^mixed \/ ring is not scored: .*cordonClosed nor its clock start callAnswered/,
    );
    expect(sentences[9]).toMatch(/interrupted/);
    expect(sentences).toHaveLength(10);
  });

  it('tell losses, breaks, overtime, batches and a missing log only where there is something to tell', () => {
    const share = (value: number) => ({ value, ci95: null, method: null, n: 9 });
    const losses = kpis.losses!.map((row) => ({ ...row, triaged: share(0.12), lost: share(0.031) }));
    const fleet = { ...kpis.fleet!, breakShare: share(0.05), overtimeHours: share(2.1) };
    const check = { n: 30, lag1: 0.412, vonNeumann: 1.2, correlated: true };
    const steadyState = {
      batches: 30,
      batchS: 7200,
      checks: [
        { figure: 'meanResponse', check },
        { figure: 'meanWait', check: { ...check, correlated: false } },
      ],
      warmUp: { givenS: 600, suggestedS: 1800.5, method: 'MSER-5' },
    };
    const said = (more: Partial<typeof kpis>): string => reportSentences({ ...kpis, ...more }).join('\n');
    expect(said({ losses })).toContain(
      'Calls: 12.0 % of 9 calls ended at the desk; 3.1 % of the 9 that needed a unit found no room and went to another force, which counts as not reached.',
    );
    expect(said({ fleet })).toContain(
      'Units together, of their time on duty (mean of 1 replication): 5.0 % on breaks.',
    );
    expect(said({ fleet })).toContain(
      'Overtime: 2.1 hours of all units in a replication (mean of 1 replication).',
    );
    const steady = said({ steadyState });
    expect(steady).toContain('Steady state: 30 batches of 7200 s after 600 s of warm-up');
    expect(steady).toContain(
      'Warning: batches hang together (correlation with the next: mean response 0.41)',
    );
    expect(steady).toContain('Warning: by MSER-5 the warm-up should be 1801 s, longer than the 600 s given.');
    expect(
      said({ steadyState: { ...steadyState, warmUp: { ...steadyState.warmUp, suggestedS: null } } }),
    ).toContain('Warning: by MSER-5 the run is too short to say how long its warm-up should be.');
    expect(said({ log: false })).toContain('No event log was kept: percentiles are told to the second');
    const quiet = said({ losses: [], fleet: kpis.fleet! });
    for (const word of ['Calls:', 'Waiting:', 'Units together', 'Overtime', 'Steady', 'No event log']) {
      expect(quiet).not.toContain(word);
    }
  });

  it('say nothing where there is nothing', () => {
    const nothing = { value: null, ci95: null, method: null, n: 0 };
    expect([shareText(nothing), secondsText(nothing)]).toEqual(['-', '-']);
    expect(countText(nothing)).toBe('-');
    expect(countText({ value: 347.4, ci95: [345.73, 348], method: 'student', n: 9 })).toBe(
      '347.4 (345.7-348.0)',
    );
    expect(secondsText({ value: 142.4, ci95: [135.2, 150], method: 'jackknife', n: 9 })).toBe(
      '142 s (135-150)',
    );
  });
});
