/** Values that are allowed but far beyond what is usual, mostly milliseconds where seconds are meant: warnings. */
import type { Ms } from '../units.ts';
import type { Scenario } from './scenario.ts';

/** Most that is usual, in seconds. A usual value given in milliseconds lies above it. */
const USUAL_UP_TO_S = {
  activity: 86_400,
  break: 4 * 3_600,
  delays: 3_600,
  following: 30 * 86_400,
  handover: 12 * 3_600,
  dwell: 6 * 3_600,
  longestGap: 14 * 86_400,
  onScene: 2 * 86_400,
  report: 12 * 3_600,
  stale: 3_600,
  threshold: 6 * 3_600,
  warmUp: 30 * 86_400,
} as const;

/** One warning for each value beyond the usual. */
export function unusualValues(scenario: Omit<Scenario, 'warnings'>): string[] {
  const warnings: string[] = [];
  const look = (what: string, seconds: number, kind: keyof typeof USUAL_UP_TO_S): void => {
    const most = USUAL_UP_TO_S[kind];
    if (seconds <= most) return;
    warnings.push(
      `${what} is ${seconds} s (${inWords(seconds)}); usual is at most ${inWords(most)}. Are these milliseconds?`,
    );
  };
  const lookMs = (what: string, ms: Ms | null, kind: keyof typeof USUAL_UP_TO_S): void =>
    look(what, (ms ?? 0) / 1000, kind);

  const { delays } = scenario;
  lookMs('/delays/callHandlingS', delays.callHandlingMs, 'delays');
  lookMs('/delays/dispatchS', delays.dispatchMs, 'delays');
  lookMs('/delays/turnoutAtPostS', delays.turnoutAtPostMs, 'delays');
  lookMs('/delays/turnoutOnPatrolS', delays.turnoutOnPatrolMs, 'delays');
  lookMs('/delays/accessS', delays.accessMs, 'delays');
  for (const point of scenario.points) {
    lookMs(`dwellS of must-reach point "${point.id}"`, point.dwellMs, 'dwell');
    lookMs(`longestGapS of must-reach point "${point.id}"`, point.longestGapMs, 'longestGap');
  }
  lookMs('/positions/staleS', scenario.positionsStaleMs, 'stale');
  for (const [ix, { onScene, transport, report, linked, repeat }] of scenario.demand.categories.entries()) {
    const at = `/demand/categories/${ix}`;
    lookMs(`${at}/onSceneS/mean`, onScene.meanMs, 'onScene');
    lookMs(`${at}/transport/handoverS`, transport?.handover.meanMs ?? null, 'handover');
    lookMs(`${at}/reportS`, report?.meanMs ?? null, 'report');
    lookMs(`${at}/linked/delayS`, linked?.delay.meanMs ?? null, 'following');
    lookMs(`${at}/repeat/delayS`, repeat?.delay.meanMs ?? null, 'following');
  }
  for (const { id, duration } of scenario.activities) {
    lookMs(`durationS of activity "${id}"`, duration.meanMs, 'activity');
  }
  const breaks = new Map<number, string>(); // units of one count share theirs
  for (const { id, breaks: own } of scenario.units) {
    for (const { durationMs } of own) if (!breaks.has(durationMs)) breaks.set(durationMs, id);
  }
  for (const [durationMs, id] of breaks) lookMs(`durationS of a break of unit "${id}"`, durationMs, 'break');
  for (const standard of scenario.standards) {
    for (const clause of standard.clauses) {
      look(
        `thresholdS of clause "${clause.id}" of standard "${standard.id}"`,
        clause.thresholdS,
        'threshold',
      );
    }
  }
  lookMs('/run/warmUpS', scenario.run.warmUpMs, 'warmUp');
  return warnings;
}

function inWords(seconds: number): string {
  const [size, unit] =
    seconds >= 2 * 86_400 ? [86_400, 'days'] : seconds >= 3_600 ? [3_600, 'hours'] : [60, 'minutes'];
  return `${Math.round((seconds / size) * 10) / 10} ${unit}`;
}
