/**
 * Simulation against the exact hypercube model on random towns of 3 to 8 units. The model takes the same scenario, its mean
 * service calibrated with its own drives, so what is left between the two is chance and three differences, all of them
 * below 0.3 % of service (a drive of at most 2 s beside 600 s on scene) and far inside the intervals: service is
 * exponential plus a drive; the drive depends on who answers; and for the second or so in which a unit is on its way back
 * a call finds it away from its post.
 */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../engine/analytic/analyse.ts';
import { simulate, prepareSimulation } from '../../engine/sim/simulate.ts';
import { studentTwoSided } from '../../engine/student.ts';
import { count, TIMEOUT_MS } from '../support/counts.ts';
import { hypercubeTown, type HypercubeTown } from '../support/hypercube-city.ts';

const REPLICATIONS = 40;
const CALLS = count(400, 4000);
/** A share that rests on fewer calls than this is not normal enough for an interval so wide. */
const FEWEST = 100;

/** A ratio of sums over replications, beside what the model says. */
interface Figure {
  name: string;
  top: Float64Array;
  bottom: Float64Array;
  exact: number;
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);

/** Estimate and standard error of a ratio of sums, by the delta method over replications. */
function ratio({ top, bottom }: Figure): { value: number; error: number } {
  const value = sum(top) / sum(bottom);
  const rest = sum(top.map((y, r) => (y - value * bottom[r]) * (y - value * bottom[r])));
  return { value, error: Math.sqrt(rest * (top.length / (top.length - 1))) / sum(bottom) };
}

/** Simulates a town and sets every figure beside the model's. */
function figuresOf({ seed, city, plan, queue }: HypercubeTown): {
  figures: Figure[];
  calls: number;
  tooFew: number;
} {
  const { pieces, lostShare, waitingShare, meanTravelMs } = analyse(city, { method: 'exact' });
  const [{ answer, measures }] = pieces;
  const nUnits = city.units.length;
  const nPlaces = city.categories.length;
  const column = (): Float64Array => new Float64Array(REPLICATIONS);
  const busyMs = city.units.map(column);
  const answered = city.units.map(() => city.categories.map(column));
  const travelMs = city.units.map(column);
  const [all, served, lost, waited, scoredMs, drives] = Array.from({ length: 6 }, column);
  const setup = prepareSimulation(city, plan);
  for (let r = 0; r < REPLICATIONS; r++) {
    const record = simulate(setup, r + 1, {
      log: false,
      observer: {
        callEnded({ occurredMs, end, category, unit, arrivedMs, enRouteMs, readyMs, dispatchedMs }) {
          if (occurredMs < 0) return;
          if (end === 'lost') lost[r]++;
          else if (dispatchedMs > readyMs) waited[r]++;
          all[r]++;
          if (arrivedMs === Infinity) return;
          served[r]++;
          answered[unit][category][r]++;
          travelMs[unit][r] += arrivedMs - enRouteMs;
          drives[r] += arrivedMs - enRouteMs;
        },
      },
    });
    record.busyMsByUnit.forEach((ms, n) => (busyMs[n][r] = ms));
    scoredMs[r] = city.scenario.run.durationMs;
  }

  // sectors: places with the same nearest unit; one atom of the model for each place
  const rates = city.sources.map(({ callsPerHour }) => callsPerHour[0]);
  const callRate = sum(rates);
  const list = (place: number): Float64Array => answer.atOnce.subarray(place * nUnits, (place + 1) * nUnits);
  const nearest = rates.map((_, place) => list(place).indexOf(Math.max(...list(place))));
  const figures: Figure[] = [];
  let tooFew = 0;
  for (let n = 0; n < nUnits; n++) {
    figures.push({
      name: `workload of ${n + 1}`,
      top: busyMs[n],
      bottom: scoredMs,
      exact: answer.workload[n],
    });
    for (const sector of new Set(nearest)) {
      const top = column();
      let exact = 0;
      for (let place = 0; place < nPlaces; place++) {
        if (nearest[place] !== sector) continue;
        answered[n][place].forEach((calls, r) => (top[r] += calls));
        const share = list(place)[n] + answer.waits * answer.fromQueue[n];
        exact += (share * rates[place]) / callRate / (1 - answer.lost);
      }
      if (sum(served) * exact < FEWEST) tooFew++;
      else figures.push({ name: `share of ${n + 1} in sector ${sector + 1}`, top, bottom: served, exact });
    }
    // of a unit that answers from the queue the model only knows the drive over all units (Larson's T_Q)
    if (queue === 'none') {
      const calls = column();
      for (const ofPlace of answered[n]) ofPlace.forEach((number, r) => (calls[r] += number));
      if (sum(calls) >= FEWEST)
        figures.push({
          name: `drive of ${n + 1}`,
          top: travelMs[n],
          bottom: calls,
          exact: measures.travelByUnit[n],
        });
    }
  }
  figures.push({ name: 'mean drive', top: drives, bottom: served, exact: meanTravelMs });
  if (queue === 'none') figures.push({ name: 'lost', top: lost, bottom: all, exact: lostShare });
  else if (sum(all) * waitingShare >= FEWEST)
    figures.push({ name: 'waiting', top: waited, bottom: all, exact: waitingShare });
  for (const figure of figures) figure.name = `seed ${seed}: ${figure.name}`;
  return { figures, calls: sum(all), tooFew };
}

