import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinDrive } from '../../engine/city/line-drive.ts';
import {
  arcOfStep,
  nodeOfPosition,
  pointOfPosition,
  type DriveStep,
  type RoadGraph,
} from '../../engine/graph/road-graph.ts';
import { createLineMatcher, type MatchedLine } from '../../engine/city/match-line.ts';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { M_PER_LAT_E7 } from '../../engine/geo.ts';
import { buildMetric } from '../../engine/routing/build-metric.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { findProfile } from '../../engine/routing/profiles.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { fromE7, NONE } from '../../engine/units.ts';
import { map, type StreetOptions, type Town } from '../support/ascii-map.ts';

/** Rules that forbid nothing. */
const plainRules = (graph: RoadGraph): Metric => buildMetric(graph, findProfile('plain'), { siren: false });

type Place = { lon: number; lat: number };

/** A place so many metres east and north of another; the maps lie at the equator. */
const moved = ({ lon, lat }: Place, eastM: number, northM: number): Place => ({
  lon: lon + fromE7(eastM / M_PER_LAT_E7),
  lat: lat + fromE7(northM / M_PER_LAT_E7),
});

const lineOf = (town: Town, marks: string): Place[] => [...marks].map((mark) => town.lonLat(mark));

/** The names of the streets driven, in order, with the metres driven on each. */
const driven = (town: Town, steps: readonly DriveStep[]): string =>
  steps
    .map(({ segment, fromMm, toMm }) => {
      const name = town.graph.names[town.graph.segmentName[segment]];
      return `${name} ${Math.round(fromMm / 1000)}>${Math.round(toMm / 1000)}`;
    })
    .join(', ');

function expectLegal(town: Town, steps: readonly DriveStep[]): void {
  const { graph } = town;
  steps.forEach((step, i) => {
    expect(step.fromMm).not.toBe(step.toMm);
    expect(arcOfStep(graph, step)).not.toBe(NONE);
    if (i === 0) return;
    const before = { segment: steps[i - 1].segment, offsetMm: steps[i - 1].toMm };
    const start = { segment: step.segment, offsetMm: step.fromMm };
    if (before.segment === start.segment && before.offsetMm === start.offsetMm) return;
    const node = nodeOfPosition(graph, before);
    expect(node).not.toBe(NONE);
    expect(nodeOfPosition(graph, start)).toBe(node);
  });
}

const match = (
  town: Town,
  line: Place[],
  direction: 'along' | 'both' = 'along',
  limitM = 60,
): MatchedLine => {
  const matched = createLineMatcher(plainRules(town.graph), createSnapper(town.graph)).match(line, {
    limitM,
    direction,
  });
  expectLegal(town, matched.along);
  expectLegal(town, matched.against);
  return matched;
};

const BLOCKS = `
  A--B--C--D
  |  |  |  |
  |  |  |  |
  E--F--G--H
  |  |  |  |
  |  |  |  |
  I--J--K--L
`;

