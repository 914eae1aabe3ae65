/** Drives as lists of steps along segments: joined, cleaned, turned round, measured against places. */
import { mPerLonE7, M_PER_LAT_E7, projectOrigin, type PlanarProjection } from '../geo.ts';
import type { DriveStep, RoadGraph } from '../graph/road-graph.ts';

/** Length of a drive in millimetres. */
export const driveMm = (steps: readonly DriveStep[]): number =>
  steps.reduce((sum, { fromMm, toMm }) => sum + Math.abs(toMm - fromMm), 0);

/**
 * One drive of parts that join end to end: steps of no length left out, steps that go on along one segment made one,
 * and every turn on the spot whose way there and back is at most `spikeMm` deep cut off (places that a drawn line
 * oversteps at a corner; deeper ones are meant, such as a dead end).
 */
export function joinDrive(parts: readonly (readonly DriveStep[])[], spikeMm: number): DriveStep[] {
  const drive: DriveStep[] = [];
  for (const part of parts) for (const step of part) append(drive, step);
  for (let i = 0; i + 1 < drive.length;) {
    const depthMm = turnDepthMm(drive, i);
    if (depthMm === 0 || depthMm > spikeMm) {
      i++;
      continue;
    }
    cutTurn(drive, i);
    i = Math.max(0, i - 1);
  }
  return drive;
}

function append(drive: DriveStep[], { segment, fromMm, toMm }: DriveStep): void {
  if (fromMm === toMm) return;
  const last = drive.at(-1);
  if (last !== undefined && last.segment === segment && last.toMm === fromMm) {
    if (last.toMm > last.fromMm === toMm > fromMm) {
      last.toMm = toMm;
      return;
    }
  }
  drive.push({ segment, fromMm, toMm });
}

/** How far the drive goes back over its own way after step i; 0 where it does not turn on the spot. */
function turnDepthMm(drive: readonly DriveStep[], i: number): number {
  let depthMm = 0;
  for (let j = i, k = i + 1; j >= 0 && k < drive.length; j--, k++) {
    const there = drive[j];
    const back = drive[k];
    if (there.segment !== back.segment || there.toMm !== back.fromMm) break;
    if (there.toMm > there.fromMm === back.toMm > back.fromMm) break;
    const thereMm = Math.abs(there.toMm - there.fromMm);
    const backMm = Math.abs(back.toMm - back.fromMm);
    depthMm += Math.min(thereMm, backMm);
    if (thereMm !== backMm) break;
  }
  return depthMm;
}

/** Cuts the turn after step i by its innermost pair of steps, and joins what is left. */
function cutTurn(drive: DriveStep[], i: number): void {
  const there = drive[i];
  const back = drive[i + 1];
  const left = { segment: there.segment, fromMm: there.fromMm, toMm: back.toMm };
  const rest = drive.splice(i);
  append(drive, left);
  for (const step of rest.slice(2)) append(drive, step);
}

/** The same way from its end to its start, whether the streets are open that way or not. */
export const reverseDrive = (steps: readonly DriveStep[]): DriveStep[] =>
  steps.map(({ segment, fromMm, toMm }) => ({ segment, fromMm: toMm, toMm: fromMm })).reverse();

/** Where the shape of a segment comes nearest to a place: every local minimum of the distance, by rising offset. */
export function nearPoints(
  graph: RoadGraph,
  segment: number,
  lonE7: number,
  latE7: number,
): { offsetMm: number; distanceM: number }[] {
  const { firstShape, shapeLonE7, shapeLatE7, shapeAtMm } = graph;
  const mPerLon = mPerLonE7(latE7);
  const projection: PlanarProjection = { fraction: 0, distanceSquared: 0 };
  const pieces: { offsetMm: number; distanceM: number }[] = [];
  for (let i = firstShape[segment] + 1; i < firstShape[segment + 1]; i++) {
    projectOrigin(
      (shapeLonE7[i - 1] - lonE7) * mPerLon,
      (shapeLatE7[i - 1] - latE7) * M_PER_LAT_E7,
      (shapeLonE7[i] - lonE7) * mPerLon,
      (shapeLatE7[i] - latE7) * M_PER_LAT_E7,
      projection,
    );
    pieces.push({
      offsetMm: shapeAtMm[i - 1] + Math.round(projection.fraction * (shapeAtMm[i] - shapeAtMm[i - 1])),
      distanceM: Math.sqrt(projection.distanceSquared),
    });
  }
  // Of two pieces that are nearest in their common corner the later one counts.
  return pieces.filter(
    ({ distanceM }, i) =>
      (i === 0 || distanceM <= pieces[i - 1].distanceM) &&
      (i === pieces.length - 1 || distanceM < pieces[i + 1].distanceM),
  );
}

/** Distance in metres from a place to the driven stretch of one segment. */
export function distanceToStepM(
  graph: RoadGraph,
  { segment, fromMm, toMm }: DriveStep,
  lonE7: number,
  latE7: number,
): number {
  const { firstShape, shapeLonE7, shapeLatE7, shapeAtMm } = graph;
  const lowMm = Math.min(fromMm, toMm);
  const highMm = Math.max(fromMm, toMm);
  const mPerLon = mPerLonE7(latE7);
  const projection: PlanarProjection = { fraction: 0, distanceSquared: 0 };
  let bestSquared = Infinity;
  for (let i = firstShape[segment] + 1; i < firstShape[segment + 1]; i++) {
    const startMm = shapeAtMm[i - 1];
    const spanMm = shapeAtMm[i] - startMm;
    if (shapeAtMm[i] < lowMm || startMm > highMm) continue;
    const low = spanMm > 0 ? Math.max(0, (lowMm - startMm) / spanMm) : 0;
    const high = spanMm > 0 ? Math.min(1, (highMm - startMm) / spanMm) : 1;
    const lonAt = (share: number): number => shapeLonE7[i - 1] + share * (shapeLonE7[i] - shapeLonE7[i - 1]);
    const latAt = (share: number): number => shapeLatE7[i - 1] + share * (shapeLatE7[i] - shapeLatE7[i - 1]);
    projectOrigin(
      (lonAt(low) - lonE7) * mPerLon,
      (latAt(low) - latE7) * M_PER_LAT_E7,
      (lonAt(high) - lonE7) * mPerLon,
      (latAt(high) - latE7) * M_PER_LAT_E7,
      projection,
    );
    if (projection.distanceSquared < bestSquared) bestSquared = projection.distanceSquared;
  }
  return Math.sqrt(bestSquared);
}

/** What people call a street: its name, its OSM way, or just that. */
export function streetName(graph: RoadGraph, segment: number): string {
  const name = graph.names[graph.segmentName[segment]];
  if (name !== '') return name;
  const way = graph.segmentOsmWayId[segment];
  return way > 0 ? `way ${way}` : 'the street';
}
