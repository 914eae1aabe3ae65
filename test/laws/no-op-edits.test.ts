/**
 * Edits that change nothing about the world change no byte of the results, but for the copy of the scenario and the
 * hashes of inputs. Held on a town with everything switched on, through the whole flow, all files of the results.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import { prepareRun, readScenario } from '../../engine/pipeline.ts';
import { resultFiles } from '../../engine/results/result-files.ts';
import { createReplicator } from '../../engine/replicate.ts';
import type { ManifestJson } from '../../engine/results/manifest.ts';
import { testStream } from '../support/random-city.ts';

const FOLDER = resolve(import.meta.dirname, '../../scenarios/toy-night');
const REPLICATIONS = 2;

// prettier-ignore
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Keyed = Record<string, Json>;

/** The scenario with an island of two streets that no other road leads to. */
interface Town {
  scenario: Keyed;
  roads: Keyed;
}

const street = (id: number, name: string, coordinates: number[][]): Keyed => ({
  type: 'Feature',
  id: `way/${id}`,
  properties: { '@id': `way/${id}`, highway: 'residential', name },
  geometry: { type: 'LineString', coordinates },
});

function town(policies: Keyed): Town {
  const read = (name: string): Keyed => JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8')) as Keyed;
  const [scenario, roads] = [read('scenario.json'), read('roads.geojson')];
  (roads.features as Json[]).push(
    street(901, 'Island Street', [[0.02, 0.02], [0.021, 0.02]]),
    street(902, 'Island Alley', [[0.021, 0.02], [0.021, 0.0205]]),
  ); // prettier-ignore
  const run = { ...(scenario.run as Keyed), replications: REPLICATIONS };
  return { scenario: { ...scenario, ...policies, run }, roads };
}

async function resultsOf({ scenario, roads }: Town): Promise<Map<string, Uint8Array>> {
  const bytes = (value: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const opened = openScenarioFromBytes(
    new Map([
      ['scenario.json', bytes(scenario)],
      ['roads.geojson', bytes(roads)],
    ]),
  );
  const prepared = await prepareRun(await readScenario(opened.fileName, opened.bytes, opened.files));
  const replicate = createReplicator(prepared.payload);
  const records = Array.from({ length: REPLICATIONS }, (_, i) => replicate(i + 1));
  return resultFiles(prepared, records, { asked: REPLICATIONS });
}

/** Every file as text, without what tells the input apart: the scenario's copy and hash. */
async function comparable(given: Town): Promise<Record<string, string>> {
  const files = await resultsOf(given);
  const texts: Record<string, string> = {};
  for (const [name, bytes] of files) {
    if (name === 'scenario.json') continue;
    if (name.endsWith('.parquet')) {
      // a hash would not say where they differ, and no test prints so many bytes
      texts[name] = Buffer.from(bytes).toString('base64');
      continue;
    }
    texts[name] = Buffer.from(bytes).toString('utf8');
  }
  const manifest = JSON.parse(texts['manifest.json']) as ManifestJson;
  manifest.scenario.sha256 = '';
  manifest.files = manifest.files.filter(({ name }) => name !== 'scenario.json');
  texts['manifest.json'] = JSON.stringify(manifest, null, 2);
  return texts;
}

/** The value with the keys of every object in another order. */
function shuffled(value: Json, random: { below: (n: number) => number }): Json {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random));
  if (typeof value !== 'object' || value === null) return value;
  const left = Object.keys(value);
  const entries: [string, Json][] = [];
  while (left.length > 0) {
    const [key] = left.splice(random.below(left.length), 1);
    entries.push([key, shuffled(value[key], random)]);
  }
  return Object.fromEntries(entries);
}

/** The run is from Friday evening to Saturday morning. */
const sunday = { id: 'sunday', startS: 0, endS: 3600, days: ['sun'] };

const demandOf = ({ scenario }: Town) => scenario.demand as { sources: Json[]; surges: Json[] };
const addTo = (given: Town, key: string, ...values: Json[]): void => {
  given.scenario[key] = [...((given.scenario[key] ?? []) as Json[]), ...values];
};

const EDITS: Record<string, (given: Town) => void> = {
  'keys in another order (seed 135)': (given) => {
    given.scenario = shuffled(given.scenario, testStream(135)) as Keyed;
  },
  'a source of rate 0, last': (given) => {
    demandOf(given).sources.push({ where: { type: 'zone', zone: 'school' }, callsPerHour: 0 });
  },
  'a source of rate 0, first': (given) => {
    demandOf(given).sources.unshift({ where: { type: 'roads' }, callsPerHour: 0 });
  },
  'a surge of factor 1': (given) => {
    demandOf(given).surges.push({ dates: ['2026-03-06'], factor: 1 });
  },
  'a unit whose days never fall into the run': (given) => {
    addTo(given, 'shifts', sunday);
    addTo(given, 'units', {
      id: 'spare',
      post: 'east',
      shifts: ['sunday'],
      profile: 'plain',
      skills: ['armed'],
    });
  },
  'a closed road that nobody can reach': (given) => {
    (given.scenario.roads as Keyed).changes = [{ ways: [901], closed: true }];
  },
  'a slow road that nobody can reach': (given) => {
    (given.scenario.roads as Keyed).changes = [{ ways: [902], speedFactor: 0.5 }];
  },
};

const POLICIES: Keyed[] = [
  {},
  { dispatch: { type: 'maximal-coverage' }, moveUp: { type: 'dynamic-mexclp' } },
];

describe.each(POLICIES)('an edit that changes nothing about the world, with policies %j', (policies) => {
  let before: Record<string, string>;
  beforeAll(async () => {
    before = await comparable(town(policies));
  });

  it.each(Object.keys(EDITS))('changes no byte of the results: %s', async (name) => {
    const given = town(policies);
    EDITS[name](given);
    expect(JSON.stringify(given)).not.toBe(JSON.stringify(town(policies)));
    const after = await comparable(given);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const changed = Object.keys(before).filter((file) => after[file] !== before[file]);
    expect(changed).toEqual([]);
  });

  it('is told apart from one that changes something: a source of some rate, a unit on duty, a road that is used', async () => {
    const meaningful: ((given: Town) => void)[] = [
      (given) => demandOf(given).sources.push({ where: { type: 'roads' }, callsPerHour: 1 }),
      (given) => addTo(given, 'units', { id: 'spare', post: 'east', shifts: ['late'], profile: 'plain' }),
      (given) => addTo(given, 'posts', { id: 'other', lonLat: [0.003, 0] }),
    ];
    for (const change of meaningful) {
      const given = town(policies);
      change(given);
      expect(await comparable(given)).not.toEqual(before);
    }
  });
});
