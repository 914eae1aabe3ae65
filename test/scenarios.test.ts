/**
 * Every folder under scenarios/ is a test: it runs as a user would run it, and its results are those of its
 * expected.json, byte for byte. A change of bytes is a change of version: run with UPDATE_EXPECTED=1 and say why in
 * CHANGELOG.md.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAndReadScenario, runScenario } from '../engine/node/run-scenario.ts';
import { prepareRun } from '../engine/pipeline.ts';
import { nodeOfPosition, type RoadGraph } from '../engine/graph/road-graph.ts';
import { createReplicator } from '../engine/replicate.ts';
import { toJsonText } from '../engine/results/json.ts';
import { EVENT_KINDS, type EventLog } from '../engine/sim/event-log.ts';
import type { ManifestJson } from '../engine/results/manifest.ts';
import { NONE } from '../engine/units.ts';

const SCENARIOS = resolve(import.meta.dirname, '../scenarios');
const folders = readdirSync(SCENARIOS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('the scenarios', () => {
  it('are at least the toy, its night, and Gothenburg', () => {
    expect(folders).toEqual(expect.arrayContaining(['gothenburg', 'toy', 'toy-night']));
  });

  it.each(folders)('%s gives the results of its expected.json', { timeout: 180_000 }, async (name) => {
    const folder = join(SCENARIOS, name);
    const out = join(mkdtempSync(join(tmpdir(), 'patrol135-')), 'results');
    try {
      const { kpis } = await runScenario(folder, { out });
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as ManifestJson;
      const actual = toJsonText({ run: { ...manifest, engineVersion: undefined }, kpis });
      const expectedFile = join(folder, 'expected.json');
      if (process.env.UPDATE_EXPECTED === '1') writeFileSync(expectedFile, actual);
      expect(existsSync(join(folder, 'README.md'))).toBe(true);
      expect(actual).toBe(readFileSync(expectedFile, 'utf8'));
    } finally {
      rmSync(resolve(out, '..'), { recursive: true });
    }
  });
});

/**
 * The log as it was while one unit went to a call: the end of the call and of the unit's work were one row. Columns in
 * the order of then. A junction is the same place from whichever street it is named.
 */
function asItWas(log: EventLog, graph: RoadGraph): object {
  const unitCleared = EVENT_KINDS.indexOf('unitCleared');
  const rows = [...log.kind.keys()].filter((row) => log.kind[row] !== unitCleared);
  const unit = [...log.unit];
  log.kind.forEach((kind, row) => {
    if (kind === unitCleared) unit[row - 1] = unit[row];
  });
  const kept = (column: ArrayLike<number>): number[] => rows.map((row) => column[row]);
  const placeOf = (row: number): number[] => {
    const segment = log.segment[row];
    const offsetMm = log.offsetMm[row];
    if (segment === NONE) return [];
    const node = nodeOfPosition(graph, { segment, offsetMm });
    return node === NONE ? [segment, offsetMm] : [node];
  };
  return {
    replication: log.replication,
    nEvents: rows.length,
    timeMs: kept(log.timeMs),
    kind: kept(log.kind),
    call: kept(log.call),
    unit: kept(unit),
    place: rows.map(placeOf),
    route: kept(log.route),
    detail: rows.map((row) => log.detail[row]),
  };
}

describe('the Gothenburg scenario', () => {
  it('under the profile plain gives the event log of before turn rules, surfaces and delays, byte for byte', async () => {
    const given = await openAndReadScenario(join(SCENARIOS, 'gothenburg'), {});
    const { payload } = await prepareRun({
      ...given,
      units: given.units.map((unit) => ({ ...unit, profile: 'plain' })),
      patrol: { ...given.patrol, profile: 'plain' },
    });
    const replicate = createReplicator(payload);
    const hash = createHash('sha256');
    for (const n of [1, 2]) {
      const { log, routes } = replicate(n);
      const columns = routes.map((route) => Object.values(route).map((column: Uint32Array) => [...column]));
      hash.update(JSON.stringify([asItWas(log!, payload.city.graph), columns]));
    }
    // the hash of the same rows by the engine as it was before profiles had rules
    expect(hash.digest('hex')).toBe('76f79222272a21b82b2c5f0895f4beafe0a6bdc3a6a99d3e136d4f37327ca3c4');
  });

  it("has Baicheng's counts: 9 posts, 21 core zones, 12 key zones, 60 points, 78 lines", () => {
    const features = (file: string): { properties: { class?: string } }[] =>
      (
        JSON.parse(readFileSync(join(SCENARIOS, 'gothenburg', file), 'utf8')) as {
          features: { properties: { class?: string } }[];
        }
      ).features;
    const zones = features('zones.geojson');
    const scenario = JSON.parse(readFileSync(join(SCENARIOS, 'gothenburg/scenario.json'), 'utf8')) as {
      posts: unknown[];
    };
    expect(scenario.posts).toHaveLength(9);
    expect(zones.filter((zone) => zone.properties.class === 'core')).toHaveLength(21);
    expect(zones.filter((zone) => zone.properties.class === 'key')).toHaveLength(12);
    expect(features('points.geojson')).toHaveLength(60);
    expect(features('lines.geojson')).toHaveLength(78);
  });
});
