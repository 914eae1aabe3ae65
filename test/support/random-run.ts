/**
 * Random towns and days for property tests, swarm style: each run switches features of the scenario on and off. Half of
 * them lie on a grid of time: every drive, delay and call a multiple of 10 s, so that much happens at the same instant.
 */
import fc from 'fast-check';
import { callTable, type CallRow, type CallTable } from '../../engine/demand/demand.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import type { MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { NONE } from '../../engine/units.ts';
import { chaosDispatch, chaosMoveUp } from './chaos-policies.ts';
import type { StreetOptions } from './ascii-map.ts';
import { smallCity, type SmallCity, type SmallScenario } from './small-city.ts';

const MAPS: { drawing: string; ways?: Record<string, StreetOptions> }[] = [
  { drawing: 'A---B' },
  { drawing: 'A---B---C---D---E' },
  {
    drawing: `
A---B---C
|   |   |
F---E---D`,
    ways: {
      AB: { oneway: true },
      BC: { oneway: true, maxKph: 72 },
      CD: { oneway: true },
      DE: { oneway: true },
      EF: { oneway: true },
      FA: { oneway: true, roadClass: 'primary' },
    },
  },
  {
    drawing: `
A---B---C---D
|   |   |   |
E---F---G---H
|   |   |   |
I---J---K---L`,
  },
];

const FEATURES = [
  'onGrid',
  'several',
  'each',
  'skills',
  'transport',
  'report',
  'triage',
  'followUps',
  'siren',
  'kinds',
  'delays',
  'slowDispatch',
  'travelFactor',
  'stale',
  'periods',
  'shifts',
  'gaps',
  'breaks',
  'longBreaks',
  'outOfService',
  'posts',
  'patrol',
  'activities',
  'warmUp',
  'afternoon',
  'busy',
] as const;
type Feature = (typeof FEATURES)[number];

const DISPATCH = [
  { type: 'closest-available' },
  { type: 'preference-list' },
  { type: 'maximal-coverage', targetS: 60 },
  { type: 'reserve-for-urgent' },
  { type: 'pre-emption' },
  { type: 'pre-emption', urgentPriority: 2, phases: ['turningOut', 'enRoute', 'onScene'], minSavingS: 1 },
  { type: 're-dispatch', minSavingS: 1 },
  { type: 're-dispatch', minSavingS: 1, then: { type: 'pre-emption', urgentPriority: 9 } },
  // anything that is allowed
  { type: 'chaos' },
] as const;

const MOVE_UP = [
  { type: 'back-to-post' },
  { type: 'none' },
  { type: 'dynamic-mexclp', targetS: 30 },
  { type: 'compliance-table', targetS: 30 },
  { type: 'keep-core-covered', withinS: 20 },
  { type: 'chaos' },
] as const;

const QUEUES = [{ type: 'unlimited' }, { type: 'finite', places: 2 }, { type: 'none' }] as const;

/** What a random run is made from; small numbers make small runs. */
export interface RunPlan {
  seed: number;
  map: number;
  nUnits: number;
  hours: number;
  dispatch: number;
  moveUp: number;
  queue: number;
  on: Record<Feature, boolean>;
}

export const runPlans: fc.Arbitrary<RunPlan> = fc.record({
  map: fc.nat(MAPS.length - 1),
  nUnits: fc.integer({ min: 1, max: 7 }),
  hours: fc.integer({ min: 1, max: 30 }),
  dispatch: fc.nat(DISPATCH.length - 1),
  moveUp: fc.nat(MOVE_UP.length - 1),
  queue: fc.nat(QUEUES.length - 1),
  on: fc.record(
    Object.fromEntries(FEATURES.map((feature) => [feature, fc.boolean()])) as Record<
      Feature,
      fc.Arbitrary<boolean>
    >,
  ),
  seed: fc.nat(1_000_000),
});

export interface RandomRun {
  plan: RunPlan;
  small: SmallCity;
  /** In place of those of the scenario. */
  policies: { dispatch?: DispatchPolicy; moveUp?: MoveUpPolicy };
  /** Calls of its own on the grid; null where the scenario's demand is drawn. */
  calls: CallTable | null;
}

