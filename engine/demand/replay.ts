/**
 * Calls of a file as they were: times, places and categories of its rows, and time on scene where it was recorded. What
 * the file does not say is drawn from the laws of their categories, keyed by replication and line of the file: other
 * lines that come, go or lie off the roads change nothing.
 */
import type { CallsOnRoads } from '../city/calls-on-roads.ts';
import type { City } from '../city/city.ts';
import { assert } from '../errors.ts';
import { PURPOSE } from '../rng.ts';
import { NONE } from '../units.ts';
import { BLOCK_CALLS, CallWriter } from './call-writer.ts';
import type { CallStream, CallTable } from './demand.ts';
import { IdentityDraws } from './needs.ts';

/** Second word of the identity of every row: the source and hour that no drawn call has. */
const ROWS = 0;

/** The calls of a city's file between the start of the warm-up and the end of the run, in blocks. @param replication from 1 */
export function replayStream(city: City, replication: number): CallStream {
  assert(city.calls !== null, 'the city has no call file');
  return new ReplayStream(city, city.calls, replication);
}

class ReplayStream implements CallStream {
  private readonly city: City;
  private readonly calls: CallsOnRoads;
  private readonly draws: IdentityDraws;
  private readonly writer: CallWriter;
  private row = 0;

  constructor(city: City, calls: CallsOnRoads, replication: number) {
    this.city = city;
    this.calls = calls;
    this.draws = new IdentityDraws(city.scenario.run.seed, replication);
    this.writer = new CallWriter(city, replication);
  }

  next(): CallTable | null {
    const { calls, writer } = this;
    while (this.row < calls.nCalls && writer.nInBlock < BLOCK_CALLS) this.writeRow(this.row++);
    if (this.row === calls.nCalls) writer.writeFollowUps(Infinity);
    return writer.nInBlock === 0 ? null : writer.takeBlock();
  }

  private writeRow(row: number): void {
    const { occurredMs, segment, offsetMm, zone, category, onSceneMs, line } = this.calls;
    const { run } = this.city.scenario;
    if (occurredMs[row] < -run.warmUpMs || occurredMs[row] >= run.durationMs) return;
    const recordedMs = onSceneMs[row];
    const law = this.city.categories[category[row]].onScene;
    this.writer.write(
      occurredMs[row],
      segment[row],
      offsetMm[row],
      zone[row],
      category[row],
      recordedMs === NONE ? this.draws.duration(law, PURPOSE.onSceneTime, line[row], ROWS) : recordedMs,
      line[row],
      ROWS,
    );
  }
}
