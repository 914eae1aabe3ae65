/**
 * The drawn calls against the law they are drawn from. Seeds are fixed, so a test passes or fails for good; bounds are
 * quantiles that a right generator misses once in ten thousand.
 */
import { describe, expect, it } from 'vitest';
import { demandAtomsOf } from '../../engine/analytic/atoms.ts';
import { potentialCoverage } from '../../engine/city/potential.ts';
import { checkCallTable } from '../../engine/demand/demand.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { demandAtoms } from '../../engine/placement/request.ts';
import { HOURS_PER_WEEK, MS_PER_DAY, MS_PER_HOUR, NONE } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import {
  type Call,
  category,
  cell,
  chiSquare,
  chiSquareBound,
  cityOf,
  draw,
  type Given,
  histogram,
  mean,
  ROADS,
  rowsOf,
  variance,
} from './demand-town.ts';

describe('when calls come', () => {
  const rates = Array.from({ length: HOURS_PER_WEEK }, (_, hour) =>
    hour % 7 === 3 ? 0 : 1 + (hour % 24) / 4,
  );

  it('as often in each hour of the week as its rate says: chi-square over 168 hours, 60 weeks', async () => {
    const city = await cityOf({ sources: [{ where: ROADS, callsPerHour: rates }] });
    const hours = draw(city, 60).map(({ occurredMs }) => Math.floor(occurredMs / MS_PER_HOUR));
    const counts = histogram(hours, HOURS_PER_WEEK);
    rates.forEach((rate, hour) => rate === 0 && expect(counts[hour]).toBe(0));
    const busy = rates.flatMap((rate, hour) => (rate > 0 ? [hour] : []));
    const statistic = chiSquare(
      busy.map((hour) => counts[hour]),
      busy.map((hour) => 60 * rates[hour]),
    );
    expect(statistic).toBeLessThan(chiSquareBound(busy.length));
    expect(statistic).toBeGreaterThan(busy.length / 2); // nor too regular to be random
  });

  it('in hours that are Poisson: the variance of their number is its mean, and 0, 1, 2… follow the law', async () => {
    const city = await cityOf({ sources: [{ where: ROADS, callsPerHour: 2 }] });
    const perHour = Array.from({ length: 40 }, (_, r) =>
      histogram(
        rowsOf(drawCalls(city, r + 1)).map(({ occurredMs }) => Math.floor(occurredMs / MS_PER_HOUR)),
        HOURS_PER_WEEK,
      ),
    ).flat();
    const n = perHour.length;
    expect(Math.abs(mean(perHour) - 2)).toBeLessThan(3.9 * Math.sqrt(2 / n));
    expect(Math.abs(variance(perHour) - 2)).toBeLessThan(3.9 * Math.sqrt((2 + 2 * 4) / n));
    const law = [0, 1, 2, 3, 4, 5, 6].map((k) => (Math.exp(-2) * 2 ** k) / [1, 1, 2, 6, 24, 120, 720][k]);
    law.push(1 - law.reduce((sum, p) => sum + p, 0));
    const counts = histogram(
      perHour.map((k) => Math.min(7, k)),
      8,
    );
    expect(
      chiSquare(
        counts,
        law.map((p) => p * n),
      ),
    ).toBeLessThan(chiSquareBound(7));
  });

  it('anywhere within an hour alike, to the millisecond', async () => {
    const city = await cityOf({ sources: [{ where: ROADS, callsPerHour: 20 }] });
    const within = draw(city, 5).map(({ occurredMs }) => occurredMs % MS_PER_HOUR);
    const counts = histogram(
      within.map((ms) => Math.floor(ms / 60_000)),
      60,
    );
    const expected = counts.map(() => within.length / 60);
    expect(chiSquare(counts, expected)).toBeLessThan(chiSquareBound(59));
    expect(within.filter((ms) => ms % 1000 !== 0).length).toBeGreaterThan(0.99 * within.length);
  });

  it("by the hour of week of the start: a run from Wednesday 13:00 draws Wednesday's rates", async () => {
    const onlyWednesdayAt13 = rates.map((_, hour) => (hour === 2 * 24 + 13 ? 30 : 0));
    const sources = [{ where: ROADS, callsPerHour: onlyWednesdayAt13 }];
    const city = await cityOf({ sources, run: { start: '2026-03-04T13:00', durationS: 2 * 86_400 } });
    const calls = draw(city, 3);
    expect(calls.length).toBeGreaterThan(60);
    expect(calls.every(({ occurredMs }) => occurredMs >= 0 && occurredMs < MS_PER_HOUR)).toBe(true);
  });

  it('within the run only when it starts and ends inside an hour', async () => {
    const run = { start: '2026-03-04T13:20', durationS: 3600, warmUpS: 600 };
    const sources = [{ where: ROADS, callsPerHour: [...rates.slice(0, 61), 60, 120, ...rates.slice(63)] }];
    const city = await cityOf({ sources, run }); // Wednesday 13:00 is hour 61: 60 calls; then 120
    const calls = draw(city, 100);
    expect(Math.min(...calls.map(({ occurredMs }) => occurredMs))).toBeGreaterThanOrEqual(-600_000);
    expect(Math.max(...calls.map(({ occurredMs }) => occurredMs))).toBeLessThan(3_600_000);
    const early = calls.filter(({ occurredMs }) => occurredMs < 40 * 60_000).length; // 13:10 to 14:00
    const late = calls.length - early; // 14:00 to 14:20
    expect(Math.abs(early - 100 * 50)).toBeLessThan(3.9 * Math.sqrt(100 * 50));
    expect(Math.abs(late - 100 * 40)).toBeLessThan(3.9 * Math.sqrt(100 * 40));
  });
});

