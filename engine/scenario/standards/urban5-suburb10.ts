import type { StandardJson } from '../schema.ts';

/** The older practice for urgent calls: 5 minutes in town, 10 at its edge, the country as soon as possible. */
export const urban5Suburb10: StandardJson = {
  id: 'urban5-suburb10',
  title: 'Urgent calls: 5 min in urban zones, 10 min in suburban zones',
  source:
    'Local norm for 110 work, article 23 (m.qiqiwenku.com/doc/260104): 城区五分钟、城郊十分钟、农村地区尽快达到, for urgent calls, with ' +
    'reasons required when traffic prevents it. Urgent is read as priority 1. Urban: zones of class urban, core, key or ' +
    'general; suburban: class suburb. The country has no number in the norm, so calls in other classes and outside every ' +
    'zone are in no clause. Clock start: the excerpt states none; here the dispatch, when the order reaches the unit. ' +
    'Target shares: the norm knows only exceptions with a reason; 0.9 is an assumption.',
  clauses: [
    {
      id: 'urban-5min',
      selector: { zoneClass: ['urban', 'core', 'key', 'general'], priority: [1] },
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 300,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'suburb-10min',
      selector: { zoneClass: ['suburb'], priority: [1] },
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 600,
      targetShare: 0.9,
      statistic: 'share',
    },
  ],
};
