/** The verdict on a clause of a standard, and whether the run is long enough to stand by it. */
import type { ClauseScore } from './results-folder.ts';

/**
 * `notScored`: the log does not hold what is asked. `noCalls`: no call is of the kind. `noneAsked`: a time without a share
 * of the calls that should keep it. `undecided`: the calls left out could turn the verdict.
 */
export type Verdict = 'notScored' | 'noCalls' | 'noneAsked' | 'undecided' | 'met' | 'missed';

export function verdictOf(clause: ClauseScore): Verdict {
  const { notScored, nSelected, statistic, targetShare, met } = clause;
  if (notScored !== null) return 'notScored';
  if (nSelected === 0) return 'noCalls';
  if (statistic === 'share' && targetShare === null) return 'noneAsked';
  if (met === null) return 'undecided';
  return met ? 'met' : 'missed';
}

/** Whether a clause is met or missed, but another set of calls could well turn that: the limit lies inside the interval. */
export function isUnsure(clause: ClauseScore): boolean {
  const verdict = verdictOf(clause);
  if (verdict !== 'met' && verdict !== 'missed') return false;
  const { statistic, targetShare, thresholdS, estimate } = clause;
  const limit = statistic === 'share' ? targetShare : thresholdS;
  if (limit === null) return false;
  if (estimate.ci95 === null) return estimate.value !== null;
  return estimate.ci95[0] <= limit && limit <= estimate.ci95[1];
}
