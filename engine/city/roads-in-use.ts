/** The roads as the profiles of a scenario may use them, and what of the network they leave out. */
import { InputError } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import type { Metric } from '../routing/metric.ts';
import { profilesOf } from '../routing/own-profiles.ts';
import { missingModeMessage, servesProfile } from '../routing/profile.ts';
import { usableByAll } from '../routing/usable.ts';
import type { LonLat, Scenario } from '../scenario/scenario.ts';
import { createSnapper, mainSegments, type Snapper } from '../spatial/snap.ts';
import { NONE, type SegmentIx } from '../units.ts';
import { metricOf, type MetricSource } from './metrics.ts';
import { roadChangesOf } from './road-changes.ts';

export interface RoadsInUse extends MetricSource {
  /** 1 for each segment that every profile in use can reach and leave: where places lie and calls come from. */
  usable: Uint8Array;
  /** Onto these. */
  snapper: Snapper;
  /** What is left out, in words. */
  warnings: string[];
  /** The segment that a place would stand on, were no road changed, where it has to stand elsewhere now; NONE otherwise. */
  lostRoadOf: (place: LonLat, limitM: number) => SegmentIx;
}

/**
 * @throws InputError for a profile whose mode the roads were not read for, a changed way that does not exist, and roads
 *   of which nothing is left
 */
export function roadsInUse(scenario: Scenario, graph: RoadGraph): RoadsInUse {
  const profiles = profilesOf(scenario);
  const names = profilesInUse(scenario);
  const unserved = names
    .map((name) => profiles.get(name)!)
    .filter((profile) => !servesProfile(graph, profile));
  if (unserved.length > 0) {
    throw new InputError(
      unserved.map((profile) => ({
        file: scenario.fileName,
        place: '/roads/modes',
        message: missingModeMessage(graph, profile),
      })),
    );
  }
  const changes = roadChangesOf(scenario, graph);
  const source: MetricSource = { scenario, graph, profiles, changes, metrics: new Map() };
  const usable = usableByAll(metricsOf(source, names, scenario));
  const main = mainSegments(graph);
  const unchanged =
    changes === null
      ? usable
      : usableByAll(metricsOf({ ...source, changes: null, metrics: new Map() }, names, scenario));

  const warnings: string[] = [];
  const barredMm = lengthMm(graph, (s) => main[s] === 1 && unchanged[s] === 0);
  if (barredMm > 0) {
    warnings.push(
      `${km(barredMm)} of connected road cannot be reached and left again by every profile in use ` +
        `(${names.join(', ')}): access or turn restrictions bar it; nothing is placed there and no call comes from there`,
    );
  }
  const closedMm = lengthMm(graph, (s) => unchanged[s] === 1 && changes?.closed[s] === 1);
  const cutOffMm = lengthMm(graph, (s) => unchanged[s] === 1 && usable[s] === 0 && changes?.closed[s] === 0);
  if (closedMm + cutOffMm > 0) {
    warnings.push(
      `/roads/changes close ${km(closedMm)} of road and cut off ${km(cutOffMm)} more; nothing is placed there and no call comes from there`,
    );
  }

  const snapper = createSnapper(graph, usable);
  const before = changes === null ? null : createSnapper(graph, unchanged);
  const lostRoadOf = ({ lon, lat }: LonLat, limitM: number): SegmentIx => {
    const lost = before?.snap(lon, lat, limitM) ?? null;
    const found = lost && snapper.snap(lon, lat, limitM);
    if (lost === null || usable[lost.position.segment] === 1) return NONE;
    // a place at the end of a lost road stands on the open one that begins there
    return found !== null && found.distanceM === lost.distanceM ? NONE : lost.position.segment;
  };
  return { ...source, usable, snapper, warnings, lostRoadOf };
}

/** Names of the profiles that units answer calls and patrol by. */
const profilesInUse = ({ units, patrol }: Pick<Scenario, 'units' | 'patrol'>): string[] => [
  ...new Set([...units.map((unit) => unit.profile), patrol.profile]),
];

/** With and without siren, as calls ask for it. */
function metricsOf(source: MetricSource, names: readonly string[], { demand }: Scenario): Metric[] {
  const sirens = demand.categories.some(({ siren }) => siren) ? [false, true] : [false];
  return [...new Set(names.flatMap((name) => sirens.map((siren) => metricOf(source, name, { siren }))))];
}

function lengthMm(
  { nSegments, segmentLengthMm }: RoadGraph,
  counts: (segment: SegmentIx) => boolean,
): number {
  let sum = 0;
  for (let s = 0; s < nSegments; s++) if (counts(s)) sum += segmentLengthMm[s];
  return sum;
}

const km = (mm: number): string => `${(mm / 1e6).toFixed(3)} km`;
