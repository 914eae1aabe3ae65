/**
 * The calls of one hour as they are drawn, source by source and not yet in order of time. Everything is drawn in columns:
 * first all times of a source, then all places…
 */
import type { DemandCategory } from '../scenario/scenario.ts';
import { log } from '../math.ts';
import { type DrawAddress, fillUniforms, PURPOSE } from '../rng.ts';
import { MS_PER_HOUR, NONE } from '../units.ts';
import { grown } from './grown.ts';
import { isFixed, lawAt } from './laws.ts';
import { categoryAt, itemAt, type SourceColumns } from './source-columns.ts';
import { surgeFactor, type SurgePiece } from './surges.ts';

/** Keys that sort by time within the hour, then by the order of drawing: time x this + index. */
const INDICES = 2 ** 24; // above LIMITS.callsPerReplication; 2^24 x 3,600,000 is exact

export class HourDraws {
  /** Draws so far. */
  n = 0;
  /** Within the hour. */
  atMs = new Uint32Array(0);
  segment = new Uint32Array(0);
  offsetMm = new Uint32Array(0);
  zone = new Uint32Array(0);
  category = new Uint16Array(0);
  onSceneMs = new Uint32Array(0);
  /** Number of the draw in its source and hour, and the key of both. */
  draw = new Uint32Array(0);
  entity = new Uint32Array(0);
  private uniform = new Float64Array(0);
  private sortKey = new Float64Array(0);
  private nSorted = 0;

  clear(): void {
    this.n = 0;
    this.nSorted = 0;
  }

  /**
   * Draws calls of a source in this hour.
   * @param count    how many are drawn; surges then may leave some out
   * @param address  of the source and hour; its purpose is changed
   * @param pieces   surges of this hour; empty without
   * @param rate     of the source in this hour, without surges
   */
  add(
    source: SourceColumns,
    count: number,
    address: DrawAddress,
    categories: readonly DemandCategory[],
    pieces: readonly SurgePiece[],
    rate: number,
  ): void {
    const from = this.n;
    this.n += count;
    if (this.n > this.atMs.length) this.grow();
    this.drawTimes(from, address);
    this.drawPlaces(from, address, source);
    this.drawCategories(from, address, source);
    this.drawOnScene(from, address, source, categories);
    const { draw, entity, n } = this;
    for (let i = from; i < n; i++) {
      draw[i] = i - from;
      entity[i] = address.entity;
    }
    if (pieces.length === 0) this.keepAll(from);
    else this.keepSurged(from, address, pieces, rate);
  }

  /** The calls that are kept, in order of time, ties in the order of drawing. Cost O(n log n). */
  inOrder(): Float64Array {
    const order = this.sortKey.subarray(0, this.nSorted).sort();
    for (let i = 0; i < order.length; i++) order[i] -= Math.floor(order[i] / INDICES) * INDICES;
    return order;
  }

  private drawTimes(from: number, address: DrawAddress): void {
    const { n, uniform, atMs } = this;
    address.purpose = PURPOSE.callTime;
    fillUniforms(uniform, n - from, address);
    for (let i = from; i < n; i++) atMs[i] = uniform[i - from] * MS_PER_HOUR; // the column cuts to whole ms
  }

  private drawPlaces(from: number, address: DrawAddress, { where }: SourceColumns): void {
    const { n, uniform, segment, offsetMm, zone } = this;
    address.purpose = PURPOSE.callPlace;
    fillUniforms(uniform, n - from, address);
    const nItems = where.segment.length;
    const whole = where.isAlike ? 0 : where.cumulative[nItems];
    for (let i = from; i < n; i++) {
      const u = uniform[i - from];
      const at = Math.floor(u * whole);
      const item = where.isAlike ? Math.floor(u * nItems) : itemAt(where, u, at);
      segment[i] = where.segment[item];
      offsetMm[i] = where.offsetMm[item] + (where.isPlaces ? 0 : at - where.cumulative[item]);
      zone[i] = where.zone[item];
    }
  }

  private drawCategories(from: number, address: DrawAddress, source: SourceColumns): void {
    const { n, uniform, category } = this;
    if (source.onlyCategory !== NONE) {
      category.fill(source.onlyCategory, from, n);
      return;
    }
    address.purpose = PURPOSE.callCategory;
    fillUniforms(uniform, n - from, address);
    for (let i = from; i < n; i++) category[i] = categoryAt(source, uniform[i - from]);
  }

  /** Calls of a category with a fixed time draw none: the n-th random time has the n-th uniform number. */
  private drawOnScene(
    from: number,
    address: DrawAddress,
    source: SourceColumns,
    categories: readonly DemandCategory[],
  ): void {
    const { n, uniform, category, onSceneMs } = this;
    if (source.onlyCategory !== NONE && isFixed(categories[source.onlyCategory].onScene)) {
      onSceneMs.fill(lawAt(categories[source.onlyCategory].onScene, 0.5), from, n);
      return;
    }
    address.purpose = PURPOSE.onSceneTime;
    fillUniforms(uniform, n - from, address);
    let random = 0;
    for (let i = from; i < n; i++) {
      const law = categories[category[i]].onScene;
      if (isFixed(law)) onSceneMs[i] = lawAt(law, 0.5);
      else if (law.type === 'exponential') {
        // `lawAt`, written out: the usual law, in the innermost loop of long runs
        onSceneMs[i] = Math.min(0xffff_ffff, Math.round(-law.meanMs * log(uniform[random++])));
      } else onSceneMs[i] = lawAt(law, uniform[random++]);
    }
  }

  private keepAll(from: number): void {
    const { n, atMs, sortKey } = this;
    for (let i = from; i < n; i++) sortKey[this.nSorted++] = atMs[i] * INDICES + i;
  }

  /** See surges.ts: the draw whose gaps sum up to less than rate x factor is a call. */
  private keepSurged(from: number, address: DrawAddress, pieces: readonly SurgePiece[], rate: number): void {
    const { n, uniform, atMs, category, zone, sortKey } = this;
    address.purpose = PURPOSE.callCount;
    fillUniforms(uniform, n - from, address);
    let sum = 0;
    for (let i = from; i < n; i++) {
      sum -= log(uniform[i - from]);
      if (sum < rate * surgeFactor(pieces, atMs[i], category[i], zone[i])) {
        sortKey[this.nSorted++] = atMs[i] * INDICES + i;
      }
    }
  }

  private grow(): void {
    const capacity = Math.max(1024, 2 * this.n);
    this.atMs = grown(this.atMs, capacity);
    this.segment = grown(this.segment, capacity);
    this.offsetMm = grown(this.offsetMm, capacity);
    this.zone = grown(this.zone, capacity);
    this.category = grown(this.category, capacity);
    this.onSceneMs = grown(this.onSceneMs, capacity);
    this.draw = grown(this.draw, capacity);
    this.entity = grown(this.entity, capacity);
    this.uniform = grown(this.uniform, capacity);
    this.sortKey = grown(this.sortKey, capacity);
  }
}
