/**
 * Potential coverage: could a free unit at its post get there in time? A question to the graph, answered before the
 * results stage; it only stands here, apart from what was achieved, and with its own clock.
 */
import type { Kpi } from '../kpi.ts';

export const potential: Kpi<'potential'> = {
  key: 'potential',
  about:
    'Share of expected calls within 1, 3 and 5 minutes of drive from a post, every unit free; exact, no interval.',
  compute: (input) => ({ clockStart: 'enRoute', rows: input.potential }),
};
