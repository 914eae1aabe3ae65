/** `patrol135 run`: a scenario into a results folder, and the 1-3-5 table on the screen. */
import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { parseEdit } from '../../scenario/edits.ts';
import { FIRST_JUDGED, parseUntil } from '../../study/until.ts';
import { EXIT, Interrupted } from '../output.ts';
import { type Progress, startProgress } from '../progress.ts';
import { runReport } from '../run-report.ts';
import { runScenario, type RunOptions } from '../run-scenario.ts';
import { type StopOutcome, stopRun, timeInRunText } from '../stop-run.ts';
import { msToSeconds } from '../../units.ts';
import {
  type AddCommand,
  collect,
  type Context,
  parseSeed,
  wholeNumber,
  withCommonOptions,
} from './command.ts';
import { parseGrants, withScenario } from './scenario-options.ts';

interface RunFlags {
  data?: string[];
  out?: string;
  replications?: number;
  workers?: number;
  seed?: number | string;
  until?: string;
  set?: string[];
  log: boolean;
  stopAt?: string;
  save?: string;
  resume?: string;
}

export const addRun: AddCommand = (program, context) => {
  const command: Command = program
    .command('run')
    .summary('simulate a scenario and write its results')
    .description(
      'Places units, plans patrols, simulates the calls and writes a results folder; ends with the table of calls ' +
        'reached within 1, 3 and 5 minutes. Interrupted once, it keeps the replications that are done.',
    );
  withScenario(command)
    .option(
      '--out <dir>',
      'results folder; it is created, or older results in it are replaced (default: results/NAME)',
    )
    .option('--replications <n>', 'replaces the number in the scenario', wholeNumber(1, LIMITS.replications))
    .option(
      '--workers <n>',
      'threads; results do not depend on it (default: one for each core)',
      wholeNumber(1, 256),
    )
    .option('--seed <n>', 'replaces the seed in the scenario', parseSeed)
    .option(
      '--set <path=value>',
      'edits the scenario before it is read, as in --set dispatch.type=maximal-coverage or --set units.1A.post=post-2; ' +
        'another type of dispatch, moveUp or queue starts from its defaults and keeps what the same command sets; ' +
        'results keep the edited scenario; may be given several times',
      collect,
    )
    .option(
      '--until <rule>',
      'instead of a number of replications: go on until half of a 95 % interval is short enough, as in ' +
        '"halfWidth=0.01,of=within3min,group=zoneClass:core,batch=10,most=500". Only halfWidth is required (a share, or ' +
        'seconds for meanS, p50S, p90S, p95S); of and group are a column and row of "achieved" in kpis.json (default: ' +
        `within3min of all calls, its clock that of the first standard). Judged after every batch, from ${FIRST_JUDGED} replications on, in ` +
        'order of number: where it stops does not depend on workers',
    )
    .option(
      '--no-log',
      'keep no event log: no events, routes and incidents in the results, percentiles to the second, and memory that ' +
        'does not grow with the number of calls',
    )
    .option(
      '--stop-at <time>',
      'with --save: stop at so many seconds from the scored start, or at a local time such as 2026-03-02T06:00',
    )
    .option('--save <file>', 'with --stop-at: where the stopped run is kept, instead of results')
    .option(
      '--resume <file>',
      'go on from a stopped run of the same scenario, with its seed and replications; results are those of the unbroken run',
    );
  withCommonOptions(
    command,
    '$ patrol135 run scenarios/gothenburg --out results/gothenburg --replications 20',
  ).action((path: string, flags: RunFlags) => run(path, flags, context));
};

