/**
 * Runs a log again and compares. The log brings every call with all that it needs; who was sent, when and over which
 * roads follows from the scenario, and must come out as the log has it, row by row and column by column.
 */
import type { City } from '../city/city.ts';
import { streamOf, tableOf } from '../demand/demand.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import type { LoggedReplication } from '../sim/event-log.ts';
import { toLoggedRoute } from '../sim/recorder.ts';
import { prepareSimulation, simulate } from '../sim/simulate.ts';
import { areSameCalls, loggedCalls } from './replay-calls.ts';
import { firstDifference, RouteComparison, valueOf, type LogDifference } from './replay-compare.ts';
import type { RecordedLog, ReplicationRows, RouteColumn } from './replay-log.ts';
import { runFacts } from './run-facts.ts';
import { eventRows } from './write-parquet.ts';

export interface ReplayOutcome {
  /** Replications and events that were found equal. */
  replications: number;
  events: number;
  /** Null where the whole log is what the simulation gives. */
  difference: LogDifference | null;
}

/**
 * Re-simulates the replications of a log in order and stops at the first event that differs. Calls are those of the log;
 * where they are not the calls that the run's own demand brings, the run's own are simulated, so that the altered one is
 * named and not its consequences.
 * @param onReplication  told before each replication; it may take its time
 * @throws InputError where a file cannot be read
 */
export async function replayLog(
  { city, plan }: { city: City; plan: PatrolPlan },
  log: RecordedLog,
  onReplication: (done: number, total: number) => Promise<void> | void = () => {},
): Promise<ReplayOutcome> {
  const facts = runFacts(city);
  const setup = prepareSimulation(city, plan);
  const routes = new InOrder(log.routes);
  const planned = new RouteComparison({
    logged: await routes.take(0),
    simulated: setup.plannedRoutes.map(toLoggedRoute),
  });
  const { replications } = log.run;
  const outcome: ReplayOutcome = { replications: 0, events: 0, difference: null };
  const differs = (replication: number, row: number | null, column: string, ...values: LogPair) => {
    const [logged, simulated] = values;
    const nowhere = { timeMs: null, kind: null, call: null, unit: null };
    outcome.difference = { replication, row, ...nowhere, column, logged, simulated };
    return outcome;
  };
  for (const replication of replications) {
    await onReplication(outcome.replications, replications.length);
    const { value: logged } = await log.events.next();
    if (!logged) return differs(replication, 0, 'replication', null, replication);
    if (logged.replication !== replication) {
      return differs(replication, 0, 'replication', valueOf(logged.replication), replication);
    }
    const calls = loggedCalls(logged.rows, facts);
    const drawn = tableOf(setup.demand(replication));
    const isOwn = calls !== null && areSameCalls(calls, drawn, city.scenario.run.durationMs);
    const record = simulate(setup, replication, {
      calls: streamOf(isOwn ? calls : drawn),
    }) as LoggedReplication;
    const own = new RouteComparison({ logged: await routes.take(replication), simulated: record.routes });
    const simulated = eventRows(facts, city.graph, setup.plannedRoutes.length, record);
    outcome.difference = firstDifference(replication, logged, simulated, planned, own);
    if (outcome.difference !== null) return outcome;
    outcome.replications++;
    outcome.events += logged.nRows;
  }
  await onReplication(outcome.replications, replications.length);
  const { value: further } = await log.events.next();
  if (further) return differs(replications.length + 1, 0, 'replication', valueOf(further.replication), null);
  const unused = planned.remaining();
  if (unused !== null) return differs(0, null, unused.column, unused.logged, unused.simulated);
  const stray = await routes.rest();
  if (stray !== null) return differs(replications.length + 1, null, 'routeReplication', valueOf(stray), null);
  return outcome;
}

type LogPair = [LogDifference['logged'], LogDifference['simulated']];

/** Rows of a table of drives, taken replication by replication; replications without drives have none. */
class InOrder {
  readonly #tables: AsyncGenerator<ReplicationRows<RouteColumn>, void, undefined>;
  #next: ReplicationRows<RouteColumn> | null = null;
  #asked = false;

  constructor(tables: AsyncGenerator<ReplicationRows<RouteColumn>, void, undefined>) {
    this.#tables = tables;
  }

  async take(replication: number): Promise<ReplicationRows<RouteColumn> | null> {
    const next = await this.#peek();
    if (next?.replication !== replication) return null;
    this.#asked = false;
    return next;
  }

  /** Replication of the rows that nobody took, or null when all were. */
  async rest(): Promise<unknown> {
    return (await this.#peek())?.replication ?? null;
  }

  async #peek(): Promise<ReplicationRows<RouteColumn> | null> {
    if (!this.#asked) {
      const { value } = await this.#tables.next();
      this.#next = value ?? null;
      this.#asked = true;
    }
    return this.#next;
  }
}
