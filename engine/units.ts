/**
 * The engine's units and the constants that stand for "nothing".
 *
 * Inside the engine time is integer milliseconds, length integer millimetres and coordinates are int32 in
 * 1e-7 degrees; JSON, CSV and screens show seconds, metres and degrees. Conversions happen in `scenario/` and
 * `results/` only, so that every comparison in between is between integers.
 */

/** Position of a node in the columns of a `RoadGraph`. */
export type NodeIx = number;
/** Position of a directed arc in the columns of a `RoadGraph`. */
export type ArcIx = number;
/** Position of an undirected road segment in the columns of a `RoadGraph`. */
export type SegmentIx = number;
/** Position of a unit in `City.units`. */
export type UnitIx = number;
/** Position of a call in a `CallTable`. */
export type CallIx = number;
/** Integer milliseconds. */
export type Ms = number;

/** A missing index in a column of indices. */
export const NONE = 0xffff_ffff;

/** A missing time. Two of them add up without leaving the safe integers or a uint32. */
export const UNREACHED_MS = 0x7fff_ffff;

export const E7 = 1e7;
export const MS_PER_S = 1000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;
export const HOURS_PER_WEEK = 168;

/** Degrees to 1e-7 degrees, rounded to the nearest integer (half away from minus infinity, as Math.round). */
export const toE7 = (degrees: number): number => Math.round(degrees * E7);

/** 1e-7 degrees to degrees; prints with at most seven decimals. */
export const fromE7 = (e7: number): number => e7 / E7;

/** Seconds (any number) to whole milliseconds. */
export const secondsToMs = (seconds: number): Ms => Math.round(seconds * MS_PER_S);

/** Milliseconds to seconds, exact to the millisecond when printed. */
export const msToSeconds = (ms: Ms): number => ms / MS_PER_S;
