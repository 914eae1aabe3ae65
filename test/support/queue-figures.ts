/** Figures of a queue as the engine simulates it, each with its 99.9 % interval, beside what theory says. */
import { expect } from 'vitest';
import { assert } from '../../engine/errors.ts';
import { MS_PER_S } from '../../engine/units.ts';
import { bundled } from './bundled.ts';
import { CONFIDENCE, controlled, type Estimated } from './control-variates.ts';
import { FULL } from './counts.ts';
import type * as TheoryCity from './theory-city.ts';
import { SERVICE_S, type Answered, type TheoryQueue } from './theory-queue.ts';

/** The engine, bundled. */
export const { prepareQueue, answer } = await bundled<typeof TheoryCity>('test/support/theory-city.ts');

/** Half the width of an interval may be so much of the figure. */
const TOLERANCE = FULL ? 0.01 : 0.02;

/** What is known of the demand: its controls, and what replications differ by beforehand. */
export interface Known {
  /** Expected calls of a replication. */
  expected: number;
  names: readonly string[];
  /** Of the names: those by which figures are controlled. */
  controls: readonly number[];
  /** Each less its known mean. */
  deviations(answered: Answered): number[];
}

export interface Figure {
  name: string;
  theory: number;
  /** Its value in a replication; the mean over replications is compared with theory. */
  of: (answered: Answered, expected: number) => number;
}

export interface Measured extends Estimated {
  name: string;
  theory: number;
  /** The same without controls. */
  plain: Estimated;
}

interface Measurement {
  calls: number;
  replications: number;
  figures: Measured[];
  /** The demand itself, beside its known means (0): all of them together in the interval, by Bonferroni. */
  demand: Measured[];
}

/** @param slower  factor on the time that units take, unknown to all but the simulation */
export async function measure(
  queue: TheoryQueue,
  known: Known,
  figures: readonly Figure[],
  { replications, slower = 1 }: { replications: number; slower?: number },
): Promise<Measurement> {
  const setup = await prepareQueue(queue);
  const values = figures.map(() => new Float64Array(replications));
  const deviations = known.names.map(() => new Float64Array(replications));
  let calls = 0;
  for (let r = 0; r < replications; r++) {
    const answered = answer(setup, r + 1, { countedS: queue.countedS, slower });
    // Little's law to the millisecond: calls in system over time, as events come, and time in system over calls
    assert(answered.areaMs === answered.systemMs, () => `replication ${r + 1} breaks Little's law`);
    calls += answered.endCounted - answered.firstCounted;
    figures.forEach(({ of }, f) => (values[f][r] = of(answered, known.expected)));
    known.deviations(answered).forEach((deviation, c) => (deviations[c][r] = deviation));
  }
  const controls = known.controls.map((c) => deviations[c]);
  return {
    calls,
    replications,
    figures: figures.map(({ name, theory }, f) => {
      return { name, theory, ...controlled(values[f], controls), plain: controlled(values[f]) };
    }),
    demand: known.names.map((name, c) => {
      const plain = controlled(deviations[c], [], 1 - (1 - CONFIDENCE) / known.names.length);
      return { name, theory: 0, ...plain, plain };
    }),
  };
}

export const isInside = ({ value, half, theory }: Measured): boolean => Math.abs(value - theory) <= half;

/** Theory lies in every interval, none of which is too wide, and the demand is what theory takes it for. */
export function expectTheory({ figures, demand }: Measurement): void {
  expect(demand.filter((control) => !isInside(control))).toEqual([]);
  expect(figures.filter((figure) => !isInside(figure))).toEqual([]);
  expect(figures.filter(({ half, theory }) => half > TOLERANCE * theory)).toEqual([]);
}

/** Prints what was measured, for people. */
export function report(name: string, { figures, calls, replications }: Measurement): void {
  for (const { name: figure, theory, value, half, plain } of figures) {
    process.stdout.write(
      `${name}, ${figure}: theory ${digits(theory)}, simulated ${digits(value)} +- ${percent(half / theory)} ` +
        `(${percent(value / theory - 1)} off); without controls ${digits(plain.value)} +- ${percent(plain.half / theory)}; ` +
        `${calls} calls in ${replications} replications\n`,
    );
  }
}

const digits = (value: number): string => value.toPrecision(5);
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Of the calls that are counted, by expected call: lost ones. */
export function lostShare({ lost, firstCounted, endCounted }: Answered, expected: number): number {
  let sum = 0;
  for (let call = firstCounted; call < endCounted; call++) sum += lost[call];
  return sum / expected;
}

/** Of the counted calls, by expected call: those that wait before they are answered. */
export function waitingShare(answered: Answered, expected: number): number {
  let sum = 0;
  eachWait(answered, (waitMs) => (sum += waitMs > 0 ? 1 : 0));
  return sum / expected;
}

/** Mean wait of the counted calls that are not lost, by expected call; in mean times on scene. */
export function meanWait(answered: Answered, expected: number): number {
  let sum = 0;
  eachWait(answered, (waitMs) => (sum += waitMs));
  return sum / expected / (SERVICE_S * MS_PER_S);
}

function eachWait(
  { calls: { occurredMs }, startMs, lost, firstCounted, endCounted }: Answered,
  visit: (waitMs: number, call: number) => void,
): void {
  for (let call = firstCounted; call < endCounted; call++) {
    if (lost[call] === 1) continue;
    visit(startMs[call] - occurredMs[call], call);
  }
}
