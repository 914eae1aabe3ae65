/**
 * Folds an event log into the quotas that were kept. A quota is asked of a shift as a whole, so only shifts that lie
 * wholly within the scored time are judged; what is done in a shift that the run's ends cut is not held against any.
 */
import { EVENT_KINDS, type EventLog } from '../sim/event-log.ts';
import { MS_PER_DAY, NONE, type Ms } from '../units.ts';
import { BrokenLogError } from './call-record.ts';

/** What quotas are judged by. */
interface PatrolFacts {
  msIntoDay: Ms;
  durationMs: Ms;
  /** Day of the week of the scored start, 0 is Monday. */
  startDay: number;
  /** `days[d]`: whether the shift begins on day d. */
  shifts: readonly { id: string; startMs: Ms; endMs: Ms; days: readonly boolean[] }[];
  points: readonly { id: string }[];
}

export interface PatrolRecord {
  /** Visits and passes done in whole shifts, by shift and task in order of first row. */
  done: { shift: number; task: string; count: number }[];
  /** Visits and passes missed in whole shifts, as the log says. */
  missed: { shift: number; task: string; cause: string; count: number }[];
  /** Longest time without a visit to each point within the scored time, whose ends count as visits. */
  longestGapMs: Float64Array;
  /** Visits in the scored time, by point. */
  nVisits: Uint32Array;
}

/** The `detail` of a patrolTaskMissed row, as JSON text. */
interface MissedDetail {
  /** `visit:ID`, `pass:ID`, `pass-back:ID`. */
  task: string;
  /** Id of the shift. */
  shift: string;
  cause: string;
}

/** What a unit is on: a shift, and when the unit began it. */
interface Duty {
  shift: number;
  startMs: Ms;
}

/** Starts of the occurrences of a shift that lie wholly in the scored time, and how many the run's ends cut. */
export function wholeShifts(
  { msIntoDay, durationMs, startDay }: Pick<PatrolFacts, 'msIntoDay' | 'durationMs' | 'startDay'>,
  shift: { startMs: Ms; endMs: Ms; days: readonly boolean[] },
): { startsMs: Ms[]; nCut: number } {
  const startsMs: Ms[] = [];
  let nCut = 0;
  // a shift may start days before it ends: begin early enough
  const firstDay = Math.floor((msIntoDay - shift.endMs) / MS_PER_DAY);
  for (let day = firstDay; day * MS_PER_DAY + shift.startMs - msIntoDay < durationMs; day++) {
    const start = day * MS_PER_DAY + shift.startMs - msIntoDay;
    const end = day * MS_PER_DAY + shift.endMs - msIntoDay;
    if (end <= 0 || !shift.days[(((startDay + day) % 7) + 7) % 7]) continue;
    if (start >= 0 && end <= durationMs) startsMs.push(start);
    else nCut++;
  }
  return { startsMs, nCut };
}

/**
 * Cost O(rows).
 * @throws BrokenLogError when a done or missed row names no task, point or shift that exists
 */
export function foldPatrol(log: EventLog, facts: PatrolFacts): PatrolRecord {
  const { shifts, points } = facts;
  const starts = shifts.map((shift) => new Set(wholeShifts(facts, shift).startsMs));
  const pointIx = new Map(points.map((point, ix) => [point.id, ix]));
  const shiftIx = new Map(shifts.map((shift, ix) => [shift.id, ix]));
  const duties = new Map<number, Duty>();
  const done = new Map<string, PatrolRecord['done'][number]>();
  const missed = new Map<string, PatrolRecord['missed'][number]>();
  const longestGapMs = new Float64Array(points.length);
  const lastVisitMs = new Float64Array(points.length);
  const nVisits = new Uint32Array(points.length);

  /** Whether the duty that a unit began last is one of the whole shifts. */
  const isWhole = (duty: Duty | undefined): duty is Duty =>
    duty !== undefined && starts[duty.shift].has(duty.startMs);
  /** The whole occurrence of a shift that a moment lies in. */
  const isInWholeShift = (shift: number, now: Ms): boolean => {
    const lengthMs = shifts[shift].endMs - shifts[shift].startMs;
    return [...starts[shift]].some((start) => start < now && now <= start + lengthMs);
  };

  for (let row = 0; row < log.nEvents; row++) {
    const now = log.timeMs[row];
    const unit = log.unit[row];
    const fail = (message: string): never => {
      throw new BrokenLogError(log.replication, row, message);
    };
    const kind = EVENT_KINDS[log.kind[row]];
    if (kind === 'shiftStarted') {
      const shift = shiftIx.get(log.detail[row]) ?? fail(`"${log.detail[row]}" is no shift`);
      duties.set(unit, { shift, startMs: now });
    } else if (kind === 'patrolTaskDone') {
      const task = log.detail[row];
      const fulfils = taskKind(task) ?? fail(`"${task}" is no visit or pass`);
      if (fulfils === 'visit' && now >= 0) {
        const point = pointIx.get(task.slice('visit:'.length)) ?? fail(`"${task}" is no point`);
        longestGapMs[point] = Math.max(longestGapMs[point], now - lastVisitMs[point]);
        lastVisitMs[point] = now;
        nVisits[point]++;
      }
      const duty = duties.get(unit);
      if (isWhole(duty)) bump(done, `${duty.shift} ${task}`, { shift: duty.shift, task, count: 0 });
    } else if (kind === 'patrolTaskMissed') {
      const { task, shift: id, cause } = missedDetail(log.detail[row]) ?? fail('no task, shift and cause');
      if (taskKind(task) === null) fail(`"${task}" is no visit or pass`);
      const shift = shiftIx.get(id) ?? fail(`"${id}" is no shift`);
      const isJudged = unit === NONE ? isInWholeShift(shift, now) : isWhole(duties.get(unit));
      if (isJudged) bump(missed, JSON.stringify([shift, task, cause]), { shift, task, cause, count: 0 });
    } else if (kind === 'runEnded') {
      for (let point = 0; point < points.length; point++) {
        longestGapMs[point] = Math.max(longestGapMs[point], now - lastVisitMs[point]);
      }
    }
  }
  return { done: [...done.values()], missed: [...missed.values()], longestGapMs, nVisits };
}

function bump<T extends { count: number }>(counts: Map<string, T>, key: string, first: T): void {
  const entry = counts.get(key) ?? first;
  entry.count++;
  counts.set(key, entry);
}

/** What a task name fulfils, or null when it is no quota. */
export function taskKind(task: string): 'visit' | 'pass' | null {
  if (task.startsWith('visit:')) return 'visit';
  return task.startsWith('pass:') || task.startsWith('pass-back:') ? 'pass' : null;
}

function missedDetail(text: string): MissedDetail | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { task, shift, cause } = value as Record<string, unknown>;
  return typeof task === 'string' && typeof shift === 'string' && typeof cause === 'string'
    ? { task, shift, cause }
    : null;
}