async function run(path: string, flags: RunFlags, context: Context): Promise<void> {
  const { output, interruption } = context;
  const { data, until, set = [], stopAt, save, ...rest } = flags;
  checkFlags(flags);
  let progress: Progress | undefined;
  const options: RunOptions = {
    ...rest,
    data: parseGrants(data),
    edits: set.map((text) => parseEdit(text)),
    ...(until === undefined ? {} : { until: parseUntil(until) }),
    interrupted: interruption.signal,
    onScenario: ({ name, run: { seed } }) => {
      context.reproduction.seed = seed;
      output.note(`scenario ${name}, seed ${seed}`);
    },
    onPrepared: ({ city }) => {
      city.report.warnings.forEach(output.warn);
    },
    onStep: (step) => {
      progress?.stop();
      progress = undefined;
      output.note(step);
    },
    onReplication: (done, asked) => {
      interruption.beGentle();
      progress ??= startProgress(output, 'replications', asked);
      progress.update(done, asked);
    },
  };
  if (stopAt !== undefined && save !== undefined) {
    const stopped = await stopRun(path, { ...options, stopAt, save }).finally(() => progress?.stop());
    reportStop(stopped, save, path, flags, context);
    return;
  }
  const outcome = await runScenario(path, options).finally(() => progress?.stop());

  const { out, replications, complete, kpis } = outcome;
  if (kpis === null) throw new Interrupted('interrupted before a replication was done; nothing is written');
  const { points, lines } = outcome.prepared.city;
  output.say(runReport(kpis, points.length + lines.length > 0));
  if (outcome.beyondLimit > 0) {
    output.say(
      `\n${outcome.beyondLimit} calls were sent to another force because ${LIMITS.waitingCalls} waited already, which is as many as the engine holds.`,
    );
  }
  if (!complete) {
    output.say(
      `\nINTERRUPTED: ${replications.done} of ${replications.asked} replications are done; the results say so.`,
    );
  }
  output.say(`\nResults are in ${out}`);
  output.say(`Watch it:      npx patrol135 view ${shellWord(out)}`);
  output.document({ results: out, complete, replications, kpis });
  if (interruption.signal.aborted) context.exitCode = EXIT.interrupted;
}

/** @throws InputError where options are given that say nothing beside each other */
function checkFlags({ until, replications, stopAt, save, resume, out }: RunFlags): void {
  const refuse = (option: string, message: string): never => {
    throw InputError.at(option, '', message);
  };
  if (until !== undefined && replications !== undefined)
    refuse(
      '--replications',
      'cannot stand beside --until, which finds the number itself; bound it with most=',
    );
  if (stopAt !== undefined && save === undefined)
    refuse('--stop-at', 'needs --save FILE for the stopped run');
  if (save !== undefined && stopAt === undefined) refuse('--save', 'needs --stop-at TIME');
  if (save !== undefined && out !== undefined)
    refuse('--out', 'cannot stand beside --save: a stopped run has no results yet');
  if (until !== undefined && (save !== undefined || resume !== undefined))
    refuse(
      '--until',
      'cannot stand beside --save or --resume: a stopped run has a fixed number of replications',
    );
}

function reportStop(
  stopped: StopOutcome,
  save: string,
  path: string,
  { set = [], data = [] }: RunFlags,
  { output }: Context,
): void {
  const { complete, replications, scenario, stoppedAtMs } = stopped;
  if (!complete) throw new Interrupted('interrupted before all replications were stopped; nothing is saved');
  output.say(
    `Stopped ${replications} replication${replications === 1 ? '' : 's'} at ${timeInRunText(stoppedAtMs, scenario)}`,
  );
  // what else makes the scenario is not kept in the file of the stopped run, only its hash
  const same = [...set.flatMap((edit) => ['--set', edit]), ...data.flatMap((grant) => ['--data', grant])];
  output.say(`Go on: npx patrol135 run ${[path, ...same, '--resume', save].map(shellWord).join(' ')}`);
  output.document({ saved: save, replications, stoppedAtS: msToSeconds(stoppedAtMs) });
}

/** A word as a POSIX shell reads it: bare, in double quotes, or in single ones where double ones would change it. */
function shellWord(text: string): string {
  if (/^[\w./=:,+-]+$/.test(text)) return text;
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}
