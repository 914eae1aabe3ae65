/** What a case is: a question of the table, answered in rows. */
import type { RoadGraph } from '../engine/graph/road-graph.ts';
import type { GraphName } from './graphs.ts';
import type { Row } from './report.ts';
import type { Subject } from './subject.ts';

export interface RoadCase {
  name: string;
  about: string;
  run: (roads: BenchRoads) => Promise<Row[]>;
}

/** Cases that bring their own data. */
export interface OtherCase {
  name: string;
  about: string;
  run: () => Promise<Row[]>;
}

/** The roads that contenders run on, and the engine ready to answer on them. */
export interface BenchRoads {
  name: GraphName;
  title: string;
  graph: RoadGraph;
  subject: Subject;
  /** Count for a slow contender: fewer on the large graph. */
  fewer: (onPorto: number, onLarge: number) => number;
  /** A goal in milliseconds is one for Porto; elsewhere times are reported. */
  limitMs: (onPorto: number) => number | null;
}

/** Profile of all road cases: no turn rules, so that other libraries hold the same network. */
export const BENCH_PROFILE = 'plain';
