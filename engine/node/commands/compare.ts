/** `patrol135 compare`: plans on the same calls, their differences with intervals, or the best of many. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { toJsonText } from '../../results/json.ts';
import { parseEdit, type ScenarioEdit } from '../../scenario/edits.ts';
import { bestPlan, type BestPlanJson } from '../../study/best-plan.ts';
import { compare, type ComparisonJson, planLetter } from '../../study/comparison.ts';
import { byText, differenceSentences, LANGUAGES, type Language } from '../../study/comparison-words.ts';
import { type FigureOf, FIGURES, MAIN_FIGURES, parseFigure, unitOf } from '../../study/figures.ts';
import { ofStudyTask, studyTask, type PlanReplication } from '../../study/plan-replication.ts';
import { createTaskQueue } from '../../study/task-queue.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { bestPlanReport, comparisonReport, planLine } from '../compare-report.ts';
import { asFileError, writeFileWhole } from '../files.ts';
import { defaultWorkers, runReplications } from '../pool.ts';
import { startProgress } from '../progress.ts';
import { callsGuard, openStudy, type PlanRequest, type Study, studyPool } from '../study.ts';
import {
  type AddCommand,
  collect,
  type Context,
  parseSeed,
  wholeNumber,
  withCommonOptions,
} from './command.ts';
import { parseGrants } from './scenario-options.ts';

interface CompareFlags {
  data?: string[];
  set?: string[];
  replications?: number;
  seed?: number | string;
  workers?: number;
  metric?: string[];
  unpaired?: true;
  allPairs?: true;
  best?: true;
  indifference?: string;
  confidence: string;
  first: number;
  out?: string;
  lang: Language;
}

/** Figures that get a sentence where nobody names figures. */
const SPOKEN: readonly string[] = ['within1min', 'within3min', 'within5min', 'late'];
/** Plans with more than this many letters could not be told apart on a screen. */
const MOST_PLANS = 100;
const MOST_IN_RACE = 1000;

export const addCompare: AddCommand = (program, context) => {
  const command = program
    .command('compare')
    .summary('plans on the same calls: differences with intervals, or the best of many')
    .description(
      'Simulates plans on the same calls (same seed, replication by replication) and says how far they differ, with ' +
        '95 % intervals of the differences; with --best, which of many is the best. Plans are called A, B, C… in the ' +
        'order given; --set makes more of them by edits, without a copy of the file.',
    )
    .argument('<scenarios...>', 'scenario folders or JSON files')
    .option(
      '--set <[plan:]path=value>',
      'edits a plan before it is read, as in --set B:dispatch.type=maximal-coverage or --set B:units.1A.post=post-2; a ' +
        'plan that no scenario was given for starts as plan A; without a letter all plans are edited; another type of ' +
        'dispatch, moveUp or queue starts from its defaults and keeps what the same command sets for the plan',
      collect,
    )
    .option('--data <name=dir>', 'grant a folder that scenarios ask for; may be given several times', collect)
    .option(
      '--replications <n>',
      `of each plan (default: as plan A says); with --best at most so many (default: ${MOST_IN_RACE})`,
      wholeNumber(2, LIMITS.replications),
    )
    .option('--seed <n>', 'of all plans (default: that of plan A)', parseSeed)
    .option(
      '--workers <n>',
      'threads; results do not depend on it (default: one for each core)',
      wholeNumber(1, 256),
    )
    .option(
      '--metric <figure[@group]>',
      `a figure to compare, as in within3min@zoneClass:core; may be given several times (${FIGURES.join(', ')}; default: the main ones of all calls; with --best one, default within3min)`,
      collect,
    )
    .option('--unpaired', 'compare plans although their calls differ, as independent samples (Welch)')
    .option('--all-pairs', 'every plan with every other instead of with plan A')
    .option('--best', 'find the best plan: simulate on until the others have fallen behind (procedure KN)')
    .option(
      '--indifference <d>',
      'with --best: the smallest difference worth finding, a share (0.01 is one percentage point), seconds or hours as the figure',
    )
    .option('--confidence <p>', 'with --best: probability of selecting the best', '0.95')
    .option(
      '--first <n>',
      'with --best: replications of every plan before any drops out',
      wholeNumber(2, 1000),
      20,
    )
    .option('--out <dir>', 'folder to write compare.json to')
    .addOption(
      new Option('--lang <language>', 'language of tables and sentences').choices(LANGUAGES).default('en'),
    );
  withCommonOptions(
    command,
    '$ patrol135 compare scenarios/gothenburg --set B:dispatch.type=maximal-coverage --replications 20\n' +
      '$ patrol135 compare north.json south.json east.json --best --indifference 0.01',
  ).action((paths: string[], flags: CompareFlags) => runCompare(paths, flags, context));
};

