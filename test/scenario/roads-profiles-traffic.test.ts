/** What a scenario may say of its roads, of profiles of its own and of the hours of traffic. */
import { describe, expect, it } from 'vitest';
import { TRAVEL_MODES } from '../../engine/import/road-extract.ts';
import { KNOWN_NAMES } from '../../engine/pipeline.ts';
import { periodAt, timeInPeriods } from '../../engine/scenario/traffic.ts';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import { scenarioSchema } from '../../engine/scenario/schema.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import { NONE } from '../../engine/units.ts';
import { changed, load, problemsOf, text } from './good-scenario.ts';

const HOUR = 3_600_000;
const told = async (path: string, value: JsonValue, files = {}): Promise<string[]> =>
  (await problemsOf(changed(path, value), files)).map(({ place, message }) => `${place}: ${message}`);

describe('modes of travel', () => {
  it('are those that roads can be read for', () => {
    const { modes } = scenarioSchema.shape.roads.shape;
    expect(modes.unwrap().element.options).toEqual([...TRAVEL_MODES]);
  });

  it('are named once each', async () => {
    expect(await told('/roads/modes', ['car', 'car'])).toEqual(['/roads/modes/1: "car" is named twice']);
    expect(await told('/roads/modes', ['boat'])).toHaveLength(1);
  });
});

describe('closed and slow roads', () => {
  it('name ways or an area, and what is changed', async () => {
    expect(await told('/roads/changes', [{ closed: true }])).toEqual([
      '/roads/changes/0: names no roads; give either "ways" or "zone"',
    ]);
    expect(await told('/roads/changes', [{ ways: [1], zone: 'centre', closed: true }])).toEqual([
      '/roads/changes/0: names ways and a zone; give either "ways" or "zone"',
    ]);
    expect(
      await told('/roads/changes', [{ ways: [1] }, { ways: [2], closed: true, speedFactor: 0.5 }]),
    ).toEqual([
      '/roads/changes/0: changes nothing; give either "closed" or "speedFactor"',
      '/roads/changes/1: closes roads and slows them; give either "closed" or "speedFactor"',
    ]);
    expect(await told('/roads/changes', [{ zone: 'center', closed: true }])).toEqual([
      '/roads/changes/0/zone: "center" is not a zone (did you mean "centre"?); allowed: centre, market',
    ]);
    expect(await told('/roads/changes', [{ zone: {}, closed: true }])).toEqual([
      '/roads/changes/0/zone: an area is either a "polygon" or a "file"',
    ]);
    expect(await told('/roads/changes', [{ ways: [1], speedFactor: 0 }])).toHaveLength(1);
  });

  const area = (ring: [number, number][], type = 'Polygon') =>
    text(
      JSON.stringify({
        type: 'FeatureCollection',
        features: [{ type: 'Feature', properties: {}, geometry: { type, coordinates: [ring] } }],
      }),
    );

  it('take an area from a zone, a polygon in place or the polygons of a file', async () => {
    const ring: [number, number][] = [
      [2, 48],
      [2.1, 48],
      [2.1, 48.1],
      [2, 48],
    ];
    const changes = [
      { zone: 'market', speedFactor: 0.5 },
      { zone: { polygon: [ring] }, closed: true },
      { zone: { file: 'works.geojson' }, speedFactor: 0.8 },
    ] as JsonValue;
    const files = { 'works.geojson': area(ring) };
    const { zones, roads } = await load(changed('/roads/changes', changes), files);
    const polygons = [[ring.map(([lon, lat]) => ({ lon, lat }))]];
    expect(roads.changes.map(({ where, closed, speedFactor }) => ({ where, closed, speedFactor }))).toEqual([
      { where: { polygons: zones[1].polygons }, closed: false, speedFactor: 0.5 },
      { where: { polygons }, closed: true, speedFactor: 1 },
      { where: { polygons }, closed: false, speedFactor: 0.8 },
    ]);
  });

  it('refuse an open ring and a file of lines', async () => {
    const open: [number, number][] = [
      [2, 48],
      [2.1, 48],
      [2.1, 48.1],
      [2, 48.1],
    ];
    expect((await told('/roads/changes', [{ zone: { polygon: [open] }, closed: true }]))[0]).toContain(
      '/roads/changes/0/zone/polygon/0: the ring starts at',
    );
    const files = { 'works.geojson': area(open, 'LineString') };
    const change = [{ zone: { file: 'works.geojson' }, closed: true }];
    const problems = await problemsOf(changed('/roads/changes', change), files);
    expect(problems.map(({ file, place }) => `${file} ${place}`)).toEqual([
      'works.geojson /features/0/geometry/type',
    ]);
  });
});

