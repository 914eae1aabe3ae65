/** `patrol135 analyse`: load, workloads, coverage and drives of a scenario by queueing theory, without simulating. */
import { Option } from 'commander';
import { analyse, type AnalyseOptions } from '../../analytic/analyse.ts';
import { CLOCKS } from '../../analytic/coverage.ts';
import { EXACT_UNITS } from '../../analytic/hypercube.ts';
import { labelMetrics } from '../../city/label-metrics.ts';
import { prepareCity } from '../../pipeline.ts';
import { placeUnits } from '../../placement/place-units.ts';
import { analysisJson, type AnalysisJson } from '../../results/analysis-json.ts';
import { percentText, TIER_HEADER } from '../../results/report-table.ts';
import { openAndReadScenario } from '../run-scenario.ts';
import { textTable } from '../text-table.ts';
import { type AddCommand, wholeNumber, withCommonOptions } from './command.ts';
import { parseGrants, withScenario } from './scenario-options.ts';

export const addAnalyse: AddCommand = (program, { output }) => {
  const command = withScenario(
    program
      .command('analyse')
      .summary('load, workloads and coverage by queueing theory')
      .description(
        'Answers a scenario by the hypercube queueing model instead of by simulation: load, workload of each unit, coverage ' +
          `within 1, 3 and 5 minutes, mean drives. Exact for up to ${EXACT_UNITS} units on duty together, by Larson's ` +
          'approximation beyond. Names what the scenario has and the model has not.',
      ),
  )
    .option(
      '--hour <hour>',
      'one hour of the week, 0 is Monday 00:00 to 01:00; default: the scored time',
      wholeNumber(0, 167),
    )
    .addOption(new Option('--method <method>', 'how the model is solved').choices(['exact', 'approximate']))
    .addOption(
      new Option('--ties <rule>', 'who goes where several units are equally near by their bases')
        .choices(['lowest', 'shared'])
        .default('lowest'),
    );
  withCommonOptions(command, '$ patrol135 analyse scenarios/gothenburg --hour 113').action(
    async (
      path: string,
      { data, ...options }: { data?: string[] } & Pick<AnalyseOptions, 'hour' | 'method' | 'ties'>,
    ) => {
      const scenario = await openAndReadScenario(path, { data: parseGrants(data) });
      const { city: onRoads } = await prepareCity(scenario, output.note);
      output.note('placing units');
      const { city: placed } = await placeUnits(onRoads);
      placed.report.warnings.forEach(output.warn);
      output.note('labelling roads');
      const city = labelMetrics(placed);
      output.note('solving the model');
      const answer = analysisJson(city, analyse(city, options));
      for (const part of textOf(answer)) output.say(`${part}\n`);
      output.document(answer);
    },
  );
};

function textOf(answer: AnalysisJson): string[] {
  const { callsPerHour: calls, atoms, pieces, units, coverage, leftOut } = answer;
  const sent =
    Math.abs(calls.unitsSent - calls.toUnits) > 1e-9 ? `, ${fixed(calls.unitsSent)} units sent an hour` : '';
  const sample = atoms.used < atoms.found ? `, a sample of the ${atoms.found} that calls come from` : '';
  const head = [
    `Scenario ${answer.scenario}: ${fixed(answer.hours, 1)} hours from ${answer.from}`,
    `${fixed(calls.all)} calls an hour, ${fixed(calls.atDesk)} of them end at the desk${sent}; ${atoms.used} places${sample}`,
    'Every figure is what the model expects: it has no sample, so neither size nor interval.',
  ].join('\n');
  const ofPieces = textTable(
    ['', 'units', 'units sent/h', 'service', 'load', 'Erlang B', 'Erlang C', 'wait by C', 'method'],
    pieces.map((piece) => [
      `${fixed(piece.hours, 1)} h`,
      String(piece.units.length),
      fixed(piece.unitCallsPerHour),
      minutes(piece.meanServiceS),
      percentText(piece.loadPerUnit),
      percentText(piece.erlangB),
      percentText(piece.erlangC),
      piece.erlangMeanWaitS === null ? 'no end' : seconds(piece.erlangMeanWaitS),
      piece.method,
    ]),
  );
  const ofUnits = textTable(
    ['unit', 'on duty', 'busy', 'calls/h', 'mean drive'],
    units.map(({ unit, hoursOnDuty, workload, callsPerHour, meanTravelS }) => [
      unit,
      `${fixed(hoursOnDuty, 1)} h`,
      orNone(workload, percentText),
      orNone(callsPerHour, fixed),
      orNone(meanTravelS, seconds),
    ]),
  );
  const overall =
    'Busy is from being sent to being available again, the way back of a unit that answers from its post included. ' +
    `Of the calls for units ${percentText(answer.waitingShare)} wait for one and ${percentText(answer.lostShare)} find no room to wait; ` +
    `the mean wait of those answered is ${seconds(answer.meanWaitS)}, the mean drive ${seconds(answer.meanTravelS)}; ` +
    `${percentText(answer.interdistrictShare)} are answered by another unit than the nearest by base.`;
  const ofClocks = CLOCKS.map((clock) => {
    const rows = coverage.map(({ label, callsPerHour, byClock }) => [
      label,
      ...byClock[clock].within.map(percentText),
      seconds(byClock[clock].meanS),
      fixed(callsPerHour),
    ]);
    return `Answered calls reached by a unit within (clock from ${clock}; a model, so no sample)\n${textTable(
      ['', ...TIER_HEADER, 'mean', 'calls/h'],
      rows,
    )}`;
  });
  const missing =
    leftOut.length === 0
      ? 'The model leaves out nothing that this scenario has, besides chance in drives and the start of the run.'
      : `The model leaves out\n${leftOut.map(({ what, effect }) => `  ${what}:\n    ${effect}`).join('\n')}`;
  return [head, ofPieces, ofUnits, overall, ...ofClocks, missing];
}

const fixed = (value: number, digits = 2): string => value.toFixed(digits);
const seconds = (value: number): string => `${value.toFixed(1)} s`;
const minutes = (value: number): string => `${(value / 60).toFixed(1)} min`;
const orNone = (value: number | null, text: (value: number) => string): string =>
  value === null ? '-' : text(value);
