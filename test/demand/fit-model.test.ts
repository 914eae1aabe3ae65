import { describe, expect, it } from 'vitest';
import { demandBlock, USUAL_PRIORITY, withoutPriority } from '../../engine/demand/fit/demand-block.ts';
import { type DemandFit, fitDemand, type FitOptions } from '../../engine/demand/fit/fit.ts';
import { demandFitJson } from '../../engine/demand/fit/fit-json.ts';
import { findingLines } from '../../engine/demand/fit/fit-report.ts';
import { fitSvg } from '../../engine/demand/fit/fit-svg.ts';
import { logLikelihoodByWeek } from '../../engine/demand/fit/rate-model.ts';
import { windowOf } from '../../engine/demand/fit/window.ts';
import { InputError } from '../../engine/errors.ts';
import { toJsonText } from '../../engine/results/json.ts';
import type { CallFile } from '../../engine/scenario/calls-csv.ts';
import { demandSchema } from '../../engine/scenario/schema/demand.ts';
import { fixedZone } from '../../engine/scenario/time-zone.ts';
import { callFile, drawMadeUpCalls, MONDAY_MS } from './made-up-calls.ts';

const WEEK_MS = 168 * 3_600_000;
const BOX = { west: 10, south: 50, east: 10.1, north: 50.06 };
const options = (nWeeks: number, more: Partial<FitOptions> = {}): FitOptions => ({
  fromUtcMs: MONDAY_MS,
  toUtcMs: MONDAY_MS + nWeeks * WEEK_MS,
  splitUtcMs: null,
  places: { type: 'grid', cellM: 500, box: BOX },
  ...more,
});
/** A call in the west or the east of the box. */
const at = (isWest: boolean, u: () => number) => ({
  lon: (isWest ? 10.005 : 10.06) + 0.03 * u(),
  lat: 50.005 + 0.05 * u(),
});
const square = (west: number, east: number) => [
  [
    [
      { lon: west, lat: 50 },
      { lon: east, lat: 50 },
      { lon: east, lat: 50.06 },
      { lon: west, lat: 50.06 },
      { lon: west, lat: 50 },
    ],
  ],
];
const ZONES: FitOptions['places'] = {
  type: 'zones',
  zones: [
    { id: 'west', polygons: square(10, 10.05) },
    { id: 'east', polygons: square(10.05, 10.1) },
  ],
};
const daily = (hour: number): number => (hour % 24 < 8 ? 3 : 9);
const separable = (): CallFile =>
  drawMadeUpCalls(7, 12, daily, (_, u) => ({
    ...at(u() < 0.7, u),
    category: u() < 0.25 ? 'alarm' : 'theft',
  }));

const separableFit = fitDemand(separable(), options(12));
const splitFit = fitDemand(separable(), options(12, { splitUtcMs: MONDAY_MS + 8 * WEEK_MS }));

