/**
 * scenario.json → Scenario: every file read, every name looked up, every time in milliseconds, and everything that is
 * wrong told in one go. The steps follow the order of the file; a step whose section is at fault is skipped, so that
 * one mistake is one problem.
 */
import { assert } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { secondsToMs } from '../units.ts';
import { parseRunStart } from './calendar.ts';
import { dutyGap, idleShifts } from './duty-gaps.ts';
import { localMsOfStart } from './local-time.ts';
import { positionsOf } from './look-up.ts';
import { overload } from './overload.ts';
import { notAName } from './problems.ts';
import { resolveActivities } from './resolve-activities.ts';
import { resolveDelays } from './resolve-delays.ts';
import { checkAmount, resolveDemand } from './resolve-demand.ts';
import { resolvePlaces } from './resolve-places.ts';
import { idleProfiles, profileNames, resolveProfiles } from './resolve-profiles.ts';
import { checkModes, resolveChanges } from './resolve-roads.ts';
import { resolveShifts } from './resolve-shifts.ts';
import { checkNeeds, resolveSkills } from './resolve-skills.ts';
import { resolveStandards, unknownSelections, unselectedClasses } from './resolve-standards.ts';
import { resolveTraffic } from './resolve-traffic.ts';
import { resolveUnits } from './resolve-units.ts';
import { Resolving } from './resolving.ts';
import type {
  KnownNames,
  LonLat,
  PlacementRequest,
  PolicyChoice,
  RunStart,
  Scenario,
  ScenarioFiles,
} from './scenario.ts';
import { parseStrictJson } from './strict-json.ts';
import { thinDuty } from './thin-duty.ts';
import { unusualValues } from './usual-values.ts';

/** Intervals of usual spread are then narrow enough to look at. */
const DEFAULT_REPLICATIONS = 20;

/**
 * @param fileName  name of the scenario file, without its folder
 * @param bytes     its content
 * @param files     opens the files it names
 * @param known     names of policies, models, profiles and presets
 * @throws InputError with everything that is wrong in the scenario and its files
 */
export async function loadScenario(
  fileName: string,
  bytes: Uint8Array,
  files: ScenarioFiles,
  known: KnownNames,
): Promise<Scenario> {
  const resolving = new Resolving(fileName, parseStrictJson(bytes, fileName), files, known);
  const { json, problems, warnings } = resolving;

  const roadFile = json.roads && (await resolving.read(json.roads.file, ['roads', 'file']));
  checkModes(resolving);
  const places = await resolvePlaces(resolving);
  const changes = await resolveChanges(resolving, places.zones);
  const profiles = resolveProfiles(resolving);
  const traffic = resolveTraffic(resolving);
  const shifts = resolveShifts(resolving);
  const profilesKnown = profileNames(resolving, profiles);
  const start = resolveStart(resolving);
  const startLocalMs = start && localMsOfStart(start);
  const skills = resolveSkills(resolving);
  const units = resolveUnits(resolving, {
    posts: places.posts,
    zones: places.zones,
    shifts,
    profiles: profilesKnown,
    skills,
    startLocalMs,
  });
  const activities = await resolveActivities(resolving, units);
  const demand = await resolveDemand(resolving, {
    zones: places.zones,
    destinations: places.destinations,
    skills,
    start,
    startLocalMs,
  });
  if (demand && units && skills) checkNeeds(resolving, demand.categories, units, skills);
  const delays = await resolveDelays(resolving);
  const standards = await resolveStandards(resolving);
  checkPolicies(resolving, profilesKnown);
  const placement = resolvePlacement(resolving, places.posts);
  const replications = resolveReplications(resolving);
  if (start !== undefined && demand !== undefined && json.run !== undefined) {
    const durationMs = secondsToMs(json.run.durationS);
    const warmUpMs = secondsToMs(json.run.warmUpS);
    checkAmount(resolving, demand, start, durationMs, warmUpMs);
    if (shifts && units) {
      const gap = dutyGap({ shifts, units, demand, run: { start, durationMs, warmUpMs } });
      if (gap !== null) resolving.refuse(['shifts'], gap);
    }
  }
  problems.throwIfAny();

  const { roads, travel, positions, queue, dispatch, moveUp, patrol, run, name, snapLimitM } = json;
  const { zones, points, lines, posts, destinations } = places;
  assert(
    // what is undefined without a problem is a bug of this stage, not of the scenario
    !!roads &&
      !!roadFile &&
      !!zones &&
      !!points &&
      !!lines &&
      !!posts &&
      !!destinations &&
      !!changes &&
      !!profiles &&
      !!traffic &&
      !!shifts &&
      !!skills &&
      !!units &&
      !!activities &&
      !!demand &&
      !!standards &&
      placement !== undefined &&
      !!start &&
      !!delays &&
      !!travel &&
      !!positions &&
      !!queue &&
      !!dispatch &&
      !!moveUp &&
      !!patrol &&
      !!run &&
      replications !== undefined &&
      name !== undefined &&
      snapLimitM !== undefined,
    'a scenario without problems lacks a part',
  );
  const scenario: Omit<Scenario, 'warnings'> = {
    name,
    fileName,
    sha256: await sha256Hex(bytes),
    bytes,
    roads: {
      file: roadFile,
      format: roads.format,
      pedestrianStreets: roads.pedestrianStreets,
      modes: roads.modes,
      changes,
    },
    zones,
    points,
    lines,
    posts,
    profiles,
    traffic,
    shifts,
    units,
    demand,
    ...delays,
    skills,
    destinations,
    activities,
    travel,
    positionsStaleMs: secondsToMs(positions.staleS),
    queue: { type: queue.type, places: queue.type === 'finite' ? queue.places : 0 },
    standards,
    dispatch: policyChoice(dispatch),
    moveUp: policyChoice(moveUp),
    patrol,
    placement,
    snapLimitM,
    run: {
      start,
      durationMs: secondsToMs(run.durationS),
      warmUpMs: secondsToMs(run.warmUpS),
      replications,
      seed: run.seed,
      steadyState: run.steadyState ?? null,
    },
    files: [...resolving.sources.values()].map((source) => ({
      name: source.name,
      sha256: source.sha256,
      bytes: source.packedBytes ?? source.bytes.length,
    })),
  };
  return {
    ...scenario,
    warnings: [
      ...warnings,
      ...unselectedClasses(scenario),
      ...unknownSelections(scenario, known.standards),
      ...unusualValues(scenario),
      ...idleProfiles(scenario),
      ...idleShifts(scenario),
      ...thinDuty(scenario, skills),
      ...overload(scenario),
      ...sameCalls(scenario),
    ],
  };
}

