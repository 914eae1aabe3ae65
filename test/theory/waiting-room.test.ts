/** Room for some waiting calls: M/M/c/K against its balance equations; and who is served in which order, call by call. */
import { describe, expect, it } from 'vitest';
import { busyServers, waitingRoom } from '../../engine/analytic/erlang.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import {
  answer,
  expectTheory,
  isInside,
  lostShare,
  meanWait,
  measure,
  prepareQueue,
  report,
  waitingShare,
} from '../support/queue-figures.ts';
import { SERVICE_S, type ServiceLaw, type TheoryQueue } from '../support/theory-queue.ts';
import { shadowOf } from '../support/unlimited-servers.ts';

const LOAD = 0.7;

/** Shares of time with n calls in the system, by the balance equations themselves. */
function balance(units: number, load: number, places: number): number[] {
  const shares = [1];
  for (let n = 1; n <= units + places; n++) shares.push((shares[n - 1] * load) / Math.min(n, units));
  const sum = shares.reduce((all, share) => all + share);
  return shares.map((share) => share / sum);
}

const queueOf = (
  units: number,
  load: number,
  law: ServiceLaw,
  queue: TheoryQueue['queue'],
  services: number,
): TheoryQueue => ({
  units,
  classes: [{ callsPerHour: (units * load * 3600) / SERVICE_S, law, meanS: SERVICE_S, priority: 1 }],
  queue,
  warmUpS: 40 * SERVICE_S,
  countedS: services * SERVICE_S,
  leadOutS: 30 * SERVICE_S,
  seed: 1,
});

describe('M/M/9 with room for three waiting calls at load 0.7', () => {
  const [units, places, replications] = [9, 3, 160];
  const queue = queueOf(units, LOAD, 'exponential', { type: 'finite', places }, 750);
  const shadow = shadowOf(queue.classes[0], queue);
  const busy = units * LOAD;
  const shares = balance(units, busy, places);
  const waiting = shares.map((share, n) => share * Math.max(0, n - units));
  const figures = [
    { name: 'share lost', theory: shares[units + places], of: lostShare },
    {
      name: 'share waiting',
      theory: shares.slice(units, units + places).reduce((sum, share) => sum + share),
      of: waitingShare,
    },
    // Little's law: calls that wait, over calls that come
    { name: 'wait / mean service', theory: waiting.reduce((sum, each) => sum + each) / busy, of: meanWait },
  ];

  it(
    'loses and keeps waiting as the balance equations say',
    async () => {
      const room = waitingRoom(LOAD, places);
      const allBusy = busyServers(units, busy, places)[units];
      expect(figures.map(({ theory }) => theory)).toEqual([
        expect.closeTo((allBusy * room.full) / room.mass, 12),
        expect.closeTo(allBusy * (1 - room.full / room.mass), 12),
        expect.closeTo((allBusy * room.waiting) / room.mass / busy, 12),
      ]);
      const measured = await measure(queue, shadow, figures, {
        replications: count(replications, 4 * replications),
      });
      report('M/M/9/12 at load 0.7', measured);
      expectTheory(measured);
    },
    TIMEOUT_MS,
  );

  it(
    'does not, on a fifth of the calls, when units take 3 % longer',
    async () => {
      const slow = await measure(queue, shadow, figures, { replications: replications / 5, slower: 1.03 });
      report('M/M/9/12 at load 0.7, 3 % slower', slow);
      expect(slow.figures.filter(isInside)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

/** When each call is begun where whoever waits longest is next; Infinity where it is lost (Kiefer & Wolfowitz 1955). */
function startsInTurn(
  { occurredMs, onSceneMs }: { occurredMs: Float64Array; onSceneMs: Uint32Array },
  units: number,
  places: number,
): Float64Array {
  const freeMs = new Float64Array(units).fill(-Infinity);
  const starts = new Float64Array(occurredMs.length).fill(Infinity);
  let waiting: number[] = [];
  occurredMs.forEach((nowMs, call) => {
    waiting = waiting.filter((startMs) => startMs > nowMs);
    const first = freeMs.indexOf(Math.min(...freeMs));
    const startMs = Math.max(nowMs, freeMs[first]);
    if (startMs > nowMs && waiting.length >= places) return;
    if (startMs > nowMs) waiting.push(startMs);
    starts[call] = startMs;
    freeMs[first] = startMs + onSceneMs[call];
  });
  return starts;
}

describe.each([1, 2, 9, 80])('%i units', (units) => {
  it.each([
    ['unlimited', Infinity, 0.8],
    ['finite', 2, 0.9],
    ['finite', 2, 1.5],
    ['none', 0, 0.9],
  ] as const)(
    'begin each call in turn to the millisecond, queue %s of %d places, load %d',
    async (type, places, load) => {
      for (const law of ['exponential', 'deterministic', 'lognormal'] as const) {
        const queue = queueOf(
          units,
          load,
          law,
          type === 'finite' ? { type, places } : { type },
          3000 / units,
        );
        const { calls, startMs, clearedMs, lost, record } = answer(await prepareQueue(queue), 1, queue);
        const expected = startsInTurn(calls, units, places);
        const endMs = (queue.countedS + queue.leadOutS) * 1000;
        // who would begin after the end of the run still waits
        expect([...startMs]).toEqual([...expected.map((ms) => (ms > endMs ? Infinity : ms))]);
        const doneMs = expected.map((ms, call) => ms + calls.onSceneMs[call]);
        expect([...clearedMs]).toEqual([...doneMs.map((ms) => (ms > endMs ? Infinity : ms))]);
        expect(lost.reduce((sum, each) => sum + each, 0)).toBe(record.counts.lost);
        expect(lost.some((each, call) => (each === 1) !== (expected[call] === Infinity))).toBe(false);
        expect(record.counts.occurred).toBe(calls.nCalls);
        if (units < 80 || load > 1)
          expect(expected.some((ms, call) => ms > calls.occurredMs[call])).toBe(true);
      }
    },
  );
});
