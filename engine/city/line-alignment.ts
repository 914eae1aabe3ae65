/**
 * Lines onto roads: the drive that a drawn line stands for. A hidden Markov model over the road positions near the
 * line (P. Newson and J. Krumm, "Hidden Markov map matching through noise and sparseness", ACM SIGSPATIAL GIS 2009):
 * positions far from the line cost (eq. 1), and so does a drive between two of them that is longer or shorter than the
 * line (eq. 2); the cheapest sequence is found by dynamic programming. Costs are whole numbers, ties go to the nearest
 * position, then the lowest segment, so the match is the same everywhere.
 */
import { assert } from '../errors.ts';
import { haversineM, mPerLonE7, M_PER_LAT_E7 } from '../geo.ts';
import {
  arcOfStep,
  nodeOfPosition,
  type DriveStep,
  type RoadGraph,
  type RoadPosition,
} from '../graph/road-graph.ts';
import type { Router } from '../routing/router.ts';
import type { LonLat } from '../scenario/scenario.ts';
import type { SegmentIndex } from '../spatial/segment-index.ts';
import { fromE7, NONE, toE7, UNREACHED_MS } from '../units.ts';
import { distanceToStepM, joinDrive, nearPoints, streetName } from './line-drive.ts';

/** Spread of a drawn line about its road (sigma of eq. 1) and of its length about the drive's (beta of eq. 2). */
const SIGMA_M = 10;
const BETA_M = 10;
/** A long straight piece of the line is looked at every so often. */
const LONGEST_GAP_M = 50;
/** Vertices nearer to the one before than two sigma tell noise from movement badly (section 4.2) and are passed over. */
const SHORTEST_GAP_M = 2 * SIGMA_M;
/** Roads this much farther than the nearest one still come into question: the other side of a wide junction. */
const AMBIGUITY_M = 40;
const MOST_CANDIDATES = 16;
/** A drive between two neighbouring positions may be this much longer than the line; more is another way, not this line. */
const LONGEST_DRIVE = (gapM: number): number => 1.5 * gapM + 60;
/** Turns on the spot of at most this depth are noise. */
const SPIKE_MM = 25_000;

/** A place on the line. The vertices it lies between are the same where it is one. */
interface Sample {
  lonE7: number;
  latE7: number;
  atM: number;
  vertexBefore: number;
  vertexAfter: number;
}

interface Candidate {
  position: RoadPosition;
  distanceM: number;
  /** Cost of the cheapest way to be here, Infinity where there is none. */
  cost: number;
  /** The candidate of the sample before on that way. */
  before: number;
}

/** The match of one line: one object for each line and direction. */
export class LineAlignment {
  readonly lengthM: number;
  private readonly graph: RoadGraph;
  private readonly index: SegmentIndex;
  private readonly router: Router;
  private readonly vertices: { lonE7: number; latE7: number; atM: number }[] = [];

  constructor(graph: RoadGraph, index: SegmentIndex, router: Router, coordinates: readonly LonLat[]) {
    this.graph = graph;
    this.index = index;
    this.router = router;
    let atM = 0;
    coordinates.forEach(({ lon, lat }, i) => {
      if (i > 0) atM += haversineM(coordinates[i - 1].lon, coordinates[i - 1].lat, lon, lat);
      this.vertices.push({ lonE7: toE7(lon), latE7: toE7(lat), atM });
    });
    this.lengthM = atM;
  }

  match(limitM: number): { steps: DriveStep[]; problem: string } {
    const far = this.farVertex(limitM);
    if (far !== '') return { steps: [], problem: far };
    const samples: Sample[] = [];
    const columns: Candidate[][] = [];
    for (const sample of this.samples()) {
      const column = this.candidates(sample, limitM);
      // Only a place added between two vertices can be without road: a straight piece drawn across a bend.
      if (column.length === 0) continue;
      const k = columns.length;
      if (k === 0) for (const candidate of column) candidate.cost = emissionCost(candidate);
      else this.extend(columns[k - 1], column, sample.atM - samples[k - 1].atM);
      if (column.every(({ cost }) => cost === Infinity)) {
        return { steps: [], problem: this.breakProblem(samples[k - 1], sample, columns[k - 1], column) };
      }
      samples.push(sample);
      columns.push(column);
    }
    const steps = this.drive(columns);
    return {
      steps,
      problem: steps.length > 0 ? '' : 'the line is too short to drive: it starts and ends in one place',
    };
  }

