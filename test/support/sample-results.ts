/**
 * A results folder of a made-up town, for tests and benchmarks of whatever reads results: streets on an even grid,
 * where the fastest way is known without search, units that patrol between waypoints, calls answered first come first
 * served by the closest available unit. Some calls end at the desk, are lost, held, handed from one unit to another or
 * bring somebody away; units take breaks, do work of their own and change their base. Small, but true in itself: every
 * drive keeps its speed, every candidate's time is the time it would take, and the figures are counted from the log.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParquetFile, type ParquetRows } from '../../engine/results/parquet-file.ts';
import {
  EVENT_COLUMNS,
  RESULT_FILES,
  ROAD_COLUMNS,
  ROUTE_COLUMNS,
  type Estimate,
  type KpisJson,
  type LossRow,
  type TierRow,
} from '../../engine/results/results-folder.ts';

interface SampleOptions {
  /** Crossings along each side of the grid. */
  size?: number;
  units?: number;
  callsPerReplication?: number;
  replications?: number;
  /** Scored time; a tenth of it more is simulated before as warm-up. */
  hours?: number;
  /** Scored start in ms after the log's zero; for logs that begin late. */
  seed?: number;
  /** Turns every name and text of the folder into another. */
  disguise?: (text: string) => string;
}

/** A call as it went, times in ms from the scored start; of one that nobody was sent to, none after the end of handling. */
interface SampleCall {
  replication: number;
  end: 'cleared' | 'triaged' | 'lost';
  call: number;
  priority: number;
  zoneClass: string;
  occurredMs: number;
  dispatchedMs: number;
  enRouteMs: number;
  arrivedMs: number;
  clearedMs: number;
  unit: string;
  /** When the unit was available again. */
  freedMs: number;
  /** From ready to the first unit sent. */
  waitedMs: number;
}

export interface SampleTruth {
  calls: SampleCall[];
  kpis: KpisJson;
  nSegments: number;
  startMs: number;
  endMs: number;
}

const BLOCK_MM = 110_000;
const PATROL_BLOCK_MS = 13_200; // 30 km/h
const SIREN_BLOCK_MS = 6_600; // 60 km/h
const TURNOUT_MS = 20_000;
const ACCESS_MS = 15_000;
const HANDLING_MS = 40_000;
const REPORT_MS = 150_000;
const HANDOVER_MS = 300_000;
const ON_THE_WAY_MS = 5_000;
const WEST = 11.93;
const SOUTH = 57.67;
const ENGINE_VERSION = '0.0.0-sample';

interface Place {
  segment: number;
  offsetMm: number;
}
interface Step {
  segment: number;
  fromMm: number;
  toMm: number;
  endMs: number;
}

/** Streets on a grid: segment numbers, ends, and fastest ways, all by arithmetic. */
class Grid {
  readonly size: number;
  readonly nSegments: number;
  constructor(size: number) {
    this.size = size;
    this.nSegments = 2 * size * (size - 1);
  }

  /** Segment from crossing (row, column) to the next one east or north. */
  segment(row: number, column: number, way: 'east' | 'north'): number {
    return way === 'east'
      ? row * (this.size - 1) + column
      : this.size * (this.size - 1) + row * this.size + column;
  }

  ends(segment: number): [[number, number], [number, number]] {
    const nEast = this.size * (this.size - 1);
    if (segment < nEast) {
      const row = Math.floor(segment / (this.size - 1));
      const column = segment % (this.size - 1);
      return [
        [row, column],
        [row, column + 1],
      ];
    }
    const row = Math.floor((segment - nEast) / this.size);
    const column = (segment - nEast) % this.size;
    return [
      [row, column],
      [row + 1, column],
    ];
  }

  lonLat(row: number, column: number): [number, number] {
    const degreesNorth = BLOCK_MM / 1000 / 111_195;
    const degreesEast = degreesNorth / Math.cos((SOUTH * Math.PI) / 180);
    return [round7(WEST + column * degreesEast), round7(SOUTH + row * degreesNorth)];
  }

  placeLonLat({ segment, offsetMm }: Place): [number, number] {
    const [from, to] = this.ends(segment).map(([row, column]) => this.lonLat(row, column));
    const share = offsetMm / BLOCK_MM;
    return [round7(from[0] + share * (to[0] - from[0])), round7(from[1] + share * (to[1] - from[1]))];
  }

  /** The place of a crossing: the start of a segment that leaves it, or the end of one that arrives. */
  crossing(row: number, column: number): Place {
    if (column < this.size - 1) return { segment: this.segment(row, column, 'east'), offsetMm: 0 };
    return { segment: this.segment(row, column - 1, 'east'), offsetMm: BLOCK_MM };
  }

