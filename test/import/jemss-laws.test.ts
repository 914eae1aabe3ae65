/** Values and laws in Julia's notation: worked out, never evaluated; their means against theory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LawJson,
  parseBernoulli,
  parseCategorical,
  parseInterarrival,
  parseLaw,
} from '../../engine/import/jemss/laws.ts';
import { parseNumber, parseNumbers, parseValue, ValueError } from '../../engine/import/jemss/values.ts';

describe('a value', () => {
  it.each([
    ['1/280', 1 / 280],
    ['50/60/60/24', 50 / 60 / 60 / 24],
    ['1 + 250 + 0.1', 251.1],
    ['1 + 250*40 + 0.1', 10_001.1],
    ['1/(18.8*24)', 1 / (18.8 * 24)],
    ['(8-50/60)/60/24', (8 - 50 / 60) / 60 / 24],
    ['-2e-3', -0.002],
    ['2 - 3 - 4', -5],
    ['1.0', 1],
  ])('%s is worked out', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it('may be a list, divided by commas or semicolons, and scaled', () => {
    expect(parseNumbers('[1; 2; 3]')).toEqual([1, 2, 3]);
    expect(parseNumbers('[75,60,50,40]*24')).toEqual([1800, 1440, 1200, 960]);
    expect(parseNumbers('[250]')).toEqual([250]);
  });

  it.each([
    ['', 'ends where a value should stand'],
    ['1 +', 'ends where a value should stand'],
    ['1/0', 'divides by zero'],
    ['(1', 'lacks a ")" at its end'],
    ['1 2', 'has a "2" too much'],
    ['1 + [2]', 'has a list where a number should stand'],
    ['run(`rm`)', 'has "`rm`)" in it'],
    ['x', 'has "x" where a number should stand'],
    ['Inf', 'is no finite number'],
    ['('.repeat(40) + '1' + ')'.repeat(40), 'too many brackets'],
  ])('%s is refused', (text, message) => {
    expect(() => parseNumber(text)).toThrow(ValueError);
    expect(() => parseNumber(text)).toThrow(message);
  });

  it('is a value or a ValueError for any text (seed 4)', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '1',
        '2.5',
        '(',
        ')',
        '[',
        ']',
        '+',
        '-',
        '*',
        '/',
        ',',
        ';',
        'Inf',
        'Normal',
        ' ',
        '$',
        '"',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((list) => list.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            parseValue(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ValueError);
          }
        },
      ),
      { seed: 4, numRuns: 2000 },
    );
  });

  it('of numbers and the four rules is what JavaScript says (seed 9)', () => {
    const { term } = fc.letrec((tie) => ({
      term: fc.oneof(
        { depthSize: 'small' },
        fc.integer({ min: 1, max: 99 }).map(String),
        fc
          .tuple(tie('term'), fc.constantFrom('+', '-', '*'), tie('term'))
          .map(([a, op, b]) => `(${a as string} ${op} ${b as string})`),
      ),
    }));
    fc.assert(
      fc.property(term, (text) => {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the oracle
        expect(parseNumber(text)).toBe(new Function(`return ${text}`)());
      }),
      { seed: 9 },
    );
  });
});

/** Mean and standard deviation of a law in minutes, as a scenario draws from it. */
function momentsOf(law: LawJson): [mean: number, sd: number] {
  if (typeof law === 'number') return [law / 60, 0];
  if (law.type !== 'empirical')
    return [law.mean / 60, ((law.type === 'exponential' ? 1 : law.cv) * law.mean) / 60];
  const values = law.valuesS.map((s) => s / 60);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

describe('a law', () => {
  it.each([
    ['Exponential(12/60/24)', 12, 12],
    ['Normal(50/60/60/24, 0)', 50 / 60, 0],
    ['Gamma(4, 3/60/24)', 12, 6],
    ['Uniform(2/60/24, 8/60/24)', 5, Math.sqrt(3)],
    // 2 + 12 - 28 / (e - 1) and 144 - 28^2 e / (e - 1)^2 with e = exp(28 / 12), by integration by parts
    ['truncated(Exponential(12/60/24), 2/60/24, 30/60/24)', 10.99322, 7.12532],
    // mu + sigma (phi(a) - phi(b)) / (Phi(b) - Phi(a)) with a = -5/3, b = 3 (Johnson, Kotz and Balakrishnan 1994, 13.10.1)
    ['truncated(Normal(2/60/24, 1/60/24), 20/60/60/24, 5/60/24)', 2.0996, 0.8955],
    ['truncated(Normal(1/60/24, 0.2/60/24), 0, Inf)', 1, 0.2],
  ])('%s has mean and standard deviation of theory in minutes', (text, mean, sd) => {
    const [gotMean, gotSd] = momentsOf(parseLaw(text));
    // quantiles of a thousand shares leave out a little of the tails
    expect(Math.abs(gotMean - mean)).toBeLessThanOrEqual(0.001 * mean);
    expect(Math.abs(gotSd - sd)).toBeLessThanOrEqual(0.01 * sd + 1e-9);
  });

  it('in logarithms has the mean exp(mu + sigma^2 / 2)', () => {
    expect(momentsOf(parseLaw('LogNormal(-6, 0.5)'))[0] * 60).toBeCloseTo(86_400 * Math.exp(-6 + 0.125), 3);
  });

  it.each([
    ['Weibull(1, 2)', 'names the law Weibull, which is not known'],
    ['Normal(1, 1)', 'gives times below zero'],
    ['truncated(Normal(1, 1), -1, 2)', 'has a lower bound of a truncated law of -1'],
    ['truncated(Gamma(1, 1), 0, 2)', 'truncates the law Gamma'],
    ['truncated(Exponential(1), 2, 1)', 'is truncated to nothing'],
    ['Exponential(0)', 'has a mean of 0'],
    ['Exponential(1, 2)', 'gives Exponential 2 numbers; it takes 1'],
    ['12/60/24', 'is no law such as Exponential(1/24)'],
  ])('%s is refused by name', (text, message) => {
    expect(() => parseLaw(text)).toThrow(message);
  });

  it('of priorities, of transport and of the time between calls is of one kind each', () => {
    expect(parseCategorical('Categorical([0.57, 0.245, 0.185])')).toEqual([0.57, 0.245, 0.185]);
    expect(() => parseCategorical('Categorical([0.5, 0.6])')).toThrow('sum to 1.1, not 1');
    expect(parseBernoulli('Bernoulli(0.8)')).toBe(0.8);
    expect(() => parseBernoulli('Bernoulli(1.8)')).toThrow('has a probability of 1.8');
    expect(parseInterarrival('Exponential(1/280)')).toBe(1 / 280);
    expect(() => parseInterarrival('Gamma(2, 1)')).toThrow(
      'other laws of the time between calls are not carried over',
    );
  });
});
