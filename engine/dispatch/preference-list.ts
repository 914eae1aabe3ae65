/**
 * Sends the first available unit of a list. Of the scenario's lists the first that speaks of the call's zone holds; when
 * none of its units can go, the nearest does. Where no list speaks of the call, units are preferred by the drive from
 * the places where they stand by the scenario, lowest unit on a tie, wherever they are now: the fixed preferences of
 * the hypercube model (Larson, "A hypercube queuing model for facility location and redistricting in urban emergency
 * services", Computers & Operations Research 1, 1974).
 */
import { z } from 'zod';
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { didYouMean } from '../scenario/problems.ts';
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import { NONE, type UnitIx } from '../units.ts';
import { CANDIDATES_KEPT, closestOf, nobody } from './closest-available.ts';
import type { Candidate, DispatchPolicy, DispatchView } from './dispatch.ts';
import { createHomeTimes } from './home-times.ts';

const names = z.array(z.string().min(1).max(200));

const listSchema = z.strictObject({
  zones: names.min(1).optional().describe('Ids of zones whose calls it is for.'),
  zoneClasses: names
    .min(1)
    .optional()
    .describe(`Classes of zones whose calls it is for; "${NO_ZONE_CLASS}" for calls outside every zone.`),
  order: names
    .min(1)
    .describe('Ids of units, or of bases: then every unit that belongs there, lowest first.'),
});

const params = z.strictObject({
  lists: z
    .array(listSchema)
    .max(10_000)
    .default([])
    .describe('Who is preferred; a list with neither zones nor zoneClasses is for all calls.'),
});

type Params = z.infer<typeof params>;

export const preferenceList: DispatchPolicy<Params> = {
  type: 'preference-list',
  about: 'The first available unit of the list for the call, by default in order of the drive from its base.',
  source: 'Fixed preferences of the hypercube model: Larson, Computers & Operations Research 1 (1974).',
  params,
  check: checkLists,
  create({ lists }, { city }) {
    const ordered = lists.map(({ order }) => namedIn(city, order));
    const listOf = [...city.zones.map((_, zone) => zone), NONE].map((zone) =>
      lists.findIndex((list) => speaksOf(list, city, zone)),
    );
    const homeTimes = createHomeTimes(city);
    return {
      choose(view) {
        const { zone } = view.call;
        const list = listOf[zone === NONE ? city.zones.length : zone];
        if (list >= 0) {
          const candidates = firstThatCan(view, unitsInOrder(view, ordered[list]));
          if (candidates.length > 0)
            return { unit: candidates[0].unit, reason: 'first available of the list', candidates };
          const nearest = view.nearest(CANDIDATES_KEPT);
          return nearest.length === 0
            ? nobody(view)
            : closestOf(nearest, 'closest: nobody of the list can go');
        }
        const available = [...view.available()];
        if (available.length > 1) {
          const timesMs = homeTimes(view.call);
          available.sort((a, b) => timesMs[a] - timesMs[b] || a - b);
        }
        const candidates = firstThatCan(view, available);
        return candidates.length === 0
          ? nobody(view)
          : { unit: candidates[0].unit, reason: 'first available by the drive from its base', candidates };
      },
    };
  },
};

/** Either a unit or a base, by index. */
type Named = { unit: UnitIx } | { base: number };

function namedIn(city: City, order: readonly string[]): Named[] {
  const bases = basesOf(city).ids;
  return order.map((name) => {
    const unit = city.units.findIndex(({ id }) => id === name);
    return unit >= 0 ? { unit } : { base: bases.indexOf(name) };
  });
}

function speaksOf({ zones, zoneClasses }: Params['lists'][number], city: City, zone: number): boolean {
  if (zones === undefined && zoneClasses === undefined) return true;
  if (zone !== NONE && zones?.includes(city.zones[zone].id)) return true;
  return zoneClasses?.includes(zone === NONE ? NO_ZONE_CLASS : city.zones[zone].class) ?? false;
}

/** Available units in the order of a list, each once. */
function unitsInOrder(view: DispatchView, order: readonly Named[]): UnitIx[] {
  const available = view.available();
  const inOrder = new Set<UnitIx>();
  for (const named of order) {
    for (const unit of available) {
      if ('unit' in named ? unit === named.unit : view.baseOf(unit) === named.base) inOrder.add(unit);
    }
  }
  return [...inOrder];
}

/** The first few of the units that have a way to the call, in the order given. */
function firstThatCan(view: DispatchView, units: readonly UnitIx[]): Candidate[] {
  const found: Candidate[] = [];
  for (let from = 0; from < units.length && found.length < CANDIDATES_KEPT; from += CANDIDATES_KEPT) {
    found.push(...view.timesOf(units.slice(from, from + CANDIDATES_KEPT)));
  }
  return found.slice(0, CANDIDATES_KEPT);
}

function checkLists({ lists }: Params, city: City): { key: string; message: string }[] {
  const problems: { key: string; message: string }[] = [];
  const unitIds = city.units.map(({ id }) => id);
  const baseIds = basesOf(city).ids;
  const look = (key: string, name: string, allowed: readonly string[], what: string): void => {
    if (allowed.includes(name)) return;
    problems.push({ key, message: `"${name}" is not ${what}${didYouMean(name, allowed)}` });
  };
  const classes = [...new Set([...city.zones.map((zone) => zone.class), NO_ZONE_CLASS])];
  lists.forEach(({ zones = [], zoneClasses = [], order }, l) => {
    zones.forEach((id, i) =>
      look(
        `lists/${l}/zones/${i}`,
        id,
        city.zones.map((zone) => zone.id),
        'a zone',
      ),
    );
    zoneClasses.forEach((name, i) => look(`lists/${l}/zoneClasses/${i}`, name, classes, 'a class of zones'));
    order.forEach((id, i) => {
      const key = `lists/${l}/order/${i}`;
      look(key, id, [...unitIds, ...baseIds], 'a unit or base');
      if (unitIds.includes(id) && baseIds.includes(id))
        problems.push({ key, message: `"${id}" is the name of a unit and of a base; rename one of them` });
    });
  });
  return problems;
}
