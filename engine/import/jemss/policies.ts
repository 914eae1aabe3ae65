/** JEMSS's redispatch and move-up as policies of a scenario, as far as there are such. */
import { type JemssInputs, type JemssPriority, PRIORITIES } from './inputs.ts';

type PolicyJson = Record<string, unknown> & { type: string };

interface Carried {
  policy: PolicyJson;
  carried: string[];
  leftOut: string[];
}

/** JEMSS takes an ambulance off a call whenever it is nearer than every free one, if only by a moment. */
const LEAST_SAVING_S = 1;

/** The closest unit, and which calls may take one off another that it is on its way to. */
export function dispatchOf({ redispatch }: Pick<JemssInputs, 'redispatch'>): Carried {
  if (redispatch.length === 0) {
    return {
      policy: { type: 'closest-available' },
      carried: [
        'findNearestDispatchableAmb!: dispatch "closest-available"; no ambulance is taken off a call',
      ],
      leftOut: [],
    };
  }
  const allows = (from: number, to: number): boolean =>
    redispatch.some((pair) => pair.from === from && pair.to === to);
  const rows = [...PRIORITIES.keys()];
  // priority number u and more urgent ones may take units off every less urgent call
  const fits = (u: number): boolean =>
    rows.every((to) => rows.every((from) => from <= to || to >= u || allows(from, to)));
  const urgent = rows.filter((row) => row < rows.length - 1 && fits(row + 1)).at(-1);
  const isCarried = ({ from, to }: { from: number; to: number }): boolean =>
    urgent !== undefined && from > to && to <= urgent;
  const leftOut = redispatch
    .filter((pair) => !isCarried(pair))
    .map(
      ({ from, to }) =>
        `redispatch from ${PRIORITIES[from]} to ${PRIORITIES[to]}: a scenario lets a priority take units off all less urgent calls or off none`,
    );
  if (urgent === undefined) {
    return {
      policy: { type: 'closest-available' },
      carried: ['findNearestDispatchableAmb!: dispatch "closest-available"'],
      leftOut,
    };
  }
  return {
    policy: {
      type: 'pre-emption',
      urgentPriority: urgent + 1,
      phases: ['turningOut', 'enRoute'],
      minSavingS: LEAST_SAVING_S,
    },
    carried: [
      `findNearestDispatchableAmb! with redispatch: dispatch "pre-emption": calls of priority ${urgent + 1}${urgent > 0 ? ' and more urgent ones' : ''} take the nearest ` +
        `unit on its way to a less urgent call when it is nearer than every free one by ${LEAST_SAVING_S} s (JEMSS: by any time)`,
    ],
    leftOut,
  };
}

/** @param postIds  id of the post of each station */
export function moveUpOf(
  {
    moveUp,
    coverDays,
    priorities,
  }: Pick<JemssInputs, 'moveUp' | 'coverDays'> & { priorities: readonly JemssPriority[] },
  postIds: readonly string[],
  fixedDelayDays: number,
): Carried {
  const { module, busyFraction, order } = moveUp;
  const home: PolicyJson = { type: 'back-to-post' };
  switch (module) {
    case 'none':
      return {
        policy: home,
        carried: ['no move-up: ambulances return to their own station, "back-to-post"'],
        leftOut: [],
      };
    case 'dmexclp': {
      const leftOut: string[] = [];
      priorities.forEach(({ name, targetDays }, row) => {
        const cover = coverDays?.[row];
        if (cover === undefined || Math.abs(cover - (targetDays - fixedDelayDays)) <= 1 / 86_400) return;
        leftOut.push(
          `cover time of ${name}, ${seconds(cover)} s: coverage is judged by the target less the mean dispatch delay, ` +
            `${seconds(targetDays - fixedDelayDays)} s`,
        );
      });
      return {
        policy: { type: 'dynamic-mexclp', ...(busyFraction === null ? {} : { busyFraction }) },
        carried: [
          `move-up dmexclp: "dynamic-mexclp"${busyFraction === null ? '' : `, busy fraction ${busyFraction}`}`,
        ],
        leftOut,
      };
    }
    case 'comp_table':
      if (order === null) break;
      return {
        policy: {
          type: 'compliance-table',
          table: order.map((_, row) => order.slice(0, row + 1).map((station) => postIds[station])),
          minimise: 'total',
        },
        carried: [
          `move-up comp_table: "compliance-table" of ${order.length} rows, assigned with the least driving`,
        ],
        leftOut: [],
      };
  }
  return {
    policy: home,
    carried: [],
    leftOut: [`move-up module ${module}: there is no such policy here; units go back to their posts`],
  };
}

const seconds = (days: number): string => (days * 86_400).toFixed(1);
