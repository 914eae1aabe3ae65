import { describe, expect, it } from 'vitest';
import { type ClauseJson, standardSchema } from '../../engine/scenario/schema.ts';
import { parseStandard, STANDARD_PRESETS } from '../../engine/scenario/standards.ts';
import { text } from './good-scenario.ts';

const clause = (key: string, ix: number): ClauseJson => STANDARD_PRESETS[key].clauses[ix];

describe('the presets', () => {
  it('are the five of the domain', () => {
    expect(Object.keys(STANDARD_PRESETS)).toEqual([
      'zone-1-3-5',
      'echelon-1-3-5',
      'stage-1-3-5',
      'urban5-suburb10',
      'service-10-30',
    ]);
  });

  it.each(Object.entries(STANDARD_PRESETS))('%s is a valid standard under its own name', (name, standard) => {
    expect(standard.id).toBe(name);
    expect(standardSchema.parse(standard)).toEqual(standard);
    expect(parseStandard('preset.json', text(JSON.stringify(standard)))).toEqual(standard);
  });

  it.each(Object.values(STANDARD_PRESETS))(
    '$id says where it comes from and what it assumes',
    ({ source }) => {
      expect(source).toMatch(/clock/i);
      expect(source).toMatch(/Target shares: .*0\.9 is an assumption/);
    },
  );

  it('ask for 1, 3 and 5 minutes in the 1-3-5 presets', () => {
    for (const name of ['zone-1-3-5', 'echelon-1-3-5', 'stage-1-3-5']) {
      expect(STANDARD_PRESETS[name].clauses.map(({ thresholdS }) => thresholdS)).toEqual([60, 180, 300]);
    }
  });

  it('select each zone class and the places outside every zone once in the default', () => {
    const classes = STANDARD_PRESETS['zone-1-3-5'].clauses.flatMap(({ selector }) => selector.zoneClass);
    expect(classes).toEqual(['core', 'key', 'general', 'none']);
  });

  it('name the events that need more than a first arrival', () => {
    expect(clause('echelon-1-3-5', 1)).toMatchObject({ event: 'echelonArrival', unitsRequired: 2 });
    expect(clause('stage-1-3-5', 1)).toMatchObject({ event: 'kthArrival', unitsRequired: 2 });
    expect(clause('stage-1-3-5', 2)).toMatchObject({ event: 'cordonClosed', clockStart: 'callReceived' });
  });
});

describe('a standard from a file', () => {
  const standard = (...clauses: object[]) => text(JSON.stringify({ id: 's', clauses }));
  const base = {
    id: 'a',
    event: 'firstArrival',
    clockStart: 'dispatched',
    thresholdS: 60,
    targetShare: 0.9,
  };

  it('gets its defaults', () => {
    expect(parseStandard('s.json', standard(base)).clauses[0]).toEqual({
      ...base,
      selector: {},
      statistic: 'share',
    });
  });

  it('need not ask for a share', () => {
    const { targetShare, ...without } = base;
    expect(targetShare).toBe(0.9);
    expect(parseStandard('s.json', standard(without)).clauses[0]).not.toHaveProperty('targetShare');
  });

  it.each([
    [
      'a share of nothing, which every run meets',
      [{ ...base, targetShare: 0 }],
      '/clauses/0/targetShare',
      'above 0',
    ],
    [
      'a percentile without its share',
      [{ ...base, statistic: 'p90', targetShare: undefined }],
      '/clauses/0/targetShare',
      'is missing; with p90 it is 0.9',
    ],
    [
      'a clock start that does not exist',
      [{ ...base, clockStart: 'dispached' }],
      '/clauses/0/clockStart',
      'dispatched',
    ],
    [
      'k where nothing is counted',
      [{ ...base, unitsRequired: 2 }],
      '/clauses/0/unitsRequired',
      'has no meaning',
    ],
    [
      'a k-th arrival without k',
      [{ ...base, event: 'kthArrival' }],
      '/clauses/0/unitsRequired',
      'is missing',
    ],
    [
      'a percentile with another share',
      [{ ...base, statistic: 'p95' }],
      '/clauses/0/targetShare',
      'allowed: 0.95',
    ],
    ['one clause id twice', [base, base], '/clauses/1/id', 'first at /clauses/0/id'],
    ['no clause', [], '/clauses', 'a list of 1 to 1000 items'],
  ])('is refused for %s', (_, clauses, place, message) => {
    expect(() => parseStandard('s.json', standard(...clauses))).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            file: 's.json',
            place,
            message: expect.stringContaining(message) as string,
          }),
        ],
      }),
    );
  });
});
