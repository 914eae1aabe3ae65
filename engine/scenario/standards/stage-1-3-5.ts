import type { StandardJson } from '../schema.ts';

/** Stages of one incident: first disposal within 1 minute, reinforcement within 3, cordon within 5. */
export const stage135: StandardJson = {
  id: 'stage-1-3-5',
  title: '1-3-5 by stage: disposal in 1 min, reinforcement in 3 min, cordon closed in 5 min',
  source:
    'Put together from separate reports; no police source was found that states the triple. 1 minute: Beijing since April ' +
    '2014, 武装警力能够在一分钟以内到达现场 (14 busy places). 3 minutes: second force of the Wuhan circles. 5 minutes: Changde 2014, ' +
    '警情后5分钟即可布置快速反应巡逻防控圈. Reinforcement is read as the second unit. ' +
    'Clock start: disposal and reinforcement not stated, here the dispatch; the cordon counts from the incident report ' +
    '(警情后), here the call received. Target shares: not stated by the sources; 0.9 is an assumption.',
  clauses: [
    {
      id: 'disposal-1min',
      selector: {},
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 60,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'reinforcement-3min',
      selector: {},
      event: 'kthArrival',
      unitsRequired: 2,
      clockStart: 'dispatched',
      thresholdS: 180,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'cordon-5min',
      selector: {},
      event: 'cordonClosed',
      clockStart: 'callReceived',
      thresholdS: 300,
      targetShare: 0.9,
      statistic: 'share',
    },
  ],
};
