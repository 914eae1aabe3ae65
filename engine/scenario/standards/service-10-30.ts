import type { StandardJson } from '../schema.ts';

/** Service circles: 10 minutes in town, 30 in the country. */
export const service1030: StandardJson = {
  id: 'service-10-30',
  title: 'Service circles: 10 min in urban zones, 30 min in rural areas',
  source:
    'Baicheng, press report: 城区"10分钟服务圈"、农村"30分钟服务圈". A circle of travel from the post, so the clock starts when the ' +
    'wheels turn (en route); the report itself states no clock. Urban: zones of class urban, core, key, general or ' +
    'suburb; rural: class rural and places outside every zone ("none"). Target shares: not stated; 0.9 is an assumption.',
  clauses: [
    {
      id: 'urban-10min',
      selector: { zoneClass: ['urban', 'core', 'key', 'general', 'suburb'] },
      event: 'firstArrival',
      clockStart: 'enRoute',
      thresholdS: 600,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'rural-30min',
      selector: { zoneClass: ['rural', 'none'] },
      event: 'firstArrival',
      clockStart: 'enRoute',
      thresholdS: 1800,
      targetShare: 0.9,
      statistic: 'share',
    },
  ],
};