  /** The ends of both segments that make the way between two places shortest, and its length. */
  private best(from: Place, to: Place): { lengthMm: number; out: 0 | 1; into: 0 | 1 } {
    const best = { lengthMm: Infinity, out: 0 as 0 | 1, into: 0 as 0 | 1 };
    const [fromEnds, toEnds] = [this.ends(from.segment), this.ends(to.segment)];
    for (const out of [0, 1] as const) {
      for (const into of [0, 1] as const) {
        const [row, column] = fromEnds[out];
        const [toRow, toColumn] = toEnds[into];
        const lengthMm =
          (out === 0 ? from.offsetMm : BLOCK_MM - from.offsetMm) +
          (Math.abs(row - toRow) + Math.abs(column - toColumn)) * BLOCK_MM +
          (into === 0 ? to.offsetMm : BLOCK_MM - to.offsetMm);
        if (lengthMm < best.lengthMm) Object.assign(best, { lengthMm, out, into });
      }
    }
    return best;
  }

  lengthMm(from: Place, to: Place): number {
    if (from.segment === to.segment) return Math.abs(from.offsetMm - to.offsetMm);
    return this.best(from, to).lengthMm;
  }

  /** Steps of the fastest way: along the first segment, rows first, then columns, along the last one. */
  route(from: Place, to: Place, blockMs: number): Step[] {
    const steps: Step[] = [];
    let drivenMm = 0;
    const add = (segment: number, fromMm: number, toMm: number): void => {
      if (fromMm === toMm) return;
      drivenMm += Math.abs(toMm - fromMm);
      steps.push({ segment, fromMm, toMm, endMs: Math.round((drivenMm / BLOCK_MM) * blockMs) });
    };
    if (from.segment === to.segment) {
      add(from.segment, from.offsetMm, to.offsetMm);
      return steps;
    }
    const { out, into } = this.best(from, to);
    add(from.segment, from.offsetMm, out * BLOCK_MM);
    let [row, column] = this.ends(from.segment)[out];
    const [toRow, toColumn] = this.ends(to.segment)[into];
    while (row !== toRow) {
      if (row < toRow) add(this.segment(row++, column, 'north'), 0, BLOCK_MM);
      else add(this.segment(--row, column, 'north'), BLOCK_MM, 0);
    }
    while (column !== toColumn) {
      if (column < toColumn) add(this.segment(row, column++, 'east'), 0, BLOCK_MM);
      else add(this.segment(row, --column, 'east'), BLOCK_MM, 0);
    }
    add(to.segment, into * BLOCK_MM, to.offsetMm);
    return steps;
  }
}

const round7 = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;

/** A small seeded generator, so that the folder is the same every time. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Zone {
  id: string;
  class: string;
  rows: [number, number];
  columns: [number, number];
}

interface Town {
  grid: Grid;
  zones: Zone[];
  posts: { id: string; place: Place }[];
  points: { id: string; place: Place }[];
  destination: { id: string; place: Place };
  /** Per unit: home first, then the waypoints of its patrol, over and over. */
  tours: { id: string; post: string; stops: Place[]; tasks: string[] }[];
  /** Planned drives, and their number by unit and stop. */
  planned: Step[][];
  plannedNumber: number[][];
}

function buildTown(size: number, nUnits: number, random: () => number): Town {
  const grid = new Grid(size);
  const third = Math.floor(size / 3);
  const sixth = Math.max(1, Math.floor(size / 6));
  const zones: Zone[] = [
    { id: 'old-town', class: 'core', rows: [third, third + sixth], columns: [third, third + sixth] },
    {
      id: 'station',
      class: 'core',
      rows: [third, third + sixth],
      columns: [third + sixth + 1, third + 2 * sixth],
    },
    { id: 'harbour', class: 'key', rows: [0, sixth], columns: [third, 2 * third] },
    { id: 'campus', class: 'key', rows: [2 * third, 2 * third + sixth], columns: [third, 2 * third] },
    {
      id: 'west-side',
      class: 'general',
      rows: [Math.min(sixth + 1, third), 2 * third],
      columns: [0, third - 1],
    },
  ];
  const nPosts = Math.max(3, Math.min(20, Math.round(nUnits / 2)));
  const anywhere = (): Place => grid.crossing(Math.floor(random() * size), Math.floor(random() * size));
  const posts = Array.from({ length: nPosts }, (_, ix) => ({ id: `post-${ix + 1}`, place: anywhere() }));
  const points = Array.from({ length: Math.max(6, nPosts * 2) }, (_, ix) => ({
    id: `point-${ix + 1}`,
    place: anywhere(),
  }));
  const planned: Step[][] = [];
  const plannedNumber: number[][] = [];
  const tours = Array.from({ length: nUnits }, (_, unit) => {
    const chosen = Array.from({ length: 4 }, () => points[Math.floor(random() * points.length)]);
    const stops = [posts[unit % nPosts].place, ...chosen.map((point) => point.place)];
    plannedNumber.push(
      stops.map((stop, ix) => {
        planned.push(grid.route(stop, stops[(ix + 1) % stops.length], PATROL_BLOCK_MS));
        return planned.length - 1;
      }),
    );
    return {
      id: `P${unit + 1}`,
      post: posts[unit % nPosts].id,
      stops,
      tasks: ['home', ...chosen.map((point) => `visit:${point.id}`)],
    };
  });
  const destination = { id: 'custody-1', place: anywhere() };
  return { grid, zones, posts, points, destination, tours, planned, plannedNumber };
}

