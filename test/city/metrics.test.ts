/** Metrics by profile, siren and period: made when asked for, labelled by use, weighed by the calls of each period. */
import { describe, expect, it } from 'vitest';
import { metricOf } from '../../engine/city/metrics.ts';
import { metricsInUse } from '../../engine/city/metrics-in-use.ts';
import { potentialCoverage } from '../../engine/city/potential.ts';
import { labelMetrics } from '../../engine/city/label-metrics.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { fastestRouter } from '../../engine/routing/fastest-router.ts';
import { NONE } from '../../engine/units.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

const CALM = { id: 'calm', priority: 2, share: 3, onSceneS: { type: 'constant', mean: 60 } };
const URGENT = { ...CALM, id: 'urgent', priority: 1, share: 1, siren: true };
const demand = (callsPerHour: number | number[]) => ({
  type: 'poisson',
  categories: [CALM, URGENT],
  sources: [{ where: { type: 'roads' }, callsPerHour }],
});
const night = (speedFactor: number) => ({
  periods: [{ id: 'night', from: '18:00', to: '06:00', speedFactor }],
});
const unit = (id: string, profile: string, count = 1) => ({
  id,
  post: 'post-A',
  shifts: ['all'],
  profile,
  count,
});
const TOWN = `
A---B---C
|   |   |
D---E---F`;

const given: SmallScenario = {
  scenario: {
    units: [unit('car', 'patrol-car', 3), unit('plain', 'plain')],
    patrol: { type: 'quota-tour', profile: 'patrol-pace' },
    demand: demand(1),
    traffic: night(0.5),
  },
};

describe('the metrics of a city', () => {
  it('are made once each, and are the same where a condition makes no difference', async () => {
    const { city } = await smallCity(TOWN, given);
    const car = metricOf(city, 'patrol-car', { siren: true, period: 0 });
    expect(metricOf(city, 'patrol-car', { siren: true, period: 0 })).toBe(car);
    expect(car.name).toBe('patrol-car+siren in night');
    expect(metricOf(city, 'patrol-car', { siren: true })).not.toBe(car);
    expect(metricOf(city, 'plain', { siren: true })).toBe(metricOf(city, 'plain', { siren: false }));
    expect(metricOf(city, 'plain', { siren: true, period: NONE })).toBe(
      metricOf(city, 'plain', { siren: false }),
    );
    expect(metricOf(city, 'plain', { siren: true, period: 0 }).arcTimeMs[0]).toBe(
      2 * metricOf(city, 'plain', { siren: true }).arcTimeMs[0],
    );
  });

  it('in use are those that trips of the run start under, the most used first', async () => {
    const { city } = await smallCity(TOWN, given);
    // the day from 00:00: 12 of 24 hours are night; 3 of 4 units are cars; 1 of 4 calls is urgent
    const shares = metricsInUse(city).map(({ metric, share }) => [metric.name, share]);
    expect(shares).toEqual([
      ['patrol-pace', 0.5],
      ['patrol-pace in night', 0.5],
      ['patrol-car in night', 0.5 * 0.75 * 0.75],
      ['patrol-car', 0.5 * 0.75 * 0.75],
      ['plain in night', 0.5 * 0.25],
      ['plain', 0.5 * 0.25],
      ['patrol-car+siren in night', 0.5 * 0.75 * 0.25],
      ['patrol-car+siren', 0.5 * 0.75 * 0.25],
    ]);
    const day = { start: '2026-03-02T08:00', durationS: 3600, replications: 1, seed: 1 };
    const short = await smallCity(TOWN, { scenario: { ...given.scenario, run: day } });
    expect(metricsInUse(short.city).map(({ metric }) => metric.name)).toEqual([
      'patrol-pace',
      'patrol-car',
      'plain',
      'patrol-car+siren',
    ]);
    // the last event may fall on the first moment of the night
    const evening = await smallCity(TOWN, {
      scenario: { ...given.scenario, run: { ...day, start: '2026-03-02T17:00' } },
    });
    expect(metricsInUse(evening.city).map(({ metric }) => metric.name)).toContain('patrol-car in night');
  });

  it('beyond the memory for labels answer from the hierarchy: the least used, with the same times, and it is said', async () => {
    const { city, town } = await smallCity(TOWN, given);
    const names = metricsInUse(city).map(({ metric }) => metric.name);
    const counts = new Set<number>();
    for (let maxBytes = 1024; maxBytes < 2 ** 26; maxBytes = Math.ceil(maxBytes * 1.1)) {
      const labelled = labelMetrics(city, maxBytes);
      const inUse = metricsInUse(labelled);
      const nLabelled = inUse.filter(({ metric }) => metric.labels !== undefined).length;
      counts.add(nLabelled);
      expect(inUse.map(({ metric }) => metric.labels !== undefined)).toEqual(
        names.map((_, i) => i < nLabelled),
      );
      expect(labelled.report.withoutLabels).toEqual(names.slice(nLabelled));
      const said = labelled.report.warnings.filter((warning) => warning.includes('instead of labels'));
      expect(said).toHaveLength(nLabelled < names.length ? 1 : 0);
      for (const { metric } of inUse) {
        const from = town.at('A');
        const to = town.at('F');
        expect(fastestRouter(metric).timeMs(from, to)).toBe(createRouter(metric).timeMs(from, to));
      }
    }
    expect([...counts].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('potential coverage', () => {
  // 400 m of road: within 50 s all of it by day, 250 m of it at half speed by night
  const shareWithin = async (callsPerHour: number | number[]): Promise<number> => {
    const { city } = await smallCity('A---B', {
      scenario: { ...given.scenario, units: [unit('u', 'plain')], demand: demand(callsPerHour) },
    });
    const [all] = potentialCoverage(city, [50_000]);
    return all.shares[0];
  };

  it('counts calls by the period in which they are expected', async () => {
    const byHour = (rate: (hour: number) => number) => Array.from({ length: 24 }, (_, hour) => rate(hour));
    expect(await shareWithin(byHour((hour) => (hour >= 6 && hour < 18 ? 1 : 0)))).toBe(1);
    expect(await shareWithin(byHour((hour) => (hour >= 6 && hour < 18 ? 0 : 1)))).toBeCloseTo(0.625, 4);
    expect(await shareWithin(2)).toBeCloseTo((1 + 0.625) / 2, 4);
  });
});
