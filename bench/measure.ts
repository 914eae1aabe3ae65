/**
 * Timing contenders fairly: in each round all of them do their work one after another (A B C, A B C, …), so that a slow
 * moment of the machine meets all alike. Answers are compared before the first timing and after each round.
 */
import { Bench } from 'tinybench';

/** One way of doing a job. */
export interface Contender<Answers = number> {
  name: string;
  /** Jobs in one round, by which its time is divided. A slow contender may do fewer than another. */
  jobs: number;
  /** The timed work of a round (0, 1, …). */
  work: (round: number) => Answers | Promise<Answers>;
  /** A number that the answers of a round fold into; not timed. */
  checksum: (answers: Answers, round: number) => number;
  /** The same number for the same inputs by the subject; not timed. */
  expected: (round: number) => number;
}

/** Milliseconds of one job. */
export interface Timing {
  name: string;
  jobsPerRound: number;
  rounds: number;
  minMs: number;
  medianMs: number;
}

/** Contenders gave different answers: nothing that was timed means anything. */
export class AnswersDiffer extends Error {}

export const LEAST_ROUNDS = 5;

/**
 * Times contenders in alternation.
 * @param rounds  at least LEAST_ROUNDS
 * @throws AnswersDiffer where a round's checksum is not the expected one
 */
export async function measure(
  question: string,
  // each contender knows its own kind of answers
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  contenders: readonly Contender<any>[],
  rounds = LEAST_ROUNDS,
): Promise<Timing[]> {
  if (rounds < LEAST_ROUNDS)
    throw new Error(`${question}: ${rounds} rounds, ${LEAST_ROUNDS} are the fewest that mean anything`);
  const samples: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { name, jobs, work, checksum, expected }] of contenders.entries()) {
      let answers: unknown;
      const ms = await once(name, async () => {
        const given: unknown = work(round);
        answers = given instanceof Promise ? await given : given;
      });
      samples[i].push(ms / jobs);
      const sum = checksum(answers, round);
      const right = expected(round);
      if (sum !== right)
        throw new AnswersDiffer(`${question}, round ${round}: ${name} gives ${sum}, expected ${right}`);
    }
  }
  return contenders.map(({ name, jobs }, i) => timingOf(name, jobs, samples[i]));
}

/** Times of single runs of something that has no contender, in ms. */
export async function timesOf(
  name: string,
  runs: number,
  work: (run: number) => Promise<void> | void,
): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) samples.push(await once(name, async () => work(run)));
  return samples;
}

/** Time of one call by tinybench, in ms; nothing is run before it or twice. */
async function once(name: string, work: () => Promise<void>): Promise<number> {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
  bench.add(name, work, { async: true });
  await bench.run();
  const { result } = bench.tasks[0];
  if (!('latency' in result)) throw new Error(`${name} did not run`, { cause: result });
  return result.latency.min;
}

export function timingOf(name: string, jobsPerRound: number, samplesMs: readonly number[]): Timing {
  return {
    name,
    jobsPerRound,
    rounds: samplesMs.length,
    minMs: quantile(samplesMs, 0),
    medianMs: quantile(samplesMs, 0.5),
  };
}

/** The smallest value that at least this share of the values does not exceed; the minimum for 0. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * Compares answers to the same inputs, one by one.
 * @returns how many were compared, and their sum, for the table
 * @throws AnswersDiffer naming the first difference
 */
export function compareAnswers(
  question: string,
  [subject, answers]: readonly [name: string, answers: ArrayLike<number>],
  others: readonly (readonly [name: string, answers: ArrayLike<number>])[],
): string {
  let sum = 0;
  for (let i = 0; i < answers.length; i++) sum += answers[i];
  for (const [name, theirs] of others) {
    for (let i = 0; i < theirs.length; i++) {
      if (theirs[i] === answers[i]) continue;
      throw new AnswersDiffer(
        `${question}: answer ${i} is ${answers[i]} by ${subject} and ${theirs[i]} by ${name}`,
      );
    }
  }
  const counts = others.map(([name, theirs]) => `${name} ${count(theirs.length)}`).join(', ');
  return `equal answers: ${counts}; checksum ${sum}`;
}

/** Sum of answers, exact: times of a bench stay far below 2^53. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** A count with thousands separated. */
export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
