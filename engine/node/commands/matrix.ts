/** `patrol135 matrix`: exact travel times between two lists of points, as a CSV file. */
import { csvFormatRow } from 'd3-dsv';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { fastestRouter, withLabels } from '../../routing/fastest-router.ts';
import { buildMetric } from '../../routing/build-metric.ts';
import { usableSegments } from '../../routing/usable.ts';
import { createSnapper } from '../../spatial/snap.ts';
import { UNREACHED_MS } from '../../units.ts';
import { openPendingFile, refuseSameFile } from '../files.ts';
import { openGraph } from '../open-graph.ts';
import { openHierarchies } from '../order-cache.ts';
import { placePoints, readPointsCsv } from '../points-csv.ts';
import { startProgress } from '../progress.ts';
import {
  type AddCommand,
  profileNamed,
  withCommonOptions,
  withProfile,
  withSiren,
  withSnapLimit,
} from './command.ts';

/** Cells computed before they are written and the signals are heard. */
const CELLS_PER_BLOCK = 500_000;

interface MatrixOptions {
  from: string;
  to: string;
  out: string;
  profile: string;
  siren: boolean;
  snapLimit: number;
}

/** From so many origins on, building tree labels costs less than a search for each; the times are the same. */
const ORIGINS_FOR_LABELS = 30;

export const addMatrix: AddCommand = (program, { output }) => {
  const command = program
    .command('matrix')
    .summary('write travel times between two lists of points')
    .description(
      'Reads two CSV files with the columns id,lon,lat and writes from,to,timeMs: one row for each pair, in the order ' +
        'of the two files, timeMs empty where there is no path. A point at the coordinates of a node is that node ' +
        '(of several nodes on one spot the one whose number is the id, else the lowest); other points stand on the ' +
        'nearest road. Times are drives from the moment the wheels turn.',
    )
    .argument('<graph>', 'graph file made by import, or a file of roads')
    .requiredOption('--from <file>', 'CSV file of origins')
    .requiredOption('--to <file>', 'CSV file of destinations')
    .requiredOption('--out <file>', 'CSV file to write');
  withCommonOptions(
    withSnapLimit(withSiren(withProfile(command))),
    '$ patrol135 matrix city.graph --from posts.csv --to places.csv --out times.csv',
  ).action(async (graphPath: string, options: MatrixOptions) => {
    const profile = profileNamed(options.profile);
    for (const input of [graphPath, options.from, options.to]) await refuseSameFile(input, options.out);
    const origins = await readPointsCsv(options.from);
    const destinations = await readPointsCsv(options.to);
    refuseTooLarge(origins.length, destinations.length);

    const { graph, bytes } = await openGraph(graphPath);
    const metric = buildMetric(graph, profile, { siren: options.siren });
    const snapper = createSnapper(graph, usableSegments(metric));
    const from = placePoints(origins, options.from, graph, snapper, options.snapLimit);
    const to = placePoints(destinations, options.to, graph, snapper, options.snapLimit);
    const router = fastestRouter(
      origins.length >= ORIGINS_FOR_LABELS
        ? withLabels([metric], {
            hierarchies: await openHierarchies(graphPath, bytes, graph, output),
            withSweeps: true,
          })[0]
        : metric,
    );

    const toIds = destinations.map(({ id }) => csvFormatRow([id]));
    const file = await openPendingFile(options.out);
    let noPath = 0;
    try {
      await file.write('from,to,timeMs\n');
      const progress = startProgress(output, 'origins', origins.length);
      const rowsPerBlock = Math.max(1, Math.floor(CELLS_PER_BLOCK / to.positions.length));
      for (let first = 0; first < origins.length; first += rowsPerBlock) {
        const block = from.positions.slice(first, first + rowsPerBlock);
        const times = router.matrix(block, to.positions);
        let text = '';
        for (let row = 0; row < block.length; row++) {
          const fromId = csvFormatRow([origins[first + row].id]);
          for (let column = 0; column < toIds.length; column++) {
            const timeMs = times[row * toIds.length + column];
            if (timeMs === UNREACHED_MS) noPath++;
            text += `${fromId},${toIds[column]},${timeMs === UNREACHED_MS ? '' : timeMs}\n`;
          }
        }
        await file.write(text);
        progress.update(first + block.length);
      }
      progress.stop();
      await file.commit();
    } finally {
      await file.discard();
    }

    const pairs = origins.length * destinations.length;
    const farthestM = Math.round(Math.max(from.farthestM, to.farthestM) * 10) / 10;
    const atNodes = from.atNodes + to.atNodes;
    const placed = `${atNodes} of ${origins.length + destinations.length} points are nodes; the farthest lies ${farthestM} m from its road`;
    output.say(
      `${pairs} travel times (${router.metric.name}) written to ${options.out}; ${noPath} without a path`,
    );
    output.say(placed);
    output.document({ out: options.out, profile: router.metric.name, pairs, noPath, atNodes, farthestM });
  });
};

function refuseTooLarge(origins: number, destinations: number): void {
  const cells = origins * destinations;
  if (cells <= LIMITS.matrixCells) return;
  const gigabytes = (cells * 4) / 1e9;
  throw InputError.at(
    '--from, --to',
    '',
    `${origins} x ${destinations} = ${cells} travel times would take ${gigabytes.toFixed(1)} GB; at most ` +
      `${LIMITS.matrixCells} are computed at once, split the files`,
  );
}