describe('simulation and the exact hypercube model', () => {
  it.each(['none', 'unlimited'] as const)(
    'agree on twenty random towns, queue %s: workloads, dispatch shares, drives',
    async (queue) => {
      const figures: Figure[] = [];
      let calls = 0;
      let tooFew = 0;
      const units = new Set<number>();
      const totals: Figure = {
        name: 'work of all towns',
        top: new Float64Array(REPLICATIONS),
        bottom: new Float64Array(REPLICATIONS),
        exact: 1,
      };
      for (let seed = 201; seed <= 220; seed++) {
        const town = await hypercubeTown(seed, { queue, calls: CALLS, replications: REPLICATIONS });
        const found = figuresOf(town);
        figures.push(...found.figures);
        calls += found.calls;
        tooFew += found.tooFew;
        units.add(town.city.units.length);
        for (const { name, top, bottom, exact } of found.figures) {
          if (!name.includes('workload')) continue;
          top.forEach((ms, r) => {
            totals.top[r] += ms / bottom[r];
            totals.bottom[r] += exact;
          });
        }
      }
      figures.push(totals);
      expect([...units].sort()).toEqual([3, 4, 5, 6, 7, 8]);

      // 99.9 % for all figures together (Bonferroni)
      const quantile = studentTwoSided(1 - 0.001 / figures.length, REPLICATIONS - 1);
      const away = (exact: (figure: Figure) => number) =>
        figures.filter((figure) => {
          const { value, error } = ratio(figure);
          return Math.abs(value - exact(figure)) > quantile * error;
        });
      const outside = away(({ exact }) => exact).map((figure) => {
        const { value, error } = ratio(figure);
        return `${figure.name}: simulated ${value} (error ${error}), exact ${figure.exact}`;
      });
      const scores = figures.map((figure) => {
        const { value, error } = ratio(figure);
        return (value - figure.exact) / error;
      });
      const worst = Math.max(...scores.map(Math.abs));
      const spread = Math.sqrt(sum(scores.map((score) => score * score)) / scores.length);
      const work = ratio(totals);
      process.stdout.write(
        `hypercube against simulation, queue ${queue}, seeds 201-220: ${figures.length} figures on ${calls} calls ` +
          `(${tooFew} shares of fewer than ${FEWEST} calls not compared); the farthest ${worst.toFixed(2)} standard errors ` +
          `off, limit ${quantile.toFixed(2)}, root mean square ${spread.toFixed(2)}; work of all towns ` +
          `${work.value.toFixed(4)} +- ${(quantile * work.error).toFixed(4)} of the exact\n`,
      );
      expect(outside).toEqual([]);
      // differences are of the size of chance: neither biased nor too good to be true
      expect(spread).toBeGreaterThan(0.8);
      expect(spread).toBeLessThan(1.25);
      // and a service 3 % slower would show
      const slower = (figure: Figure): number => (figure === totals ? 1.03 : figure.exact);
      expect(away(slower)).toContain(totals);
    },
    TIMEOUT_MS,
  );

  it("lie near Larson's approximation on the same towns: 1 % in the middle", async () => {
    const errors: { error: number; name: string }[] = [];
    for (let seed = 201; seed <= 220; seed++) {
      for (const queue of ['none', 'unlimited'] as const) {
        const { city, load } = await hypercubeTown(seed, { queue, calls: CALLS, replications: 1 });
        const [exact, approximate] = (['exact', 'approximate'] as const).map((method) =>
          analyse(city, { method }),
        );
        exact.units.forEach(({ workload }, n) => {
          const error = Math.abs(approximate.units[n].workload / workload - 1);
          const name = `seed ${seed}, ${queue} queue, load ${load.toFixed(2)}, unit ${n + 1} of ${city.units.length}, busy ${workload.toFixed(3)}`;
          errors.push({ error, name });
        });
      }
    }
    errors.sort((a, b) => a.error - b.error);
    const median = errors[errors.length >> 1].error;
    const worst = errors[errors.length - 1];
    const above = errors.filter(({ error }) => error > 0.02).length;
    const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
    process.stdout.write(
      `Larson's approximation against exact workloads, the same towns, seeds 201-220: median error ${percent(median)}, ` +
        `worst ${percent(worst.error)} (${worst.name}); over 2 %: ${above} of ${errors.length}; ` +
        'Larson & Odoni say "rarely over 2 %"\n',
    );
    expect(median).toBeLessThanOrEqual(0.01);
  });
});
