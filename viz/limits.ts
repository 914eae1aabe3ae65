/**
 * Every maximum of the viewer, with its reason. A results folder beyond a limit is refused before memory is taken
 * for it. The total can be raised with `?limitMB=` in the address.
 */
export const VIEWER_LIMITS = {
  /** All files of a results folder together: what a browser tab on an office PC holds without trouble. */
  totalBytes: 256 * 1024 ** 2,
  /** One JSON file: parsed as a whole, and strings cost twice their bytes. */
  jsonBytes: 64 * 1024 ** 2,
  /** Shape points of the road network: a large province. */
  shapePoints: 8_000_000,
  /** Events of one replication. */
  events: 4_000_000,
  /** Steps of the drives of one replication, with the planned drives of replication 0. */
  routeSteps: 16_000_000,
  /** One Parquet page once unpacked; writers aim at 1 MB. */
  pageBytes: 128 * 1024 ** 2,
  /** Units drawn and listed; the engine's own limit. */
  units: 30_000,
  /** Features of city.geojson. */
  features: 200_000,
  /** Positions in all shapes of city.geojson. */
  positions: 5_000_000,
  /** Replications a manifest may claim; the engine's own limit. */
  replications: 10_000,
  /** Rows of one list in kpis.json. */
  rows: 100_000,
  /** Entries of a dropped folder that are looked at. */
  droppedEntries: 2_000,
  /** Incidents listed at once; the list says how many it leaves out. */
  listedCalls: 150,
  /** Candidates shown for one dispatch decision; the panel says how many it leaves out. */
  listedCandidates: 8,
  /** Moves between bases listed at once, newest first. */
  listedMoves: 40,
} as const;
