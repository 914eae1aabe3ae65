/** The figures of response times by the names that they have in the rows `achieved` of kpis.json. */

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

/** Seconds of the figures that are shares of calls reached within a time. */
export const WITHIN_S: Readonly<Partial<Record<ResponseFigure, number>>> = {
  within1min: 60,
  within3min: 180,
  within5min: 300,
};

/** The figures that are percentiles. */
export const PERCENTILES: Readonly<Partial<Record<ResponseFigure, number>>> = {
  p50S: 0.5,
  p90S: 0.9,
  p95S: 0.95,
};
