/**
 * How often intervals of batch means hold the truth, with what is to be expected worked out before any number is drawn.
 *
 * Streams of normal values whose correlation is known: batch means have a known variance and known covariances, so that
 * the expected squared standard error is a known share c of the true variance of the mean (Law and Kelton 1984, Oper. Res.
 * 32; Schmeiser 1982, Oper. Res. 30), and the interval covers like Student's t cut at t x sqrt c. A waiting line has
 * skewed batches too, for which there is no such formula: its coverage is that of README, from 10,000 runs of seed 2.
 *
 * Each band is the binomial one of 99.9 % around the expected share, for seed 1.
 */
import { describe, expect, it } from 'vitest';
import { erlangC, meanWaitMMc } from '../../engine/analytic/erlang.ts';
import {
  meanOverReplications,
  ratioOverReplications,
  shareOverReplications,
} from '../../engine/results/interval.ts';
import { checkBatches } from '../../engine/results/steady-state.ts';
import { normalQuantile } from '../../engine/rng.ts';
import { studentTwoSided, studentWithin } from '../../engine/student.ts';
import {
  autoregression,
  type Autoregression,
  type Batches,
  coverage,
  waitingLine,
} from '../support/batch-studies.ts';

const RUNS = 3000;
const SEED = 1;
const STREAM: Autoregression = { correlation: 0.5, batches: 30, perBatch: 40, warmUp: 40, startsAt: 0 };

/** Variance of the mean of n successive values of noise 1: gamma0 / n (1 + 2 sum (1 - k / n) correlation^k). */
function varianceOfMean(n: number, correlation: number): number {
  const gamma0 = 1 / (1 - correlation * correlation);
  let total = 1;
  for (let k = 1, power = correlation; k < n; k++, power *= correlation) total += 2 * (1 - k / n) * power;
  return (gamma0 * total) / n;
}

/** Expected coverage of the 95 % interval: E s^2 = B / (B - 1) (Var of a batch - Var of all), a chi-square law taken for s^2. */
function expectedCoverage({ correlation, batches, perBatch }: Autoregression): number {
  const ofAll = varianceOfMean(batches * perBatch, correlation);
  const squaredError = (varianceOfMean(perBatch, correlation) - ofAll) / (batches - 1);
  return studentWithin(studentTwoSided(0.95, batches - 1) * Math.sqrt(squaredError / ofAll), batches - 1);
}

/** @param known  runs that the expected share was itself measured in */
const band = (expected: number, runs: number, known = Infinity): [number, number] => {
  const half = normalQuantile(0.9995) * Math.sqrt(expected * (1 - expected) * (1 / runs + 1 / known));
  return [expected - half, expected + half];
};

function expectWithin(share: number, expected: number, runs = RUNS, known = Infinity): void {
  const [low, high] = band(expected, runs, known);
  expect(share).toBeGreaterThan(low);
  expect(share).toBeLessThan(high);
}

/** The engine's interval; means are moved away from 0, at which it would be cut. */
const LEVEL = 1000;
const byBatches = ({ sums, counts }: Batches) =>
  meanOverReplications(
    sums.map((total, batch) => LEVEL + total / counts[batch]),
    sums.length,
  ).ci95;
const covers = (stream: Autoregression, interval: (batches: Batches) => [number, number] | null) =>
  coverage(LEVEL, RUNS, (run) => interval(autoregression(SEED, run, stream)));

