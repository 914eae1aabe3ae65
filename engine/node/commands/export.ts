/** `patrol135 export`: the connected network as nodes.csv and arcs.csv, so that anybody can check us with another tool. */
import { join } from 'node:path';
import { arcsCsv, nodesCsv } from '../../routing/export.ts';
import { buildMetric } from '../../routing/build-metric.ts';
import { usableSegments } from '../../routing/usable.ts';
import { openPendingFile } from '../files.ts';
import { openGraph } from '../open-graph.ts';
import { type AddCommand, profileNamed, withCommonOptions, withProfile } from './command.ts';

export const addExport: AddCommand = (program, { output }) => {
  const command = program
    .command('export')
    .summary('write the network as nodes.csv and arcs.csv')
    .description(
      'Writes nodes.csv (node,lon,lat,osmNodeId) and arcs.csv (arc,from,to,lengthM,timeMs,osmWayId): exactly the ' +
        'roads of the profile that places are put on. Turn restrictions are not in these tables.',
    )
    .argument('<graph>', 'graph file made by import, or a file of roads')
    .requiredOption('--out <dir>', 'folder for the two files; it is created');
  withCommonOptions(
    withProfile(command),
    '$ patrol135 export city.graph --out tables --profile plain',
  ).action(async (graphPath: string, options: { out: string; profile: string }) => {
    const profile = profileNamed(options.profile);
    const { graph } = await openGraph(graphPath);
    const metric = buildMetric(graph, profile, { siren: false });
    const usable = usableSegments(metric);
    const nodes = await openPendingFile(join(options.out, 'nodes.csv'));
    const arcs = await openPendingFile(join(options.out, 'arcs.csv')).catch(async (error: unknown) => {
      await nodes.discard();
      throw error;
    });
    try {
      for (const text of nodesCsv(graph, usable)) await nodes.write(text);
      for (const text of arcsCsv(graph, metric, usable)) await arcs.write(text);
      await nodes.commit();
      await arcs.commit();
    } finally {
      await nodes.discard();
      await arcs.discard();
    }
    output.say(`nodes.csv and arcs.csv (times of ${metric.name}) written to ${options.out}`);
    output.document({ out: options.out, files: ['nodes.csv', 'arcs.csv'], profile: metric.name });
  });
};
