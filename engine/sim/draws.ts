/**
 * Random times that are drawn when a call is answered. Each is keyed by the call and, where it is about a unit, by the
 * unit, so that it is the same whoever else is sent, and whenever.
 */
import { drawLaw } from '../demand/laws.ts';
import { PURPOSE, RandomStream, type Purpose } from '../rng.ts';
import type { Delay, TimeLaw } from '../scenario/scenario.ts';
import type { Ms, UnitIx } from '../units.ts';
import type { CallState, Simulation } from './state.ts';

/**
 * A delay of a call's time line.
 * @param unit  whom it is about; 0 for the desk
 */
export function drawDelay(sim: Simulation, delay: Delay, call: CallState, unit: UnitIx): Ms {
  // spelled out: engines look up a name that varies in a table, several times a call
  const laws = sim.city.scenario.delayLaws;
  switch (delay) {
    case 'callHandling':
      return drawOne(sim, laws.callHandling, PURPOSE.callHandling, call, unit);
    case 'dispatch':
      return drawOne(sim, laws.dispatch, PURPOSE.dispatchDelay, call, unit);
    case 'turnoutAtPost':
      return drawOne(sim, laws.turnoutAtPost, PURPOSE.turnout, call, unit);
    case 'turnoutOnPatrol':
      return drawOne(sim, laws.turnoutOnPatrol, PURPOSE.turnout, call, unit);
    case 'access':
      return drawOne(sim, laws.access, PURPOSE.access, call, unit);
  }
}

function drawOne(sim: Simulation, law: TimeLaw, purpose: Purpose, call: CallState, unit: UnitIx): Ms {
  if (law.type === 'constant') return Math.round(law.meanMs);
  return drawLaw(law, streamOf(sim, purpose, call.key, unit));
}

/** The factor on a unit's drive to a call: lognormal with mean 1, or 1 where the scenario has none. */
export function drawTravelFactor(sim: Simulation, call: CallState, unit: UnitIx): number {
  const { cv } = sim.city.scenario.travel;
  if (cv === 0) return 1;
  return streamOf(sim, PURPOSE.travelFactor, call.key, unit).lognormal(1, cv);
}

/** Calls have random keys, so the sum with a spread-out unit number is as good as a key for both. */
const streamOf = (sim: Simulation, purpose: Purpose, key: number, unit: UnitIx): RandomStream =>
  new RandomStream(sim.key, sim.replication, purpose, (key + Math.imul(unit, 0x9e3779b1)) >>> 0);