async function runCompare(paths: string[], flags: CompareFlags, context: Context): Promise<void> {
  const { output } = context;
  const requests = planRequests(paths, flags.set ?? []);
  const asked = (flags.metric ?? []).map((text) => parseFigure(text));
  const figures = distinct(
    asked.length > 0 ? asked : flags.best ? [{ figure: 'within3min', group: 'all' }] : MAIN_FIGURES,
  );
  const race = flags.best ? raceOptions(flags, figures, requests.length) : null;
  const study = await openStudy(requests, {
    data: parseGrants(flags.data),
    seed: flags.seed,
    figures,
    onStep: output.note,
    onWarning: output.warn,
  });
  context.reproduction.seed = study.seed;
  const { lang } = flags;
  if (race !== null) {
    output.say(study.plans.map(({ about }) => planLine(about)).join('\n'));
    const best = await runRace(study, figures[0], race, flags, context);
    output.say(`\n${bestPlanReport(best, lang)}`);
    await finish(best, flags, context);
    return;
  }
  const comparison = await runComparison(study, figures, flags, context);
  const isSpoken = asked.length > 0 ? () => true : ({ figure }: FigureOf) => SPOKEN.includes(figure);
  output.say(comparisonReport(comparison, isSpoken, lang));
  const sentences = comparison.figures.flatMap((figure) => differenceSentences(comparison, figure));
  await finish({ ...comparison, sentences }, flags, context);
}

/** Plans by letter: the scenarios given, and those that edits make of the first. @throws InputError */
function planRequests(paths: readonly string[], sets: readonly string[]): PlanRequest[] {
  const edits = sets.map((text) => {
    const [, letter, edit] = /^(?:([A-Z]{1,2}):)?(.*)$/s.exec(text) as unknown as [
      string,
      string | undefined,
      string,
    ];
    return { letter, edit: parseEdit(edit, letter === undefined ? '--set' : `plan ${letter}: --set`) };
  });
  const letters = Array.from({ length: MOST_PLANS }, (_, i) => planLetter(i));
  const highest = edits.reduce(
    (n, { letter }) => Math.max(n, letters.indexOf(letter ?? 'A') + 1),
    paths.length,
  );
  const unknown = edits.filter(({ letter }) => letter !== undefined && !letters.includes(letter));
  const untouched = letters
    .slice(paths.length, highest)
    .filter((letter) => !edits.some((each) => each.letter === letter));
  const problem = (place: string, message: string) => InputError.at('--set', place, message);
  if (unknown.length > 0)
    throw problem(`"${unknown[0].letter}:"`, `is no plan; plans are A to ${letters[MOST_PLANS - 1]}`);
  if (untouched.length > 0)
    throw problem(`"${untouched[0]}:"`, `plan ${untouched[0]} is left out: no scenario and no edit makes it`);
  if (highest < 2)
    throw InputError.at(
      'compare',
      '',
      'needs two plans at least: another scenario, or edits of this one such as --set B:dispatch.type=maximal-coverage',
    );
  if (highest > MOST_PLANS)
    throw InputError.at('compare', '', `takes at most ${MOST_PLANS} plans, not ${highest}`);
  return letters.slice(0, highest).map((letter, i): PlanRequest => {
    // a plan that no scenario was given for starts as plan A, edits of A included
    const startsAsFirst = i >= paths.length;
    const scoped = edits.flatMap((each): ScenarioEdit[] => {
      if (each.letter === undefined) return [{ ...each.edit, scope: 'all plans' }];
      if (each.letter === letter) return [{ ...each.edit, scope: 'this plan' }];
      return startsAsFirst && each.letter === 'A' ? [{ ...each.edit, scope: 'first plan' }] : [];
    });
    const isOwn = ({ scope }: ScenarioEdit) => startsAsFirst && scope === 'this plan';
    return {
      path: paths[i] ?? paths[0],
      edits: [...scoped.filter((edit) => !isOwn(edit)), ...scoped.filter(isOwn)],
    };
  });
}

const distinct = (figures: readonly FigureOf[]): FigureOf[] =>
  figures.filter(
    ({ figure, group }, i) =>
      figures.findIndex((each) => each.figure === figure && each.group === group) === i,
  );

interface RaceOptions {
  confidence: number;
  indifference: number;
  allowed: number;
}

