/** What a scenario has and the hypercube model has not, each with what that does to the figures as far as it is known. */
import type { City } from '../city/city.ts';
import type { Delay, TimeLaw } from '../scenario/scenario.ts';
import { forEachHour } from './calls.ts';
import { periodShares } from './drives.ts';
import type { DutyPiece, Span } from './duty-pieces.ts';

export interface LeftOut {
  /** Key of the feature. */
  feature: Feature;
  /** What the scenario has, in its own numbers. */
  what: string;
  /** What the model takes instead, and which way its figures err. */
  effect: string;
}

type Feature =
  | 'hours'
  | 'shiftChanges'
  | 'breaks'
  | 'outOfService'
  | 'activities'
  | 'positions'
  | 'severalUnits'
  | 'priorities'
  | 'skills'
  | 'dispatch'
  | 'moveUp'
  | 'service'
  | 'delays'
  | 'travelFactor'
  | 'traffic'
  | 'stalePositions'
  | 'surges'
  | 'followUps'
  | 'transport';

/** What of a solved piece of time decides whether its law of service matters. */
interface Service {
  serviceCv: number;
  answer: { waits: number };
}

/** Where fewer calls wait, nothing that only waits suffer from is told. */
const WORTH_SAYING = 1e-4;

/** Only what this scenario really uses, in a fixed order. */
export function leftOut(
  city: City,
  { span, duty, pieces }: { span: Span; duty: readonly DutyPiece[]; pieces: readonly Service[] },
): LeftOut[] {
  const found: LeftOut[] = [];
  const say = (feature: Feature, is: boolean, what: () => string, effect: string): void => {
    if (is) found.push({ feature, what: what(), effect });
  };
  const { scenario, units } = city;
  const onDuty = [...new Set(duty.flatMap((piece) => piece.units))].map((unit) => units[unit]);
  // categories that calls come from, by themselves or after others
  const used = usedCategories(city);

  const rates = ratesByHour(city, [span]);
  say(
    'hours',
    rates.most > rates.least * (1 + 1e-9),
    () => `calls come at ${number(rates.least)} to ${number(rates.most)} an hour`,
    'the mean rate while the same units are on duty holds all the time: waits and losses at peaks are understated (--hour looks at one hour)',
  );
  say(
    'shiftChanges',
    duty.length > 1,
    () => `${duty.length} different sets of units are on duty in turn`,
    'each set is taken as if it had been on duty for long: calls left over from the set before, and overtime, are not seen',
  );
  const withBreaks = onDuty.filter(({ breaks }) => breaks.length > 0).length;
  say(
    'breaks',
    withBreaks > 0,
    () => `${withBreaks} of ${onDuty.length} units ${withBreaks === 1 ? 'has' : 'have'} breaks`,
    'no unit takes one: waits are understated and coverage is overstated',
  );
  const out = onDuty.filter(({ outOfService }) => outOfService.length > 0).length;
  say(
    'outOfService',
    out > 0,
    () => `${out} of ${onDuty.length} units ${out === 1 ? 'is' : 'are'} out of service at times`,
    'they never are: waits are understated and coverage is overstated',
  );
  const activities = scenario.activities.filter(
    ({ perUnitHour, units: who }) => perUnitHour > 0 && who.length > 0,
  );
  say(
    'activities',
    activities.length > 0,
    () => `units do things of their own accord: ${activities.map(({ id }) => id).join(', ')}`,
    'they do not: workload is of calls alone, waits are understated and coverage is overstated',
  );
  const roaming = onDuty.filter(({ answersFrom }) => answersFrom === 'anywhere').length;
  say(
    'positions',
    roaming > 0,
    () => `${roaming} of ${onDuty.length} units answer from wherever they are, ${patrolWords(city)}`,
    'a free unit stands at its base: drives err either way, most where patrols go far from the base',
  );
  const several = used.filter(({ units: wanted }) => wanted > 1);
  say(
    'severalUnits',
    several.length > 0,
    () => `several units go to a call of ${several.map(({ id }) => id).join(', ')}`,
    'each of them is a call of its own, at its own moment: workloads keep their size; waits are understated, and coverage is that of any of the units instead of the first',
  );
  const priorities = [...new Set(used.map(({ priority }) => priority))].sort((a, b) => a - b);
  say(
    'priorities',
    priorities.length > 1 && scenario.queue.type !== 'none',
    () => `waiting calls go by priority (${priorities.join(', ')})`,
    'first come, first served: urgent calls wait less than said here, others longer; the mean over all holds',
  );
  const skills = used.filter((category) =>
    onDuty.some((unit) => (unit.skills & category.skills) !== category.skills),
  );
  say(
    'skills',
    skills.length > 0,
    () => `not every unit may answer ${skills.map(({ id }) => id).join(', ')}`,
    'every unit answers every call: waits are understated and coverage is overstated',
  );
  const { dispatch, moveUp } = scenario;
  const byNearest = dispatch.type === 'closest-available';
  const byList =
    dispatch.type === 'preference-list' &&
    ((dispatch.params.lists as unknown[] | undefined) ?? []).length === 0;
  say(
    'dispatch',
    !byNearest && !byList,
    () => `units are sent by the policy ${dispatch.type}`,
    'the free unit whose base is nearest goes: drives are the shortest that free units at their bases allow, waits err either way',
  );
  say(
    'moveUp',
    moveUp.type !== 'none' && moveUp.type !== 'back-to-post',
    () => `free units are moved by the policy ${moveUp.type}`,
    'they stay at their own bases: coverage is understated where moving helps',
  );
  const cvs = pieces.filter(({ answer }) => answer.waits > WORTH_SAYING).map((piece) => piece.serviceCv);
  say(
    'service',
    cvs.some((cv) => Math.abs(cv - 1) > 0.02),
    () => `the time that a unit gives to a call has a cv of ${range(cvs)}, drives and delays included`,
    `it is exponential (cv 1) with the same mean: waits are ${cvs.every((cv) => cv < 1) ? 'overstated' : cvs.every((cv) => cv > 1) ? 'understated' : 'overstated where the cv is below 1, understated where it is above'}; ` +
      `a mean wait is nearer ${range(cvs.map((cv) => (1 + cv * cv) / 2))} times what is said here ((1 + cv^2) / 2, Lee and Longton 1959); workloads hardly move`,
  );
  const random = randomDelays(scenario.delayLaws);
  say(
    'delays',
    random.length > 0,
    () => `${random.join(', ')} ${random.length === 1 ? 'is' : 'are'} random`,
    'each delay always lasts its mean: coverage errs either way near a threshold, means hold',
  );
  say(
    'travelFactor',
    scenario.travel.cv > 0,
    () => `drives vary by a random factor (cv ${scenario.travel.cv})`,
    'drives take their mean: coverage errs either way near a threshold, means hold',
  );
  const inPeriods = [...periodShares(city, [span]).keys()].length;
  say(
    'traffic',
    inPeriods > 1,
    () => `traffic differs over ${inPeriods} periods`,
    'each drive takes its mean over the calls of the periods: coverage errs either way near a threshold',
  );
  say(
    'stalePositions',
    scenario.positionsStaleMs > 0 && roaming > 0,
    () => `the dispatcher sees units where they were ${scenario.positionsStaleMs / 1000} s ago`,
    'the nearest unit is always known: drives are understated',
  );
  const surges = scenario.demand.surges.filter(({ factor }) => factor !== 1);
  say(
    'surges',
    surges.length > 0,
    () => `${surges.length === 1 ? '1 surge changes' : `${surges.length} surges change`} the number of calls`,
    surges.every(({ factor }) => factor > 1)
      ? 'they are left out: calls, workloads and waits are understated'
      : 'they are left out: calls, workloads and waits are those of days without',
  );
  const followed = used.filter(({ linked, repeat }) => (linked?.share ?? 0) > 0 || (repeat?.share ?? 0) > 0);
  say(
    'followUps',
    followed.length > 0,
    () => `other calls follow from those of ${followed.map(({ id }) => id).join(', ')}`,
    'they are counted, but come at moments of their own: waits are understated',
  );
  const transports = used.filter(({ transport }) => (transport?.share ?? 0) > 0);
  say(
    'transport',
    transports.length > 0 && roaming > 0,
    () => `after calls of ${transports.map(({ id }) => id).join(', ')} units become free at a destination`,
    'the time is counted, but the unit goes on from the place of the call: drives err either way',
  );
  return found;
}

