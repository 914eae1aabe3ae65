/**
 * Writes the calls of a replication in order of time into blocks, gives each what it needs, and lets linked calls and
 * repeats follow when their time comes. Calls of the same millisecond keep this order: own calls as they are handed in,
 * then those that follow from others, by the number of the call they follow, a linked one before a repeat.
 *
 * A call that would follow after the end of the run is none. Before the start of the run there was nothing, so repeats
 * reach their steady rate, that of own calls over (1 - share), after some delays; a warm-up is for that.
 */
import type { City } from '../city/city.ts';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { PURPOSE, type Purpose } from '../rng.ts';
import type { TimeLaw } from '../scenario/scenario.ts';
import { NONE, type Ms } from '../units.ts';
import { CALL_COLUMNS, callTable, type CallTable } from './demand.ts';
import { FollowUps } from './follow-ups.ts';
import { grown } from './grown.ts';
import { drawNeeds, haveNeeds, IdentityDraws, needKeys, type Needs } from './needs.ts';

/** Blocks hold at least so many calls, as far as there are any, so that a block's own cost does not count. */
export const BLOCK_CALLS = 4096;

export class CallWriter {
  /** Calls in the block so far; its columns may be longer. */
  nInBlock = 0;
  private nWritten = 0;
  /** Reused for all blocks: columns that this run does not write stay 0. */
  private readonly block = callTable([]);
  private capacity = 0;
  private readonly city: City;
  private readonly endMs: Ms;
  private readonly draws: IdentityDraws;
  private readonly areNeeds: boolean;
  private readonly areKeys: boolean;
  private readonly needs: Needs = { triaged: 0, transported: 0, handoverMs: 0, reportMs: 0 };
  private readonly followUps = new FollowUps();

  constructor(city: City, replication: number) {
    const { scenario, categories } = city;
    this.city = city;
    this.endMs = scenario.run.durationMs;
    this.draws = new IdentityDraws(scenario.run.seed, replication);
    this.areNeeds = haveNeeds(categories);
    this.areKeys = needKeys(scenario);
  }

  /**
   * Writes a call of its own, after all that follow from earlier ones and come before it.
   * @param occurredMs  not before the call written last
   * @param idA         with idB its identity, which keys its draws
   */
  write(
    occurredMs: Ms,
    segment: number,
    offsetMm: number,
    zone: number,
    category: number,
    onSceneMs: Ms,
    idA: number,
    idB: number,
  ): void {
    if (this.areNeeds) this.writeFollowUps(occurredMs);
    this.row(occurredMs, segment, offsetMm, zone, category, onSceneMs, NONE, idA, idB);
  }

  /** Writes the calls that follow from others and come before `untilMs`. */
  writeFollowUps(untilMs: Ms): void {
    while (this.followUps.firstMs < untilMs) {
      const { atMs, segment, offsetMm, zone, category, parent, idA, idB } = this.followUps.take();
      const onSceneMs = this.draws.duration(
        this.city.categories[category].onScene,
        PURPOSE.onSceneTime,
        idA,
        idB,
      );
      this.row(atMs, segment, offsetMm, zone, category, onSceneMs, parent, idA, idB);
    }
  }

  /** The calls since the last block. Cost O(calls). */
  takeBlock(): CallTable {
    const taken: CallTable = { ...this.block, nCalls: this.nInBlock };
    for (const name of CALL_COLUMNS) {
      (taken as Record<typeof name, ArrayLike<number>>)[name] = this.block[name].slice(0, this.nInBlock);
    }
    this.nInBlock = 0;
    return taken;
  }

  private row(
    occurredMs: Ms,
    segment: number,
    offsetMm: number,
    zone: number,
    category: number,
    onSceneMs: Ms,
    parent: number,
    idA: number,
    idB: number,
  ): void {
    if (this.nInBlock === this.capacity) this.grow();
    if (this.nWritten === LIMITS.callsPerReplication) throw tooManyCalls(this.city);
    const { block, needs } = this;
    const at = this.nInBlock++;
    const number = this.nWritten++;
    block.occurredMs[at] = occurredMs;
    block.segment[at] = segment;
    block.offsetMm[at] = offsetMm;
    block.zone[at] = zone;
    block.category[at] = category;
    block.onSceneMs[at] = onSceneMs;
    block.parent[at] = parent;
    if (this.areKeys) {
      this.draws.draw(PURPOSE.callKey, idA, idB);
      block.key[at] = this.draws.words[0];
    }
    if (!this.areNeeds) return;
    const law = this.city.categories[category];
    drawNeeds(law, this.draws, idA, idB, needs);
    if (needs.triaged === 1) block.onSceneMs[at] = 0;
    block.triaged[at] = needs.triaged;
    block.transported[at] = needs.transported;
    block.handoverMs[at] = needs.handoverMs;
    block.reportMs[at] = needs.reportMs;
    const { linked, repeat } = law;
    if (linked !== null) this.follow(at, number, linked, linked.category, PURPOSE.linkedCall, idA, idB);
    if (repeat !== null) this.follow(at, number, repeat, category, PURPOSE.repeatCall, idA, idB);
  }

  /** Draws whether a call follows from this one, and when. The second half of the draw is its identity. */
  private follow(
    at: number,
    parent: number,
    { share, delay }: { share: number; delay: TimeLaw },
    category: number,
    purpose: Purpose,
    parentIdA: number,
    parentIdB: number,
  ): void {
    const { block, draws } = this;
    if (draws.uniform(purpose, parentIdA, parentIdB) >= share) return;
    const idA = draws.words[2];
    const idB = draws.words[3];
    const atMs = block.occurredMs[at] + draws.duration(delay, PURPOSE.followUpDelay, idA, idB);
    if (atMs >= this.endMs) return;
    this.followUps.add({
      atMs,
      segment: block.segment[at],
      offsetMm: block.offsetMm[at],
      zone: block.zone[at],
      category,
      parent,
      idA,
      idB,
    });
  }

  private grow(): void {
    this.capacity = Math.max(1024, 2 * this.capacity);
    for (const name of CALL_COLUMNS) {
      (this.block as Record<typeof name, ArrayLike<number>>)[name] = grown(this.block[name], this.capacity);
    }
  }
}

/** For a replication that draws more calls than it may have. */
export const tooManyCalls = ({ scenario }: Pick<City, 'scenario'>): InputError =>
  InputError.at(
    scenario.fileName,
    '/demand',
    `draws more than ${LIMITS.callsPerReplication} calls in a replication, which is all it may have; ` +
      'are rates, factors of surges or shares of linked calls and repeats too high?',
  );