describe('a fit to calls of known rates', () => {
  it('finds rates and shares again, inside intervals that hold the truth 19 times in 20', () => {
    const fit = separableFit;
    expect(fit.model.type).toBe('same places at all hours');
    const missed = fit.rates.filter(
      // the hour at which rates jump is smoothed on purpose
      ({ ci95 }, hour) =>
        hour % 24 !== 7 && hour % 24 !== 8 && (ci95[0] > daily(hour) || ci95[1] < daily(hour)),
    );
    expect(missed.length).toBeLessThan(0.15 * 154);
    expect(fit.callsPerHour.ci95[0]).toBeLessThan(7);
    expect(fit.callsPerHour.ci95[1]).toBeGreaterThan(7);
    const theft = fit.kinds.find(({ id }) => id === 'theft')!;
    expect(theft.share.ci95[0]).toBeLessThan(0.75);
    expect(theft.share.ci95[1]).toBeGreaterThan(0.75);
    expect(fit.kinds.reduce((sum, { share }) => sum + share.n, 0)).toBe(fit.calls.n);
    const west = fit.placeRates.reduce((sum, { value }, cell) => (isWest(fit, cell) ? sum + value : sum), 0);
    const all = fit.placeRates.reduce((sum, { value }) => sum + value, 0);
    expect(west / all).toBeCloseTo(0.7, 1);
    expect(all).toBeCloseTo(
      fit.rates.reduce((sum, { value }) => sum + value, 0),
      6,
    );
  });

  it('varies as a Poisson process does, and more where some weeks are busier', () => {
    const calm = separableFit.dispersion;
    for (const index of [calm.hourlyAfterProfile, calm.dailyAfterProfile]) {
      expect(index.ci95[0]).toBeLessThan(1);
      expect(index.ci95[1]).toBeGreaterThan(0.9);
      expect(index.value).toBeLessThan(1.25);
    }
    // the profile alone: variance over mean is 1 + variance of the rate over its mean
    expect(calm.hourly.value).toBeCloseTo(1 + 8 / 7, 0);
    const busy = drawMadeUpCalls(
      2,
      12,
      (hour, week) => daily(hour) * (week % 3 === 0 ? 2 : 0.5),
      (_, u) => at(u() < 0.5, u),
    );
    const { dispersion } = fitDemand(busy, options(12));
    expect(dispersion.hourlyAfterProfile.ci95[0]).toBeGreaterThan(1.5);
    expect(dispersion.dailyAfterProfile.value).toBeGreaterThan(2 * dispersion.hourlyAfterProfile.value);
  });

  it('takes places by part of the week where calls move with the hour, and by category where categories differ', () => {
    const moving = drawMadeUpCalls(3, 12, daily, (hour, u) => at(u() < (hour % 24 < 12 ? 0.9 : 0.1), u));
    expect(fitDemand(moving, options(12)).model.type).toBe('places by part of the week');
    const apart = drawMadeUpCalls(4, 12, daily, (_, u) => {
      const isAlarm = u() < 0.5;
      return { ...at(isAlarm, u), category: isAlarm ? 'alarm' : 'theft' };
    });
    // alarms by day, thefts by night: where tells when
    const crossed = callFile(
      apart.calls.filter(({ category, utcMs }) => {
        const isDay = (utcMs / 3_600_000) % 24 >= 8;
        return (category === 'alarm') === isDay || utcMs % 5 === 0;
      }),
    );
    const { judged } = fitDemand(crossed, options(12));
    const byType = new Map(judged.map((model) => [model.type, model]));
    expect(byType.get('rates and places by category')!.gain).toBeGreaterThan(100);
    expect(byType.get('places by part of the week')!.gain).toBeGreaterThan(100);
  });

  it('keeps the simplest model where no other is better by two standard errors', () => {
    const { judged } = separableFit;
    expect(judged[0]).toMatchObject({ gain: 0, gainSe: 0, chosen: true });
    for (const { gain, gainSe } of judged.slice(1)) expect(gain).toBeLessThanOrEqual(2 * gainSe);
  });
});

describe('calls held out', () => {
  it('are likelier under the fit than under one rate, or under rates without places', () => {
    const fit = splitFit;
    const { scores, window } = fit.heldOut!;
    expect(window.nWeeks).toBe(4);
    expect(fit.window.nWeeks).toBe(8);
    expect(scores.overConstantRate.ci95[0]).toBeGreaterThan(0);
    expect(scores.overHoursWithoutPlaces.ci95[0]).toBeGreaterThan(0);
    expect(scores.fit.value - scores.constantRate.value).toBeCloseTo(scores.overConstantRate.value, 10);
    // the gain of knowing the hours: the entropy of the daily profile, for calls an hour of 3 and 9
    const gain = (3 * 8 * Math.log(3 / 7) + 9 * 16 * Math.log(9 / 7)) / (3 * 8 + 9 * 16);
    expect(scores.overConstantRate.value).toBeGreaterThan(0.8 * gain);
    expect(scores.overConstantRate.value).toBeLessThan(1.2 * gain);
  });

  it('are never looked at by the fit that foretells them', () => {
    const file = separable();
    const split = MONDAY_MS + 8 * WEEK_MS;
    const alone = fitDemand(callFile(file.calls.filter(({ utcMs }) => utcMs < split)), options(8));
    expect(splitFit.streams).toEqual(alone.streams);
  });

  it('score the sum of log rates at the calls less the calls expected', () => {
    const window = windowOf(fixedZone(0), MONDAY_MS, MONDAY_MS + 2 * WEEK_MS, 'calls.csv');
    const calls = {
      n: 3,
      hour: Int32Array.of(0, 5, 200),
      cell: Int32Array.of(0, 1, 1),
      category: new Uint16Array(3),
    };
    const byWeek = logLikelihoodByWeek(
      (hour, cell) => (hour + 1) * (cell + 1),
      (hour) => (hour < 24 ? 0.5 : 0.25),
      calls,
      window,
      () => true,
    );
    const expected = 24 * 0.5 + 144 * 0.25;
    expect(byWeek[0]).toBeCloseTo(Math.log(1) + Math.log(6 * 2) - expected, 12);
    expect(byWeek[1]).toBeCloseTo(Math.log(33 * 2) - expected, 12);
  });
});

