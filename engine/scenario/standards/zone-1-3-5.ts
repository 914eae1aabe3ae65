import type { StandardJson } from '../schema.ts';

/** Minutes by zone: core 1, key 3, the rest of the city 5. The default standard. */
export const zone135: StandardJson = {
  id: 'zone-1-3-5',
  title: '1-3-5 by zone: 1 min in core zones, 3 min in key zones, 5 min elsewhere',
  source:
    'Shaoyang, Hunan (English digest of People\'s Daily, policycn.com): "within one minute in key areas, three minutes ' +
    'for central urban areas and five minutes for other areas"; Tianjin 三级快速处警圈 tiers zones alike. Zone classes: core, ' +
    'key, and general together with all places outside every zone ("none"). ' +
    'Clock start: neither source states one; here the dispatch of the unit, because the tier is a demand on the unit ' +
    '(处警) and call taking lies outside its reach; the wait for a free unit lies before it too and is not in the share (the ' +
    'mean times of a run show it). With the clock at the call the 1-minute tier is met only by a unit ' +
    'that already stands or passes near. Target shares: not stated by the sources; 0.9 is an assumption.',
  clauses: [
    {
      id: 'core-1min',
      selector: { zoneClass: ['core'] },
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 60,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'key-3min',
      selector: { zoneClass: ['key'] },
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 180,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'other-5min',
      selector: { zoneClass: ['general', 'none'] },
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 300,
      targetShare: 0.9,
      statistic: 'share',
    },
  ],
};
