import { describe, expect, it } from 'vitest';
import { editScenario, parseEdit } from '../../engine/scenario/edits.ts';

const SCENARIO = {
  name: 'town',
  dispatch: { type: 'closest-available' },
  units: [
    { id: 'car-1', post: 'north' },
    { id: 'car-2', post: 'south', shifts: ['day'] },
  ],
  run: { seed: 1 },
};
const bytes = new TextEncoder().encode(JSON.stringify(SCENARIO));
const edited = (...texts: string[]): unknown =>
  JSON.parse(
    new TextDecoder().decode(
      editScenario(
        bytes,
        'scenario.json',
        texts.map((text) => parseEdit(text)),
      ),
    ),
  );

describe('edits of a scenario', () => {
  it('replace what stands at a path of keys, ids and indices', () => {
    expect(edited('dispatch.type=maximal-coverage')).toEqual({
      ...SCENARIO,
      dispatch: { type: 'maximal-coverage' },
    });
    const moved = { ...SCENARIO, units: [SCENARIO.units[0], { ...SCENARIO.units[1], post: 'north' }] };
    expect(edited('units.car-2.post=north')).toEqual(moved);
    expect(edited('units.1.post=north')).toEqual(moved);
    expect(edited('/units/car-2/post=north')).toEqual(moved);
    expect(edited('units.car-2.shifts.0=night')).toMatchObject({ units: [{}, { shifts: ['night'] }] });
  });

  it('make keys that are not there, and take values as JSON where they are', () => {
    expect(edited('moveUp.type=back-to-post', 'queue={"type":"finite","places":3}', 'run.seed=7')).toEqual({
      ...SCENARIO,
      moveUp: { type: 'back-to-post' },
      queue: { type: 'finite', places: 3 },
      run: { seed: 7 },
    });
    expect(edited('name="7"')).toMatchObject({ name: '7' });
    expect(edited('name=a=b')).toMatchObject({ name: 'a=b' });
  });

  it('go in the order given, and leave a file without edits as it is', () => {
    expect(edited('run.seed=2', 'run.seed=3')).toMatchObject({ run: { seed: 3 } });
    expect(editScenario(bytes, 'scenario.json', [])).toBe(bytes);
  });

  it.each([
    ['units.car-3.post=north', 'scenario.json /units has no entry "car-3" (did you mean "car-1"?)'],
    ['units.9.post=north', 'has no entry "9"'],
    ['name.first=x', 'scenario.json /name is "town", which has no "first"'],
    ['__proto__.polluted=1', 'the key "__proto__" is not allowed'],
    ['run.constructor=1', 'the key "constructor" is not allowed'],
  ])('say what is wrong with %s', (text, message) => {
    expect(() => edited(text)).toThrow(message);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each(['dispatch.type', '=x', 'a..b=1', '/a//b=1'])('are not %s', (text) => {
    expect(() => parseEdit(text)).toThrow('is not PATH=VALUE');
  });
});
