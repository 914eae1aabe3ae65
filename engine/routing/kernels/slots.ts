/**
 * Words of the header (u32 each) that every label space begins with: counts first, then the byte offsets of its columns,
 * all multiples of 16. This file is read by TypeScript and by AssemblyScript, so it holds whole numbers only.
 */

/** Says that a block is a label space, and of which layout. */
export const MAGIC = 0;
export const TOTAL_BYTES = 1;
export const N_NODES = 2;
/** Arcs of the network that times are given for. */
export const N_ARCS = 3;
/** Completed arcs, and that number padded to a multiple of 4: where DOWN_TIME begins after UP_TIME, in entries. */
export const N_UP = 4;
export const UP_STRIDE = 5;
/** Label entries of one direction, fillers included; 0 in a space for the hierarchy alone. */
export const N_LABELS = 6;
/** Entries of a row that holds one number for each place of a root path: the largest depth + 1, padded to 4. */
export const ROW_LENGTH = 7;
export const N_THREADS = 8;
/** Bytes of the scratch region of one thread, a multiple of 16. */
export const SCRATCH_BYTES = 9;
/** Bytes of a row of ROW_CHANGED, a multiple of 16. */
export const ROW_CHANGED_BYTES = 11;
/** Threads that have taken a scratch region of their own so far. */
export const N_TAKEN = 12;
/** Number of places with a label too long to be exact; the labels serve only while it is 0. */
export const N_TOO_LONG = 10;

// The network and the hierarchy: written once.
/** u32[2 x state]: its place; [2 x state + 1]: its first label entry. */
export const NODE_RECORD = 16;
/** u32 by place: the state. */
export const NODE = 17;
/** u16 by place. */
export const DEPTH = 18;
/** u32 by place. */
export const PARENT = 19;
/** u32 by place: the first place after its subtree. */
export const SUBTREE_END = 20;
/** u32 by place, one more at the end. */
export const FIRST_UP = 21;
/** u32 by completed arc: place of its upper end. */
export const UP = 22;
/** u16 by completed arc: depth of its upper end. */
export const UP_DEPTH = 23;
/** u32 by place, one more at the end. */
export const FIRST_DOWN = 24;
/** u32, the completed arcs from above: place of the lower end. */
export const DOWN = 25;
/** u32: where that arc stands among the completed arcs. */
export const DOWN_ARC = 26;
/** u32 by place, one more at the end. */
export const FIRST_LABEL = 27;
/** u32 by level (32 of them): where its row begins in COMMON_DEPTH, in entries. */
export const COMMON_ROW = 28;
/** u16: sparse table of depths. */
export const COMMON_DEPTH = 29;
/** i32 by network arc: the entry of its completed arc from UP_TIME on (a downward one is UP_STRIDE further); -1 for a loop. */
export const ARC_SLOT = 30;
/** u32 by network arc: place of its lower end. */
export const ARC_PLACE = 31;
/** u32 by network arc: the next one of the same slot, in a ring. */
export const NEXT_ARC = 32;

// One metric.
/** i32 by network arc; at most LABEL_UNREACHED. */
export const ARC_TIME = 33;
/** i32 by slot: the time of a completed arc before shortcuts. */
export const BASE_TIME = 34;
/** i32 by completed arc: time from its lower to its upper end. */
export const UP_TIME = 35;
/** i32 by completed arc: time from its upper to its lower end. */
export const DOWN_TIME = 36;
/** i32 by label entry: time from the place to its ancestor. */
export const TO = 37;
/** i32 by label entry: time from the ancestor to the place. */
export const FROM = 38;

// Scratch of whoever builds or updates; of no meaning at rest, but for the two bitmaps, which are all zero.
/** i32[ROW_LENGTH x ROW_LENGTH]: times between the places of the current root path, and the same transposed. */
export const PATH_TO = 39;
export const PATH_FROM = 40;
/** A few rows of ROW_LENGTH words, see below. */
export const ROWS = 41;
/** Bit of each place whose arcs have to be computed anew; of each place one of whose arcs changed. */
export const QUEUED = 42;
export const CHANGED = 43;
/**
 * Row d + 1, of ROW_CHANGED_BYTES, has a bit for each depth whose times to or from others on the root path changed down to
 * depth d; row 0 is zero.
 */
export const ROW_CHANGED = 44;

/** Scratch of queries: SCRATCH_BYTES for each thread. */
export const SCRATCH = 45;

// The network from behind, for walks back along fastest ways.
/** u32 by state, one more at the end. */
export const FIRST_IN = 46;
/** u32[2 x i]: an arc that enters the state; [2 x i + 1]: the state that it leaves. */
export const ENTERING = 47;

export const HEADER_WORDS = 64;

// Rows of ROWS, each with an entry for each depth.
/** Times of one place's completed arcs, by depth of the upper end: upwards and downwards. */
export const ROW_UP = 0;
export const ROW_DOWN = 1;
/** The same, or the labels of a place to and from each depth, before an update. */
export const ROW_OLD_UP = 2;
export const ROW_OLD_DOWN = 3;
/** Label run of the place of the current root path at each depth: its first entry. */
export const ROW_RUN = 4;
/** How many entries of the row of each depth in PATH_TO and PATH_FROM are known. */
export const ROW_KNOWN = 5;
export const N_ROWS = 6;

/** A missing time inside labels (12 days): two of them add up to an int32. */
export const LABEL_UNREACHED = 0x3fffffff;
/**
 * From here on (6 days) a label counts as too long: two of them could pass for a missing time. Of all numbers up to
 * LABEL_UNREACHED these are the ones that have the bit TOO_LONG_BIT when one is added.
 */
export const LABEL_TOO_LONG = 0x1fffffff;
export const TOO_LONG_BIT = 0x20000000;