interface EventRow {
  timeMs: number;
  kind: string;
  call?: number;
  unit?: string;
  at?: Place;
  route?: number;
  routeReplication?: number;
  detail?: string;
  category?: string;
  priority?: number;
  zone?: string | null;
  zoneClass?: string;
  onSceneMs?: number;
  triaged?: number;
  transported?: number;
}

/** One unit of the made-up simulation: what it does until `untilMs`, and where that leaves it. */
interface UnitState {
  id: string;
  /** Next stop of its tour. */
  stop: number;
  mode: 'drive' | 'stand' | 'busy';
  /** What it does while it stands at home, as the log's row that ends it. */
  resting: 'breakEnded' | 'activityEnded' | null;
  /** How often it has come home. */
  nHome: number;
  sinceMs: number;
  untilMs: number;
  place: Place;
  steps: Step[];
}

const CATEGORIES = [
  { id: 'robbery', priority: 1, onSceneMs: 1_500_000 },
  { id: 'dispute', priority: 2, onSceneMs: 900_000 },
  { id: 'traffic', priority: 3, onSceneMs: 600_000 },
];

interface Replication {
  events: EventRow[];
  routes: Step[][];
  calls: SampleCall[];
}

function simulate(
  town: Town,
  replication: number,
  nCalls: number,
  startMs: number,
  endMs: number,
  random: () => number,
): Replication {
  const { grid, zones, tours, plannedNumber } = town;
  const events: EventRow[] = [];
  const routes: Step[][] = [];
  const calls: SampleCall[] = [];
  const units: UnitState[] = tours.map(({ id, stops }) => {
    events.push({ timeMs: startMs, kind: 'shiftStarted', unit: id, at: stops[0], detail: 'day' });
    events.push({ timeMs: startMs, kind: 'patrolStand', unit: id, at: stops[0], detail: 'home' });
    const untilMs = startMs + Math.round(random() * 300_000);
    return {
      id,
      stop: 0,
      mode: 'stand',
      resting: null,
      nHome: 0,
      sinceMs: startMs,
      untilMs,
      place: stops[0],
      steps: [],
    };
  });

  const whereAt = (unit: UnitState, timeMs: number): Place => {
    if (unit.mode !== 'drive') return unit.place;
    let fromMs = 0;
    for (const { segment, fromMm, toMm, endMs: stepEndMs } of unit.steps) {
      if (timeMs - unit.sinceMs <= stepEndMs) {
        const share = (timeMs - unit.sinceMs - fromMs) / (stepEndMs - fromMs);
        return { segment, offsetMm: Math.round(fromMm + share * (toMm - fromMm)) };
      }
      fromMs = stepEndMs;
    }
    return unit.place;
  };

  const endRest = (unit: UnitState, nowMs: number, how: 'done' | 'interrupted'): void => {
    if (unit.resting !== null)
      events.push({ timeMs: nowMs, kind: unit.resting, unit: unit.id, at: unit.place, detail: how });
    unit.resting = null;
  };

  /** Lets an idle unit patrol up to a time. */
  const advance = (unit: UnitState, ix: number, timeMs: number): void => {
    const { stops, tasks } = tours[ix];
    while (unit.untilMs <= timeMs) {
      const nowMs = unit.untilMs;
      if (unit.mode === 'drive') {
        unit.mode = 'stand';
        unit.place = stops[unit.stop];
        unit.sinceMs = nowMs;
        unit.untilMs = nowMs + (unit.stop === 0 ? 240_000 : 90_000);
        const other = unit.stop === 0 ? unit.nHome++ % 3 : 0;
        unit.resting = other === 1 ? 'breakEnded' : other === 2 ? 'activityEnded' : null;
        events.push({
          timeMs: nowMs,
          kind:
            unit.resting === null
              ? 'patrolStand'
              : unit.resting === 'breakEnded'
                ? 'breakStarted'
                : 'activityStarted',
          unit: unit.id,
          at: unit.place,
          ...(unit.resting === 'breakEnded'
            ? {}
            : { detail: unit.resting === null ? tasks[unit.stop] : 'check' }),
        });
        continue;
      }
      endRest(unit, nowMs, 'done');
      if (unit.mode === 'stand' && unit.stop > 0) {
        events.push({ timeMs: nowMs, kind: 'patrolTaskDone', unit: unit.id, detail: tasks[unit.stop] });
      }
      // on the plan's place the planned drive is driven, elsewhere (after a call) one of this replication's own
      const onPlan = unit.mode === 'stand';
      const from = unit.stop;
      unit.stop = (unit.stop + 1) % stops.length;
      const number = plannedNumber[ix][from];
      unit.steps = onPlan ? town.planned[number] : grid.route(unit.place, stops[unit.stop], PATROL_BLOCK_MS);
      if (!onPlan && unit.steps.length > 0) routes.push(unit.steps);
      unit.mode = 'drive';
      unit.sinceMs = nowMs;
      unit.untilMs = nowMs + (unit.steps.at(-1)?.endMs ?? 0);
      // every other time the way home counts as a move to that base
      const movesUp = unit.stop === 0 && unit.nHome % 2 === 1;
      if (movesUp) {
        const detail = JSON.stringify({
          policy: 'keep-core-covered',
          trigger: 'freed',
          base: tours[ix].post,
          reason: 'to cover old-town',
          candidates: [{ base: tours[ix].post, value: (unit.untilMs - nowMs) / 1000 }],
          shortfall: 'station: no unit can be spared',
        });
        events.push({ timeMs: nowMs, kind: 'moveUp', unit: unit.id, at: unit.place, detail });
      }
      events.push({
        timeMs: nowMs,
        kind: 'patrolDrive',
        unit: unit.id,
        at: unit.place,
        detail: movesUp ? `moveUp:${tours[ix].post}` : tasks[unit.stop],
        ...(unit.steps.length > 0
          ? {
              route: onPlan ? number : routes.length - 1,
              routeReplication: onPlan ? 0 : replication,
            }
          : {}),
      });
    }
  };

  const occurredMs = Array.from({ length: nCalls }, () =>
    Math.round(startMs + random() * (endMs - startMs - 1)),
  ).sort((a, b) => a - b);
  let notBeforeMs = startMs;
  occurredMs.forEach((atMs, call) => {
    const category = CATEGORIES[Math.min(2, Math.floor(random() * 3.2))];
    const place: Place = {
      segment: Math.floor(random() * grid.nSegments),
      offsetMm: Math.floor(random() * BLOCK_MM),
    };
    const [row, column] = grid.ends(place.segment)[0];
    const zone = zones.find(
      ({ rows, columns }) => row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1],
    );
    const onSceneMs = Math.round(category.onSceneMs * (0.4 + 1.2 * random()));
    const isTriaged = call % 9 === 4;
    const isTransported = call % 6 === 1;
    events.push({
      timeMs: atMs,
      kind: 'callOccurred',
      call,
      at: place,
      category: category.id,
      priority: category.priority,
      zone: zone?.id ?? null,
      zoneClass: zone?.class ?? 'none',
      onSceneMs,
      triaged: isTriaged ? 1 : 0,
      transported: isTransported ? 1 : 0,
    });
    events.push({ timeMs: atMs, kind: 'callReceived', call, at: place });
    const readyMs = atMs + HANDLING_MS;
    events.push({ timeMs: readyMs, kind: 'callReady', call });
    const common = {
      replication,
      call,
      priority: category.priority,
      zoneClass: zone?.class ?? 'none',
      occurredMs: atMs,
    };
    if (isTriaged || call % 13 === 6) {
      const end = isTriaged ? 'triaged' : 'lost';
      events.push({
        timeMs: readyMs,
        kind: isTriaged ? 'callTriaged' : 'callLost',
        call,
        ...(isTriaged ? {} : { detail: 'queue full' }),
      });
      const never = { dispatchedMs: NaN, enRouteMs: NaN, arrivedMs: NaN, clearedMs: NaN, freedMs: NaN };
      calls.push({ ...common, end, ...never, unit: '', waitedMs: 0 });
      return;
    }
    // first come, first served: waits for the first unit that comes free
    const firstFreeMs = Math.min(...units.map((unit) => (unit.mode === 'busy' ? unit.untilMs : -Infinity)));
    let dispatchedMs = Math.max(readyMs, firstFreeMs, notBeforeMs);
    const weigh = (): { unit: UnitState; from: Place; travelMs: number }[] => {
      units.forEach((unit, ix) => advance(unit, ix, dispatchedMs));
      return units
        .filter((unit) => unit.mode !== 'busy')
        .map((unit) => {
          const from = whereAt(unit, dispatchedMs);
          return {
            unit,
            from,
            travelMs: Math.round((grid.lengthMm(from, place) / BLOCK_MM) * SIREN_BLOCK_MS),
          };
        })
        .sort((a, b) => a.travelMs - b.travelMs);
    };
    const decision = (reason: string, some: ReturnType<typeof weigh>): string =>
      JSON.stringify({
        reason,
        candidates: some
          .slice(0, 5)
          .map(({ unit, travelMs }) => ({ unit: unit.id, travelTimeS: travelMs / 1000 })),
      });
    const send = (unit: UnitState, from: Place, reason: string, some: ReturnType<typeof weigh>): void => {
      endRest(unit, dispatchedMs, 'interrupted');
      const detail = decision(reason, some);
      events.push({ timeMs: dispatchedMs, kind: 'unitDispatched', call, unit: unit.id, at: from, detail });
    };
    let candidates = weigh();
    let waitedMs = dispatchedMs - readyMs;
    if (call % 7 === 3) {
      const detail = decision('held for urgent calls: 1 free, 1 kept', candidates);
      events.push({ timeMs: dispatchedMs, kind: 'callHeld', call, detail });
      dispatchedMs += ON_THE_WAY_MS;
      waitedMs = dispatchedMs - readyMs;
      candidates = weigh();
    }
    if (call % 7 === 5 && candidates.length > 1) {
      // the second best is sent first, and taken off again for the best
      const [best, second] = candidates;
      send(second.unit, second.from, 'own sector', candidates);
      second.unit.mode = 'busy';
      second.unit.place = second.from;
      dispatchedMs += ON_THE_WAY_MS;
      second.unit.untilMs = dispatchedMs;
      const detail = `relieved by ${best.unit.id}: freed nearby: saves 70 s`;
      const row = { timeMs: dispatchedMs, call, unit: second.unit.id, at: second.from };
      events.push({ ...row, kind: 'unitRecalled', detail });
      candidates = weigh().filter(({ unit }) => unit !== second.unit);
    }
    notBeforeMs = dispatchedMs;
    const [{ unit, from }] = candidates;
    send(unit, from, 'closest available', candidates);
    const drive = (start: Place, end: Place, timeMs: number, kind: string, detail?: string): number => {
      const steps = grid.route(start, end, SIREN_BLOCK_MS);
      if (steps.length > 0) routes.push(steps);
      events.push({
        timeMs,
        kind,
        call,
        unit: unit.id,
        at: start,
        ...(steps.length > 0 ? { route: routes.length - 1, routeReplication: replication } : {}),
        ...(detail === undefined ? {} : { detail }),
      });
      return timeMs + (steps.at(-1)?.endMs ?? 0);
    };
    const enRouteMs = dispatchedMs + TURNOUT_MS;
    const arrivedMs = drive(from, place, enRouteMs, 'unitEnRoute') + ACCESS_MS;
    events.push({ timeMs: arrivedMs, kind: 'unitArrived', call, unit: unit.id, at: place });
    const leftMs = arrivedMs + onSceneMs;
    let clearedMs = leftMs;
    let freedMs = leftMs;
    unit.place = place;
    if (isTransported) {
      const { id, place: there } = town.destination;
      const deliveredMs = drive(place, there, leftMs, 'transportStarted', id);
      events.push({ timeMs: deliveredMs, kind: 'transportArrived', call, unit: unit.id, at: there });
      clearedMs = deliveredMs + HANDOVER_MS;
      freedMs = clearedMs;
      unit.place = there;
    }
    events.push({ timeMs: clearedMs, kind: 'callCleared', call, at: place });
    if (call % 3 === 0) {
      events.push({ timeMs: clearedMs, kind: 'reportStarted', call, unit: unit.id, at: unit.place });
      freedMs = clearedMs + REPORT_MS;
    }
    events.push({ timeMs: freedMs, kind: 'unitCleared', call, unit: unit.id, at: unit.place });
    unit.mode = 'busy';
    unit.untilMs = freedMs;
    calls.push({
      ...common,
      end: 'cleared',
      dispatchedMs,
      enRouteMs,
      arrivedMs,
      clearedMs,
      unit: unit.id,
      freedMs,
      waitedMs,
    });
  });
  units.forEach((unit, ix) => advance(unit, ix, endMs - 1));
  const inTime = events.filter(({ timeMs }) => timeMs < endMs);
  inTime.push({ timeMs: endMs, kind: 'runEnded' });
  // sort is stable: rows of one moment keep the order in which they were made
  inTime.sort((a, b) => a.timeMs - b.timeMs);
  return { events: inTime, routes, calls };
}

