/** Decisions as the log stores them: JSON text in `detail`, which like all of a file may be anything. */

/** Somebody or some place that was weighed: a unit with its drive in seconds, a base with the policy's own value. */
export interface Weighed {
  id: string;
  value: number;
}

export interface Decision {
  reason: string;
  /** Best first. */
  candidates: Weighed[];
}

/** A change of base: who goes where and why, or (without a unit) what no move can restore. */
export interface MoveDecision extends Decision {
  policy: string;
  base: string;
  /** What stays uncovered; empty where nothing does. */
  shortfall: string;
}

/** Of `unitDispatched` and `callHeld`. One that does not read as a decision is kept as its text. */
export function readDecision(detail: string): Decision {
  const parts = membersOf(detail);
  return parts === null
    ? { reason: detail, candidates: [] }
    : { reason: textOf(parts, 'reason'), candidates: weighedOf(parts, 'unit', 'travelTimeS') };
}

/** Of `moveUp`. */
export function readMove(detail: string): MoveDecision {
  const parts = membersOf(detail);
  if (parts === null) return { reason: detail, candidates: [], policy: '', base: '', shortfall: '' };
  return {
    policy: textOf(parts, 'policy'),
    base: textOf(parts, 'base'),
    reason: textOf(parts, 'reason'),
    shortfall: textOf(parts, 'shortfall'),
    candidates: weighedOf(parts, 'base', 'value'),
  };
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

function membersOf(detail: string): Members | null {
  try {
    const value: unknown = JSON.parse(detail);
    return isMembers(value) && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(parts: Members, key: string): string {
  const value = parts[key];
  return typeof value === 'string' ? value : '';
}

function weighedOf({ candidates }: Members, id: string, value: string): Weighed[] {
  if (!Array.isArray(candidates)) return [];
  return candidates.flatMap((each: unknown) => {
    if (!isMembers(each)) return [];
    const [name, number] = [each[id], each[value]];
    return typeof name === 'string' && typeof number === 'number' && Number.isFinite(number)
      ? [{ id: name, value: number }]
      : [];
  });
}