describe('the match of a line', () => {
  it('gives exactly the streets a line was drawn along', async () => {
    const town = await map(BLOCKS);
    const { along, against, match: report } = match(town, lineOf(town, 'AEFGCD'), 'both');
    expect(driven(town, along)).toBe('AE 0>300, EF 0>300, FG 0>300, CG 300>0, CD 0>300');
    expect(driven(town, against)).toBe('CD 300>0, CG 0>300, FG 300>0, EF 300>0, AE 300>0');
    expect(report.problem).toBe('');
    expect(report.problemAgainst).toBe('');
    expect(report.matchedM).toBe(1500);
    expect(report.givenM).toBeCloseTo(1500, 1);
    expect(report.farthestM).toBeLessThan(0.02);
  });

  it('starts and ends inside a street where the line does', async () => {
    const town = await map(BLOCKS);
    const line = [
      moved(town.lonLat('A'), 0, -120),
      town.lonLat('E'),
      town.lonLat('F'),
      moved(town.lonLat('F'), 80, 0),
    ];
    expect(driven(town, match(town, line).along)).toBe('AE 120>300, EF 0>300, FG 0>80');
  });

  it('follows a street through its corner when only its ends and the corner are drawn', async () => {
    const town = await map(BLOCKS);
    expect(driven(town, match(town, lineOf(town, 'AIL')).along)).toBe(
      'AE 0>300, EI 0>300, IJ 0>300, JK 0>300, KL 0>300',
    );
  });

  it('recovers the streets of a line whose points are off by up to 10 m', async () => {
    const town = await map(BLOCKS);
    const walks = ['AEFGCD', 'AIL', 'IJFBCG', 'LHDCBA', 'EFGKL', 'ABFEIJKGHD'];
    const matcher = createLineMatcher(plainRules(town.graph), createSnapper(town.graph));
    const exact = walks.map((walk) => {
      const { along } = matcher.match(lineOf(town, walk), { limitM: 60, direction: 'along' });
      return along.map(({ segment, fromMm, toMm }) => `${segment} ${fromMm < toMm}`);
    });
    const offset = fc.double({ min: -7, max: 7, noNaN: true });
    fc.assert(
      fc.property(
        fc.nat(walks.length - 1),
        fc.integer({ min: 10, max: 60 }),
        fc.array(fc.tuple(offset, offset), { minLength: 400, maxLength: 400 }),
        (walk, gapM, noise) => {
          const corners = lineOf(town, walks[walk]);
          const line: Place[] = [];
          for (let i = 1; i < corners.length; i++) {
            const pieces = Math.ceil(300 / gapM);
            for (let k = i === 1 ? 0 : 1; k <= pieces; k++) {
              line.push({
                lon: corners[i - 1].lon + ((corners[i].lon - corners[i - 1].lon) * k) / pieces,
                lat: corners[i - 1].lat + ((corners[i].lat - corners[i - 1].lat) * k) / pieces,
              });
            }
          }
          const noisy = line.map((place, i) => moved(place, ...noise[i % noise.length]));
          const { along, match: report } = matcher.match(noisy, { limitM: 60, direction: 'along' });
          expect(report.problem).toBe('');
          expect(report.farthestM).toBeLessThan(10);
          expectLegal(town, along);
          // The ends may spill over the first and last junction by the noise.
          const long = along.filter(({ fromMm, toMm }) => Math.abs(toMm - fromMm) > 25_000);
          expect(long.map(({ segment, fromMm, toMm }) => `${segment} ${fromMm < toMm}`)).toEqual(exact[walk]);
          expect(along.length - long.length).toBeLessThanOrEqual(2);
        },
      ),
      { seed: 20110900, numRuns: 150 },
    );
  });

  it('drives a one-way street along its direction and says why there is no way back', async () => {
    const town = await map(BLOCKS, { EF: { oneway: true, name: 'Kungsgatan' } });
    const { along, against, match: report } = match(town, lineOf(town, 'AEFG'), 'both');
    expect(driven(town, along)).toBe('AE 0>300, Kungsgatan 0>300, FG 0>300');
    expect(against).toEqual([]);
    expect(report.problem).toBe('');
    expect(report.problemAgainst).toContain('Kungsgatan is one-way along the line');
  });

  it('refuses a line against a one-way street and names the street and the place', async () => {
    const town = await map(BLOCKS, { EF: { oneway: true, name: 'Kungsgatan' } });
    const { along, match: report } = match(town, lineOf(town, 'GFEA'));
    expect(along).toEqual([]);
    expect(report.problem).toBe('between vertices 1 and 2 Kungsgatan is one-way against the line');
    expect(report.matchedM).toBe(0);
  });

  it('takes the other carriageway of a divided road for the way back', async () => {
    // C to D and H to G are the carriageways of one road, 20 m apart.
    const lanes: Record<string, StreetOptions> = { CD: { oneway: true }, HG: { oneway: true } };
    const town = await squeezed(
      `
      A---C---------D---B
          |         |
          G---------H`,
      lanes,
    );
    const { along, against, match: report } = match(town, lineOf(town, 'ACDB'), 'both');
    expect(driven(town, along)).toBe('AC 0>400, CD 0>1000, DB 0>400');
    expect(driven(town, against)).toBe('DB 400>0, DH 0>20, HG 0>1000, CG 20>0, AC 400>0');
    expect(report.problemAgainst).toBe('');
  });

  const LADDER = `
      A---C---------D---B
          |         |
          G---------H`;

  it('stays on its street where one point lies nearer to a parallel one', async () => {
    const town = await squeezed(LADDER, {});
    const [a, c, d, b] = lineOf(town, 'ACDB');
    const line = [a, c, moved(c, 25, -12), moved(c, 60, 0), d, b];
    expect(driven(town, match(town, line).along)).toBe('AC 0>400, CD 0>1000, DB 0>400');
  });

  it('takes the street that lies nearest all along, though a parallel one is shorter', async () => {
    const town = await squeezed(LADDER, {});
    const [a, c, g, h, d, b] = lineOf(town, 'ACGHDB');
    const line = [a, c, moved(g, 60, 0), moved(h, -60, 0), d, b];
    expect(driven(town, match(town, line).along)).toBe('AC 0>400, CG 0>20, GH 0>1000, DH 20>0, DB 0>400');
  });

  it('refuses a line that leaves the roads and names the vertex and its distance', async () => {
    const town = await map(BLOCKS);
    const line = [
      town.lonLat('A'),
      moved(town.lonLat('B'), 0, 400),
      moved(town.lonLat('C'), 0, 500),
      town.lonLat('D'),
    ];
    const { along, against, match: report } = match(town, line, 'both');
    expect(along).toEqual([]);
    expect(against).toEqual([]);
    expect(report.problem).toMatch(
      /^vertex 1 \[.*\] is 400 m from the nearest road, at most 60 m is allowed \(and 1 more/,
    );
  });

  it('refuses a line across a block, where no street follows it', async () => {
    const town = await map(`
      A----------B
      |          |
      |          |
      |          |
      |          |
      |          |
      C----------D`);
    const { along, match: report } = match(town, lineOf(town, 'AD'), 'along', 100);
    expect(along).toEqual([]);
    expect(report.problem).toMatch(/^between vertices 0 and 1 no street follows the line/);
  });

  it('refuses a line that does not move', async () => {
    const town = await map(BLOCKS);
    const { along, match: report } = match(town, lineOf(town, 'FF'));
    expect(along).toEqual([]);
    expect(report.problem).toContain('too short to drive');
  });

  it('drives into a dead end and back where the line does', async () => {
    const town = await map(`
      A---B---C
          |
          D`);
    expect(driven(town, match(town, lineOf(town, 'ABDBC')).along)).toBe(
      'AB 0>400, BD 0>200, BD 200>0, BC 0>400',
    );
  });

  it('finds a ring drawn from a junction back to itself', async () => {
    const town = await map(BLOCKS);
    expect(driven(town, match(town, lineOf(town, 'FGKJF')).along)).toBe(
      'FG 0>300, GK 0>300, JK 300>0, FJ 300>0',
    );
  });

  it('keeps every vertex of any drawn line within the limit of its drive, or says what is wrong', async () => {
    const town = await map(BLOCKS, { EF: { oneway: true }, KG: { oneway: true }, DH: { oneway: true } });
    const matcher = createLineMatcher(plainRules(town.graph), createSnapper(town.graph));
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            segment: fc.nat(town.graph.nSegments - 1),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { minLength: 2, maxLength: 4 },
        ),
        (places) => {
          const line = places.map(({ segment, share }) => {
            const offsetMm = Math.round(share * town.graph.segmentLengthMm[segment]);
            const { lonE7, latE7 } = pointOfPosition(town.graph, { segment, offsetMm });
            return { lon: fromE7(lonE7), lat: fromE7(latE7) };
          });
          const { along, against, match: report } = matcher.match(line, { limitM: 60, direction: 'both' });
          expect(along.length === 0).toBe(report.problem !== '');
          expect(against.length === 0).toBe(report.problem !== '' || report.problemAgainst !== '');
          expect(report.farthestM).toBeLessThanOrEqual(60);
          expectLegal(town, along);
          expectLegal(town, against);
          if (report.problem === '') matched++;
        },
      ),
      { seed: 20110901, numRuns: 300 },
    );
    expect(matched).toBeGreaterThan(30);
  });
});

