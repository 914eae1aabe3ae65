/** Faults that random runs found (test/laws/swarm.test.ts), each once by hand: one cell of a map is 10 s. */
import { describe, expect, it } from 'vitest';
import { smallCity } from '../support/small-city.ts';

describe('a run that begins in the middle of a shift', () => {
  const run = { start: '2026-03-02T12:00', durationS: 3600, replications: 1 };

  it('begins at 0, not at minus zero, whose bytes in a file differ', async () => {
    const { log } = (await smallCity('A---B', { scenario: { run } })).run([]);
    expect(Object.is(log.timeMs[0], 0)).toBe(true);
  });

  it('leaves out the breaks that were due before it', async () => {
    const small = await smallCity('A---B', {
      units: [
        {
          id: 'car',
          at: 'A',
          breaks: [
            { afterS: 36_000, durationS: 600 },
            { afterS: 44_000, durationS: 600 },
          ],
        },
      ],
      scenario: { run },
    });
    expect(small.rows(small.run([]), 'breakStarted', 'breakEnded')).toEqual([
      '800 breakStarted car',
      '1400 breakEnded car',
    ]);
  });
});
