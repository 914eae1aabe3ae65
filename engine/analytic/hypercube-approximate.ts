/**
 * Larson's approximation of the hypercube model (Larson 1975, "Approximating the performance of urban emergency service
 * systems", Operations Research 23; Larson & Odoni, Urban Operations Research, 1981, section 5.5): units are busy as if
 * independently, put right by the factor Q that makes it exact where all units are alike. For units of unequal speed as
 * Jarvis 1985 ("Approximating the equilibrium behavior of multi-server loss systems", Management Science 31) does: Q of the
 * mean service of the calls, found along the way.
 */
import { assert } from '../errors.ts';
import { busyServers, waitingRoom } from './erlang.ts';
import {
  checkHypercubeModel,
  refuseOverload,
  totalCallRate,
  totalServiceRate,
  type HypercubeAnswer,
  type HypercubeModel,
} from './hypercube-model.ts';
import { orderShares, preferenceLists, sharesByAtom, type PreferenceLists } from './preference-lists.ts';

export interface ApproximateOptions {
  /** Stop when no workload changes by more than this in one iteration. Larson & Odoni's example stops at 0.0011. */
  tolerance?: number;
}

/** A list is followed until so small a share of its calls is left. */
const NEGLIGIBLE = 1e-12;

/**
 * From equal workloads, all new ones are made of the old ones (Larson & Odoni, figure 5.19), scaled so that as many calls
 * are served as come in, until they stay. From iteration 100 on, only half a step is taken.
 * @throws InfeasibleError when the load leaves an unlimited queue without a steady state
 * Cost O(lists x N) for each iteration, some 10 of them.
 */
export function approximateHypercube(
  model: HypercubeModel,
  { tolerance = 1e-9 }: ApproximateOptions = {},
): HypercubeAnswer {
  refuseOverload(model);
  checkHypercubeModel(model);
  const { nUnits, serviceRate, waitingPlaces } = model;
  const lists = preferenceLists(model);
  const callRate = totalCallRate(model);
  const capacity = totalServiceRate(model);

  let meanService = nUnits / capacity;
  let queue = asIfAlike(nUnits, callRate * meanService, waitingPlaces);
  let workload = new Float64Array(nUnits).fill(queue.meanWorkload);
  let change = Infinity;
  let iterations = 0;
  while (change > tolerance) {
    assert(++iterations <= 10_000, () => `Larson's approximation did not converge: change ${change}`);
    // rates at which calls would be sent to each unit were it always free: V_n of Larson & Odoni's figure 5.19
    const asked = new Float64Array(nUnits);
    for (let list = 0; list < lists.nLists; list++) {
      addChances(lists, list, { weight: lists.callRate[list], workload, q: queue.q, to: asked });
    }
    // calls from the queue keep all units busy together, whatever the speed of each
    const fromQueue = (callRate * queue.waits) / capacity;
    const next = workload.map((_, n) => {
      const load = asked[n] / serviceRate[n];
      return (load + fromQueue) / (1 + load);
    });
    const served = next.reduce((sum, share, n) => sum + share * serviceRate[n], 0);
    const scale = (callRate * (1 - queue.lost)) / served;
    change = 0;
    for (let n = 0; n < nUnits; n++) {
      next[n] *= scale;
      if (iterations >= 100) next[n] = (next[n] + workload[n]) / 2;
      // heavy load and scaling can ask for more than there is
      next[n] = Math.min(next[n], 1 - 1e-12);
      change = Math.max(change, Math.abs(next[n] - workload[n]));
    }
    workload = next;
    const services = workload.reduce((sum, share, n) => sum + share * serviceRate[n], 0);
    const service = workload.reduce((sum, share) => sum + share, 0) / services;
    if (Math.abs(service - meanService) > 1e-14 * meanService) {
      meanService = service;
      // the mean over calls may pass what the mean over units can carry, by the error of the approximation
      const limit = waitingPlaces === Infinity ? (1 - 1e-9) * nUnits : Infinity;
      queue = asIfAlike(nUnits, Math.min(callRate * meanService, limit), waitingPlaces);
    }
  }

  const ofLists = new Float64Array(lists.nLists * nUnits);
  for (let list = 0; list < lists.nLists; list++) {
    const chance = ofLists.subarray(list * nUnits, (list + 1) * nUnits);
    addChances(lists, list, { weight: 1, workload, q: queue.q, to: chance });
    let all = 0;
    for (let n = 0; n < nUnits; n++) all += chance[n] *= 1 - workload[n];
    // they do not quite add up by themselves (Larson & Odoni, problem 5.11)
    for (let n = 0; n < nUnits; n++) chance[n] *= (1 - queue.allBusy) / all;
  }
  return {
    method: 'approximate',
    busy: queue.busy,
    workload,
    waits: queue.waits,
    lost: queue.lost,
    meanWaiting: queue.meanWaiting,
    meanWait: queue.meanWaiting / (callRate * (1 - queue.lost)),
    atOnce: sharesByAtom(lists, ofLists, nUnits),
    fromQueue: serviceRate.map((rate) => rate / capacity),
    states: null,
    iterations,
    residual: change,
  };
}

