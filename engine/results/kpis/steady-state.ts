/** Whether a steady-state run can be trusted: its batches hang together little, and its warm-up is long enough. */
import { assert } from '../../errors.ts';
import { msToSeconds } from '../../units.ts';
import type { CallCounts } from '../call-source.ts';
import type { Kpi } from '../kpi.ts';
import { checkBatches, suggestWarmUp } from '../steady-state.ts';
import { tierClock } from './tier-clock.ts';

export const steadyState: Kpi<'steadyState'> = {
  key: 'steadyState',
  about:
    'Of a run by batch means: length of batches, how they hang together, and the warm-up that MSER-5 suggests.',
  compute: ({ facts, calls }) => {
    const { batches, durationMs, warmUpMs } = facts;
    if (batches === 1) return null;
    const measure = { arrival: 1, clockStart: tierClock(facts.standards).event };
    const sample = calls.responses({}, measure);
    assert(sample !== null, 'first arrivals were not counted');
    const counts: CallCounts = calls.counts(null);
    const check = (figure: string, over: readonly number[], under: readonly number[]) => {
      const means = over.map((value, i) => (under[i] > 0 ? value / under[i] : null));
      const series = [];
      for (let i = 0; i < means.length; i += batches) series.push(means.slice(i, i + batches));
      return { figure, check: checkBatches(series) };
    };
    const suggestedMs = suggestWarmUp(calls.slices(measure));
    return {
      batches,
      batchS: msToSeconds(durationMs) / batches,
      checks: [
        check('meanResponse', sample.sumMs, sample.nAnswered),
        check('waited', counts.waited, counts.waitKnown),
        check('meanWait', counts.waitMs, counts.dispatched),
      ],
      warmUp: {
        givenS: msToSeconds(warmUpMs),
        suggestedS: suggestedMs === null ? null : msToSeconds(suggestedMs),
        method: 'MSER-5',
      },
    };
  },
};
