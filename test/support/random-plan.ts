/**
 * Random road networks, swarm style: each switches some features off, so that no feature hides what another would show
 * (Groce et al., "Swarm testing", ISSTA 2012). A seed names a network for good.
 */
import type { RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { MS_PER_DAY } from '../../engine/units.ts';
import { testStream } from './random-city.ts';
import { CLOSED, type RestrictionPlan, type RoadPlan, type StreetPlan } from './road-plan.ts';

const FEATURES = [
  'oneWays',
  'parallel',
  'zeroTimes',
  'islands',
  'noRules',
  'onlyRules',
  'viaWays',
  'exempt',
  'loops',
  'shortStreets',
  'closed',
  'ties',
  'onePlace',
  'deadEnds',
  'idleNodes',
  'days',
  'uneven',
] as const;
type Feature = (typeof FEATURES)[number];

/** How streets lie: what makes deep hierarchies, wide ones, and separators of one node or of many. */
const SHAPES = ['tree', 'tree', 'tree', 'grid', 'chain', 'hub', 'dense'] as const;

/** The network of a seed: 2 to about 60 nodes, most of them small. */
export function randomPlan(seed: number): RoadPlan {
  const random = testStream(seed);
  const on = new Set<Feature>(FEATURES.filter(() => random.below(2) === 0));
  // these make most of a network trivial: seldom is enough
  if (random.below(4) > 0) on.delete('onePlace');
  if (random.below(3) > 0) on.delete('closed');
  if (random.below(10) > 0) on.delete('days');
  const nNodes = 2 + random.below([6, 15, 30, 60][random.below(4)]);
  const nodes = placesOf(random, nNodes, on.has('onePlace'));
  const streets = streetsOf(random, nNodes, on);
  const restrictions = rulesOf(random, streets, on);
  return { nodes, streets, restrictions, turnRules: restrictions.length > 0 || random.below(2) === 0 };
}

function placesOf(random: RandomStream, nNodes: number, onePlace: boolean): [number, number][] {
  if (onePlace) return Array.from({ length: nNodes }, () => [0, 0]);
  // some share a place with the node before
  let place: [number, number] = [0, 0];
  return Array.from({ length: nNodes }, () => {
    if (random.below(10) > 0) place = [random.below(300_000), random.below(300_000)];
    return [...place];
  });
}

function streetsOf(random: RandomStream, nNodes: number, on: ReadonlySet<Feature>): StreetPlan[] {
  const shape = SHAPES[random.below(SHAPES.length)];
  const width = Math.max(1, Math.floor(Math.sqrt(nNodes)));
  const half = nNodes >> 1;
  const sameIsland = (a: number, b: number): boolean => !on.has('islands') || a < half === b < half;
  const pairs: [number, number][] = [];
  for (let n = 1; n < nNodes; n++) {
    // a node without a street is a state like others
    if (on.has('idleNodes') && random.below(12) === 0) continue;
    if (shape === 'tree' || shape === 'dense') pairs.push([n, random.below(n)]);
    if (shape === 'chain') pairs.push([n - 1, n]);
    if (shape === 'hub') pairs.push([n, n % 3]);
    if (shape === 'grid') {
      if (n % width > 0) pairs.push([n - 1, n]);
      if (n >= width) pairs.push([n - width, n]);
    }
  }
  const nExtra = shape === 'dense' ? 2 * nNodes : random.below(1 + nNodes);
  for (let i = 0; i < nExtra; i++) pairs.push([random.below(nNodes), random.below(nNodes)]);
  const streets: StreetPlan[] = [];
  const limitMs = on.has('days')
    ? 6 * MS_PER_DAY
    : on.has('ties')
      ? 4
      : [50, 5_000, 100_000][random.below(3)];
  const timeMs = (): number => {
    if (on.has('closed') && random.below(8) === 0) return CLOSED;
    if (on.has('zeroTimes') && random.below(4) === 0) return 0;
    // a few streets that take longer than all others together
    const factor = on.has('uneven') && !on.has('days') && random.below(20) === 0 ? 200 : 1;
    return (1 + random.below(limitMs)) * factor;
  };
  const add = (from: number, to: number): void => {
    const lengthMm = 1 + random.below(on.has('shortStreets') && random.below(3) === 0 ? 3 : 500_000);
    const oneWay = on.has('oneWays') && random.below(3) === 0 ? 1 + random.below(2) : 0;
    const forwardMs = oneWay === 2 ? null : timeMs();
    // most streets take as long either way
    const backwardMs = oneWay === 1 ? null : random.below(3) > 0 && forwardMs !== null ? forwardMs : timeMs();
    streets.push([from, to, lengthMm, forwardMs, backwardMs]);
  };
  for (const [a, b] of pairs) {
    if (a === b ? !on.has('loops') : !sameIsland(a, b)) continue;
    add(a, b);
    if (on.has('parallel') && random.below(4) === 0)
      add(random.below(2) === 0 ? a : b, random.below(2) === 0 ? b : a);
    if (on.has('loops') && random.below(10) === 0) add(a, a);
  }
  if (on.has('deadEnds')) {
    // nothing leaves the last node, or nothing enters it
    const inward = random.below(2) === 0;
    for (const street of streets) {
      if (street[0] === street[1]) continue;
      if (street[1] === nNodes - 1) street[inward ? 4 : 3] = null;
      if (street[0] === nNodes - 1) street[inward ? 3 : 4] = null;
    }
  }
  const open = streets.filter((street) => street[3] !== null || street[4] !== null);
  return open.length > 0 ? open : [[0, nNodes - 1, 1000, 1000, 1000]];
}

/** Restrictions on random walks of two to five arcs, turning back included. */
function rulesOf(random: RandomStream, streets: StreetPlan[], on: ReadonlySet<Feature>): RestrictionPlan[] {
  const kinds = [
    ...(on.has('noRules') ? ['no_left_turn', 'no_u_turn'] : []),
    ...(on.has('onlyRules') ? ['only_straight_on'] : []),
  ];
  if (kinds.length === 0) return [];
  const leaving = new Map<number, number[]>();
  const halves: number[] = [];
  streets.forEach((street, s) => {
    for (const backward of [0, 1]) {
      if (street[3 + backward] === null) continue;
      const half = 2 * s + backward;
      halves.push(half);
      const tail = street[backward]!;
      const list = leaving.get(tail);
      if (list === undefined) leaving.set(tail, [half]);
      else list.push(half);
    }
  });
  const restrictions: RestrictionPlan[] = [];
  const count = random.below(1 + halves.length);
  // many at one junction make many states of it
  const crowded = random.below(10) === 0 ? halves[random.below(halves.length)] : null;
  for (let i = 0; i < count; i++) {
    const drive = [crowded !== null && random.below(2) === 0 ? crowded : halves[random.below(halves.length)]];
    const length = on.has('viaWays') && random.below(2) === 0 ? 3 + random.below(3) : 2;
    while (drive.length < length) {
      const half = drive[drive.length - 1];
      const onward = leaving.get(streets[half >> 1][1 - (half & 1)]!);
      if (onward === undefined) break;
      drive.push(onward[random.below(onward.length)]);
    }
    if (drive.length < 2) continue;
    const kind = kinds[random.below(kinds.length)];
    restrictions.push({ kind, drive, obeyed: !on.has('exempt') || random.below(2) === 0 });
  }
  return restrictions;
}

/** A junction entered by `n` streets, each with a turn of its own that is forbidden or commanded: `n` states more. */
export function crowdedJunction(n: number): RoadPlan {
  const streets = Array.from({ length: n }, (_, i): StreetPlan => [i + 1, 0, 1000, 1 + (i % 3), 1 + (i % 4)]);
  return {
    nodes: Array.from({ length: n + 1 }, (_, i) => [1000 * i, i * i]),
    streets,
    restrictions: streets.map((_, i) => ({
      kind: i % 5 === 0 ? 'only_straight_on' : 'no_left_turn',
      drive: [2 * i, 2 * ((7 * i + 1) % n) + 1],
      obeyed: true,
    })),
    turnRules: true,
  };
}

/** Positions at nodes, in mid-street, and a millimetre from an end. */
export function randomPositionsOn(graph: RoadGraph, random: RandomStream, count: number): RoadPosition[] {
  return Array.from({ length: count }, () => {
    const segment = random.below(graph.nSegments);
    const lengthMm = graph.segmentLengthMm[segment];
    const offsetMm = [0, lengthMm, 1, lengthMm - 1, 0][random.below(5)] ?? 0;
    return { segment, offsetMm: random.below(2) === 0 ? offsetMm : random.below(lengthMm + 1) };
  });
}

/** A town of side x side junctions in rows, some streets missing, some one-way, with forbidden and commanded turns. */
export function gridTown(seed: number, side: number): RoadPlan {
  const random = testStream(seed);
  const nodes = Array.from({ length: side * side }, (_, n): [number, number] => [
    1000 * (n % side) + random.below(500),
    1000 * Math.floor(n / side) + random.below(500),
  ]);
  const streets: StreetPlan[] = [];
  for (let n = 0; n < nodes.length; n++) {
    const others = [n % side > 0 ? n - 1 : -1, n - side].filter((other) => other >= 0);
    for (const other of others) {
      if (random.below(12) === 0) continue;
      const timeMs = 2_000 + random.below(20_000);
      const oneWay = random.below(10);
      const lengthMm = 50_000 + random.below(100_000);
      streets.push([other, n, lengthMm, oneWay === 0 ? null : timeMs, oneWay === 1 ? null : timeMs]);
    }
  }
  const on = new Set<Feature>(['noRules', 'onlyRules', 'viaWays']);
  return { nodes, streets, restrictions: rulesOf(random, streets, on).slice(0, side), turnRules: true };
}
