/** `patrol135 demand fit`: rates, places, categories and times on scene estimated from a call file. */
import { basename, join } from 'node:path';
import { demandBlock, USUAL_PRIORITY, withoutPriority } from '../../demand/fit/demand-block.ts';
import { type DemandFit, fitDemand, type FitOptions } from '../../demand/fit/fit.ts';
import { demandFitJson } from '../../demand/fit/fit-json.ts';
import {
  categoryTable,
  findingLines,
  heldOutTable,
  readingLines,
  type ReportTable,
} from '../../demand/fit/fit-report.ts';
import { fitSvg } from '../../demand/fit/fit-svg.ts';
import { placeRatesCsv } from '../../demand/fit/place-rates.ts';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { toJsonText } from '../../results/json.ts';
import { type CallFile, readCallFile } from '../../scenario/calls-csv.ts';
import { listed } from '../../scenario/problems.ts';
import { fileRequest, toSourceFile } from '../../scenario/source-file.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { readInputFile, refuseSameFile, writeFileWhole } from '../files.ts';
import {
  coveredHours,
  parseBox,
  parseColumns,
  parseLaws,
  parseLocalHour,
  parsePriorities,
} from '../fit-options.ts';
import { readFitZones } from '../fit-zones.ts';
import type { Output } from '../output.ts';
import { textTable } from '../text-table.ts';
import { type AddCommand, collect, positiveNumber, withCommonOptions } from './command.ts';
import { parseGrants } from './scenario-options.ts';

interface FitCommandOptions {
  columns?: string[];
  timeZone?: string;
  categoryUntil?: string;
  onScene?: string;
  onSceneLaw?: string[];
  priority?: string[];
  from?: string;
  to?: string;
  split?: string;
  cell?: number;
  box?: string;
  zones?: string;
  zoneId?: string;
  data?: string[];
  strict?: boolean;
  out?: string;
}

const USUAL_CELL_M = 500;

export const addDemand: AddCommand = (program, { output }) => {
  const demand = program
    .command('demand')
    .summary('demand from a file of calls')
    .description('Demand from a file of calls.');
  const command = demand
    .command('fit')
    .summary('estimate rates, places and times on scene from a call file')
    .description(
      'Reads calls from a CSV file (plain or gzip) and estimates rates by hour of the week and place, the mix of ' +
        'categories and priorities, and the law of the time on scene, each with its 95 % interval. Writes fit.json, ' +
        'fit.svg, place-rates.csv and demand.json, a demand ready to be put into a scenario, with its files of places. ' +
        'With --split the calls from that date on are not fitted but foretold.',
    )
    .argument('<calls>', 'CSV file with a header')
    .option(
      '--columns <list>',
      'names of columns: time=…,lon=…,lat=…,category=…,priority=…,onSceneS=…,id=…; a name with a comma stands in ' +
        'quotation marks, as in time="date, local" (for the shell in \'…\' as a whole); may be given several times',
      collect,
    )
    .option('--time-zone <name>', 'IANA name of the zone of local times, such as America/New_York')
    .option('--category-until <text>', 'of a category take only what stands before this text')
    .option('--on-scene <column>', 'column of seconds on scene')
    .option(
      '--on-scene-law <law>',
      'time on scene where the file has none, such as lognormal:1800:0.9 or EMS=gamma:2400:0.7; may be given several times',
      collect,
    )
    .option(
      '--priority <number>',
      `priority where the file has none, such as 2 or EMS=1 (usual: ${USUAL_PRIORITY})`,
      collect,
    )
    .option('--from <date>', 'local date or hour from which calls count (usual: the first full hour)')
    .option(
      '--to <date>',
      'local date or hour before which calls count (usual: the end of the last full hour)',
    )
    .option('--split <date>', 'fit the calls before this local date and judge the fit by those after it')
    .option(
      '--cell <metres>',
      `side of the cells of places (usual: ${USUAL_CELL_M})`,
      positiveNumber(100_000),
    )
    .option(
      '--box <w,s,e,n>',
      'box of the cells in degrees (usual: that of the middle 99.8 % of calls, and a tenth more)',
    )
    .option('--zones <file>', 'estimate by zone instead: a GeoJSON file of polygons, or a scenario')
    .option('--zone-id <property>', 'property of a GeoJSON feature that holds the id of the zone')
    .option('--data <name=dir>', 'grant a folder that the scenario of --zones asks for', collect)
    .option('--strict', 'refuse the file for any row at fault, instead of leaving it out')
    .option('--out <dir>', 'folder to write to');
  withCommonOptions(
    command,
    '$ patrol135 demand fit calls.csv --columns time=timeStamp,lon=lng,lat=lat,category=title \\\n      --time-zone America/New_York --on-scene-law lognormal:1800:0.9 --out demand',
  ).action(async (path: string, options: FitCommandOptions) => {
    const stated = {
      onSceneS: parseLaws(options.onSceneLaw ?? []),
      priorities: parsePriorities(options.priority ?? []),
    };
    const columns = parseColumns(options.columns ?? [], options.onScene);
    const stored = await readInputFile(path, LIMITS.textBytes);
    const source = await toSourceFile(fileRequest(basename(path), path, ''), stored, path, '');
    const file = await readCallFile(source, {
      columns,
      columnSetBy: (key) =>
        key === 'onSceneS' && options.onScene !== undefined ? '--on-scene NAME' : `--columns ${key}=NAME`,
      timeZone: options.timeZone,
      categoryUntil: options.categoryUntil,
      strict: options.strict,
      zoneOrigin: { file: '--time-zone', place: '' },
    });
    const fitOptions = await askedOf(file, options, output);
    output.note(`fitting ${file.calls.length} calls`);
    const fit = fitDemand(file, fitOptions);
    refuseUnknownCategories(fit, stated);
    // what the file does not tell is asked for before anything is written
    const block = options.out === undefined ? null : demandBlock(fit, stated);
    const json = demandFitJson(fit, source.sha256, ENGINE_VERSION);

    for (const line of readingLines(fit)) output.say(line);
    output.say();
    for (const line of findingLines(fit)) output.say(line);
    output.say();
    output.say(tableText(categoryTable(fit, stated.onSceneS)));
    if (json.heldOut !== null) {
      output.say(`\nHeld out: ${json.heldOut.calls} calls from ${json.heldOut.from} to ${json.heldOut.to}`);
      output.say(tableText(heldOutTable(json.heldOut)));
    }
    if (options.out !== undefined && block !== null) {
      const unstated = withoutPriority(fit, stated);
      if (unstated.length > 0) {
        const which = unstated.length === fit.kinds.length ? 'all calls' : `calls of ${listed(unstated)}`;
        output.warn(
          `the file names no priorities: ${which} of demand.json have priority ${USUAL_PRIORITY} (--priority states others)`,
        );
      }
      const out = options.out;
      const files = new Map([
        ['fit.json', toJsonText(json)],
        ['fit.svg', fitSvg(fit, `Calls of ${source.name}, ${json.fitted.from} to ${json.fitted.to}`)],
        ['place-rates.csv', placeRatesCsv(fit)],
        ['demand.json', toJsonText({ demand: block.demand })],
        ...block.files,
      ]);
      for (const name of files.keys()) await refuseSameFile(path, join(out, name));
      for (const [name, text] of files) await writeFileWhole(join(out, name), text);
      output.say(`\nWritten to ${out}: ${[...files.keys()].join(', ')}`);
    }
    output.document(json);
  });
};

