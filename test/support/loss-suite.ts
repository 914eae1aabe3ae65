/** Units without a queue: M/G/c/c against Erlang B, whatever the law of service. */
import { describe, expect, it } from 'vitest';
import { erlangB } from '../../engine/analytic/erlang.ts';
import { count, TIMEOUT_MS } from './counts.ts';
import { expectTheory, isInside, lostShare, measure, report, type Measured } from './queue-figures.ts';
import { SERVICE_S, type ServiceLaw, type TheoryQueue } from './theory-queue.ts';
import { shadowOf } from './unlimited-servers.ts';

const LAWS: readonly ServiceLaw[] = ['exponential', 'deterministic', 'lognormal'];

interface LossLevel {
  units: number;
  load: number;
  /** The share lost, from elsewhere. */
  lost: number;
  /** Length of a replication in mean times on scene, and what comes before. */
  services: number;
  warmUp: number;
  replications: number;
}

export function describeLoss({ units, load, lost, services, warmUp, replications }: LossLevel): void {
  describe(`M/G/${units}/${units} at load ${load}: ${lost} of calls are lost`, () => {
    const known = new Map<ServiceLaw, Measured>();

    const queueOf = (law: ServiceLaw): TheoryQueue => ({
      units,
      classes: [{ callsPerHour: (units * load * 3600) / SERVICE_S, law, meanS: SERVICE_S, priority: 1 }],
      queue: { type: 'none' },
      warmUpS: warmUp * SERVICE_S,
      countedS: services * SERVICE_S,
      leadOutS: SERVICE_S,
      seed: 1,
    });
    const figure = { name: 'share lost', theory: erlangB(units, units * load), of: lostShare };

    it.each(LAWS)(
      'lies in the interval of the share lost, %s service',
      async (law) => {
        expect(figure.theory).toBeCloseTo(lost, 6);
        const queue = queueOf(law);
        const measured = await measure(queue, shadowOf(queue.classes[0], queue), [figure], {
          replications: count(replications, 4 * replications),
        });
        report(`M/G/${units}/${units} at load ${load}, ${law} service`, measured);
        expectTheory(measured);
        known.set(law, measured.figures[0]);
      },
      TIMEOUT_MS,
    );

    it('agrees with itself whatever the law of service (insensitivity)', () => {
      expect([...known.keys()]).toEqual(LAWS);
      for (const one of known.values()) {
        for (const other of known.values()) {
          const half = Math.sqrt(one.half * one.half + other.half * other.half);
          expect(Math.abs(one.value - other.value)).toBeLessThanOrEqual(half);
        }
      }
    });

    it.each(LAWS)(
      'does not, on a fifth of the calls, when units take longer by 3 in 100, %s service',
      async (law) => {
        const queue = queueOf(law);
        const slow = await measure(queue, shadowOf(queue.classes[0], queue), [figure], {
          replications: replications / 5,
          slower: 1.03,
        });
        report(`M/G/${units}/${units} at load ${load}, ${law} service 3 % slower`, slow);
        expect(slow.figures.filter(isInside)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
}
