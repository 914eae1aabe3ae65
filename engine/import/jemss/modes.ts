/**
 * JEMSS gives each priority its travel mode; a unit of ours goes with siren or without. Low priority is the mode of
 * transports and returns in JEMSS, so it stands for "without".
 */
import { type JemssInputs, PRIORITIES } from './inputs.ts';

interface TravelModes {
  /** Index of the mode without siren, and with it; equal where calls of all priorities travel alike. */
  calm: number;
  siren: number;
  /** Whether units answer with siren, by priority. */
  withSiren: boolean[];
  /** What is not carried over, in words. */
  leftOut: string[];
}

const LOW = PRIORITIES.indexOf('lowPriority');

/**
 * The two modes of the travel set that holds when scoring begins. A third one gives way to the nearer of the two by
 * off-road speed.
 */
export function travelModes(
  { priorities, travel }: Pick<JemssInputs, 'priorities' | 'travel'>,
  scoredFromDay: number,
): TravelModes {
  const { sets, timing, offRoadSpeed } = travel;
  const inForce = timing.findLast(({ startDay }) => startDay <= scoredFromDay) ?? timing[0];
  const modeOf = sets[inForce.set];
  const leftOut: string[] = [];
  if (timing.length > 1) {
    const others = timing.length - 1;
    leftOut.push(
      `travel times that change with time: set ${inForce.set + 1}, in force on day ${scoredFromDay}, holds throughout; ` +
        `${others} other ${others === 1 ? 'entry' : 'entries'} of travelSetsTiming passed over`,
    );
  }
  const calm = modeOf[LOW];
  const answers = priorities.map(({ travelsAs }) => modeOf[travelsAs]);
  const siren = answers.find((mode) => mode !== calm) ?? calm;
  const withSiren = answers.map((mode, row) => {
    if (mode === siren) return siren !== calm;
    if (mode === calm) return false;
    const off = (other: number): number => Math.abs(offRoadSpeed[mode] - offRoadSpeed[other]);
    const taken = off(siren) < off(calm) ? siren : calm;
    leftOut.push(
      `travel mode ${mode + 1}, in which ambulances answer ${priorities[row].name}: a unit goes with siren or without; ` +
        `such calls are answered in mode ${taken + 1}, the nearer of modes ${siren + 1} and ${calm + 1}`,
    );
    return taken === siren;
  });
  return { calm, siren, withSiren, leftOut };
}
