/**
 * What the tags of a node say about the road it lies on: barriers, and the signals and signs that hold a driver up
 * (OpenStreetMap wiki, Tag:highway=traffic_signals, =stop, =give_way, =crossing, =mini_roundabout,
 * Tag:railway=level_crossing).
 */
import { type Control, CONTROLS, DIRECTION } from '../road-extract.ts';
import type { Tags } from './access.ts';

export interface NodeTags {
  isBarrier: boolean;
  /** Bits of CONTROLS. */
  controls: number;
  /** Bits of DIRECTION that the controls face, along the way the node lies on; 0 where it is not said. */
  direction: number;
  /** Directions are given otherwise than along the way, such as in degrees: taken as not said. */
  directionNotUnderstood: boolean;
}

/** Barriers a car passes; every other `barrier` node on a road is counted, because it is not obeyed yet. */
const PASSABLE_BARRIERS: ReadonlySet<string> = new Set([
  'border_control',
  'cattle_grid',
  'entrance',
  'height_restrictor',
  'kerb',
  'no',
  'sally_port',
  'toll_booth',
]);

/** Values of `highway` on nodes. */
const CONTROL_OF: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['traffic_signals', 'signals'],
  ['stop', 'stop'],
  ['give_way', 'giveWay'],
  ['mini_roundabout', 'miniRoundabout'],
]);

/** `traffic_signals=*` that let everybody pass as a rule: they only flash, or work when a fire engine leaves. */
const SIGNALS_THAT_HOLD_NOBODY: ReadonlySet<string> = new Set(['blink_mode', 'emergency']);

/** Values of `direction` and `traffic_signals:direction`. */
const DIRECTION_OF: ReadonlyMap<string, number> = new Map<string, number>([
  ['forward', DIRECTION.forward],
  ['backward', DIRECTION.backward],
  ['both', DIRECTION.both],
]);

const bit = (control: Control): number => 1 << CONTROLS.indexOf(control);
/** Controls that stand at one side of the road. */
const FACING = bit('signals') | bit('stop') | bit('giveWay');

export function readNodeTags(tags: Tags): NodeTags {
  const barrier = tags.get('barrier');
  const isBarrier = barrier !== undefined && !PASSABLE_BARRIERS.has(barrier);
  let controls = 0;
  let isCrossing = false;
  for (const value of (tags.get('highway') ?? '').split(';')) {
    const control = CONTROL_OF.get(value.trim());
    if (control !== undefined) controls |= bit(control);
    if (value.trim() === 'crossing') isCrossing = true;
  }
  if (SIGNALS_THAT_HOLD_NOBODY.has(tags.get('traffic_signals') ?? '')) controls &= ~bit('signals');
  // signals that stop cars and people on foot alike are one thing: those of the road
  if ((controls & bit('signals')) === 0 && isCrossing && hasSignals(tags)) controls |= bit('signalCrossing');
  if (tags.get('railway') === 'level_crossing') controls |= bit('levelCrossing');
  if ((controls & FACING) === 0) return { isBarrier, controls, direction: 0, directionNotUnderstood: false };
  const signalsFace = (controls & bit('signals')) === 0 ? undefined : tags.get('traffic_signals:direction');
  const given = signalsFace ?? tags.get('direction');
  const direction = given === undefined ? 0 : DIRECTION_OF.get(given);
  return { isBarrier, controls, direction: direction ?? 0, directionNotUnderstood: direction === undefined };
}

const hasSignals = (tags: Tags): boolean =>
  tags.get('crossing') === 'traffic_signals' || tags.get('crossing:signals') === 'yes';
