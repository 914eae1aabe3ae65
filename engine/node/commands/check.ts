/** `patrol135 check`: reads a scenario, puts it on its roads and reports on that, without running it. */
import type { City, LineOnRoads, SnappedPlace } from '../../city/city.ts';
import { prepareCity } from '../../pipeline.ts';
import { graphSize, importReportLines } from '../import-report.ts';
import { openAndReadScenario } from '../run-scenario.ts';
import { textTable } from '../text-table.ts';
import { type AddCommand, withCommonOptions } from './command.ts';
import { parseGrants, withScenario } from './scenario-options.ts';

export const addCheck: AddCommand = (program, { output }) => {
  const command = program
    .command('check')
    .summary('read a scenario and report how it lies on its roads')
    .description(
      'Reads a scenario with all its files, puts zones, points, lines, posts and destinations on the roads, and reports ' +
        'distances, the match of every must-patrol line and all warnings. Nothing is simulated or written.',
    );
  withCommonOptions(withScenario(command), '$ patrol135 check scenarios/gothenburg').action(
    async (path: string, { data }: { data?: string[] }) => {
      const scenario = await openAndReadScenario(path, { data: parseGrants(data) });
      const { city, importReport } = await prepareCity(scenario, output.note);
      const size = graphSize(city.graph);
      const { report } = city;

      output.say(`Scenario ${scenario.name}`);
      for (const { name, bytes, sha256 } of scenario.files)
        output.say(`  ${name}: ${bytes} bytes, sha256 ${sha256}`);
      output.say();
      for (const line of importReportLines(importReport, size)) output.say(line);
      output.say();
      if (city.zones.length > 0) {
        const rows = city.zones.map(({ id, class: zoneClass, lengthMm }) => [
          id,
          zoneClass,
          kilometres(lengthMm),
        ]);
        output.say(`${textTable(['zone', 'class', 'roads'], rows)}\n`);
      }
      const places = placesOf(city);
      if (places.length > 0) {
        const rows = places.map(({ kind, id, snapDistanceM }) => [
          `${kind} ${id}`,
          `${snapDistanceM.toFixed(1)} m`,
        ]);
        output.say(`${textTable(['place', 'from its road'], rows)}\n`);
      }
      if (city.lines.length > 0) {
        output.say(
          `${textTable(['must-patrol line', 'given', 'matched', 'farthest', ''], city.lines.map(lineRow))}\n`,
        );
      }
      const kinds = kindsOf(city);
      const ofKinds = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
      output.say(
        [
          `${counted(city.units.length, 'unit')} (${ofKinds.join(', ')})`,
          counted(city.posts.length, 'post'),
          counted(city.destinations.length, 'destination'),
          counted(city.zones.length, 'zone'),
          counted(city.points.length, 'must-reach point'),
          `${matched(city.lines)} of ${city.lines.length} must-patrol lines matched`,
        ].join(', '),
      );
      const { warnings } = report;
      output.say(warnings.length === 0 ? 'No warnings.' : `${counted(warnings.length, 'warning')}:`);
      for (const warning of warnings) output.say(`  ${warning}`);

      output.document({
        scenario: scenario.name,
        files: scenario.files,
        roads: { ...size, report: importReport },
        zones: city.zones.map(({ id, class: zoneClass, lengthMm }) => ({
          id,
          class: zoneClass,
          roadM: lengthMm / 1000,
        })),
        places: places.map(({ kind, id, snapDistanceM }) => ({ kind, id, snapDistanceM })),
        units: kinds,
        lines: city.lines.map(({ id, match }) => ({ id, ...match })),
        placesOffRoad: report.placesOffRoad,
        warnings,
      });
    },
  );
};

function placesOf(city: City): (SnappedPlace & { kind: string; id: string })[] {
  return [
    ...city.posts.map((post) => ({ ...post, kind: 'post' })),
    ...city.points.map((point) => ({ ...point, kind: 'point' })),
    ...city.destinations,
  ];
}

/** Units by kind, in order of the first of each. */
function kindsOf({ units }: City): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of units) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function lineRow({ id, match }: LineOnRoads): string[] {
  const remark = match.problem !== '' ? `not matched: ${match.problem}` : match.problemAgainst;
  const metres = (value: number) => `${value.toFixed(0)} m`;
  return [id, metres(match.givenM), metres(match.matchedM), `${match.farthestM.toFixed(1)} m`, remark];
}

const matched = (lines: readonly LineOnRoads[]): number =>
  lines.filter(({ match }) => match.problem === '').length;

const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

const kilometres = (lengthMm: number): string => `${(lengthMm / 1e6).toFixed(2)} km`;
