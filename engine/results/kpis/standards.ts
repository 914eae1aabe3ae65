/** The scenario's response standards, clause by clause. */
import type { Kpi } from '../kpi.ts';
import { scoreSource } from '../score.ts';

export const standards: Kpi<'standards'> = {
  key: 'standards',
  about:
    'Each clause of each response standard: its share or percentile with interval, and whether its target is met.',
  compute: ({ facts, calls }) => scoreSource(facts.standards, calls),
};
