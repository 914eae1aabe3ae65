/** Replications that replay one call file add draws and no calls: sample sizes and Wilson's intervals do not grow with them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { distinctItems, shareOverReplications, wilsonInterval } from '../../engine/results/interval.ts';
import { reportSentences } from '../../engine/results/report-table.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { scoreRun } from '../../engine/results/read-events.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import { resultFiles } from '../../engine/results/result-files.ts';
import { runPayload } from '../../engine/replicate.ts';
import { smallCity, type SmallCity } from '../support/small-city.ts';
import { figuresOf, runWithTally } from './busy-town.ts';

const TOWN = `
A---B---C---D
|   |   |   |
E---F---G---H`.slice(1);
const N_CALLS = 60;

/** A call every 20 minutes from midnight, at a street of the town. */
const csv = (lonLat: (ix: number) => readonly [number, number]): string =>
  [
    'when,lon,lat',
    ...Array.from({ length: N_CALLS }, (_, ix) => {
      const two = (n: number): string => String(n).padStart(2, '0');
      const minutes = ix * 20;
      const [lon, lat] = lonLat(ix);
      return `2026-03-02T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00,${lon},${lat}`;
    }),
  ].join('\n');

/** @param onSceneS  law of the time on scene: 20 minutes in the mean, so that one unit often has calls waiting */
const replayTown = (onSceneS: unknown, batches?: number): Promise<SmallCity> =>
  smallCity(TOWN, {
    units: [{ id: 'car-1', at: 'A', shifts: ['day'] }],
    files: { 'calls.csv': csv((ix) => [0.0009 * (ix % 4), 0.00002 * (ix % 3)]) },
    scenario: {
      shifts: [{ id: 'day', startS: 0, endS: 86_400 }],
      demand: {
        type: 'calls',
        file: 'calls.csv',
        columns: { time: 'when', lon: 'lon', lat: 'lat' },
        timeZone: 'UTC',
        categories: [{ id: 'call', priority: 1, onSceneS }],
      },
      standards: ['zone-1-3-5'],
      run: {
        start: '2026-03-02T00:00',
        durationS: 86_400,
        seed: 5,
        ...(batches === undefined ? { replications: 8 } : { steadyState: { batches } }),
      },
    },
  });

/** Every sample size of calls in kpis.json. */
function sampleSizes({
  achieved,
  standards,
  waterfall,
  waterfallByPriority,
  losses,
  calls,
}: KpisJson): number[] {
  const sizes: number[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key === 'n' || key === 'nSelected') sizes.push(each as number);
      else look(each);
    }
  };
  look({ achieved, standards, waterfall, waterfallByPriority, losses, calls });
  return sizes;
}

describe('calls of a file, replayed in each replication', () => {
  const drawn = { type: 'exponential', mean: 1200 };
  let town: SmallCity;
  beforeAll(async () => {
    town = await replayTown(drawn);
  });

  it.each([1, 2, 8])('count once in every sample size, in %i replications as in one', (replications) => {
    for (const kpis of Object.values(figuresOf(runWithTally(town, replications)))) {
      expect(kpis.sameCalls).toBe(true);
      const [all] = kpis.achieved;
      expect(all.n).toBe(N_CALLS);
      expect(all.within5min.n).toBeGreaterThan(N_CALLS - 10);
      expect(kpis.losses![0].n).toBe(N_CALLS);
      expect(kpis.calls.perReplication).toMatchObject({ value: N_CALLS, n: N_CALLS });
      const sizes = sampleSizes(kpis);
      expect(sizes.length).toBeGreaterThan(40);
      expect(Math.max(...sizes)).toBe(N_CALLS);
    }
  });

  it('have the value of all replications, and an interval over them that holds for these calls', () => {
    const { log, tally } = figuresOf(runWithTally(town, 8));
    const { facts, records } = runWithTally(town, 8);
    const samples = records.map((record) => foldReplication(facts, record).calls);
    const hits = samples.map(({ waitedMs, atMs }) =>
      waitedMs.reduce((n, ms, call) => n + (ms > 0 || atMs.dispatched[call] === Infinity ? 1 : 0), 0),
    );
    const { waited } = log.losses![0];
    expect(waited.value).toBeCloseTo(hits.reduce((a, b) => a + b) / (8 * N_CALLS), 12);
    expect(waited.method).toBe('jackknife');
    expect(tally.losses).toEqual(log.losses);
    expect(tally.waterfall.slice(0, 5)).toEqual(log.waterfall.slice(0, 5));
    const said = reportSentences(log).join('\n');
    expect(said).toContain(`Achieved: ${N_CALLS} calls of a file, the same in each of 8 replications;`);
    expect(said).toContain('what other calls would give is not in them');
  });

  it('leave no trace of replications that draw nothing: Wilson of the distinct calls', async () => {
    const fixed = await replayTown(1500);
    const [one, eight] = [figuresOf(runWithTally(fixed, 1)).log, figuresOf(runWithTally(fixed, 8)).log];
    const shares = ['within1min', 'within3min', 'within5min'] as const;
    for (const key of shares) {
      expect(one.achieved[0][key].method).toBe('wilson');
      expect(eight.achieved[0][key]).toEqual(one.achieved[0][key]);
    }
    expect(eight.achieved[0].p50S).toEqual(one.achieved[0].p50S);
    expect(one.losses).toEqual(eight.losses);
    expect(reportSentences(one).join('\n')).not.toContain('Replayed calls');
  });

  it('are scored so from the event log alone', async () => {
    const { facts, records } = runWithTally(town, 3);
    expect(facts.sameCalls).toBe(true);
    const { city, plan } = town;
    const prepared = {
      city,
      plan,
      placement: null,
      importReport: town.town.extract.report,
      payload: runPayload(city, plan),
    };
    const files = await resultFiles(prepared, records, { asked: 3 });
    const kpis = JSON.parse(new TextDecoder().decode(files.get('kpis.json'))) as KpisJson;
    const scored = await scoreRun(files.get('events.parquet')!, 'events.parquet');
    expect(scored.run.sameCalls).toBe(true);
    expect(JSON.parse(JSON.stringify(scored.standards))).toEqual(kpis.standards);
    expect(kpis.standards[0].clauses.some(({ nSelected }) => nSelected > 0 && nSelected <= N_CALLS)).toBe(
      true,
    );
  });

  it('are other calls in each batch of one long run, so nothing is counted twice', async () => {
    const { log, tally } = figuresOf(runWithTally(await replayTown(drawn, 10), 1));
    expect([log.achieved[0].n, tally.achieved[0].n]).toEqual([N_CALLS, N_CALLS]);
  });
});

describe('items counted several times', () => {
  it('weigh once: n and Wilson are of the distinct ones', () => {
    const once = shareOverReplications([7], [20]);
    const thrice = shareOverReplications([7, 7, 7], [20, 20, 20], 3);
    expect(thrice).toEqual(once);
    expect(thrice.ci95).toEqual(wilsonInterval(7, 20));
    const counted = shareOverReplications([7, 7, 7], [20, 20, 20]);
    expect(counted.n).toBe(60);
    expect(counted.ci95![1] - counted.ci95![0]).toBeLessThan(once.ci95![1] - once.ci95![0]);
  });

  it('round down, and never to none', () => {
    expect([distinctItems(0, 3), distinctItems(1, 3), distinctItems(299, 3), distinctItems(300, 3)]).toEqual([
      0, 1, 99, 100,
    ]);
  });
});
