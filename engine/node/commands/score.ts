/** `patrol135 score`: a finished run under any response standard, from its event log, without simulating. */
import { join } from 'node:path';
import { InputError, nearestName } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import type { CallLabels } from '../../results/call-record.ts';
import { scoreRun } from '../../results/read-events.ts';
import { REPLAYED_CALLS } from '../../results/report-table.ts';
import { RESULT_FILES } from '../../results/results-folder.ts';
import { parseStandard, STANDARD_PRESETS } from '../../scenario/standards.ts';
import { NO_ZONE_CLASS, type StandardJson } from '../../scenario/schema.ts';
import { readInputFile, statOrNull } from '../files.ts';
import { recoverFolder } from '../output-folder.ts';
import { standardReport } from '../run-report.ts';
import { type AddCommand, withCommonOptions } from './command.ts';

export const addScore: AddCommand = (program, { output }) => {
  const command = program
    .command('score')
    .summary('score a finished run under a response standard')
    .description(
      'Reads the event log of a results folder and scores it under response standards, without simulating. A clause ' +
        'whose event the log does not hold is named instead of given a number.\n\n' +
        `Presets: ${Object.keys(STANDARD_PRESETS).join(', ')}`,
    )
    .argument('<results>', 'results folder')
    .option('--standard <file|preset...>', 'standards to score under (default: those of the run)');
  withCommonOptions(
    command,
    '$ patrol135 score results/gothenburg --standard zone-1-3-5 our-standard.json',
  ).action(async (results: string, { standard: names }: { standard?: string[] }) => {
    const standards = names === undefined ? undefined : await Promise.all(names.map(openStandard));
    await recoverFolder(results);
    if ((await statOrNull(results))?.isDirectory() !== true) {
      throw InputError.at(results, '', 'is not a results folder; name one that `patrol135 run` has written');
    }
    const path = join(results, RESULT_FILES.events);
    if (
      (await statOrNull(path)) === null &&
      (await statOrNull(join(results, RESULT_FILES.manifest))) !== null
    ) {
      throw InputError.at(results, '', `has no ${RESULT_FILES.events}: the run kept no event log (--no-log)`);
    }
    const events = await readInputFile(path, LIMITS.fileBytes);
    const { run, labels, standards: scores } = await scoreRun(events, path, standards);
    for (const note of (standards ?? []).flatMap((standard) => unmatchedNames(standard, labels)))
      output.warn(note);

    const nDone = run.replications.length;
    const done = `${nDone} replication${nDone === 1 ? '' : 's'}${run.complete ? '' : ', interrupted: not complete'}`;
    output.say(`Run ${run.scenario} (${done}), 95 % intervals in brackets`);
    for (const score of scores) output.say(`\n${standardReport(score)}`);
    const sameCalls = run.sameCalls === true;
    if (sameCalls && nDone > 1) output.say(`\n${REPLAYED_CALLS}`);
    output.document({
      results,
      scenario: run.scenario,
      replications: run.replications.length,
      sameCalls,
      complete: run.complete,
      standards: scores,
    });
  });
};

/** What a standard of one's own selects that no call of the run has: often a slip of the pen. Presets name classes of many cities. */
function unmatchedNames(standard: StandardJson, { zones, categories }: CallLabels): string[] {
  if (Object.values(STANDARD_PRESETS).includes(standard)) return [];
  const known = {
    zoneClass: [...new Set([...zones.map((zone) => zone.class), NO_ZONE_CLASS])],
    category: categories.map((category) => category.id),
  };
  return standard.clauses.flatMap((clause) =>
    (['zoneClass', 'category'] as const).flatMap((key) =>
      (clause.selector[key] ?? [])
        .filter((name) => !known[key].includes(name))
        .map((name) => {
          const near = nearestName(name, known[key]);
          const hint =
            near === undefined ? `the run has ${known[key].join(', ')}` : `did you mean "${near}"?`;
          return `${standard.id} / ${clause.id} selects ${key} "${name}", which no call of this run has (${hint})`;
        }),
    ),
  );
}

/** A preset by name, or a standard from its JSON file. @throws InputError with the nearest preset */
async function openStandard(name: string): Promise<StandardJson> {
  if (Object.hasOwn(STANDARD_PRESETS, name)) return STANDARD_PRESETS[name];
  if ((await statOrNull(name)) === null) {
    const presets = Object.keys(STANDARD_PRESETS);
    const near = nearestName(name, presets);
    const hint = near === undefined ? `presets are ${presets.join(', ')}` : `did you mean "${near}"?`;
    throw InputError.at('--standard', '', `"${name}" is neither a file nor a preset (${hint})`);
  }
  return parseStandard(name, await readInputFile(name, LIMITS.scenarioBytes));
}
