import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  busyServers,
  erlangB,
  erlangC,
  meanWaitMG1,
  meanWaitMMc,
  meanWaitsByPriorityMG1,
  meanWaitsByPriorityMMc,
  waitQuantileMMc,
  waitTailMMc,
} from '../../engine/analytic/erlang.ts';
import { describeWithData } from '../support/shared-data.ts';

it.each([
  // load per unit, Erlang B, Erlang C, mean wait over mean service; 9 units
  [0.3, 0.001413, 0.002017, 0.00032],
  [0.5, 0.023567, 0.04605, 0.010233],
  [0.7, 0.088505, 0.24452, 0.090563],
])('gives the known loss, share waiting and mean wait of 9 units at load %d', (load, lost, waits, wait) => {
  expect(erlangB(9, 9 * load)).toBeCloseTo(lost, 6);
  expect(erlangC(9, 9 * load)).toBeCloseTo(waits, 6);
  expect(meanWaitMMc(9, 9 * load, 1)).toBeCloseTo(wait, 6);
});

it('gives the known share waiting of 80 units at load 0.7', () => {
  expect(erlangC(80, 56)).toBeCloseTo(0.001595, 6);
});

it('agrees with the sums that define Erlang B and C', () => {
  for (const [servers, load] of [
    [1, 0.2],
    [3, 2.5],
    [12, 7.25],
    [20, 30],
  ]) {
    let term = 1;
    let sum = 1;
    for (let k = 1; k <= servers; k++) sum += term *= load / k;
    expect(erlangB(servers, load)).toBeCloseTo(term / sum, 12);
    if (load >= servers) continue;
    const queued = (term * servers) / (servers - load);
    expect(erlangC(servers, load)).toBeCloseTo(queued / (sum - term + queued), 12);
  }
});

