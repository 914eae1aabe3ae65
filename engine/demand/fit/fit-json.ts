/**
 * `fit.json`: everything a fit found, for programs. Rates are calls an hour unless a name says otherwise; every figure
 * has its standard error, its 95 % interval (Student, weeks as the independent things) and the calls behind it.
 */
import { localTimeText } from '../../scenario/local-time.ts';
import { localOf } from '../../scenario/time-zone.ts';
import { MS_PER_HOUR } from '../../units.ts';
import type { FittedFigure } from './by-week.ts';
import type { DurationFit, FittedLaw } from './duration-laws.ts';
import { clusteringRemark } from './dispersion.ts';
import type { DemandFit, HourRate } from './fit.ts';
import type { RateKernel } from './weekly-rates.ts';
import type { Window } from './window.ts';

/** Local times of the first and one past the last hour, without offset. */
interface SpanJson {
  from: string;
  to: string;
  hours: number;
  weeks: number;
}

interface OutsideJson {
  calls: number;
  /** The first lines of the file. */
  lines: number[];
}

interface DurationFitJson {
  n: number;
  /** Law that is used; `empirical`: the durations themselves. */
  chosen: DurationFit['chosen'];
  meanS: number;
  meanSe: number;
  cv: number;
  ksAllowed: number;
  laws: FittedLaw[];
}

export interface DemandFitJson {
  version: 1;
  engine: string;
  file: {
    name: string;
    sha256: string;
    timeZone: { name: string; release: string | null };
    rows: number;
    kept: number;
    leftOut: number;
    faults: { fault: string; rows: number; lines: number[] }[];
    twiceHour: { first: number; second: number };
  };
  fitted: SpanJson & {
    calls: number;
    outsideTime: number;
    outsideArea: OutsideJson;
    priorityFilledIn: number;
  };
  area:
    | { type: 'grid'; cellM: number; box: [number, number, number, number]; cells: number; km2: number }
    | { type: 'zones'; zones: number; km2: number };
  model: {
    chosen: string;
    /** Every model, judged on weeks that it was made without. */
    judged: { model: string; heldOutPerCall: number; gain: number; gainSe: number }[];
    streams: {
      name: string;
      /** Smoothing of the rates. */
      kernel: RateKernel;
      /** What the density of places is mixed of; the weights add up to 1. */
      placeWeights: Record<string, number>;
      /** 168 rates from Monday 00:00. */
      callsPerHour: number[];
    }[];
  };
  callsPerHour: FittedFigure;
  /** 168 from Monday 00:00, of all streams together; `n` are the calls that the smoothing pools, `ownCalls` those of that very hour. */
  callsPerHourOfWeek: HourRate[];
  categories: {
    id: string;
    category: string;
    priority: number | null;
    share: FittedFigure;
    onScene: (DurationFitJson & { of: 'kind' | 'all' }) | null;
  }[];
  dispersion: DemandFit['dispersion'] & {
    /** What it means for a Poisson demand; null where calls may be Poisson. */
    remark: string | null;
  };
  heldOut:
    | (SpanJson & {
        calls: number;
        outsideArea: OutsideJson;
        /** Mean log-likelihood of a call; rates in calls an hour and square kilometre. */
        logLikelihoodPerCall: Record<'fit' | 'constantRate' | 'hoursWithoutPlaces', FittedFigure>;
        /** How much the fit is above the others, call by call. */
        gainOver: Record<'constantRate' | 'hoursWithoutPlaces', FittedFigure>;
      })
    | null;
}

export function demandFitJson(fit: DemandFit, sha256: string, engine: string): DemandFitJson {
  const { file, model, streams, heldOut } = fit;
  const { report, zone } = file;
  return {
    version: 1,
    engine,
    file: {
      name: file.fileName,
      sha256,
      timeZone: { name: zone.name, release: zone.release },
      rows: report.rows,
      kept: report.kept,
      leftOut: report.leftOut,
      faults: report.faults.map(({ fault, rows, first }) => ({
        fault,
        rows,
        lines: first.map(({ line }) => line),
      })),
      twiceHour: report.twiceHour,
    },
    fitted: {
      ...spanJson(fit, fit.window),
      calls: fit.calls.n,
      outsideTime: fit.outsideTime,
      outsideArea: fit.outsideArea,
      priorityFilledIn: fit.priorityFilledIn,
    },
    area: areaJson(fit),
    model: {
      chosen: model.type,
      judged: fit.judged.map(({ type, heldOutPerCall, gain, gainSe }) => ({
        model: type,
        heldOutPerCall,
        gain,
        gainSe,
      })),
      streams: streams.map(({ name, rates }, g) => ({
        name,
        kernel: model.kernels[Math.min(g, model.kernels.length - 1)],
        placeWeights: Object.fromEntries(
          model.components.map((component, part) => [component.name, model.weights[g][part]]),
        ),
        callsPerHour: [...rates],
      })),
    },
    callsPerHour: fit.callsPerHour,
    callsPerHourOfWeek: fit.rates,
    categories: fit.kinds.map(({ id, category, priority, share, onScene }) => ({
      id,
      category,
      priority,
      share,
      onScene: onScene && { of: onScene.of, ...durationJson(onScene.fit) },
    })),
    dispersion: { ...fit.dispersion, remark: clusteringRemark(fit.dispersion) },
    heldOut: heldOut && {
      ...spanJson(fit, heldOut.window),
      calls: heldOut.scores.calls,
      outsideArea: heldOut.outsideArea,
      logLikelihoodPerCall: {
        fit: heldOut.scores.fit,
        constantRate: heldOut.scores.constantRate,
        hoursWithoutPlaces: heldOut.scores.hoursWithoutPlaces,
      },
      gainOver: {
        constantRate: heldOut.scores.overConstantRate,
        hoursWithoutPlaces: heldOut.scores.overHoursWithoutPlaces,
      },
    },
  };
}

function spanJson({ file: { zone } }: DemandFit, { fromUtcMs, nHours, nWeeks }: Window): SpanJson {
  const local = (utcMs: number): string => localTimeText(localOf(zone, utcMs));
  return {
    from: local(fromUtcMs),
    to: local(fromUtcMs + nHours * MS_PER_HOUR),
    hours: nHours,
    weeks: nWeeks,
  };
}

function areaJson({ places: { shape, n, areaKm2 } }: DemandFit): DemandFitJson['area'] {
  const km2 = areaKm2.reduce((sum, area) => sum + area, 0);
  if (shape.type === 'zones') return { type: 'zones', zones: n, km2 };
  const { west, south, east, north } = shape.box;
  return { type: 'grid', cellM: shape.grid.cellM, box: [west, south, east, north], cells: n, km2 };
}

const durationJson = ({ n, chosen, meanS, meanSe, cv, ksAllowed, laws }: DurationFit): DurationFitJson => ({
  n,
  chosen,
  meanS,
  meanSe,
  cv,
  ksAllowed,
  laws,
});
