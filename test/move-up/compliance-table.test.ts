/** The town: units 0 to 7 at home at A A B C C D E E, 60 s from letter to letter; demand of 1 at A, 2 at C and 5 at E. */
import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import { coverageModel } from '../../engine/dispatch/coverage.ts';
import { asShare, ExpectedCoverage } from '../../engine/dispatch/expected-coverage.ts';
import { complianceTable, nestedTable } from '../../engine/move-up/compliance-table.ts';
import { frozenMoveUpView, mover, withParams, type MoveUpCase } from '../support/move-up-suite.ts';
import { demandAt, policyTown } from '../support/policy-town.ts';
import { smallCity } from '../support/small-city.ts';

const { city, base } = await policyTown(demandAt({ A: 1, C: 2, E: 5 }));
const { ids } = basesOf(city);
const letters = (bases: readonly number[]): string => bases.map((b) => ids[b].slice(5)).join('');

const TABLE = { table: [['post-C'], ['post-B', 'post-D'], ['post-A', 'post-C', 'post-E']] };

/** `0-B 1-D`: who goes where, quickest first. */
function decide(
  moment: Partial<MoveUpCase> & { free: readonly number[] },
  params: object = TABLE,
): string | null {
  const view = frozenMoveUpView(city, { trigger: 'sent', unit: 7, ...moment });
  const decision = mover(complianceTable, city, params).decide!(view);
  if (decision === null) return null;
  const moves = decision.moves.map(({ unit, base }) => `${unit}-${letters([base])}`);
  return [...moves, ...(decision.shortfall === null ? [] : [decision.shortfall])].join(' ');
}

describe('a compliance table', () => {
  it('says by the number of free units which bases are manned', () => {
    expect(decide({ free: [6] })).toBe('6-C');
    expect(decide({ free: [0, 1] })).toBe('0-B 1-D');
    expect(decide({ free: [0, 3, 6] })).toBeNull(); // A, C and E are manned
    expect(decide({ free: [0, 1, 6] })).toBe('1-C');
    expect(decide({ free: [] })).toBeNull();
  });

  it('leaves units beyond its longest row where they belong, those with the shortest drives manning it', () => {
    expect(decide({ free: [0, 3, 5, 6] })).toBeNull();
    expect(decide({ free: [2, 3, 5, 6] })).toBe('2-A');
  });

  it('has the last one in place as early as it can, or the least driving in all', () => {
    // to man B and D from A and B: 0-B and 2-D (60 + 120 s), or 2-B (0 s) and 0-D (180 s)
    expect(decide({ free: [0, 2] })).toBe('0-B 2-D');
    expect(decide({ free: [0, 2] }, { ...TABLE, minimise: 'total' })).toBe('0-B 2-D'); // 180 s either way: lowest unit to B
    // 2 stands at E on its way to B, where it belongs; 0 is at C: 60 + 60 s, or 180 + 60 s
    expect(decide({ free: [0, 2], at: { 0: base('C'), 2: base('E') } })).toBe('0-B 2-D');
  });

  it('moves the quickest, and tells which base nobody reaches', () => {
    expect(decide({ free: [0, 1], cutOff: [base('D')] })).toBe('0-B no free unit has a way to post-D');
  });

  it('is made by coverage where none is given: each row adds the base that gains most', () => {
    // within 60 s, busy half of the time: thrice D (7, 7/2, 7/4 against 1 + 2/4 of B), then B, then D again
    const model = coverageModel(city, 60_000);
    const rows = nestedTable(model, 0.5, 5).map(letters);
    expect(rows).toEqual(['D', 'DD', 'DDD', 'DDDB', 'DDDBD']);
    // the gain of every base that was not chosen is no larger
    const expected = new ExpectedCoverage(model, 0.5, 6).of([]);
    for (const mark of rows[4]) {
      const gains = [...ids.keys()].map((b) => asShare(expected.gain(b)));
      expect(gains[base(mark)]).toBe(Math.max(...gains));
      expected.add(base(mark));
    }
    expect(decide({ free: [6] }, { busyFraction: 0.5, targetS: 60 })).toBe('6-D');
  });

  it('must have n bases that exist in row n', () => {
    const asked = complianceTable.params.parse({ table: [['post-A'], ['post-A']] });
    expect(complianceTable.check!(asked, city)).toEqual([
      { key: 'table/1', message: 'row 2 lists 1 bases, not 2' },
    ]);
    const wrong = complianceTable.params.parse({ table: [['post-A'], ['post-A', 'post-Q']] });
    expect(complianceTable.check!(wrong, city).map(({ key }) => key)).toEqual(['table/1/1']);
  });

  it('in a run is followed when a unit is sent and when it is free again', async () => {
    const small = await smallCity('A-----B-----C', {
      units: [
        { id: 'one', at: 'A' },
        { id: 'two', at: 'C' },
        { id: 'three', at: 'B', shifts: ['late'] },
      ],
      scenario: {
        shifts: [
          { id: 'all', startS: 0, endS: 86_400 },
          { id: 'late', startS: 80_000, endS: 86_400 },
        ],
        patrol: { type: 'stay-at-post', profile: 'plain' },
        run: { start: '2026-03-02T00:00', durationS: 7200, replications: 1, seed: 1 },
      },
    });
    const table = [['post-B'], ['post-A', 'post-C'], ['post-A', 'post-B', 'post-C']];
    const record = small.run([{ atS: 100, place: 'A', onSceneS: 200 }], {
      moveUp: withParams(complianceTable, { table }),
    });
    // two goes to B while one is busy, and back to C when it is free
    expect(small.rows(record, 'moveUp')).toEqual(['100 moveUp two', '300 moveUp two']);
  });
});