describe('too many calls', () => {
  it('end the run before memory is taken for them, with the scenario and what to look at', async () => {
    const city = await cityOf({});
    const sources = city.sources.map((source) => ({ ...source, callsPerHour: Array<number>(168).fill(3e7) }));
    expect(() => drawCalls({ ...city, sources }, 1)).toThrow(
      /^scenario.json \/demand: draws more than 10000000 calls in a replication.*too high\?$/,
    );
  });
});

describe('where calls come', () => {
  it('anywhere along the roads alike: by length over streets, and uniform within a street', async () => {
    const city = await cityOf({ sources: [{ where: ROADS, callsPerHour: 40 }] });
    const { graph } = city;
    const calls = draw(city, 3);
    const lengths = [...graph.segmentLengthMm];
    const total = lengths.reduce((sum, mm) => sum + mm, 0);
    const bySegment = histogram(
      calls.map(({ segment }) => segment),
      graph.nSegments,
    );
    expect(
      chiSquare(
        bySegment,
        lengths.map((mm) => (calls.length * mm) / total),
      ),
    ).toBeLessThan(chiSquareBound(graph.nSegments - 1));
    const tenth = histogram(
      calls.map(({ segment, offsetMm }) => Math.floor((10 * offsetMm) / lengths[segment])),
      10,
    );
    expect(
      chiSquare(
        tenth,
        tenth.map(() => calls.length / 10),
      ),
    ).toBeLessThan(chiSquareBound(9));
    expect(calls.every(({ segment, offsetMm }) => offsetMm >= 0 && offsetMm <= lengths[segment])).toBe(true);
  });

  const zones = [
    { id: 'west', class: 'core', polygon: [box(-1, -1, 3, 4)] },
    { id: 'north', class: 'key', polygon: [box(-1, -1, 20, 2)] },
  ];

  it('within its zone for a source of a zone: uniform over the road length in it, and only there', async () => {
    const city = await cityOf({
      zones,
      sources: [{ where: { type: 'zone', zone: 'west' }, callsPerHour: 20 }],
    });
    const calls = draw(city, 2);
    const { stretches, cumulativeMm } = city.sources[0];
    const lengthMm = cumulativeMm[stretches.length];
    const along = calls.map(({ segment, offsetMm, zone }) => {
      expect(zone).toBe(0);
      const i = stretches.findIndex(
        (s) => s.segment === segment && offsetMm >= s.fromMm && offsetMm < s.toMm,
      );
      expect(i).toBeGreaterThanOrEqual(0);
      return (cumulativeMm[i] + offsetMm - stretches[i].fromMm) / lengthMm;
    });
    const counts = histogram(
      along.map((share) => Math.floor(20 * share)),
      20,
    );
    expect(
      chiSquare(
        counts,
        counts.map(() => calls.length / 20),
      ),
    ).toBeLessThan(chiSquareBound(19));
  });

  it('over all zones as long as their roads for a source of all roads, with the zone of each place', async () => {
    const city = await cityOf({ zones, sources: [{ where: ROADS, callsPerHour: 20 }] });
    const calls = draw(city, 2);
    const lengths = city.zones.map((zone) => zone.lengthMm);
    const total = [...city.graph.segmentLengthMm].reduce((sum, mm) => sum + mm, 0);
    lengths.push(total - lengths[0] - lengths[1]);
    const counts = histogram(
      calls.map(({ zone }) => (zone === NONE ? 2 : zone)),
      3,
    );
    expect(
      chiSquare(
        counts,
        lengths.map((mm) => (calls.length * mm) / total),
      ),
    ).toBeLessThan(chiSquareBound(2));
  });

  it('at each place alike for a source of places', async () => {
    const cells = [cell(1, 1), cell(5, 1), cell(6, 2), cell(9, 3), cell(4, 3)];
    const city = await cityOf({
      zones,
      sources: [{ where: { type: 'places', file: 'p.csv' }, callsPerHour: 10 }],
      files: { 'p.csv': `lon,lat\n${cells.join('\n')}\n` },
    });
    const { places, placeZone } = city.sources[0];
    const calls = draw(city, 2);
    const which = calls.map(({ segment, offsetMm, zone }) => {
      const i = places.findIndex((p) => p.segment === segment && p.offsetMm === offsetMm);
      expect(zone).toBe(placeZone[i]);
      return i;
    });
    const counts = histogram(which, places.length);
    expect(
      chiSquare(
        counts,
        counts.map(() => calls.length / places.length),
      ),
    ).toBeLessThan(chiSquareBound(places.length - 1));
    expect(new Set(placeZone)).toEqual(new Set([0, 1, NONE]));
  });
});