/** Choices that a feature makes; those of one do not depend on another being on. */
class Choices {
  readonly #stream: RandomStream;
  constructor(seed: number, topic: number) {
    this.#stream = new RandomStream(randomKey(seed), topic, PURPOSE.dispatch, 0);
  }
  below(n: number): number {
    return this.#stream.below(n);
  }
  chance(share: number): boolean {
    return this.#stream.uniform() < share;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

export async function buildRun(plan: RunPlan): Promise<RandomRun> {
  const { on, map, nUnits, hours, seed } = plan;
  const policies = {
    ...(DISPATCH[plan.dispatch].type === 'chaos' ? { dispatch: chaosDispatch } : {}),
    ...(MOVE_UP[plan.moveUp].type === 'chaos' ? { moveUp: chaosMoveUp } : {}),
  };
  const choose = (topic: number): Choices => new Choices(seed, topic + 1);
  const { drawing, ways = {} } = MAPS[map];
  const marks = [...drawing].filter((char) => /[A-Z]/.test(char));
  const { town } = await smallCity(drawing, { ways });
  const lonLat = (mark: string): [number, number] => [town.lonLat(mark).lon, town.lonLat(mark).lat];
  const at = (pick: Choices): string => pick.of(marks);
  const startHour = on.afternoon ? 11 : 0;

  const hourly = Array.from({ length: 24 }, (_, h) => ({
    id: `h${h}`,
    startS: 3600 * h,
    endS: 3600 * (h + 1),
  }));
  const shiftIds: string[][] = [
    ['all'],
    ['day', 'late', 'night'],
    hourly.map(({ id }) => id),
    ['early', 'night'],
    ['short'],
  ];
  const shifts = [
    { id: 'all', startS: 0, endS: 86_400 },
    { id: 'day', startS: 21_600, endS: 50_400 },
    { id: 'late', startS: 50_400, endS: 79_200 },
    { id: 'night', startS: 79_200, endS: 108_000 },
    { id: 'early', startS: 21_600, endS: 36_000, days: ['mon', 'tue', 'wed'] },
    { id: 'short', startS: 43_200, endS: 46_800 },
    ...hourly,
  ];
  const lengthS = (id: string): number => {
    const shift = shifts.find((each) => each.id === id)!;
    return shift.endS - shift.startS;
  };

  const duty = choose(0);
  const kind = choose(1);
  const units = Array.from({ length: nUnits }, (_, u) => {
    const own = u === 0 || !on.shifts ? shiftIds[0] : shiftIds[duty.below(on.gaps ? 5 : 3)];
    const breaks = Array.from({ length: on.breaks ? duty.below(4) : 0 }, () => {
      const inShifts = duty.chance(0.3) ? [own[0]] : own;
      return {
        ...(inShifts.length < own.length ? { shift: own[0] } : {}),
        afterS: Math.min(10 * duty.below(2000), Math.max(...inShifts.map(lengthS)) - 10),
        durationS: on.longBreaks && duty.chance(0.3) ? 40_000 : 10 + 10 * duty.below(200),
        interruptibleBy: duty.of([0, 1, 1, 2, 9]),
      };
    });
    const outFrom = startHour * 60 + duty.below(hours * 60);
    const isOut = on.outOfService && u > 0 && duty.chance(0.6);
    return {
      id: `u${u}`,
      at: at(kind),
      shifts: own,
      breaks,
      skills: u === 0 || kind.chance(0.5) ? ['armed'] : [],
      profile: on.kinds ? kind.of(['plain', 'patrol-car']) : 'plain',
      answersFrom: on.posts && kind.chance(0.5) ? 'post' : 'anywhere',
      outOfService: isOut
        ? [{ from: clock(outFrom), to: clock(outFrom + (duty.chance(0.3) ? 600 : 1 + duty.below(90))) }]
        : [],
    };
  });
  const nArmed = units.filter(({ skills }) => skills.length > 0).length;

  const need = choose(2);
  const share = (): number => need.of([0.2, 0.5, 1]);
  const category = (id: string, priority: number, more: object = {}): object => {
    const skills = on.skills && need.chance(0.5) ? ['armed'] : [];
    const most = Math.min(5, skills.length > 0 ? nArmed : nUnits);
    return {
      id,
      priority,
      share: 1 + need.below(3),
      siren: on.siren && need.chance(0.5),
      onSceneS: on.onGrid ? 10 * need.below(120) : { type: 'exponential', mean: 60 + need.below(900) },
      skills,
      units: on.several ? 1 + need.below(most) : 1,
      release: on.each && need.chance(0.6) ? 'each' : 'together',
      triageShare: on.triage ? 0.2 : 0,
      ...(on.transport
        ? { transport: { share: share(), kind: 'custody', handoverS: 10 * need.below(30) } }
        : {}),
      ...(on.report ? { reportS: 10 * need.below(60) } : {}),
      ...(on.followUps ? { repeat: { share: 0.2, delayS: 10 * need.below(100) } } : {}),
      ...more,
    };
  };
  const law = (mean: number, cv: number): unknown =>
    on.onGrid ? 10 * Math.round(mean / 10) : { type: 'lognormal', mean, cv };
  const delay = choose(3);
  const tasks = choose(4);
  const spec: SmallScenario = {
    ways,
    units,
    points: on.patrol
      ? [
          { id: 'p', at: at(tasks), visitsPerShift: 1 + tasks.below(4), dwellS: 10 * tasks.below(40) },
          { id: 'q', at: at(tasks), visitsPerShift: 1 + tasks.below(2), dwellS: 0 },
        ]
      : [],
    scenario: {
      zones: [{ id: 'centre', class: 'core', polygon: [around(marks.slice(0, 3).map(lonLat))] }],
      shifts: on.shifts ? shifts : shifts.slice(0, 1),
      destinations: [
        { id: 'custody-1', kind: 'custody', lonLat: lonLat(at(tasks)) },
        { id: 'custody-2', kind: 'custody', lonLat: lonLat(at(tasks)) },
      ],
      traffic: {
        periods: on.periods
          ? [
              {
                id: 'rush',
                from: `${two(startHour + 1)}:07`,
                to: `${two(startHour + 3)}:00`,
                speedFactor: 0.5,
              },
              { id: 'calm', from: '20:00', to: '00:20', speedFactor: { residential: 2 } },
            ]
          : [],
      },
      delays: on.delays
        ? {
            callHandlingS: law(10 * delay.below(4), 1),
            dispatchS: on.slowDispatch ? law(10 * delay.below(4), 0.5) : 0,
            turnoutAtPostS: law(10 * delay.below(4), 0.5),
            turnoutOnPatrolS: law(10 * delay.below(3), 0.5),
            accessS: law(10 * delay.below(3), 0.5),
          }
        : {},
      travel: { cv: on.travelFactor && !on.onGrid ? 0.5 : 0 },
      positions: { staleS: on.stale ? 10 + 10 * delay.below(6) : 0 },
      activities: on.activities
        ? [
            { id: 'check', perUnitHour: 1, durationS: 600, interruptibleBy: delay.of([0, 1, 9]) },
            { id: 'help', perUnitHour: 2, durationS: { type: 'exponential', mean: 120 } },
          ]
        : [],
      demand: {
        type: 'poisson',
        categories: [
          category('urgent', 1),
          category(
            'ordinary',
            2,
            on.followUps ? { linked: { share: 0.3, category: 'minor', delayS: 0 } } : {},
          ),
          category('minor', need.of([2, 3])),
        ],
        sources: [{ where: { type: 'roads' }, callsPerHour: nUnits * (on.busy ? 4 : 1.5) }],
        surges: [],
      },
      queue: QUEUES[plan.queue],
      patrol: { type: on.patrol ? 'quota-tour' : 'stay-at-post', profile: 'plain' },
      ...(policies.dispatch === undefined ? { dispatch: DISPATCH[plan.dispatch] } : {}),
      ...(policies.moveUp === undefined ? { moveUp: MOVE_UP[plan.moveUp] } : {}),
      run: {
        start: clock(startHour * 60),
        durationS: hours * 3600,
        warmUpS: on.warmUp ? 5400 : 0,
        replications: 1,
        seed,
      },
    },
  };
  const small = await smallCity(drawing, spec);
  return { plan, small, policies, calls: on.onGrid ? gridCalls(plan, small, marks, choose(5)) : null };
}

/** Calls at junctions, every time a multiple of 10 s; some at the same instant. */
function gridCalls(
  { on, hours, nUnits }: RunPlan,
  { town, city }: SmallCity,
  marks: string[],
  pick: Choices,
) {
  const rows: CallRow[] = [];
  const fromS = on.warmUp ? -5400 : 0;
  const nCalls = Math.ceil((hours + (on.warmUp ? 1.5 : 0)) * nUnits * (on.busy ? 4 : 1.5));
  for (let n = 0; n < nCalls; n++) {
    const atS = fromS + 10 * pick.below((hours * 3600 - fromS) / 10);
    const category = pick.below(city.categories.length);
    const { triageShare, transport, report } = city.categories[category];
    const triaged = pick.chance(triageShare);
    const transported = !triaged && transport !== null && pick.chance(transport.share);
    const row: CallRow = {
      occurredMs: atS * 1000,
      ...town.at(pick.of(marks)),
      zone: NONE,
      category,
      onSceneMs: triaged ? 0 : 10_000 * pick.below(100),
      triaged,
      transported,
      handoverMs: transported ? 10_000 * pick.below(30) : 0,
      reportMs: report !== null && !triaged ? 10_000 * pick.below(30) : 0,
      key: n,
    };
    rows.push(row);
    if (pick.chance(0.2)) rows.push({ ...row, key: n + 1_000_000 });
  }
  rows.sort((a, b) => a.occurredMs - b.occurredMs);
  return callTable(rows);
}

const two = (n: number): string => String(n % 24).padStart(2, '0');

/** Minutes from Monday, 2 March 2026, 00:00. */
const clock = (minutes: number): string =>
  `2026-03-0${2 + Math.floor(minutes / 1440)}T${two(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;

/** A rectangle around places, with a little room. */
function around(places: [number, number][]): [number, number][] {
  const [lons, lats] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const room = 0.0001;
  const [west, east] = [Math.min(...lons) - room, Math.max(...lons) + room];
  const [south, north] = [Math.min(...lats) - room, Math.max(...lats) + room];
  return [
    [west, north],
    [east, north],
    [east, south],
    [west, south],
    [west, north],
  ];
}
