/** The tiers of 1, 3 and 5 minutes, which coverage is told by whatever standard a scenario is scored under. */

/** The longest response of each tier, by the name that the share of calls within it has in results. */
export const TIERS_MS = { within1min: 60_000, within3min: 180_000, within5min: 300_000 } as const;
