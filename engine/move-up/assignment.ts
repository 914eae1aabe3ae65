/**
 * Who goes where: the assignment problem, exact, on whole numbers. Min-sum by shortest augmenting paths (Kuhn 1955;
 * Jonker and Volgenant, Computing 38, 1987), the bottleneck by halving the interval of costs.
 */
import { assert } from '../errors.ts';

/** A pair that must not be, unless there is no other way. Sums for 2,000 units are exact. */
export const FORBIDDEN = 2 ** 40;

export interface AssignmentProblem {
  nUnits: number;
  /** At most as many as units. */
  nPlaces: number;
  /** Whole numbers from 0 to FORBIDDEN: entry unit x nPlaces + place. */
  cost: Float64Array;
}

/**
 * The unit of each place. `total` makes the sum of costs least; `longest` makes the largest cost least, then the sum.
 * Of equally good assignments the one whose first place has the lowest unit, then the second, and so on.
 * Cost O(units^3), for `longest` O(units^3 log units).
 */
export function assign(problem: AssignmentProblem, minimise: 'total' | 'longest'): number[] {
  const { nUnits, nPlaces, cost } = problem;
  assert(nPlaces <= nUnits && cost.length === nUnits * nPlaces, 'more places than units');
  const limit = minimise === 'longest' ? leastLongest(problem) : FORBIDDEN;
  // square, with places to spare that cost nothing; pairs beyond the limit cost more than all others together
  const costOf = (unit: number, place: number): number => {
    if (place >= nPlaces) return 0;
    const c = cost[unit * nPlaces + place];
    return c > limit ? FORBIDDEN * 4 : c;
  };
  const { unitOf, dearerByPlace, dearerByUnit } = leastSum(nUnits, costOf);
  const isTight = (unit: number, place: number): boolean =>
    costOf(unit, place) === dearerByPlace[place] + dearerByUnit[unit];
  lowestFirst(nUnits, nPlaces, unitOf, isTight);
  return unitOf.slice(0, nPlaces);
}

/** Least c such that every place finds a unit at a cost of at most c. */
function leastLongest({ nUnits, nPlaces, cost }: AssignmentProblem): number {
  const values = [...new Set(cost)].sort((a, b) => a - b);
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isFull = allMatched(nUnits, nPlaces, (u, p) => cost[u * nPlaces + p] <= values[middle]);
    if (isFull) high = middle;
    else low = middle + 1;
  }
  return values[low] ?? 0;
}

type Pairs = (unit: number, place: number) => boolean;

function allMatched(nUnits: number, nPlaces: number, isPair: Pairs): boolean {
  const placeOf = new Array<number>(nUnits).fill(-1);
  for (let place = 0; place < nPlaces; place++) {
    if (!findUnit(place, placeOf, isPair, new Uint8Array(nUnits))) return false;
  }
  return true;
}

/** Gives a place a unit, moving others along an alternating path if need be. @param seen units not to be asked (again) */
function findUnit(place: number, placeOf: number[], isPair: Pairs, seen: Uint8Array): boolean {
  for (let unit = 0; unit < placeOf.length; unit++) {
    if (seen[unit] === 1 || !isPair(unit, place)) continue;
    seen[unit] = 1;
    if (placeOf[unit] < 0 || findUnit(placeOf[unit], placeOf, isPair, seen)) {
      placeOf[unit] = place;
      return true;
    }
  }
  return false;
}

/** A least-sum assignment of n units to n places, with prices that prove it: cost >= price of place + price of unit. */
function leastSum(n: number, costOf: (unit: number, place: number) => number) {
  const dearerByPlace = new Float64Array(n);
  const dearerByUnit = new Float64Array(n + 1);
  // unit n stands for the place that looks for one
  const placeOf = new Array<number>(n + 1).fill(-1);
  const least = new Float64Array(n + 1);
  const before = new Int32Array(n + 1);
  const isDone = new Uint8Array(n + 1);
  for (let first = 0; first < n; first++) {
    placeOf[n] = first;
    least.fill(Infinity);
    isDone.fill(0);
    let unit = n;
    do {
      isDone[unit] = 1;
      const place = placeOf[unit];
      let next = -1;
      for (let u = 0; u < n; u++) {
        if (isDone[u] === 1) continue;
        const over = costOf(u, place) - dearerByPlace[place] - dearerByUnit[u];
        if (over < least[u]) {
          least[u] = over;
          before[u] = unit;
        }
        if (next < 0 || least[u] < least[next]) next = u;
      }
      const step = least[next];
      for (let u = 0; u <= n; u++) {
        if (isDone[u] === 1) {
          dearerByPlace[placeOf[u]] += step;
          dearerByUnit[u] -= step;
        } else {
          least[u] -= step;
        }
      }
      unit = next;
    } while (placeOf[unit] >= 0);
    while (unit !== n) {
      placeOf[unit] = placeOf[before[unit]];
      unit = before[unit];
    }
  }
  const unitOf = new Array<number>(n).fill(-1);
  for (let u = 0; u < n; u++) unitOf[placeOf[u]] = u;
  return { unitOf, dearerByPlace, dearerByUnit };
}

/** Of all assignments over tight pairs, which are all the best ones, the one with the lowest units at the first places. */
function lowestFirst(nUnits: number, nPlaces: number, unitOf: number[], isTight: Pairs): void {
  const placeOf = new Array<number>(nUnits).fill(-1);
  unitOf.forEach((unit, place) => (placeOf[unit] = place));
  const settled = new Uint8Array(nUnits);
  for (let place = 0; place < nPlaces; place++) {
    for (let unit = 0; unit < unitOf[place]; unit++) {
      if (settled[unit] === 1 || !isTight(unit, place)) continue;
      // the place that loses this unit must find another among those that are not settled
      const trial = placeOf.slice();
      trial[unitOf[place]] = -1;
      const seen = settled.slice();
      seen[unit] = 1;
      if (!findUnit(trial[unit], trial, isTight, seen)) continue;
      trial[unit] = place;
      trial.forEach((p, u) => {
        placeOf[u] = p;
        unitOf[p] = u;
      });
      break;
    }
    settled[unitOf[place]] = 1;
  }
}
