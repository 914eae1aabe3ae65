import type { StandardJson } from '../schema.ts';

/** Force echelons around one point: the first within 1 minute, the second within 3, the third within 5. */
export const echelon135: StandardJson = {
  id: 'echelon-1-3-5',
  title: '1-3-5 by echelon: first unit in 1 min, second echelon in 3 min, third in 5 min',
  source:
    'Wuhan, 465 circles (jwzcgl.com/xinwen/85837): 1-minute team of station, police post, SWAT patrol group and traffic ' +
    'motorbikes; 3-minute team of district bureau and traffic squadrons; 5-minute team of city-level units. ' +
    'Clock start: not stated by the source; here the dispatch, as the circles are drawn for forces under orders. ' +
    'Target shares: not stated by the source; 0.9 is an assumption.',
  clauses: [
    {
      id: 'first-unit-1min',
      selector: {},
      event: 'firstArrival',
      clockStart: 'dispatched',
      thresholdS: 60,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'second-echelon-3min',
      selector: {},
      event: 'echelonArrival',
      unitsRequired: 2,
      clockStart: 'dispatched',
      thresholdS: 180,
      targetShare: 0.9,
      statistic: 'share',
    },
    {
      id: 'third-echelon-5min',
      selector: {},
      event: 'echelonArrival',
      unitsRequired: 3,
      clockStart: 'dispatched',
      thresholdS: 300,
      targetShare: 0.9,
      statistic: 'share',
    },
  ],
};
