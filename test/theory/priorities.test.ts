/**
 * One unit, two priorities, nobody interrupted: M/G/1 against Cobham 1954. The control is the wait of the same calls if
 * they were taken as they come: by Lindley's recursion on the demand alone, its mean by Pollaczek and Khinchine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meanWaitMG1, meanWaitsByPriorityMG1 } from '../../engine/analytic/erlang.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import {
  expectTheory,
  isInside,
  measure,
  report,
  type Figure,
  type Known,
} from '../support/queue-figures.ts';
import { describeWithData } from '../support/shared-data.ts';
import type { Answered, ServiceLaw, TheoryQueue } from '../support/theory-queue.ts';

const MINUTE_MS = 60_000;

interface OneUnit {
  law: ServiceLaw;
  /** Per minute and in minutes, most urgent first. */
  classes: readonly { arrivalRate: number; meanService: number }[];
  countedHours: number;
  warmUpHours: number;
  leadOutHours: number;
}

function queueOf({ law, classes, countedHours, warmUpHours, leadOutHours }: OneUnit): TheoryQueue {
  return {
    units: 1,
    classes: classes.map(({ arrivalRate, meanService }, c) => ({
      callsPerHour: 60 * arrivalRate,
      law,
      meanS: 60 * meanService,
      priority: c + 1,
    })),
    queue: { type: 'unlimited' },
    warmUpS: 3600 * warmUpHours,
    countedS: 3600 * countedHours,
    leadOutS: 3600 * leadOutHours,
    seed: 1,
  };
}

/** Wait of each call where all are taken as they come, in minutes: Lindley 1952. */
function waitsInTurn({ calls: { nCalls, occurredMs, onSceneMs } }: Answered): Float64Array {
  const waits = new Float64Array(nCalls);
  let freeMs = -Infinity;
  for (let call = 0; call < nCalls; call++) {
    const startMs = Math.max(freeMs, occurredMs[call]);
    waits[call] = (startMs - occurredMs[call]) / MINUTE_MS;
    freeMs = startMs + onSceneMs[call];
  }
  return waits;
}

function knownOf({ law, classes, countedHours }: OneUnit): Known {
  const rates = classes.map(({ arrivalRate }) => arrivalRate);
  const rate = rates.reduce((sum, each) => sum + each);
  const perService = law === 'exponential' ? 2 : 1;
  const moment = (power: number): number =>
    classes.reduce(
      (sum, { arrivalRate, meanService }) => sum + (arrivalRate / rate) * meanService ** power,
      0,
    );
  const meanService = moment(1);
  const cv = Math.sqrt((perService * moment(2)) / (meanService * meanService) - 1);
  const inTurn = meanWaitMG1(rate, meanService, cv);
  const expected = rate * 60 * countedHours;
  const works = law === 'exponential';
  const isEndless = inTurn === Infinity;
  return {
    expected,
    names: [
      ...classes.map((_, c) => `calls of class ${c + 1}`),
      ...(works ? classes.map((_, c) => `time on scene of class ${c + 1}`) : []),
      ...(isEndless ? [] : ['wait in turn']),
    ],
    controls: [...classes.keys(), ...(works ? [2, 3] : []), ...(isEndless ? [] : [works ? 4 : 2])],
    deviations(answered) {
      const { calls, firstCounted, endCounted } = answered;
      const numbers = classes.map(() => 0);
      const work = classes.map(() => 0);
      const waits = waitsInTurn(answered);
      let wait = 0;
      for (let call = firstCounted; call < endCounted; call++) {
        const c = calls.category[call];
        numbers[c]++;
        work[c] += calls.onSceneMs[call] / MINUTE_MS;
        wait += waits[call];
      }
      return [
        ...numbers.map((number, c) => number / expected - rates[c] / rate),
        ...(works ? work.map((sum, c) => sum / expected - (rates[c] * classes[c].meanService) / rate) : []),
        ...(isEndless ? [] : [wait / expected - inTurn]),
      ];
    },
  };
}

