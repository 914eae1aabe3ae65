#!/usr/bin/env node
/** The command line: `patrol135 import | import-jemss | demand fit | export | route | matrix | check | analyse | compare | run | replay | score | place | reach | view | schema`. */
import { Command, CommanderError } from 'commander';
import { ENGINE_VERSION } from '../version.ts';
import type { AddCommand, Context } from './commands/command.ts';
import { addAnalyse } from './commands/analyse.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addDemand } from './commands/demand.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addImportJemss } from './commands/import-jemss.ts';
import { addMatrix } from './commands/matrix.ts';
import { addPlace } from './commands/place.ts';
import { addReach } from './commands/reach.ts';
import { addRoute } from './commands/route.ts';
import { addReplay } from './commands/replay.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addScore } from './commands/score.ts';
import { addView } from './commands/view.ts';
import { listenForInterrupts } from './interrupt.ts';
import { createOutput, EXIT, reportError, tolerateClosedPipes, UsageError } from './output.ts';

/** Every command, in the order of the help. To add one: a file in commands/ and a line here. */
const COMMANDS: readonly AddCommand[] = [
  addImport,
  addImportJemss,
  addDemand,
  addExport,
  addRoute,
  addMatrix,
  addCheck,
  addAnalyse,
  addRun,
  addReplay,
  addCompare,
  addScore,
  addPlace,
  addReach,
  addView,
  addSchema,
];

/** Runs one command line (without `node` and the script) and gives the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  tolerateClosedPipes();
  const json = argv.includes('--json');
  const context: Context = {
    output: createOutput({ json, quiet: argv.includes('--quiet') }),
    interruption: listenForInterrupts(),
    reproduction: { commandLine: ['patrol135', ...argv].map(quoted).join(' ') },
    exitCode: EXIT.ok,
  };
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, json, context.reproduction);
    if (error.exitCode === 0) return EXIT.ok; // --help, --version
    // commander has shown its usage or named the nearest command; what is left to print is its message
    if (error.code === 'commander.help') return EXIT.input;
    return reportError(new UsageError(error.message.replace(/^error: /, '')), json, context.reproduction);
  }
}

function createProgram(context: Context): Command {
  const program = new Command('patrol135')
    .description(
      'Where to put patrol units, which routes they drive, and how often somebody arrives within 1, 3 and 5 minutes.',
    )
    .version(ENGINE_VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nExample:\n  $ patrol135 run scenarios/gothenburg\n\nMore: patrol135 help <command>',
    );
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

process.exitCode = await main(process.argv.slice(2));
