/** Units: posts, shifts, skills and sectors looked up, breaks and times out of service, counts expanded. */
import { LIMITS } from '../limits.ts';
import { secondsToMs } from '../units.ts';
import { lookUpNames, positionsOf, refuseRepeats } from './look-up.ts';
import { notAName, shown } from './problems.ts';
import type { Places } from './resolve-places.ts';
import { lookUpShifts } from './resolve-shifts.ts';
import { skillBits } from './resolve-skills.ts';
import { resolveSpan, type LocalSpan } from './resolve-times.ts';
import type { Resolving } from './resolving.ts';
import type { BreakSpec, Scenario, UnitSpec } from './scenario.ts';
import type { ScenarioJson } from './schema.ts';

type UnitJson = ScenarioJson['units'][number];

/** What units refer to; a part that is at fault is undefined, and references to it are not judged. */
interface UnitSurroundings {
  posts: Places['posts'];
  zones: Places['zones'];
  shifts: Scenario['shifts'] | undefined;
  profiles: readonly string[] | undefined;
  skills: readonly string[] | undefined;
  /** Local time of the scored start. */
  startLocalMs: number | undefined;
}

/** @returns units with counts expanded (`id-1`, `id-2`…), or undefined when something is wrong */
export function resolveUnits(resolving: Resolving, around: UnitSurroundings): UnitSpec[] | undefined {
  const { json, problems } = resolving;
  if (json.units === undefined) return undefined;
  const before = problems.count;
  const total = json.units.reduce((sum, { count }) => sum + count, 0);
  if (total > LIMITS.units) {
    resolving.refuse(['units'], `${total} units, counts included; allowed: at most ${LIMITS.units}`);
    return undefined;
  }

  const { posts, zones, shifts, profiles, skills } = around;
  const postIx = posts && positionsOf(posts);
  const shiftIx = shifts && positionsOf(shifts);
  const zoneIx = zones && positionsOf(zones);
  const firstUse = new Map<string, number>();
  const units: UnitSpec[] = [];
  for (const [ix, unit] of json.units.entries()) {
    const path = ['units', ix];
    if (unit.post === undefined) {
      if (!resolving.given.has('placement')) {
        resolving.refuse(
          [...path, 'post'],
          'is missing; a unit without a post needs a "placement" that gives it a site',
        );
      }
    } else if (postIx !== undefined && !postIx.has(unit.post)) {
      resolving.refuse([...path, 'post'], notAName(unit.post, 'a post', [...postIx.keys()]));
    }
    if (profiles?.includes(unit.profile) === false) {
      resolving.refuse([...path, 'profile'], notAName(unit.profile, 'a speed profile', profiles));
    }
    refuseRepeats(resolving, [...path, 'skills'], unit.skills);
    const onShifts = shifts && shiftIx ? lookUpShifts(resolving, unit.shifts, ix, shifts, shiftIx) : [];
    const spec: Omit<UnitSpec, 'id'> = {
      post: unit.post === undefined ? null : (postIx?.get(unit.post) ?? null),
      shifts: onShifts,
      profile: unit.profile,
      kind: unit.kind,
      skills: skills ? skillBits(unit.skills, skills) : 0,
      answersFrom: unit.answersFrom,
      sector: lookUpNames(resolving, [...path, 'sector'], unit.sector, zoneIx, 'a zone'),
      // a shift that is not known was told already
      breaks: onShifts.length < unit.shifts.length ? [] : resolveBreaks(resolving, unit, ix, shifts),
      outOfService: resolveOutOfService(resolving, unit, ix, around.startLocalMs),
    };
    for (let n = 1; n <= unit.count; n++) {
      const id = unit.count === 1 ? unit.id : `${unit.id}-${n}`;
      const first = firstUse.get(id);
      if (first !== undefined) {
        resolving.refuse([...path, 'id'], `${shown(id)} is used twice; first at /units/${first}/id`);
        break;
      }
      firstUse.set(id, ix);
      units.push({ id, ...spec });
    }
  }
  return problems.count > before ? undefined : units;
}

/** A break belongs to a shift that the unit works, and falls due before that shift ends. */
function resolveBreaks(
  resolving: Resolving,
  unit: UnitJson,
  ix: number,
  shifts: Scenario['shifts'] | undefined,
): BreakSpec[] {
  if (shifts === undefined) return [];
  const shiftIx = positionsOf(shifts);
  return unit.breaks.map(({ shift, afterS, durationS, interruptibleBy }, b) => {
    const path = ['units', ix, 'breaks', b];
    const own = shift === undefined ? unit.shifts : [shift];
    if (shift !== undefined && !unit.shifts.includes(shift)) {
      resolving.refuse([...path, 'shift'], notAName(shift, 'a shift of this unit', unit.shifts));
    } else {
      const lengths = own
        .map((id) => shifts.find((each) => each.id === id))
        .filter((each) => each !== undefined);
      const longestS = Math.max(...lengths.map(({ startMs, endMs }) => (endMs - startMs) / 1000));
      if (lengths.length > 0 && afterS >= longestS) {
        resolving.refuse(
          [...path, 'afterS'],
          `${afterS} is not before the end of the shift; allowed: below ${longestS}`,
        );
      }
    }
    return {
      shift: shift === undefined ? null : (shiftIx.get(shift) ?? null),
      afterMs: secondsToMs(afterS),
      durationMs: secondsToMs(durationS),
      interruptibleBy,
    };
  });
}

/** Ascending and apart. */
function resolveOutOfService(
  resolving: Resolving,
  { outOfService }: UnitJson,
  ix: number,
  startLocalMs: number | undefined,
): LocalSpan[] {
  const spans: (LocalSpan & { n: number })[] = [];
  for (const [n, given] of outOfService.entries()) {
    const span = resolveSpan(resolving, given, ['units', ix, 'outOfService', n], startLocalMs);
    if (span === undefined) continue;
    const other = spans.find(({ fromMs, toMs }) => fromMs < span.toMs && span.fromMs < toMs);
    if (other !== undefined) {
      resolving.refuse(['units', ix, 'outOfService', n], `overlaps /units/${ix}/outOfService/${other.n}`);
    }
    spans.push({ ...span, n });
  }
  return spans.sort((a, b) => a.fromMs - b.fromMs).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
}
