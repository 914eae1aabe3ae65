/**
 * The hypercube model solved exactly (Larson 1974): one state for each set of busy units, 2^N in all. While all units are
 * busy the waiting calls form a line of their own that leaves every other state alone, so any number of waiting places,
 * and units of unequal speed, cost nothing more.
 *
 * Larson walks the states so that each differs from the last by one unit, and finds the rates between them on the way.
 * Here the rates of all states come from one pass over the subsets: an atom whose first k units are the set B sends unit
 * n next in every state that holds B but not n, so the rate from state S to S + n is a sum over the subsets B of S (the
 * sum over subsets of Yates 1937). Dispatch shares are the same sums backwards. Neither depends on the number of atoms.
 */
import { assert } from '../errors.ts';
import { waitingRoom } from './erlang.ts';
import {
  checkHypercubeModel,
  refuseOverload,
  totalCallRate,
  totalServiceRate,
  type HypercubeAnswer,
  type HypercubeModel,
} from './hypercube-model.ts';
import { orderShares, preferenceLists, sharesByAtom, type PreferenceLists } from './preference-lists.ts';

/** Most units that are solved exactly by default: 32,768 states. Each further unit doubles time and memory. */
export const EXACT_UNITS = 15;
/** Most units that may be asked for: a million states, 170 MB of rates. */
const MOST_UNITS = 20;

export interface SolveOptions {
  /** Sum of |flow in - flow out| over all states that may be left, over the sum of flow out. */
  residual?: number;
}

/**
 * Steady state by Gauss-Seidel, upwards and downwards in turn through the states in order of their bits, the numbers of
 * busy units brought into balance after each turn (aggregation: Koury, McAllister & Stewart 1984).
 * @throws InfeasibleError when the load leaves an unlimited queue without a steady state
 * Cost O(N 2^N) for each sweep, 10 to 60 of them, and O(N^2 2^N) for the rates; 8 N 2^N bytes.
 */
export function solveHypercube(
  model: HypercubeModel,
  { residual = 1e-12 }: SolveOptions = {},
): HypercubeAnswer {
  refuseOverload(model);
  checkHypercubeModel(model);
  const { nUnits, serviceRate, waitingPlaces } = model;
  assert(nUnits <= MOST_UNITS, () => `${nUnits} units are too many for the exact hypercube model`);
  const lists = preferenceLists(model);
  const rates = transitionRates(model, lists);
  const solved = steadyState(model, rates, residual);
  const { states } = solved;

  const full = states.length - 1;
  const room = waitingRoom(totalCallRate(model) / totalServiceRate(model), waitingPlaces);
  const sum = states.reduce((all, share) => all + share, 0) + states[full] * (room.mass - 1);
  for (let s = 0; s <= full; s++) states[s] /= sum;
  const allBusy = states[full] * room.mass;

  const busy = new Float64Array(nUnits + 1);
  const workload = new Float64Array(nUnits);
  for (let s = 0; s <= full; s++) {
    const share = s === full ? allBusy : states[s];
    let count = 0;
    for (let n = 0; n < nUnits; n++) {
      if ((s >> n) & 1) {
        workload[n] += share;
        count++;
      }
    }
    busy[count] += share;
  }
  const lost = states[full] * room.full;
  const meanWaiting = states[full] * room.waiting;
  const capacity = totalServiceRate(model);
  return {
    method: 'exact',
    busy,
    workload,
    waits: allBusy - lost,
    lost,
    meanWaiting,
    meanWait: meanWaiting / (totalCallRate(model) * (1 - lost)),
    atOnce: sharesAtOnce(model, lists, states),
    fromQueue: serviceRate.map((rate) => rate / capacity),
    states,
    iterations: solved.sweeps,
    residual: solved.residual,
  };
}

/** For each unit of a list: the sets of units that may stand before it, and how often they do. */
function forEachTurn(
  { order, groupSize }: PreferenceLists,
  list: number,
  nUnits: number,
  turn: (before: number, unit: number, share: number) => void,
): void {
  let before = 0;
  for (let at = list * nUnits; at < (list + 1) * nUnits; at += groupSize[at]) {
    const group = order.subarray(at, at + groupSize[at]);
    const shares = orderShares(group.length);
    for (const unit of group) {
      const others = group.filter((other) => other !== unit);
      for (let subset = 0; subset < 1 << others.length; subset++) {
        let set = before;
        let size = 0;
        others.forEach((other, i) => {
          if ((subset >> i) & 1) {
            set |= 1 << other;
            size++;
          }
        });
        turn(set, unit, shares[size]);
      }
    }
    for (const unit of group) before |= 1 << unit;
  }
}

/**
 * rate[n * 2^N + s]: at which state s turns into the one that differs in unit n. Where n is busy its rate of service,
 * where it is free the rate of the calls that it gets.
 */
