/**
 * What must hold of the record of any run, told from the scenario and the log alone. The state of every unit and call is
 * kept beside the log, row by row, and what is true between two instants is checked when an instant is over.
 */
import { metricOf } from '../../engine/city/metrics.ts';
import type { City } from '../../engine/city/city.ts';
import { basesOf } from '../../engine/city/bases.ts';
import { samePosition, type RoadPosition, type Route } from '../../engine/graph/road-graph.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import type { MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { taskName, type PatrolDuty } from '../../engine/patrol/patrol.ts';
import { foldReplication, runFacts } from '../../engine/results/run-facts.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { RouteClock } from '../../engine/routing/route-clock.ts';
import { periodAt } from '../../engine/scenario/traffic.ts';
import { EVENT_KINDS, type EventKind, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { plannedRoutes } from '../../engine/sim/recorder.ts';
import { MS_PER_DAY, NONE } from '../../engine/units.ts';
import type { SmallCity } from './small-city.ts';
import { must } from './swarm.ts';

interface Row {
  row: number;
  timeMs: number;
  kind: EventKind;
  call: number;
  unit: number;
  at: RoadPosition | null;
  route: number;
  detail: string;
}

/** What a unit is doing, as far as the log says. */
type Doing = 'off' | 'free' | 'call' | 'break' | 'activity' | 'out';

interface Unit {
  doing: Doing;
  at: RoadPosition | null;
  drive: { clock: RouteClock; startMs: number; detail: string } | null;
  /** Last row of this unit, and what it stands for. */
  last: EventKind;
  sinceMs: number;
  call: number;
  stage: 'dispatched' | 'alerted' | 'enRoute' | 'present' | 'transporting' | 'handingOver' | 'reporting';
  stageMs: number;
  shift: number;
  shiftStartMs: number;
  shiftEndMs: number;
  breaks: { dueMs: number; leftMs: number; interruptibleBy: number }[];
  /** Tasks of the shift that are neither done nor missed. */
  tasks: string[];
  countsTasks: boolean;
  base: number;
  /** Set by the end of a rest that was cut short: what must come in the same instant. */
  interruptedBy: number | null;
}

interface Call {
  phase: 'handling' | 'waiting' | 'inService' | 'ended';
  readyMs: number;
  on: Set<number>;
  done: number;
  present: Set<number>;
  wasRecalled: boolean;
  held: boolean;
  /** Time on scene: of all its units together, and with all of them present. */
  stayMs: number;
  togetherMs: number;
  togetherSinceMs: number;
  nTransports: number;
  nReports: number;
}

/** @throws Error that says what does not hold, and where */
export function checkRun(
  { city, plan }: SmallCity,
  record: LoggedReplication,
  policies: { dispatch?: DispatchPolicy; moveUp?: MoveUpPolicy } = {},
): void {
  foldReplication(runFacts(city), record);
  new RunChecker(city, plan.duties, plannedRoutes(plan), record, policies).check();
}

class RunChecker {
  readonly #units: Unit[];
  readonly #calls: Call[] = [];
  readonly #routes: RouteClock[];
  readonly #bases;
  #now = 0;
  #rows: Row[] = [];

  constructor(
    private readonly city: City,
    private readonly duties: readonly PatrolDuty[],
    planned: readonly Route[],
    private readonly record: LoggedReplication,
    private readonly policies: Parameters<typeof checkRun>[2] & object,
  ) {
    this.#bases = basesOf(city);
    const own = record.routes.map(({ segment, fromMm, toMm, endMs }): Route => {
      const steps = Array.from(segment, (s, i) => ({
        segment: s,
        fromMm: fromMm[i],
        toMm: toMm[i],
        endMs: endMs[i],
      }));
      const lengthMm = steps.reduce((sum, step) => sum + Math.abs(step.toMm - step.fromMm), 0);
      return { steps, travelTimeMs: endMs[endMs.length - 1], lengthMm };
    });
    own.forEach(({ steps }) => must(steps.length > 0, () => 'a drive that goes nowhere has a number'));
    this.#routes = [...planned, ...own].map((route) => {
      this.#checkRoute(route);
      const [first] = route.steps;
      return new RouteClock(route, { segment: first?.segment ?? 0, offsetMm: first?.fromMm ?? 0 });
    });
    this.#units = city.units.map((_, u) => ({
      doing: 'off',
      at: null,
      drive: null,
      last: 'shiftEnded',
      sinceMs: 0,
      call: NONE,
      stage: 'dispatched',
      stageMs: 0,
      shift: NONE,
      shiftStartMs: -Infinity,
      shiftEndMs: -Infinity,
      breaks: [],
      tasks: [],
      countsTasks: false,
      base: this.#bases.ofUnit[u],
      interruptedBy: null,
    }));
  }

  check(): void {
    const { log } = this.record;
    for (let row = 0; row < log.nEvents; row++) {
      this.#rows.push({
        row,
        timeMs: log.timeMs[row],
        kind: EVENT_KINDS[log.kind[row]],
        call: log.call[row],
        unit: log.unit[row],
        at: log.segment[row] === NONE ? null : { segment: log.segment[row], offsetMm: log.offsetMm[row] },
        route: log.route[row],
        detail: log.detail[row],
      });
    }
    this.#now = this.#rows[0].timeMs;
    this.#rows.forEach((row, r) => {
      try {
        must(!Object.is(row.timeMs, -0), () => 'time is minus zero');
        this.#now = row.timeMs;
        if (row.unit !== NONE) this.#unitRow(row, this.#units[row.unit]);
        else this.#callRow(row);
        if (r + 1 < this.#rows.length && this.#rows[r + 1].timeMs > row.timeMs) this.#endInstant();
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${this.#around(r)}`, { cause: error });
      }
    });
    this.#atEnd();
  }

  /** The rows that led to row r. */
  #around(r: number): string {
    const { unit, call } = this.#rows[r];
    const line = (row: Row): string =>
      `${row.row}: ${row.timeMs / 1000} ${row.kind} call ${row.call === NONE ? '-' : row.call} unit ${row.unit === NONE ? '-' : row.unit} ${row.detail.slice(0, 160)}`;
    const before = this.#rows.slice(0, r);
    const related = before.filter(
      (row) => (unit !== NONE && row.unit === unit) || (call !== NONE && row.call === call),
    );
    const shown = new Set([...related.slice(-25), ...before.slice(-12), this.#rows[r]]);
    return [...shown]
      .sort((a, b) => a.row - b.row)
      .map(line)
      .join('\n');
  }

  #checkRoute({ steps }: Route): void {
    const { graph } = this.city;
    let beforeMs = 0;
    steps.forEach((step, i) => {
      must(step.endMs >= beforeMs, () => 'a drive runs back in time');
      if (i > 0) {
        const [from, to] = [
          { segment: steps[i - 1].segment, offsetMm: steps[i - 1].toMm },
          { segment: step.segment, offsetMm: step.fromMm },
        ];
        must(samePosition(graph, from, to), () => 'a drive jumps');
      }
      beforeMs = step.endMs;
    });
  }

  /** Where the unit is by what the log has said before. */
  #expectedAt(unit: Unit): RoadPosition | null {
    return unit.drive === null ? unit.at : unit.drive.clock.positionAt(this.#now - unit.drive.startMs);
  }

  #callOf(row: Row): Call {
    const call = this.#calls[row.call];
    must(call !== undefined, () => `${row.kind} of a call that has not occurred`);
    return call;
  }

  #callRow(row: Row): void {
    const { kind } = row;
    if (kind === 'callOccurred') {
      this.#calls.push({
        phase: 'handling',
        readyMs: Infinity,
        on: new Set(),
        done: 0,
        present: new Set(),
        wasRecalled: false,
        held: false,
        stayMs: 0,
        togetherMs: 0,
        togetherSinceMs: Infinity,
        nTransports: 0,
        nReports: 0,
      });
      return;
    }
    if (kind === 'callReady') {
      const call = this.#callOf(row);
      call.readyMs = this.#now;
      call.phase = 'waiting';
    } else if (kind === 'callHeld') this.#callOf(row).held = true;
    else if (kind === 'callTriaged' || kind === 'callLost') {
      const call = this.#callOf(row);
      must(call.on.size === 0 && call.phase === 'waiting', () => `${kind} of a call in service`);
      const { queue } = this.city.scenario;
      if (kind === 'callLost') must(queue.type !== 'unlimited', () => 'a call is lost from an endless queue');
      call.phase = 'ended';
    } else if (kind === 'callCleared') this.#clearCall(row);
  }

  #clearCall(row: Row): void {
    const call = this.#callOf(row);
    const { units: wanted, release } = this.city.categories[this.record.calls.category[row.call]];
    const { onSceneMs, transported } = this.record.calls;
    // the unit that leaves last has its own row after this one, or before it where it writes
    for (const u of call.present) this.#leave(call, u);
    must(call.done === wanted, () => `cleared when ${call.done} of ${wanted} units are done`);
    must(call.on.size === 0, () => 'cleared while units are on it');
    const expected = release === 'each' && wanted > 1 ? wanted * onSceneMs[row.call] : onSceneMs[row.call];
    const spent = release === 'each' && wanted > 1 ? call.stayMs : call.togetherMs;
    must(spent === expected, () => `spent ${spent} ms on scene instead of ${expected}`);
    must(call.nTransports === transported[row.call], () => `${call.nTransports} transports`);
    call.phase = 'ended';
  }

  /** A unit leaves the scene because it is done there. */
  #leave(call: Call, u: number): void {
    const unit = this.#units[u];
    this.#countTogether(call, this.#units[u].call);
    call.present.delete(u);
    call.on.delete(u);
    call.done++;
    if (unit.stage === 'present') call.stayMs += this.#now - unit.stageMs;
  }

  /** Books the time with everybody present. */
  #countTogether(call: Call, number: number): void {
    if (call.togetherSinceMs < this.#now) call.togetherMs += this.#now - call.togetherSinceMs;
    const { units: wanted } = this.city.categories[this.record.calls.category[number]];
    const atScene = [...call.present].filter((u) => this.#units[u].stage === 'present').length;
    call.togetherSinceMs = atScene === wanted ? this.#now : Infinity;
  }

  #unitRow(row: Row, unit: Unit): void {
    const { kind, at } = row;
    const { city } = this;
    if (at !== null && !(kind === 'shiftStarted' && unit.doing === 'off')) {
      const expected = this.#expectedAt(unit);
      must(
        expected !== null && samePosition(city.graph, expected, at),
        () => `unit ${row.unit} is at ${JSON.stringify(at)}, not at ${JSON.stringify(expected)}`,
      );
    }
    if (unit.interruptedBy !== null && unit.last !== kind) {
      must(
        kind === 'unitDispatched' || kind === 'shiftEnded' || kind === 'outOfServiceStarted',
        () => `a rest is cut short by ${kind}`,
      );
      if (kind === 'unitDispatched') {
        const { priority } = city.categories[this.record.calls.category[row.call]];
        must(priority <= unit.interruptedBy, () => `a rest is cut short by a call of priority ${priority}`);
      }
      unit.interruptedBy = null;
    }
    if (kind !== 'shiftStarted' && kind !== 'patrolTaskMissed')
      must(unit.doing !== 'off', () => `${kind} of a unit off duty`);
    if (at !== null && kind !== 'shiftStarted' && kind !== 'moveUp') {
      // a drive that has come to its end needs no row
      unit.at = at;
      unit.drive = null;
    }
    const handler = this.#handlers[kind];
    must(handler !== undefined, () => `${kind} with a unit`);
    handler(row, unit);
    if (kind !== 'patrolTaskMissed') unit.last = kind;
  }

  #setOff(row: Row, unit: Unit): void {
    if (row.route === NONE) return;
    const clock = this.#routes[row.route];
    unit.drive = { clock, startMs: this.#now, detail: row.detail };
    must(
      samePosition(this.city.graph, clock.positionAt(-1), row.at!),
      () => 'a drive begins where the unit is not',
    );
  }

  #free(unit: Unit, kind: string): void {
    must(unit.doing === 'free', () => `${kind} of a unit that is ${unit.doing}`);
  }

  readonly #handlers: Partial<Record<EventKind, (row: Row, unit: Unit) => void>> = {
    shiftStarted: (row, unit) => {
      const { scenario } = this.city;
      const shift = scenario.shifts.findIndex(({ id }) => id === row.detail);
      const { startMs, endMs, days } = scenario.shifts[shift];
      const day = Math.floor((this.#now + scenario.run.start.msIntoDay - startMs) / MS_PER_DAY);
      const dayMs = day * MS_PER_DAY - scenario.run.start.msIntoDay;
      const today = Math.floor(scenario.run.start.hourOfWeek / 24) + day;
      must(days[((today % 7) + 7) % 7], () => 'a shift on a day that is not its own');
      must(
        dayMs + startMs === this.#now || this.#now === -scenario.run.warmUpMs,
        () => `shift ${row.detail} starts late`,
      );
      this.#closeTasks(unit);
      const touches = unit.shiftEndMs === dayMs + startMs;
      if (unit.doing === 'off') {
        const home = this.#bases.positions[this.#bases.ofUnit[row.unit]];
        const expected = touches ? unit.at! : home;
        must(samePosition(this.city.graph, row.at!, expected), () => 'a shift starts somewhere else');
        if (!touches) unit.base = this.#bases.ofUnit[row.unit];
        unit.at = row.at;
        unit.drive = null;
        unit.doing = 'free';
      } else {
        must(unit.doing === 'call', () => `a shift starts while the unit is ${unit.doing}`);
      }
      unit.shift = shift;
      unit.shiftStartMs = dayMs + startMs;
      unit.shiftEndMs = dayMs + endMs;
      unit.breaks = this.city.units[row.unit].breaks
        .filter((each) => each.shift === null || each.shift === shift)
        .map(({ afterMs, durationMs, interruptibleBy }) => ({
          dueMs: unit.shiftStartMs + afterMs,
          leftMs: durationMs,
          interruptibleBy,
        }))
        .filter(({ dueMs }) => dueMs >= this.#now)
        .sort((a, b) => a.dueMs - b.dueMs);
      const duty = this.duties.find((each) => each.unit === row.unit && each.shift === shift);
      unit.tasks = (duty?.rounds ?? [])
        .flatMap(({ legs }) => legs.map(({ task }) => taskName(this.city, task)))
        .sort();
      unit.countsTasks = unit.shiftStartMs >= -scenario.run.warmUpMs;
    },
    shiftEnded: (_, unit) => {
      must(unit.doing !== 'call', () => 'a shift ends in the middle of a call');
      must(this.#now >= unit.shiftEndMs, () => 'a shift ends early');
      this.#closeTasks(unit);
      unit.doing = 'off';
      unit.breaks = [];
    },
    patrolTaskDone: (row, unit) => {
      this.#free(unit, row.kind);
      this.#settleTask(unit, row.detail);
      const point = this.city.points.find(({ id }) => row.detail === `visit:${id}`);
      if (point !== undefined)
        must(samePosition(this.city.graph, point.position, row.at!), () => 'a visit somewhere else');
    },
    patrolTaskMissed: (row, unit) => {
      const { task, cause } = JSON.parse(row.detail) as { task: string; cause: string };
      must(['brokenByCalls', 'brokenByOtherWork', 'shiftEnded'].includes(cause), () => cause);
      must(this.#now >= unit.shiftEndMs, () => 'a task is missed before the end of the shift');
      this.#settleTask(unit, task);
    },
    patrolDrive: (row, unit) => {
      this.#free(unit, row.kind);
      this.#setOff(row, unit);
      if (row.detail === 'home' || row.detail.startsWith('moveUp:')) {
        const base = row.detail === 'home' ? unit.base : this.#bases.ids.indexOf(row.detail.slice(7));
        must(base === unit.base, () => 'a unit drives to a base that is not its own');
        const end = unit.drive === null ? row.at! : unit.drive.clock.positionAt(Infinity);
        must(
          samePosition(this.city.graph, end, this.#bases.positions[base]),
          () => 'a way home leads elsewhere',
        );
      }
    },
    patrolStand: (row, unit) => {
      this.#free(unit, row.kind);
      if (row.detail === 'home')
        must(
          samePosition(this.city.graph, row.at!, this.#bases.positions[unit.base]),
          () => 'at home somewhere else',
        );
      if (row.detail === 'here')
        must(this.city.scenario.moveUp.type === 'none', () => 'a unit stays away from its base');
    },
    moveUp: (row, unit) => {
      this.#free(unit, row.kind);
      const { base } = JSON.parse(row.detail) as { base: string };
      unit.base = this.#bases.ids.indexOf(base);
      must(unit.base >= 0, () => `${base} is no base`);
    },
    breakStarted: (row, unit) => {
      this.#free(unit, row.kind);
      const [due] = unit.breaks;
      must(due !== undefined && due.dueMs <= this.#now, () => 'a break that is not due');
      unit.doing = 'break';
      unit.sinceMs = this.#now;
    },
    breakEnded: (row, unit) => {
      must(unit.doing === 'break', () => 'ends a break that it is not in');
      const [due] = unit.breaks;
      const spent = this.#now - unit.sinceMs;
      unit.doing = 'free';
      if (row.detail === 'done') {
        must(spent === due.leftMs, () => `a break of ${spent} ms where ${due.leftMs} were left`);
        unit.breaks.shift();
      } else {
        must(spent < due.leftMs || due.leftMs === 0, () => 'a break that was over is cut short');
        due.leftMs -= spent;
        unit.interruptedBy = due.interruptibleBy;
      }
    },
    activityStarted: (row, unit) => {
      this.#free(unit, row.kind);
      unit.doing = 'activity';
      unit.sinceMs = this.#now;
      unit.call = this.city.scenario.activities.findIndex(({ id }) => id === row.detail);
      must(unit.call >= 0, () => `no activity ${row.detail}`);
    },
    activityEnded: (row, unit) => {
      must(unit.doing === 'activity', () => 'ends an activity that it is not in');
      const { interruptibleBy, duration } = this.city.scenario.activities[unit.call];
      unit.doing = 'free';
      if (row.detail === 'done') {
        if (duration.type === 'constant')
          must(this.#now - unit.sinceMs === duration.meanMs, () => 'an activity of another length');
      } else unit.interruptedBy = interruptibleBy;
    },
    outOfServiceStarted: (row, unit) => {
      this.#free(unit, row.kind);
      must(this.#isOut(row.unit), () => 'out of service at another time');
      unit.doing = 'out';
    },
    outOfServiceEnded: (_, unit) => {
      must(unit.doing === 'out', () => 'back into service that it never left');
      unit.doing = 'free';
    },
    unitDispatched: (row, unit) => {
      this.#free(unit, row.kind);
      const call = this.#callOf(row);
      const { category } = this.record.calls;
      const { skills, units: wanted } = this.city.categories[category[row.call]];
      must(call.phase !== 'ended' && call.readyMs <= this.#now, () => 'sent to a call that is not ready');
      must((this.city.units[row.unit].skills & skills) === skills, () => 'a unit without the skills is sent');
      must(call.on.size + call.done < wanted, () => 'more units are sent than are wanted');
      must(this.#now < unit.shiftEndMs || unit.last === 'unitRecalled', () => 'sent after the shift');
      must(!this.#isOut(row.unit) || unit.last === 'unitRecalled', () => 'sent while out of service');
      must(
        !(unit.breaks[0]?.dueMs <= this.#now) ||
          ['unitRecalled', 'breakEnded', 'activityEnded'].includes(unit.last),
        () => 'sent when a break is due',
      );
      call.on.add(row.unit);
      call.phase = 'inService';
      call.held = false;
      unit.doing = 'call';
      unit.call = row.call;
      this.#stage(unit, 'dispatched');
    },
    unitAlerted: (row, unit) => {
      this.#onCall(row, unit, ['dispatched']);
      this.#stage(unit, 'alerted');
    },
    unitEnRoute: (row, unit) => {
      const { delays } = this.city.scenario;
      this.#onCall(row, unit, [delays.dispatchMs > 0 ? 'alerted' : 'dispatched']);
      this.#setOff(row, unit);
      this.#checkDrive(row, unit);
      this.#stage(unit, 'enRoute');
    },
    unitArrived: (row, unit) => {
      const startedMs = unit.stageMs;
      this.#onCall(row, unit, ['enRoute']);
      const { segment, offsetMm } = this.record.calls;
      const place = { segment: segment[row.call], offsetMm: offsetMm[row.call] };
      must(samePosition(this.city.graph, place, row.at!), () => 'arrives somewhere else');
      must(this.#now >= startedMs, () => 'arrives before it sets off');
      const call = this.#callOf(row);
      this.#stage(unit, 'present');
      call.present.add(row.unit);
      this.#countTogether(call, row.call);
    },
    unitRecalled: (row, unit) => {
      this.#onCall(row, unit, ['dispatched', 'alerted', 'enRoute', 'present']);
      const call = this.#callOf(row);
      const more = /^sent to the more urgent call (\d+)/.exec(row.detail);
      if (more !== null) {
        const { category } = this.record.calls;
        const [left, taken] = [row.call, Number(more[1])].map(
          (c) => this.city.categories[category[c]].priority,
        );
        must(taken < left, () => `taken off a call of priority ${left} for one of ${taken}`);
      }
      if (call.present.delete(row.unit)) {
        if (call.togetherSinceMs < this.#now) call.togetherMs += this.#now - call.togetherSinceMs;
        call.togetherSinceMs = Infinity;
        call.stayMs += this.#now - unit.stageMs;
      }
      call.on.delete(row.unit);
      call.wasRecalled = true;
      if (call.on.size === 0 && call.done === 0) call.phase = 'waiting';
      unit.doing = 'free';
    },
    transportStarted: (row, unit) => {
      this.#onCall(row, unit, ['present']);
      const call = this.#callOf(row);
      this.#countTogether(call, row.call);
      call.stayMs += this.#now - unit.stageMs;
      call.nTransports++;
      this.#setOff(row, unit);
      this.#stage(unit, 'transporting');
      this.#countTogether(call, row.call);
    },
    transportArrived: (row, unit) => {
      this.#onCall(row, unit, ['transporting']);
      must(
        this.city.destinations.some(({ position }) => samePosition(this.city.graph, position, row.at!)),
        () => 'no destination',
      );
      this.#stage(unit, 'handingOver');
    },
    reportStarted: (row, unit) => {
      this.#onCall(row, unit, ['present', 'handingOver']);
      const call = this.#callOf(row);
      if (call.present.has(row.unit)) this.#leave(call, row.unit);
      call.nReports++;
      must(call.nReports === 1, () => 'a second report');
      this.#stage(unit, 'reporting');
    },
    unitCleared: (row, unit) => {
      const call = this.#callOf(row);
      const { handoverMs, reportMs } = this.record.calls;
      this.#onCall(row, unit, ['present', 'handingOver', 'reporting']);
      if (unit.stage === 'handingOver')
        must(this.#now - unit.stageMs === handoverMs[row.call], () => 'a handover of another length');
      if (unit.stage === 'reporting')
        must(this.#now - unit.stageMs === reportMs[row.call], () => 'a report of another length');
      if (call.present.has(row.unit)) this.#leave(call, row.unit);
      unit.doing = 'free';
      unit.call = NONE;
    },
  };

  #stage(unit: Unit, stage: Unit['stage']): void {
    unit.stage = stage;
    unit.stageMs = this.#now;
  }

  #onCall(row: Row, unit: Unit, stages: Unit['stage'][]): void {
    must(unit.doing === 'call' && unit.call === row.call, () => `${row.kind} of a call it is not on`);
    must(stages.includes(unit.stage), () => `${row.kind} after ${unit.stage}`);
  }

  /** A drive to a call takes what plain Dijkstra says, in the period in which it begins. */
  #checkDrive(row: Row, unit: Unit): void {
    const { city } = this;
    if (city.scenario.travel.cv > 0) return;
    const { siren } = city.categories[this.record.calls.category[row.call]];
    const { profile } = city.units[row.unit];
    const period = periodAt(city.scenario, this.#now);
    const metric = metricOf(city, profile, { siren, period });
    const { segment, offsetMm } = this.record.calls;
    const place = { segment: segment[row.call], offsetMm: offsetMm[row.call] };
    const told = unit.drive?.clock.route.travelTimeMs ?? 0;
    const found = createRouter(metric).timeMs(row.at!, place);
    must(told === found, () => `a drive of ${told} ms where ${found} are needed`);
  }

  #settleTask(unit: Unit, task: string): void {
    const known = unit.tasks.indexOf(task);
    must(known >= 0, () => `${task} is not asked for (any more)`);
    unit.tasks.splice(known, 1);
  }

  #closeTasks(unit: Unit): void {
    if (unit.countsTasks)
      must(unit.tasks.length === 0, () => `neither done nor missed: ${unit.tasks.join(', ')}`);
    unit.countsTasks = false;
    unit.tasks = [];
  }

  #isOut(u: number): boolean {
    return this.city.units[u].outOfService.some(
      ({ fromMs, toMs }) => fromMs <= this.#now && this.#now < toMs,
    );
  }

  /** Units that answer from their post and are on their way there are out of reach. */
  #isReturning(unit: Unit, u: number): boolean {
    return this.city.units[u].answersFrom === 'post' && unit.drive?.detail === 'home' && !this.#isDone(unit);
  }

  #isDone(unit: Unit): boolean {
    return unit.drive === null || this.#now >= unit.drive.startMs + unit.drive.clock.route.travelTimeMs;
  }

  #endInstant(): void {
    this.#units.forEach((unit, u) => {
      if (unit.doing === 'off') return;
      const who = (): string => `unit ${u} at ${this.#now / 1000}`;
      if (unit.doing !== 'call') {
        must(this.#now < unit.shiftEndMs, () => `${who()}: on duty after its shift`);
        must(
          this.#isOut(u) === (unit.doing === 'out'),
          () => `${who()}: out of service is ${this.#isOut(u)}, but it is ${unit.doing}`,
        );
      }
      must(unit.interruptedBy === null, () => `${who()}: a rest is cut short for nothing`);
      if (unit.doing !== 'free' || this.#isReturning(unit, u)) return;
      must(!(unit.breaks[0]?.dueMs <= this.#now), () => `${who()}: a break is due and not taken`);
      must(
        !this.#isDone(unit) || unit.last === 'patrolStand' || unit.last === 'moveUp',
        () => `${who()}: stands about after ${unit.last}`,
      );
      // rounds, and orders to another base, take it elsewhere: there it can be sent
      const { patrol, moveUp } = this.city.scenario;
      const staysAtPost =
        patrol.type === 'stay-at-post' &&
        /^(none|back-to-post)$/.test(moveUp.type) &&
        this.policies.moveUp === undefined;
      if (this.city.units[u].answersFrom === 'post' && staysAtPost) {
        must(
          samePosition(this.city.graph, this.#expectedAt(unit)!, this.#bases.positions[unit.base]),
          () => `${who()}: in reach away from its post`,
        );
      }
    });
    let nWaiting = 0;
    this.#calls.forEach((call, c) => {
      if (call.phase === 'ended' || call.phase === 'handling') return;
      if (call.phase === 'waiting' && !call.wasRecalled) nWaiting++;
      const { units: wanted, skills, priority } = this.city.categories[this.record.calls.category[c]];
      if (call.held || call.on.size + call.done >= wanted) return;
      this.#units.forEach((unit, u) => {
        if ((this.city.units[u].skills & skills) !== skills) return;
        const may =
          unit.doing === 'free'
            ? !this.#isReturning(unit, u)
            : unit.doing === 'break'
              ? priority <= unit.breaks[0].interruptibleBy
              : unit.doing === 'activity' &&
                priority <= this.city.scenario.activities[unit.call].interruptibleBy;
        must(!may, () => `call ${c} waits beside unit ${u}, which is ${unit.doing}`);
      });
    });
    // a policy of its own may hold the calls that would end it
    if (this.policies.dispatch === undefined) this.#mustNotWaitForEachOther();
    const { queue } = this.city.scenario;
    if (queue.type !== 'unlimited')
      must(nWaiting <= queue.places, () => `${nWaiting} calls wait in ${queue.places} places`);
  }

  /** Where all units wait on scenes, no call of the line could be complete with units of those behind it. */
  #mustNotWaitForEachOther(): void {
    const { categories, units } = this.city;
    const needOf = (c: number) => categories[this.record.calls.category[c]];
    const lacks = (c: number): number => needOf(c).units - this.#calls[c].on.size - this.#calls[c].done;
    const isWaiting = (unit: Unit): boolean =>
      unit.doing === 'call' &&
      unit.stage === 'present' &&
      this.#calls[unit.call].togetherSinceMs === Infinity &&
      lacks(unit.call) > 0 &&
      needOf(unit.call).release === 'together';
    if (!this.#units.every((unit) => unit.doing === 'off' || unit.doing === 'out' || isWaiting(unit))) return;
    const line = [...this.#calls.keys()]
      .filter((c) => ['waiting', 'inService'].includes(this.#calls[c].phase) && lacks(c) > 0)
      .sort(
        (a, b) =>
          needOf(a).priority - needOf(b).priority || this.#calls[a].readyMs - this.#calls[b].readyMs || a - b,
      );
    line.forEach((c, place) => {
      const { skills } = needOf(c);
      const behind = this.#units.filter(
        (unit, u) =>
          unit.doing === 'call' &&
          this.#now < unit.shiftEndMs &&
          !this.#isOut(u) &&
          (units[u].skills & skills) === skills &&
          line.indexOf(unit.call) > place,
      ).length;
      must(
        behind < lacks(c),
        () => `call ${c} lacks ${lacks(c)} units, and ${behind} wait in vain behind it`,
      );
    });
  }

  #atEnd(): void {
    const { counts, endMs } = this.record;
    const open = this.#calls.filter(({ phase }) => phase !== 'ended').length;
    must(counts.occurred === this.#calls.length, () => 'calls are counted wrong');
    must(counts.open === open, () => `${counts.open} open calls are counted, there are ${open}`);
    must(
      counts.cleared + counts.triaged + counts.lost + counts.open === counts.occurred,
      () => 'calls vanish',
    );
    must(this.#now === endMs, () => 'the run ends at another time');
  }
}