describe('places with weights', () => {
  const [a, b, c, d] = [cell(1, 1), cell(5, 1), cell(6, 2), cell(9, 3)].map(String);
  const ofFile = (header: string, rows: readonly string[], callsPerHour = 10) =>
    cityOf({
      sources: [
        {
          where: {
            type: 'places',
            file: 'p.csv',
            ...(header.includes('weight') ? { weightColumn: 'weight' } : {}),
          },
          callsPerHour,
        },
      ],
      files: { 'p.csv': `${header}\n${rows.join('\n')}\n` },
    });
  const at = ({ segment, offsetMm }: { segment: number; offsetMm: number }): string =>
    `${segment}:${offsetMm}`;
  const perPlace = (calls: ReturnType<typeof draw>): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const call of calls) counts.set(at(call), (counts.get(at(call)) ?? 0) + 1);
    return counts;
  };

  it('have as many calls as if they stood as often in the file: the same ones where the rows follow each other', async () => {
    const weighted = await ofFile('lon,lat,weight', [`${a},2`, `${b},1`, `${c},4`, `${d},1`]);
    const listed = await ofFile('lon,lat', [a, a, b, c, c, c, c, d]);
    expect(draw(weighted, 3)).toEqual(draw(listed, 3));
  });

  it('have as many calls in distribution wherever the rows stand: chi-square of both against the weights', async () => {
    const weights = [2, 1, 4, 1];
    const weighted = await ofFile(
      'lon,lat,weight',
      [a, b, c, d].map((place, i) => `${place},${weights[i]}`),
    );
    const listed = await ofFile('lon,lat', [c, a, d, c, b, c, a, c]);
    const keys = weighted.sources[0].places.map(at);
    for (const city of [weighted, listed]) {
      const calls = draw(city, 3);
      const counts = perPlace(calls);
      expect(counts.size).toBe(4);
      expect(
        chiSquare(
          keys.map((key) => counts.get(key)!),
          weights.map((weight) => (calls.length * weight) / 8),
        ),
      ).toBeLessThan(chiSquareBound(3));
    }
  });

  it('may be any numbers above 0: only their ratio counts, also of tiny and of huge ones', async () => {
    const inRatio = async (weights: readonly string[]) =>
      draw(
        await ofFile(
          'lon,lat,weight',
          [a, b, c].map((place, i) => `${place},${weights[i]}`),
        ),
        2,
      );
    const whole = await inRatio(['2', '1', '5']);
    for (const scale of [
      ['0.2', '0.1', '0.5'],
      ['2e-9', '1e-9', '5e-9'],
      ['2e11', '1e11', '5e11'],
    ])
      expect(await inRatio(scale)).toEqual(whole);
    const rare = perPlace(await inRatio(['1e-12', '1', '1']));
    expect(rare.size).toBe(2);
  });

  it('that are all equal give the bytes of a file without weights', async () => {
    const rows = [a, b, c, d];
    const plain = draw(await ofFile('lon,lat', rows), 3);
    for (const weight of [1, 0.3, 7])
      expect(
        draw(
          await ofFile(
            'lon,lat,weight',
            rows.map((row) => `${row},${weight}`),
          ),
          3,
        ),
      ).toEqual(plain);
  });

  it('count by weight in potential coverage, placement and theory too', async () => {
    const weighted = await ofFile('lon,lat,weight', [`${a},3`, `${b},1`]);
    const listed = await ofFile('lon,lat', [a, a, a, b]);
    const [byWeight, byRows] = [weighted, listed].map((city) => ({
      potential: potentialCoverage(city, [30_000]).map(({ callsPerHour, shares }) => [callsPerHour, shares]),
      placement: demandAtoms(city).map(({ position, weight }) => [at(position), Number(weight.toFixed(12))]),
    }));
    expect(byWeight).toEqual(byRows);
    const shares = ({ positions, parts }: ReturnType<typeof demandAtomsOf>) => {
      const sums = new Map<string, number>();
      for (const { place, share } of parts)
        sums.set(at(positions[place]), (sums.get(at(positions[place])) ?? 0) + share);
      return [...sums];
    };
    expect(shares(demandAtomsOf(weighted))).toEqual(shares(demandAtomsOf(listed)));
    expect(shares(demandAtomsOf(weighted, 1))).toEqual([[at(weighted.sources[0].places[0]), 1]]);
  });
});