const tableText = ({ head, rows }: ReportTable): string => textTable(head, rows);

async function askedOf(file: CallFile, options: FitCommandOptions, output: Output): Promise<FitOptions> {
  const { zone } = file;
  const covered = coveredHours(file);
  const hour = (text: string | undefined, option: string, usual: number): number =>
    text === undefined ? usual : parseLocalHour(text, option, zone);
  const fromUtcMs = hour(options.from, '--from', covered.fromUtcMs);
  const toUtcMs = hour(options.to, '--to', covered.toUtcMs);
  if (fromUtcMs >= toUtcMs) throw InputError.at('--from, --to', '', 'leave no time between them');
  const splitUtcMs = options.split === undefined ? null : parseLocalHour(options.split, '--split', zone);
  if (splitUtcMs !== null && (splitUtcMs <= fromUtcMs || splitUtcMs >= toUtcMs)) {
    throw InputError.at('--split', '', `"${options.split ?? ''}" does not lie inside the time of the calls`);
  }
  const endsAsked = [options.from, options.to].filter((end) => end !== undefined).length as 0 | 1 | 2;
  return { fromUtcMs, toUtcMs, endsAsked, splitUtcMs, places: await placesAsked(options, output) };
}

async function placesAsked(
  { zones: path, zoneId, data, cell, box }: FitCommandOptions,
  output: Output,
): Promise<FitOptions['places']> {
  if (path === undefined) {
    if (zoneId !== undefined) throw InputError.at('--zone-id', '', 'has no meaning without --zones');
    return { type: 'grid', cellM: cell ?? USUAL_CELL_M, box: box === undefined ? null : parseBox(box) };
  }
  if (cell !== undefined || box !== undefined) {
    throw InputError.at(
      '--zones',
      '',
      'takes the place of cells: --cell and --box have no meaning beside it',
    );
  }
  const { zones, warnings } = await readFitZones(path, zoneId, parseGrants(data));
  for (const warning of warnings) output.warn(warning);
  return { type: 'zones', zones };
}

/** A category named in an option that no call has is a slip. */
function refuseUnknownCategories({ kinds }: DemandFit, stated: Parameters<typeof demandBlock>[1]): void {
  const known = new Set(kinds.map(({ category }) => category));
  const problems = [
    ...[...stated.onSceneS.keys()].map((category) => ({ category, file: '--on-scene-law' })),
    ...[...stated.priorities.keys()].map((category) => ({ category, file: '--priority' })),
  ]
    .filter(({ category }) => category !== '' && !known.has(category))
    .map(({ category, file }) => ({
      file,
      place: `"${category}"`,
      message: `is not a category of the calls; they have: ${[...known].slice(0, 20).join(', ')}`,
    }));
  if (problems.length > 0) throw new InputError(problems);
}
