import { expect, it } from 'vitest';
import { readCondition } from '../../engine/import/osm/restriction-condition.ts';

it.each([
  // text | vehicle | when | understood
  ['hgv', 'hgv', 'heavy', true],
  ['bus', 'bus', 'heavy', true],
  ['motorcycle', 'motorcycle', 'always', true],
  ['weight>3.5', '', 'heavy', true],
  ['weight > 7.5 t', '', 'heavy', true],
  ['weightrating>=12', '', 'heavy', true],
  ['length>8 m', '', 'heavy', true],
  ['axles>=3', '', 'heavy', true],
  // a patrol car may weigh 2 t
  ['weight>1.5', '', 'always', false],
  ['weight<3.5', '', 'always', false],
  ['width>2', '', 'always', false],
  ['Mo-Fr 07:00-09:00', '', 'hours', true],
  ['07:00-09:00; PH off', '', 'hours', true],
  ['Su', '', 'hours', true],
  ['Nov-Mar', '', 'hours', true],
  ['sunset-sunrise', '', 'hours', true],
  ['hgv AND Mo-Fr 07:00-09:00', 'hgv', 'heavy', true],
  ['weight>7.5 AND 22:00-06:00', '', 'heavy', true],
  ['bicycle and Sa', 'bicycle', 'hours', true],
  ['wet', '', 'always', false],
  ['wet AND Mo-Fr', '', 'hours', false],
  ['', '', 'always', false],
  ['__proto__', '', 'always', false],
  ['weight>9'.repeat(1000), '', 'always', false],
])('%s: for "%s", %s', (text, vehicle, when, isUnderstood) => {
  expect(readCondition(text)).toEqual({ vehicle, when, isUnderstood });
});
