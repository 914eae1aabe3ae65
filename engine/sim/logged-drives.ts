/** Drives as the log keeps them: by their ends, metric and time, in columns, so that a long run holds no object for each. */
import type { Route } from '../graph/road-graph.ts';
import { larger } from '../columns.ts';
import type { Drive } from './driving.ts';
import type { MetricInRun } from './metrics-in-run.ts';

export class LoggedDrives {
  #n = 0;
  #fromSegment = new Uint32Array(256);
  #fromOffsetMm = new Uint32Array(256);
  #toSegment = new Uint32Array(256);
  #toOffsetMm = new Uint32Array(256);
  #startMs = new Float64Array(256);
  #roadsMs = new Float64Array(256);
  #travelTimeMs = new Float64Array(256);
  #by = new Uint16Array(256);
  /** By their number in the run. */
  readonly #metrics: MetricInRun[] = [];
  /** Courses of those that have a planned one; the others take the fastest way. */
  readonly #planned = new Map<number, Route>();

  get length(): number {
    return this.#n;
  }

  /** @returns its number, from 0 */
  add({ from, to, by, planned, startMs, roadsMs, travelTimeMs }: Drive): number {
    const n = this.#n++;
    if (n === this.#by.length) this.#grow();
    this.#fromSegment[n] = from.segment;
    this.#fromOffsetMm[n] = from.offsetMm;
    this.#toSegment[n] = to.segment;
    this.#toOffsetMm[n] = to.offsetMm;
    this.#startMs[n] = startMs;
    this.#roadsMs[n] = roadsMs;
    this.#travelTimeMs[n] = travelTimeMs;
    this.#by[n] = by.ix;
    this.#metrics[by.ix] = by;
    if (planned !== null) this.#planned.set(n, planned);
    return n;
  }

  at(n: number): Drive {
    return {
      from: { segment: this.#fromSegment[n], offsetMm: this.#fromOffsetMm[n] },
      to: { segment: this.#toSegment[n], offsetMm: this.#toOffsetMm[n] },
      by: this.#metrics[this.#by[n]],
      planned: this.#planned.get(n) ?? null,
      startMs: this.#startMs[n],
      roadsMs: this.#roadsMs[n],
      travelTimeMs: this.#travelTimeMs[n],
      clock: null,
    };
  }

  *[Symbol.iterator](): Generator<Drive> {
    for (let n = 0; n < this.#n; n++) yield this.at(n);
  }

  #grow(): void {
    this.#fromSegment = larger(this.#fromSegment);
    this.#fromOffsetMm = larger(this.#fromOffsetMm);
    this.#toSegment = larger(this.#toSegment);
    this.#toOffsetMm = larger(this.#toOffsetMm);
    this.#startMs = larger(this.#startMs);
    this.#roadsMs = larger(this.#roadsMs);
    this.#travelTimeMs = larger(this.#travelTimeMs);
    this.#by = larger(this.#by);
  }
}
