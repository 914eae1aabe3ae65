/**
 * The engine's reasons in the words of the page. Policies write them in English with numbers and names inside; a reason
 * of another shape (a newer policy's) is shown as it is.
 */
import type { MessageKey, Params, Wording } from './i18n.ts';

interface Shape {
  shape: RegExp;
  key: MessageKey;
  /** What the groups of the shape are called in the text; `why` is a reason itself. */
  names: readonly string[];
}

const SHAPES: readonly Shape[] = [
  { shape: /^costs least coverage \(([\d.]+) %\), in time$/, key: 'because.leastLoss', names: ['percent'] },
  {
    shape: /^costs least coverage \(([\d.]+) %\), nobody is in time$/,
    key: 'because.leastLossLate',
    names: ['percent'],
  },
  {
    shape: /^held for urgent calls: (\d+) free, (\d+) kept$/,
    key: 'because.reserved',
    names: ['free', 'kept'],
  },
  {
    shape: /^taken off call (\d+) \(priority (\d+), (\w+)\): (.+)$/,
    key: 'because.preempts',
    names: ['call', 'priority', 'phase', 'why'],
  },
  { shape: /^saves (\d+) s$/, key: 'because.saves', names: ['seconds'] },
  { shape: /^freed nearby: saves (\d+) s$/, key: 'because.freedNearby', names: ['seconds'] },
  {
    shape: /^sent to the more urgent call (\d+) \([\w-]+\)$/,
    key: 'because.preempted',
    names: ['call'],
  },
  { shape: /^relieved by (.+?): (.+)$/, key: 'because.relieved', names: ['unit', 'why'] },
  { shape: /^table for (\d+) free$/, key: 'because.table', names: ['free'] },
  { shape: /^to cover (.+)$/, key: 'because.toCover', names: ['zones'] },
  { shape: /^no free unit has a way to (.+)$/, key: 'because.noWayTo', names: ['bases'] },
  { shape: /^(.+): no base reaches it in time$/, key: 'because.noBaseInTime', names: ['zone'] },
  { shape: /^(.+): no unit can be spared$/, key: 'because.noUnitToSpare', names: ['zone'] },
];

/** Parts of a reason stand one after the other. */
const BETWEEN = '; ';

export function reasonText(reason: string, wording: Wording): string {
  const whole = knownReason(reason, wording);
  if (whole !== null) return whole;
  return reason
    .split(BETWEEN)
    .map((part) => knownReason(part, wording) ?? part)
    .join(wording.text('because.between'));
}

function knownReason(reason: string, wording: Wording): string | null {
  const said = wording.word('reason', reason);
  if (said !== reason) return said;
  if (reason.includes(BETWEEN)) return null;
  for (const { shape, key, names } of SHAPES) {
    const found = shape.exec(reason);
    if (found === null) continue;
    const params: Params = {};
    names.forEach((name, ix) => (params[name] = paramText(name, found[ix + 1], wording)));
    return wording.text(key, params);
  }
  return null;
}

function paramText(name: string, value: string, wording: Wording): string {
  if (name === 'why') return reasonText(value, wording);
  return name === 'phase' ? wording.word('phase', value) : value;
}