describe("profiles of the scenario's own", () => {
  it('have names of their own and start from one that is there', async () => {
    const own = (...profiles: JsonValue[]) =>
      told('/profiles', [...profiles, { id: 'quiet car', base: 'plain' }]); // which a unit names
    expect(await own({ id: 'plain', base: 'patrol-car' })).toEqual([
      '/profiles/0/id: "plain" is the name of a built-in profile; choose another',
    ]);
    expect(await own({ id: 'a', base: 'patrol-cab' })).toEqual([
      '/profiles/0/base: "patrol-cab" is not a profile to start from (did you mean "patrol-car"?); allowed: plain, patrol-car, patrol-pace',
    ]);
    // only those above it
    expect(await own({ id: 'a', base: 'b' }, { id: 'b', base: 'plain' })).toHaveLength(1);
    expect(await own({ id: 'b', base: 'plain' }, { id: 'a', base: 'b' })).toEqual([]);
    expect(await own({ id: 'b', base: 'plain' }, { id: 'b', base: 'plain' })).toHaveLength(1);
  });

  it('use the names of classes, surfaces, controls and exemptions, and are told all that is wrong', async () => {
    const profile = {
      id: 'a',
      base: 'plain',
      classKph: { residental: 20 },
      surfaceFactor: { gravle: 0.5, '': 0.9 },
      junctionDelayS: { signal: 5 },
      exempt: ['no-turns'],
      siren: { exempt: ['hour'] },
    };
    expect(await told('/profiles', [profile])).toEqual([
      '/profiles/0/classKph/residental: "residental" is not a road class (did you mean "residential"?); allowed: primary, residential, steps',
      '/profiles/0/surfaceFactor/gravle: "gravle" is not a surface (did you mean "gravel"?); allowed: , asphalt, gravel',
      '/profiles/0/junctionDelayS/signal: "signal" is not met at a junction (did you mean "signals"?); allowed: signals, stop',
      '/profiles/0/exempt/0: "no-turns" is not an exemption (did you mean "no-turn"?); allowed: no-turn, hours',
      '/profiles/0/siren/exempt/0: "hour" is not an exemption (did you mean "hours"?); allowed: no-turn, hours',
    ]);
  });

  it('are known to units and patrol; a slip suggests them', async () => {
    expect(await told('/units/0/profile', 'night car')).toEqual([]);
    expect(await told('/patrol/profile', 'nightcar')).toEqual([
      '/patrol/profile: "nightcar" is not a speed profile (did you mean "night car"?); allowed: plain, patrol-car, patrol-pace, night car, quiet car',
    ]);
  });

  it('are worth a warning where nobody travels by them', async () => {
    const idle = async (profile: string): Promise<string[]> => {
      const { warnings } = await load(changed('/units/0/profile', profile));
      return warnings.filter((warning) => warning.startsWith('nobody'));
    };
    expect(await idle('quiet car')).toEqual([]); // which starts from the night car
    expect(await idle('night car')).toEqual(['nobody travels by the profile "quiet car"']);
    expect(await idle('plain')).toHaveLength(2);
  });

  it('may be named in this list: the names of the engine', () => {
    expect(KNOWN_NAMES.roadClasses).toContain('residential');
    expect(KNOWN_NAMES.surfaces).toContain('gravel');
    expect(KNOWN_NAMES.controls).toContain('signals');
    expect(KNOWN_NAMES.exemptions).toEqual(['no-turn', 'no-u-turn', 'only-turn', 'no-entry-exit', 'hours']);
  });
});

