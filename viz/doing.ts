/** What a unit is doing, in words: its call, its patrol task, its destination, its new base. */
import { visible } from './dom.ts';
import type { Wording } from './i18n.ts';
import type { Places } from './places.ts';
import { MOVE_UP, type Move, type Replay } from './replay.ts';
import { NO_CALL } from './tracks.ts';

/** What a unit does in `phase`; empty where its state says it all. */
export function doingText(
  { tracks, calls }: Replay,
  places: Places,
  phase: number,
  wording: Wording,
): string {
  const task = tracks.task[phase] < 0 ? '' : tracks.tasks[tracks.task[phase]];
  if (tracks.call[phase] !== NO_CALL) {
    const call = wording.text('units.call', { number: String(calls.number[tracks.call[phase]]) });
    return task === '' ? call : `${call} → ${visible(nameOf(places.destinations, task))}`;
  }
  const colon = task.indexOf(':');
  const id = colon < 0 ? '' : task.slice(colon + 1);
  switch (colon < 0 ? task : task.slice(0, colon)) {
    case '':
      return '';
    case 'visit':
      return wording.text('task.visit', { name: visible(nameOf(places.points, id)) });
    case 'pass':
      return wording.text('task.pass', { name: visible(nameOf(places.lines, id)) });
    case 'pass-back':
      return wording.text('task.pass-back', { name: visible(nameOf(places.lines, id)) });
    case 'moveUp':
      return `→ ${visible(nameOf(places.posts, id))}`;
    case 'home':
    case 'here':
      return '';
    default:
      return visible(task);
  }
}

type Named = readonly { id: string; name: string }[];
const namesOf = new WeakMap<Named, Map<string, string>>();

/** The name of a place, or its id where the city has no such place. */
export function nameOf(places: Named, id: string): string {
  let names = namesOf.get(places);
  if (names === undefined) {
    names = new Map(places.map((place) => [place.id, place.name]));
    namesOf.set(places, names);
  }
  return names.get(id) ?? id;
}

/** The decision behind a unit's drive to a new base; null for any other phase. */
export function moveOf({ tracks, moves }: Replay, phase: number, unit: number): Move | null {
  if (phase < 0 || tracks.task[phase] < 0) return null;
  if (!tracks.tasks[tracks.task[phase]].startsWith(MOVE_UP)) return null;
  const startMs = tracks.startMs[phase];
  for (let ix = movesUntil(moves, startMs) - 1; ix >= 0 && moves[ix].atMs === startMs; ix--) {
    if (moves[ix].unit === tracks.unitIds[unit]) return moves[ix];
  }
  return null;
}

/** How many moves had been decided by a time. Cost O(log moves). */
export function movesUntil(moves: readonly Move[], atMs: number): number {
  let low = 0;
  let high = moves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moves[middle].atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
