/** Units that all calls wait for: M/M/c against Erlang C, the whole engine with its log off. */
import { describe, expect, it } from 'vitest';
import { erlangC, meanWaitMMc } from '../../engine/analytic/erlang.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { expectTheory, isInside, meanWait, measure, report, waitingShare } from '../support/queue-figures.ts';
import { SERVICE_S, type TheoryQueue } from '../support/theory-queue.ts';
import { shadowOf } from '../support/unlimited-servers.ts';

/** `services`: length of a replication in mean times on scene. Relaxation takes about 2, 4 and 1 of them. */
const LEVELS = [
  { units: 9, load: 0.5, services: 1800, warmUp: 40, waits: 0.04605, wait: 0.010233, replications: 200 },
  { units: 9, load: 0.7, services: 1000, warmUp: 60, waits: 0.24452, wait: 0.090563, replications: 160 },
  { units: 80, load: 0.8, services: 330, warmUp: 20, waits: 0.034792, wait: 0.0021745, replications: 180 },
];

describe.each(LEVELS)(
  'M/M/$units at load $load: $waits of calls wait, $wait of a service in the mean',
  ({ units, load, services, warmUp, waits, wait, replications }) => {
    const name = `M/M/${units} at load ${load}`;
    const busy = units * load;
    const callsPerHour = (busy * 3600) / SERVICE_S;
    const queue: TheoryQueue = {
      units,
      classes: [{ callsPerHour, law: 'exponential', meanS: SERVICE_S, priority: 1 }],
      queue: { type: 'unlimited' },
      warmUpS: warmUp * SERVICE_S,
      countedS: services * SERVICE_S,
      leadOutS: 30 * SERVICE_S,
      seed: 1,
    };
    const shadow = shadowOf(queue.classes[0], queue);
    const figures = [
      { name: 'share waiting', theory: erlangC(units, busy), of: waitingShare },
      {
        name: 'mean wait / mean service',
        theory: meanWaitMMc(units, busy, 1),
        of: meanWait,
      },
    ];

    it(
      'lies in the interval of share waiting and mean wait',
      async () => {
        expect(figures.map(({ theory }) => theory)).toEqual([
          expect.closeTo(waits, 6),
          expect.closeTo(wait, 6),
        ]);
        const measured = await measure(queue, shadow, figures, {
          replications: count(replications, 4 * replications),
        });
        report(name, measured);
        expectTheory(measured);
      },
      TIMEOUT_MS,
    );

    it(
      'does not, on a fifth of the calls, when units take 3 % longer',
      async () => {
        const slow = await measure(queue, shadow, figures, { replications: replications / 5, slower: 1.03 });
        report(`${name}, 3 % slower`, slow);
        expect(slow.figures.filter(isInside)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  },
);
