/** Moves between bases: those under way beside the map, and the list of decisions until now with their reasons. */
import type { Weighed } from './decision.ts';
import { moveOf, movesUntil, nameOf } from './doing.ts';
import { byId, el, visible } from './dom.ts';
import { clockText, durationText, type Wording } from './i18n.ts';
import type { Places } from './places.ts';
import { reasonText } from './reasons.ts';
import type { Move, Replay } from './replay.ts';
import { phaseAt, UNIT_STATES } from './tracks.ts';
import { VIEWER_LIMITS } from './limits.ts';

/** Its candidates are weighed by expected coverage, those of the others by drive time. */
const WEIGHS_COVERAGE = 'dynamic-mexclp';

/** Decisions until now, newest first; of several shortfalls of the same words one after the other the newest stands. */
export class MoveList {
  readonly #onFollow: (unit: number) => void;
  #replay: Replay | null = null;
  #places: Places | null = null;
  #start: string | null = null;
  #list: HTMLElement | null = null;
  #shownKey = '';

  constructor(onFollow: (unit: number) => void) {
    this.#onFollow = onFollow;
  }

  setReplay(replay: Replay, places: Places, start: string | null): void {
    this.#replay = replay;
    this.#places = places;
    this.#start = start;
  }

  reset(): void {
    this.#list = null;
    this.#shownKey = '';
  }

  element(wording: Wording): HTMLElement {
    this.#list = el('ol', { class: 'move-list' });
    this.#shownKey = '';
    return el('section', { class: 'move-block', attributes: { 'aria-label': wording.text('moves.title') } }, [
      el('h2', { text: wording.text('moves.title') }),
      el('p', { class: 'about', text: wording.text('moves.about') }),
      this.#list,
    ]);
  }

  show(atMs: number, wording: Wording): void {
    const [list, replay] = [this.#list, this.#replay];
    if (!list || !replay) return;
    const until = movesUntil(replay.moves, atMs);
    const key = `${until} ${wording.language}`;
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    const listed: { move: Move; times: number }[] = [];
    for (let ix = until - 1; ix >= 0 && listed.length < VIEWER_LIMITS.listedMoves; ix--) {
      const move = replay.moves[ix];
      const last = listed.at(-1);
      if (last && isSameShortfall(last.move, move)) last.times++;
      else listed.push({ move, times: 1 });
    }
    list.replaceChildren(
      ...(listed.length === 0
        ? [el('li', { class: 'quiet', text: wording.text('moves.none') })]
        : listed.map(({ move, times }) => this.#item(replay, move, times, wording))),
    );
  }

  #item({ tracks }: Replay, move: Move, times: number, wording: Wording): HTMLElement {
    const posts = this.#places?.posts ?? [];
    const unit = tracks.unitIds.indexOf(move.unit);
    return el('li', {}, [
      el('p', { class: 'decision' }, [
        el('time', { text: clockText(this.#start, move.atMs) }),
        ...(move.unit === ''
          ? [el('b', { text: wording.text('moves.nobody') })]
          : [
              el('button', {
                class: 'unit-link',
                text: visible(move.unit),
                attributes: {
                  type: 'button',
                  'aria-label': wording.text('units.follow', { unit: visible(move.unit) }),
                },
                onClick: () => this.#onFollow(unit),
              }),
              el('span', { text: `→ ${visible(nameOf(posts, move.base))}` }),
            ]),
        ...(times > 1 ? [el('small', { text: wording.text('moves.times', { n: times }) })] : []),
      ]),
      el('p', { class: 'reason', text: visible(reasonText(move.reason, wording), 300) }),
      ...(move.shortfall
        ? [
            el('p', {
              class: 'reason shortfall',
              text: visible(
                wording.text('moves.shortfall', { what: reasonText(move.shortfall, wording) }),
                300,
              ),
            }),
          ]
        : []),
      ...(move.candidates.length > 0 ? [candidatesOf(move, posts, wording)] : []),
    ]);
  }
}

const isSameShortfall = (a: Move, b: Move): boolean =>
  a.unit === '' && b.unit === '' && a.shortfall === b.shortfall && a.reason === b.reason;

function candidatesOf(move: Move, posts: Places['posts'], wording: Wording): HTMLElement {
  const value = (weighed: Weighed): string =>
    move.policy === WEIGHS_COVERAGE ? wording.percent(weighed.value) : durationText(weighed.value);
  const listed = move.candidates.slice(0, VIEWER_LIMITS.listedCandidates);
  return el('details', {}, [
    el('summary', {
      text: wording.text(move.policy === WEIGHS_COVERAGE ? 'moves.byCoverage' : 'moves.byDrive'),
    }),
    el('table', { class: 'candidates' }, [
      el(
        'tbody',
        {},
        listed.map((candidate) =>
          el('tr', { class: candidate.id === move.base ? 'sent' : '' }, [
            el('th', { text: visible(nameOf(posts, candidate.id)), attributes: { scope: 'row' } }),
            el('td', { class: 'figure', text: value(candidate) }),
          ]),
        ),
      ),
    ]),
  ]);
}

/** Moves named on the map at once. */
const MOST_ON_MAP = 3;
const MOVING_UP = UNIT_STATES.indexOf('movingUp');

/** The box on the map: who is under way to a new base, and why. */
export class MovesUnderWay {
  #shownKey = '';

  reset(): void {
    this.#shownKey = '';
  }

  show(
    replay: Replay,
    places: Places,
    atMs: number,
    wording: Wording,
    onFollow: (unit: number) => void,
  ): void {
    const under: { unit: number; move: Move | null; base: string }[] = [];
    const { tracks } = replay;
    if (replay.moves.length > 0) {
      for (let unit = 0; unit < tracks.unitIds.length; unit++) {
        const phase = phaseAt(tracks, unit, atMs);
        if (phase < 0 || tracks.state[phase] !== MOVING_UP) continue;
        const task = tracks.tasks[tracks.task[phase]] ?? '';
        const base = task.slice(task.indexOf(':') + 1);
        under.push({ unit, move: moveOf(replay, phase, unit), base });
      }
    }
    const key = `${under.map(({ unit, base }) => `${unit}:${base}`).join()} ${wording.language}`;
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    const host = byId('moves');
    host.hidden = under.length === 0;
    host.replaceChildren(
      ...under.slice(0, MOST_ON_MAP).map(({ unit, move, base }) =>
        el('li', {}, [
          el(
            'button',
            {
              class: 'move',
              attributes: {
                type: 'button',
                'aria-label': wording.text('units.follow', { unit: visible(tracks.unitIds[unit]) }),
              },
              onClick: () => onFollow(unit),
            },
            [
              el('b', {
                text: `${visible(tracks.unitIds[unit])} → ${visible(nameOf(places.posts, base))}`,
              }),
              el('span', { text: move === null ? '' : visible(reasonText(move.reason, wording)) }),
            ],
          ),
        ]),
      ),
      ...(under.length > MOST_ON_MAP
        ? [el('li', { class: 'quiet', text: wording.text('moves.more', { n: under.length - MOST_ON_MAP }) })]
        : []),
    );
  }
}
