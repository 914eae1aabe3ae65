/**
 * Lays Baicheng's counts (9 posts, 21 core zones, 12 key zones, 60 must-reach points, 78 must-patrol lines) on real
 * places of Gothenburg's roads, and writes the GeoJSON files and scenario.json beside it. Everything follows from the
 * road data and the numbers below; run it again with `npx tsx scenarios/gothenburg/make.ts`.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { circle } from '@turf/turf';
import { haversineM } from '../../engine/geo.ts';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { readRoads } from '../../engine/import/import.ts';
import { ROAD_CLASSES } from '../../engine/import/road-extract.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { fromE7 } from '../../engine/units.ts';

const PACKAGE = 'geojson-path-finder';
const FILE = 'test/large-network.json';
/** Brunnsparken, the square where the trams of Gothenburg meet: the middle of everything below. */
const CENTRE = { lon: 11.9689, lat: 57.7068 };

const require = createRequire(import.meta.url);
const roadsPath = require.resolve(`${PACKAGE}/package.json`).replace(/package\.json$/, FILE);
const bytes = readFileSync(roadsPath);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const extract = await readRoads({ name: FILE, bytes }, { pedestrianStreets: false });
const graph = await buildRoadGraph(extract);

interface Junction {
  node: number;
  lon: number;
  lat: number;
  name: string;
  /** Lower is busier: best classes of the streets that meet. */
  rank: number;
  fromCentreM: number;
}

/** Junctions of the main part where streets of two or more names meet. */
function namedJunctions(): Junction[] {
  const junctions: Junction[] = [];
  for (let node = 0; node < graph.nNodes; node++) {
    if (graph.nodeMain[node] === 0) continue;
    const streets = new Map<string, number>();
    const meet = (arc: number): void => {
      const segment = graph.arcSegment[arc];
      const name = graph.names[graph.segmentName[segment]];
      const roadClass = ROAD_CLASSES[graph.segmentClass[segment]];
      if (name === '' || /motorway|trunk|_link|service/.test(roadClass)) return;
      streets.set(name, Math.min(streets.get(name) ?? Infinity, graph.segmentClass[segment]));
    };
    for (let arc = graph.firstOut[node]; arc < graph.firstOut[node + 1]; arc++) meet(arc);
    for (let i = graph.firstIn[node]; i < graph.firstIn[node + 1]; i++) meet(graph.inArc[i]);
    if (streets.size < 2) continue;
    const named = [...streets].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 2);
    const lon = fromE7(graph.nodeLonE7[node]);
    const lat = fromE7(graph.nodeLatE7[node]);
    junctions.push({
      node,
      lon,
      lat,
      name: named.map(([name]) => name).join(' / '),
      rank: named[0][1] + named[1][1],
      fromCentreM: haversineM(lon, lat, CENTRE.lon, CENTRE.lat),
    });
  }
  return junctions;
}

const distanceM = (a: Junction, b: Junction): number => haversineM(a.lon, a.lat, b.lon, b.lat);

/** The first `count` junctions in the given order that lie `apartM` from all chosen and from `others`. */
function spaced(order: Junction[], count: number, apartM: number, others: Junction[] = []): Junction[] {
  const chosen: Junction[] = [];
  for (const junction of order) {
    if (chosen.length === count) break;
    const near = [...chosen, ...others].some(
      (other) => distanceM(junction, other) < apartM || other.name === junction.name,
    );
    if (!near) chosen.push(junction);
  }
  if (chosen.length < count) throw new Error(`only ${chosen.length} of ${count} places found`);
  return chosen;
}

const junctions = namedJunctions();
const byBusyness = (a: Junction, b: Junction): number => a.rank - b.rank || a.fromCentreM - b.fromCentreM;
const byNearness = (a: Junction, b: Junction): number => a.fromCentreM - b.fromCentreM;

const core = spaced([...junctions].sort(byNearness), 21, 430);
const outside = junctions.filter((j) => core.every((c) => distanceM(c, j) > 600) && j.fromCentreM < 5500);
const key = spaced([...outside].sort(byBusyness), 12, 1100, core);
const points = [
  ...core,
  ...key,
  ...spaced(
    junctions.filter((j) => j.fromCentreM < 4500).sort(byBusyness),
    60 - core.length - key.length,
    350,
    [...core, ...key],
  ),
];

/** Posts: 9 busy junctions that leave no core or key zone far, by greedy choice on drive time (p-median, weights core 3, key 1). */
function choosePosts(count: number): Junction[] {
  const router = createRouter(buildMetric(graph, findProfile('patrol-car'), { siren: true }));
  const demand = [...core, ...key];
  const candidates = spaced([...junctions].filter((j) => j.fromCentreM < 5500).sort(byBusyness), 90, 300);
  const at = (j: Junction) => positionOfNode(graph, j.node);
  const times = candidates.map((c) => router.timesFrom(at(c), demand.map(at)));
  const chosen: number[] = [];
  while (chosen.length < count) {
    const cost = (extra: number): number =>
      demand.reduce((sum, _, d) => {
        const nearest = Math.min(...[...chosen, extra].map((c) => times[c][d]));
        return sum + nearest * (d < core.length ? 3 : 1);
      }, 0);
    const best = candidates.map((_, c) => c).reduce((a, b) => (cost(b) < cost(a) ? b : a));
    chosen.push(best);
  }
  return chosen.map((c) => candidates[c]);
}
const posts = choosePosts(9);

