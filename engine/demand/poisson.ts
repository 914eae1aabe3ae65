/**
 * Non-homogeneous Poisson demand: within an hour the rate of a source is constant, so the number of its calls is Poisson
 * and their times are uniform; surges thin more of them (surges.ts). Every draw is keyed by (seed, replication, purpose,
 * source and hour): the calls of one hour are the same whatever the policy, the units, the run's length or the rates of
 * other sources are. Sources are numbered in order, those without calls left out: append a new one to keep the calls of
 * the others. One thing is shared: the random times on scene of a source and hour are numbered through, so a category that
 * goes from a fixed time to a random one gives the others of its source new times on scene (and nothing else).
 */
import type { City } from '../city/city.ts';
import { assert } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type DrawAddress, poissonCount, PURPOSE, randomKey } from '../rng.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../units.ts';
import { BLOCK_CALLS, CallWriter, tooManyCalls } from './call-writer.ts';
import { type CallStream, type CallTable, checkCallTable, tableOf } from './demand.ts';
import { HourDraws } from './hour-draws.ts';
import { sourceColumns, type Sources } from './source-columns.ts';
import { highestFactor, type SurgePiece, Surges } from './surges.ts';

/** Hours are numbered from the scored start; the shift keeps warm-up hours positive in the key. */
const HOUR_SHIFT = 32_768;
const MOST_SOURCES = 65_536;

/** All calls of a replication in one table. Cost O(calls log calls). @param replication from 1 */
export function drawCalls(city: City, replication: number): CallTable {
  const calls = tableOf(drawStream(city, replication));
  checkCallTable(calls, city.categories.length);
  return calls;
}

/** The calls of a replication, in blocks. @param replication from 1 */
export const drawStream = (city: City, replication: number): CallStream => poissonDemand(city)(replication);

/**
 * Prepares the demand of a city for many replications; cost O(places and stretches of its sources).
 * @returns a function from the number of a replication (from 1) to its calls, from the start of the warm-up to the end of
 *   the run. Memory O(calls of the busiest hour); about 0.2 us a call
 */
export function poissonDemand(city: City): (replication: number) => CallStream {
  const sources = sourceColumns(city);
  assert(sources.list.length <= MOST_SOURCES, 'more sources of calls than a key can number');
  const surges = new Surges(city.scenario.demand.surges);
  return (replication) => new PoissonStream(city, sources, surges, replication);
}

class PoissonStream implements CallStream {
  private readonly city: City;
  private readonly sources: Sources;
  private readonly surges: Surges;
  private readonly writer: CallWriter;
  private readonly draws = new HourDraws();
  private readonly address: DrawAddress;
  private hour: number;
  private readonly endHour: number;

  constructor(city: City, sources: Sources, surges: Surges, replication: number) {
    const { run } = city.scenario;
    this.city = city;
    this.sources = sources;
    this.surges = surges;
    this.writer = new CallWriter(city, replication);
    this.address = { key: randomKey(run.seed), replication, purpose: PURPOSE.callCount, entity: 0 };
    this.hour = Math.floor((run.start.msIntoHour - run.warmUpMs) / MS_PER_HOUR);
    this.endHour = Math.ceil((run.start.msIntoHour + run.durationMs) / MS_PER_HOUR);
    assert(
      this.endHour < HOUR_SHIFT && -this.hour < HOUR_SHIFT,
      'the run is longer than the hours a key can number',
    );
  }

  next(): CallTable | null {
    while (this.hour < this.endHour && this.writer.nInBlock < BLOCK_CALLS) this.writeHour(this.hour++);
    return this.writer.nInBlock === 0 ? null : this.writer.takeBlock();
  }

  private writeHour(hour: number): void {
    const { draws, writer } = this;
    const { run } = this.city.scenario;
    const hourStartMs = hour * MS_PER_HOUR - run.start.msIntoHour;
    this.drawHour(hour, this.surges.piecesOf(hourStartMs));
    const order = draws.inOrder();
    const { atMs, segment, offsetMm, zone, category, onSceneMs, draw, entity } = draws;
    for (let o = 0; o < order.length; o++) {
      const i = order[o];
      const occurredMs = hourStartMs + atMs[i];
      if (occurredMs < -run.warmUpMs || occurredMs >= run.durationMs) continue;
      writer.write(
        occurredMs,
        segment[i],
        offsetMm[i],
        zone[i],
        category[i],
        onSceneMs[i],
        draw[i],
        entity[i],
      );
    }
    writer.writeFollowUps(hourStartMs + MS_PER_HOUR);
  }

  private drawHour(hour: number, pieces: readonly SurgePiece[]): void {
    const { draws, address, city } = this;
    const { list, callsPerHour } = this.sources;
    const { hourOfWeek: startHour } = city.scenario.run.start;
    const hourOfWeek = (((startHour + hour) % HOURS_PER_WEEK) + HOURS_PER_WEEK) % HOURS_PER_WEEK;
    draws.clear();
    for (let s = 0; s < list.length; s++) {
      const rate = callsPerHour[hourOfWeek * list.length + s];
      if (rate === 0) continue;
      address.entity = s * 65_536 + hour + HOUR_SHIFT;
      address.purpose = PURPOSE.callCount;
      const highest = pieces.length === 0 ? 1 : highestFactor(pieces, list[s]);
      const most = LIMITS.callsPerReplication - draws.n;
      const count = poissonCount(rate * highest, address, most);
      if (count > most) throw tooManyCalls(city);
      if (count > 0) draws.add(list[s], count, address, city.categories, pieces, rate);
    }
  }
}
