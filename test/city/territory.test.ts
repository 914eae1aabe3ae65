import { booleanPointInPolygon, point, polygon } from '@turf/turf';
import { describe, expect, it } from 'vitest';
import { buildTerritory, type Territory } from '../../engine/city/territory.ts';
import { pointOfPosition, type EdgeInterval, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { lengthOfIntervalsMm } from '../../engine/routing/interval-shape.ts';
import type { LonLat } from '../../engine/scenario/scenario.ts';
import { createSnapper, isMainSegment } from '../../engine/spatial/snap.ts';
import { fromE7, NONE, toE7 } from '../../engine/units.ts';
import { box, map } from '../support/ascii-map.ts';
import { randomGraph, testStream } from '../support/random-city.ts';

interface Zone {
  polygons: LonLat[][][];
}

const zone = (...rings: [number, number][][]): Zone => ({
  polygons: [rings.map((ring) => ring.map(([lon, lat]) => ({ lon, lat })))],
});

const territoryOf = (graph: RoadGraph, zones: readonly Zone[]): Territory =>
  buildTerritory(graph, createSnapper(graph), zones);

/** Length of each zone in metres, to the metre; the last is what lies in no zone. */
function metres({ all }: Territory, zones: number): number[] {
  const sums = Array.from({ length: zones + 1 }, () => 0);
  all.stretches.forEach(({ fromMm, toMm }, i) => {
    sums[all.zone[i] === NONE ? zones : all.zone[i]] += toMm - fromMm;
  });
  return sums.map((mm) => Math.round(mm / 1000));
}

describe('whose road it is', () => {
  // 1000 m of street, zones by cells of 100 m
  const street = () => map('A---------B');
  const early = zone(box(2, -1, 6, 1));
  const late = zone(box(4, -1, 8, 1));

  it('is of the first zone of the list that holds it', async () => {
    const { graph } = await street();
    expect(metres(territoryOf(graph, [early, late]), 2)).toEqual([400, 200, 400]);
    expect(metres(territoryOf(graph, [late, early]), 2)).toEqual([400, 200, 400]);
    expect(
      territoryOf(graph, [early, late]).stretchesOfZone[1].map((s) => Math.round(s.fromMm / 1e5)),
    ).toEqual(
      [6], // what the early one left: from 600 m
    );
    expect(
      territoryOf(graph, [late, early]).stretchesOfZone[1].map((s) => Math.round(s.fromMm / 1e5)),
    ).toEqual([2]);
  });

  it('comes in pieces where an earlier zone lies in the middle, and is nothing where it covers all', async () => {
    const { graph } = await street();
    const wide = zone(box(1, -1, 9, 1));
    expect(metres(territoryOf(graph, [early, wide]), 2)).toEqual([400, 400, 200]);
    expect(territoryOf(graph, [early, wide]).stretchesOfZone[1]).toHaveLength(2);
    expect(metres(territoryOf(graph, [wide, early]), 2)).toEqual([800, 0, 200]);
    expect(territoryOf(graph, [wide, early]).stretchesOfZone[1]).toEqual([]);
  });

  it('is not of a zone whose hole it lies in', async () => {
    const { graph } = await street();
    const ring = zone(box(1, -2, 9, 2), box(3, -1, 5, 1));
    expect(metres(territoryOf(graph, [ring]), 1)).toEqual([600, 400]);
    expect(metres(territoryOf(graph, [ring, early]), 2)).toEqual([600, 200, 200]); // the hole goes to the next
  });

  it('tells the zone of a stretch, of a place, and of neither where none is', async () => {
    const town = await street();
    const territory = territoryOf(town.graph, [early, late]);
    const { stretches, zone: zoneOf } = territory.all;
    const at = (cells: number): number =>
      zoneOf[stretches.findIndex(({ fromMm, toMm }) => cells * 100_000 > fromMm && cells * 100_000 < toMm)];
    expect([1, 3, 5, 7, 9].map(at)).toEqual([NONE, 0, 0, 1, NONE]);
    const [lon] = box(5, 0, 5, 0)[0];
    expect(territory.zoneOfPlace({ lon, lat: 0.0005 })).toBe(0);
    expect(territory.zoneOfPlace({ lon, lat: 0.5 })).toBe(NONE);
  });

  it("is nobody's on an island: zones and the whole are of the main part only", async () => {
    const { graph } = await map(`
A---B---C
|   |   |
D---E---F

    G---H`);
    const everything = zone(box(-1, -1, 20, 20));
    const territory = territoryOf(graph, [everything]);
    expect(metres(territory, 1)).toEqual([2 * 800 + 3 * 200, 0]);
    expect(territory.all.stretches.every(({ segment }) => isMainSegment(graph, segment))).toBe(true);
  });
});

/** Rectangles and stars over the extent of random networks, some with holes. */
function randomZones(seed: number): Zone[] {
  const random = testStream(seed);
  const at = (): number => fromE7(random.below(340_000) - 20_000);
  return Array.from({ length: 1 + random.below(5) }, () => {
    const star = Array.from({ length: 3 + random.below(5) }, () => [at(), at()] as [number, number]);
    const [west, east] = [at(), at()].sort((a, b) => a - b);
    const [south, north] = [at(), at()].sort((a, b) => a - b);
    const ring = (inset: number): [number, number][] => {
      const [w, e] = [west + (inset * (east - west)) / 4, east - (inset * (east - west)) / 4];
      const [s, n] = [south + (inset * (north - south)) / 4, north - (inset * (north - south)) / 4];
      return [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ];
    };
    const kind = random.below(3);
    if (kind === 0) return zone([...star, star[0]]);
    return kind === 1 ? zone(ring(0)) : zone(ring(0), ring(1));
  });
}

describe('the main part cut up by zones (seeds 1 to 60)', () => {
  it('is covered exactly once, and the stretches of a zone are those of the whole', async () => {
    let cut = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const graph = await randomGraph(seed);
      const zones = randomZones(seed);
      const { all, stretchesOfZone } = territoryOf(graph, zones);
      const bySegment = new Map<number, EdgeInterval[]>();
      for (const stretch of all.stretches) {
        bySegment.set(stretch.segment, [...(bySegment.get(stretch.segment) ?? []), stretch]);
      }
      let mainMm = 0;
      for (let s = 0; s < graph.nSegments; s++) {
        const pieces = bySegment.get(s) ?? [];
        if (!isMainSegment(graph, s)) {
          expect(pieces, `seed ${seed}`).toEqual([]);
          continue;
        }
        mainMm += graph.segmentLengthMm[s];
        if (pieces.length > 1) cut++;
        let at = 0;
        for (const { fromMm, toMm } of pieces) {
          expect(fromMm, `seed ${seed}, segment ${s}`).toBe(at);
          expect(toMm).toBeGreaterThan(fromMm);
          at = toMm;
        }
        expect(at, `seed ${seed}, segment ${s}`).toBe(graph.segmentLengthMm[s]);
      }
      const ofZones = [...zones.keys(), NONE].map((z) =>
        lengthOfIntervalsMm(all.stretches.filter((_, i) => all.zone[i] === z)),
      );
      expect(ofZones.reduce((sum, mm) => sum + mm, 0)).toBe(mainMm);
      expect(stretchesOfZone.map(lengthOfIntervalsMm), `seed ${seed}`).toEqual(ofZones.slice(0, -1));
    }
    expect(cut).toBeGreaterThan(200);
  });

  it('gives every stretch to the zone that turf finds first in the list for its middle', async () => {
    let inZone = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const graph = await randomGraph(seed);
      const zones = randomZones(seed);
      const territory = territoryOf(graph, zones);
      const shapes = zones.map(({ polygons: [rings] }) =>
        polygon(rings.map((ring) => ring.map((p) => [p.lon, p.lat]))),
      );
      territory.all.stretches.forEach((stretch, i) => {
        if (stretch.toMm - stretch.fromMm < 500) return; // borders are exact to the millimetre, points to a centimetre
        const middle = { segment: stretch.segment, offsetMm: (stretch.fromMm + stretch.toMm) >> 1 };
        const { lonE7, latE7 } = pointOfPosition(graph, middle);
        const first = shapes.findIndex((shape) =>
          booleanPointInPolygon(point([fromE7(lonE7), fromE7(latE7)]), shape),
        );
        const expected = first < 0 ? NONE : first;
        if (expected !== NONE) inZone++;
        expect(territory.all.zone[i], `seed ${seed}, stretch ${i}`).toBe(expected);
        expect(territory.zoneOfPlace({ lon: fromE7(lonE7), lat: fromE7(latE7) })).toBe(expected);
        expect(toE7(fromE7(lonE7))).toBe(lonE7);
      });
    }
    expect(inZone).toBeGreaterThan(500);
  });
});