interface StreetLine {
  name: string;
  nodes: number[];
  lengthM: number;
}

/**
 * Lines: from each named street, the longest drive that stays on it within 6 km of the centre, following segments of
 * the same name from junction to junction without turning back; cut at 1500 m.
 */
function streetLines(): StreetLine[] {
  const arcsOfName = new Map<string, number[]>();
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const segment = graph.arcSegment[arc];
    const name = graph.names[graph.segmentName[segment]];
    const roadClass = ROAD_CLASSES[graph.segmentClass[segment]];
    if (name === '' || /motorway|trunk|_link|service|living/.test(roadClass)) continue;
    if (graph.nodeMain[graph.tail[arc]] === 0 || graph.nodeMain[graph.head[arc]] === 0) continue;
    const list = arcsOfName.get(name);
    if (list === undefined) arcsOfName.set(name, [arc]);
    else list.push(arc);
  }
  const lines: StreetLine[] = [];
  for (const [name, arcs] of arcsOfName) {
    let best: StreetLine | null = null;
    for (const first of arcs) {
      const drive = [first];
      const seen = new Set([graph.arcSegment[first]]);
      let lengthM = graph.segmentLengthMm[graph.arcSegment[first]] / 1000;
      for (;;) {
        const at = graph.head[drive[drive.length - 1]];
        const next = arcs.find((arc) => graph.tail[arc] === at && !seen.has(graph.arcSegment[arc]));
        if (next === undefined) break;
        const more = graph.segmentLengthMm[graph.arcSegment[next]] / 1000;
        if (lengthM + more > 1500) break;
        drive.push(next);
        seen.add(graph.arcSegment[next]);
        lengthM += more;
      }
      if (best === null || lengthM > best.lengthM) best = { name, nodes: drive, lengthM };
    }
    if (best !== null) lines.push(best);
  }
  const middle = (line: StreetLine): number => {
    const arc = line.nodes[line.nodes.length >> 1];
    const node = graph.head[arc];
    return haversineM(fromE7(graph.nodeLonE7[node]), fromE7(graph.nodeLatE7[node]), CENTRE.lon, CENTRE.lat);
  };
  return lines
    .filter((line) => line.lengthM >= 300 && middle(line) < 5000)
    .sort(
      (a, b) => b.lengthM / (800 + middle(b)) - a.lengthM / (800 + middle(a)) || (a.name < b.name ? -1 : 1),
    )
    .slice(0, 78);
}

function coordinatesOf(arcs: number[]): [number, number][] {
  const coordinates: [number, number][] = [];
  for (const arc of arcs) {
    const segment = graph.arcSegment[arc];
    const shape: [number, number][] = [];
    for (let i = graph.firstShape[segment]; i < graph.firstShape[segment + 1]; i++) {
      shape.push([fromE7(graph.shapeLonE7[i]), fromE7(graph.shapeLatE7[i])]);
    }
    if (graph.arcBackward[arc] === 1) shape.reverse();
    coordinates.push(...(coordinates.length > 0 ? shape.slice(1) : shape));
  }
  return coordinates;
}

const lines = streetLines();
if (lines.length < 78) throw new Error(`only ${lines.length} of 78 lines found`);

const twoDigits = (i: number): string => String(i + 1).padStart(2, '0');
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
const write = (file: string, features: object[]): void => {
  const text = features.map((feature) => JSON.stringify(feature)).join(',\n');
  writeFileSync(
    `${import.meta.dirname}/${file}`,
    `{"type":"FeatureCollection","attribution":"(c) OpenStreetMap contributors, ODbL 1.0","features":[\n${text}\n]}\n`,
  );
};
const zoneFeature = (j: Junction, id: string, zoneClass: string, radiusM: number): object => ({
  type: 'Feature',
  properties: { id, name: j.name, class: zoneClass },
  geometry: {
    type: 'Polygon',
    coordinates: circle([j.lon, j.lat], radiusM / 1000, { steps: 16 }).geometry.coordinates.map((ring) =>
      ring.map(([lon, lat]) => [round(lon), round(lat)]),
    ),
  },
});

