/**
 * How much a property test tries: on every push, or in full, which takes up to an hour: `npm run test:full` (vitest sets
 * MODE), or PATROL135_FULL=1 with any choice of tests.
 */
export const FULL = process.env.MODE === 'full' || process.env.PATROL135_FULL === '1';

export const count = (push: number, full: number): number => (FULL ? full : push);

/** Time limit of a test that takes some seconds on a push. */
export const TIMEOUT_MS = FULL ? 4 * 3_600_000 : 300_000;
