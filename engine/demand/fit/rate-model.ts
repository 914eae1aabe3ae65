/**
 * Models of when and where calls come: streams of calls, each with rates by hour of week and its own places, which add
 * up. A Poisson process whose rate at hour h and place x is the sum over streams of rate(h) x density(x).
 */
import { log } from '../../math.ts';
import { HOURS_PER_WEEK } from '../../units.ts';
import { type Component, componentsOf, type HeldOut, sharesOf, stackingWeights } from './place-density.ts';
import type { Places } from './places.ts';
import {
  chooseRateKernel,
  effectiveParameters,
  kernelWeights,
  overWeeks,
  type PooledHour,
  type RateKernel,
  smoothRates,
  sumOf,
  weightBehind,
} from './weekly-rates.ts';
import { exposureByWeek, type Window } from './window.ts';

/** Calls that lie in the window and in the area, as columns. */
export interface FitCalls {
  n: number;
  /** Hour of the window. */
  hour: Int32Array;
  cell: Int32Array;
  /** Index into the names of categories. */
  category: Uint16Array;
}

export const MODEL_TYPES = [
  'same places at all hours',
  'places by part of the week',
  'rates and places by category',
] as const;
export type ModelType = (typeof MODEL_TYPES)[number];

export interface Stream {
  name: string;
  /** 168 rates in calls an hour. */
  rates: Float64Array;
  /** By cell, per square kilometre; adds up to 1 over the area. */
  density: Float64Array;
}

/** How the calls of a model are divided, and the hours in which each division has calls. */
interface Division {
  names: string[];
  /** Group of a call. */
  groupOf: (call: number) => number;
  /** Whether groups share the rates of all calls, each in its own hours; else each has rates of its own. */
  hoursOf: ((hourOfWeek: number) => number) | null;
}

const PARTS = ['00-06', '06-12', '12-18', '18-24'];

/** Part of the week: six hours of a working day, then those of Saturday and Sunday. */
const partOf = (hourOfWeek: number): number =>
  (hourOfWeek < 5 * 24 ? 0 : PARTS.length) + Math.floor((hourOfWeek % 24) / 6);

/** Categories with fewer calls go together: their places could not be told from chance. */
const LEAST_CALLS = 200;
const MOST_STREAMS = 12;

function divisionOf(
  type: ModelType,
  calls: FitCalls,
  window: Window,
  categories: readonly string[],
): Division {
  switch (type) {
    case 'same places at all hours':
      return { names: ['all'], groupOf: () => 0, hoursOf: null };
    case 'places by part of the week':
      return {
        names: ['Mon-Fri', 'Sat-Sun'].flatMap((days) => PARTS.map((hours) => `${days} ${hours}`)),
        groupOf: (call) => partOf(window.hourOfWeek[calls.hour[call]]),
        hoursOf: partOf,
      };
    case 'rates and places by category': {
      const counts = categories.map(() => 0);
      for (let call = 0; call < calls.n; call++) counts[calls.category[call]]++;
      const large = [...counts.keys()]
        .filter((category) => counts[category] >= LEAST_CALLS)
        .sort((a, b) => counts[b] - counts[a] || a - b)
        .slice(0, MOST_STREAMS - 1);
      const names = large.map((category) => categories[category]);
      const rest = counts.some((count, category) => count > 0 && !large.includes(category));
      const groupOf = categories.map((_, category) => {
        const at = large.indexOf(category);
        return at < 0 ? names.length : at;
      });
      return {
        names: rest ? [...names, 'other categories'] : names,
        groupOf: (call) => groupOf[calls.category[call]],
        hoursOf: null,
      };
    }
  }
}

/** A model with its smoothing chosen, ready to be made of any weeks. */
export interface RateModel {
  type: ModelType;
  names: string[];
  /** Group of each call. */
  group: Uint16Array;
  /** By hour of week, what the rate of all calls rests on. */
  pooled: PooledHour[];
  /** One for each group, or one for all where groups share rates. */
  kernels: RateKernel[];
  components: Component[];
  /** By group, weights of the components. */
  weights: Float64Array[];
  /** Parameters that the rates are worth, in the mean over calls. */
  effectiveParameters: number;
  /** By group, the 168 rates from the weeks that are taken. */
  ratesFrom: (isTaken: (week: number) => boolean) => Float64Array[];
  /** The model made of the weeks that are taken. */
  build: (isTaken: (week: number) => boolean) => Stream[];
  /** The model made without the weeks of a fold, with weights that they had no part in. */
  buildWithout: (fold: number) => Stream[];
}

