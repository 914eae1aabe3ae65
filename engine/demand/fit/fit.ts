/** The fit of demand to a call file: window, places, model, mix of categories, times on scene, dispersion. */
import { InputError } from '../../errors.ts';
import type { CallFile, ReadCall } from '../../scenario/calls-csv.ts';
import type { LonLat } from '../../scenario/scenario.ts';
import { HOURS_PER_WEEK, type Ms } from '../../units.ts';
import { type FittedFigure, jackknifeError, ratioByWeek, withStandardError } from './by-week.ts';
import { chooseModel, type JudgedModel } from './choose-model.ts';
import { type Dispersion, dispersionOf } from './dispersion.ts';
import { heldOutScores, type HeldOutScores } from './held-out.ts';
import { type CallKind, kindsOf } from './kinds.ts';
import { type Box, gridPlaces, type Places, usualBox, zonePlaces } from './places.ts';
import type { FitCalls, RateModel, Stream } from './rate-model.ts';
import { sumOf } from './weekly-rates.ts';
import { hourAt, type Window, windowOf } from './window.ts';

export interface FitOptions {
  /** The time that calls are taken from, whole hours apart. */
  fromUtcMs: Ms;
  toUtcMs: Ms;
  /** Whether somebody asked for both ends of that time, for one, or for none: the other ends are those of full hours. */
  endsAsked?: 0 | 1 | 2;
  /** Calls from here on are not fitted but foretold; null fits them all. */
  splitUtcMs: Ms | null;
  /** A grid over a box (null: the usual box of the calls), or zones. */
  places:
    | { type: 'grid'; cellM: number; box: Box | null }
    | { type: 'zones'; zones: readonly { id: string; polygons: LonLat[][][] }[] };
}

/**
 * Rate of an hour of the week. It is smoothed, so it rests on more than that hour: `n` are the calls pooled, those of
 * other hours with their kernel weight.
 */
export interface HourRate extends FittedFigure {
  /** Hours observed that are pooled, with the same weights. */
  pooledHours: number;
  /** Calls and hours observed of that very hour of the week. */
  ownCalls: number;
  ownHours: number;
  /** The independent things of the interval: it comes from leaving them out one by one. */
  weeks: number;
}

export interface DemandFit {
  file: CallFile;
  window: Window;
  places: Places;
  calls: FitCalls;
  /** The calls that were fitted, in the order of `calls`. */
  rows: ReadCall[];
  kinds: CallKind[];
  /** Kind of each call. */
  kindOf: Uint16Array;
  model: RateModel;
  judged: JudgedModel[];
  streams: Stream[];
  /** Calls an hour in the mean of the window. */
  callsPerHour: FittedFigure;
  /** Calls an hour by hour of week. */
  rates: HourRate[];
  /** Calls a week by cell or zone, in the mean. */
  placeRates: FittedFigure[];
  dispersion: Dispersion;
  /** Calls in the file that were not fitted. */
  outsideTime: number;
  endsAsked: 0 | 1 | 2;
  outsideArea: { calls: number; lines: number[] };
  /** Calls whose priority is missing took the one that their category has most. */
  priorityFilledIn: number;
  heldOut: {
    window: Window;
    scores: HeldOutScores;
    outsideArea: { calls: number; lines: number[] };
  } | null;
}

const LINES_NAMED = 20;
/** Fewer calls say too little of hours and places. */
const LEAST_CALLS = 100;
/** Weeks are left out in so many groups where leaving out each would take long. */
const MOST_GROUPS = 10;

/**
 * Cost some seconds for 50,000 calls on 10,000 cells.
 * @throws InputError when there are too few calls or weeks
 */
export function fitDemand(file: CallFile, options: FitOptions): DemandFit {
  const { zone, calls: all, fileName } = file;
  const endUtcMs = options.splitUtcMs ?? options.toUtcMs;
  const window = windowOf(zone, options.fromUtcMs, endUtcMs, fileName);
  const inTime = all.filter(({ utcMs }) => hourAt(window, utcMs) >= 0);
  if (inTime.length === 0) throw InputError.at(fileName, '', 'holds no call in the time that is fitted');
  const places = placesOf(options.places, inTime);
  const { rows, outside } = inArea(inTime, places);
  if (rows.length < LEAST_CALLS) {
    throw InputError.at(
      fileName,
      '',
      `${rows.length} calls in the area are too few; at least ${LEAST_CALLS} are needed`,
    );
  }
  const { kinds, kindOf, priorityFilledIn } = kindsOf(rows, window, fileName);
  const categories = [...new Set(kinds.map(({ category }) => category))];
  const categoryOf = new Map(categories.map((category, ix) => [category, ix]));
  const calls = columnsOf(rows, window, places, categoryOf);
  const { model, judged } = chooseModel(calls, window, places, categories);
  const streams = model.build(() => true);
  const counts = new Float64Array(window.nHours);
  for (const hour of calls.hour) counts[hour]++;
  const rates = rateFigures(model, calls, window);
  return {
    file,
    window,
    places,
    calls,
    rows,
    kinds,
    kindOf,
    model,
    judged,
    streams,
    callsPerHour: ratioByWeek(
      perWeek(window, counts),
      perWeek(window, new Float64Array(counts.length).fill(1)),
      calls.n,
    ),
    rates,
    placeRates: placeFigures(model, streams, calls, window, places),
    dispersion: dispersionOf(
      counts,
      rates.map(({ value }) => value),
      model.effectiveParameters,
      window,
      zone,
    ),
    outsideTime: all.filter(({ utcMs }) => utcMs < options.fromUtcMs || utcMs >= options.toUtcMs).length,
    endsAsked: options.endsAsked ?? 2,
    outsideArea: outside,
    priorityFilledIn,
    heldOut:
      options.splitUtcMs === null
        ? null
        : heldOutOf(file, options.splitUtcMs, options.toUtcMs, streams, window, places),
  };
}

