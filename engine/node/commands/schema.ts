/** `patrol135 schema`: the JSON Schema of scenario.json. */
import { scenarioJsonSchema, scenarioJsonSchemaText } from '../../scenario/json-schema.ts';
import { type AddCommand, withCommonOptions } from './command.ts';

export const addSchema: AddCommand = (program, { output }) => {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of scenario.json')
    .description('Prints the JSON Schema of scenario.json, version 1; editors check and complete with it.');
  withCommonOptions(command, '$ patrol135 schema > scenario.schema.json').action(() => {
    output.say(scenarioJsonSchemaText().trimEnd());
    output.document(scenarioJsonSchema());
  });
};
