/** `patrol135 reach`: the roads that can be reached from a place, or from which it can be reached, within a time. */
import { InvalidArgumentError } from 'commander';
import type { EdgeInterval, RoadGraph } from '../../graph/road-graph.ts';
import { reachFeature } from '../../routing/geojson.ts';
import { lengthOfIntervalsMm, unionOfIntervals } from '../../routing/interval-shape.ts';
import { ReachQuery } from '../../routing/reach-query.ts';
import { buildMetric } from '../../routing/build-metric.ts';
import { usableSegments } from '../../routing/usable.ts';
import { createSnapper } from '../../spatial/snap.ts';
import { secondsToMs } from '../../units.ts';
import { refuseSameFile, writeFileWhole } from '../files.ts';
import { openGraph } from '../open-graph.ts';
import { parsePlaces, placePoints } from '../points-csv.ts';
import {
  type AddCommand,
  collect,
  positiveNumber,
  profileNamed,
  withCommonOptions,
  withProfile,
  withSiren,
  withSnapLimit,
} from './command.ts';

interface ReachOptions {
  at: string[];
  within: number[];
  direction: 'from' | 'to';
  profile: string;
  siren: boolean;
  snapLimit: number;
  out?: string;
}

/** Roads within one time of one place, or of any of the places (`at` is null). */
interface Reach {
  at: [number, number] | null;
  withinS: number;
  lengthM: number;
  intervals: EdgeInterval[];
}

export const addReach: AddCommand = (program, { output }) => {
  const command = program
    .command('reach')
    .summary('show the roads within some seconds of a place')
    .description(
      'Computes every stretch of road that can be reached from a place within a time, or from which the place can be ' +
        'reached, from the moment the wheels turn. With several places their union is given too.',
    )
    .argument('<graph>', 'graph file made by import, or a file of roads')
    .requiredOption('--at <lon,lat>', 'place in degrees; may be given several times', collect)
    .requiredOption('--within <seconds>', 'one time or several, such as 60,180,300', parseTimes)
    .option(
      '--direction <direction>',
      'from: where can one get to; to: who can get here',
      parseDirection,
      'from',
    )
    .option('--out <file>', 'GeoJSON file to write');
  withCommonOptions(
    withSnapLimit(withSiren(withProfile(command))),
    '$ patrol135 reach city.graph --at 11.97,57.70 --within 60,180,300 --out reach.geojson',
  ).action(async (graphPath: string, options: ReachOptions) => {
    const profile = profileNamed(options.profile);
    if (options.out !== undefined) await refuseSameFile(graphPath, options.out);
    const places = parsePlaces(options.at.map((text) => ({ option: '--at', text })));
    const { graph } = await openGraph(graphPath);
    const metric = buildMetric(graph, profile, { siren: options.siren });
    const snapper = createSnapper(graph, usableSegments(metric));
    const { positions } = placePoints(places, '--at', graph, snapper, options.snapLimit);
    const query = new ReachQuery(metric);
    const limitsMs = options.within.map(secondsToMs);
    const ofPlaces = positions.map((position) => query[options.direction](position, limitsMs));

    const found: Reach[] = [];
    for (const [l, withinS] of options.within.entries()) {
      const each = ofPlaces.map((limits) => limits[l]);
      each.forEach((intervals, p) => found.push(reach([places[p].lon, places[p].lat], withinS, intervals)));
      if (each.length > 1) found.push(reach(null, withinS, unionOfIntervals(each)));
    }

    for (const { at, withinS, lengthM } of found) {
      const where = at === null ? 'any of the places' : at.join(',');
      output.say(
        `${options.direction} ${where} within ${withinS} s: ${(lengthM / 1000).toFixed(3)} km of road`,
      );
    }
    const geojson = toGeoJson(graph, found, options.direction, metric.name);
    if (options.out !== undefined) {
      await writeFileWhole(options.out, `${JSON.stringify(geojson)}\n`);
      output.say(`GeoJSON written to ${options.out}`);
    }
    output.document({
      direction: options.direction,
      profile: metric.name,
      reach: found.map(({ at, withinS, lengthM }) => ({ at, withinS, lengthM })),
      ...(options.out === undefined ? { geojson } : { out: options.out }),
    });
  });
};

function reach(at: Reach['at'], withinS: number, intervals: EdgeInterval[]): Reach {
  return { at, withinS, lengthM: lengthOfIntervalsMm(intervals) / 1000, intervals };
}

function toGeoJson(graph: RoadGraph, found: readonly Reach[], direction: string, profile: string) {
  return {
    type: 'FeatureCollection',
    attribution: graph.source.attribution,
    features: found.map(({ at, withinS, lengthM, intervals }) =>
      reachFeature(graph, intervals, { at, direction, withinS, lengthM, profile }),
    ),
  };
}

/** Longest time that `reach` takes: a day; more reaches everything anyway. */
const MAX_WITHIN_S = 86_400;

function parseTimes(text: string): number[] {
  const parse = positiveNumber(MAX_WITHIN_S);
  return text.split(',').map((part) => parse(part.trim()));
}

function parseDirection(text: string): 'from' | 'to' {
  if (text !== 'from' && text !== 'to') throw new InvalidArgumentError('It must be from or to.');
  return text;
}