/** Writes the folder and gives back what went on in it. The same options give the same bytes. */
export async function writeSampleResults(folder: string, options: SampleOptions = {}): Promise<SampleTruth> {
  const {
    size = 16,
    units = 6,
    callsPerReplication = 24,
    replications = 2,
    hours = 2,
    seed = 135,
    disguise = (text: string): string => text,
  } = options;
  const endMs = hours * 3_600_000;
  const startMs = -Math.round(endMs / 10);
  const random = generator(seed);
  const town = buildTown(size, units, random);
  const events = new ParquetFile(EVENT_COLUMNS, ENGINE_VERSION);
  const routes = new ParquetFile(ROUTE_COLUMNS, ENGINE_VERSION);
  appendRoutes(routes, 0, town.planned);
  const calls: SampleCall[] = [];
  for (let replication = 1; replication <= replications; replication++) {
    const run = simulate(town, replication, callsPerReplication, startMs, endMs, random);
    appendEvents(events, replication, run.events, town.grid, disguise);
    appendRoutes(routes, replication, run.routes);
    calls.push(...run.calls);
  }
  const kpis = countKpis(town, calls, replications, startMs, endMs, disguise);

  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: Uint8Array | string): void =>
    writeFileSync(join(folder, name), content);
  write(RESULT_FILES.events, await events.finish());
  write(RESULT_FILES.routes, await routes.finish());
  write(RESULT_FILES.roads, await roadsFile(town.grid, disguise));
  write(RESULT_FILES.city, cityGeoJson(town, disguise));
  write(RESULT_FILES.scenario, JSON.stringify({ units: [] }));
  write(RESULT_FILES.kpis, JSON.stringify(kpis));
  write(
    RESULT_FILES.manifest,
    JSON.stringify({
      version: 1,
      engineVersion: disguise(ENGINE_VERSION),
      scenario: { name: disguise('sample-town'), file: 'scenario.json', sha256: '' },
      seed: disguise(String(seed)),
      start: '2026-03-02T08:00',
      durationS: endMs / 1000,
      warmUpS: -startMs / 1000,
      replications: { done: replications, asked: replications },
      complete: true,
      files: [],
    }),
  );
  return { calls, kpis, nSegments: town.grid.nSegments, startMs, endMs };
}