/** Replications of one call file look like many runs, but no other call ever comes. */
const sameCalls = ({ demand, run }: Omit<Scenario, 'warnings'>): string[] =>
  demand.calls === null || run.replications < 2
    ? []
    : [
        `each replication answers the same ${demand.calls.rows.length} calls of ${demand.calls.fileName}: intervals tell what drawn times on scene and delays do, not what other calls would; sample sizes count each call once`,
      ];

/** A policy is a name from a list, never a path, a URL or code. */
function checkPolicies(resolving: Resolving, profiles: readonly string[] | undefined): void {
  const { json, known } = resolving;
  const look = (path: string[], name: string | undefined, what: string, names: readonly string[]): void => {
    if (name !== undefined && !names.includes(name)) resolving.refuse(path, notAName(name, what, names));
  };
  look(['patrol', 'type'], json.patrol?.type, 'a patrol policy', known.patrol);
  if (profiles !== undefined) look(['patrol', 'profile'], json.patrol?.profile, 'a speed profile', profiles);
  look(['placement', 'type'], json.placement?.type, 'a placement model', known.placement);
}

/** @returns null without a request, undefined when it is at fault */
function resolvePlacement(
  resolving: Resolving,
  posts: Scenario['posts'] | undefined,
): PlacementRequest | null | undefined {
  const { placement } = resolving.json;
  if (placement === undefined) return null;
  if (posts === undefined) return undefined;
  const postIx = positionsOf(posts);
  const siteList = (key: 'required' | 'forbidden'): (number | LonLat)[] =>
    placement[key].flatMap((site, ix): (number | LonLat)[] => {
      if (typeof site !== 'string') return [{ lon: site[0], lat: site[1] }];
      const post = postIx.get(site);
      if (post !== undefined) return [post];
      resolving.refuse(['placement', key, ix], notAName(site, 'a post', [...postIx.keys()]));
      return [];
    });
  return {
    type: placement.type,
    sites: placement.sites ?? null,
    candidates: placement.candidates,
    required: siteList('required'),
    forbidden: siteList('forbidden'),
  };
}

/** The keys of a policy without its name. */
const policyChoice = ({ type, ...params }: { type: string; [key: string]: unknown }): PolicyChoice => ({
  type,
  params,
});

/** Undefined when the run is at fault. */
function resolveReplications(resolving: Resolving): number | undefined {
  const { run } = resolving.json;
  if (run === undefined) return undefined;
  if (run.steadyState === undefined) return run.replications ?? DEFAULT_REPLICATIONS;
  if (run.replications === undefined || run.replications === 1) return 1;
  resolving.refuse(
    ['run', 'replications'],
    `${run.replications} is not allowed beside "steadyState", which is one long replication; allowed: 1`,
  );
  return undefined;
}

function resolveStart(resolving: Resolving): RunStart | undefined {
  const { json } = resolving;
  if (json.run === undefined) return undefined;
  const start = parseRunStart(json.run.start);
  if (typeof start !== 'string') return start;
  resolving.refuse(['run', 'start'], `"${json.run.start}" has ${start}`);
  return undefined;
}
