/** Every profile, and how one is found. To add one: a file in profiles/, and a line here. */
import { InputError, nearestName } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { type Profile, servesProfile } from './profile.ts';
import { bicycle } from './profiles/bicycle.ts';
import { car } from './profiles/car.ts';
import { foot } from './profiles/foot.ts';
import { motorcycle } from './profiles/motorcycle.ts';
import { patrolCar } from './profiles/patrol-car.ts';
import { patrolPace } from './profiles/patrol-pace.ts';
import { plain } from './profiles/plain.ts';

export { buildMetric } from './build-metric.ts';

export const PROFILES: readonly Profile[] = [plain, patrolCar, patrolPace, car, motorcycle, bicycle, foot];

/** The profile of that name. @throws InputError with the nearest name */
export function findProfile(type: string, among: readonly Profile[] = PROFILES): Profile {
  const profile = among.find((p) => p.type === type);
  if (profile !== undefined) return profile;
  const names = among.map((p) => p.type);
  const near = nearestName(type, names);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  throw InputError.at('', '', `"${type}" is not a profile${hint}; the profiles are ${names.join(', ')}`);
}

/** Profiles whose mode the roads of a graph were read for. */
export const profilesFor = (graph: Pick<RoadGraph, 'modes'>): Profile[] =>
  PROFILES.filter((profile) => servesProfile(graph, profile));
