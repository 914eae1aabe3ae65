/** Every maximum of the engine, with its reason. Input beyond a limit is refused before memory is taken for it. */
export const LIMITS = {
  /** Blob header of an OSM PBF file; the format's own limit. */
  pbfBlobHeaderBytes: 64 * 1024,
  /** Blob of an OSM PBF file, packed or unpacked; the format's own limit. */
  pbfBlobBytes: 32 * 1024 * 1024,
  /** Any input file: what a typed array and a Node buffer hold without trouble. */
  fileBytes: 2 * 1024 ** 3,
  /** Text formats are held as one string while they are parsed; V8's longest string is 512 MB. */
  textBytes: 480 * 1024 ** 2,
  /** Road nodes of an extract: a large province. */
  roadNodes: 20_000_000,
  /** Arcs of a road graph. */
  roadArcs: 50_000_000,
  /** Cells of a time matrix: 400 MB of uint32. */
  matrixCells: 100_000_000,
  units: 30_000,
  callsPerReplication: 10_000_000,
  eventsPerReplication: 100_000_000,
  replications: 10_000,
  /** A scenario is text that people read; more is data and belongs in a file beside it. */
  scenarioBytes: 16 * 1024 * 1024,
  jsonDepth: 64,
  nameLength: 200,
  /** Length of one OSM tag key or value; longer ones are counted and cut off from use. */
  tagLength: 1024,
} as const;