describe('the demand of a scenario made of a fit', () => {
  const stated = {
    onSceneS: new Map([['', { type: 'exponential', mean: 900 } as const]]),
    priorities: new Map([
      ['alarm', 1],
      ['', 2],
    ]),
  };

  it('has the shape that scenarios have, the rates of the fit and the mix of its categories', () => {
    const fit = separableFit;
    const { demand, files } = demandBlock(fit, stated);
    expect(demandSchema.safeParse(demand).success).toBe(true);
    expect(demand.sources).toHaveLength(1);
    demand.sources[0].callsPerHour.forEach((rate, hour) =>
      expect(rate).toBeCloseTo(fit.rates[hour].value, 3),
    );
    expect(demand.categories.map(({ id, priority }) => [id, priority]).sort()).toEqual([
      ['alarm', 1],
      ['theft', 2],
    ]);
    expect(demand.sources[0].categoryShares.alarm).toBeCloseTo(0.25, 1);
    expect([...files.keys()]).toEqual(['places.csv']);
  });

  it('has places that are spread as the density is, to one part in 10,000 in each run of cells', () => {
    const fit = separableFit;
    const lines = demandBlock(fit, stated).files.get('places.csv')!.trim().split('\n').slice(1);
    const parts = new Float64Array(fit.places.n);
    for (const line of lines) {
      const [lon, lat, weight] = line.split(',').map(Number);
      parts[fit.places.cellOf(lon, lat)] += weight;
    }
    expect(parts.reduce((sum, weight) => sum + weight, 0)).toBe(10_000);
    let done = 0;
    let placed = 0;
    for (let cell = 0; cell < fit.places.n; cell++) {
      done += fit.streams[0].density[cell] * fit.places.areaKm2[cell] * 10_000;
      placed += parts[cell];
      expect(Math.abs(done - placed)).toBeLessThanOrEqual(1);
    }
  });

  it('has one row for each place, its weight the parts of the calls that it stands for', () => {
    // calls at three addresses alone, half of them at the first
    const [a, b, c] = [
      { lon: 10.021, lat: 50.021 },
      { lon: 10.072, lat: 50.031 },
      { lon: 10.0211, lat: 50.021 },
    ];
    const spots = separable().calls.map((call, i) => ({ ...call, ...[a, b, a, c][i % 4] }));
    const fit = fitDemand({ ...separable(), calls: spots }, options(12));
    const { demand, files } = demandBlock(fit, stated);
    expect(demand.sources[0].where).toMatchObject({ weightColumn: 'weight' });
    const [head, ...lines] = files.get('places.csv')!.trim().split('\n');
    expect(head).toBe('lon,lat,weight');
    const places = lines.map((line) => line.split(',').slice(0, 2).join(','));
    expect(new Set(places).size).toBe(lines.length);
    const weightOf = ({ lon, lat }: { lon: number; lat: number }) =>
      Number(lines[places.indexOf(`${lon.toFixed(7)},${lat.toFixed(7)}`)].split(',')[2]);
    // both addresses in one cell, two to one in its parts
    expect(weightOf(a) / weightOf(c)).toBeCloseTo(2, 1);
    expect(weightOf(a) + weightOf(b) + weightOf(c)).toBeGreaterThan(9000);
  });

  it('has a source for each zone where zones are asked for', () => {
    const file = separable();
    const fit = fitDemand(file, options(12, { places: ZONES }));
    const { demand, files } = demandBlock(fit, stated);
    expect(files.size).toBe(0);
    expect(demandSchema.safeParse(demand).success).toBe(true);
    const perWeek = demand.sources.map(({ callsPerHour }) => callsPerHour.reduce((a, b) => a + b, 0));
    expect(demand.sources.map(({ where }) => where)).toEqual([
      { type: 'zone', zone: 'west' },
      { type: 'zone', zone: 'east' },
    ]);
    const inWest = file.calls.filter(({ lon }) => lon < 10.05).length / 12;
    // half a call more for each hour of the week, so that no rate is 0
    expect(perWeek[0]).toBeCloseTo(inWest, -1);
    expect(fit.placeRates.map(({ n }) => n)).toEqual([
      file.calls.filter(({ lon }) => lon < 10.05).length,
      file.calls.filter(({ lon }) => lon >= 10.05).length,
    ]);
  });

  it('asks for a time on scene where neither the file nor the user tells one', () => {
    const fit = separableFit;
    expect(() => demandBlock(fit, { ...stated, onSceneS: new Map() })).toThrow(InputError);
  });

  it('gives calls the usual priority where nobody tells one, and names their categories', () => {
    const forAlarms = { ...stated, priorities: new Map([['alarm', 2]]) };
    expect(withoutPriority(separableFit, forAlarms)).toEqual(['theft']);
    expect(withoutPriority(separableFit, stated)).toEqual([]);
    const { demand } = demandBlock(separableFit, forAlarms);
    expect(demand.categories.map(({ id, priority }) => [id, priority]).sort()).toEqual([
      ['alarm', 2],
      ['theft', USUAL_PRIORITY],
    ]);
  });

  it('divides a category by its priorities, fills in those that are missing and says how many', () => {
    const file = drawMadeUpCalls(5, 4, daily, (_, u) => {
      const priority = u() < 0.1 ? null : u() < 0.3 ? 1 : 2;
      return { ...at(true, u), category: 'theft', priority, onSceneMs: priority === 1 ? 600_000 : null };
    });
    const fit = fitDemand(file, options(4));
    expect(fit.kinds.map(({ id, priority }) => [id, priority]).sort()).toEqual([
      ['theft P1', 1],
      ['theft P2', 2],
    ]);
    expect(fit.priorityFilledIn).toBe(file.calls.filter(({ priority }) => priority === null).length);
    const byId = new Map(fit.kinds.map((kind) => [kind.id, kind]));
    expect(byId.get('theft P1')!.onScene).toMatchObject({
      of: 'kind',
      fit: { chosen: 'constant', meanS: 600 },
    });
    expect(byId.get('theft P2')!.onScene).toMatchObject({ of: 'all' });
  });
});

