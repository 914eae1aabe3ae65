/** Streams of known means, cut into batches as steady-state runs are: how often do their intervals hold the truth? */
import { PURPOSE, RandomStream, randomKey } from '../../engine/rng.ts';

/** What a batch of a stream comes to. */
export interface Batches {
  /** Of each batch. */
  sums: number[];
  counts: number[];
  /** Items of any kind that count as a success, such as calls that wait. */
  hits: number[];
  /** Every value, in order. */
  values: number[];
}

export interface Autoregression {
  /** Of a value with the one before. */
  correlation: number;
  batches: number;
  perBatch: number;
  /** Values before the first batch, and what the stream begins with, in standard deviations of its noise. */
  warmUp: number;
  startsAt: number;
}

/** Normal values of mean 0, each `correlation` times the one before plus standard normal noise (AR(1)). */
export function autoregression(
  seed: number,
  run: number,
  { correlation, batches, perBatch, warmUp, startsAt }: Autoregression,
): Batches {
  const stream = new RandomStream(randomKey(seed), 1, PURPOSE.onSceneTime, run);
  let value = startsAt;
  const next = (): number => (value = correlation * value + stream.normal());
  for (let i = 0; i < warmUp; i++) next();
  const values = Array.from({ length: batches * perBatch }, next);
  const sums = Array.from({ length: batches }, (_, batch) =>
    sumOf(values, batch * perBatch, (batch + 1) * perBatch),
  );
  return { sums, counts: sums.map(() => perBatch), hits: sums.map(() => 0), values };
}

interface WaitingLine {
  servers: number;
  /** Arrivals for each mean service; below `servers`. */
  load: number;
  batches: number;
  /** Length of a batch, and of the time before the first one, in mean services. The line starts empty. */
  batchLength: number;
  warmUp: number;
}

/**
 * Waits of M/M/c, first come first served, by Kiefer and Wolfowitz's recursion (1955, Trans. Amer. Math. Soc. 78): a
 * customer takes the server that is free first. Batches are stretches of time, as the engine's; a call belongs to the one
 * in which it arrives.
 */
export function waitingLine(
  seed: number,
  run: number,
  { servers, load, batches, batchLength, warmUp }: WaitingLine,
): Batches {
  const gaps = new RandomStream(randomKey(seed), 2, PURPOSE.callTime, run);
  const services = new RandomStream(randomKey(seed), 2, PURPOSE.onSceneTime, run);
  const freeAt = new Float64Array(servers).fill(-warmUp);
  const zeros = () => new Array<number>(batches).fill(0);
  const [sums, counts, hits] = [zeros(), zeros(), zeros()];
  const values: number[] = [];
  for (let time = -warmUp; ;) {
    time += gaps.exponential(1 / load);
    const batch = Math.floor(time / batchLength);
    if (batch >= batches) break;
    let first = 0;
    for (let server = 1; server < servers; server++) if (freeAt[server] < freeAt[first]) first = server;
    const begins = Math.max(time, freeAt[first]);
    freeAt[first] = begins + services.exponential(1);
    if (time < 0) continue;
    const wait = begins - time;
    sums[batch] += wait;
    counts[batch]++;
    if (wait > 0) hits[batch]++;
    values.push(wait);
  }
  return { sums, counts, hits, values };
}

/** Share of runs 0 to n - 1 whose interval holds the truth. */
export function coverage(
  truth: number,
  runs: number,
  interval: (run: number) => readonly [number, number] | null,
): number {
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const ends = interval(run);
    if (ends !== null && ends[0] <= truth && truth <= ends[1]) covered++;
  }
  return covered / runs;
}

const sumOf = (values: readonly number[], from: number, to: number): number => {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i];
  return total;
};
