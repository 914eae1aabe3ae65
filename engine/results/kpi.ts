/** Key figures of a run: the contract, the list, and kpis.json. */
import type { UnplannedTask } from '../patrol/patrol.ts';
import { achieved } from './kpis/achieved.ts';
import { calls } from './kpis/calls.ts';
import { patrol } from './kpis/patrol.ts';
import { potential } from './kpis/potential.ts';
import { standards } from './kpis/standards.ts';
import { tierClock } from './kpis/tier-clock.ts';
import { utilisation } from './kpis/utilisation.ts';
import { waterfall } from './kpis/waterfall.ts';
import type { KpisJson } from './results-folder.ts';
import type { ReplicationFacts, RunFacts } from './run-facts.ts';

export interface KpiInput {
  facts: RunFacts;
  /** In order of their number; figures are summed in this order. */
  replications: readonly ReplicationFacts[];
  /** false when the run was interrupted. */
  complete: boolean;
  /** Computed from the graph by whoever has one. */
  potential: KpisJson['potential']['rows'];
  /** Visits and passes that the patrol plan does not hold, by occurrence of their shift. */
  unplanned: readonly UnplannedTask[];
}

export type KpiKey = Exclude<
  keyof KpisJson,
  'version' | 'scenario' | 'replications' | 'complete' | 'clockStart'
>;

/** A pure function of a finished run that fills one key of kpis.json. */
export interface Kpi<Key extends KpiKey> {
  key: Key;
  about: string;
  compute(input: KpiInput): KpisJson[Key];
}

/** Every figure, in the order of kpis.json. To add one: a file in kpis/, its key in KpisJson, and a line here. */
export const KPIS: { readonly [Key in KpiKey]: Kpi<Key> } = {
  achieved,
  potential,
  standards,
  waterfall,
  utilisation,
  calls,
  patrol,
};

/** Cost O((groups + clauses) x calls log calls). */
export function computeKpis(input: KpiInput): KpisJson {
  const figures = Object.entries(KPIS).map(([key, kpi]) => [key, kpi.compute(input)]);
  return {
    version: 1,
    scenario: input.facts.scenario,
    replications: input.replications.length,
    complete: input.complete,
    clockStart: tierClock(input.facts.standards).clockStart,
    ...(Object.fromEntries(figures) as Pick<KpisJson, KpiKey>),
  };
}