function appendEvents(
  file: ParquetFile,
  replication: number,
  events: readonly EventRow[],
  grid: Grid,
  disguise: (text: string) => string,
): void {
  const rows: ParquetRows = Object.fromEntries(EVENT_COLUMNS.map(({ name }) => [name, []]));
  const text = (value: string | null | undefined): string | null =>
    value === undefined || value === null ? null : disguise(value);
  events.forEach((event, seq) => {
    const lonLat = event.at ? grid.placeLonLat(event.at) : [null, null];
    const values: Record<string, number | string | null> = {
      replication,
      seq,
      timeMs: event.timeMs,
      kind: event.kind,
      call: event.call ?? null,
      unit: text(event.unit),
      segment: event.at?.segment ?? null,
      offsetMm: event.at?.offsetMm ?? null,
      lon: lonLat[0],
      lat: lonLat[1],
      route: event.route ?? null,
      routeReplication: event.routeReplication ?? null,
      detail: event.detail?.startsWith('{') ? disguiseDetail(event.detail, disguise) : text(event.detail),
      category: text(event.category),
      priority: event.priority ?? null,
      zone: text(event.zone),
      zoneClass: event.zoneClass === 'none' ? 'none' : text(event.zoneClass),
      onSceneMs: event.onSceneMs ?? null,
      unitsWanted: event.kind === 'callOccurred' ? 1 : null,
      triaged: event.triaged ?? null,
      transported: event.transported ?? null,
      handoverMs: event.kind === 'callOccurred' ? HANDOVER_MS : null,
      reportMs: event.kind === 'callOccurred' ? (event.call! % 3 === 0 ? REPORT_MS : 0) : null,
      parent: null,
      callKey: event.kind === 'callOccurred' ? event.call! : null,
    };
    for (const { name } of EVENT_COLUMNS) rows[name].push(values[name]);
  });
  file.append(rows);
}

