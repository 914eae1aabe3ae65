/**
 * The tables of the results folder: events.parquet, routes.parquet, roads.parquet (columns in results-folder.ts). The
 * files of the replications take one replication at a time, so that a run need not be held as a whole; each begins
 * a row group of its own, so that a reader of one replication fetches that and nothing else.
 */
import { assert } from '../errors.ts';
import { pointOfPosition, type RoadGraph } from '../graph/road-graph.ts';
import { ROAD_CLASSES } from '../import/road-extract.ts';
import { EVENT_KINDS, type LoggedReplication, type LoggedRoute } from '../sim/event-log.ts';
import { fromE7, NONE } from '../units.ts';
import { zoneClassOf } from './call-record.ts';
import { ParquetFile, type ParquetRows } from './parquet-file.ts';
import { EVENT_COLUMNS, ROAD_COLUMNS, ROUTE_COLUMNS } from './results-folder.ts';
import { RUN_METADATA_KEY, runMetadata } from './run-metadata.ts';
import type { RunFacts } from './run-facts.ts';

/** events.parquet: `append` each replication in order of number, then `finish`. */
export class EventsFile {
  private readonly file: ParquetFile;
  private readonly facts: RunFacts;
  private readonly graph: RoadGraph;
  private readonly nPlannedRoutes: number;
  private readonly replications: number[] = [];

  /** @param nPlannedRoutes  drives of the patrol plan; higher numbers in a log are its own */
  constructor(facts: RunFacts, graph: RoadGraph, nPlannedRoutes: number, engineVersion: string) {
    this.file = new ParquetFile(EVENT_COLUMNS, engineVersion);
    this.facts = facts;
    this.graph = graph;
    this.nPlannedRoutes = nPlannedRoutes;
  }

  append(record: Pick<LoggedReplication, 'log' | 'calls'>): void {
    const { replication } = record.log;
    assert(replication > (this.replications.at(-1) ?? 0), 'replications come out of order');
    this.replications.push(replication);
    this.file.append(eventRows(this.facts, this.graph, this.nPlannedRoutes, record));
  }

  /** @param complete  false when the run was interrupted */
  finish(complete: boolean): Promise<Uint8Array> {
    const metadata = runMetadata(this.facts, this.replications, complete);
    return this.file.finish({ [RUN_METADATA_KEY]: JSON.stringify(metadata) });
  }
}

/** One replication as the rows of events.parquet, by column. Cost O(rows). */
export function eventRows(
  facts: RunFacts,
  graph: RoadGraph,
  nPlannedRoutes: number,
  { log, calls }: Pick<LoggedReplication, 'log' | 'calls'>,
): Record<EventColumn, ParquetRows[string]> {
  const rows = emptyRows(EVENT_COLUMNS);
  for (let row = 0; row < log.nEvents; row++) {
    const [call, unit, segment, route] = [log.call[row], log.unit[row], log.segment[row], log.route[row]];
    const kind = EVENT_KINDS[log.kind[row]];
    const offsetMm = log.offsetMm[row];
    const point = segment === NONE ? null : pointOfPosition(graph, { segment, offsetMm });
    const isPlanned = route < nPlannedRoutes;
    rows.replication.push(log.replication);
    rows.seq.push(row);
    rows.timeMs.push(log.timeMs[row]);
    rows.kind.push(kind);
    rows.call.push(orNull(call));
    rows.unit.push(unit === NONE ? null : facts.units[unit]);
    rows.segment.push(orNull(segment));
    rows.offsetMm.push(orNull(offsetMm));
    rows.lon.push(point && fromE7(point.lonE7));
    rows.lat.push(point && fromE7(point.latE7));
    rows.route.push(route === NONE ? null : isPlanned ? route : route - nPlannedRoutes);
    rows.routeReplication.push(route === NONE ? null : isPlanned ? 0 : log.replication);
    rows.detail.push(log.detail[row] === '' ? null : log.detail[row]);
    const isCall = kind === 'callOccurred';
    const category = isCall ? facts.categories[calls.category[call]] : null;
    const zone = isCall ? calls.zone[call] : NONE;
    rows.category.push(category && category.id);
    rows.priority.push(category && category.priority);
    rows.zone.push(zone === NONE ? null : facts.zones[zone].id);
    rows.zoneClass.push(isCall ? zoneClassOf(facts, zone) : null);
    rows.onSceneMs.push(isCall ? calls.onSceneMs[call] : null);
    rows.unitsWanted.push(category && category.units);
    rows.triaged.push(isCall ? calls.triaged[call] : null);
    rows.transported.push(isCall ? calls.transported[call] : null);
    rows.handoverMs.push(isCall ? calls.handoverMs[call] : null);
    rows.reportMs.push(isCall ? calls.reportMs[call] : null);
    rows.parent.push(isCall ? orNull(calls.parent[call]) : null);
    rows.callKey.push(isCall ? calls.key[call] : null);
  }
  return rows;
}

type EventColumn = (typeof EVENT_COLUMNS)[number]['name'];

/** routes.parquet: the planned drives first, then `append` each replication in order of number, then `finish`. */
export class RoutesFile {
  private readonly file: ParquetFile;

  constructor(planned: readonly LoggedRoute[], engineVersion: string) {
    this.file = new ParquetFile(ROUTE_COLUMNS, engineVersion);
    this.write(0, planned);
  }

  append({ log, routes }: Pick<LoggedReplication, 'log' | 'routes'>): void {
    this.write(log.replication, routes);
  }

  finish(): Promise<Uint8Array> {
    return this.file.finish();
  }

  private write(replication: number, routes: readonly LoggedRoute[]): void {
    const rows = emptyRows(ROUTE_COLUMNS);
    routes.forEach(({ segment, fromMm, toMm, endMs }, route) => {
      for (let step = 0; step < segment.length; step++) {
        rows.replication.push(replication);
        rows.route.push(route);
        rows.step.push(step);
        rows.segment.push(segment[step]);
        rows.fromMm.push(fromMm[step]);
        rows.toMm.push(toMm[step]);
        rows.endMs.push(endMs[step]);
      }
    });
    this.file.append(rows);
  }
}

/** roads.parquet: every shape point of every segment. Cost O(shape points). */
export function writeRoads(graph: RoadGraph, engineVersion: string): Promise<Uint8Array> {
  const file = new ParquetFile(ROAD_COLUMNS, engineVersion);
  const rows = emptyRows(ROAD_COLUMNS);
  for (let segment = 0; segment < graph.nSegments; segment++) {
    const name = graph.names[graph.segmentName[segment]];
    for (let i = graph.firstShape[segment]; i < graph.firstShape[segment + 1]; i++) {
      rows.segment.push(segment);
      rows.roadClass.push(ROAD_CLASSES[graph.segmentClass[segment]]);
      rows.name.push(name === '' ? null : name);
      rows.lon.push(fromE7(graph.shapeLonE7[i]));
      rows.lat.push(fromE7(graph.shapeLatE7[i]));
      rows.atMm.push(graph.shapeAtMm[i]);
    }
  }
  file.append(rows);
  return file.finish();
}

const emptyRows = <Name extends string>(
  columns: readonly { readonly name: Name }[],
): Record<Name, ParquetRows[string]> =>
  Object.fromEntries(columns.map(({ name }) => [name, []])) as unknown as Record<Name, ParquetRows[string]>;

const orNull = (index: number): number | null => (index === NONE ? null : index);
