/** A scenario's placement request from end to end: which sites open, what they cover, and who stands there. */
import { describe, expect, it } from 'vitest';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import { buildCity } from '../../engine/city/build.ts';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { KNOWN_NAMES } from '../../engine/pipeline.ts';
import { placeUnits } from '../../engine/placement/place-units.ts';
import { placeKey } from '../../engine/placement/candidates.ts';
import { placementQuestion } from '../../engine/placement/request.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { loadScenario } from '../../engine/scenario/resolve.ts';
import { map, type Town } from '../support/ascii-map.ts';

const LINE = 'A----------B----------C';
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A city on the town's roads; posts are named by the letter they stand at. Three in four calls are calm, or with siren. */
async function cityOf(
  town: Town,
  { posts = [], siren = false, ...given }: Record<string, unknown> & { posts?: string[]; siren?: boolean },
): Promise<City> {
  const lonLat = (mark: string) => [town.lonLat(mark).lon, town.lonLat(mark).lat];
  const onSceneS = { type: 'constant', mean: 60 };
  const scenarioJson = {
    version: 1,
    name: 'small',
    roads: { file: 'roads.geojson' },
    posts: posts.map((id) => ({ id, lonLat: lonLat(id) })),
    shifts: [{ id: 'all', startS: 0, endS: 86400 }],
    units: [{ id: 'u', shifts: ['all'] }],
    demand: {
      type: 'poisson',
      categories: [
        { id: 'ordinary', priority: 2, share: 1, onSceneS },
        { id: 'urgent', priority: 1, share: 3, siren, onSceneS },
      ],
      sources: [{ where: { type: 'roads' }, callsPerHour: 4 }],
    },
    run: { start: '2026-03-02T00:00' },
    ...given,
  };
  const opened = openScenarioFromBytes(
    new Map([
      ['scenario.json', text(scenarioJson)],
      ['roads.geojson', text({ type: 'FeatureCollection', features: [] })],
    ]),
  );
  const scenario = await loadScenario(opened.fileName, opened.bytes, opened.files, KNOWN_NAMES);
  return buildCity(scenario, town.graph);
}

const homes = (town: Town, city: City): string[] =>
  city.units.map(({ home }) => {
    const key = placeKey(town.graph, home);
    return ['A', 'B', 'C'].find((mark) => placeKey(town.graph, town.at(mark)) === key) ?? '?';
  });

describe('a placement request', () => {
  it('sends free units to required sites that nobody holds', async () => {
    const town = await map(LINE);
    const units = [{ id: 'u', count: 2, shifts: ['all'] }];
    const placement = { type: 'mclp', required: ['A', 'C'] };
    const given = { posts: ['A', 'C'], units, placement };
    const { city, placement: placed } = await placeUnits(await cityOf(town, given));
    expect(placed!.question.sites).toBe(2); // one for each unit on duty, required ones included
    expect(homes(town, city)).toEqual(['A', 'C']);
  });

  it('counts and spreads units of different shifts that overlap; who relieves another takes the same site', async () => {
    const town = await map(LINE);
    const shifts = [
      { id: 'day', startS: 21600, endS: 64800 },
      { id: 'late', startS: 50400, endS: 93600 },
      { id: 'night', startS: 64800, endS: 108000 },
    ];
    const units = ['day', 'late', 'night'].map((id) => ({ id, shifts: [id] }));
    const placement = { type: 'mclp', candidates: { posts: true, nodes: false }, required: ['A', 'C'] };
    const given = { posts: ['A', 'C'], shifts, units, placement };
    const { city, placement: placed } = await placeUnits(await cityOf(town, given));
    expect(placed!.question.sites).toBe(2);
    expect(homes(town, city)).toEqual(['A', 'C', 'A']);
  });

  it('names the open sites that no unit is there to hold', async () => {
    const town = await map(LINE);
    const placement = { type: 'mclp', sites: 2, required: ['A', 'C'] };
    const { city } = await placeUnits(await cityOf(town, { posts: ['A', 'C'], placement }));
    expect(city.report.warnings.join()).toMatch(/1 of 2 open sites are held by no unit.*: C$/);
  });

  it('knows a junction as one place from whichever street it is named', async () => {
    const town = await map('B---C---A'); // at C the snapped place is on the street BC, the node is the end of CA
    const { lon, lat } = town.lonLat('C');
    const candidates = { posts: false, nodes: true };
    const placement = { type: 'mclp', candidates, forbidden: [[lon, lat]] };
    const city = await cityOf(town, { placement });
    const question = placementQuestion(city, city.scenario.placement!);
    expect(question.candidates).toHaveLength(3);
  });

  it('times urgent calls with siren and the others without', async () => {
    const town = await map(LINE);
    const city = await cityOf(town, { placement: { type: 'mclp' } });
    const [calm, siren] = [false, true].map((on) => metricOf(city, 'patrol-car', { siren: on }));
    const [calmMs, sirenMs] = [calm, siren].map((metric) =>
      createRouter(metric).timeMs(town.at('A'), { segment: 0, offsetMm: 550_000 }),
    );
    expect(sirenMs).toBeLessThan(calmMs);
    const clause = {
      id: 'between',
      event: 'firstArrival',
      clockStart: 'enRoute',
      thresholdS: (calmMs + sirenMs) / 2000,
      targetShare: 1,
    };
    const shareCovered = async (withSiren: boolean): Promise<number> => {
      const city = await cityOf(town, {
        posts: ['A'],
        siren: withSiren,
        standards: [{ id: 's', clauses: [clause] }],
        placement: { type: 'mclp', required: ['A'], candidates: { posts: true, nodes: false } },
      });
      const { plan, question } = (await placeUnits(city)).placement!;
      return plan.objective / question.atoms.reduce((sum, atom) => sum + atom.weight, 0);
    };
    expect(await shareCovered(false)).toBe(0);
    expect(await shareCovered(true)).toBeCloseTo(0.75 / 2, 12); // three in four calls on the nearer of two streets
  });

  it('goes by the speed of the units that have no post', async () => {
    const town = await map(LINE); // 1.1 km of 36 km/h between A and B: the plain profile takes 55 s to its middle
    const clause = {
      id: 'all',
      event: 'firstArrival',
      clockStart: 'enRoute',
      thresholdS: 55,
      targetShare: 1,
    };
    const coveredBy = async (profile: string): Promise<number> => {
      const city = await cityOf(town, {
        posts: ['A', 'B'],
        units: [
          { id: 'posted', post: 'A', shifts: ['all'], profile: 'patrol-pace' },
          { id: 'free', shifts: ['all'], profile },
        ],
        standards: [{ id: 's', clauses: [clause] }],
        placement: { type: 'mclp', candidates: { posts: true, nodes: false } },
      });
      return (await placeUnits(city)).placement!.plan.objective;
    };
    expect(await coveredBy('plain')).toBeCloseTo(4, 12);
    expect(await coveredBy('patrol-pace')).toBe(0);
  });

  it('is refused where the standard asks for no arrival at any call that is expected', async () => {
    const town = await map(LINE);
    const clause = {
      id: 'core',
      selector: { zoneClass: ['core'] },
      event: 'firstArrival',
      clockStart: 'occurred',
      thresholdS: 60,
      targetShare: 1,
    };
    const standards = [{ id: 'core-only', clauses: [clause] }];
    const city = await cityOf(town, { standards, placement: { type: 'mclp' } });
    await expect(placeUnits(city)).rejects.toThrow(/standards\/0.*nothing to place units for/s);
  });
});
