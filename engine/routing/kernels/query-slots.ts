/**
 * Words at the beginning of the scratch region of a thread, and the sizes of its buffers. A word named for a buffer holds
 * its byte address; `query-scratch.ts` writes them. Read by TypeScript and by AssemblyScript: whole numbers only.
 */

/** u64, counters of work: label entries read by queries; times of arcs read by sweeps. The same for every kernel. */
export const LABEL_ENTRIES_READ = 0;
export const ARCS_SWEPT = 2;
/** Where the values go that are loaded only to have them in the cache. */
export const TOUCHED = 4;

// Positions as ends: ends first[i] .. first[i + 1] - 1, counted from first[0], belong to position i. Two such tables.
/** u32 by position, one more at the end. */
export const FIRST_A = 8;
export const FIRST_B = 9;
/** u32 by end. */
export const STATE_A = 10;
export const STATE_B = 11;
/** u32 by end: time between the position and the state. */
export const TIME_A = 12;
export const TIME_B = 13;
/** i32 by pair or position: the answers. */
export const ANSWER = 14;
/** Runs to be combined, RUN_BYTES each: number of entries, address of one run, of the other, time to add, address of the answer. */
export const RUNS = 15;
/** Where a walk back stands: its state, and the time to it; and the time at which it may stop. See `walkBack`. */
export const WALK_STATE = 28;
export const WALK_MS = 29;
export const WALK_UNTIL_MS = 30;
/** Two gathered labels: the one of a source (direction 0), the one of a target (direction 1). */
export const GATHERED = 16;
/** Bytes from the one to the other. */
export const GATHERED_BYTES = 17;

// Sweeps.
/** i32[16] by swept place: times of 16 sources. */
export const DIST = 18;
/** u8 by swept place: 1 where DIST holds times of a label already. */
export const SEEDED = 19;
/** u32 by place: its number in the sweep, NOT_SWEPT where it takes no part. */
export const NUMBER = 20;
/** The sweep: for each place in turn the number of its arcs, the first of them, and the address of DIST of each upper end. */
export const PLAN = 21;
/** Number of places in the plan. */
export const N_SWEPT = 22;
/** Tells a plan from one that took its place; how many were given a number so far. */
export const PLAN_ID = 23;
export const N_PLANS = 24;
/** Whether the plan holds every place. */
export const PLAN_IS_WHOLE = 25;
/** i32[16][ROW_STRIDE]: answers of a sweep, a row for each source; i32[4][16] behind them. */
export const ANSWER_ROWS = 26;
/** u32[max(ROW_LENGTH, MAX_CLASS) + 1]: counts of a sort. */
export const HISTOGRAM = 27;

export const HEAD_WORDS = 32;

/** How answers tell a time that is none. */
export const UNREACHED_MS = 0x7fffffff;
/** NUMBER of a place that takes no part. */
export const NOT_SWEPT = 0xffffffff;

/** Positions, and ends, that a table takes at a time. */
export const MAX_POSITIONS = 1024;
export const MAX_ENDS = 4096;
/** Ends of one gathered label: one bit each in a u64. */
export const MAX_GATHERED_ENDS = 64;
/** Runs whose first loads are under way together: enough to hide the memory's delay, few enough for the first-level cache. */
export const MAX_RUNS = 64;
export const RUN_BYTES = 20;
/** A gathered label: number of groups; 16 bytes on for each group its place, number of entries and address of its run. */
export const GROUP_BYTES = 16;
/** Sources of a sweep. */
export const LANES = 16;
/** Answers copied out at a time for each source, and words between rows: no power of two, or all rows fall on one cache set. */
export const MAX_ROW = 1024;
export const ROW_STRIDE = 1040;
/** Places of more arcs than this are sorted alike. */
export const MAX_CLASS = 63;
