/** Profiles of a scenario's own: a built-in profile or an earlier one, with what is different. */
import { InputError, type InputProblem } from '../errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Exemption, Profile, SirenRules } from './profile.ts';
import { PROFILES } from './profiles.ts';

/** A siren that changes nothing, for a profile whose base has none. */
const SILENT: SirenRules = { linkFactor: 1, junctionFactor: 1, exempt: [] };

/**
 * Every profile that a scenario may name: the built-in ones and its own.
 * @throws InputError for exemptions of a profile that no turn restriction binds anyway
 */
export function profilesOf(scenario: Pick<Scenario, 'fileName' | 'profiles'>): Map<string, Profile> {
  const profiles = new Map(PROFILES.map((profile) => [profile.type, profile]));
  const problems: InputProblem[] = [];
  scenario.profiles.forEach((own, ix) => {
    const base = profiles.get(own.base)!;
    const vehicle = own.vehicle ?? base.turnRules?.vehicle;
    const sirenExempt = own.siren ? own.siren.exempt : undefined;
    if (vehicle === undefined && (own.exempt ?? sirenExempt) !== undefined) {
      const message = `no turn restriction binds the profile "${own.base}"; name the "vehicle" that this one is, or leave out "exempt"`;
      problems.push({ file: scenario.fileName, place: `/profiles/${ix}`, message });
    }
    // names were looked up when the scenario was read
    const exempt = (own.exempt as Exemption[] | undefined) ?? base.turnRules?.exempt ?? [];
    profiles.set(own.id, {
      type: own.id,
      about: own.about ?? `${base.about} (${own.id})`,
      mode: own.mode ?? base.mode,
      classKph: { ...base.classKph, ...own.classKph },
      surfaceFactor: { ...base.surfaceFactor, ...own.surfaceFactor },
      postedShare: own.postedShare ?? base.postedShare,
      topKph: own.topKph ?? base.topKph,
      slowedByTraffic: own.slowedByTraffic ?? base.slowedByTraffic,
      turnRules: vehicle === undefined ? null : { vehicle, exempt },
      junctionDelayS: { ...base.junctionDelayS, ...own.junctionDelayS },
      siren: sirenOf(own.siren, base.siren),
      ...arcTimesOf(own.arcTimes ?? base.arcTimes),
    });
  });
  if (problems.length > 0) throw new InputError(problems);
  return profiles;
}

const arcTimesOf = (arcTimes: Profile['arcTimes']): Pick<Profile, 'arcTimes'> =>
  arcTimes === undefined ? {} : { arcTimes };

function sirenOf(own: Scenario['profiles'][number]['siren'], base: SirenRules | null): SirenRules | null {
  if (own === undefined) return base;
  if (own === false) return null;
  const { linkFactor, junctionFactor, exempt } = base ?? SILENT;
  return {
    linkFactor: own.linkFactor ?? linkFactor,
    junctionFactor: own.junctionFactor ?? junctionFactor,
    exempt: (own.exempt as Exemption[] | undefined) ?? exempt,
  };
}
