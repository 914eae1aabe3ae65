/** Local dates and times of a scenario, counted from the scored start. The clock of a scenario knows no daylight saving. */
import { MS_PER_DAY, type Ms } from '../units.ts';
import { parseWrittenTime } from './local-time.ts';
import { shown } from './problems.ts';
import type { Resolving } from './resolving.ts';

/** From the scored start, [from, to). */
export interface LocalSpan {
  fromMs: Ms;
  toMs: Ms;
}

/** Milliseconds on the local clock since 1970-01-01T00:00; undefined when it is no date, which is then noted. */
function resolveLocalTime(resolving: Resolving, text: string, path: readonly PropertyKey[]): Ms | undefined {
  const time = parseWrittenTime(text);
  if (typeof time !== 'string') return time.localMs;
  resolving.refuse(path, `${shown(text)} ${time}`);
  return undefined;
}

/**
 * @param startLocalMs  local time of the scored start; undefined when it is at fault: then spans count from 1970
 * @returns undefined when one of the times is wrong or the end is not after the start
 */
export function resolveSpan(
  resolving: Resolving,
  { from, to }: { from: string; to: string },
  path: readonly PropertyKey[],
  startLocalMs = 0,
): LocalSpan | undefined {
  const fromMs = resolveLocalTime(resolving, from, [...path, 'from']);
  const toMs = resolveLocalTime(resolving, to, [...path, 'to']);
  if (fromMs === undefined || toMs === undefined) return undefined;
  if (toMs > fromMs) return { fromMs: fromMs - startLocalMs, toMs: toMs - startLocalMs };
  resolving.refuse([...path, 'to'], `${shown(to)} is not after ${shown(from)}`);
  return undefined;
}

/** A whole day, from midnight to midnight. @param date  such as 2026-03-02 */
export function resolveDate(
  resolving: Resolving,
  date: string,
  path: readonly PropertyKey[],
  startLocalMs = 0,
): LocalSpan | undefined {
  const midnightMs = resolveLocalTime(resolving, `${date}T00:00`, path);
  if (midnightMs === undefined) return undefined;
  return { fromMs: midnightMs - startLocalMs, toMs: midnightMs + MS_PER_DAY - startLocalMs };
}
