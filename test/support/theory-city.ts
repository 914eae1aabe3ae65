/**
 * A city without distance, on which queueing theory is exact: every unit stands at the one place where all calls come from
 * and no delay is set, so that a call takes its time on scene and nothing else. The whole engine answers it: scenario
 * file, city, patrol plan, Poisson demand, dispatch policy; only the log is off.
 */
import { tableOf, streamOf, type CallTable } from '../../engine/demand/demand.ts';
import { assert } from '../../engine/errors.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import type { SimulationSetup } from '../../engine/sim/state.ts';
import { MS_PER_S } from '../../engine/units.ts';
import { smallCity } from './small-city.ts';
import { LOGNORMAL_CV, type Answered, type TheoryQueue } from './theory-queue.ts';

export async function prepareQueue(given: TheoryQueue): Promise<SimulationSetup> {
  const { units, classes, queue, warmUpS, countedS, leadOutS, seed } = given;
  const { town } = await smallCity('A--B');
  const { lon, lat } = town.lonLat('A');
  const { city, plan } = await smallCity('A--B', {
    units: [{ id: 'unit', at: 'A', count: units }],
    files: { 'place.csv': `lon,lat\n${lon},${lat}\n` },
    scenario: {
      demand: {
        type: 'poisson',
        categories: classes.map(({ callsPerHour, law, meanS, priority }, c) => ({
          id: `class-${c + 1}`,
          priority,
          share: callsPerHour,
          onSceneS: {
            mean: meanS,
            ...(law === 'deterministic' ? { type: 'constant' } : { type: law }),
            ...(law === 'lognormal' ? { cv: LOGNORMAL_CV } : {}),
          },
        })),
        sources: [
          {
            where: { type: 'places', file: 'place.csv' },
            callsPerHour: classes.reduce((sum, { callsPerHour }) => sum + callsPerHour, 0),
          },
        ],
      },
      patrol: { type: 'stay-at-post', profile: 'plain' },
      queue,
      run: { start: '2026-03-02T00:00', durationS: countedS + leadOutS, warmUpS, replications: 1, seed },
    },
  });
  return prepareSimulation(city, plan);
}

/** Simulates a replication. @param slower  factor on the time that units really take, unknown to all else */
export function answer(
  setup: SimulationSetup,
  replication: number,
  { countedS, slower = 1 }: { countedS: number; slower?: number },
): Answered {
  const calls = tableOf(setup.demand(replication));
  const { nCalls, occurredMs } = calls;
  const startMs = new Float64Array(nCalls).fill(Infinity);
  const clearedMs = new Float64Array(nCalls).fill(Infinity);
  const lost = new Uint8Array(nCalls);
  const { warmUpMs, durationMs } = setup.city.scenario.run;

  // calls enter in the order of their table, and leave when the engine says so
  let nowMs = -warmUpMs;
  let inSystem = 0;
  let entered = 0;
  let areaMs = 0;
  let systemMs = 0;
  const goTo = (timeMs: number): void => {
    assert(timeMs >= nowMs, 'outcomes come in the order of time');
    areaMs += inSystem * (timeMs - nowMs);
    nowMs = timeMs;
  };
  const enterUntil = (timeMs: number): void => {
    for (; entered < nCalls && occurredMs[entered] <= timeMs; entered++) {
      goTo(occurredMs[entered]);
      inSystem++;
    }
    goTo(timeMs);
  };
  const served: CallTable =
    slower === 1 ? calls : { ...calls, onSceneMs: calls.onSceneMs.map((ms) => Math.round(ms * slower)) };
  const record = simulate(setup, replication, {
    calls: streamOf(served),
    log: false,
    observer: {
      callEnded({ call, end, dispatchedMs, clearedMs: untilMs }) {
        startMs[call] = dispatchedMs;
        clearedMs[call] = untilMs;
        if (end === 'open') {
          systemMs += durationMs - occurredMs[call];
          return;
        }
        if (end === 'lost') lost[call] = 1;
        const leftMs = end === 'lost' ? occurredMs[call] : untilMs;
        enterUntil(leftMs);
        inSystem--;
        systemMs += leftMs - occurredMs[call];
      },
    },
  });
  enterUntil(durationMs);
  const countedMs = countedS * MS_PER_S;
  return {
    calls,
    record,
    startMs,
    clearedMs,
    lost,
    systemMs,
    areaMs,
    firstCounted: lowerBound(occurredMs, 0),
    endCounted: lowerBound(occurredMs, countedMs),
  };
}

/** First index whose value is at least `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
