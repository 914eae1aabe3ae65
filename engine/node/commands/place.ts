/** `patrol135 place`: answers a scenario's placement request, with its bound and the coverage by tier. */
import { InputError } from '../../errors.ts';
import { pointOfPosition } from '../../graph/road-graph.ts';
import { type PlacedUnits, placeUnits, prepareCity, tierPotential } from '../../pipeline.ts';
import type { City } from '../../city/city.ts';
import { fromE7 } from '../../units.ts';
import { writeFileWhole } from '../files.ts';
import { openAndReadScenario } from '../run-scenario.ts';
import { percentText, textTable } from '../text-table.ts';
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
      const answer = describeAnswer(city, placement!);

      const { covered, bound } = answer;
      output.say(
        textTable(
          ['site', 'longitude', 'latitude', ''],
          answer.sites.map(({ name, lonLat: [lon, lat], required }) => [
            name,
            lon.toFixed(7),
            lat.toFixed(7),
            required ? 'required' : '',
          ]),
        ),
      );
      output.say(
        `\nCovered within the thresholds of the standard: ${percentText(covered)} of expected calls; no choice of ` +
          `${answer.sites.length} sites covers more than ${percentText(bound)}`,
      );
      output.say(answer.method);
      output.say(
        '\nPotential: share of expected calls that a free unit could reach, counted from wheels turning',
      );
      output.say(
        textTable(
          ['', '1 min', '3 min', '5 min'],
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

function describeAnswer(city: City, { question, plan }: PlacedUnits) {
  const total = question.atoms.reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number) => (total > 0 ? weight / total : 0);
  return {
    scenario: city.scenario.name,
    model: plan.model,
    method: plan.method,
    sites: plan.open.map((candidate) => {
      const { name, position } = question.candidates[candidate];
      const { lonE7, latE7 } = pointOfPosition(city.graph, position);
      const lonLat: [number, number] = [fromE7(lonE7), fromE7(latE7)];
      return { name, lonLat, required: question.required.includes(candidate) };
    }),
    /** Shares of expected calls. */
    covered: share(plan.objective),
    bound: share(plan.bound),
    callsPerHour: total,
    potential: tierPotential(city).map(({ group, label, shares: [within1min, within3min, within5min] }) => ({
      group,
      label,
      within1min,
      within3min,
      within5min,
    })),
  };
}