describe('periods of traffic', () => {
  const periods = (...list: JsonValue[]) => told('/traffic/periods', list);
  const period = (id: string, from: string, to: string, days?: string[]): JsonValue => ({
    id,
    from,
    to,
    speedFactor: 0.5,
    ...(days === undefined ? {} : { days }),
  });

  it('share no moment of the week, also over midnight and from Sunday to Monday', async () => {
    expect(await periods(period('a', '07:00', '09:00'), period('b', '09:00', '10:00'))).toEqual([]);
    expect(await periods(period('a', '07:00', '09:00', ['tue']), period('b', '08:00', '10:00'))).toEqual([
      '/traffic/periods/1: "b" and "a" overlap, first on tue at 08:00; a moment belongs to one period at most',
    ]);
    expect(
      await periods(period('a', '22:00', '05:00', ['sun']), period('b', '04:30', '06:00', ['mon'])),
    ).toEqual([
      '/traffic/periods/1: "b" and "a" overlap, first on mon at 04:30; a moment belongs to one period at most',
    ]);
    expect(
      await periods(period('a', '22:00', '05:00', ['sun']), period('b', '04:30', '06:00', ['tue'])),
    ).toEqual([]);
    expect(
      await periods(period('a', '00:00', '24:00'), period('b', '23:59:59', '00:00:01', ['wed'])),
    ).toHaveLength(1);
  });

  it('begin, end, and name days and classes that there are', async () => {
    expect(await periods(period('a', '07:00', '07:00'))).toEqual([
      '/traffic/periods/0/to: "07:00" is when the period begins; a whole day is from 00:00 to 24:00',
    ]);
    expect(await periods(period('a', '24:00', '07:00'))).toHaveLength(1);
    expect(await periods(period('a', '7:00', '25:00'))).toHaveLength(2);
    expect(await periods(period('a', '07:00', '08:00', ['mon', 'mon']))).toEqual([
      '/traffic/periods/0/days/1: "mon" is named twice',
    ]);
    expect(await periods({ id: 'a', from: '07:00', to: '08:00', speedFactor: { primry: 0.5 } })).toEqual([
      '/traffic/periods/0/speedFactor/primry: "primry" is not a road class (did you mean "primary"?); allowed: primary, residential, steps',
    ]);
  });

  const scenarioWith = (list: JsonValue, start: string): Promise<Scenario> => {
    const scenario = changed('/traffic/periods', list);
    (scenario.run as { start: string }).start = start;
    return load(scenario);
  };

  it('hold their first moment and not the one they end with', async () => {
    const scenario = await scenarioWith([period('rush', '07:00', '09:00', ['mon'])], '2026-03-02T06:00'); // a Monday
    const at = (ms: number): number => periodAt(scenario, ms);
    expect(at(HOUR - 1)).toBe(NONE);
    expect(at(HOUR)).toBe(0);
    expect(at(3 * HOUR - 1)).toBe(0);
    expect(at(3 * HOUR)).toBe(NONE);
    expect(at(HOUR + 24 * HOUR)).toBe(NONE);
    expect(at(HOUR + 7 * 24 * HOUR)).toBe(0); // Monday again
    expect(at(HOUR - 7 * 24 * HOUR)).toBe(0); // in the warm-up
  });

  it('run over midnight and over the end of the week', async () => {
    const list = [period('night', '22:00', '05:00', ['sun', 'wed'])];
    const scenario = await scenarioWith(list, '2026-03-02T00:00');
    const day = 24 * HOUR;
    const hours = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => periodAt(scenario, (from + i) * HOUR));
    expect(hours(0, 6)).toEqual([0, 0, 0, 0, 0, NONE]); // Monday, from the Sunday before
    expect(periodAt(scenario, 2 * day + 21 * HOUR)).toBe(NONE);
    expect(periodAt(scenario, 3 * day + 4 * HOUR)).toBe(0);
    expect(periodAt(scenario, 6 * day + 22 * HOUR)).toBe(0);
    expect(periodAt(scenario, 7 * day + 4 * HOUR)).toBe(0);
  });

  it('share out any stretch of time as a walk over it does', async () => {
    const list = [
      period('night', '22:30', '05:00', ['sun', 'mon', 'fri']),
      period('rush', '07:00', '09:15', ['mon', 'tue']),
      period('late rush', '16:00', '18:00'),
    ];
    const scenario = await scenarioWith(list, '2026-03-05T03:40');
    const step = 5 * 60_000;
    for (const [from, to] of [
      [0, 24],
      [-30, 2],
      [-200, 500],
      [5, 6],
    ]) {
      const walked = new Map<number, number>();
      for (let at = from * HOUR; at < to * HOUR; at += step) {
        const now = periodAt(scenario, at);
        walked.set(now, (walked.get(now) ?? 0) + step);
      }
      const byPeriod = (a: [number, number], b: [number, number]): number => a[0] - b[0];
      expect([...timeInPeriods(scenario, from * HOUR, to * HOUR)].sort(byPeriod)).toEqual(
        [...walked].sort(byPeriod),
      );
    }
  });
});
