/**
 * A compliance table says, for each number of free units, which bases are to be manned. Whenever that number changes the
 * free units are assigned anew: so that the last is in place as early as possible, and then with the least driving
 * (`longest`), or with the least driving alone (`total`). Of equally good assignments the lowest base has the lowest
 * unit. Free units beyond the longest row belong where they did.
 *
 * Without a table the policy makes a nested one: row n is row n - 1 and the base that adds the most expected coverage to
 * it, the lowest on a tie. Gendreau, Laporte and Semet, "The maximal expected coverage relocation problem for emergency
 * vehicles" (Journal of the Operational Research Society 57, 2006) for tables; Sudtachat, Mayorga and McLay, "A nested-
 * compliance table policy for emergency medical service systems under relocation" (Omega 58, 2016) for nested ones; van
 * Barneveld, Bhulai and van der Mei, "The effect of ambulance relocations on the performance of ambulance service
 * providers" (European Journal of Operational Research 252, 2016) for the bottleneck.
 */
import { z } from 'zod';
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { CANDIDATES_KEPT } from '../dispatch/closest-available.ts';
import { coverageKeys, coverageProblems } from '../dispatch/coverage-params.ts';
import type { CoverageModel } from '../dispatch/coverage.ts';
import { ExpectedCoverage } from '../dispatch/expected-coverage.ts';
import { msToSeconds, secondsToMs, UNREACHED_MS } from '../units.ts';
import { assign, FORBIDDEN } from './assignment.ts';
import type { MoveUpPolicy, MoveUpView } from './move-up.ts';
import { basesByName, unknownBases } from './named-bases.ts';

const params = z.strictObject({
  table: z
    .array(z.array(z.string().min(1).max(200)).min(1))
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Row n lists the n bases to man while n units are free; a base may come twice. Default: made by coverage.',
    ),
  minimise: z
    .enum(['longest', 'total'])
    .default('longest')
    .describe('What an assignment makes least: the longest drive, then all driving; or all driving.'),
  ...coverageKeys,
});
type Params = z.infer<typeof params>;

export const complianceTable: MoveUpPolicy<Params> = {
  type: 'compliance-table',
  about:
    'For each number of free units it is laid down which bases are manned; units move when the number changes.',
  source:
    'Sudtachat, Mayorga and McLay, Omega 58 (2016); assignment after van Barneveld, Bhulai and van der Mei, EJOR 252 (2016).',
  params,
  check: checkTable,
  create({ table, minimise, busyFraction, targetS }, setup) {
    const { city } = setup;
    const { ids } = basesOf(city);
    const rows = table?.map((row) => basesByName(city, row)) ?? madeRows();
    return {
      returnsToBase: true,
      decide(view) {
        const free = view.freeUnits();
        if (free.length === 0) return null;
        const row = rows[Math.min(free.length, rows.length) - 1];
        // places in order of base, so that the tie rule is that of the header
        const places = [...row].sort((a, b) => a - b);
        const timesMs = drives(view, free, places);
        const cost = Float64Array.from(timesMs, (ms) => (ms === UNREACHED_MS ? FORBIDDEN : ms));
        const unitOf = assign({ nUnits: free.length, nPlaces: places.length, cost }, minimise);
        const pairs = places.map((base, place) => ({
          base,
          unit: free[unitOf[place]],
          timeMs: timesMs[unitOf[place] * places.length + place],
        }));
        const unmanned = pairs.filter(({ timeMs }) => timeMs === UNREACHED_MS).map(({ base }) => base);
        const moves = pairs
          .filter(({ unit, base, timeMs }) => timeMs < UNREACHED_MS && view.baseOf(unit) !== base)
          .sort((a, b) => a.timeMs - b.timeMs || a.base - b.base);
        if (moves.length === 0 && unmanned.length === 0) return null;
        return {
          moves: moves.map(({ unit, base }) => ({ unit, base })),
          reason: `table for ${free.length} free`,
          candidates: moves
            .slice(0, CANDIDATES_KEPT)
            .map(({ base, timeMs }) => ({ base, value: msToSeconds(timeMs) })),
          shortfall:
            unmanned.length === 0
              ? null
              : `no free unit has a way to ${unmanned.map((base) => ids[base]).join(', ')}`,
        };
      },
    };

    function madeRows(): number[][] {
      const model = setup.coverage(targetS === undefined ? undefined : secondsToMs(targetS));
      return nestedTable(model, busyFraction ?? model.busyFraction, city.units.length);
    }
  },
};

/** Rows 1 to `mostUnits`: each adds to the one before the base that gains the most coverage, the lowest on a tie. */
export function nestedTable(model: CoverageModel, busyFraction: number, mostUnits: number): number[][] {
  const expected = new ExpectedCoverage(model, busyFraction, mostUnits).of([]);
  const rows: number[][] = [];
  const row: number[] = [];
  while (rows.length < mostUnits) {
    let best = 0;
    let most = -1;
    for (let base = 0; base < model.nBases; base++) {
      const gain = expected.gain(base);
      if (gain > most) [best, most] = [base, gain];
    }
    expected.add(best);
    row.push(best);
    rows.push([...row]);
  }
  return rows;
}

/** Drives of units to places, entry unit x places + place; one question for each unit and base. */
function drives(view: MoveUpView, units: readonly number[], places: readonly number[]): number[] {
  const timesMs: number[] = [];
  for (const unit of units) {
    places.forEach((base, place) => {
      const same = place > 0 && places[place - 1] === base;
      timesMs.push(same ? timesMs[timesMs.length - 1] : view.timeToBase(unit, base));
    });
  }
  return timesMs;
}

function checkTable({ table, targetS }: Params, city: City) {
  if (table === undefined) return coverageProblems({ targetS }, city);
  return table.flatMap((row, r) => [
    ...(row.length === r + 1
      ? []
      : [{ key: `table/${r}`, message: `row ${r + 1} lists ${row.length} bases, not ${r + 1}` }]),
    ...unknownBases(city, row, `table/${r}`),
  ]);
}
