/** What a run prints and stores: no share without what it is of, no mean without its interval or the word that it has none. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runReport } from '../../engine/node/run-report.ts';
import { computeKpis, tallyKpis } from '../../engine/results/kpi.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { foldReplication, recordedUnitTimes } from '../../engine/results/run-facts.ts';
import { busyTown, runWithTally } from './busy-town.ts';

const REPLICATIONS = 3;

describe('the figures of a run in which everything happens', () => {
  const kpis: KpisJson[] = [];
  beforeAll(async () => {
    const { facts, records, tallies } = runWithTally(await busyTown(), REPLICATIONS);
    const rest = { facts, complete: true, unplanned: [] };
    const potential = [
      { group: 'all', label: 'All calls', within1min: 0.5, within3min: 0.75, within5min: 1 },
    ];
    kpis.push(
      computeKpis({
        ...rest,
        potential,
        replications: records.map((record) => foldReplication(facts, record)),
      }),
      tallyKpis({
        ...rest,
        potential,
        replications: records.map((record, i) => ({ tally: tallies[i], units: recordedUnitTimes(record) })),
      }),
    );
  });

  it('have n, interval and method wherever there is a value', () => {
    let nFigures = 0;
    const look = (value: unknown, place: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const record = value as Record<string, unknown>;
      if ('value' in record) {
        nFigures++;
        expect([place, ...Object.keys(record).sort()]).toEqual([place, 'ci95', 'method', 'n', 'value']);
        expect([place, Number.isInteger(record.n)]).toEqual([place, true]);
        return;
      }
      if (typeof record.perReplication === 'number') {
        expect([place, 'ci95' in record, Number.isInteger(record.n)]).toEqual([place, true, true]);
      }
      for (const [key, each] of Object.entries(record)) look(each, `${place}/${key}`);
    };
    for (const each of kpis) {
      look({ ...each, potential: null }, ''); // exact
    }
    expect(nFigures).toBeGreaterThan(200);
  });

  it('are printed with what they rest on: calls, or replications', () => {
    for (const each of kpis) {
      const report = runReport(each);
      const sentences = report.split('\n\n').at(-1)!.split('\n');
      const told = sentences.filter((sentence) => /\d %|\bmean\b|Mean/.test(sentence));
      expect(told.length).toBeGreaterThan(5);
      for (const sentence of told) {
        if (/^(Achieved|Potential|No event log|Units sent earlier)/.test(sentence)) continue;
        expect(sentence).toMatch(/\b\d+ (calls|replications|batches)\b|of \d+ /);
      }
      expect(report).toContain(`mean of ${REPLICATIONS} replications`);
      // tables: a column of calls, or the word that there is no sample
      for (const table of report.split('\n\n').filter((part) => / %/.test(part) && part.includes('  '))) {
        const [title, header] = table.split('\n');
        if (/^(Calls reached|Expected calls|Standard)/.test(title))
          expect(`${title} ${header}`).toMatch(/calls|no sample/);
      }
      expect(report).toMatch(/\(clock from callReceived\)|\(clock from dispatched\)/);
    }
  });
});
