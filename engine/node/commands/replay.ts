/** `patrol135 replay`: runs a finished run again from its log, and stops at the first event that differs. */
import type { ReplayOutcome } from '../../results/replay.ts';
import type { LogDifference, LogValue } from '../../results/replay-compare.ts';
import { EXIT } from '../output.ts';
import { type Progress, startProgress } from '../progress.ts';
import { verifyRun } from '../verify-run.ts';
import { type AddCommand, collect, type Context, withCommonOptions } from './command.ts';
import { parseGrants } from './scenario-options.ts';

interface ReplayFlags {
  verify: string;
  scenario?: string;
  data?: string[];
  ignoreHash?: boolean;
}

export const addReplay: AddCommand = (program, context) => {
  const command = program
    .command('replay')
    .summary('run a log again and compare, event by event')
    .description(
      'Checks every hash of a results folder, then simulates its replications again with the calls of its event log and ' +
        'compares row by row and column by column, drives included. Stops at the first event that differs (exit 1). ' +
        'Altered files, another scenario or another engine version are refused (exit 2).',
    )
    .requiredOption('--verify <log>', 'results folder, or the events.parquet in one')
    .option(
      '--scenario <path>',
      'scenario folder or JSON file of the run (default: where `run` found it, as timing.json remembers)',
    )
    .option('--data <name=dir>', 'grant a folder that the scenario asks for (default: as `run` did)', collect)
    .option(
      '--ignore-hash',
      'compare although events.parquet or routes.parquet are not as they were written',
      false,
    );
  withCommonOptions(command, '$ patrol135 replay --verify results/gothenburg').action((flags: ReplayFlags) =>
    replay(flags, context),
  );
};

async function replay(flags: ReplayFlags, context: Context): Promise<void> {
  const { output } = context;
  const { verify, scenario, data, ignoreHash = false } = flags;
  let progress: Progress | undefined;
  const outcome = await verifyRun(verify, {
    ...(scenario === undefined ? {} : { scenario }),
    ...(data === undefined ? {} : { data: parseGrants(data) }),
    ignoreHash,
    onSource: ({ path }, { scenario: { name }, seed }) => {
      context.reproduction.seed = seed;
      output.note(`scenario ${name} from ${path}, seed ${seed}`);
    },
    onStep: output.note,
    onReplication: (done, total) => {
      progress ??= startProgress(output, 'replications', total);
      progress.update(done);
    },
  }).finally(() => progress?.stop());
  report(outcome, context);
}

function report({ replications, events, difference }: ReplayOutcome, context: Context): void {
  const { output } = context;
  output.document({ same: difference === null, replications, events, difference });
  if (difference === null) {
    output.say(`The same: ${replications} replications, ${events} events, every column and drive.`);
    return;
  }
  context.exitCode = EXIT.differs;
  const { column, logged, simulated } = difference;
  output.say(`DIFFERS at ${placeOf(difference)}`);
  output.say(`  column      ${column}`);
  output.say(`  log         ${shown(logged)}`);
  output.say(`  simulation  ${shown(simulated)}`);
  const whole = replications === 1 ? 'replication' : 'replications';
  output.say(`Before it, the same: ${replications} whole ${whole}, ${events} events.`);
}

function placeOf({ replication, row, timeMs, kind, call, unit }: LogDifference): string {
  const parts = [`replication ${replication}`];
  if (row !== null) parts.push(`row ${row}`);
  if (timeMs !== null) parts.push(`${typeof timeMs === 'number' ? timeMs / 1000 : timeMs} s`);
  if (kind !== null) parts.push(String(kind));
  if (call !== null) parts.push(`call ${call}`);
  if (unit !== null) parts.push(`unit ${unit}`);
  return parts.join(', ');
}

const shown = (value: LogValue): string => (value === null ? 'nothing' : JSON.stringify(value));
