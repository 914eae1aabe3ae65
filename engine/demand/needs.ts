/**
 * What a call needs besides its time on scene. Each answer is keyed by the call's identity: two words that say where the
 * call comes from (source, hour and number of its draw; line of a call file; the call it follows and how). So it does not
 * change with other sources, other categories' laws, policies, units or the length of the run.
 */
import type { City } from '../city/city.ts';
import { philox, PURPOSE, type Purpose, type RandomKey, randomKey, uniformOf } from '../rng.ts';
import type { DemandCategory, Scenario, TimeLaw } from '../scenario/scenario.ts';
import type { Ms } from '../units.ts';
import { lawAt } from './laws.ts';

/** The draws of a call, by its identity. One object serves all calls: `words` holds the last draw. */
export class IdentityDraws {
  readonly words = new Uint32Array(4);
  private readonly key: RandomKey;
  private readonly replication: number;

  constructor(seed: number | string, replication: number) {
    this.key = randomKey(seed);
    this.replication = replication;
  }

  /** Four random words, in `words`. */
  draw(purpose: Purpose, idA: number, idB: number): void {
    philox(idA, idB, this.replication, purpose, this.key.k0, this.key.k1, this.words);
  }

  uniform(purpose: Purpose, idA: number, idB: number): number {
    this.draw(purpose, idA, idB);
    return uniformOf(this.words[0], this.words[1]);
  }

  duration(law: TimeLaw, purpose: Purpose, idA: number, idB: number): Ms {
    return lawAt(law, this.uniform(purpose, idA, idB));
  }
}

/** Whether a call of some category needs more than time on scene, or brings further calls. */
export const haveNeeds = (categories: readonly DemandCategory[]): boolean =>
  categories.some(
    ({ triageShare, transport, report, linked, repeat }) =>
      triageShare > 0 || transport !== null || report !== null || linked !== null || repeat !== null,
  );

/** Whether something is drawn when a call is answered, so that it needs a key. */
export const needKeys = ({ delayLaws, travel }: Scenario): boolean =>
  travel.cv > 0 || Object.values(delayLaws).some(({ type }) => type !== 'constant');

/** The columns of one call that this file fills. */
export interface Needs {
  triaged: number;
  transported: number;
  handoverMs: Ms;
  reportMs: Ms;
}

/** A call that ends at the desk needs nothing else. */
export function drawNeeds(
  { triageShare, transport, report }: City['categories'][number],
  draws: IdentityDraws,
  idA: number,
  idB: number,
  needs: Needs,
): void {
  needs.triaged = triageShare > 0 && draws.uniform(PURPOSE.triage, idA, idB) < triageShare ? 1 : 0;
  needs.transported = 0;
  needs.handoverMs = 0;
  needs.reportMs = 0;
  if (needs.triaged === 1) return;
  if (transport !== null && draws.uniform(PURPOSE.transport, idA, idB) < transport.share) {
    needs.transported = 1;
    needs.handoverMs = draws.duration(transport.handover, PURPOSE.handoverTime, idA, idB);
  }
  if (report !== null) needs.reportMs = draws.duration(report, PURPOSE.reportTime, idA, idB);
}
