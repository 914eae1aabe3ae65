/** Who is closest, drawn on maps: one cell of a map is 10 s. */
import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { smallCity } from '../support/small-city.ts';

/** `unit:seconds` of the candidates of a call's dispatch, best first; the first is the one that was sent. */
function candidates({ log }: LoggedReplication, call: number): string[] {
  const row = log.kind.findIndex((kind, r) => EVENT_KINDS[kind] === 'unitDispatched' && log.call[r] === call);
  const detail = JSON.parse(log.detail[row]) as { candidates: { unit: string; travelTimeS: number }[] };
  return detail.candidates.map(({ unit, travelTimeS }) => `${unit}:${travelTimeS}`);
}

describe('the closest available unit', () => {
  it('is the one that drives least, not the one that stands nearest: a one-way street is against it', async () => {
    const small = await smallCity(
      `
A---B------C
|   |      |
D---E------F`,
      {
        units: [
          { id: 'beside', at: 'A' },
          { id: 'behind', at: 'C' },
        ],
        ways: { BA: { oneway: true } }, // from B to A only
      },
    );
    // beside: A-D-E-B 20 + 40 + 20 s, were A-B open 40 s; behind: C-B 70 s
    const record = small.run([{ atS: 0, place: 'B', onSceneS: 10 }]);
    expect(candidates(record, 0)).toEqual(['behind:70', 'beside:80']);
  });

  it('reaches a call in mid-segment from either end of the street', async () => {
    const small = await smallCity(
      `
         1
A---B---------C---D`,
      {
        units: [
          { id: 'west', at: 'A' },
          { id: 'east', at: 'D' },
        ],
      },
    );
    // the call lies 5 cells from B and 5 from C; west has 4 cells to B, east 4 to C; a tie goes to the lowest
    expect(candidates(small.run([{ atS: 0, place: '1', onSceneS: 10 }]), 0)).toEqual(['west:90', 'east:90']);
  });

  it('goes round the block when the call lies behind it on a one-way street', async () => {
    const small = await smallCity(
      `
    1
A-------B
|       |
C-------D------------E`,
      {
        units: [
          { id: 'past', at: 'B' },
          { id: 'far', at: 'E' },
        ],
        ways: { AB: { oneway: true } },
      },
    );
    // 1 lies half way from A to B; past: B-D-C-A 20 + 80 + 20 and 40 s; far: E-D-C-A 130 + 80 + 20 and 40 s
    expect(candidates(small.run([{ atS: 0, place: '1', onSceneS: 10 }]), 0)).toEqual(['past:160', 'far:270']);
  });

  it('is caught where it is, half way home, before one that stands farther off', async () => {
    const small = await smallCity('A---------------B-------C', {
      units: [
        { id: 'roaming', at: 'A' },
        { id: 'standing', at: 'C' },
      ],
    });
    const record = small.run([
      { atS: 0, place: 'C', onSceneS: 1000 }, // keeps the unit at C busy
      { atS: 10, place: 'B', onSceneS: 10 }, // roaming: there at 170 s, homeward at 180 s
      { atS: 230, place: 'B', onSceneS: 10 }, // 50 s into the way home: 50 s back
      { atS: 2000, place: 'B', onSceneS: 10 }, // everybody at home: 80 s against 160 s
    ]);
    expect([0, 1, 2, 3].map((call) => candidates(record, call))).toEqual([
      ['standing:0', 'roaming:240'],
      ['roaming:160'],
      ['roaming:50'],
      ['standing:80', 'roaming:160'],
    ]);
  });

  it('turns round in mid-segment only where the street is open both ways', async () => {
    const drawing = `
A-------B
|       |
C-------D`;
    const calls = [
      { atS: 0, place: 'B', onSceneS: 0 }, // there at 80 s; home by the way back, or round by D and C
      { atS: 100, place: 'B', onSceneS: 0 },
    ];
    const open = (await smallCity(drawing)).run(calls);
    expect(candidates(open, 1)).toEqual(['car-1:20']); // 20 s into B-A
    const small = await smallCity(drawing, { ways: { AB: { oneway: true }, BD: { oneway: true } } });
    // at 100 s at D; D-C-A-B 80 + 20 + 80 s
    expect(candidates(small.run(calls), 1)).toEqual(['car-1:180']);
  });

  it('is never a busy one, and of many the three nearest are told', async () => {
    const small = await smallCity('A---B---C---D---E', {
      units: [...'ABCDE'].map((at) => ({ id: at.toLowerCase(), at })),
    });
    const record = small.run([
      { atS: 0, place: 'C', onSceneS: 500 },
      { atS: 5, place: 'C', onSceneS: 500 },
      { atS: 10, place: 'C', onSceneS: 500 },
    ]);
    expect([0, 1, 2].map((call) => candidates(record, call))).toEqual([
      ['c:0', 'b:40', 'd:40'],
      ['b:40', 'd:40', 'a:80'],
      ['d:40', 'a:80', 'e:80'],
    ]);
  });
});
