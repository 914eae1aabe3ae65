/** The tools of these tests, on made-up data and on demand that is not what theory takes it for. */
import { describe, expect, it } from 'vitest';
import { controlled } from '../support/control-variates.ts';
import { isInside, measure } from '../support/queue-figures.ts';
import { testStream } from '../support/random-city.ts';
import { SERVICE_S, type TheoryQueue } from '../support/theory-queue.ts';
import { shadowOf } from '../support/unlimited-servers.ts';

describe('an estimate with control variates', () => {
  const random = testStream(1);
  const column = (rows: number): Float64Array => new Float64Array(rows).map(() => random.normal());

  it("is the mean with Student's interval where nothing is known", () => {
    const { value, half } = controlled(Float64Array.of(1, 2, 3, 4, 10), [], 0.95);
    expect(value).toBeCloseTo(4, 12);
    // t(4) = 2.776445, s = 3.535534
    expect(half).toBeCloseTo((2.776445 * 3.535534) / Math.sqrt(5), 5);
  });

  it('is exact where the controls explain all', () => {
    const [a, b] = [column(20), column(20)];
    const { value, half } = controlled(
      a.map((each, r) => 7 + 3 * each - 2 * b[r]),
      [a, b],
    );
    expect(value).toBeCloseTo(7, 12);
    expect(half).toBeLessThan(1e-12);
  });

  it('covers the truth as often as it says, in 2,000 experiments of 40 replications', () => {
    let inside = 0;
    for (let experiment = 0; experiment < 2000; experiment++) {
      const controls = Array.from({ length: 8 }, () => column(40));
      const noise = column(40);
      const values = noise.map((each, r) => 5 + each + controls[0][r] - 4 * controls[3][r]);
      const { value, half } = controlled(values, controls, 0.95);
      if (Math.abs(value - 5) <= half) inside++;
    }
    // the jackknife errs on the side of width
    expect(inside / 2000).toBeGreaterThan(0.945);
    expect(inside / 2000).toBeLessThan(0.985);
  });

  it('refuses controls that say the same', () => {
    const a = column(20);
    expect(() => controlled(column(20), [a, a.map((each) => 2 * each)])).toThrow('say the same');
  });
});

describe('controls by unlimited units', () => {
  const queue: TheoryQueue = {
    units: 9,
    classes: [{ callsPerHour: 37.8, law: 'exponential', meanS: SERVICE_S, priority: 1 }],
    queue: { type: 'none' },
    warmUpS: 30 * SERVICE_S,
    countedS: 200 * SERVICE_S,
    leadOutS: SERVICE_S,
    seed: 1,
  };
  const [stated] = queue.classes;

  it.each([
    ['time on scene is 3 % longer', { ...stated, meanS: 1.03 * SERVICE_S }, 'time on scene'],
    ['calls are 3 % more', { ...stated, callsPerHour: 1.03 * 37.8 }, 'calls'],
    [
      'time on scene has another law',
      { ...stated, law: 'deterministic' as const },
      'all busy now, excess 0.7 services ago',
    ],
  ])('are away from their known means when %s than stated', async (_, drawn, control) => {
    const { demand } = await measure({ ...queue, classes: [drawn] }, shadowOf(stated, queue), [], {
      replications: 64,
    });
    expect(demand.filter((each) => !isInside(each)).map(({ name }) => name)).toContain(control);
  });
});