describe('what calls are', () => {
  const categories = [
    category('constant', 1, { type: 'constant', mean: 90.5 }),
    category('exponential', 2, { type: 'exponential', mean: 600 }),
    category('never', 0, { type: 'constant', mean: 1 }),
    category('lognormal', 5, { type: 'lognormal', mean: 900, cv: 0.7 }),
  ];

  it('categories by their shares, for each source by its own', async () => {
    const city = await cityOf({
      categories,
      sources: [
        { where: ROADS, callsPerHour: 20 },
        { where: ROADS, callsPerHour: 10, categoryShares: { lognormal: 0, never: 3, constant: 3 } },
      ],
    });
    const calls = draw(city, 3);
    const counts = histogram(
      calls.map((call) => call.category),
      4,
    );
    // 20 x (1, 2, 0, 5) / 8 and 10 x (3, 2, 3, 0) / 8 calls an hour
    const rates = [20 / 8 + 30 / 8, 40 / 8 + 20 / 8, 30 / 8, 100 / 8].map((rate) => 3 * 168 * rate);
    expect(chiSquare(counts, rates)).toBeLessThan(chiSquareBound(4));

    const one = await cityOf({ categories, sources: [{ where: ROADS, callsPerHour: 20 }] });
    expect(draw(one, 1).some((call) => call.category === 2)).toBe(false);
  });

  it('time on scene by mean and spread: constant, exponential, lognormal', async () => {
    const city = await cityOf({ categories, sources: [{ where: ROADS, callsPerHour: 50 }] });
    const calls = draw(city, 4);
    const seconds = (which: number): number[] =>
      calls.filter((call) => call.category === which).map((call) => call.onSceneMs / 1000);
    expect(new Set(seconds(0))).toEqual(new Set([90.5]));
    for (const [which, expected, cv] of [
      [1, 600, 1],
      [3, 900, 0.7],
    ]) {
      const times = seconds(which);
      expect(times.length).toBeGreaterThan(5000);
      const spread = expected * cv;
      expect(Math.abs(mean(times) - expected)).toBeLessThan((3.9 * spread) / Math.sqrt(times.length));
      expect(Math.abs(Math.sqrt(variance(times)) / mean(times) - cv)).toBeLessThan(0.06 * cv);
    }
    // medians tell the laws apart: mean x ln 2, and mean / sqrt(1 + cv^2)
    const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
    expect(median(seconds(1)) / (600 * Math.LN2)).toBeCloseTo(1, 1);
    expect(median(seconds(3)) / (900 / Math.sqrt(1.49))).toBeCloseTo(1, 1);
  });

  it('independent of each other: place, category and time on scene of a call say nothing of one another', async () => {
    const city = await cityOf({
      categories: [1, 2].map((n) => category(`c${n}`, 1, { type: 'exponential', mean: 600 })),
      sources: [{ where: ROADS, callsPerHour: 50 }],
    });
    const calls = draw(city, 2);
    const columns = [
      calls.map((call) => call.segment),
      calls.map((call) => call.offsetMm / city.graph.segmentLengthMm[call.segment]),
      calls.map((call) => call.category),
      calls.map((call) => call.onSceneMs),
      calls.map((call) => call.occurredMs % MS_PER_HOUR),
    ];
    for (let a = 0; a < columns.length; a++) {
      for (let b = 0; b < a; b++) {
        const [ma, mb] = [mean(columns[a]), mean(columns[b])];
        const covariance = mean(columns[a].map((value, i) => (value - ma) * (columns[b][i] - mb)));
        const correlation = covariance / Math.sqrt(variance(columns[a]) * variance(columns[b]));
        expect(Math.abs(correlation) * Math.sqrt(calls.length), `${a}, ${b}`).toBeLessThan(3.9);
      }
    }
  });
});

