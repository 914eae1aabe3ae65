/** The turn restrictions of a real city, driven one by one: obeyed by a car, not by a patrol car with siren, which is exempt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { GraphRestriction, RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { readRoads } from '../../engine/import/import.ts';
import { buildMetric, obeysOf } from '../../engine/routing/build-metric.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { findProfile } from '../../engine/routing/profiles.ts';
import type { Router } from '../../engine/routing/router.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { randomPositions } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';
import { arcsOfRoute, brokenBy } from '../support/turn-oracle.ts';

const DRIVEN = 50;
/** So far before and behind a turn the drives begin and end. */
const NEAR_MM = 1000;

describeWithData('the turn restrictions of Porto', (data) => {
  let graph: RoadGraph;
  let obeyed: readonly GraphRestriction[];
  let calm: Router;
  let siren: Router;
  let driven: { restriction: GraphRestriction; turn: readonly number[] }[];

  beforeAll(async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'osm/porto.osm.pbf')));
    graph = await buildRoadGraph(await readRoads({ name: 'porto', bytes }, { pedestrianStreets: false }));
    const profile = findProfile('patrol-car');
    const obeys = obeysOf(graph, profile, false)!;
    obeyed = graph.restrictions.filter((_, i) => obeys(i));
    const metrics = [false, true].map((withSiren) => buildMetric(graph, profile, { siren: withSiren }));
    [calm, siren] = withLabels(metrics).map((metric) => fastestRouter(metric));
    const obeysWithSiren = obeysOf(graph, profile, true)!;
    driven = graph.restrictions
      .filter((_, i) => obeys(i) && !obeysWithSiren(i))
      .flatMap((restriction) => forbiddenTurn(restriction))
      // a car may turn round in the street itself, which is no turn at the junction
      .filter(({ turn }) => graph.arcSegment[turn[0]] !== graph.arcSegment[turn[turn.length - 1]])
      .slice(0, DRIVEN);
  });

  /** The arcs of one drive that the restriction forbids. */
  function forbiddenTurn(restriction: GraphRestriction): typeof driven {
    const { kind, arcs } = restriction;
    if (!kind.startsWith('only_')) return [{ restriction, turn: arcs }];
    const before = arcs.slice(0, -1);
    const at = graph.head[before[before.length - 1]];
    for (let arc = graph.firstOut[at]; arc < graph.firstOut[at + 1]; arc++) {
      const turn = [...before, arc];
      if (arc !== arcs.at(-1) && brokenBy([restriction], turn) !== null) return [{ restriction, turn }];
    }
    return []; // nothing else leaves there
  }

  const beside = (arc: number, fromEnd: boolean): RoadPosition => {
    const segment = graph.arcSegment[arc];
    const length = graph.segmentLengthMm[segment];
    const near = Math.min(NEAR_MM, length >> 1);
    const atStart = (graph.arcBackward[arc] === 1) !== fromEnd;
    return { segment, offsetMm: atStart ? length - near : near };
  };

  it('number 357 relations, of which at least 332 have their place', () => {
    expect(graph.restrictions.length).toBeGreaterThanOrEqual(332);
    expect(obeyed.length).toBeGreaterThan(300);
    expect(driven).toHaveLength(DRIVEN);
  });

  it('are broken by no drive of a car: 50 are driven at, each from just before the turn to just behind it', () => {
    let detours = 0;
    for (const { restriction, turn } of driven) {
      const from = beside(turn[0], false);
      const to = beside(turn[turn.length - 1], true);
      const drive = calm.route(from, to);
      if (drive === null) {
        expect(calm.timeMs(from, to)).toBe(UNREACHED_MS);
        continue;
      }
      const broken = brokenBy(obeyed, arcsOfRoute(graph, drive));
      expect(broken, `relation ${restriction.osmId}`).toBeNull();
      detours++;
    }
    expect(detours).toBeGreaterThan(40);
  });

  it('may be broken with siren: most of the 50 turns are then taken, and no drive is longer', () => {
    let taken = 0;
    for (const { restriction, turn } of driven) {
      const from = beside(turn[0], false);
      const to = beside(turn[turn.length - 1], true);
      const drive = siren.route(from, to)!;
      expect(drive.travelTimeMs, `relation ${restriction.osmId}`).toBeLessThanOrEqual(calm.timeMs(from, to));
      if (brokenBy([restriction], arcsOfRoute(graph, drive)) !== null) taken++;
    }
    expect(taken).toBeGreaterThan(40);
  });

  it('are broken by none of 300 drives across the city', () => {
    const places = randomPositions(graph, 11, 600);
    let arrived = 0;
    for (let i = 0; i < 300; i++) {
      const drive = calm.route(places[2 * i], places[2 * i + 1]);
      if (drive === null) continue;
      arrived++;
      expect(brokenBy(obeyed, arcsOfRoute(graph, drive)), `drive ${i}`).toBeNull();
    }
    expect(arrived).toBeGreaterThan(250);
  });
});