describe('what is written of a fit', () => {
  const fit = splitFit;

  it('is JSON without a hole, with an interval and the calls behind every figure', () => {
    const json = JSON.parse(toJsonText(demandFitJson(fit, 'abc', '0'))) as ReturnType<typeof demandFitJson>;
    expect(json.callsPerHourOfWeek).toHaveLength(168);
    for (const { value, se, ci95, n } of [json.callsPerHour, ...json.callsPerHourOfWeek]) {
      expect(ci95[0]).toBeLessThanOrEqual(value);
      expect(ci95[1]).toBeGreaterThanOrEqual(value);
      expect(se).toBeGreaterThan(0);
      expect(n).toBeGreaterThan(0);
    }
    expect(json.fitted).toMatchObject({ from: '2016-01-04T00:00:00', to: '2016-02-29T00:00:00', weeks: 8 });
    expect(json.fitted.calls).toBe(json.callsPerHourOfWeek.reduce((sum, { ownCalls }) => sum + ownCalls, 0));
    for (const { placeWeights } of json.model.streams) {
      expect(Object.values(placeWeights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    }
  });

  it('says of every rate by hour what it pools, the calls over the hours being the rate', () => {
    const { kernel } = demandFitJson(fit, '', '').model.streams[0];
    expect(kernel.widthHours).toBeGreaterThan(0);
    for (const { value, n, pooledHours, ownCalls, ownHours, weeks } of fit.rates) {
      expect([ownHours, weeks]).toEqual([8, 8]);
      expect(pooledHours).toBeGreaterThan(ownHours);
      expect(n).toBeGreaterThan(ownCalls);
      expect(n / pooledHours / value).toBeCloseTo(1, 1);
    }
    const busiest = fit.rates.reduce((most, rate) => (rate.value > most.value ? rate : most));
    const line = findingLines(fit).find((text) => text.startsWith('Most at'))!;
    expect(line).toContain(
      `pools the weight of ${busiest.n.toFixed(0)} calls in ${busiest.pooledHours.toFixed(0)} hours, ${busiest.ownCalls} in 8 of that very hour`,
    );
    expect(findingLines(fit).join()).toContain('95 % intervals come from how 8 weeks differ');
    expect(fitSvg(fit, '')).toMatch(
      /smoothed over hours beside .* 8 weeks differ; each pools the weight of at least \d+ calls/,
    );
  });

  it('says what clustered calls mean for a Poisson demand, and nothing where they are Poisson', () => {
    const remarkOf = (of: DemandFit): string | null => demandFitJson(of, '', '').dispersion.remark;
    expect(remarkOf(separableFit)).toBeNull();
    expect(findingLines(separableFit).join()).not.toContain('too small');
    const busyWeeks = drawMadeUpCalls(
      8,
      12,
      (hour, week) => daily(hour) * (week % 2 === 0 ? 1.6 : 0.4),
      (_, u) => at(true, u),
    );
    const clustered = fitDemand(busyWeeks, options(12));
    expect(remarkOf(clustered)).toMatch(/waits, queues and their intervals come out too small; surges/);
    expect(findingLines(clustered)).toContain(remarkOf(clustered));
  });

  it('is a plot with a band, a line and a map, and no script', () => {
    const svg = fitSvg(fit, 'Calls of <made up> & "others"');
    expect(svg).toContain('&lt;made up&gt; &amp; &quot;others&quot;');
    expect(svg.match(/<polygon /g)).toHaveLength(1);
    const points = /<polyline points="([^"]+)"/.exec(svg)![1].split(' ');
    expect(points).toHaveLength(168);
    // higher rates are drawn higher
    const y = points.map((point) => Number(point.split(',')[1]));
    expect(y[12]).toBeLessThan(y[3]);
    expect(svg.match(/<path fill="#/g)!.length).toBeGreaterThan(1);
    expect(svg).not.toMatch(/script|NaN|Infinity|undefined/);
  });

  it('is the same whenever it is made', () => {
    const again = fitDemand(separable(), options(12, { splitUtcMs: MONDAY_MS + 8 * WEEK_MS }));
    expect(demandFitJson(again, '', '')).toEqual(demandFitJson(fit, '', ''));
    expect(fitSvg(again, 'x')).toBe(fitSvg(fit, 'x'));
  });
});

it('refuses a fit of nothing', () => {
  const few = callFile([{ utcMs: MONDAY_MS, lon: 10.05, lat: 50.03 }]);
  expect(() => fitDemand(few, options(4))).toThrow('1 calls in the area are too few');
  expect(() => fitDemand(few, options(1))).toThrow('at least 2 whole weeks');
  expect(() => fitDemand(few, options(4, { fromUtcMs: MONDAY_MS + WEEK_MS }))).toThrow('no call in the time');
});

function isWest({ places }: DemandFit, cell: number): boolean {
  if (places.shape.type !== 'grid') throw new Error('no grid');
  const { grid, gridCell } = places.shape;
  return grid.west + ((gridCell[cell] % grid.columns) + 0.5) * grid.stepLon < 10.05;
}
