import { describe, expect, it } from 'vitest';
import { asin, cos, exp, lnGamma, log, sin } from '../engine/math.ts';
import {
  type DrawAddress,
  fillUniforms,
  normalCdf,
  normalQuantile,
  philox,
  poissonCount,
  PURPOSE,
  randomKey,
  RandomStream,
} from '../engine/rng.ts';

describe('exact elementary functions', () => {
  const inputs = Array.from({ length: 2000 }, (_, i) => (i + 0.37) / 100);
  const cases: [string, (x: number) => number, (x: number) => number, (x: number) => number][] = [
    ['log', log, Math.log, (x) => x * x + 0.001],
    ['exp', exp, Math.exp, (x) => x * 3 - 30],
    ['sin', sin, Math.sin, (x) => x / 3 - 3],
    ['cos', cos, Math.cos, (x) => x / 3 - 3],
    ['asin', asin, Math.asin, (x) => x / 10 - 1],
  ];
  it.each(cases)('%s is right to 1e-15', (_, ours, builtIn, input) => {
    for (const i of inputs) {
      const x = input(i);
      expect(Math.abs(ours(x) - builtIn(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(builtIn(x))));
    }
  });

  it('the logarithm of the gamma function is that of factorials and of half integers', () => {
    let factorial = 1;
    for (let n = 1; n < 30; factorial *= n++) {
      expect(Math.abs(lnGamma(n) - Math.log(factorial))).toBeLessThan(1e-13);
    }
    let half = Math.sqrt(Math.PI);
    for (let n = 0; n < 30; half *= 0.5 + n++) {
      expect(Math.abs(lnGamma(n + 0.5) - Math.log(half))).toBeLessThan(1e-13);
    }
    for (const x of [1e-8, 0.001, 0.3, 14.9, 200.7, 12_345.6]) {
      const off = lnGamma(x + 1) - lnGamma(x) - Math.log(x);
      expect(Math.abs(off)).toBeLessThan(1e-14 * Math.max(30, x * Math.log(x + 2)));
    }
    expect([lnGamma(0), lnGamma(-1)]).toEqual([Infinity, NaN]);
  });

  it('has the same bits on every runtime: recorded values', () => {
    const bits = (x: number): string => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, x);
      return view.getBigUint64(0).toString(16);
    };
    expect([log(3), exp(1), sin(1), cos(1), asin(0.9), normalQuantile(0.975)].map(bits))
      .toMatchInlineSnapshot(`
      [
        "3ff193ea7aad030b",
        "4005bf0a8b14576a",
        "3feaed548f090cee",
        "3fe14a280fb5068c",
        "3ff1ea93705fa172",
        "3fff5c0331eeff7e",
      ]
    `);
  });
});

describe('Philox4x32-10', () => {
  const out = new Uint32Array(4);
  const hex = (): string => [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
  it("gives its authors' known answers", () => {
    philox(0, 0, 0, 0, 0, 0, out);
    expect(hex()).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    philox(-1, -1, -1, -1, -1, -1, out);
    expect(hex()).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, out);
    expect(hex()).toBe('d16cfe09 94fdcceb 5001e420 24126ea1');
  });
});

describe('keyed streams', () => {
  const stream = (entity: number): RandomStream =>
    new RandomStream(randomKey('test'), 1, PURPOSE.callTime, entity);
  it('depend on their key and nothing else', () => {
    const first = Array.from({ length: 5 }, () => 0).map(
      (
        (s) => () =>
          s.uniform()
      )(stream(1)),
    );
    stream(2).uniform();
    const again = Array.from({ length: 5 }, () => 0).map(
      (
        (s) => () =>
          s.uniform()
      )(stream(1)),
    );
    expect(again).toEqual(first);
    expect(stream(2).uniform()).not.toBe(first[0]);
  });

  it('follow their laws: mean and variance within four standard errors of 40,000 draws', () => {
    const s = stream(3);
    const n = 40_000;
    const check = (draw: () => number, mean: number, sd: number): void => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += draw();
      expect(Math.abs(sum / n - mean)).toBeLessThan((4 * sd) / Math.sqrt(n));
    };
    check(() => s.uniform(), 0.5, Math.sqrt(1 / 12));
    check(() => s.exponential(60), 60, 60);
    check(() => s.normal(), 0, 1);
    check(() => s.normal() ** 2, 1, Math.sqrt(2));
    check(() => s.lognormal(1500, 0.9), 1500, 1350);
    check(() => s.poisson(3.7), 3.7, Math.sqrt(3.7));
  });

  const address = (entity: number): DrawAddress => ({
    key: randomKey('test'),
    replication: 1,
    purpose: PURPOSE.callTime,
    entity,
  });

  it('fill columns with the numbers that they give one by one', () => {
    for (const n of [0, 1, 2, 7, 100]) {
      const s = stream(n);
      const column = new Float64Array(n + 1).fill(-1);
      fillUniforms(column, n, address(n));
      expect([...column]).toEqual([...Array.from({ length: n }, () => s.uniform()), -1]);
    }
  });

  it('count Poisson events as they do one by one, and stop at the most that is asked for', () => {
    for (let entity = 0; entity < 2000; entity++) {
      const mean = [0, 1e-9, 0.01, 0.3, 1, 4, 7.99, 8, 60][entity % 9];
      const count = stream(entity).poisson(mean);
      expect(poissonCount(mean, address(entity), 1000)).toBe(count);
      const most = poissonCount(mean, address(entity), 3);
      expect(most > 3).toBe(count > 3);
      if (count <= 3) expect(most).toBe(count);
    }
  });

  it('have the normal quantiles of the tables', () => {
    for (const [p, z] of [
      [0.975, 1.959963984540054],
      [0.995, 2.5758293035489004],
      [0.0001, -3.719016485455709],
    ]) {
      expect(normalQuantile(p)).toBeCloseTo(z, 12);
      expect(normalCdf(z)).toBeCloseTo(p, 14);
    }
  });
});
