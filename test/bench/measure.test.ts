/** What a bench rests on: contenders take turns, and different answers end it. */
import { describe, expect, it } from 'vitest';
import { AnswersDiffer, compareAnswers, measure, quantile, type Contender } from '../../bench/measure.ts';
import { duration, ratioRow } from '../../bench/report.ts';

/** A contender that gives `answer(round)`, and notes when it was asked. */
const contender = (name: string, log: string[], answer: (round: number) => number): Contender => ({
  name,
  jobs: 1,
  work: (round) => {
    log.push(`${name}${round}`);
    return answer(round);
  },
  checksum: (given) => given,
  expected: (round) => round,
});

describe('a measurement', () => {
  it('lets contenders take turns, each once a round, and none more often', async () => {
    const log: string[] = [];
    const timings = await measure('turns', [
      contender('a', log, (round) => round),
      contender('b', log, (round) => round),
    ]);
    expect(log).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4']);
    expect(timings.map(({ name, rounds }) => [name, rounds])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
  });

  it('waits for contenders that answer later', async () => {
    const late: Contender = {
      ...contender('late', [], (round) => round),
      work: (round) => Promise.resolve(round),
    };
    expect(await measure('late', [late])).toHaveLength(1);
  });

  it('ends at the first round whose answers differ', async () => {
    const log: string[] = [];
    const wrong = contender('wrong', log, (round) => (round === 2 ? 7 : round));
    await expect(measure('wrong', [wrong])).rejects.toThrow(AnswersDiffer);
    await expect(measure('wrong', [wrong])).rejects.toThrow('wrong, round 2: wrong gives 7, expected 2');
    expect(log).toEqual(['wrong0', 'wrong1', 'wrong2', 'wrong0', 'wrong1', 'wrong2']);
  });

  it('refuses fewer than five rounds', async () => {
    await expect(measure('few', [], 4)).rejects.toThrow('5 are the fewest');
  });
});

describe('a comparison of answers', () => {
  it('counts what each contender was compared on, fewer answers included', () => {
    expect(
      compareAnswers(
        'times',
        ['ours', [1, 2, 3]],
        [
          ['theirs', [1, 2, 3]],
          ['slow', [1]],
        ],
      ),
    ).toBe('equal answers: theirs 3, slow 1; checksum 6');
  });

  it('names the first answer that differs', () => {
    expect(() => compareAnswers('times', ['ours', [1, 2, 3]], [['theirs', [1, 4, 5]]])).toThrow(
      'times: answer 1 is 2 by ours and 4 by theirs',
    );
  });

  it('takes a contender with more answers for one that differs', () => {
    expect(() => compareAnswers('times', ['ours', [1]], [['theirs', [1, 2]]])).toThrow(AnswersDiffer);
  });
});

describe('a row', () => {
  const timing = (name: string, minMs: number, medianMs: number) => ({
    name,
    jobsPerRound: 1,
    rounds: 5,
    minMs,
    medianMs,
  });
  const about = { case: 'matrix', job: 'a row', inputs: '' };

  it('meets its goal only when the ratios of minima and of medians both do', () => {
    const ours = timing('ours', 1, 2);
    expect(ratioRow(about, ours, timing('theirs', 60, 120), 60)).toMatchObject({
      ratioOfMins: 60,
      ratioOfMedians: 60,
      goal: '60x',
      met: true,
    });
    expect(ratioRow(about, ours, timing('theirs', 60, 119), 60).met).toBe(false);
    expect(ratioRow(about, ours, timing('theirs', 59, 120), 60).met).toBe(false);
    expect(ratioRow(about, ours, timing('theirs', 60, 120), null).met).toBe(null);
  });

  it.each([
    [0.0000627, '62.7 ns'],
    [0.0312, '31.2 us'],
    [9.999, '10 ms'],
    [999.7, '1000 ms'],
    [1234.5, '1.23 s'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('has quantiles that are values of the sample', () => {
    const sample = [5, 1, 4, 2, 3];
    expect([0, 0.5, 0.95, 1].map((share) => quantile(sample, share))).toEqual([1, 3, 5, 5]);
  });
});
