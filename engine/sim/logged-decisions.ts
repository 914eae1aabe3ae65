/** Decisions as the log keeps them: in columns, so that a long run holds no object for each, and as text when it is read. */
import { larger } from '../columns.ts';
import type { Candidate } from '../dispatch/dispatch.ts';
import { msToSeconds } from '../units.ts';

/** What a decision says: why, and what it was made from. */
export interface Decision {
  readonly reason: string;
  readonly candidates: readonly Candidate[];
}

export class LoggedDecisions {
  readonly #reasons: string[] = [];
  /** Candidates of decision n are those from #first[n] up to #first[n + 1]. */
  #first = new Uint32Array(256);
  #nCandidates = 0;
  #unit = new Uint32Array(256);
  #travelTimeMs = new Float64Array(256);

  /** @returns its number, from 0 */
  add({ reason, candidates }: Decision): number {
    const n = this.#reasons.push(reason) - 1;
    for (const { unit, travelTimeMs } of candidates) {
      const at = this.#nCandidates++;
      if (at === this.#unit.length) {
        this.#unit = larger(this.#unit);
        this.#travelTimeMs = larger(this.#travelTimeMs);
      }
      this.#unit[at] = unit;
      this.#travelTimeMs[at] = travelTimeMs;
    }
    if (n + 1 === this.#first.length) this.#first = larger(this.#first);
    this.#first[n + 1] = this.#nCandidates;
    return n;
  }

  /** The decisions as JSON, by number. @param unitIds  of the city */
  texts(unitIds: readonly string[]): string[] {
    const asUnit = unitIds.map((id) => `{"unit":${JSON.stringify(id)},"travelTimeS":`);
    // the same few reasons come again and again
    let lastReason = '';
    let asReason = '';
    const parts: string[] = [];
    return this.#reasons.map((reason, n) => {
      if (reason !== lastReason) {
        asReason = `{"reason":${JSON.stringify(reason)},"candidates":[`;
        lastReason = reason;
      }
      let nParts = 0;
      parts[nParts++] = asReason;
      const end = this.#first[n + 1];
      for (let at = this.#first[n]; at < end; at++) {
        parts[nParts++] = asUnit[this.#unit[at]];
        parts[nParts++] = String(msToSeconds(this.#travelTimeMs[at]));
        parts[nParts++] = at + 1 < end ? '},' : '}';
      }
      parts[nParts++] = ']}';
      while (parts.length > nParts) parts.pop();
      // joined and not added up: what adding leaves behind is a tree, which the garbage collector walks again and again
      return parts.join('');
    });
  }
}
