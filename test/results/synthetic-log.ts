/** Event logs written by hand: a call is a list of seconds, and the rows follow. */
import { callTable, type CallRow, type CallTable } from '../../engine/demand/demand.ts';
import { ROW, type EventKind, type EventLog } from '../../engine/sim/event-log.ts';
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
  /** Further rows of the call, after those of `at`. */
  rows?: RowByHand[];
  needs?: Partial<CallRow>;
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
      const isOfUnit = ['dispatched', 'enRoute', 'arrived'].includes(event);
      rows.push({
        atS,
        kind: KIND[event],
        call: number,
        ...(isOfUnit ? { unit: call.unit ?? 0 } : {}),
        ...(event === 'occurred' || event === 'arrived' ? place : {}),
      });
      if (event === 'cleared') rows.push({ atS, kind: 'unitCleared', call: number, unit: call.unit ?? 0 });
    }
    rows.push(...(call.rows ?? []).map((row) => ({ ...row, call: number })));
  });
  rows.sort((a, b) => a.atS - b.atS); // stable
  rows.push({ atS: endS, kind: 'runEnded' });
  return {
    log: {
      replication,
      nEvents: rows.length,
      timeMs: Float64Array.from(rows, (row) => secondsToMs(row.atS)),
      kind: Uint8Array.from(rows, (row) => ROW[row.kind]),
      call: Uint32Array.from(rows, (row) => row.call ?? NONE),
      unit: Uint32Array.from(rows, (row) => row.unit ?? NONE),
      segment: Uint32Array.from(rows, (row) => row.segment ?? NONE),
      offsetMm: Uint32Array.from(rows, (row) => row.offsetMm ?? NONE),
      route: Uint32Array.from(rows, (row) => row.route ?? NONE),
      detail: rows.map((row) => row.detail ?? ''),
    },
    calls: callTable(
      calls.map((call) => ({
        occurredMs: secondsToMs(call.at.occurred),
        segment: call.segment ?? 0,
        offsetMm: call.offsetMm ?? 0,
        zone: call.zone ?? NONE,
        category: call.category ?? 0,
        onSceneMs: 600_000,
        ...call.needs,
      })),
    ),
  };
}
