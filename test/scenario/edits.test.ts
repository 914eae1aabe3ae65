import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { editScenario, namingEdits, parseEdit, type ScenarioEdit } from '../../engine/scenario/edits.ts';

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

  const RE_DISPATCH = {
    type: 're-dispatch',
    minSavingS: 60,
    then: { type: 'pre-emption', urgentPriority: 1 },
  };
  const ofNight = (edits: readonly ScenarioEdit[]): unknown =>
    JSON.parse(
      new TextDecoder().decode(
        editScenario(
          new TextEncoder().encode(
            JSON.stringify({
              dispatch: RE_DISPATCH,
              moveUp: { type: 'none' },
              queue: { type: 'finite', places: 6 },
            }),
          ),
          'scenario.json',
          edits,
        ),
      ),
    );
  const night = (...texts: string[]) => ofNight(texts.map((text) => parseEdit(text)));

  it('choose another policy with its defaults: keys of the old one do not fit it', () => {
    expect(night('dispatch.type=closest-available')).toMatchObject({
      dispatch: { type: 'closest-available' },
    });
    expect(night('dispatch.type=closest-available')).not.toHaveProperty('dispatch.minSavingS');
    expect(night('queue.type=unlimited')).toHaveProperty('queue', { type: 'unlimited' });
    expect(night('dispatch.then.type=own-sector-first')).toHaveProperty('dispatch', {
      ...RE_DISPATCH,
      then: { type: 'own-sector-first' },
    });
    // the policy that is there already is no other one
    expect(night('dispatch.type=re-dispatch')).toHaveProperty('dispatch', RE_DISPATCH);
  });

  it('keep the keys that the same command sets for another policy, in either order', () => {
    const dispatch = { type: 'pre-emption', minSavingS: 5, then: { type: 'own-sector-first', withinS: 90 } };
    const edits = [
      'dispatch.type=pre-emption',
      'dispatch.minSavingS=5',
      'dispatch.then.type=own-sector-first',
      'dispatch.then.withinS=90',
    ];
    for (const order of permutations(edits)) expect(night(...order)).toHaveProperty('dispatch', dispatch);
    expect(
      night('dispatch={"type":"closest-available","minSavingS":7}', 'dispatch.type=pre-emption'),
    ).toHaveProperty('dispatch', { type: 'pre-emption', minSavingS: 7 });
  });

  it('of plan A alone do not reach into the policy that another plan chooses', () => {
    const edits: ScenarioEdit[] = [
      { ...parseEdit('dispatch.minSavingS=5'), scope: 'first plan' },
      { ...parseEdit('dispatch.urgentPriority=2'), scope: 'all plans' },
      { ...parseEdit('dispatch.type=pre-emption'), scope: 'this plan' },
    ];
    expect(ofNight(edits)).toHaveProperty('dispatch', { type: 'pre-emption', urgentPriority: 2 });
  });

  it('are named with what is wrong at their places, all of them where the fault lies elsewhere', () => {
    const edits = ['units.car-2.post=x', 'dispatch.type=y', 'run.seed=3'].map((text) => parseEdit(text));
    const named = (file: string, place: string) => {
      const { problems } = InputError.at(file, place, 'is wrong');
      return namingEdits(problems, edits, editScenario(bytes, 'scenario.json', edits), 'scenario.json')[0]
        .message;
    };
    expect(named('scenario.json', '/units/1/post')).toBe('is wrong (edited by --set units.car-2.post=x)');
    expect(named('scenario.json', '/units/1')).toBe('is wrong (edited by --set units.car-2.post=x)');
    expect(named('scenario.json', '/dispatch/minSavingS')).toBe('is wrong (edited by --set dispatch.type=y)');
    const all = 'is wrong (edited by --set units.car-2.post=x, --set dispatch.type=y, --set run.seed=3)';
    expect(named('scenario.json', '/units/0/post')).toBe(all);
    expect(named('roads.geojson', '/units/1/post')).toBe(all);
  });
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((each, i) =>
    permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [each, ...rest]),
  );
}