describe('intervals by batches of a stream whose correlation is known', () => {
  it.each([
    [
      'independent values, for which the interval is exact',
      { ...STREAM, correlation: 0, batches: 10, perBatch: 1 },
      0.95,
    ],
    ['as few batches as may be', { ...STREAM, batches: 10 }, 0.9468],
    ['as many batches as are usual', STREAM, 0.9463],
    ['short batches, too much alike', { ...STREAM, perBatch: 10 }, 0.9331],
  ])(
    'cover as theory says: %s',
    (_, stream, about) => {
      const expected = expectedCoverage(stream);
      expect(expected).toBeCloseTo(about, 3);
      expectWithin(covers(stream, byBatches), expected);
    },
    20_000,
  );

  it('would fail these tests with values in place of batches', () => {
    const stream = { ...STREAM, batches: 10 };
    const share = covers(
      stream,
      ({ values }) =>
        meanOverReplications(
          values.map((value) => LEVEL + value),
          values.length,
        ).ci95,
    );
    // standard errors too short by sqrt((1 + 0.5) / (1 - 0.5)): P(|Z| < 1.96 / sqrt 3) = 0.742
    expectWithin(share, 0.742);
    expect(share).toBeLessThan(band(expectedCoverage(stream), RUNS)[0]);
  }, 20_000);

  it("would fail them with the normal law in place of Student's", () => {
    const stream = { ...STREAM, batches: 10 };
    const narrower = normalQuantile(0.975) / studentTwoSided(0.95, 9);
    const share = covers(stream, (batches) => {
      const [low, high] = byBatches(batches)!;
      const [centre, half] = [(low + high) / 2, ((high - low) / 2) * narrower];
      return [centre - half, centre + half];
    });
    expect(share).toBeLessThan(band(expectedCoverage(stream), RUNS)[0]);
  }, 20_000);

  it('would fail them without a warm-up: one batch far off makes the interval wide, and it lies in the wrong place', () => {
    const stream = { ...STREAM, batches: 10, warmUp: 0, startsAt: -50 };
    const share = covers(stream, byBatches);
    expect(share).toBeGreaterThan(band(expectedCoverage(stream), RUNS)[1]);
    let below = 0;
    for (let run = 0; run < 500; run++) {
      const [low, high] = byBatches(autoregression(SEED, run, stream))!;
      if (low + high < 2 * LEVEL) below++;
    }
    // a start of -50 adds up to -50, so 400 values have -0.125 in the mean, 1.25 of its standard errors: P(Z < 1.25)
    expectWithin(below / 500, 0.8944, 500);
    expectWithin(covers({ ...stream, warmUp: 40 }, byBatches), expectedCoverage(stream));
  }, 20_000);

  it('are found out by the check of batches where these are much too short', () => {
    const stream = { ...STREAM, correlation: 0.9, perBatch: 10 };
    const runs = 300;
    let correlated = 0;
    for (let run = 0; run < runs; run++) {
      const { sums } = autoregression(SEED, run, stream);
      if (checkBatches([sums])!.correlated) correlated++;
    }
    expect(correlated / runs).toBeGreaterThan(0.8);
    expect(covers(stream, byBatches)).toBeCloseTo(expectedCoverage(stream), 1); // 0.78; s^2 is no chi-square any more
  }, 20_000);
});

describe('intervals by batches of a real waiting line, M/M/9 at load 0.7', () => {
  const LOAD = 6.3;
  const RUNS_OF_LINE = 1000;
  const line = (callsPerBatch: number) => {
    const batchLength = callsPerBatch / LOAD;
    return { servers: 9, load: LOAD, batches: 30, batchLength, warmUp: batchLength };
  };

  it.each([
    [100, 0.8497, 0.9215],
    [300, 0.9024, 0.9386],
  ])(
    'cover as README says, which is less often than in 95 of 100 runs: 30 batches of %i calls',
    (callsPerBatch, ofWait, ofShare) => {
      let nWait = 0;
      let nShare = 0;
      const truth = { wait: meanWaitMMc(9, LOAD, 1), share: erlangC(9, LOAD) };
      for (let run = 0; run < RUNS_OF_LINE; run++) {
        const { sums, counts, hits } = waitingLine(SEED, run, line(callsPerBatch));
        const wait = ratioOverReplications(sums, counts, 1).ci95!;
        const share = shareOverReplications(hits, counts).ci95!;
        if (wait[0] <= truth.wait && truth.wait <= wait[1]) nWait++;
        if (share[0] <= truth.share && truth.share <= share[1]) nShare++;
      }
      expectWithin(nWait / RUNS_OF_LINE, ofWait, RUNS_OF_LINE, 10_000);
      expectWithin(nShare / RUNS_OF_LINE, ofShare, RUNS_OF_LINE, 10_000);
    },
    20_000,
  );

  it('cover far less with calls in place of batches', () => {
    const truth = meanWaitMMc(9, LOAD, 1);
    const share = coverage(truth, 200, (run) => {
      const { values } = waitingLine(SEED, run, line(300));
      return meanOverReplications(values, values.length).ci95;
    });
    expect(share).toBeLessThan(0.6);
  }, 20_000);
});