function transitionRates({ nUnits, serviceRate }: HypercubeModel, lists: PreferenceLists) {
  const size = 1 << nUnits;
  const rates = new Float64Array(nUnits * size);
  for (let list = 0; list < lists.nLists; list++) {
    forEachTurn(lists, list, nUnits, (before, unit, share) => {
      rates[unit * size + before] += lists.callRate[list] * share;
    });
  }
  for (let n = 0; n < nUnits; n++) {
    const of = rates.subarray(n * size, (n + 1) * size);
    for (let other = 0; other < nUnits; other++) {
      if (other === n) continue;
      const bit = 1 << other;
      for (let s = 0; s < size; s++) if (s & bit) of[s] += of[s ^ bit];
    }
    const bit = 1 << n;
    for (let s = 0; s < size; s++) if (s & bit) of[s] = serviceRate[n];
  }
  return rates;
}

/** Shares of the states, the line of waiting calls left out; not yet adding up to 1. */
function steadyState(model: HypercubeModel, rates: Float64Array, tolerance: number) {
  const { nUnits, serviceRate } = model;
  const size = 1 << nUnits;
  const callRate = totalCallRate(model);
  const outRate = new Float64Array(size);
  const count = new Uint8Array(size);
  for (let s = 0; s < size; s++) {
    let rate = s === size - 1 ? 0 : callRate;
    for (let n = 0; n < nUnits; n++) {
      if ((s >> n) & 1) {
        rate += serviceRate[n];
        count[s]++;
      }
    }
    outRate[s] = rate;
  }
  const states = new Float64Array(size);
  const meanRate = totalServiceRate(model) / nUnits;
  // units alike and interchangeable: a^k / k! spread over the states with k busy
  for (let s = 0; s < size; s++) {
    let weight = 1;
    for (let k = 0; k < count[s]; k++) weight *= callRate / (meanRate * (nUnits - k));
    states[s] = weight;
  }
  const inFlow = (s: number): number => {
    let flow = 0;
    for (let n = 0, at = 0; n < nUnits; n++, at += size) {
      const from = s ^ (1 << n);
      flow += states[from] * rates[at + from];
    }
    return flow;
  };
  for (let sweeps = 1; ; sweeps++) {
    balanceCounts(states, count, outRate, callRate, nUnits);
    for (let s = 0; s < size; s++) states[s] = inFlow(s) / outRate[s];
    for (let s = size - 1; s >= 0; s--) states[s] = inFlow(s) / outRate[s];
    let missing = 0;
    let all = 0;
    for (let s = 0; s < size; s++) {
      const flow = states[s] * outRate[s];
      missing += Math.abs(inFlow(s) - flow);
      all += flow;
    }
    if (missing <= tolerance * all) return { states, sweeps, residual: missing / all };
    assert(sweeps < 10_000, () => `the hypercube model did not converge: residual ${missing / all}`);
  }
}

/** Scales the states with k busy units, for all k, so that as many calls raise the number as services lower it. */
function balanceCounts(
  states: Float64Array,
  count: Uint8Array,
  outRate: Float64Array,
  callRate: number,
  nUnits: number,
): void {
  const share = new Float64Array(nUnits + 1);
  const down = new Float64Array(nUnits + 1);
  for (let s = 0; s < states.length; s++) {
    const k = count[s];
    share[k] += states[s];
    down[k] += states[s] * (k === nUnits ? outRate[s] : outRate[s] - callRate);
  }
  const factor = new Float64Array(nUnits + 1);
  factor[0] = 1;
  for (let k = 1; k <= nUnits; k++) factor[k] = (factor[k - 1] * share[k - 1] * callRate) / down[k];
  let sum = 0;
  for (let k = 0; k <= nUnits; k++) sum += factor[k] * share[k];
  for (let s = 0; s < states.length; s++) states[s] *= factor[count[s]] / sum;
}

/** Share of each atom's calls that each unit answers at once: the states in which it is the first free one of the list. */
function sharesAtOnce(
  { nUnits }: HypercubeModel,
  lists: PreferenceLists,
  states: Float64Array,
): Float64Array {
  // all of a set busy, whatever the others do; the time in which calls wait counts for neither side of the difference
  const allBusy = states.slice();
  for (let bit = 1; bit < states.length; bit <<= 1) {
    for (let s = 0; s < states.length; s++) if ((s & bit) === 0) allBusy[s] += allBusy[s | bit];
  }
  const ofLists = new Float64Array(lists.nLists * nUnits);
  for (let list = 0; list < lists.nLists; list++) {
    forEachTurn(lists, list, nUnits, (before, unit, share) => {
      ofLists[list * nUnits + unit] += share * (allBusy[before] - allBusy[before | (1 << unit)]);
    });
  }
  return sharesByAtom(lists, ofLists, nUnits);
}
