/** Where the time of a simulation goes: routing, event list, and all that is neither. */
import { Session } from 'node:inspector/promises';
import { EventQueue } from '../engine/sim/event-queue.ts';
import { runUntil, startReplication } from '../engine/sim/simulate.ts';
import type { ReadyCity } from './simulation-city.ts';

interface TimeShares {
  /** Events that a call takes, and the share of the time that it takes to put them in and out of the list alone. */
  eventsPerCall: number;
  eventList: number;
  /** Share of the samples of a CPU profile that lie in the routing stage; what the compiler inlined counts for its caller. */
  routing: number;
  /** Milliseconds of one event. */
  msPerEvent: number;
}

/** Microseconds between two samples. */
const SAMPLING_US = 250;

/** Runs a replication twice: for its list of events, and under the profiler. */
export async function timeShares(ready: ReadyCity, replication: number): Promise<TimeShares> {
  const trace = traceOf(ready, replication);
  const listMs = Math.min(replayMs(trace), replayMs(trace), replayMs(trace));
  const profile = await profileOf(ready, replication);
  return {
    eventsPerCall: trace.nEvents / trace.calls,
    eventList: listMs / profile.wholeMs,
    routing: profile.routing,
    msPerEvent: profile.wholeMs / trace.nEvents,
  };
}

/** Four numbers for each event that is put in; a time of NaN for each that is taken out. */
interface Trace {
  steps: number[];
  nEvents: number;
  calls: number;
}

function traceOf({ setup }: ReadyCity, replication: number): Trace {
  const trace: Trace = { steps: [], nEvents: 0, calls: 0 };
  const sim = startReplication(setup, replication, {
    log: false,
    observer: { callEnded: () => trace.calls++ },
  });
  const { events } = sim;
  // what is in the list before the first event
  for (const [timeMs, kind, entity, epoch] of events.save()) trace.steps.push(timeMs, kind, entity, epoch);
  const push = events.push.bind(events);
  const pop = events.pop.bind(events);
  events.push = (timeMs, kind, entity, epoch = 0) => {
    trace.steps.push(timeMs, kind, entity, epoch);
    push(timeMs, kind, entity, epoch);
  };
  events.pop = () => {
    trace.steps.push(NaN);
    trace.nEvents++;
    return pop();
  };
  runUntil(sim, sim.endMs);
  return trace;
}

function replayMs({ steps }: Trace): number {
  const events = new EventQueue();
  const from = performance.now();
  for (let i = 0; i < steps.length;) {
    const timeMs = steps[i];
    if (timeMs === timeMs) {
      events.push(timeMs, steps[i + 1], steps[i + 2], steps[i + 3]);
      i += 4;
    } else {
      events.pop();
      i++;
    }
  }
  return performance.now() - from;
}

async function profileOf(
  { setup }: ReadyCity,
  replication: number,
): Promise<{ wholeMs: number; routing: number }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_US });
  const sim = startReplication(setup, replication, { log: false });
  await session.post('Profiler.start');
  const from = performance.now();
  runUntil(sim, sim.endMs);
  const wholeMs = performance.now() - from;
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const isRouting = new Map(
    profile.nodes.map(({ id, callFrame: { url } }) => [
      id,
      url.includes('/engine/routing/') || url.startsWith('wasm:'),
    ]),
  );
  const samples = profile.samples ?? [];
  return { wholeMs, routing: samples.filter((id) => isRouting.get(id)).length / samples.length };
}