it('holds for 100,000 servers, where factorials overflow', () => {
  expect(erlangB(100_000, 100_000)).toBeCloseTo(Math.sqrt(2 / (Math.PI * 100_000)), 5);
  expect(busyServers(2000, 1500, Infinity).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
});

it('says that waits have no end once the load reaches the servers', () => {
  expect([meanWaitMMc(3, 3, 1), waitTailMMc(3, 4, 1, 100), meanWaitMG1(1, 1, 0)]).toEqual([
    Infinity,
    1,
    Infinity,
  ]);
  expect(erlangC(3, 3)).toBe(1);
});

it('spreads waits exponentially: the mean is the area under the tail, and a quantile is where the tail is', () => {
  let area = 0;
  const stepS = 0.001;
  for (let at = stepS / 2; at < 30; at += stepS) area += stepS * waitTailMMc(4, 3, 1, at);
  expect(area).toBeCloseTo(meanWaitMMc(4, 3, 1), 6);
  const p90 = waitQuantileMMc(4, 3, 1, 0.9);
  expect(waitTailMMc(4, 3, 1, p90)).toBeCloseTo(0.1, 12);
  expect(waitQuantileMMc(4, 3, 1, 0.3)).toBe(0);
});

it('has the busy servers of a room for some: none is Erlang B, endless is Erlang C, and one place lies between', () => {
  expect(busyServers(5, 4, 0)[5]).toBeCloseTo(erlangB(5, 4), 12);
  expect(busyServers(5, 4, Infinity)[5]).toBeCloseTo(erlangC(5, 4), 12);
  // M/M/1/2 by hand: 1, a, a^2
  expect([...busyServers(1, 0.5, 1)]).toEqual([expect.closeTo(1 / 1.75), expect.closeTo(0.75 / 1.75)]);
  expect(busyServers(3, 0, 0)[0]).toBe(1);
});

it('knows M/M/1, M/D/1 and priorities as special cases of M/G/1', () => {
  expect(meanWaitMG1(0.8, 1, 1)).toBeCloseTo(meanWaitMMc(1, 0.8, 1), 12);
  expect(meanWaitMG1(0.8, 1, 0)).toBeCloseTo(meanWaitMMc(1, 0.8, 1) / 2, 12);
  // RELIABILITY: rates 0.2 and 0.6, one server: 2.0 and 6.0 in the system
  const waits = meanWaitsByPriorityMMc(1, [0.2, 0.6], 1);
  expect(waits).toEqual([expect.closeTo(1, 12), expect.closeTo(5, 12)]);
  const oneByOne = [0.2, 0.6].map((arrivalRate) => ({ arrivalRate, meanService: 1, serviceCv: 1 }));
  expect(meanWaitsByPriorityMG1(oneByOne)).toEqual(waits.map((wait) => expect.closeTo(wait, 12) as number));
});

it('shares waits between priorities without making or losing any (conservation law of Kleinrock)', () => {
  const rates = [1.1, 0.7, 0.4];
  const all = rates.reduce((sum, rate) => sum + rate);
  const waits = meanWaitsByPriorityMMc(3, rates, 0.9);
  const mean = waits.reduce((sum, wait, k) => sum + (wait * rates[k]) / all, 0);
  expect(mean).toBeCloseTo(meanWaitMMc(3, all, 0.9), 12);
  expect(waits[0]).toBeLessThan(waits[1]);
});

interface Published {
  items: {
    id: string;
    published: Record<string, number>;
    part_b: { published: { Wq1_min: number } };
    cases: {
      name: string;
      s: number;
      arrival_per_h?: number;
      service_per_h?: number;
      arrival_per_min?: number;
      arrival_per_yr?: number;
      service_per_yr?: number;
      published: Record<string, number>;
    }[];
  }[];
}

describeWithData('published queueing values', (data) => {
  const { items } = JSON.parse(
    readFileSync(join(data, 'queueing/published-queueing-values.json'), 'utf8'),
  ) as Published;
  const item = (id: string) => items.find((one) => one.id === id)!;

  it('gives the waits of the MIT quiz of 2003: two priorities, deterministic service', () => {
    const { published, part_b: overloaded } = item('urban-or-quiz2-2003-p1');
    const classes = (perHour: number) => [
      { arrivalRate: perHour / 60, meanService: 1, serviceCv: 0 },
      { arrivalRate: perHour / 60, meanService: 3, serviceCv: 0 },
    ];
    const waits = meanWaitsByPriorityMG1(classes(12));
    expect(waits[0]).toBeCloseTo(published.Wq1_min, 12);
    expect(waits[1]).toBeCloseTo(published.Wq2_min, 12);
    expect((waits[0] + waits[1]) / 2).toBeCloseTo(published.Wq_priority_average_min, 12);
    // first come, first served: one class of mean 2 and second moment (1 + 9) / 2
    expect(meanWaitMG1(24 / 60, 2, Math.sqrt(5 / 4 - 1))).toBeCloseTo(published.Wq_FCFS_min, 12);
    expect(meanWaitsByPriorityMG1(classes(20))).toEqual([
      expect.closeTo(overloaded.published.Wq1_min, 12),
      Infinity,
    ]);
  });

  it('gives the examples of Bronson 1982', () => {
    const found = Object.fromEntries(item('bronson-mms').cases.map((one) => [one.name, one]));
    // rates in one unit for all: per hour, hour, minute, day
    const rates: Record<string, [number, number, number]> = {
      '23.3': [1, 24, 30],
      '23.14': [1, 30, 40],
      '23.16': [1, 1, 4 / 3],
      '24.6': [3, 300 / 365, 0.5],
    };
    for (const [name, [servers, arrivalRate, serviceRate]] of Object.entries(rates)) {
      const { published } = found[name];
      const wait = meanWaitMMc(servers, arrivalRate, serviceRate);
      const idle = busyServers(servers, arrivalRate / serviceRate, Infinity)[0];
      const of: Record<string, number> = {
        L: arrivalRate * (wait + 1 / serviceRate),
        Lq: arrivalRate * wait,
        W_h: wait + 1 / serviceRate,
        W_min: wait + 1 / serviceRate,
        W_d: wait + 1 / serviceRate,
        Wq_min: name === '23.14' ? 60 * wait : wait,
        Wq_d: wait,
        p0: idle,
      };
      for (const [figure, value] of Object.entries(published)) {
        if (figure === 'p0_as_printed') continue; // disagrees with 1 - rho, says the file
        expect(of[figure] / value, `${name} ${figure}`).toBeCloseTo(1, 2);
      }
    }
  });
});