/** Every text of a decision but the names of its parts and of its policy. */
function disguiseDetail(detail: string, disguise: (text: string) => string): string {
  return JSON.stringify(
    JSON.parse(detail, (key, value: unknown) =>
      typeof value === 'string' && key !== 'policy' ? disguise(value) : value,
    ),
  );
}

function appendRoutes(file: ParquetFile, replication: number, routes: readonly Step[][]): void {
  const rows: ParquetRows = Object.fromEntries(ROUTE_COLUMNS.map(({ name }) => [name, []]));
  routes.forEach((steps, route) =>
    steps.forEach(({ segment, fromMm, toMm, endMs }, step) => {
      const values: Record<string, number> = { replication, route, step, segment, fromMm, toMm, endMs };
      for (const { name } of ROUTE_COLUMNS) rows[name].push(values[name]);
    }),
  );
  file.append(rows);
}

function roadsFile(grid: Grid, disguise: (text: string) => string): Promise<Uint8Array> {
  const file = new ParquetFile(ROAD_COLUMNS, ENGINE_VERSION);
  const rows: ParquetRows = Object.fromEntries(ROAD_COLUMNS.map(({ name }) => [name, []]));
  for (let segment = 0; segment < grid.nSegments; segment++) {
    const [[row, column], [toRow]] = grid.ends(segment);
    const isEast = row === toRow;
    const line = isEast ? row : column;
    const roadClass = line % 10 === 5 ? 'primary' : line % 5 === 0 ? 'tertiary' : 'residential';
    const name = disguise(isEast ? `Row ${row} street` : `Column ${column} street`);
    for (const offsetMm of [0, BLOCK_MM / 2, BLOCK_MM]) {
      const [lon, lat] = grid.placeLonLat({ segment, offsetMm });
      const values: Record<string, number | string> = {
        segment,
        roadClass: disguise(roadClass),
        name,
        lon,
        lat,
        atMm: offsetMm,
      };
      for (const column of ROAD_COLUMNS) rows[column.name].push(values[column.name]);
    }
  }
  file.append(rows);
  return file.finish();
}