/** Mean wait of a class in minutes, by its expected calls. */
const waitOf =
  ({ classes }: OneUnit, c: number) =>
  ({ calls, startMs, firstCounted, endCounted }: Answered, expected: number): number => {
    let sum = 0;
    for (let call = firstCounted; call < endCounted; call++) {
      if (calls.category[call] === c) sum += startMs[call] - calls.occurredMs[call];
    }
    const rate = classes.reduce((all, { arrivalRate }) => all + arrivalRate, 0);
    return sum / MINUTE_MS / ((expected * classes[c].arrivalRate) / rate);
  };

function describePriorities(
  name: string,
  given: OneUnit,
  waits: readonly number[],
  replications: number,
): void {
  const known = knownOf(given);
  const queue = queueOf(given);
  const theory = meanWaitsByPriorityMG1(
    given.classes.map((each) => ({ ...each, serviceCv: given.law === 'exponential' ? 1 : 0 })),
  );
  const figures: Figure[] = waits.flatMap((wait, c) =>
    wait === Infinity
      ? []
      : [{ name: `mean wait of priority ${c + 1} in minutes`, theory: wait, of: waitOf(given, c) }],
  );

  it(
    `${name}: waits of ${waits.join(' and ')} minutes lie in their intervals`,
    async () => {
      expect(theory).toEqual(
        waits.map((wait) => (wait === Infinity ? Infinity : (expect.closeTo(wait, 12) as number))),
      );
      const measured = await measure(queue, known, figures, {
        replications: count(replications, 4 * replications),
      });
      report(name, measured);
      expectTheory(measured);
    },
    TIMEOUT_MS,
  );

  it(
    `${name}: they do not, on half of the calls, when the unit takes 3 % longer`,
    async () => {
      const slow = await measure(queue, known, figures, { replications: replications / 2, slower: 1.03 });
      report(`${name}, 3 % slower`, slow);
      expect(slow.figures.filter(isInside)).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

describe('one unit, two priorities, nobody interrupted', () => {
  // RELIABILITY: one mean for both; 2.0 and 6.0 minutes in the system
  const one = { meanService: 1 };
  describePriorities(
    'M/M/1, rates 0.2 and 0.6 a minute',
    {
      law: 'exponential',
      classes: [
        { arrivalRate: 0.2, ...one },
        { arrivalRate: 0.6, ...one },
      ],
      countedHours: 120,
      warmUpHours: 10,
      leadOutHours: 10,
    },
    [1, 5],
    100,
  );
});

interface Published {
  items: {
    id: string;
    published: { Wq1_min: number; Wq2_min: number };
    part_b: { published: { Wq1_min: number } };
  }[];
}

describeWithData('the quiz of the Massachusetts Institute of Technology, 2003', (data) => {
  const { items } = JSON.parse(
    readFileSync(join(data, 'queueing/published-queueing-values.json'), 'utf8'),
  ) as Published;
  const { published, part_b: overloaded } = items.find(({ id }) => id === 'urban-or-quiz2-2003-p1')!;
  const classes = (perHour: number) => [
    { arrivalRate: perHour / 60, meanService: 1 },
    { arrivalRate: perHour / 60, meanService: 3 },
  ];
  describePriorities(
    'M/D/1, 12 calls an hour of 1 minute and 12 of 3',
    { law: 'deterministic', classes: classes(12), countedHours: 240, warmUpHours: 20, leadOutHours: 20 },
    [published.Wq1_min, published.Wq2_min],
    40,
  );
  // the unit is never free: urgent calls wait for a time, the others for ever longer
  describePriorities(
    'M/D/1, 20 calls an hour of each, too many',
    { law: 'deterministic', classes: classes(20), countedHours: 240, warmUpHours: 48, leadOutHours: 2 },
    [overloaded.published.Wq1_min, Infinity],
    40,
  );
});
