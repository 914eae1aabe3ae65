/** `patrol135 place`: answers a scenario's placement request, with its bound and the coverage by tier. */
import { InputError } from '../../errors.ts';
import { prepareCity } from '../../pipeline.ts';
import { placeUnits } from '../../placement/place-units.ts';
import { tierPotential } from '../../results/result-files.ts';
import { placementJson } from '../../results/placement-json.ts';
import { percentText, TIER_HEADER } from '../../results/report-table.ts';
import { writeFileWhole } from '../files.ts';
import { openAndReadScenario } from '../run-scenario.ts';
import { textTable } from '../text-table.ts';
import { type AddCommand, withCommonOptions } from './command.ts';
import { parseGrants, withScenario } from './scenario-options.ts';

export const addPlace: AddCommand = (program, { output }) => {
  const command = withScenario(
    program
      .command('place')
      .summary('choose sites for units')
      .description(
        'Answers the placement request of a scenario: the sites to open, the share of expected calls they cover, what ' +
          'no choice of sites can exceed, and the coverage within 1, 3 and 5 minutes. Nothing is simulated.',
      ),
  ).option('--out <file>', 'JSON file to write the answer to');
  withCommonOptions(command, '$ patrol135 place scenarios/gothenburg --out sites.json').action(
    async (path: string, { data, out }: { data?: string[]; out?: string }) => {
      const scenario = await openAndReadScenario(path, { data: parseGrants(data) });
      if (scenario.placement === null) {
        throw InputError.at(
          scenario.fileName,
          '/placement',
          'is not there: the scenario asks for no placement',
        );
      }
      const { city: onRoads } = await prepareCity(scenario, output.note);
      output.note('placing units');
      const { city, placement } = await placeUnits(onRoads);
      city.report.warnings.forEach(output.warn);
      const { question, plan } = placement!;
      const answer = { ...placementJson(city, question, plan), potential: tierPotential(city) };

      output.say(
        textTable(
          ['site', 'longitude', 'latitude', '', 'units'],
          answer.sites.map(({ name, lon, lat, required, units }) => [
            name,
            lon.toFixed(7),
            lat.toFixed(7),
            required ? 'required' : '',
            units.join(' '),
          ]),
        ),
      );
      output.say(
        `\nCovered within the thresholds of the standard: ${shareOf(answer.coveredShare)} of expected calls; no choice of ` +
          `${answer.sites.length} sites covers more than ${shareOf(answer.boundShare)}`,
      );
      output.say(answer.method);
      output.say(
        '\nPotential: share of expected calls that a free unit could reach, counted from wheels turning',
      );
      output.say(
        textTable(
          ['', ...TIER_HEADER],
          answer.potential.map(({ label, within1min, within3min, within5min }) => [
            label,
            percentText(within1min),
            percentText(within3min),
            percentText(within5min),
          ]),
        ),
      );
      if (out !== undefined) {
        await writeFileWhole(out, `${JSON.stringify(answer, null, 2)}\n`);
        output.say(`\nWritten to ${out}`);
      }
      output.document(answer);
    },
  );
};

const shareOf = (share: number | null): string => (share === null ? '-' : percentText(share));
