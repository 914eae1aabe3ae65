/** Calls of a file onto the roads of a drawn town. One cell of the map is 100 m. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { NONE } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity } from '../support/small-city.ts';

const STREET = 'A---B---C';
const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];

/** A row of the file: minutes after midnight, cell of the map, category, seconds on scene. */
type Row = [minutes: number, place: [number, number], category: string, onSceneS?: number];

async function cityOf(rows: Row[], demand: object = {}) {
  const csv = rows.map(([minutes, [x, y], category, onSceneS = ''], ix) => {
    const [lon, lat] = cell(x, y);
    const two = (n: number): string => String(n).padStart(2, '0');
    return `${ix},2026-03-02 ${two(Math.floor(minutes / 60))}:${two(minutes % 60)},${lon},${lat},${category},${onSceneS}`;
  });
  const { city, town } = await smallCity(STREET, {
    files: { 'calls.csv': ['id,time,lon,lat,category,seconds', ...csv].join('\n') },
    scenario: {
      zones: [
        {
          id: 'east',
          class: 'core',
          polygon: [box(3, -1, 9, 1)],
        },
      ],
      demand: {
        type: 'calls',
        file: 'calls.csv',
        columns: {
          time: 'time',
          lon: 'lon',
          lat: 'lat',
          category: 'category',
          onSceneS: 'seconds',
          id: 'id',
        },
        timeZone: 'UTC',
        categories: [
          { id: 'urgent', priority: 1, onSceneS: 600 },
          { id: 'other', priority: 2, onSceneS: 60 },
        ],
        ...demand,
      },
    },
  });
  return { calls: city.calls!, report: city.report, city, town };
}

describe('calls of a file', () => {
  it('stand on the nearest road, in their zone, in order of occurrence', async () => {
    const { calls, city, town } = await cityOf([
      [60, [0, 0.5], 'other', 90],
      [30, [8, 0], 'urgent'],
    ]);
    expect(city.sources).toEqual([]);
    expect(calls.nCalls).toBe(2);
    expect([...calls.occurredMs]).toEqual([1_800_000, 3_600_000]);
    expect([...calls.category]).toEqual([0, 1]);
    expect([...calls.onSceneMs]).toEqual([NONE, 90_000]);
    expect([...calls.zone]).toEqual([0, NONE]);
    expect([...calls.line]).toEqual([3, 2]);
    const positions = [...calls.segment].map((segment, ix) => ({ segment, offsetMm: calls.offsetMm[ix] }));
    expect(positions.map(({ segment }) => segment)).toEqual([town.at('C').segment, town.at('A').segment]);
  });

  it('far from every road are left out and counted with their lines, or refused when the scenario is strict', async () => {
    const rows: Row[] = [
      [10, [0, 0], 'urgent'],
      [20, [4, 30], 'urgent'],
      [30, [4, 40], 'urgent'],
    ];
    const { calls, report } = await cityOf(rows);
    expect([...calls.line]).toEqual([2]);
    expect(calls.occurredMs).toHaveLength(1);
    expect(report.placesOffRoad).toEqual({ 'calls.csv': 2 });
    expect(report.warnings).toContain(
      '2 of 3 calls of calls.csv lie farther than 200 m from the roads of the connected network and are left out (line 3, 4)',
    );
    const refused = await cityOf(rows, { strict: true }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InputError);
    expect((refused as InputError).problems).toEqual([
      {
        file: 'calls.csv',
        place: 'line 3',
        message: expect.stringContaining('farther than 200 m') as string,
      },
      {
        file: 'calls.csv',
        place: 'line 4',
        message: expect.stringContaining('farther than 200 m') as string,
      },
    ]);
  });

  it('are refused when none lies near a road', async () => {
    await expect(cityOf([[10, [4, 30], 'urgent']])).rejects.toThrow(
      /calls\.csv line 2: the call lies farther/,
    );
  });
});