  /** Largest distance from a given vertex to the drive; 0 for no drive. */
  farthestM(steps: readonly DriveStep[], limitM: number): number {
    if (steps.length === 0) return 0;
    const stepsOf = new Map<number, DriveStep[]>();
    for (const step of steps) {
      const list = stepsOf.get(step.segment);
      if (list === undefined) stepsOf.set(step.segment, [step]);
      else list.push(step);
    }
    let farthest = 0;
    for (const { lonE7, latE7 } of this.vertices) {
      let nearest = Infinity;
      const radiusM = limitM + AMBIGUITY_M;
      for (const segment of this.searchAround(lonE7, latE7, radiusM)) {
        for (const step of stepsOf.get(segment) ?? []) {
          nearest = Math.min(nearest, distanceToStepM(this.graph, step, lonE7, latE7));
        }
      }
      if (nearest > radiusM) {
        for (const step of steps)
          nearest = Math.min(nearest, distanceToStepM(this.graph, step, lonE7, latE7));
      }
      farthest = Math.max(farthest, nearest);
    }
    return farthest;
  }

  /** A sentence about the first vertex that lies off the roads, or ''. */
  private farVertex(limitM: number): string {
    const far = this.vertices.flatMap(({ lonE7, latE7 }, i) =>
      this.index.nearest(lonE7, latE7, limitM) === null ? [i] : [],
    );
    if (far.length === 0) return '';
    const { lonE7, latE7 } = this.vertices[far[0]];
    const searchedM = Math.max(1000, 5 * limitM);
    const nearest = this.index.nearest(lonE7, latE7, searchedM);
    const distance = nearest === null ? `more than ${searchedM} m` : `${Math.round(nearest.distanceM)} m`;
    const more = far.length > 1 ? ` (and ${far.length - 1} more vertices lie off the roads)` : '';
    return `vertex ${far[0]} [${fromE7(lonE7)}, ${fromE7(latE7)}] is ${distance} from the nearest road, at most ${limitM} m is allowed${more}`;
  }

  /** The places of the line to be matched: its vertices but for crowded ones, and places between distant ones. */
  private samples(): Sample[] {
    const { vertices } = this;
    const last = vertices.length - 1;
    const kept = [0];
    for (let v = 1; v < last; v++) {
      const enough = vertices[v].atM - vertices[kept[kept.length - 1]].atM >= SHORTEST_GAP_M;
      if (enough && vertices[last].atM - vertices[v].atM >= SHORTEST_GAP_M) kept.push(v);
    }
    kept.push(last);
    const samples: Sample[] = [{ ...vertices[0], vertexBefore: 0, vertexAfter: 0 }];
    for (let k = 1; k < kept.length; k++) {
      const fromM = vertices[kept[k - 1]].atM;
      const gapM = vertices[kept[k]].atM - fromM;
      const pieces = Math.max(1, Math.ceil(gapM / LONGEST_GAP_M));
      let v = kept[k - 1];
      for (let piece = 1; piece < pieces; piece++) {
        const atM = fromM + (gapM * piece) / pieces;
        while (vertices[v + 1].atM < atM) v++;
        const before = vertices[v];
        const after = vertices[v + 1];
        const share = (atM - before.atM) / (after.atM - before.atM);
        samples.push({
          lonE7: Math.round(before.lonE7 + share * (after.lonE7 - before.lonE7)),
          latE7: Math.round(before.latE7 + share * (after.latE7 - before.latE7)),
          atM,
          vertexBefore: v,
          vertexAfter: v + 1,
        });
      }
      samples.push({ ...vertices[kept[k]], vertexBefore: kept[k], vertexAfter: kept[k] });
    }
    return samples;
  }

  /** Road positions that a place of the line may stand for, nearest first; one for each node. */
  private candidates({ lonE7, latE7 }: Sample, limitM: number): Candidate[] {
    const nearest = this.index.nearest(lonE7, latE7, limitM);
    if (nearest === null) return [];
    const radiusM = Math.min(limitM, nearest.distanceM + AMBIGUITY_M);
    const found: Candidate[] = [];
    for (const segment of this.searchAround(lonE7, latE7, radiusM)) {
      for (const { offsetMm, distanceM } of nearPoints(this.graph, segment, lonE7, latE7)) {
        if (distanceM > radiusM) continue;
        found.push({ position: { segment, offsetMm }, distanceM, cost: Infinity, before: NONE });
      }
    }
    found.sort((a, b) => a.distanceM - b.distanceM);
    const nodes = new Set<number>();
    return found
      .filter(({ position }) => {
        const node = nodeOfPosition(this.graph, position);
        if (node === NONE) return true;
        const isNew = !nodes.has(node);
        nodes.add(node);
        return isNew;
      })
      .slice(0, MOST_CANDIDATES);
  }

