/** Service holds the drive, and the drive follows from who answers, which follows from service: both until they agree. */
import { MS_PER_HOUR, type Ms } from '../units.ts';
import { solveHypercube } from './hypercube.ts';
import { approximateHypercube } from './hypercube-approximate.ts';
import type { HypercubeAnswer, HypercubeModel } from './hypercube-model.ts';
import { hypercubeMeasures, type HypercubeMeasures } from './measures.ts';
import type { PieceModel } from './model.ts';

export type Method = HypercubeAnswer['method'];

/** Rounds in which service took up the mean drive, and its largest last change. */
export interface Calibration {
  rounds: number;
  changeMs: Ms;
}

/** Service may change by this share of its mean in the last round. */
const CALIBRATED = 1e-5;
/** Rounds at most; the exact model then still has its one. */
const MOST_ROUNDS = 200;

/**
 * Mean service calibration (Larson & Odoni 1981, section 5.4; Jarvis 1975): each unit's service takes up its mean drive of
 * the round before. The approximate model leads the way, the exact one does the last rounds.
 * @returns the model with the rates of service that it ended at, and its answer
 */
export function calibrate(
  { hypercube: uncalibrated, travel, besidesDrive, nearestDriveMs }: PieceModel,
  method: Method,
): {
  hypercube: HypercubeModel;
  answer: HypercubeAnswer;
  measures: HypercubeMeasures;
  calibration: Calibration;
} {
  const { nUnits } = uncalibrated;
  let driveMs = new Float64Array(nUnits).fill(nearestDriveMs);
  let exact = false;
  for (let rounds = 1; ; rounds++) {
    const serviceMs = driveMs.map((ms, n) => ms + besidesDrive[n].meanMs);
    const hypercube = { ...uncalibrated, serviceRate: serviceMs.map((ms) => MS_PER_HOUR / ms) };
    const answer = exact ? solveHypercube(hypercube) : approximateHypercube(hypercube);
    const measures = hypercubeMeasures(hypercube, answer, travel);
    const { travelByUnit } = measures;
    const next = driveMs.map((ms, n) => (travelByUnit[n] > 0 ? travelByUnit[n] : ms));
    let changeMs: Ms = 0;
    let meanMs = 0;
    for (let n = 0; n < nUnits; n++) {
      changeMs = Math.max(changeMs, Math.abs(next[n] - driveMs[n]));
      meanMs += serviceMs[n] / nUnits;
    }
    const isCalibrated = changeMs <= CALIBRATED * meanMs || rounds >= MOST_ROUNDS;
    if (isCalibrated && (exact || method === 'approximate'))
      return { hypercube, answer, measures, calibration: { rounds, changeMs } };
    if (isCalibrated) exact = true;
    driveMs = next;
  }
}