function cityGeoJson(
  { grid, zones, posts, points, destination }: Town,
  disguise: (text: string) => string,
): string {
  const feature = (kind: string, id: string, extra: object, geometry: object): object => ({
    type: 'Feature',
    properties: { kind, id: disguise(id), name: disguise(id), ...extra },
    geometry,
  });
  const middle = Math.floor(grid.size / 2);
  const features = [
    ...zones.map(({ id, class: zoneClass, rows, columns }) => {
      const corners = [
        [rows[0], columns[0]],
        [rows[0], columns[1]],
        [rows[1], columns[1]],
        [rows[1], columns[0]],
        [rows[0], columns[0]],
      ].map(([row, column]) => grid.lonLat(row, column));
      return feature('zone', id, { class: disguise(zoneClass) }, { type: 'Polygon', coordinates: [corners] });
    }),
    ...points.map(({ id, place }) =>
      feature('point', id, {}, { type: 'Point', coordinates: grid.placeLonLat(place) }),
    ),
    feature(
      'line',
      'main-street',
      {},
      {
        type: 'LineString',
        coordinates: Array.from({ length: grid.size }, (_, column) => grid.lonLat(middle, column)),
      },
    ),
    ...posts.map(({ id, place }) =>
      feature('post', id, {}, { type: 'Point', coordinates: grid.placeLonLat(place) }),
    ),
    feature(
      'destination',
      destination.id,
      { destinationKind: disguise('custody') },
      { type: 'Point', coordinates: grid.placeLonLat(destination.place) },
    ),
  ];
  return JSON.stringify({ type: 'FeatureCollection', features });
}

const plain = (value: number | null, n: number): Estimate => ({ value, ci95: null, method: null, n });

/** A share with its Wilson interval (Wilson, JASA 1927). */
function share(hits: number, n: number): Estimate {
  if (n === 0) return plain(null, 0);
  const z = 1.959964;
  const p = hits / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return { value: p, ci95: [Math.max(0, centre - half), Math.min(1, centre + half)], method: 'wilson', n };
}

/** A call waited when it was sent a unit later than at once. */
function lossesOf(occurred: readonly SampleCall[], priority: number | null): LossRow {
  const calls = occurred.filter((call) => priority === null || call.priority === priority);
  const needing = calls.filter(({ end }) => end !== 'triaged');
  const sent = calls.filter(({ end }) => end === 'cleared');
  return {
    group: priority === null ? 'all' : `priority:${priority}`,
    label: priority === null ? 'all' : `priority ${priority}`,
    n: calls.length,
    triaged: share(calls.length - needing.length, calls.length),
    lost: share(needing.length - sent.length, needing.length),
    waited: share(sent.filter((call) => call.waitedMs > 0).length, sent.length),
    meanWaitS: plain(sent.reduce((sum, call) => sum + call.waitedMs, 0) / sent.length / 1000, sent.length),
  };
}