write('zones.geojson', [
  ...core.map((j, i) => zoneFeature(j, `core-${twoDigits(i)}`, 'core', 210)),
  ...key.map((j, i) => zoneFeature(j, `key-${twoDigits(i)}`, 'key', 400)),
]);
write(
  'points.geojson',
  points.map((j, i) => ({
    type: 'Feature',
    properties: {
      id: `point-${twoDigits(i)}`,
      name: j.name,
      visitsPerShift: i < core.length ? 4 : i < core.length + key.length ? 3 : 2,
      dwellS: i < core.length ? 600 : 300,
      ...(i < core.length ? { longestGapS: 4 * 3600 } : {}),
    },
    geometry: { type: 'Point', coordinates: [j.lon, j.lat] },
  })),
);
write(
  'lines.geojson',
  lines.map((line, i) => ({
    type: 'Feature',
    properties: {
      id: `line-${twoDigits(i)}`,
      name: line.name,
      passesPerShift: 3,
      direction: line.nodes.every((arc) => {
        const segment = graph.arcSegment[arc];
        return Math.max(graph.segmentForwardArc[segment], graph.segmentBackwardArc[segment]) < graph.nArcs;
      })
        ? 'both'
        : 'along',
    },
    geometry: { type: 'LineString', coordinates: coordinatesOf(line.nodes) },
  })),
);

/** Calls by hour of day, relative to the mean: quiet before dawn, busiest in the evening; nights of Friday and Saturday are half as busy again. */
const HOUR_OF_DAY = [
  0.7, 0.5, 0.4, 0.3, 0.3, 0.4, 0.6, 0.9, 1.1, 1.1, 1.1, 1.2, 1.2, 1.2, 1.3, 1.4, 1.5, 1.5, 1.5, 1.4, 1.3,
  1.2, 1.0, 0.9,
];
const hourOfWeek = Array.from({ length: 168 }, (_, hour) => {
  const day = Math.floor(hour / 24);
  const ofDay = hour % 24;
  const nightOut = (ofDay >= 21 && (day === 4 || day === 5)) || (ofDay < 4 && (day === 5 || day === 6));
  return HOUR_OF_DAY[ofDay] * (nightOut ? 1.5 : 1);
});
const rates = (callsPerDay: number): number[] =>
  hourOfWeek.map((factor) => Math.round((callsPerDay / 24) * factor * 1e5) / 1e5);

const source = (zone: string, callsPerDay: number): object => ({
  where: { type: 'zone', zone },
  callsPerHour: rates(callsPerDay),
});
const scenario = {
  $schema: '../scenario.schema.json',
  version: 1,
  name: 'gothenburg',
  about:
    "A Baicheng-sized deployment on the real streets of Gothenburg. Roads are OpenStreetMap's; the deployment, its places and the demand are assumed. See README.md.",
  roads: { file: { package: PACKAGE, file: FILE, sha256 } },
  zones: { file: 'zones.geojson' },
  mustReachPoints: { file: 'points.geojson' },
  mustPatrolLines: { file: 'lines.geojson' },
  posts: posts.map((j, i) => ({ id: `post-${i + 1}`, name: j.name, lonLat: [j.lon, j.lat] })),
  shifts: [
    { id: 'day', startS: 8 * 3600, endS: 20 * 3600 },
    { id: 'night', startS: 20 * 3600, endS: 32 * 3600 },
  ],
  units: [
    ...posts.map((_, i) => ({ id: `${i + 1}A`, post: `post-${i + 1}`, shifts: ['day', 'night'] })),
    ...posts.map((_, i) => ({ id: `${i + 1}B`, post: `post-${i + 1}`, shifts: ['day'] })),
    { id: 'M', count: 4, shifts: ['day', 'night'] },
  ],
  demand: {
    type: 'poisson',
    categories: [
      {
        id: 'crime',
        name: 'Crime in progress',
        priority: 1,
        share: 11,
        siren: true,
        onSceneS: { type: 'lognormal', mean: 2400, cv: 0.9 },
      },
      {
        id: 'order',
        name: 'Public order',
        priority: 2,
        share: 26,
        siren: true,
        onSceneS: { type: 'lognormal', mean: 1500, cv: 0.8 },
      },
      {
        id: 'traffic',
        name: 'Traffic and help',
        priority: 3,
        share: 63,
        siren: false,
        onSceneS: { type: 'lognormal', mean: 1500, cv: 0.8 },
      },
    ],
    sources: [
      ...core.map((_, i) => source(`core-${twoDigits(i)}`, 4)),
      ...key.map((_, i) => source(`key-${twoDigits(i)}`, 4)),
      { where: { type: 'roads' }, callsPerHour: rates(68) },
    ],
  },
  delays: { callHandlingS: 40, turnoutAtPostS: 10, turnoutOnPatrolS: 5, accessS: 10 },
  standards: ['zone-1-3-5', 'echelon-1-3-5', 'stage-1-3-5', 'urban5-suburb10', 'service-10-30'],
  dispatch: { type: 'closest-available' },
  patrol: { type: 'quota-tour', profile: 'patrol-pace' },
  placement: { type: 'mclp' },
  run: { start: '2026-03-02T08:00', durationS: 86400, replications: 20, seed: 135 },
};
writeFileSync(
  `${import.meta.dirname}/scenario.json`,
  `${JSON.stringify(scenario, null, 2).replace(/\[\s+([-\d.,\s]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`,
);