/** @throws InputError with all that is wrong */
function raceOptions(flags: CompareFlags, figures: readonly FigureOf[], nPlans: number): RaceOptions {
  const problems: { file: string; place: string; message: string }[] = [];
  const problem = (file: string, message: string) => problems.push({ file, place: '', message });
  const { indifference, confidence, first, replications: allowed = MOST_IN_RACE } = flags;
  const delta = Number(indifference);
  const unit = unitOf(figures[0].figure);
  if (figures.length > 1) problem('--metric', '--best goes by one figure');
  if (indifference === undefined || !(delta > 0) || (unit === 'share' && delta >= 1)) {
    const allowedText =
      unit === 'share' ? 'a share above 0 such as 0.01' : `${unit === 's' ? 'seconds' : 'hours'} above 0`;
    problem(
      '--indifference',
      `${indifference === undefined ? 'is missing' : `${indifference} is not allowed`}: ${allowedText}`,
    );
  }
  const probability = Number(confidence);
  if (!(probability > 1 / nPlans && probability < 1))
    problem('--confidence', `${confidence} is not between 1/${nPlans} (a blind choice) and 1`);
  if (allowed < first)
    problem('--replications', `${allowed} is less than the ${first} of the first stage (--first)`);
  if (flags.allPairs === true) problem('--all-pairs', 'means nothing beside --best');
  if (problems.length > 0) throw new InputError(problems);
  return { confidence: probability, indifference: delta, allowed };
}

async function runComparison(
  study: Study,
  figures: readonly FigureOf[],
  flags: CompareFlags,
  { output }: Context,
): Promise<ComparisonJson> {
  const { plans, seed } = study;
  const nReplications = flags.replications ?? study.replications;
  if (nReplications < 2) {
    const message = `plan A asks for ${nReplications} replication, which shows no spread; give --replications 2 or more`;
    throw InputError.at('--replications', '', message);
  }
  const tasks = plans.length * nReplications;
  const paired = flags.unpaired !== true;
  const guard = callsGuard(study);
  const pool = studyPool(study, figures, flags.workers ?? defaultWorkers(tasks));
  const progress = startProgress(output, 'simulations', tasks);
  let next = 1;
  const { records } = await runReplications(pool, tasks, {
    onDone: (done) => progress.update(done),
    isLast: (record) => {
      if (paired) guard(ofStudyTask(plans.length, next++).plan, record);
      return false;
    },
  }).finally(() => progress.stop());
  return compare({
    engineVersion: ENGINE_VERSION,
    seed,
    plans,
    figures,
    replications: plans.map((_, plan) =>
      records.filter((__, i) => ofStudyTask(plans.length, i + 1).plan === plan),
    ),
    paired,
    allPairs: flags.allPairs === true,
  });
}

async function runRace(
  study: Study,
  figure: FigureOf,
  options: RaceOptions,
  flags: CompareFlags,
  { output }: Context,
): Promise<BestPlanJson> {
  const { plans, seed } = study;
  const paired = flags.unpaired !== true;
  const workers = flags.workers ?? defaultWorkers(plans.length * options.allowed);
  const pool = studyPool(study, [figure], workers);
  const queue = createTaskQueue<PlanReplication>((task) => pool.run(task), workers);
  const guard = callsGuard(study);
  const progress = startProgress(output, 'replications of plans in the race, at most', options.allowed);
  const unit = unitOf(figure.figure);
  let most = options.allowed;
  try {
    return await bestPlan({
      ...options,
      engineVersion: ENGINE_VERSION,
      seed,
      plans,
      figure,
      first: flags.first,
      paired,
      want: (plan, replication) => queue.want(studyTask(plans.length, plan, replication)),
      forget: (plan, replication) => queue.forget(studyTask(plans.length, plan, replication)),
      ahead: (nInRace) => Math.ceil((2 * workers) / nInRace),
      onReplications: (results) => {
        if (paired) for (const { plan, result } of results) guard(plan, result);
        progress.update(results[0].result.replication, most);
      },
      onFirstStage: (neededAtMost) => {
        most = Math.min(options.allowed, neededAtMost);
        output.note(`after the first stage: ${neededAtMost} replications of a plan at most`);
      },
      onEliminated: ({ plan, eliminated, replications }) => {
        const { by, behind } = eliminated!;
        output.note(
          `after ${replications} replications plan ${plan} drops out, ${byText(behind, unit)} behind ${by}`,
        );
      },
    });
  } finally {
    progress.stop();
    await pool.close();
  }
}

async function finish(document: object, { out }: CompareFlags, { output }: Context): Promise<void> {
  if (out !== undefined) {
    await mkdir(out, { recursive: true }).catch((error: unknown) => {
      throw asFileError(out, 'written', error);
    });
    const path = join(out, 'compare.json');
    await writeFileWhole(path, toJsonText(document));
    output.say(`\nWritten to ${path}`);
  }
  output.document(document);
}
