/** The figures of response times by the names that they have in the rows `achieved` of kpis.json. */
import { TIERS_MS } from '../scenario/tiers.ts';
import type { Ms } from '../units.ts';

export const RESPONSE_FIGURES = [
  'within1min',
  'within3min',
  'within5min',
  'meanS',
  'p50S',
  'p90S',
  'p95S',
] as const;
export type ResponseFigure = (typeof RESPONSE_FIGURES)[number];

/** Longest response of the figures that are shares of calls reached within a time. */
export const WITHIN_MS: Readonly<Partial<Record<ResponseFigure, Ms>>> = TIERS_MS;

/** The figures that are percentiles. */
export const PERCENTILES: Readonly<Partial<Record<ResponseFigure, number>>> = {
  p50S: 0.5,
  p90S: 0.9,
  p95S: 0.95,
};
