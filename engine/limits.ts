/**
 * Every maximum that input is held to, with its reason. What lies beyond is refused before memory is taken for it. Counts
 * that end a search (swaps, moves, nodes of a tree) stand beside their search.
 */
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
  /** Turn restrictions of an extract: the planet has some two million, an extract of so many nodes far fewer. */
  restrictions: 1_000_000,
  /** Vertices looked at to place them: a million restrictions on ways of two hundred vertices. */
  restrictionVertices: 200_000_000,
  /** Probes for one id or place in a table: real ones need some dozens, only a file made to slow us down needs more. */
  tableProbes: 4096,
  /** Problems of one road file that are gathered: more of them help nobody. */
  roadProblems: 20,
  /** Tree labels of all metrics of a run together; metrics beyond it answer from the hierarchy, slower. */
  labelBytes: 2 * 1024 ** 3,
  /** Travel times between posts and every state of the network, of one metric and direction; beyond it the router is asked. */
  postTableBytes: 256 * 1024 ** 2,
  /** Units of a scenario, counts included: the police of a large city. */
  units: 30_000,
  /** Calls of a replication: a year of one of the largest cities. */
  callsPerReplication: 10_000_000,
  /** Calls that wait at once: beyond it a run above capacity would only fill memory. Further ones are lost, and counted. */
  waitingCalls: 100_000,
  /** Rows of a replication's event log, ten for each of the most calls. */
  eventsPerReplication: 100_000_000,
  /** Intervals shrink with the square root: more than this buys no digit. */
  replications: 10_000,
  /** A page of events.parquet unpacks to about a megabyte; one that claims more than this was not written by us. */
  parquetPageBytes: 256 * 1024 ** 2,
  /** A scenario is text that people read; more is data and belongs in a file beside it. */
  scenarioBytes: 16 * 1024 * 1024,
  /** Objects and lists within each other: no honest file comes near, and a stack is not endless. */
  jsonDepth: 64,
  /** One element of a list of roads in JSON, or one other value beside it. */
  jsonElementBytes: 16 * 1024 * 1024,
  /** Elements of OSM XML within each other; an honest file is three deep: osm, way, tag. */
  xmlDepth: 8,
  /** Text between two XML tags, or one tag. */
  xmlStretchBytes: 16 * 1024 * 1024,
  /** Names and ids in characters: what a table or a map can still show. */
  nameLength: 200,
  /** Length of one OSM tag key or value; longer ones are counted and cut off from use. */
  tagLength: 1024,
} as const;