function countKpis(
  town: Town,
  all: readonly SampleCall[],
  replications: number,
  startMs: number,
  endMs: number,
  disguise: (text: string) => string,
): KpisJson {
  // a call counts when it occurred in the scored time, and as reached only when the log saw it
  const occurred = all.filter((call) => call.occurredMs >= 0);
  const scored = occurred.filter((call) => call.end !== 'triaged');
  const reached = (call: SampleCall): boolean => call.arrivedMs < endMs;
  const responseS = (call: SampleCall): number => (call.arrivedMs - call.occurredMs) / 1000;
  const row = (group: string, label: string, calls: readonly SampleCall[]): TierRow => {
    const times = calls
      .filter(reached)
      .map(responseS)
      .sort((a, b) => a - b);
    // not reached by the end: missed when the clock had run longer by then, otherwise nobody knows
    const isDecided = (call: SampleCall, seconds: number): boolean =>
      reached(call) || call.end === 'lost' || (endMs - call.occurredMs) / 1000 > seconds;
    const within = (seconds: number): Estimate =>
      share(
        times.filter((time) => time <= seconds).length,
        calls.filter((call) => isDecided(call, seconds)).length,
      );
    const percentile = (p: number): Estimate =>
      plain(
        times.length > 0 ? times[Math.min(times.length - 1, Math.floor(p * times.length))] : null,
        times.length,
      );
    return {
      group,
      label,
      n: calls.length,
      within1min: within(60),
      within3min: within(180),
      within5min: within(300),
      meanS: plain(
        times.length > 0 ? times.reduce((sum, time) => sum + time, 0) / times.length : null,
        times.length,
      ),
      p50S: percentile(0.5),
      p90S: percentile(0.9),
      p95S: percentile(0.95),
    };
  };
  const classes = ['core', 'key', 'general', 'none'].filter((each) =>
    scored.some((call) => call.zoneClass === each),
  );
  const label = (zoneClass: string): string => (zoneClass === 'none' ? 'none' : disguise(zoneClass));
  const achieved = [
    row('all', 'all', scored),
    ...classes.map((each) =>
      row(
        `zoneClass:${label(each)}`,
        label(each),
        scored.filter((call) => call.zoneClass === each),
      ),
    ),
    ...[1, 2, 3].map((priority) =>
      row(
        `priority:${priority}`,
        `priority ${priority}`,
        scored.filter((call) => call.priority === priority),
      ),
    ),
  ];
  const { grid, posts } = town;
  const potentialOf = (
    segments: readonly number[],
  ): { within1min: number; within3min: number; within5min: number } => {
    const times = segments.map((segment) => {
      const middle = { segment, offsetMm: BLOCK_MM / 2 };
      const mm = Math.min(...posts.map((post) => grid.lengthMm(post.place, middle)));
      return ((mm / BLOCK_MM) * SIREN_BLOCK_MS + ACCESS_MS) / 1000;
    });
    const within = (seconds: number): number => times.filter((time) => time <= seconds).length / times.length;
    return { within1min: within(60), within3min: within(180), within5min: within(300) };
  };
  const segments = Array.from({ length: grid.nSegments }, (_, segment) => segment);
  const core = achieved.find((each) => each.group === `zoneClass:${label('core')}`) ?? achieved[0];
  const mean = (of: (call: SampleCall) => number): Estimate => {
    const done = scored.filter(reached);
    return plain(done.reduce((sum, call) => sum + of(call), 0) / done.length / 1000, done.length);
  };
  const onDutyHours = (endMs - Math.max(0, startMs)) / 3_600_000;
  return {
    version: 1,
    scenario: disguise('sample-town'),
    replications,
    complete: true,
    log: true,
    clockStart: 'callReceived',
    achieved,
    losses: [null, 1, 2, 3].map((priority) => lossesOf(occurred, priority)),
    potential: {
      clockStart: 'enRoute',
      rows: [
        { group: 'all', label: 'all', ...potentialOf(segments) },
        ...town.zones.slice(0, 1).map((zone) => ({
          group: `zoneClass:${label(zone.class)}`,
          label: label(zone.class),
          ...potentialOf(
            segments.filter((segment) => {
              const [rowNumber, column] = grid.ends(segment)[0];
              return (
                rowNumber >= zone.rows[0] &&
                rowNumber < zone.rows[1] &&
                column >= zone.columns[0] &&
                column < zone.columns[1]
              );
            }),
          ),
        })),
      ],
    },
    standards: [
      {
        id: disguise('zone-1-3-5'),
        title: disguise('Zone tiers'),
        source: disguise('a made-up town'),
        clauses: [
          {
            clause: disguise('core'),
            selector: disguise('zone class core'),
            event: 'firstArrival',
            clockStart: 'callReceived',
            thresholdS: 60,
            targetShare: 0.9,
            statistic: 'share',
            nSelected: core.n,
            nLeftOut: 0,
            estimate: core.within1min,
            met: (core.within1min.value ?? 0) >= 0.9,
            notScored: null,
          },
          {
            clause: disguise('cordon'),
            selector: disguise('all calls'),
            event: 'cordonClosed',
            clockStart: 'callReceived',
            thresholdS: 300,
            targetShare: 0.9,
            statistic: 'share',
            nSelected: scored.length,
            nLeftOut: 0,
            estimate: plain(null, 0),
            met: null,
            notScored: disguise('the event log does not hold its event cordonClosed'),
          },
        ],
      },
    ],
    waterfall: [
      { interval: 'detection', meanS: mean(() => 0) },
      { interval: 'callHandling', meanS: mean(() => HANDLING_MS) },
      { interval: 'queue', meanS: mean((call) => call.dispatchedMs - call.occurredMs - HANDLING_MS) },
      { interval: 'turnout', meanS: mean((call) => call.enRouteMs - call.dispatchedMs) },
      { interval: 'travel', meanS: mean((call) => call.arrivedMs - call.enRouteMs) },
      { interval: 'onScene', meanS: mean((call) => call.clearedMs - call.arrivedMs) },
    ],
    utilisation: town.tours.map(({ id }) => {
      let busyMs = 0;
      for (const call of all) {
        if (call.unit !== id) continue;
        busyMs += Math.max(0, Math.min(endMs, call.freedMs) - Math.max(0, call.dispatchedMs));
      }
      return {
        unit: disguise(id),
        busyShare: plain(busyMs / (replications * endMs), replications),
        onDutyHours,
      };
    }),
    calls: {
      perReplication: plain(occurred.length / replications, replications),
      openAtEnd: plain(
        scored.filter((call) => call.end === 'cleared' && !reached(call)).length / replications,
        replications,
      ),
    },
    patrol: {
      visits: { asked: 0, done: plain(0, replications) },
      passes: { asked: 0, done: plain(0, replications) },
      missed: [],
      longestGapS: [],
    },
  };
}
