/**
 * What follows from a solved hypercube model once drive times are known (Larson & Odoni 1981, section 5.4.4): dispatch
 * shares, calls answered by another unit than the nearest, mean travel. A call that waited is answered by the unit that
 * becomes free, wherever that is.
 */
import { totalCallRate, type HypercubeAnswer, type HypercubeModel } from './hypercube-model.ts';
import { preferenceLists } from './preference-lists.ts';

export interface TravelTimes {
  /** Row-major, atoms x units: drive of each unit from its base to each atom. */
  fromBase: Float64Array;
  /** The same for a unit that is sent to a call that waited. */
  fromQueue: Float64Array;
}

export interface HypercubeMeasures {
  /** Share of the answered calls that each unit answers; adds up to 1. */
  dispatchShare: Float64Array;
  /** Share of the answered calls that a unit answers which is not the most preferred (or one of those, on a tie). */
  interdistrictShare: number;
  /** Mean drive to a call, over all answered calls; NaN where there are none. */
  meanTravel: number;
  /** Standard deviation of the drive over its mean; NaN where there is no drive. */
  travelCv: number;
  travelByUnit: Float64Array;
  travelByAtom: Float64Array;
}

/** Cost O(atoms x units). */
export function hypercubeMeasures(
  model: HypercubeModel,
  answer: HypercubeAnswer,
  travel: TravelTimes,
): HypercubeMeasures {
  const { nUnits, nAtoms, callRate } = model;
  const { atOnce, fromQueue, waits, lost } = answer;
  const answered = 1 - lost;
  const all = totalCallRate(model);
  const dispatchShare = new Float64Array(nUnits);
  const travelByUnit = new Float64Array(nUnits);
  const travelByAtom = new Float64Array(nAtoms);
  let meanTravel = 0;
  let meanSquare = 0;
  for (let atom = 0; atom < nAtoms; atom++) {
    const weight = callRate[atom] / all;
    for (let n = 0, at = atom * nUnits; n < nUnits; n++, at++) {
      const queued = waits * fromQueue[n];
      const share = (atOnce[at] + queued) / answered;
      const [direct, later] = [travel.fromBase[at], travel.fromQueue[at]];
      const drive = (atOnce[at] * direct + queued * later) / answered;
      meanSquare += (weight * (atOnce[at] * direct * direct + queued * later * later)) / answered;
      dispatchShare[n] += weight * share;
      travelByUnit[n] += weight * drive;
      travelByAtom[atom] += drive;
    }
    meanTravel += weight * travelByAtom[atom];
  }
  for (let n = 0; n < nUnits; n++) travelByUnit[n] /= dispatchShare[n];
  const { ofAtom, order, groupSize } = preferenceLists(model);
  let atHome = 0;
  for (let atom = 0; atom < nAtoms; atom++) {
    const first = ofAtom[atom] * nUnits;
    for (const n of order.subarray(first, first + groupSize[first])) {
      atHome += (callRate[atom] * (atOnce[atom * nUnits + n] + waits * fromQueue[n])) / (all * answered);
    }
  }
  return {
    dispatchShare,
    interdistrictShare: 1 - atHome,
    meanTravel,
    travelCv: Math.sqrt(Math.max(0, meanSquare - meanTravel * meanTravel)) / meanTravel,
    travelByUnit,
    travelByAtom,
  };
}
