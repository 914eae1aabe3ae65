/** A day on real roads, from real stations, in real districts, at real incident places; see README.md. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { csvParse } from 'd3-dsv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { City } from '../../engine/city/city.ts';
import { InputError } from '../../engine/errors.ts';
import { pointOfPosition } from '../../engine/graph/road-graph.ts';
import { runScenario, type RunOptions, type RunOutcome } from '../../engine/node/run-scenario.ts';
import type { Estimate, KpisJson } from '../../engine/results/results-folder.ts';
import { createSegmentIndex } from '../../engine/spatial/segment-index.ts';
import { createSnapper, type Snapper } from '../../engine/spatial/snap.ts';
import { NONE, toE7 } from '../../engine/units.ts';
import { describeWithData } from '../support/shared-data.ts';

const SCENARIO = import.meta.dirname;
const DISTRICTS = 'data:baltimore/incidents/baltimore/police_districts.geojson.gz';
const ARRESTS = 'data:baltimore/incidents/baltimore/arrests-2019.csv.gz';
const SNAP_LIMIT_M = 100;

/** Names and hashes of every file of a results folder but timing.json, which alone may differ. */
const hashesOf = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .filter((name) => name !== 'timing.json')
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );

describeWithData('a day in Baltimore', (data) => {
  const incidents = (name: string): string => {
    const bytes = readFileSync(`${data}/incidents/baltimore/${name}`);
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const stations = csvParse(incidents('police_stations.csv'));
  const arrests = csvParse(incidents('arrests-2019.csv.gz')).map((row) => ({
    lon: Number(row.Longitude),
    lat: Number(row.Latitude),
    spot: `${row.Longitude},${row.Latitude}`,
    district: row.District,
  }));

  let folder: string;
  let first: RunOutcome;
  let city: City;
  let snapper: Snapper;
  let kpis: KpisJson;
  /** Arrests that may become places of calls. */
  let usable: typeof arrests;
  const isUsable = (lon: number, lat: number): boolean => snapper.snap(lon, lat, SNAP_LIMIT_M) !== null;
  const run = (out: string, options: RunOptions = {}, scenario = SCENARIO) =>
    runScenario(scenario, { data: { baltimore: data }, out: join(folder, out), workers: 1, ...options });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patrol135 baltimore '));
    first = await run('first');
    city = first.prepared.city;
    kpis = first.kpis!;
    snapper = createSnapper(city.graph);
    usable = arrests.filter(({ lon, lat }) => isUsable(lon, lat));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('as put on its roads', () => {
    it('tells what of the data it leaves out, and how much', () => {
      expect(city.report.warnings).toEqual([
        `${DISTRICTS}: 4 of 9 features are left out because "only" does not name them: Northern, Northwestern, Western, Southwestern`,
        `${DISTRICTS}: properties without a meaning here are not used: number`,
        `7080 of 8971 places of ${ARRESTS} lie farther than 100 m from the roads of the connected network and are left out; ` +
          '/demand/sources/0 keeps its rate, so the 78.9 % of its calls that they stand for by number come from the other places',
      ]);
      expect(city.report.placesOffRoad).toEqual({ [ARRESTS]: 7080 });
    });

    it('has calls at every incident place within 100 m of the connected roads, which are 2,000 with the loose ends', () => {
      expect(arrests).toHaveLength(8971);
      expect(city.sources[0].places).toHaveLength(usable.length);
      expect(usable).toHaveLength(8971 - 7080);
      // the catalogue of the data counted 2,000 by its own means; it does not ask whether a road leads anywhere
      const everyRoad = createSegmentIndex(city.graph, () => true);
      const near = arrests.filter(
        ({ lon, lat }) => everyRoad.nearest(toE7(lon), toE7(lat), SNAP_LIMIT_M) !== null,
      );
      expect(near).toHaveLength(2000);
    });

    it('finds the district of an incident as the police wrote it down, but for a few on the borders', () => {
      const found = city.sources[0].placeZone.map((zone) => (zone === NONE ? 'none' : city.zones[zone].id));
      const agree = usable.filter(({ district }, i) => district !== '' && found[i].startsWith(district));
      expect(agree.length / usable.length).toBeGreaterThan(0.975);
      expect(found.filter((zone) => zone === 'none').length).toBeLessThanOrEqual(1);
    });

    it('has a post at each station that lies on the extract, and at no other', () => {
      const onExtract = stations.filter(({ longitude, latitude }) =>
        isUsable(Number(longitude), Number(latitude)),
      );
      expect(first.scenario.posts.map(({ id, place }) => [id, place.lon, place.lat])).toEqual(
        onExtract.map(({ name, longitude, latitude }) => [name, Number(longitude), Number(latitude)]),
      );
      expect(onExtract.map(({ name }) => name)).toEqual([
        'Headquarters',
        'Central',
        'Eastern',
        'Southeastern',
      ]);
      for (const { snapDistanceM } of city.posts) expect(snapDistanceM).toBeLessThanOrEqual(SNAP_LIMIT_M);
      for (const { home, post } of city.units) expect(home).toEqual(city.posts[post].position);
      expect(city.units).toHaveLength(13);
    });

    it('visits the six usable places with the most arrests', () => {
      const perSpot = new Map<string, number>();
      for (const { spot } of usable) perSpot.set(spot, (perSpot.get(spot) ?? 0) + 1);
      const points = first.scenario.points.map(({ place }) => `${place.lon},${place.lat}`);
      const fewest = Math.min(...points.map((spot) => perSpot.get(spot) ?? 0));
      const busier = [...perSpot].filter(([, count]) => count >= fewest).map(([spot]) => spot);
      expect(busier.sort()).toEqual([...points].sort());
    });

    it('needs its districts named: those without a road are one clear error, and nothing is written', async () => {
      const json = JSON.parse(readFileSync(join(SCENARIO, 'scenario.json'), 'utf8')) as { zones: object };
      const path = join(folder, 'all-districts.json');
      writeFileSync(path, JSON.stringify({ ...json, zones: { ...json.zones, only: undefined } }));
      const error: unknown = await run('refused', {}, path).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).problems.map(({ message }) => message.slice(0, 50))).toEqual([
        'zone "Northern" holds no drivable road of data:bal',
        'zone "Northwestern" holds no drivable road of data',
        'zone "Western" holds no drivable road of data:balt',
        'zone "Southwestern" holds no drivable road of data',
      ]);
      expect(existsSync(join(folder, 'refused'))).toBe(false);
    });
  });

  describe('as simulated', () => {
    it('runs to its end', () => {
      expect(first.complete).toBe(true);
      expect(first.replications).toEqual({ done: 3, asked: 3 });
      expect([kpis.complete, kpis.replications]).toEqual([true, 3]);
    });

    it('answers its calls: each at an incident place, all of them reached but those open at the end', () => {
      const rows = csvParse(readFileSync(join(folder, 'first/incidents.csv'), 'utf8'));
      const scored = rows.filter(({ scored }) => scored === '1');
      const all = kpis.achieved.find(({ group }) => group === 'all')!;
      // 190 calls a day are asked for; three days of a Poisson stream stay within 5 standard deviations of 570
      expect(scored.length).toBeGreaterThan(570 - 5 * Math.sqrt(570));
      expect(scored.length).toBeLessThan(570 + 5 * Math.sqrt(570));
      expect(all.n).toBe(scored.length);
      expect(kpis.calls.perReplication.value).toBeCloseTo(scored.length / 3, 9);

      const open = scored.filter(({ clearedS }) => clearedS === '');
      const unreached = scored.filter(({ arrivedS }) => arrivedS === '');
      expect(unreached.length).toBeLessThanOrEqual(open.length);
      expect(unreached.length).toBeLessThan(0.02 * scored.length);
      const units = new Set(city.units.map(({ id }) => id));
      for (const { unit, arrivedS, receivedS } of scored) {
        if (arrivedS === '') continue;
        expect(units.has(unit)).toBe(true);
        expect(Number(arrivedS)).toBeGreaterThan(Number(receivedS));
      }

      const places = new Set(
        city.sources[0].places.map((place) => {
          const { lonE7, latE7 } = pointOfPosition(city.graph, place);
          return `${lonE7},${latE7}`;
        }),
      );
      const elsewhere = rows.filter(
        ({ lon, lat }) => !places.has(`${toE7(Number(lon))},${toE7(Number(lat))}`),
      );
      expect(elsewhere).toEqual([]);
    });

    it('has shares between 0 and 1 that grow with the minutes, inside their intervals', () => {
      const check = ({ value, ci95, n }: Estimate): number => {
        expect(value === null).toBe(n === 0);
        if (value === null) return NaN;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        if (ci95 !== null) {
          expect(ci95[0]).toBeLessThanOrEqual(value);
          expect(ci95[1]).toBeGreaterThanOrEqual(value);
        }
        return value;
      };
      for (const { within1min, within3min, within5min } of kpis.achieved) {
        const shares = [within1min, within3min, within5min].map(check);
        expect(shares).toEqual([...shares].sort((a, b) => a - b));
      }
      for (const { within1min, within3min, within5min } of kpis.potential.rows) {
        expect(0 <= within1min && within1min <= within3min).toBe(true);
        expect(within3min <= within5min && within5min <= 1).toBe(true);
      }
      const groups = kpis.achieved.filter(({ group }) => group.startsWith('zone:'));
      expect(groups.map(({ group }) => group.slice(5))).toEqual(city.zones.map(({ id }) => id));
      for (const { busyShare } of kpis.utilisation) check(busyShare);
      // a unit is in the field all three shifts
      for (const { onDutyHours } of kpis.utilisation) expect(onDutyHours).toBe(24);
    });

    it('says of every visit whether it was made, and of each missed one why', () => {
      const { visits, missed, shifts } = kpis.patrol;
      const asked = first.scenario.points.reduce((sum, { visitsPerShift }) => sum + visitsPerShift, 0);
      expect(visits.asked).toBe(3 * asked);
      expect(shifts).toEqual(['day', 'evening', 'night'].map((shift) => ({ shift, whole: 1, cut: 0 })));
      const lost = missed.reduce((sum, { perReplication }) => sum + perReplication, 0);
      expect(visits.done.value! + lost).toBeCloseTo(visits.asked, 9);
      for (const { cause } of missed) expect(cause).not.toBe('');
    });

    it('has the same bytes when it is run again, on two threads', async () => {
      await run('again', { workers: 2 });
      expect(hashesOf(join(folder, 'again'))).toEqual(hashesOf(join(folder, 'first')));
    });
  });
});
