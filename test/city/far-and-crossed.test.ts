import { describe, expect, it } from 'vitest';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import { smallCity } from '../support/small-city.ts';

/** A street of 600 m along the equator, 1e-3 degrees a cell (111 m there is near enough to the map's 100). */
const STREET = 'A--B--C';
const square = (west: number, south: number, size: number): number[][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const zone = (id: string, ...polygon: number[][][]) => ({ id, class: 'core', polygon });
const around = square(-0.01, -0.01, 0.02);

async function warningsOf(scenario: Record<string, unknown>): Promise<string[]> {
  return (await smallCity(STREET, { scenario })).city.report.warnings;
}

async function problemsOf(scenario: Record<string, unknown>): Promise<readonly InputProblem[]> {
  let error: unknown;
  await smallCity(STREET, { scenario }).catch((thrown: unknown) => (error = thrown));
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems;
}

describe('places far from the roads', () => {
  it('are told all at once, each with its place, its distance and what is allowed', async () => {
    const problems = await problemsOf({
      zones: [
        zone('street', around),
        zone('sea', square(2, 2, 0.01)),
        zone('again', square(0, -0.001, 0.002)),
      ],
      mustReachPoints: [
        { id: 'near', lonLat: [0.001, 0.001] },
        { id: 'off', lonLat: [0.001, 0.01] },
      ],
      posts: [
        { id: 'post-A', lonLat: [0, 0] },
        { id: 'far', lonLat: [0.001, 45] },
      ],
    });
    expect(problems.map(({ file, place }) => `${file} ${place}`)).toEqual([
      'scenario.json /zones/1',
      'scenario.json /zones/2',
      'scenario.json /mustReachPoints/1/lonLat',
      'scenario.json /posts/1/lonLat',
    ]);
    expect(problems[0].message).toMatch(
      /^zone "sea" holds no drivable road of .* "only" names the ones to take\)$/,
    );
    expect(problems[1].message).toContain('zone "again" holds no drivable road');
    expect(problems[2].message).toMatch(
      /^must-reach point "off" at \[0.001, 0.01\] is 11\d\d m from the nearest drivable road of the connected network; snapLimitM allows 200$/,
    );
    expect(problems[3].message).toContain('is more than 50 km from the nearest drivable road');
  });

  it('do not blame an earlier zone when there is none', async () => {
    const [{ message }] = await problemsOf({ zones: [zone('sea', square(2, 2, 0.01))] });
    expect(message).toMatch(/^zone "sea" holds no drivable road of \S+; leave it out/);
  });
});

describe('the border of a zone', () => {
  const crosses = (warnings: string[]): string[] =>
    warnings.filter((warning) => /crosses itself/.test(warning));

  it('is warned of where it crosses itself', async () => {
    const bowTie = [[-0.01, -0.01], [0.01, 0.01], [0.01, -0.01], [-0.01, 0.02], [-0.01, -0.01]]; // prettier-ignore
    expect(crosses(await warningsOf({ zones: [zone('tie', bowTie)] }))).toEqual([
      'the border of zone "tie" crosses itself at [0.002000, 0.002000]; the even-odd rule decides what is inside',
    ]);
    const hole = square(-0.02, -0.005, 0.012);
    expect(crosses(await warningsOf({ zones: [zone('bitten', around, hole)] }))).toEqual([
      'the border of zone "bitten" crosses itself at [-0.010000, 0.007000]; the even-odd rule decides what is inside',
    ]);
  });

  it('does not cross itself where a point is repeated, or beside a hole', async () => {
    const repeated = around.flatMap((point) => [point, point]);
    const zones = [zone('stutter', repeated, square(-0.005, 0.003, 0.002))];
    expect(crosses(await warningsOf({ zones }))).toEqual([]);
  });
});
