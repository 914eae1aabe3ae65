/**
 * Sends the fastest unit of the sector that the call lies in, unless others are much closer: own units go when their
 * drive is at most `withinS` longer than that of the nearest unit, or at most `maxS`. Else, and where no own unit is
 * available, the nearest goes. A unit's sector is the zones it lists; calls outside every zone have none.
 *
 * Sectors with cars of their own, and cars sent into other sectors when these are busy, are what Larson, "Urban Police
 * Patrol Analysis" (MIT Press, 1972), models; the threshold, which bounds what the rule costs, is added here.
 */
import { z } from 'zod';
import { NONE, secondsToMs, type UnitIx } from '../units.ts';
import { CANDIDATES_KEPT, closestOf, nobody } from './closest-available.ts';
import type { Candidate, DispatchPolicy } from './dispatch.ts';

const params = z.strictObject({
  withinS: z
    .number()
    .min(0)
    .max(86_400)
    .default(120)
    .describe('A unit of the own sector goes when its drive is at most so much longer than the shortest.'),
  maxS: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe('It goes as well when its drive takes at most so long. Without: only withinS decides.'),
});

export const ownSectorFirst: DispatchPolicy<z.infer<typeof params>> = {
  type: 'own-sector-first',
  about: "The sector's own unit, unless the nearest one is much closer.",
  source: 'Home jurisdiction first, as in Larson, Urban Police Patrol Analysis (1972), with a threshold.',
  params,
  check: (_, { units }) =>
    units.some(({ sector }) => sector.length > 0)
      ? []
      : [{ key: 'type', message: 'no unit lists zones as its sector, so no call has a unit of its own' }],
  create({ withinS, maxS }, { city }) {
    const unitsOf: UnitIx[][] = city.zones.map((_, zone) =>
      city.units.flatMap(({ sector }, unit) => (sector.includes(zone) ? [unit] : [])),
    );
    const withinMs = secondsToMs(withinS);
    const maxMs = maxS === undefined ? -1 : secondsToMs(maxS);
    return {
      choose(view) {
        const { zone } = view.call;
        const nearest = view.nearest(CANDIDATES_KEPT);
        if (nearest.length === 0) return nobody(view);
        if (zone === NONE) return closestOf(nearest, 'closest: the call lies in no sector');
        let own: Candidate | undefined;
        for (const candidate of view.timesOf(unitsOf[zone])) {
          if (own === undefined || candidate.travelTimeMs < own.travelTimeMs) own = candidate;
        }
        if (own === undefined) return closestOf(nearest, 'closest: no unit of the sector is available');
        const { unit, travelTimeMs } = own;
        if (travelTimeMs > nearest[0].travelTimeMs + withinMs && travelTimeMs > maxMs)
          return closestOf(nearest, 'closest: the own unit is too far');
        const others = nearest.filter((candidate) => candidate.unit !== unit);
        return { unit, reason: 'own sector', candidates: [own, ...others].slice(0, CANDIDATES_KEPT) };
      },
    };
  },
};
