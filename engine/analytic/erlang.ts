/**
 * Queues with a closed form. Times are in any one unit and rates per that unit; a load (in Erlang) is arrival rate times
 * mean service, a real number. Sources: Erlang 1917 (B and C), Kleinrock, Queueing Systems I (1975), Cobham 1954 and
 * Kella & Yechiali 1985 (priorities), Cooper, Introduction to Queueing Theory (1981) for the recursions.
 */
import { assert } from '../errors.ts';
import { exp, log } from '../math.ts';

/**
 * Erlang B: share of calls that find all servers busy where such calls are lost, for any law of service. By the
 * recursion B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1, which neither overflows nor cancels (Erlang 1917; Cooper 1981).
 * @param load  >= 0
 */
export function erlangB(servers: number, load: number): number {
  checkServers(servers);
  assert(load >= 0 && load < Infinity, () => `a load of ${load} Erlang`);
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/**
 * Erlang C: share of calls that have to wait where all wait, exponential service: C = N B / (N - a (1 - B)) (Erlang
 * 1917; Cooper 1981). 1 when the load reaches the servers: everybody waits, without end.
 */
export function erlangC(servers: number, load: number): number {
  const blocked = erlangB(servers, load);
  return load >= servers ? 1 : (servers * blocked) / (servers - load * (1 - blocked));
}

/** Mean wait of all calls in M/M/c: C / (c mu - lambda). Infinity without a steady state. */
export function meanWaitMMc(servers: number, arrivalRate: number, serviceRate: number): number {
  const spareRate = servers * serviceRate - arrivalRate;
  return spareRate > 0 ? erlangC(servers, arrivalRate / serviceRate) / spareRate : Infinity;
}

/** P(wait > t) in M/M/c, first come first served: C exp(-(c mu - lambda) t). */
export function waitTailMMc(servers: number, arrivalRate: number, serviceRate: number, time: number): number {
  assert(time >= 0, 'a wait is not negative');
  const spareRate = servers * serviceRate - arrivalRate;
  return spareRate > 0 ? erlangC(servers, arrivalRate / serviceRate) * exp(-spareRate * time) : 1;
}

/** The wait that a share `p` of calls does not exceed in M/M/c. @param p in [0, 1) */
export function waitQuantileMMc(
  servers: number,
  arrivalRate: number,
  serviceRate: number,
  p: number,
): number {
  assert(p >= 0 && p < 1, 'a quantile needs a share below 1');
  const spareRate = servers * serviceRate - arrivalRate;
  if (!(spareRate > 0)) return Infinity;
  const waits = erlangC(servers, arrivalRate / serviceRate);
  return 1 - p >= waits ? 0 : log(waits / (1 - p)) / spareRate;
}

/**
 * Law of the number of busy servers in M/M/c with room for `places` waiting calls (0: loss, Infinity: all wait): share of
 * time with k busy, k = 0..servers; the last includes the time in which calls wait. Weights
 * a^k / k!, with k = c times the sum over the waiting room (Kleinrock 1975, chapter 3).
 */
export function busyServers(servers: number, load: number, places: number): Float64Array {
  checkServers(servers);
  const law = new Float64Array(servers + 1);
  // from the most likely number outwards, so that nothing over- or underflows to 0 / 0
  const mode = Math.min(servers, Math.floor(load));
  law[mode] = 1;
  for (let k = mode; k > 0; k--) law[k - 1] = (law[k] * k) / load;
  for (let k = mode; k < servers; k++) law[k + 1] = (law[k] * load) / (k + 1);
  law[servers] *= waitingRoom(load / servers, places).mass;
  const sum = law.reduce((all, share) => all + share, 0);
  return law.map((share) => share / sum);
}

/** Sums over the calls that wait while all servers are busy: with k of them in weight ratio^k, k = 0..places. */
export interface WaitingRoom {
  /** Sum of the weights. */
  mass: number;
  /** Weight of a full room; 0 when it has no end. */
  full: number;
  /** Sum of k times its weight. */
  waiting: number;
}

/** @param ratio  arrival rate over the rate of all servers; below 1 where places are unlimited */
export function waitingRoom(ratio: number, places: number): WaitingRoom {
  assert(ratio >= 0 && places >= 0, 'a waiting room has a ratio and places');
  if (places === Infinity) {
    assert(ratio < 1, 'an unlimited queue has no steady state at this load');
    return { mass: 1 / (1 - ratio), full: 0, waiting: ratio / ((1 - ratio) * (1 - ratio)) };
  }
  let weight = 1;
  let mass = 1;
  let waiting = 0;
  for (let k = 1; k <= places; k++) {
    weight *= ratio;
    mass += weight;
    waiting += k * weight;
    if (weight === 0) break;
  }
  return { mass, full: weight, waiting };
}

/** Mean wait in M/G/1, Pollaczek-Khinchine: lambda E[S^2] / 2 (1 - rho) (Kleinrock 1975, chapter 5). */
export function meanWaitMG1(arrivalRate: number, meanService: number, serviceCv: number): number {
  const load = arrivalRate * meanService;
  return load < 1
    ? (arrivalRate * meanService * meanService * (1 + serviceCv * serviceCv)) / (2 * (1 - load))
    : Infinity;
}

/** Calls of one priority. */
export interface PriorityClass {
  arrivalRate: number;
  meanService: number;
  /** Standard deviation of service over its mean. */
  serviceCv: number;
}

/**
 * Mean wait of each priority in M/G/1, most urgent first, nobody interrupted: W_k = W_0 / (1 - s_(k-1)) (1 - s_k), s_k the
 * load of priority k and those before it, W_0 the rest of the service in progress (Cobham 1954). From the priority
 * that brings the load to 1 on, waits are Infinity; W_0 then holds only what of that priority is served.
 */
export function meanWaitsByPriorityMG1(classes: readonly PriorityClass[]): number[] {
  let served = 0;
  let rest = 0;
  for (const { arrivalRate, meanService, serviceCv } of classes) {
    const load = Math.min(arrivalRate * meanService, 1 - served);
    rest += (load * meanService * (1 + serviceCv * serviceCv)) / 2;
    served += load;
  }
  return waitsByPriority(
    classes.map(({ arrivalRate, meanService }) => arrivalRate * meanService),
    rest,
  );
}

/**
 * The same in M/M/c where all priorities have one mean service: W_0 = C / c mu (Cobham 1954; Kella & Yechiali
 * 1985). All servers are busy all the time once the load reaches them.
 */
export function meanWaitsByPriorityMMc(
  servers: number,
  arrivalRates: readonly number[],
  serviceRate: number,
): number[] {
  const capacity = servers * serviceRate;
  const all = arrivalRates.reduce((sum, rate) => sum + rate, 0);
  return waitsByPriority(
    arrivalRates.map((rate) => rate / capacity),
    erlangC(servers, all / serviceRate) / capacity,
  );
}

function waitsByPriority(loads: readonly number[], rest: number): number[] {
  let before = 0;
  return loads.map((load) => {
    const upTo = before + load;
    const wait = upTo < 1 ? rest / ((1 - before) * (1 - upTo)) : Infinity;
    before = upTo;
    return wait;
  });
}

function checkServers(servers: number): void {
  assert(Number.isSafeInteger(servers) && servers >= 1, () => `${servers} servers`);
}
