/** States of stopped replications that come from a file: those of real runs pass, altered ones are told apart. */
import { beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '../../engine/demand/calls.ts';
import { savedReplicationFault } from '../../engine/sim/check-saved.ts';
import { saveReplication, type SavedReplication } from '../../engine/sim/saved-run.ts';
import { fromSavedText, savedText } from '../../engine/sim/saved-text.ts';
import { prepareSimulation, runUntil, startReplication } from '../../engine/sim/simulate.ts';
import { NONE } from '../../engine/units.ts';
import { fullCity } from '../support/full-city.ts';
import { testStream } from '../support/random-city.ts';
import type { SmallCity } from '../support/small-city.ts';

const stateOf = (small: SmallCity, cutMs: number, log = true): SavedReplication => {
  const sim = startReplication(prepareSimulation(small.city, small.plan), 1, { log });
  runUntil(sim, cutMs);
  return fromSavedText(savedText(saveReplication(sim))) as SavedReplication;
};

const faultOf = ({ city, plan }: SmallCity, state: unknown, cutMs: number, log = true): string | null =>
  savedReplicationFault(state, {
    city,
    plan,
    replication: 1,
    log,
    stoppedAtMs: cutMs,
    calls: callsOf(city, 1),
  });

describe('the state of a stopped replication', () => {
  const scenarios = [
    {},
    { dispatch: { type: 'pre-emption' }, moveUp: { type: 'dynamic-mexclp' } },
    { dispatch: { type: 're-dispatch' }, queue: { type: 'finite', places: 2 } },
  ];
  it.each(scenarios)('passes wherever a run was stopped: %j', async (scenario) => {
    const phases = new Set<string>();
    for (const seed of [1, 2]) {
      const small = await fullCity({ scenario, seed, callsPerHour: 25 });
      const { city, plan } = small;
      const sim = startReplication(prepareSimulation(city, plan), 1, { log: false });
      for (let cutMs = -3_600_000; cutMs < 43_200_000; cutMs += 617_000) {
        runUntil(sim, cutMs);
        const state = fromSavedText(savedText(saveReplication(sim))) as SavedReplication;
        expect(faultOf(small, state, cutMs, false), `seed ${seed}, ${cutMs} ms`).toBeNull();
        for (const { activity } of state.units) phases.add(activity);
        for (const { phase } of state.open) phases.add(phase);
      }
    }
    for (const phase of ['ended', 'waiting', 'handling', 'onScene', 'onBreak'])
      expect(phases).toContain(phase);
  });

  const CUT_MS = 20_000_000;
  let small: SmallCity;
  let state: SavedReplication;
  beforeAll(async () => {
    small = await fullCity({ callsPerHour: 25 });
    state = stateOf(small, CUT_MS);
    expect(faultOf(small, state, CUT_MS)).toBeNull();
  });

  /** The state with what `change` does to a copy of it. */
  const changed = (change: (copy: SavedReplication) => void): string | null => {
    const copy = structuredClone(state);
    change(copy);
    return faultOf(small, copy, CUT_MS);
  };
  const on = (copy: SavedReplication) => copy.units.find(({ call }) => call !== null)!;

  it.each<[string, (copy: SavedReplication) => void, RegExp]>([
    ['another replication', (copy) => (copy.replication = 2), /replication 2/],
    ['a time later than the stop', (copy) => (copy.nowMs = CUT_MS + 1), /later than it was stopped/],
    ['no log', (copy) => (copy.log = null), /has no log/],
    ['one call more', (copy) => (copy.nOccurred++, copy.counts.occurred++, copy.counts.cleared++), /yet to occur/],
    ['one call less', (copy) => (copy.nOccurred--, copy.counts.occurred--, copy.counts.cleared--), /has occurred|yet to occur/],
    ['a count of its own', (copy) => copy.counts.lost++, /do not add up/],
    ['a call that waits instead of another', (copy) => (copy.counts.waiting++, copy.counts.cleared--), /counted as waiting/],
    ['a place that is another', (copy) => (copy.open[0].place.offsetMm += 1), /not the one that the demand brings/],
    ['a category that is another', (copy) => (copy.open[0].category = (copy.open[0].category + 1) % 3), /not the one/],
    ['a call twice', (copy) => copy.open.push({ ...copy.open[0] }), /stands twice|counted as/],
    ['a unit too many', (copy) => copy.units.push({ ...copy.units[0] }), /units/],
    ['a unit less', (copy) => copy.units.pop(), /units/],
    ['units in another order', (copy) => copy.units.reverse(), /is numbered/],
    ['a unit on no road', (copy) => (copy.units[0].start.segment = 1e6), /segment/],
    ['a unit beyond the end of its road', (copy) => (copy.units[0].start.offsetMm = 1e9), /beyond its segment/],
    ['a unit on a call that is over', (copy) => (on(copy).call = 0), /not open|counts other units/],
    ['a unit without its call', (copy) => (on(copy).call = null), /with call null/],
    ['a base that does not exist', (copy) => (copy.units[0].base = 99), /base/],
    ['a shift that does not exist', (copy) => (copy.units[0].shift = 3), /shift/],
    ['a duty that does not exist', (copy) => (copy.units[0].duty = 99), /duty/],
    ['a round that does not exist', (copy) => (copy.units.find(({ duty }) => duty !== null)!.round = 99), /past its rounds/],
    ['a drive without an end', (copy) => (copy.units[0].drive = {} as never), /drive/],
    ['a key of its own', (copy) => ((copy as object as { __proto_: number }).__proto_ = 1), /__proto_/],
    ['an event of the past', (copy) => (copy.events[0][0] = 0), /in the past/],
    ['an event of no kind', (copy) => (copy.events[0][1] = 99), /no kind/],
    ['an event about no unit', (copy) => (copy.events.find(([, kind]) => kind === 11)![2] = 99), /about no unit/],
    ['an event that is no list', (copy) => (copy.events[0] = [1, 2, 3]), /events/],
    ['a log with a column that is shorter', (copy) => copy.log!.rows.kind.pop(), /column kind/],
    ['a log that goes back in time', (copy) => (copy.log!.rows.timeMs[9] = -1e9), /row 9 has timeMs/],
    ['a log of a kind that is none', (copy) => (copy.log!.rows.kind[9] = 77), /row 9 has kind/],
    ['a log of a drive that is none', (copy) => (copy.log!.rows.route[9] = 1e6), /row 9 has route/],
    ['a log with a call left out', (copy) => (copy.log!.rows.kind[copy.log!.rows.kind.indexOf(0)] = 1), /call/],
  ])('is refused with %s', (_, change, message) => {
    expect(changed(change)).toMatch(message);
  }); // prettier-ignore

  it('is refused with any number, flag or list in place of another kind of value (seed 3)', () => {
    const random = testStream(3);
    const nothing = [undefined, null, true, 'x', NaN, -1.5, {}, []];
    for (let trial = 0; trial < 1000; trial++) {
      const copy = structuredClone(state) as unknown as Record<string, unknown>;
      let [at, key]: [Record<string, unknown>, string] = [copy, ''];
      for (let value: unknown = copy; typeof value === 'object' && value !== null; value = at[key]) {
        const keys = Object.keys(value);
        if (keys.length === 0) break;
        [at, key] = [value as Record<string, unknown>, keys[random.below(keys.length)]];
      }
      const was = at[key];
      const other = nothing[random.below(nothing.length)];
      const isText = typeof was === 'string' && typeof other === 'string';
      const isSameKind = typeof was === typeof other && typeof was !== 'number' && typeof was !== 'object';
      // texts of the log are free, flags may be either, and an empty list is one
      if (isText || isSameKind || (Array.isArray(was) && Array.isArray(other)) || was === other) continue;
      if (was === null && other === null) continue;
      at[key] = other;
      expect(
        faultOf(small, copy, CUT_MS),
        `${key}: ${JSON.stringify(was)} -> ${JSON.stringify(other)}`,
      ).not.toBeNull();
    }
  });

  it('is no state at all without an object, and with an index of none in place of a unit', () => {
    for (const nothing of [undefined, null, 1, 'x', []])
      expect(faultOf(small, nothing, CUT_MS)).not.toBeNull();
    expect(changed((copy) => (copy.units[0] = { ...copy.units[0], ix: NONE }))).toMatch(/ix/);
  });
});
