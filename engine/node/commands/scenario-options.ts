/** What the commands that take a scenario share. */
import type { Command } from 'commander';
import { InputError, type InputProblem } from '../../errors.ts';
import { collect } from './command.ts';

/** Adds the argument and the --data option. */
export function withScenario(command: Command): Command {
  return command
    .argument('<scenario>', 'scenario folder or JSON file')
    .option(
      '--data <name=dir>',
      'grant a folder that the scenario asks for; may be given several times',
      collect,
    );
}

/** `NAME=DIR` texts as folders by name. @throws InputError */
export function parseGrants(texts: readonly string[] = []): Record<string, string> {
  const grants = new Map<string, string>();
  const problems: InputProblem[] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    const problem =
      at < 1 || at === text.length - 1 ? 'is not NAME=DIR' : grants.has(name) ? 'gives a name twice' : '';
    if (problem !== '') problems.push({ file: '--data', place: `"${text}"`, message: problem });
    else grants.set(name, text.slice(at + 1));
  }
  if (problems.length > 0) throw new InputError(problems);
  return Object.fromEntries(grants);
}
