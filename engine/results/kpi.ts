/** Key figures of a run: the contract, the list, and kpis.json. */
import type { UnplannedTask } from '../patrol/patrol.ts';
import { batchBounds, callsByBatch } from './batches.ts';
import type { CallSource } from './call-source.ts';
import { achieved } from './kpis/achieved.ts';
import { calls } from './kpis/calls.ts';
import { losses } from './kpis/losses.ts';
import { patrol } from './kpis/patrol.ts';
import { potential } from './kpis/potential.ts';
import { standards } from './kpis/standards.ts';
import { steadyState } from './kpis/steady-state.ts';
import { tierClock } from './kpis/tier-clock.ts';
import { fleet, utilisation } from './kpis/utilisation.ts';
import { waterfall, waterfallByPriority } from './kpis/waterfall.ts';
import type { PatrolRecord } from './patrol-record.ts';
import { recordSource } from './record-source.ts';
import type { KpisJson, UntilJson } from './results-folder.ts';
import { copiesOfCalls, type ReplicationFacts, type RunFacts } from './run-facts.ts';
import { tallySource } from './tally-source.ts';
import type { TallyData } from './tally.ts';
import type { UnitTimes } from './unit-times.ts';

/** What figures are computed from, whether the run kept its log or not. */
export interface KpiInput {
  facts: RunFacts;
  nReplications: number;
  calls: CallSource;
  /** One entry for each sample of the calls; for each replication where only totals are known. */
  units: readonly UnitTimes[];
  /** Replications in order of their number; null without a log. */
  patrol: readonly PatrolRecord[] | null;
  /** Computed from the graph by whoever has one. */
  potential: KpisJson['potential']['rows'];
  /** Visits and passes that the patrol plan does not hold, by occurrence of their shift. */
  unplanned: readonly UnplannedTask[];
}

type KpiKey = Exclude<
  keyof KpisJson,
  'version' | 'scenario' | 'replications' | 'complete' | 'until' | 'clockStart' | 'log' | 'sameCalls'
>;

/** A pure function of a finished run that fills one key of kpis.json. */
export interface Kpi<Key extends KpiKey> {
  key: Key;
  about: string;
  compute(input: KpiInput): Required<KpisJson>[Key];
}

/** Every figure, in the order of kpis.json. To add one: a file in kpis/, its key in KpisJson, and a line here. */
export const KPIS: { readonly [Key in KpiKey]-?: Kpi<Key> } = {
  achieved,
  potential,
  standards,
  waterfall,
  waterfallByPriority,
  losses,
  utilisation,
  fleet,
  calls,
  steadyState,
  patrol,
};

interface Ended extends Pick<KpiInput, 'facts' | 'potential' | 'unplanned'> {
  /** false when the run was interrupted. */
  complete: boolean;
  /** Why so many replications, where a figure decided it. */
  until?: UntilJson | undefined;
}

/** A run that kept its log. */
export interface LoggedReplications extends Ended {
  /** In order of their number; figures are summed in this order. */
  replications: readonly ReplicationFacts[];
}

/** A run that kept no log: its calls were counted as they ended. */
interface TalliedReplications extends Ended {
  /** In order of their number. */
  replications: readonly { tally: TallyData; units: UnitTimes }[];
}

/** Figures of a run from its folded logs. Cost O((groups + clauses) x calls log calls). */
export function computeKpis(run: LoggedReplications): KpisJson {
  const { facts, replications } = run;
  const bounds = batchBounds(facts.durationMs, facts.batches);
  const records = replications.map((replication) => replication.calls);
  return figures(run, true, {
    facts,
    nReplications: replications.length,
    calls: recordSource({
      labels: facts,
      msIntoDay: facts.msIntoDay,
      warmUpMs: facts.warmUpMs,
      durationMs: facts.durationMs,
      samples: facts.batches === 1 ? records : records.flatMap((calls) => callsByBatch(calls, bounds)),
      replications: records,
      copies: copiesOfCalls(facts, replications.length),
    }),
    units: replications.flatMap(({ unitsByBatch }) => unitsByBatch),
    patrol: replications.map((replication) => replication.patrol),
    potential: run.potential,
    unplanned: run.unplanned,
  });
}

/**
 * The same figures without a log. Counts, shares and means are those that the log would give; percentiles are read from
 * bins of a second and rounded up to it; what patrols did is not known. Cost O(groups x bins x replications).
 */
export function tallyKpis(run: TalliedReplications): KpisJson {
  const { facts, replications } = run;
  return figures(run, false, {
    facts,
    nReplications: replications.length,
    calls: tallySource(
      facts,
      replications.map(({ tally }) => tally),
    ),
    units: replications.map(({ units }) => units),
    patrol: null,
    potential: run.potential,
    unplanned: run.unplanned,
  });
}

function figures({ complete, until }: Ended, log: boolean, input: KpiInput): KpisJson {
  const entries = Object.entries(KPIS).map(([key, kpi]) => [key, kpi.compute(input)]);
  return {
    version: 1,
    scenario: input.facts.scenario,
    replications: input.nReplications,
    complete,
    ...(until === undefined ? {} : { until }),
    log,
    sameCalls: input.facts.sameCalls,
    clockStart: tierClock(input.facts.standards).clockStart,
    ...(Object.fromEntries(entries) as Required<Pick<KpisJson, KpiKey>>),
  };
}