  /** One step of the dynamic programme: the cheapest way to each candidate of a column from the column before. */
  private extend(previous: readonly Candidate[], column: Candidate[], gapM: number): void {
    const positions = column.map(({ position }) => position);
    const longestMm = Math.round(1000 * LONGEST_DRIVE(gapM));
    previous.forEach(({ position, cost }, p) => {
      if (cost === Infinity) return;
      const drivesMm = this.router.timesFrom(position, positions, longestMm);
      column.forEach((candidate, c) => {
        if (drivesMm[c] === UNREACHED_MS) return;
        const through = cost + transitionCost(drivesMm[c] / 1000, gapM) + emissionCost(candidate);
        if (through < candidate.cost) {
          candidate.cost = through;
          candidate.before = p;
        }
      });
    });
  }

  /** The drive through the cheapest candidate of the last column and those before it. */
  private drive(columns: readonly Candidate[][]): DriveStep[] {
    const chain: RoadPosition[] = [];
    const lastColumn = columns[columns.length - 1];
    let at = 0;
    lastColumn.forEach(({ cost }, c) => {
      if (cost < lastColumn[at].cost) at = c;
    });
    for (let k = columns.length - 1; k >= 0; k--) {
      chain.push(columns[k][at].position);
      at = columns[k][at].before;
    }
    chain.reverse();
    const parts: DriveStep[][] = [];
    for (let k = 1; k < chain.length; k++) {
      const route = this.router.route(chain[k - 1], chain[k]);
      assert(route !== null, 'two matched places have no drive between them');
      parts.push(route.steps.map(({ segment, fromMm, toMm }) => ({ segment, fromMm, toMm })));
    }
    return joinDrive(parts, SPIKE_MM);
  }

  /** Why no candidate of a column can be driven to: one-way streets if the other direction is open. */
  private breakProblem(
    from: Sample,
    to: Sample,
    previous: readonly Candidate[],
    column: readonly Candidate[],
  ): string {
    const where = `between vertices ${from.vertexBefore} and ${to.vertexAfter}`;
    const longestMm = Math.round(1000 * LONGEST_DRIVE(to.atM - from.atM));
    const goals = previous.filter(({ cost }) => cost < Infinity).map(({ position }) => position);
    for (const { position } of column) {
      const backMm = this.router.timesFrom(position, goals, longestMm);
      for (let g = 0; g < goals.length; g++) {
        const back = backMm[g] === UNREACHED_MS ? null : this.router.route(position, goals[g]);
        if (back === null) continue;
        const closed = back.steps.find(({ segment, fromMm, toMm }) => {
          const arc = arcOfStep(this.graph, { segment, fromMm: toMm, toMm: fromMm });
          return arc === NONE || this.router.metric.arcTimeMs[arc] === UNREACHED_MS;
        });
        if (closed !== undefined)
          return `${where} ${streetName(this.graph, closed.segment)} is one-way against the line`;
      }
    }
    return `${where} no street follows the line`;
  }

  private searchAround(lonE7: number, latE7: number, radiusM: number): number[] {
    const dLat = radiusM / M_PER_LAT_E7 + 1;
    const dLon = radiusM / Math.max(1e-9, mPerLonE7(latE7)) + 1;
    return this.index.search(lonE7 - dLon, latE7 - dLat, lonE7 + dLon, latE7 + dLat);
  }
}

/** Minus the logarithm of eq. 1 without its constant, in thousandths. */
const emissionCost = ({ distanceM }: Candidate): number =>
  Math.round((500 * distanceM * distanceM) / SIGMA_M ** 2);

/** Minus the logarithm of eq. 2 without its constant, in thousandths. */
const transitionCost = (driveM: number, gapM: number): number =>
  Math.round((1000 * Math.abs(driveM - gapM)) / BETA_M);
