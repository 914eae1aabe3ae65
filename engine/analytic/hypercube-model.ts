/**
 * The hypercube queueing model (Larson 1974, "A hypercube queuing model for facility location and redistricting in urban
 * emergency services", Computers & Operations Research 1): calls come from atoms of demand by Poisson streams, one unit
 * goes to each, the first free one of the atom's list; service is exponential. What it takes and what it answers; solved
 * exactly in `hypercube.ts` and by Larson's approximation in `hypercube-approximate.ts`.
 */
import { assert, InfeasibleError } from '../errors.ts';

export interface HypercubeModel {
  nUnits: number;
  nAtoms: number;
  /** Calls of each atom per unit of time (any one unit). */
  callRate: Float64Array;
  /** Calls that each unit can serve in the same time: 1 / mean service, all of it, travel included. */
  serviceRate: Float64Array;
  /** Calls that may wait, first come first served: 0 none (a call that finds all units busy is lost), Infinity all. */
  waitingPlaces: number;
  /** Row-major, atoms x units: the units of an atom, most preferred first. */
  preference: Uint16Array;
  /**
   * Atoms x units like `preference`: 1 where the unit at this place of the list is as good as the next one, so that those
   * of them which are free share the atom's calls evenly. Null: the order of the list decides all.
   */
  tied: Uint8Array | null;
}

/** What either method answers. Shares of time are shares of calls too, since arrivals are Poisson. */
export interface HypercubeAnswer {
  method: 'exact' | 'approximate';
  /** Share of time with k units busy, k = 0..nUnits; the last includes the time in which calls wait. */
  busy: Float64Array;
  /** Share of time in which each unit is busy. */
  workload: Float64Array;
  /** Share of calls that find all units busy and wait. */
  waits: number;
  /** Share of calls that find all units busy and no place to wait. */
  lost: number;
  /** Mean number of waiting calls. */
  meanWaiting: number;
  /** Mean wait of the calls that are answered, those that do not wait included; in the model's unit of time. */
  meanWait: number;
  /**
   * Row-major, atoms x units: share of an atom's calls that the unit answers at once. A row adds up to 1 - waits - lost.
   */
  atOnce: Float64Array;
  /** Share of the waiting calls that each unit takes up: by rate of service, for all are busy then. */
  fromQueue: Float64Array;
  /** Exact only: share of time in each state, bit n for unit n busy; the last state without the time in which calls wait. */
  states: Float64Array | null;
  /** Sweeps or iterations it took. */
  iterations: number;
  /** Exact: sum of |in - out| over all states, over the sum of out. Approximate: largest last change of a workload. */
  residual: number;
}

/** States what must hold of a model. */
export function checkHypercubeModel(model: HypercubeModel): void {
  const { nUnits, nAtoms, callRate, serviceRate, preference, tied, waitingPlaces } = model;
  assert(nUnits >= 1 && nAtoms >= 1, 'a hypercube model has units and atoms');
  assert(callRate.length === nAtoms && serviceRate.length === nUnits, 'a rate for each atom and unit');
  assert(preference.length === nAtoms * nUnits, 'a list for each atom');
  assert(tied === null || tied.length === preference.length, 'ties like the lists');
  assert(
    waitingPlaces === Infinity || (Number.isSafeInteger(waitingPlaces) && waitingPlaces >= 0),
    () => `${waitingPlaces} places to wait`,
  );
  assert(
    serviceRate.every((rate) => rate > 0 && rate < Infinity),
    'units serve at positive rates',
  );
  assert(
    callRate.every((rate) => rate >= 0 && rate < Infinity),
    'rates of calls are not negative',
  );
  const seen = new Uint32Array(nUnits);
  for (let atom = 0; atom < nAtoms; atom++) {
    for (let rank = 0; rank < nUnits; rank++) {
      const unit = preference[atom * nUnits + rank];
      assert(unit < nUnits && seen[unit] !== atom + 1, () => `the list of atom ${atom} names each unit once`);
      seen[unit] = atom + 1;
    }
  }
  const rate = totalCallRate(model);
  assert(rate > 0, 'a hypercube model has calls');
  assert(waitingPlaces < Infinity || rate < totalServiceRate(model), 'the load is below capacity');
}

export const totalCallRate = ({ callRate }: Pick<HypercubeModel, 'callRate'>): number =>
  callRate.reduce((sum, rate) => sum + rate, 0);

export const totalServiceRate = ({ serviceRate }: Pick<HypercubeModel, 'serviceRate'>): number =>
  serviceRate.reduce((sum, rate) => sum + rate, 0);

/** @throws InfeasibleError when the load leaves an unlimited queue without a steady state */
export function refuseOverload(model: HypercubeModel): void {
  const load = totalCallRate(model) / totalServiceRate(model);
  if (model.waitingPlaces === Infinity && !(load < 1)) {
    throw new InfeasibleError(
      `calls ask for ${(100 * load).toFixed(1)} % of all unit time; an unlimited queue then grows without bound, and no steady state exists`,
    );
  }
}
