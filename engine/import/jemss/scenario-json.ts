/** A scenario of what a JEMSS simulation says: `scenario.json`, the CSV files beside it, an account of what is different. */
import { MS_PER_DAY } from '../../units.ts';
import { type Account, accountFor } from './account.ts';
import {
  CALLS_FILE,
  meanDays,
  needsOfFile,
  needsOfRandom,
  PLACES_FILE,
  randomDemand,
  replayedDemand,
} from './demand-json.ts';
import type { JemssInputs } from './inputs.ts';
import { LawColumns, LAWS_FILE } from './law-columns.ts';
import { travelModes } from './modes.ts';
import { dispatchOf, moveUpOf } from './policies.ts';
import { type JemssRoads, timesName } from './roads.ts';
import { runOf } from './run-json.ts';

export interface JemssScenario {
  scenario: Record<string, unknown>;
  /** Files beside it: name -> content. */
  files: Map<string, string>;
  account: Account;
}

/** The files that a scenario consists of. */
export const SCENARIO_FILES = {
  scenario: 'scenario.json',
  roads: 'roads.graph',
  places: PLACES_FILE,
  laws: LAWS_FILE,
  calls: CALLS_FILE,
  report: 'import-report.txt',
} as const;

/** @param roads  their places are stations, hospitals and the places of calls, in this order */
export function scenarioOf(inputs: JemssInputs, roads: JemssRoads): JemssScenario {
  const { stations, hospitals, ambulances, priorities } = inputs;
  const account: Account = { carried: [], different: [], leftOut: [...inputs.remarks] };
  const files = new Map<string, string>();
  const laws = new LawColumns();
  const nStations = stations.x.length;
  const nHospitals = hospitals.x.length;
  const posts = stations.names.map((name, i) => placeJson(`station-${i + 1}`, name, roads.places[i]));
  const destinations = hospitals.names.map((name, i) => ({
    ...placeJson(`hospital-${i + 1}`, name, roads.places[nStations + i]),
    kind: 'hospital',
  }));
  const callPlaces = roads.places.slice(nStations + nHospitals);
  const run = runOf(inputs, account);
  const modes = travelModes(inputs, run.scoredFromDay);
  account.leftOut.push(...modes.leftOut);
  const hasSiren = modes.siren !== modes.calm;
  const needs =
    'random' in inputs.calls ? needsOfRandom(inputs.calls.random) : needsOfFile(inputs.calls.file, account);

  const dispatch = dispatchOf(inputs);
  const moveUp = moveUpOf(
    inputs,
    posts.map(({ id }) => id),
    meanDays(needs.dispatchDelay),
  );
  for (const { carried, leftOut } of [dispatch, moveUp]) {
    account.carried.push(...carried);
    account.leftOut.push(...leftOut);
  }
  const categories = priorities.map(({ name }, row) => ({
    id: name,
    priority: row + 1,
    siren: modes.withSiren[row],
    onSceneS: laws.of('onScene', needs.onScene),
    ...(needs.transportShare > 0
      ? {
          transport: {
            share: needs.transportShare,
            kind: 'hospital',
            handoverS: laws.of('handover', needs.handover),
          },
        }
      : {}),
  }));
  const demand =
    'random' in inputs.calls
      ? randomDemand(inputs.calls.random, categories, callPlaces, files)
      : replayedDemand(inputs.calls.file, categories, callPlaces, run.scoredFromDay, files);

  const scenario: Record<string, unknown> = {
    version: 1,
    name: inputs.name,
    about:
      'Made by patrol135 import-jemss from the input files of a JEMSS simulation; import-report.txt says what is different.',
    roads: { file: SCENARIO_FILES.roads, format: 'graph' },
    profiles: [
      {
        id: 'ambulance',
        base: 'plain',
        about: "Travel times of JEMSS's network, arc by arc.",
        slowedByTraffic: false,
        siren: hasSiren ? {} : false,
        arcTimes: { calm: timesName(modes.calm), siren: timesName(modes.siren) },
      },
    ],
    posts,
    destinations,
    shifts: [{ id: 'always', startS: 0, endS: 86_400 }],
    units: Array.from(ambulances, (station, i) => ({
      id: `ambulance-${i + 1}`,
      post: posts[station].id,
      shifts: ['always'],
      profile: 'ambulance',
      kind: 'ambulance',
    })),
    demand,
    delays: {
      callHandlingS: laws.of('dispatchDelay', needs.dispatchDelay),
      ...(inputs.mobilisationDelay === null
        ? {}
        : { turnoutAtPostS: laws.of('mobilisation', inputs.mobilisationDelay) }),
    },
    standards: [standardOf(inputs)],
    dispatch: dispatch.policy,
    moveUp: moveUp.policy,
    patrol: { type: 'stay-at-post', profile: 'ambulance' },
    snapLimitM: 1,
    run: run.json,
  };
  if (laws.columns.size > 0) files.set(SCENARIO_FILES.laws, laws.csv());
  accountFor(inputs, roads, account, {
    hasSiren,
    calm: modes.calm,
    siren: modes.siren,
    nPlaces: callPlaces.length,
    laws,
  });
  return { scenario, files, account };
}

function placeJson(id: string, name: string, lonLat: [number, number]) {
  const clean = name
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')
    .trim()
    .slice(0, 200);
  return { id, ...(clean === '' ? {} : { name: clean }), lonLat };
}

/** The clock of JEMSS's responses runs from the arrival of the call; a response in time takes no longer than its target. */
const standardOf = ({ priorities }: JemssInputs) => ({
  id: 'jemss-targets',
  title: 'Responses in time by the targets of the JEMSS input',
  source:
    'targetResponseDuration of the priorities file; JEMSS asks for no share, so none is asked for here.',
  clauses: priorities.map(({ name, targetDays }) => ({
    id: name,
    selector: { category: [name] },
    event: 'firstArrival',
    clockStart: 'occurred',
    thresholdS: Math.round(targetDays * MS_PER_DAY) / 1000,
  })),
});