function usedCategories({ sources, categories }: City): City['categories'] {
  const used = new Set<number>();
  const use = (c: number): void => {
    if (used.has(c)) return;
    used.add(c);
    const { linked } = categories[c];
    if (linked !== null && linked.share > 0) use(linked.category);
  };
  for (const { categoryShares, callsPerHour } of sources) {
    if (callsPerHour.every((rate) => rate === 0)) continue;
    categoryShares.forEach((share, c) => {
      if (share > 0) use(c);
    });
  }
  return categories.filter((_, c) => used.has(c));
}

function ratesByHour({ sources }: City, spans: readonly Span[]): { least: number; most: number } {
  let least = Infinity;
  let most = 0;
  forEachHour(spans, (hour) => {
    const rate = sources.reduce((sum, { callsPerHour }) => sum + callsPerHour[hour], 0);
    least = Math.min(least, rate);
    most = Math.max(most, rate);
  });
  return { least, most };
}

const patrolWords = ({ scenario }: City): string =>
  scenario.patrol.type === 'stay-at-post'
    ? 'on their way back too'
    : `on patrol (${scenario.patrol.type}) too`;

const DELAY_WORDS: Readonly<Record<Delay, string>> = {
  callHandling: 'call handling',
  dispatch: 'dispatch delay',
  turnoutAtPost: 'turnout',
  turnoutOnPatrol: 'turnout on patrol',
  access: 'access to the door',
};

const randomDelays = (laws: Record<Delay, TimeLaw>): string[] =>
  (Object.keys(DELAY_WORDS) as Delay[])
    .filter((delay) => laws[delay].cv > 0)
    .map((delay) => DELAY_WORDS[delay]);

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(number);
  return least === most ? least : `${least} to ${most}`;
}

const number = (value: number): string => String(Number(value.toPrecision(3)));
