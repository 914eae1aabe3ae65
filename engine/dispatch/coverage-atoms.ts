/** Demand in few places: atoms that lie near each other and ask for the same become one. */
import { mPerLonE7, M_PER_LAT_E7 } from '../geo.ts';
import { pointOfPosition, type RoadGraph } from '../graph/road-graph.ts';
import type { DemandAtom } from '../placement/request.ts';

/**
 * At most `most` atoms: the map is laid out in squares, and the atoms of a square in the same zone, with the same
 * threshold and siren, become one with their weights added, at the place of the one nearest their centre of weight
 * (lowest on a tie). Squares are about as small as the number allows. The number of (zone, threshold, siren) that occur
 * is never undercut. By first atom; the same atoms give the same result. Cost O(atoms x 20).
 */
export function mergeAtoms(graph: RoadGraph, atoms: readonly DemandAtom[], most: number): DemandAtom[] {
  if (atoms.length <= most) return [...atoms];
  const { x, y, widthM } = planeOf(graph, atoms);
  const kind = kindsOf(atoms);
  let tooSmallM = 0;
  let sizeM = widthM;
  let best = groupsOf(x, y, kind, sizeM);
  for (let step = 0; step < 40 && sizeM - tooSmallM > sizeM / 10; step++) {
    const middleM = (tooSmallM + sizeM) / 2;
    const groups = groupsOf(x, y, kind, middleM);
    if (groups.length <= most) {
      sizeM = middleM;
      best = groups;
    } else {
      tooSmallM = middleM;
    }
  }
  return best.map((group) => {
    let weight = 0;
    let eastward = 0;
    let northward = 0;
    for (const a of group) {
      weight += atoms[a].weight;
      eastward += atoms[a].weight * x[a];
      northward += atoms[a].weight * y[a];
    }
    let central = group[0];
    let leastM2 = Infinity;
    for (const a of group) {
      const dx = x[a] - eastward / weight;
      const dy = y[a] - northward / weight;
      const m2 = dx * dx + dy * dy;
      if (m2 < leastM2) [central, leastM2] = [a, m2];
    }
    return { ...atoms[central], weight };
  });
}

/** Atoms in metres from their south-west corner, and a size that one square holds them all with. */
function planeOf(graph: RoadGraph, atoms: readonly DemandAtom[]) {
  const points = atoms.map(({ position }) => pointOfPosition(graph, position));
  let west = Infinity;
  let south = Infinity;
  let north = -Infinity;
  for (const { lonE7, latE7 } of points) {
    west = Math.min(west, lonE7);
    south = Math.min(south, latE7);
    north = Math.max(north, latE7);
  }
  const lonM = mPerLonE7((south + north) / 2);
  const x = Float64Array.from(points, ({ lonE7 }) => (lonE7 - west) * lonM);
  const y = Float64Array.from(points, ({ latE7 }) => (latE7 - south) * M_PER_LAT_E7);
  let widthM = 1;
  for (let a = 0; a < points.length; a++) widthM = Math.max(widthM, x[a] + 1, y[a] + 1);
  return { x, y, widthM };
}

/** A number for each combination of zone, threshold and siren. */
function kindsOf(atoms: readonly DemandAtom[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(atoms, ({ zone, thresholdMs, siren }) => {
    const key = `${zone} ${thresholdMs} ${siren}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    return number;
  });
}

/** Atoms of one kind in one square, by first atom. */
function groupsOf(x: Float64Array, y: Float64Array, kind: Uint32Array, sizeM: number): number[][] {
  const groups = new Map<string, number[]>();
  for (let a = 0; a < x.length; a++) {
    const key = `${kind[a]} ${Math.floor(x[a] / sizeM)} ${Math.floor(y[a] / sizeM)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [a]);
    else group.push(a);
  }
  return [...groups.values()];
}
