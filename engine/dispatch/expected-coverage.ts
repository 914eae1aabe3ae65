/**
 * Expected coverage after Daskin, "A maximum expected covering location model: formulation, properties and heuristic
 * solution" (Transportation Science 17, 1983): demand that k free units could reach in time is covered with probability
 * 1 - q^k, q the share of time that a unit is busy, so that unit number k + 1 adds (1 - q) q^k.
 *
 * Demand and probabilities are whole parts of 2^26, and products and sums of them whole parts of 2^52: exact, in every
 * order and every runtime, so that a comparison is decided by the numbers and a tie is a tie.
 */
import { assert } from '../errors.ts';
import { SHARE_PARTS, type CoverageModel } from './coverage.ts';

const PROBABILITY_PARTS = 2 ** 26;

/** Parts of all demand, as the methods give them, as a share. */
export const asShare = (parts: number): number => parts / (SHARE_PARTS * PROBABILITY_PARTS);

/** The coverage of units at bases; `of` starts anew, so that one object serves all decisions of a thread. */
export class ExpectedCoverage {
  /** Free units that reach each atom in time. */
  private readonly count: Uint32Array;
  /** What unit number k + 1 adds to an atom, in parts. */
  private readonly added: Float64Array;

  /**
   * @param busyFraction  q, in [0, 1)
   * @param mostUnits     units that are counted at the same time, at most
   */
  constructor(
    private readonly model: CoverageModel,
    busyFraction: number,
    mostUnits: number,
  ) {
    assert(busyFraction >= 0 && busyFraction < 1, () => `a busy fraction of ${busyFraction}`);
    this.count = new Uint32Array(model.nAtoms);
    this.added = new Float64Array(mostUnits + 1);
    let power = 1;
    for (let k = 0; k <= mostUnits; k++) {
      this.added[k] = Math.round(PROBABILITY_PARTS * (1 - busyFraction) * power);
      power *= busyFraction;
    }
  }

  /** Units at these bases and nowhere else; a base is named once for each unit. Cost O(units x atoms of a base). */
  of(bases: Iterable<number>): this {
    this.count.fill(0);
    for (const base of bases) this.add(base);
    return this;
  }

  add(base: number): void {
    const { first, atom } = this.model.covers;
    for (let i = first[base]; i < first[base + 1]; i++) this.count[atom[i]]++;
  }

  /** What one more unit at a base would add, in parts. */
  gain(base: number): number {
    const { first, atom } = this.model.covers;
    let parts = 0;
    for (let i = first[base]; i < first[base + 1]; i++) {
      parts += this.model.share[atom[i]] * this.added[this.count[atom[i]]];
    }
    return parts;
  }

  /** What one unit less at a base, where one is counted, would take away, in parts. */
  loss(base: number): number {
    const { first, atom } = this.model.covers;
    let parts = 0;
    for (let i = first[base]; i < first[base + 1]; i++) {
      parts += this.model.share[atom[i]] * this.added[this.count[atom[i]] - 1];
    }
    return parts;
  }

  /** What all units cover, in parts. */
  total(): number {
    let parts = 0;
    for (let a = 0; a < this.count.length; a++) {
      for (let k = 0; k < this.count[a]; k++) parts += this.model.share[a] * this.added[k];
    }
    return parts;
  }
}