/** The calls after the split, foretold by a fit of those before. */
function heldOutOf(
  { zone, calls: all, fileName }: CallFile,
  fromUtcMs: Ms,
  toUtcMs: Ms,
  streams: Stream[],
  trained: Window,
  places: Places,
): DemandFit['heldOut'] {
  const window = windowOf(zone, fromUtcMs, toUtcMs, fileName);
  const { rows, outside } = inArea(
    all.filter(({ utcMs }) => hourAt(window, utcMs) >= 0),
    places,
  );
  if (rows.length === 0) throw InputError.at(fileName, '', 'holds no call in the area after the split');
  const calls = columnsOf(rows, window, places, new Map());
  return { window, scores: heldOutScores(streams, trained, calls, window, places), outsideArea: outside };
}

function placesOf(choice: FitOptions['places'], calls: readonly ReadCall[]): Places {
  if (choice.type === 'zones') return zonePlaces(choice.zones);
  const box = choice.box ?? usualBox(calls);
  const within = calls.filter(
    ({ lon, lat }) => lon >= box.west && lon < box.east && lat >= box.south && lat < box.north,
  );
  return gridPlaces(box, choice.cellM, within, '--cell');
}

function inArea(calls: readonly ReadCall[], places: Places) {
  const rows: ReadCall[] = [];
  const lines: number[] = [];
  let outside = 0;
  for (const call of calls) {
    if (places.cellOf(call.lon, call.lat) >= 0) {
      rows.push(call);
      continue;
    }
    outside++;
    if (lines.length < LINES_NAMED) lines.push(call.line);
  }
  return { rows, outside: { calls: outside, lines: lines.sort((a, b) => a - b) } };
}

function columnsOf(
  rows: readonly ReadCall[],
  window: Window,
  places: Places,
  categoryOf: ReadonlyMap<string, number>,
): FitCalls {
  return {
    n: rows.length,
    hour: Int32Array.from(rows, ({ utcMs }) => hourAt(window, utcMs)),
    cell: Int32Array.from(rows, ({ lon, lat }) => places.cellOf(lon, lat)),
    category: Uint16Array.from(rows, ({ category }) => categoryOf.get(category) ?? 0),
  };
}

/** Sums over hours by week. */
function perWeek({ nWeeks, week }: Window, ofHour: Float64Array): Float64Array {
  const sums = new Float64Array(nWeeks);
  ofHour.forEach((value, hour) => (sums[week[hour]] += value));
  return sums;
}

/** Rates of all streams together with errors from weeks left out one by one. */
function rateFigures(model: RateModel, calls: FitCalls, window: Window): HourRate[] {
  const total = (isTaken: (week: number) => boolean): Float64Array => {
    const byGroup = model.ratesFrom(isTaken);
    return byGroup[0].map((_, hour) => byGroup.reduce((sum, rates) => sum + rates[hour], 0));
  };
  const ownCalls = new Float64Array(HOURS_PER_WEEK);
  for (const hour of calls.hour) ownCalls[window.hourOfWeek[hour]]++;
  const ownHours = new Float64Array(HOURS_PER_WEEK);
  for (const hour of window.hourOfWeek) ownHours[hour]++;
  const without = Array.from({ length: window.nWeeks }, (_, week) => total((other) => other !== week));
  return Array.from(
    total(() => true),
    (rate, hour) => {
      const se = jackknifeError(without.map((rates) => rates[hour]));
      const pooled = model.pooled[hour];
      return {
        ...withStandardError(rate, se, window.nWeeks, pooled.calls, 0),
        pooledHours: pooled.hours,
        ownCalls: ownCalls[hour],
        ownHours: ownHours[hour],
        weeks: window.nWeeks,
      };
    },
  );
}

/** Calls a week by place with errors from groups of weeks left out. */
function placeFigures(
  model: RateModel,
  streams: readonly Stream[],
  calls: FitCalls,
  window: Window,
  { n, areaKm2 }: Places,
): FittedFigure[] {
  const perWeekOf = (made: readonly Stream[]): Float64Array => {
    const values = new Float64Array(n);
    for (const { rates, density } of made) {
      const calls = sumOf(rates);
      for (let cell = 0; cell < n; cell++) values[cell] += calls * density[cell] * areaKm2[cell];
    }
    return values;
  };
  const behind = new Float64Array(n);
  for (const cell of calls.cell) behind[cell]++;
  const nGroups = Math.min(MOST_GROUPS, window.nWeeks);
  const without = Array.from({ length: nGroups }, (_, group) =>
    perWeekOf(model.build((week) => week % nGroups !== group)),
  );
  return Array.from(perWeekOf(streams), (value, cell) => {
    const se = jackknifeError(without.map((values) => values[cell]));
    return withStandardError(value, se, nGroups, behind[cell], 0);
  });
}
