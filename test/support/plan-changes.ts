/** Networks made from others, for laws that say how answers change with them. */
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { CLOSED, type RestrictionPlan, type RoadPlan, type StreetPlan } from './road-plan.ts';

/** Parts of a street whose times are whole milliseconds where the plan is `exact`. */
const PARTS = 4;

const times = (timeMs: number | null, factor: number): number | null =>
  timeMs === null || timeMs === CLOSED ? timeMs : timeMs * factor;

/** All times below a limit: what is longer starts anew from zero there. */
export const withTimesBelow = (plan: RoadPlan, limitMs: number): RoadPlan => ({
  ...plan,
  streets: plan.streets.map(([from, to, lengthMm, ...timesMs]) => [
    from,
    to,
    lengthMm,
    ...(timesMs.map((timeMs) => (timeMs === null || timeMs === CLOSED ? timeMs : timeMs % limitMs)) as [
      number | null,
      number | null,
    ]),
  ]),
});

/** All times so many times as long. */
export const slowed = (plan: RoadPlan, factor: number): RoadPlan => ({
  ...plan,
  streets: plan.streets.map(([from, to, lengthMm, forwardMs, backwardMs]) => [
    from,
    to,
    lengthMm,
    times(forwardMs, factor),
    times(backwardMs, factor),
  ]),
});

/** The plan with streets four times as long in length and time, so that no time to a quarter of a street is rounded. */
export const exact = (plan: RoadPlan): RoadPlan => ({
  ...slowed(plan, PARTS),
  streets: slowed(plan, PARTS).streets.map(([from, to, lengthMm, ...timesMs]) => [
    from,
    to,
    PARTS * lengthMm,
    ...timesMs,
  ]),
});

/** Ends, quarters and middles of streets of an exact plan. */
export const exactPositions = ({ streets }: RoadPlan, random: RandomStream, count: number): RoadPosition[] =>
  Array.from({ length: count }, () => {
    const segment = random.below(streets.length);
    return { segment, offsetMm: (streets[segment][2] / PARTS) * random.below(PARTS + 1) };
  });

/** The restrictions that bind, each as the one sequence of half streets it forbids. */
function forbiddenDrives({ streets, restrictions }: RoadPlan): number[][] {
  const binding = restrictions.filter(({ obeyed }) => obeyed);
  const tailOf = (half: number): number => streets[half >> 1][half & 1 ? 1 : 0];
  const headOf = (half: number): number => tailOf(half ^ 1);
  const isOnly = ({ kind }: RestrictionPlan): boolean => kind.startsWith('only_');
  return binding.flatMap((restriction) => {
    if (!isOnly(restriction)) return [restriction.drive];
    const before = restriction.drive.slice(0, -1);
    const allowed = binding
      .filter((other) => isOnly(other) && other.drive.slice(0, -1).join() === before.join())
      .map(({ drive }) => drive.at(-1));
    return Array.from({ length: 2 * streets.length }, (_, half) => half)
      .filter((half) => streets[half >> 1][3 + (half & 1)] !== null)
      .filter((half) => tailOf(half) === headOf(before.at(-1)!) && !allowed.includes(half))
      .map((half) => [...before, half]);
  });
}

/** Every street driven the other way in the time of this one, every forbidden drive forbidden backward. */
export const reversed = (plan: RoadPlan): RoadPlan => ({
  ...plan,
  streets: plan.streets.map(([from, to, lengthMm, forwardMs, backwardMs]) => [
    from,
    to,
    lengthMm,
    backwardMs,
    forwardMs,
  ]),
  restrictions: forbiddenDrives(plan).map((drive) => ({
    kind: 'no_left_turn',
    drive: drive.map((half) => half ^ 1).reverse(),
    obeyed: true,
  })),
});

/** The same network with nodes and streets in another order; `position` says where a position has gone. */
export function renumbered(
  plan: RoadPlan,
  random: RandomStream,
): { plan: RoadPlan; position: (at: RoadPosition) => RoadPosition } {
  const nodeOf = shuffled(plan.nodes.length, random);
  const streetOf = shuffled(plan.streets.length, random);
  const nodes: [number, number][] = [];
  const streets: StreetPlan[] = [];
  plan.nodes.forEach((place, node) => (nodes[nodeOf[node]] = place));
  plan.streets.forEach(([from, to, ...rest], street) => {
    streets[streetOf[street]] = [nodeOf[from], nodeOf[to], ...rest];
  });
  return {
    plan: {
      ...plan,
      nodes,
      streets,
      restrictions: plan.restrictions.map((restriction) => ({
        ...restriction,
        drive: restriction.drive.map((half) => 2 * streetOf[half >> 1] + (half & 1)),
      })),
    },
    position: ({ segment, offsetMm }) => ({ segment: streetOf[segment], offsetMm }),
  };
}

/** Where each of 0 .. n - 1 goes. */
function shuffled(n: number, random: RandomStream): number[] {
  const list = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** The plan with a street more, open in one or both directions; old streets keep their numbers. */
export function withStreet(plan: RoadPlan, random: RandomStream): RoadPlan {
  const timeMs = (): number => random.below(1000);
  const open = 1 + random.below(3);
  const street: StreetPlan = [
    random.below(plan.nodes.length),
    random.below(plan.nodes.length),
    1 + random.below(100_000),
    (open & 1) !== 0 ? timeMs() : null,
    (open & 2) !== 0 ? timeMs() : null,
  ];
  return { ...plan, streets: [...plan.streets, street] };
}