/** M/M/N with room for `places` waiting calls, and the factors Q by the number of units tried in vain. */
function asIfAlike(nUnits: number, load: number, places: number) {
  const busy = busyServers(nUnits, load, places);
  const allBusy = busy[nUnits];
  const room = waitingRoom(load / nUnits, places);
  const lost = (allBusy * room.full) / room.mass;
  const meanWorkload = busy.reduce((sum, share, k) => sum + k * share, 0) / nUnits;
  return {
    busy,
    allBusy,
    lost,
    waits: allBusy - lost,
    meanWaiting: (allBusy * room.waiting) / room.mass,
    meanWorkload,
    q: correctionFactors(busy, load, meanWorkload),
  };
}

/**
 * Larson's Q(N, rho, j) (Larson & Odoni, eq. 5.48; 5.10 for loss): the chance that, of units drawn at random one after the
 * other, j are busy and the next is free, over rho^j (1 - rho). With k units busy that chance is
 * k! (N - j - 1)! (N - k) / (k - j)! N!; put together with P_k = P_0 a^k / k! it leaves no factorial to overflow.
 */
export function correctionFactors(busy: Float64Array, load: number, meanWorkload: number): Float64Array {
  const nUnits = busy.length - 1;
  const q = new Float64Array(nUnits);
  let front = busy[0] / (nUnits * (1 - meanWorkload));
  for (let j = 0; j < nUnits; j++) {
    let sum = 0;
    let weight = 1; // a^m / m!
    for (let m = 0; m < nUnits - j; m++) {
      sum += weight * (nUnits - j - m);
      weight *= load / (m + 1);
    }
    q[j] = front * sum;
    if (j < nUnits - 1) front *= load / meanWorkload / (nUnits - 1 - j);
  }
  return q;
}

/**
 * Adds for each unit of a list `weight` times the approximate chance that a call gets as far as to it, itself free or not:
 * Q times the workloads of all units before it. Stops where the list is all but exhausted.
 */
function addChances(
  { order, groupSize }: PreferenceLists,
  list: number,
  { weight, workload, q, to }: { weight: number; workload: Float64Array; q: Float64Array; to: Float64Array },
): void {
  const nUnits = workload.length;
  const first = list * nUnits;
  const end = first + nUnits;
  const least = weight * NEGLIGIBLE;
  let product = weight;
  for (let at = first; at < end && product > least; at += groupSize[at]) {
    if (groupSize[at] === 1) {
      const unit = order[at];
      to[unit] += q[at - first] * product;
      product *= workload[unit];
      continue;
    }
    const group = order.subarray(at, at + groupSize[at]);
    const shares = orderShares(group.length);
    for (const unit of group) {
      const others = Array.from(group)
        .filter((other) => other !== unit)
        .map((other) => workload[other]);
      let chance = 0;
      symmetricSums(others).forEach((sum, k) => (chance += shares[k] * q[at - first + k] * sum));
      to[unit] += chance * product;
    }
    for (const unit of group) product *= workload[unit];
  }
}

/** Elementary symmetric polynomials e_0..e_n: the sum over all sets of k of them of their product. */
function symmetricSums(values: readonly number[]): number[] {
  const sums = [1, ...values.map(() => 0)];
  values.forEach((value, i) => {
    for (let k = i + 1; k > 0; k--) sums[k] += sums[k - 1] * value;
  });
  return sums;
}
