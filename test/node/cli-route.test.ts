/** `patrol135 route`, and the cache of orders beside a graph file, as a user meets them. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

const street = (name: string, coordinates: number[][]) => ({
  type: 'Feature',
  properties: { highway: 'residential', name },
  geometry: { type: 'LineString', coordinates },
});
/** A long way round over North Street and East Street, and a short one over South Street, one-way. */
const town = {
  type: 'FeatureCollection',
  features: [
    street('North Street', [[10, 50], [10, 50.01], [10.01, 50.01]]),
    street('East Street', [[10.01, 50.01], [10.01, 50]]),
    { ...street('South Street', [[10, 50], [10.01, 50]]), properties: { highway: 'residential', name: 'South Street', oneway: 'yes' } },
  ],
}; // prettier-ignore

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135-route-'));
  await writeFile(at('town.geojson'), JSON.stringify(town));
  expect((await runCli(['import', at('town.geojson'), '--out', at('town.graph')])).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('patrol135 route', () => {
  it('lists the streets of the fastest drive and writes it as GeoJSON', async () => {
    const there = ['--from', '10,50', '--to', '10.01,50', '--profile', 'plain'];
    const { code, stdout } = await runCli(['route', at('town.graph'), ...there, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      steps: { name: string }[];
      travelTimeS: number;
      lengthM: number;
    };
    expect(document.steps.map(({ name }) => name)).toEqual(['South Street']);
    expect(document.lengthM).toBeCloseTo(714.7, 0);
    expect(document.travelTimeS).toBeCloseTo(document.lengthM / (30 / 3.6), 2);

    const back = ['--from', '10.01,50', '--to', '10,50', '--profile', 'plain', '--out', at('drive.geojson')];
    const text = await runCli(['route', at('town.graph'), ...back]);
    expect(text.stdout).toMatch(
      /East Street +1112 .*\n.*North Street +1827 .*\n2\.939 km in 352\.\d s \(plain\)/,
    );
    const geojson = JSON.parse(await readFile(at('drive.geojson'), 'utf8')) as {
      features: { geometry: { coordinates: number[][] } }[];
    };
    expect(geojson.features[0].geometry.coordinates).toEqual([[10.01, 50], [10.01, 50.01], [10, 50.01], [10, 50]]); // prettier-ignore
  });

  it('says which place is no place, and where no road is near', async () => {
    const { code, stderr } = await runCli(['route', at('town.graph'), '--from', '10', '--to', '10,500']);
    expect(code).toBe(2);
    expect(stderr).toContain('--from "10": is not LON,LAT');
    expect(stderr).toContain('--to "10,500": lat 500 is outside -90 to 90');
    const far = await runCli(['route', at('town.graph'), '--from', '10,50', '--to', '11,50']);
    expect([far.code, far.stderr.includes('11,50')]).toEqual([2, true]);
  });
});

describe('the order beside a graph file', () => {
  const matrix = (out: string) =>
    runCli(['matrix', at('town.graph'), '--from', at('p.csv'), '--to', at('p.csv'), '--out', at(out)]);

  it('is used, and found anew when it was altered, with the same times', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${10 + 0.00025 * i},50`);
    await writeFile(at('p.csv'), `id,lon,lat\n${rows.join('\n')}\n`);
    const good = await readFile(at('town.graph.order'));
    expect((await matrix('a.csv')).stderr).not.toContain('order');
    await writeFile(at('town.graph.order'), good.subarray(0, 60));
    const second = await matrix('b.csv');
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('town.graph.order byte 0: is not a patrol135 order file: it is not used');
    expect(await readFile(at('town.graph.order'))).toEqual(good);
    await rm(at('town.graph.order'));
    expect((await matrix('c.csv')).code).toBe(0);
    expect((await stat(at('town.graph.order'))).size).toBe(good.length);
    const times = await readFile(at('a.csv'), 'utf8');
    expect(times.split('\n')).toHaveLength(1602);
    expect(await readFile(at('b.csv'), 'utf8')).toBe(times);
    expect(await readFile(at('c.csv'), 'utf8')).toBe(times);
  });
});
