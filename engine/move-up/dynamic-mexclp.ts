/**
 * Dynamic MEXCLP: a unit that becomes free goes to the base where it adds the most expected coverage to the other free
 * units, which count at the base they stand at, head for or belong to. Nobody else moves. Ties go to the base it reaches
 * first, then to the lowest.
 *
 * Jagtenberg, Bhulai and van der Mei, "An efficient heuristic for real-time ambulance redeployment" (Operations
 * Research for Health Care 4, 2015): demand d that k idle units cover gains d (1 - q) q^k by one more.
 */
import { z } from 'zod';
import { basesOf } from '../city/bases.ts';
import { CANDIDATES_KEPT } from '../dispatch/closest-available.ts';
import { coverageKeys, coverageProblems } from '../dispatch/coverage-params.ts';
import { asShare, ExpectedCoverage } from '../dispatch/expected-coverage.ts';
import { secondsToMs, UNREACHED_MS } from '../units.ts';
import type { MoveUpPolicy } from './move-up.ts';
import { basesByName, unknownBases } from './named-bases.ts';

const params = z.strictObject({
  ...coverageKeys,
  bases: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(10_000)
    .optional()
    .describe('Ids of the bases that units may be sent to. Default: all.'),
});

export const dynamicMexclp: MoveUpPolicy<z.infer<typeof params>> = {
  type: 'dynamic-mexclp',
  about: 'A unit that becomes free goes where it adds the most expected coverage; nobody else moves.',
  source: 'Dynamic MEXCLP: Jagtenberg, Bhulai and van der Mei, Operations Research for Health Care 4 (2015).',
  params,
  check: ({ targetS, bases = [] }, city) => [
    ...coverageProblems({ targetS }, city),
    ...unknownBases(city, bases, 'bases'),
  ],
  create({ busyFraction, targetS, bases }, setup) {
    const { city } = setup;
    const model = setup.coverage(targetS === undefined ? undefined : secondsToMs(targetS));
    const expected = new ExpectedCoverage(model, busyFraction ?? model.busyFraction, city.units.length);
    const open = bases === undefined ? [...basesOf(city).ids.keys()] : basesByName(city, bases);
    return {
      returnsToBase: true,
      decide(view) {
        const { unit, trigger } = view;
        const free = view.freeUnits();
        // a break or the end of the shift may keep it
        if (trigger !== 'freed' || !free.includes(unit)) return null;
        expected.of(free.filter((other) => other !== unit).map((other) => view.baseOf(other)));
        const weighed = open
          .map((base) => ({ base, gain: expected.gain(base), timeMs: view.timeToBase(unit, base) }))
          .filter(({ timeMs }) => timeMs < UNREACHED_MS)
          .sort((a, b) => b.gain - a.gain || a.timeMs - b.timeMs || a.base - b.base);
        const candidates = weighed
          .slice(0, CANDIDATES_KEPT)
          .map(({ base, gain }) => ({ base, value: asShare(gain) }));
        if (weighed.length === 0) {
          const shortfall = 'the unit has no way to any base';
          return { moves: [], reason: 'no base can be reached', candidates, shortfall };
        }
        const [{ base }] = weighed;
        const stays = base === view.baseOf(unit);
        return {
          moves: stays ? [] : [{ unit, base }],
          reason: stays ? 'its own base gains most coverage' : 'the base that gains most coverage',
          candidates,
          shortfall: null,
        };
      },
    };
  },
};
