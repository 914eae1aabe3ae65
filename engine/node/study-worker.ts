/** A worker thread that simulates the plans of a study, each prepared when it is first asked for. */
import type { RunPayload } from '../replicate.ts';
import type { FigureOf } from '../study/figures.ts';
import { ofStudyTask, planReplicator, type PlanReplication } from '../study/plan-replication.ts';
import { serve } from './serve.ts';

export interface StudyPayload {
  plans: RunPayload[];
  figures: FigureOf[];
}

serve(({ plans, figures }: StudyPayload) => {
  const replicators: ((replication: number) => PlanReplication)[] = [];
  return (task: number): PlanReplication => {
    const { plan, replication } = ofStudyTask(plans.length, task);
    return (replicators[plan] ??= planReplicator(plans[plan], figures))(replication);
  };
});
