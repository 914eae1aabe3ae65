/** How much demand the free units cover: the model that dispatch and move-up policies share. */
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { demandAtoms, type DemandAtom } from '../placement/request.ts';
import type { CoverSets } from '../placement/placement.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { estimateBusyFraction } from './busy-fraction.ts';
import { mergeAtoms } from './coverage-atoms.ts';

/** Which base reaches which demand in time. See expected-coverage.ts for what k free units make of it. */
export interface CoverageModel {
  readonly nBases: number;
  readonly nAtoms: number;
  /** Calls an hour of each atom. */
  readonly weight: Float64Array;
  /** The same as whole parts of 2^26 of all demand, so that sums of them are exact. */
  readonly share: Uint32Array;
  /** Zone of each atom, or NONE. */
  readonly zone: Uint32Array;
  /** Atoms that a unit at a base reaches in time: ascending, by base. */
  readonly covers: CoverSets;
  /** Estimated share of time that a unit is busy (`estimateBusyFraction`). */
  readonly busyFraction: number;
}

/** All demand in the parts of `CoverageModel.share`. */
export const SHARE_PARTS = 2 ** 26;

/** Atoms of a model: enough for a city at some 300 m, few enough for a decision in tens of microseconds. */
const MOST_ATOMS = 1500;

/** Drives of the estimate of the busy fraction are looked for up to here. */
const LONGEST_DRIVE_MS = 900_000;

/**
 * The model of a city. Drives are by the profile that most units have (the lowest unit's on a tie), with siren where the
 * call's category has it, outside the periods of traffic. Cost: one search for each base, bounded by the longest target
 * or 15 minutes.
 * @param targetMs  longest drive that is in time; by default what the first standard leaves for each call, calls that
 *   no clause speaks of left out
 */
export function coverageModel(city: City, targetMs?: Ms): CoverageModel {
  const atoms = targetMs === undefined ? demandAtoms(city) : demandAtoms(city, () => targetMs);
  return coverageOf(city, mergeAtoms(city.graph, atoms, MOST_ATOMS));
}

/** The model of given atoms. */
function coverageOf(city: City, atoms: readonly DemandAtom[]): CoverageModel {
  const bases = basesOf(city).positions;
  const profile = usualProfile(city);
  let limitMs = LONGEST_DRIVE_MS;
  for (const { thresholdMs } of atoms) limitMs = Math.max(limitMs, thresholdMs);
  const covered: number[][] = bases.map(() => []);
  const nearestMs = atoms.map(() => limitMs);
  for (const siren of [false, true]) {
    const numbers = [...atoms.keys()].filter((a) => (atoms[a].siren ?? false) === siren);
    if (numbers.length === 0) continue;
    const timesMs = fastestRouter(metricOf(city, profile, { siren })).matrix(
      bases,
      numbers.map((a) => atoms[a].position),
      limitMs,
    );
    for (let base = 0; base < bases.length; base++) {
      numbers.forEach((a, i) => {
        const timeMs = timesMs[base * numbers.length + i];
        if (timeMs === UNREACHED_MS) return;
        if (timeMs < nearestMs[a]) nearestMs[a] = timeMs;
        if (timeMs <= atoms[a].thresholdMs) covered[base].push(a);
      });
    }
  }
  let total = 0;
  let driveMs = 0;
  atoms.forEach(({ weight }, a) => {
    total += weight;
    driveMs += weight * nearestMs[a];
  });
  return {
    nBases: bases.length,
    nAtoms: atoms.length,
    weight: Float64Array.from(atoms, ({ weight }) => weight),
    share: Uint32Array.from(atoms, ({ weight }) => Math.round((weight / total) * SHARE_PARTS)),
    zone: Uint32Array.from(atoms, ({ zone = NONE }) => zone),
    covers: coverSets(covered),
    busyFraction: estimateBusyFraction(city, total > 0 ? driveMs / total : 0),
  };
}

function coverSets(covered: readonly number[][]): CoverSets {
  const first = new Uint32Array(covered.length + 1);
  covered.forEach((atoms, base) => (first[base + 1] = first[base] + atoms.length));
  const atom = new Uint32Array(first[covered.length]);
  covered.forEach((atoms, base) =>
    atom.set(
      atoms.sort((a, b) => a - b),
      first[base],
    ),
  );
  return { first, atom };
}

/** The profile that most units drive by, the lowest unit's on a tie. */
export function usualProfile({ units }: City): string {
  const counts = new Map<string, number>();
  for (const { profile } of units) counts.set(profile, (counts.get(profile) ?? 0) + 1);
  let usual = units[0].profile;
  for (const [profile, count] of counts) if (count > counts.get(usual)!) usual = profile;
  return usual;
}
