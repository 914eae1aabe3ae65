/** Calls of a file onto roads, in columns. A call far from every road cannot be answered: it is left out and counted. */
import type { InputProblem } from '../errors.ts';
import type { ReplayedCalls } from '../scenario/scenario.ts';
import { NONE } from '../units.ts';
import type { CityReport } from './city.ts';
import type { RoadsInUse } from './roads-in-use.ts';
import type { Territory } from './territory.ts';

/** In order of occurrence; ties keep the order of the file. */
export interface CallsOnRoads {
  nCalls: number;
  /** From the scored start. */
  occurredMs: Float64Array;
  segment: Uint32Array;
  offsetMm: Uint32Array;
  /** Index into City.zones, or NONE. */
  zone: Uint32Array;
  /** Index into City.categories. */
  category: Uint16Array;
  /** As recorded, or NONE: then drawn from the category's law. */
  onSceneMs: Uint32Array;
  /** Line of the file, from 1. */
  line: Uint32Array;
}

/** Lines named in a message. */
const LINES_NAMED = 20;

/**
 * Snaps calls. Rows off the roads go to the report, or to the problems when the scenario is strict or none is left.
 * Cost O(calls x log segments).
 */
export function callsOnRoads(
  { fileName, strict, rows }: ReplayedCalls,
  snapLimitM: number,
  territory: Territory,
  { snapper, lostRoadOf }: Pick<RoadsInUse, 'snapper' | 'lostRoadOf'>,
  report: CityReport,
  problems: InputProblem[],
): CallsOnRoads {
  const calls = emptyCalls(rows.length);
  const offRoad: number[] = [];
  let moved = 0;
  let n = 0;
  for (const { occurredMs, place, category, onSceneMs, line } of rows) {
    const found = snapper.snap(place.lon, place.lat, snapLimitM);
    if (found === null) {
      offRoad.push(line);
      continue;
    }
    if (lostRoadOf(place, snapLimitM) !== NONE) moved++;
    report.farthestSnapM = Math.max(report.farthestSnapM, found.distanceM);
    calls.occurredMs[n] = occurredMs;
    calls.segment[n] = found.position.segment;
    calls.offsetMm[n] = found.position.offsetMm;
    calls.zone[n] = territory.zoneOfPlace(place);
    calls.category[n] = category;
    calls.onSceneMs[n] = onSceneMs ?? NONE;
    calls.line[n] = line;
    n++;
  }
  if (offRoad.length > 0) {
    offRoad.sort((a, b) => a - b);
    const where = `farther than ${snapLimitM} m from the roads of the connected network`;
    if (strict || n === 0) {
      const named = offRoad.slice(0, LINES_NAMED);
      for (const line of named) {
        problems.push({ file: fileName, place: `line ${line}`, message: `the call lies ${where}` });
      }
      if (offRoad.length > named.length) {
        const message = `and ${offRoad.length - named.length} more calls ${where}`;
        problems.push({ file: fileName, place: '', message });
      }
    } else {
      report.placesOffRoad[fileName] = offRoad.length;
      const more = offRoad.length > 5 ? '…' : '';
      report.warnings.push(
        `${offRoad.length} of ${rows.length} calls of ${fileName} lie ${where} and are left out (line ${offRoad.slice(0, 5).join(', ')}${more})`,
      );
    }
  }
  if (moved > 0) {
    report.warnings.push(
      `${moved} of ${rows.length} calls of ${fileName} stand on another road: theirs is closed or cut off by /roads/changes`,
    );
  }
  return first(calls, n);
}

const emptyCalls = (n: number): CallsOnRoads => ({
  nCalls: n,
  occurredMs: new Float64Array(n),
  segment: new Uint32Array(n),
  offsetMm: new Uint32Array(n),
  zone: new Uint32Array(n),
  category: new Uint16Array(n),
  onSceneMs: new Uint32Array(n),
  line: new Uint32Array(n),
});

/** The first n rows. */
const first = (calls: CallsOnRoads, n: number): CallsOnRoads => ({
  nCalls: n,
  occurredMs: calls.occurredMs.slice(0, n),
  segment: calls.segment.slice(0, n),
  offsetMm: calls.offsetMm.slice(0, n),
  zone: calls.zone.slice(0, n),
  category: calls.category.slice(0, n),
  onSceneMs: calls.onSceneMs.slice(0, n),
  line: calls.line.slice(0, n),
});