/**
 * Chooses kernels and weights by how likely they make weeks that are left out.
 * @param nFolds  parts into which weeks are dealt one by one
 */
export function rateModel(
  type: ModelType,
  calls: FitCalls,
  window: Window,
  places: Places,
  categories: readonly string[],
  nFolds: number,
): RateModel {
  const { names, groupOf, hoursOf } = divisionOf(type, calls, window, categories);
  const nGroups = names.length;
  const group = Uint16Array.from({ length: calls.n }, (_, call) => groupOf(call));
  const hours = exposureByWeek(window);
  const sharesRates = hoursOf !== null;
  const rateGroups = sharesRates ? 1 : nGroups;
  const callsByWeek = Array.from({ length: rateGroups }, () => new Float64Array(hours.length));
  for (let call = 0; call < calls.n; call++) {
    const hour = calls.hour[call];
    callsByWeek[sharesRates ? 0 : group[call]][
      window.week[hour] * HOURS_PER_WEEK + window.hourOfWeek[hour]
    ]++;
  }
  const kernels = callsByWeek.map((byWeek) => chooseRateKernel(byWeek, hours, nFolds).kernel);
  const smoothers = kernels.map(kernelWeights);
  const components = componentsOf(places, nGroups > 1);

  /** Shares by component and cell from the weeks that are taken. */
  const partsFrom = (isTaken: (week: number) => boolean): Float64Array[][] => {
    const byGroup = Array.from({ length: nGroups }, () => new Float64Array(places.n));
    for (let call = 0; call < calls.n; call++) {
      if (isTaken(window.week[calls.hour[call]])) byGroup[group[call]][calls.cell[call]]++;
    }
    const all = new Float64Array(places.n);
    for (const counts of byGroup) for (let cell = 0; cell < places.n; cell++) all[cell] += counts[cell];
    const ofAll = components.map(({ kind, of }) => (of === 'all' ? sharesOf(kind, all, places) : null));
    return byGroup.map((counts) =>
      components.map(({ kind }, part) => ofAll[part] ?? sharesOf(kind, counts, places)),
    );
  };

  // by fold and group
  const heldOut = Array.from({ length: nFolds }, () =>
    Array.from({ length: nGroups }, (): HeldOut => ({ counts: [], densities: [] })),
  );
  for (let fold = 0; fold < nFolds; fold++) {
    const parts = partsFrom((week) => week % nFolds !== fold);
    const counts = Array.from({ length: nGroups }, () => new Map<number, number>());
    for (let call = 0; call < calls.n; call++) {
      if (window.week[calls.hour[call]] % nFolds !== fold) continue;
      const ofGroup = counts[group[call]];
      ofGroup.set(calls.cell[call], (ofGroup.get(calls.cell[call]) ?? 0) + 1);
    }
    counts.forEach((ofGroup, g) => {
      for (const [cell, count] of ofGroup) {
        heldOut[fold][g].counts.push(count);
        for (const shares of parts[g]) heldOut[fold][g].densities.push(shares[cell] / places.areaKm2[cell]);
      }
    });
  }
  /** Weights that make the calls of all folds but one likeliest; -1 leaves none out. */
  const weightsWithout = (without: number): Float64Array[] =>
    names.map((_, g) => {
      const used = heldOut.filter((_, fold) => fold !== without).map((byGroup) => byGroup[g]);
      return stackingWeights(
        {
          counts: used.flatMap(({ counts }) => counts),
          densities: used.flatMap(({ densities }) => densities),
        },
        components.length,
      );
    });
  const weights = weightsWithout(-1);

  const ratesFrom = (isTaken: (week: number) => boolean): Float64Array[] => {
    const taken = overWeeks(hours, isTaken);
    const rates = callsByWeek.map((byWeek, g) =>
      smoothRates(smoothers[g], overWeeks(byWeek, isTaken), taken),
    );
    if (hoursOf === null) return rates;
    return names.map((_, g) => rates[0].map((rate, hourOfWeek) => (hoursOf(hourOfWeek) === g ? rate : 0)));
  };
  const streamsOf = (isTaken: (week: number) => boolean, mixedBy: Float64Array[]): Stream[] => {
    const parts = partsFrom(isTaken);
    const rates = ratesFrom(isTaken);
    return names.map((name, g) => ({
      name,
      rates: rates[g],
      density: mixed(parts[g], mixedBy[g], places),
    }));
  };
  const allHours = overWeeks(hours, () => true);
  let worth = 0;
  callsByWeek.forEach((byWeek, g) => {
    worth += (sumOf(byWeek) / calls.n) * effectiveParameters(smoothers[g], allHours);
  });
  const behind = smoothers.map((smoother, g) =>
    weightBehind(
      smoother,
      overWeeks(callsByWeek[g], () => true),
      allHours,
    ),
  );
  return {
    type,
    names,
    group,
    pooled: pooledOver(behind),
    kernels,
    components,
    weights,
    effectiveParameters: worth,
    ratesFrom,
    build: (isTaken) => streamsOf(isTaken, weights),
    buildWithout: (fold) => streamsOf((week) => week % nFolds !== fold, weightsWithout(fold)),
  };
}

