/** Drives of routes.parquet: steps along segments, and where a vehicle is at any moment of one. */
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { guideSteps, stepUnderWay } from '../engine/routing/route-clock.ts';
import { ABSENT, type Table } from './parquet-table.ts';
import { ResultsProblem } from './problem.ts';
import { placeOnSegment, type Roads } from './roads.ts';

export interface Drives {
  nDrives: number;
  /** Steps of drive d are firstStep[d] up to firstStep[d + 1]. */
  firstStep: Int32Array;
  segment: Int32Array;
  fromMm: Int32Array;
  toMm: Int32Array;
  /** End of each step from the start of the drive, milliseconds. */
  endMs: Int32Array;
  /** For `stepAt`; the entries of drive d begin at firstStep[d]. */
  guide: Uint32Array;
}

/**
 * Drives, and the number of the drive that a (replication, route) of the event log names; undefined for one without
 * steps.
 */
export interface DriveBook {
  drives: Drives;
  find(replication: number, route: number): number | undefined;
}

/**
 * @throws ResultsProblem naming the row when a step leaves the roads or time runs backward
 */
export function buildDrives(table: Table, roads: Roads): DriveBook {
  const { replication, route, segment, fromMm, toMm, endMs } = table.int;
  const firstStep: number[] = [];
  const byReplication = new Map<number, Map<number, number>>();
  for (let row = 0; row < table.nRows; row++) {
    const isFirst = row === 0 || route[row] !== route[row - 1] || replication[row] !== replication[row - 1];
    if (isFirst) {
      const routes = byReplication.get(replication[row]) ?? new Map<number, number>();
      byReplication.set(replication[row], routes);
      if (routes.has(route[row])) throw problem(row, 'route', route[row]);
      routes.set(route[row], firstStep.length);
      firstStep.push(row);
    }
    if (segment[row] < 0 || segment[row] >= roads.nSegments) throw problem(row, 'segment', segment[row]);
    if (fromMm[row] < 0) throw problem(row, 'fromMm', fromMm[row]);
    if (toMm[row] < 0) throw problem(row, 'toMm', toMm[row]);
    if (endMs[row] < (isFirst ? 0 : endMs[row - 1])) throw problem(row, 'endMs', endMs[row]);
  }
  firstStep.push(table.nRows);
  const guide = new Uint32Array(table.nRows);
  for (let drive = 0; drive + 1 < firstStep.length; drive++) {
    guideSteps(endMs, firstStep[drive], firstStep[drive + 1], guide);
  }
  return {
    drives: {
      nDrives: firstStep.length - 1,
      firstStep: Int32Array.from(firstStep),
      segment,
      fromMm,
      toMm,
      endMs,
      guide,
    },
    find: (ofReplication, ofRoute) => byReplication.get(ofReplication)?.get(ofRoute),
  };
}

const problem = (row: number, column: string, value: number): ResultsProblem =>
  new ResultsProblem('badRow', {
    file: RESULT_FILES.routes,
    row,
    column,
    value: value === ABSENT ? 'null' : value,
  });

/** Duration of a drive, milliseconds. */
export const driveDurationMs = ({ firstStep, endMs }: Drives, drive: number): number =>
  endMs[firstStep[drive + 1] - 1];

/** The step under way `sinceMs` after the start of the drive, as the simulation finds it; expected cost O(1). */
export const stepAt = ({ firstStep, endMs, guide }: Drives, drive: number, sinceMs: number): number =>
  stepUnderWay(endMs, guide, firstStep[drive], firstStep[drive + 1], sinceMs);

/** Offset on its segment, `sinceMs` after the start of the drive, in the step under way then; linear, clamped to it. */
export function offsetInStepMm(drives: Drives, drive: number, step: number, sinceMs: number): number {
  const startMs = step === drives.firstStep[drive] ? 0 : drives.endMs[step - 1];
  const lengthMs = drives.endMs[step] - startMs;
  const share = lengthMs > 0 ? Math.min(1, Math.max(0, (sinceMs - startMs) / lengthMs)) : 1;
  return drives.fromMm[step] + share * (drives.toMm[step] - drives.fromMm[step]);
}

/** World place `sinceMs` after the start of the drive, written to `out`. */
export function placeOnDrive(
  drives: Drives,
  roads: Roads,
  drive: number,
  sinceMs: number,
  out: Float64Array,
): void {
  const step = stepAt(drives, drive, sinceMs);
  placeOnSegment(roads, drives.segment[step], offsetInStepMm(drives, drive, step, sinceMs), out);
}

/** Columns of routes.parquet, all of them. */
export const ROUTE_READ = ['replication', 'route', 'step', 'segment', 'fromMm', 'toMm', 'endMs'].map(
  (name) => ({
    name,
    as: 'int' as const,
  }),
);
