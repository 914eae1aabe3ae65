/** Event logs written by hand: a call is a list of seconds, and the rows follow. */
import type { CallTable } from '../../engine/demand/demand.ts';
import { kindNumber, type EventKind, type EventLog } from '../../engine/sim/event-log.ts';
import { NONE, secondsToMs } from '../../engine/units.ts';

export interface CallByHand {
  /** Seconds from the scored start; the line may stop early for a call still open at the end. */
  at: {
    occurred: number;
    received?: number;
    ready?: number;
    dispatched?: number;
    enRoute?: number;
    arrived?: number;
    cleared?: number;
  };
  unit?: number;
  category?: number;
  /** Zone index; outside every zone when left out. */
  zone?: number;
  segment?: number;
  offsetMm?: number;
}

export interface RowByHand {
  atS: number;
  kind: EventKind;
  unit?: number;
  call?: number;
  segment?: number;
  offsetMm?: number;
  route?: number;
  detail?: string;
}

const KIND: Record<keyof CallByHand['at'], EventKind> = {
  occurred: 'callOccurred',
  received: 'callReceived',
  ready: 'callReady',
  dispatched: 'unitDispatched',
  enRoute: 'unitEnRoute',
  arrived: 'unitArrived',
  cleared: 'callCleared',
};

/** The log and call table of one replication. Rows of one time keep the order: given rows, then calls in order. */
export function logByHand(
  replication: number,
  calls: readonly CallByHand[],
  endS: number,
  otherRows: readonly RowByHand[] = [],
): { log: EventLog; calls: CallTable } {
  const rows: RowByHand[] = [...otherRows];
  calls.forEach((call, number) => {
    const place = { segment: call.segment ?? 0, offsetMm: call.offsetMm ?? 0 };
    for (const [event, atS] of Object.entries(call.at) as [keyof CallByHand['at'], number][]) {
      const afterDispatch = ['dispatched', 'enRoute', 'arrived', 'cleared'].includes(event);
      rows.push({
        atS,
        kind: KIND[event],
        call: number,
        ...(afterDispatch ? { unit: call.unit ?? 0 } : {}),
        ...(event === 'occurred' || event === 'arrived' ? place : {}),
      });
    }
  });
  rows.sort((a, b) => a.atS - b.atS); // stable
  rows.push({ atS: endS, kind: 'runEnded' });
  const n = calls.length;
  return {
    log: {
      replication,
      nEvents: rows.length,
      timeMs: rows.map((row) => secondsToMs(row.atS)),
      kind: rows.map((row) => kindNumber(row.kind)),
      call: rows.map((row) => row.call ?? NONE),
      unit: rows.map((row) => row.unit ?? NONE),
      segment: rows.map((row) => row.segment ?? NONE),
      offsetMm: rows.map((row) => row.offsetMm ?? NONE),
      route: rows.map((row) => row.route ?? NONE),
      detail: rows.map((row) => row.detail ?? ''),
    },
    calls: {
      nCalls: n,
      occurredMs: Float64Array.from(calls, (call) => secondsToMs(call.at.occurred)),
      segment: Uint32Array.from(calls, (call) => call.segment ?? 0),
      offsetMm: Uint32Array.from(calls, (call) => call.offsetMm ?? 0),
      zone: Uint32Array.from(calls, (call) => call.zone ?? NONE),
      category: Uint16Array.from(calls, (call) => call.category ?? 0),
      onSceneMs: new Uint32Array(n).fill(600_000),
    },
  };
}
