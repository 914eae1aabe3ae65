/** `patrol135 schema`: the JSON Schema of scenario.json or of a standard, or a preset standard to start one's own from. */
import { InputError, nearestName } from '../../errors.ts';
import { KNOWN_NAMES } from '../../pipeline.ts';
import { scenarioJsonSchema, standardJsonSchema } from '../../scenario/json-schema.ts';
import { STANDARD_PRESETS } from '../../scenario/standards.ts';
import { type AddCommand, withCommonOptions } from './command.ts';

export const addSchema: AddCommand = (program, { output }) => {
  const presets = Object.keys(STANDARD_PRESETS);
  const command = program
    .command('schema')
    .summary('print the JSON Schema of scenario.json')
    .description(
      'Prints the JSON Schema of scenario.json, version 1, for editors to check and complete with; or that of a response ' +
        `standard; or a preset standard as a file to start from.\n\nPresets: ${presets.join(', ')}`,
    )
    .argument('[what]', 'scenario, standard, or the name of a preset', 'scenario');
  withCommonOptions(command, '$ patrol135 schema zone-1-3-5 > our-standard.json').action((what: string) => {
    const document = documentOf(what, presets);
    output.say(JSON.stringify(document, null, 2));
    output.document(document);
  });
};

function documentOf(what: string, presets: readonly string[]): object {
  if (what === 'scenario') return scenarioJsonSchema(KNOWN_NAMES);
  if (what === 'standard') return standardJsonSchema();
  if (Object.hasOwn(STANDARD_PRESETS, what)) return STANDARD_PRESETS[what];
  const names = ['scenario', 'standard', ...presets];
  const near = nearestName(what, names);
  const hint = near === undefined ? `allowed: ${names.join(', ')}` : `did you mean "${near}"?`;
  throw InputError.at('schema', '', `"${what}" is not known (${hint})`);
}
