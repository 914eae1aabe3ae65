/** `patrol135 route`: the fastest drive between two places, street by street. */
import { InfeasibleError } from '../../errors.ts';
import { createRouter } from '../../routing/dijkstra-router.ts';
import { routeFeature, streetSteps } from '../../routing/geojson.ts';
import { buildMetric } from '../../routing/build-metric.ts';
import { usableSegments } from '../../routing/usable.ts';
import { createSnapper } from '../../spatial/snap.ts';
import { refuseSameFile, writeFileWhole } from '../files.ts';
import { openGraph } from '../open-graph.ts';
import { parsePlaces, placePoints } from '../points-csv.ts';
import { textTable } from '../text-table.ts';
import {
  type AddCommand,
  profileNamed,
  withCommonOptions,
  withProfile,
  withSiren,
  withSnapLimit,
} from './command.ts';

interface RouteOptions {
  from: string;
  to: string;
  profile: string;
  siren: boolean;
  snapLimit: number;
  out?: string;
}

export const addRoute: AddCommand = (program, { output }) => {
  const command = program
    .command('route')
    .summary('show the fastest drive between two places')
    .description(
      'Finds the fastest drive between two places, on the turns that the profile may take, and lists its streets. ' +
        'Of drives that are equally fast it is always the same one.',
    )
    .argument('<graph>', 'graph file made by import, or a file of roads')
    .requiredOption('--from <lon,lat>', 'start, in degrees')
    .requiredOption('--to <lon,lat>', 'end, in degrees')
    .option('--out <file>', 'GeoJSON file to write');
  withCommonOptions(
    withSnapLimit(withSiren(withProfile(command))),
    '$ patrol135 route city.graph --from 11.97,57.70 --to 11.99,57.71 --out drive.geojson',
  ).action(async (graphPath: string, options: RouteOptions) => {
    const profile = profileNamed(options.profile);
    if (options.out !== undefined) await refuseSameFile(graphPath, options.out);
    const places = parsePlaces([
      { option: '--from', text: options.from },
      { option: '--to', text: options.to },
    ]);
    const { graph } = await openGraph(graphPath);
    const metric = buildMetric(graph, profile, { siren: options.siren });
    const snapper = createSnapper(graph, usableSegments(metric));
    const { positions } = placePoints(places, '--from, --to', graph, snapper, options.snapLimit);
    // one search: labels would take longer to build than it takes to settle the whole city
    const router = createRouter(metric);
    const route = router.route(positions[0], positions[1]);
    if (route === null) {
      const { from, to } = options;
      throw new InfeasibleError(`no drive leads from ${from} to ${to} by ${router.metric.name}`);
    }

    const feature = routeFeature(graph, route, { profile: router.metric.name });
    const steps = streetSteps(graph, route);
    output.say(
      textTable(
        ['street', 'length m', 'time s'],
        steps.map(({ name, lengthM, timeS }) => [name || '(no name)', lengthM.toFixed(0), timeS.toFixed(1)]),
      ),
    );
    const km = (route.lengthMm / 1e6).toFixed(3);
    output.say(`${km} km in ${(route.travelTimeMs / 1000).toFixed(1)} s (${router.metric.name})`);
    if (options.out !== undefined) {
      const geojson = {
        type: 'FeatureCollection',
        attribution: graph.source.attribution,
        features: [feature],
      };
      await writeFileWhole(options.out, `${JSON.stringify(geojson)}\n`);
      output.say(`GeoJSON written to ${options.out}`);
    }
    output.document({
      profile: router.metric.name,
      travelTimeS: route.travelTimeMs / 1000,
      lengthM: route.lengthMm / 1000,
      steps,
      ...(options.out === undefined ? { geojson: feature } : { out: options.out }),
    });
  });
};
