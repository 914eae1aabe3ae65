/** A small town in which everything happens at once: needs, rosters, queues, periods, activities. For laws of whole runs. */
import { smallCity, type SmallCity } from './small-city.ts';

const MAP = `
A---B---C---D
|   |   |   |
E---F---G---H
|   |   |   |
I---J---K---L`;

const UNITS = [...'ACHIKF'];

interface FullCityOptions {
  /** Keys of the scenario that replace those below. */
  scenario?: Record<string, unknown>;
  callsPerHour?: number;
  seed?: number;
}

/** Half a day of six units of three kinds, some forty calls an hour at most times of day. */
export async function fullCity({
  scenario = {},
  callsPerHour = 14,
  seed = 1,
}: FullCityOptions = {}): Promise<SmallCity> {
  const { town } = await smallCity(MAP);
  const at = (mark: string): [number, number] => [town.lonLat(mark).lon, town.lonLat(mark).lat];
  return smallCity(MAP, {
    units: UNITS.map((mark, u) => ({
      id: `unit-${mark}`,
      at: mark,
      shifts: u % 3 === 0 ? ['all'] : ['day', 'night'],
      kind: u % 2 === 0 ? 'car' : 'foot',
      skills: u % 2 === 0 ? ['armed'] : [],
      ...(u === 4 ? { answersFrom: 'post' } : {}),
      breaks: [{ afterS: 7200 + 600 * u, durationS: 1200, interruptibleBy: u % 2 }],
      ...(u === 2 ? { outOfService: [{ from: '2026-03-02T02:00', to: '2026-03-02T03:30' }] } : {}),
    })),
    points: [
      { id: 'p', at: 'G', visitsPerShift: 3, dwellS: 300 },
      { id: 'q', at: 'J', visitsPerShift: 2, dwellS: 200 },
    ],
    scenario: {
      shifts: [
        { id: 'all', startS: 0, endS: 86400 },
        { id: 'day', startS: 0, endS: 21600 },
        { id: 'night', startS: 20000 + 1600, endS: 86400 },
      ],
      destinations: [
        { id: 'custody-1', kind: 'custody', lonLat: at('D') },
        { id: 'custody-2', kind: 'custody', lonLat: at('I') },
      ],
      traffic: { periods: [{ id: 'rush', from: '03:00', to: '05:00', speedFactor: 0.6 }] },
      delays: {
        callHandlingS: { type: 'exponential', mean: 30 },
        dispatchS: { type: 'gamma', mean: 10, cv: 0.5 },
        turnoutAtPostS: 20,
        turnoutOnPatrolS: 5,
        accessS: { type: 'lognormal', mean: 20, cv: 1 },
      },
      travel: { cv: 0.3 },
      activities: [{ id: 'check', perUnitHour: 1, durationS: { type: 'exponential', mean: 400 } }],
      demand: {
        type: 'poisson',
        categories: [
          {
            id: 'urgent',
            priority: 1,
            share: 1,
            siren: true,
            onSceneS: { type: 'exponential', mean: 600 },
            units: 2,
            skills: [],
            transport: { share: 0.3, kind: 'custody', handoverS: 300 },
            reportS: 200,
          },
          {
            id: 'ordinary',
            priority: 2,
            share: 2,
            onSceneS: { type: 'lognormal', mean: 500, cv: 1 },
            triageShare: 0.1,
            linked: { share: 0.1, category: 'armed', delayS: 300 },
            repeat: { share: 0.1, delayS: { type: 'exponential', mean: 3000 } },
          },
          {
            id: 'armed',
            priority: 3,
            share: 0.5,
            onSceneS: 700,
            skills: ['armed'],
            units: 2,
            release: 'each',
          },
        ],
        sources: [{ where: { type: 'roads' }, callsPerHour }],
        surges: [{ from: '2026-03-02T06:00', to: '2026-03-02T07:30', factor: 2 }],
      },
      run: { start: '2026-03-02T00:00', durationS: 43200, warmUpS: 3600, replications: 2, seed },
      ...scenario,
    },
  });
}