/** What the rates of all groups together rest on: hours of groups smoothed otherwise are averaged as their rates are. */
const pooledOver = (behind: readonly PooledHour[][]): PooledHour[] =>
  behind[0].map((first, hour) => {
    const calls = behind.reduce((sum, ofGroup) => sum + ofGroup[hour].calls, 0);
    const rate = behind.reduce((sum, ofGroup) => {
      const pooled = ofGroup[hour];
      return sum + (pooled.hours > 0 ? pooled.calls / pooled.hours : 0);
    }, 0);
    return { calls, hours: rate > 0 ? calls / rate : first.hours };
  });

/** The weighted sum of shares as a density; a component without a call to be made of leaves its weight to the others. */
function mixed(parts: readonly Float64Array[], weights: Float64Array, { n, areaKm2 }: Places): Float64Array {
  const shares = new Float64Array(n);
  parts.forEach((part, ix) => {
    for (let cell = 0; cell < n; cell++) shares[cell] += weights[ix] * part[cell];
  });
  const total = sumOf(shares);
  return shares.map((share, cell) => share / total / areaKm2[cell]);
}

/** Calls an hour and square kilometre. */
export function intensityAt(streams: readonly Stream[], hourOfWeek: number, cell: number): number {
  let sum = 0;
  for (const { rates, density } of streams) sum += rates[hourOfWeek] * density[cell];
  return sum;
}

/**
 * Logarithm of the likelihood of calls under a Poisson process, by week: the sum of log rates (calls an hour and square
 * kilometre) at the calls, less the calls expected in the hours observed.
 * @returns one figure for each week of the window; weeks that are not taken have 0
 */
export function logLikelihoodByWeek(
  intensity: (hourOfWeek: number, cell: number) => number,
  perHour: (hourOfWeek: number) => number,
  calls: FitCalls,
  window: Window,
  isTaken: (week: number) => boolean,
): Float64Array {
  const byWeek = new Float64Array(window.nWeeks);
  const expected = Float64Array.from({ length: HOURS_PER_WEEK }, (_, hour) => perHour(hour));
  for (let hour = 0; hour < window.nHours; hour++) {
    if (isTaken(window.week[hour])) byWeek[window.week[hour]] -= expected[window.hourOfWeek[hour]];
  }
  for (let call = 0; call < calls.n; call++) {
    const hour = calls.hour[call];
    if (!isTaken(window.week[hour])) continue;
    byWeek[window.week[hour]] += log(intensity(window.hourOfWeek[hour], calls.cell[call]));
  }
  return byWeek;
}

/** Calls an hour of all streams together. */
export const totalRate = (streams: readonly Stream[], hourOfWeek: number): number =>
  streams.reduce((sum, { rates }) => sum + rates[hourOfWeek], 0);
