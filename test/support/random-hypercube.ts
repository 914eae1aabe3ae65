/** Random hypercube models for tests: units and atoms strewn over a square, the nearest unit first. */
import type { HypercubeModel } from '../../engine/analytic/hypercube-model.ts';
import { testStream } from './random-city.ts';

interface RandomHypercube {
  nUnits: number;
  nAtoms?: number;
  /** Share of all unit time that calls ask for. */
  load: number;
  waitingPlaces: number;
  /** Units of unequal speed. */
  unequal?: boolean;
}

export function randomHypercube(
  seed: number,
  { nUnits, nAtoms = 40, load, waitingPlaces, unequal = false }: RandomHypercube,
): HypercubeModel {
  const random = testStream(seed);
  const units = Array.from({ length: nUnits }, () => [random.uniform(), random.uniform()]);
  const callRate = new Float64Array(nAtoms);
  const preference = new Uint16Array(nAtoms * nUnits);
  for (let atom = 0; atom < nAtoms; atom++) {
    callRate[atom] = random.uniform();
    const place = [random.uniform(), random.uniform()];
    const square = units.map(([x, y]) => (x - place[0]) * (x - place[0]) + (y - place[1]) * (y - place[1]));
    const nearest = [...units.keys()].sort((a, b) => square[a] - square[b]);
    preference.set(nearest, atom * nUnits);
  }
  const serviceRate = Float64Array.from({ length: nUnits }, () => (unequal ? 0.5 + random.uniform() : 1));
  const sum = (column: Float64Array): number => column.reduce((all, value) => all + value, 0);
  const scale = (load * sum(serviceRate)) / sum(callRate);
  return {
    nUnits,
    nAtoms,
    callRate: callRate.map((rate) => rate * scale),
    serviceRate,
    waitingPlaces,
    preference,
    tied: null,
  };
}

/** The three-unit city of Larson & Odoni (1981), figure 5.11 and table 5-4, see hypercube.test.ts. */
export const threeUnitCity: HypercubeModel = {
  nUnits: 3,
  nAtoms: 4,
  callRate: Float64Array.of(0.5, 0.25, 0.35, 0.4),
  serviceRate: Float64Array.of(1, 1, 1),
  waitingPlaces: Infinity,
  preference: Uint16Array.of(0, 1, 2, 0, 2, 1, 1, 0, 2, 2, 0, 1),
  tied: null,
};
