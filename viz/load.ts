/**
 * Opens a results folder, bounded at every step: sizes before bytes, row counts before columns, one replication at a
 * time. Runs in a worker in the page (load-worker.ts) and as it is in tests.
 */
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { buildDrives, ROUTE_READ } from './drives.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { readTable, replicationsIn } from './parquet-table.ts';
import { readPlaces, readPostUnits, type Places } from './places.ts';
import { buildReplay, EVENT_READ, type Replay } from './replay.ts';
import { buildRoads, ROAD_READ, type Roads } from './roads.ts';
import type { ResultsSource } from './source.ts';
import { readJson } from './summary.ts';

export interface City {
  roads: Roads;
  places: Places;
  /** Units that are out of reach on their way home. */
  postUnits: ReadonlySet<string>;
}

/** What a progress report speaks of. */
export type LoadStage = 'roads' | 'events' | 'routes';
type Progress = (stage: LoadStage, share: number) => void;

/** Roads and places; the same for every replication. */
export async function loadCity(source: ResultsSource, progress: Progress): Promise<City> {
  const table = await readTable({
    file: source.open(RESULT_FILES.roads),
    fileName: RESULT_FILES.roads,
    ...ROAD_READ,
    progress: (share) => progress('roads', share),
  });
  const roads = buildRoads(table);
  return {
    roads,
    places: readPlaces(await readJson(source, RESULT_FILES.city), roads.middle),
    postUnits: readPostUnits(await readJson(source, RESULT_FILES.scenario)),
  };
}

/** Numbers of the replications that can be played, ascending (the first is 1). */
export const loadReplicationNumbers = (source: ResultsSource): Promise<number[]> =>
  replicationsIn(source.open(RESULT_FILES.events), RESULT_FILES.events);

/** Planned drives stand in routes.parquet under this number, shared by all replications. */
const PLANNED = 0;

/** One replication: its events, its own drives and the planned drives. */
export async function loadReplay(
  source: ResultsSource,
  { roads, postUnits }: Pick<City, 'roads' | 'postUnits'>,
  replication: number,
  progress: Progress,
): Promise<Replay> {
  const events = await readTable({
    file: source.open(RESULT_FILES.events),
    fileName: RESULT_FILES.events,
    ...EVENT_READ,
    replications: [replication],
    progress: (share) => progress('events', share),
  });
  const routes = await readTable({
    file: source.open(RESULT_FILES.routes),
    fileName: RESULT_FILES.routes,
    columns: ROUTE_READ,
    replications: [PLANNED, replication],
    maxRows: VIEWER_LIMITS.routeSteps,
    progress: (share) => progress('routes', share),
  });
  return buildReplay(replication, events, roads, buildDrives(routes, roads), postUnits);
}
