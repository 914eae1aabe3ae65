/** Calls that never ran: what a tally is told, with plain values where a test does not care. */
import { NOT_YET, type CallOutcome } from '../../engine/sim/outcome.ts';
import { NONE } from '../../engine/units.ts';

/** A call outside every zone, received and ready at once, a unit sent at once. @param responseS null: never reached */
export function callOutcome({
  responseS,
  category = 0,
  zone = NONE,
  end = responseS === null ? 'open' : 'cleared',
  occurredMs = 1000,
}: {
  responseS: number | null;
  category?: number;
  zone?: number;
  end?: CallOutcome['end'];
  occurredMs?: number;
}): CallOutcome {
  const arrivedMs = responseS === null ? NOT_YET : occurredMs + responseS * 1000;
  return {
    call: 0,
    end,
    category,
    zone,
    occurredMs,
    receivedMs: occurredMs,
    readyMs: occurredMs,
    unit: responseS === null ? NONE : 0,
    dispatchedMs: responseS === null ? NOT_YET : occurredMs,
    enRouteMs: responseS === null ? NOT_YET : occurredMs,
    arrivedMs,
    unitsWanted: 1,
    staffedMs: arrivedMs,
    clearedMs: responseS === null ? NOT_YET : arrivedMs + 60_000,
    waitedMs: 0,
    waitedToDispatchMs: 0,
  };
}