describe('joinDrive', () => {
  const step = (segment: number, fromMm: number, toMm: number): DriveStep => ({ segment, fromMm, toMm });

  it('makes one step of pieces along one segment and drops steps without length', () => {
    expect(joinDrive([[step(1, 0, 40)], [step(1, 40, 40), step(1, 40, 90)], [step(2, 7, 0)]], 25)).toEqual([
      step(1, 0, 90),
      step(2, 7, 0),
    ]);
  });

  it('cuts a shallow turn on the spot, also over several segments, and keeps a deep one', () => {
    const overstep = [
      step(1, 0, 100),
      step(2, 0, 8),
      step(3, 0, 5),
      step(3, 5, 0),
      step(2, 8, 0),
      step(4, 0, 50),
    ];
    expect(joinDrive([overstep], 25)).toEqual([step(1, 0, 100), step(4, 0, 50)]);
    expect(joinDrive([overstep], 12)).toEqual(overstep);
  });

  it('cuts what a drive oversteps at its end', () => {
    expect(joinDrive([[step(1, 0, 100), step(1, 100, 90)]], 25)).toEqual([step(1, 0, 90)]);
  });
});

/** The map with a tenth of its height: rows are 10 m apart. */
async function squeezed(drawing: string, ways: Record<string, StreetOptions>): Promise<Town> {
  const { extract, ...town } = await map(drawing, ways);
  const { nodes } = extract;
  const flat = {
    ...extract,
    nodes: { ...nodes, latE7: nodes.latE7.map((latE7) => Math.round(latE7 / 10)) },
    ways: { ...extract.ways, lengthMm: new Uint32Array(extract.ways.osmId.length) },
  };
  const lonLat = (mark: string): Place => ({ lon: town.lonLat(mark).lon, lat: town.lonLat(mark).lat / 10 });
  return { ...town, extract: flat, graph: await buildRoadGraph(flat), lonLat };
}
