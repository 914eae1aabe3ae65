/** CSV after RFC 4180, with LF ends; and incidents.csv. */
import { assert } from '../errors.ts';
import { pointOfPosition, type RoadGraph } from '../graph/road-graph.ts';
import { fromE7, msToSeconds, NONE, type Ms } from '../units.ts';
import { earlierUnitsMs, endOf, NOT_YET, zoneClassOf, type CallRecords } from './call-record.ts';
import type { RunFacts } from './run-facts.ts';

/** Text, a number as it is, or nothing. */
type CsvCell = string | number | null;

/** Rows of cells as text, one line each. */
export const toCsvText = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');

/**
 * One cell. Text that a spreadsheet would take for a formula (= + - @ tab CR at its start) gets a leading apostrophe,
 * and so does such text behind apostrophes, so that taking one away again gives every text back. Numbers are left as
 * they are: -5 stays a number.
 */
export function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    assert(Number.isFinite(cell), () => `a CSV cell cannot hold ${cell}`);
    return String(cell);
  }
  const safe = /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const INCIDENT_COLUMNS = [
  'replication',
  'call',
  'scored', // 0 for calls of the warm-up
  'category',
  'priority',
  'zone',
  'zoneClass',
  'lon',
  'lat',
  'unit',
  'occurredS', // from the scored start, negative in the warm-up; empty where the run ended first
  'receivedS',
  'readyS',
  'dispatchedS',
  'enRouteS',
  'arrivedS',
  'clearedS',
  'receivedToArrivedS',
  'dispatchedToArrivedS',
  'enRouteToArrivedS',
  'outcome', // cleared, triaged, lost, or open when the run ended
  'unitsWanted',
  'unitsSent', // times that a unit was sent
  'unitsRecalled', // times that one was taken off again
  'staffedS', // the last of the units wanted had arrived
  'waitedS', // ready and no unit on it
  'dispatchDelayS', // from here the time of the first unit: told of the call
  'turnoutS',
  'onSceneS',
  'transportS',
  'handoverS',
  'reportS',
  'parent', // the call that it is linked to or repeats
  'earlierUnitsS', // between ready and dispatched with units on it that did not arrive first: called away, or overtaken
] as const;

/** incidents.csv: one row for each call of each replication, in order. Cost O(calls). */
export function incidentsCsv(
  facts: RunFacts,
  graph: RoadGraph,
  replications: readonly CallRecords[],
): string {
  const parts = [toCsvText([INCIDENT_COLUMNS])];
  for (const calls of replications) {
    const { occurred, received, ready, dispatched, alerted, enRoute, arrived, staffed } = calls.atMs;
    const { left, delivered, reportStarted, freed, cleared } = calls.atMs;
    const rows: CsvCell[][] = [];
    for (let call = 0; call < calls.nCalls; call++) {
      const category = facts.categories[calls.category[call]];
      const zone = calls.zone[call];
      const { lonE7, latE7 } = pointOfPosition(graph, {
        segment: calls.segment[call],
        offsetMm: calls.offsetMm[call],
      });
      rows.push([
        calls.replication,
        call,
        occurred[call] >= 0 ? 1 : 0,
        category.id,
        category.priority,
        zone === NONE ? null : facts.zones[zone].id,
        zoneClassOf(facts, zone),
        fromE7(lonE7),
        fromE7(latE7),
        calls.unit[call] === NONE ? null : facts.units[calls.unit[call]],
        ...[occurred, received, ready, dispatched, enRoute, arrived, cleared].map((at) => seconds(at[call])),
        between(received[call], arrived[call]),
        between(dispatched[call], arrived[call]),
        between(enRoute[call], arrived[call]),
        endOf(calls, call),
        calls.unitsWanted[call],
        calls.nSent[call],
        calls.nRecalled[call],
        seconds(staffed[call]),
        msToSeconds(calls.waitedMs[call]),
        between(dispatched[call], alerted[call]),
        between(alerted[call], enRoute[call]),
        between(arrived[call], left[call]),
        between(left[call], delivered[call]),
        between(delivered[call], reportStarted[call]),
        between(reportStarted[call], freed[call]),
        calls.parent[call] === NONE ? null : calls.parent[call],
        seconds(earlierUnitsMs(calls, call)),
      ]);
    }
    parts.push(toCsvText(rows));
  }
  return parts.join('');
}

const seconds = (ms: Ms): number | null => (ms === NOT_YET ? null : msToSeconds(ms));
const between = (from: Ms, to: Ms): number | null => (to === NOT_YET ? null : msToSeconds(to - from));
