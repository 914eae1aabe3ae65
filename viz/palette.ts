/** The colours of the canvases, read from the style sheet so that light and dark live in one place. */
import { CALL_STATES, type CallState } from './calls.ts';
import { UNIT_STATES, type UnitState } from './tracks.ts';

export const TIERS = ['1', '3', '5', 'late', 'none'] as const;
type Tier = (typeof TIERS)[number];

export const ROAD_LEVELS = 5;

export interface Palette {
  ground: string;
  ink: string;
  quietInk: string;
  halo: string;
  line: string;
  accent: string;
  busy: string;
  /** Units on duty that a break, other work or being out of service keeps from calls. */
  away: string;
  warmUp: string;
  /** From the least to the most important. */
  roads: string[];
  zone: Record<'core' | 'key' | 'general' | 'other', string>;
  patrolLine: string;
  point: string;
  post: string;
  destination: string;
  unit: Record<UnitState, string>;
  call: Record<CallState, string>;
  tier: Record<Tier, string>;
  fontFamily: string;
}

/** Which of 1, 3, 5 minutes a response time keeps; `none` where nobody arrived. */
export function tierOf(responseS: number): Tier {
  if (Number.isNaN(responseS)) return 'none';
  if (responseS <= 60) return '1';
  if (responseS <= 180) return '3';
  return responseS <= 300 ? '5' : 'late';
}

export const zoneColour = (palette: Palette, zoneClass: string): string =>
  zoneClass === 'core' || zoneClass === 'key' || zoneClass === 'general'
    ? palette.zone[zoneClass]
    : palette.zone.other;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const each = <K extends string>(names: readonly K[], prefix: string): Record<K, string> =>
    Object.fromEntries(names.map((name) => [name, colour(`${prefix}-${name.toLowerCase()}`)])) as Record<
      K,
      string
    >;
  return {
    ground: colour('ground'),
    ink: colour('ink'),
    quietInk: colour('quiet'),
    halo: colour('halo'),
    line: colour('line'),
    accent: colour('accent'),
    busy: colour('busy'),
    away: colour('away'),
    warmUp: colour('warm-up'),
    roads: Array.from({ length: ROAD_LEVELS }, (_, level) => colour(`road-${level}`)),
    zone: each(['core', 'key', 'general', 'other'], 'zone'),
    patrolLine: colour('patrol-line'),
    point: colour('point'),
    post: colour('post'),
    destination: colour('destination'),
    unit: each(UNIT_STATES, 'unit'),
    call: each(CALL_STATES, 'call'),
    tier: each(TIERS, 'tier'),
    fontFamily: style.getPropertyValue('--font').trim(),
  };
}
