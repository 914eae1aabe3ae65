import { describe, expect, it } from 'vitest';
import { runReport } from '../../engine/node/run-report.ts';
import { computeKpis } from '../../engine/results/kpi.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import { unsettledCalls } from '../../engine/results/unsettled.ts';
import { FACTS, smallRecord } from './small-run.ts';

const kpis = computeKpis({
  facts: FACTS,
  replications: [foldReplication(FACTS, smallRecord(1))],
  complete: true,
  potential: [],
  unplanned: [],
});

describe('a run that leaves calls without an answer', () => {
  const withOpen = (open: number): typeof kpis => ({
    ...kpis,
    achieved: kpis.achieved.map((row) => ({ ...row, n: 100 })),
    calls: { ...kpis.calls, openAtEnd: { ...kpis.calls.openAtEnd, n: open } },
  });

  it('is none to plan by when more than a tenth of its calls nobody had reached', () => {
    expect(unsettledCalls(withOpen(10))).toBeNull();
    expect(unsettledCalls(withOpen(11))).toEqual({ open: 11, all: 100 });
  });

  it('says so before its tables', () => {
    expect(runReport(withOpen(60))).toMatch(/^NOT A RESULT TO PLAN BY: 60 of 100 calls/);
    expect(runReport(withOpen(0))).not.toContain('NOT A RESULT');
    // of patrols nothing is said where there is nothing to patrol
    expect(runReport(withOpen(0))).toContain('\nPatrol: ');
    expect(runReport(withOpen(0), false)).not.toContain('Patrol: ');
  });
});