describe('the same calls, whatever else is asked', () => {
  const zones = [{ id: 'west', class: 'core', polygon: [box(-1, -1, 3, 4)] }];
  const west = { where: { type: 'zone', zone: 'west' }, callsPerHour: 3 };
  const roads = { where: ROADS, callsPerHour: 5 };
  const nothing = { where: ROADS, callsPerHour: 0 };
  const categories = [
    category('a', 1, { type: 'exponential', mean: 600 }),
    category('b', 2, { type: 'lognormal', mean: 60, cv: 1 }),
  ];
  const base = (more: Partial<Given> = {}) => cityOf({ zones, categories, sources: [west, roads], ...more });

  it('for the same seed and replication, others for another', async () => {
    const calls = drawCalls(await base(), 1);
    checkCallTable(calls, 2);
    expect(calls.nCalls).toBeGreaterThan(1000);
    expect(drawCalls(await base(), 1)).toEqual(calls);
    expect(drawCalls(await base(), 2)).not.toEqual(calls);
    expect(drawCalls(await base({ run: { seed: 136 } }), 1)).not.toEqual(calls);
    expect(drawCalls(await base({ run: { seed: '135' } }), 1)).toEqual(calls); // a seed is its text
  });

  it('when a source without calls stands in the middle, before or after', async () => {
    const calls = drawCalls(await base(), 1);
    for (const sources of [
      [west, nothing, roads],
      [nothing, west, roads],
      [west, roads, nothing],
    ]) {
      expect(drawCalls(await base({ sources }), 1)).toEqual(calls);
    }
  });

  it('when a source is added at the end: those of the others stay', async () => {
    const more = rowsOf(drawCalls(await base({ sources: [west, roads, { ...roads, callsPerHour: 2 }] }), 1));
    const kept = new Set(more.map((call) => JSON.stringify(call)));
    const calls = rowsOf(drawCalls(await base(), 1));
    expect(calls.every((call) => kept.has(JSON.stringify(call)))).toBe(true);
    expect(more.length).toBeGreaterThan(calls.length + 200);
  });

  it('when one hour gets another rate: those of all other hours stay', async () => {
    const rates = Array.from({ length: HOURS_PER_WEEK }, () => 5);
    const changed = rates.map((rate, hour) => (hour === 50 ? 40 : rate));
    const [before, after] = await Promise.all(
      [rates, changed].map(async (callsPerHour) =>
        rowsOf(drawCalls(await base({ sources: [west, { ...roads, callsPerHour }] }), 1)),
      ),
    );
    const elsewhere = ({ occurredMs }: Call): boolean => Math.floor(occurredMs / MS_PER_HOUR) !== 50;
    expect(after.filter(elsewhere)).toEqual(before.filter(elsewhere));
    expect(after.length).toBeGreaterThan(before.length + 10);
  });

  it('when units come and go', async () => {
    const units = [
      { id: 'one', at: 'A' },
      { id: 'two', at: 'F' },
    ];
    expect(drawCalls(await base({ units }), 1)).toEqual(drawCalls(await base(), 1));
  });

  it('when the run is longer: the earlier calls stay', async () => {
    const long = rowsOf(drawCalls(await base(), 1));
    for (const durationS of [86_400, 90_061]) {
      const short = rowsOf(drawCalls(await base({ run: { durationS } }), 1));
      expect(short).toEqual(long.filter(({ occurredMs }) => occurredMs < durationS * 1000));
      expect(short.length).toBeGreaterThan(100);
    }
  });

  it('when the warm-up is shorter or none: those of the run stay, those of the warm-up are negative', async () => {
    const calls = rowsOf(drawCalls(await base(), 1));
    const tables = await Promise.all(
      [86_400, 5400, 1].map(async (warmUpS) => ({
        warmUpS,
        drawn: rowsOf(drawCalls(await base({ run: { warmUpS } }), 1)),
      })),
    );
    for (const { warmUpS, drawn } of tables) {
      expect(drawn.filter(({ occurredMs }) => occurredMs >= 0)).toEqual(calls);
      const warm = drawn.filter(({ occurredMs }) => occurredMs < 0);
      expect(warm).toEqual(
        tables[0].drawn.filter(({ occurredMs }) => occurredMs < 0 && occurredMs >= -warmUpS * 1000),
      );
    }
    const nWarm = tables[0].drawn.length - calls.length;
    expect(Math.abs(nWarm - 24 * 8)).toBeLessThan(3.9 * Math.sqrt(24 * 8));
  });

  it('in order of time, and by source on a tie', async () => {
    // the first source has calls of the second category only, the second those of the first
    const only = (category: string) => ({
      where: ROADS,
      callsPerHour: 2000,
      categoryShares: { a: 0, b: 0, [category]: 1 },
    });
    const city = await base({ sources: [only('b'), only('a')], run: { durationS: 86_400 } });
    const calls = rowsOf(drawCalls(city, 1));
    let ties = 0;
    for (let i = 1; i < calls.length; i++) {
      const [before, call] = [calls[i - 1], calls[i]];
      expect(call.occurredMs).toBeGreaterThanOrEqual(before.occurredMs);
      if (call.occurredMs !== before.occurredMs) continue;
      ties++;
      expect(call.category).toBeLessThanOrEqual(before.category);
    }
    expect(ties).toBeGreaterThan(25);
    expect(calls.at(-1)!.occurredMs).toBeLessThan(MS_PER_DAY);
  });
});
