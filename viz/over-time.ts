/** How a replication went over its time: calls that wait, units that are busy or kept away, calls by outcome. */
import { CALL_STATES, type Calls } from './calls.ts';
import type { Replay } from './replay.ts';
import { KEPT_AWAY, ON_CALL, phaseAt, UNIT_STATES } from './tracks.ts';

/** The number of calls that wait for a unit, from each change to the next. */
export interface Steps {
  atMs: number[];
  n: number[];
  most: number;
}

const WAITING = CALL_STATES.indexOf('waiting');

/** What waits at the end of the run waits on. Cost O(n log n) in the waits. */
export function waitingCalls(calls: Calls): Steps {
  const changes: { atMs: number; by: 1 | -1 }[] = [];
  for (let call = 0; call < calls.nCalls; call++) {
    for (let ix = calls.firstState[call]; ix < calls.firstState[call + 1]; ix++) {
      if (calls.state[ix] !== WAITING) continue;
      changes.push({ atMs: calls.stateMs[ix], by: 1 });
      if (ix + 1 < calls.firstState[call + 1]) changes.push({ atMs: calls.stateMs[ix + 1], by: -1 });
    }
  }
  changes.sort((a, b) => a.atMs - b.atMs);
  const steps: Steps = { atMs: [], n: [], most: 0 };
  let n = 0;
  changes.forEach(({ atMs, by }, ix) => {
    n += by;
    // of several changes in an instant the sum stands
    if (ix + 1 < changes.length && changes[ix + 1].atMs === atMs) return;
    steps.atMs.push(atMs);
    steps.n.push(n);
    steps.most = Math.max(steps.most, n);
  });
  return steps;
}

/** Shares of the units on duty that a call holds, and that something else keeps away, at even times. */
export interface DutyShares {
  onCall: Float64Array;
  away: Float64Array;
}

/** Cost O(samples x units x log phases). */
export function dutyShares({ tracks, startMs, endMs }: Replay, nSamples: number): DutyShares {
  const shares: DutyShares = { onCall: new Float64Array(nSamples), away: new Float64Array(nSamples) };
  for (let sample = 0; sample < nSamples; sample++) {
    // just before the end: at the very end shifts are over
    const atMs = startMs + (sample / (nSamples - 1)) * (endMs - 1 - startMs);
    let [onDuty, onCall, away] = [0, 0, 0];
    for (let unit = 0; unit < tracks.unitIds.length; unit++) {
      const phase = phaseAt(tracks, unit, atMs);
      const state = phase < 0 ? 'offDuty' : UNIT_STATES[tracks.state[phase]];
      if (state === 'offDuty') continue;
      onDuty++;
      if (ON_CALL.has(state)) onCall++;
      else if (KEPT_AWAY.has(state)) away++;
    }
    if (onDuty === 0) continue;
    shares.onCall[sample] = onCall / onDuty;
    shares.away[sample] = away / onDuty;
  }
  return shares;
}

/** What became of a call, as the chart counts it; in the order in which it stacks them. */
export const OUTCOMES = ['atOnce', 'waited', 'open', 'triaged', 'lost'] as const;
export type Outcome = (typeof OUTCOMES)[number];

function outcomeOf(calls: Calls, call: number): Outcome {
  const end = calls.end[call];
  if (end === 'triaged' || end === 'lost') return end;
  if (Number.isNaN(calls.atMs.arrived[call])) return 'open';
  return calls.waitedMs[call] > 0 ? 'waited' : 'atOnce';
}

/** Scored calls by outcome in even bins from the scored start on. */
interface OutcomeBins {
  binMs: number;
  counts: Record<Outcome, number>[];
  totals: Record<Outcome, number>;
}

const BIN_MINUTES = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10_080];

/** Bins of a round length, at most `mostBins` of them. */
export function outcomesOverTime(calls: Calls, endMs: number, mostBins: number): OutcomeBins {
  const minutes =
    BIN_MINUTES.find((each) => endMs / (each * 60_000) <= mostBins) ?? Math.ceil(endMs / 60_000 / mostBins);
  const binMs = minutes * 60_000;
  const none = (): Record<Outcome, number> => ({ atOnce: 0, waited: 0, open: 0, triaged: 0, lost: 0 });
  const counts = Array.from({ length: Math.max(1, Math.ceil(endMs / binMs)) }, none);
  const totals = none();
  for (let call = 0; call < calls.nCalls; call++) {
    const occurredMs = calls.atMs.occurred[call];
    if (occurredMs < 0) continue;
    const outcome = outcomeOf(calls, call);
    counts[Math.min(counts.length - 1, Math.floor(occurredMs / binMs))][outcome]++;
    totals[outcome]++;
  }
  return { binMs, counts, totals };
}
