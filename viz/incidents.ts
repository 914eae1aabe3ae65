/** The incident pane: the list until now with outcomes, and for one incident its story. */
import { arrange, el, setText, word } from './dom.ts';
import { callStateAt, clockStartMs, hasWaited, responseS, unitsSentBy } from './calls.ts';
import { clockText, durationText, type Wording } from './i18n.ts';
import { stepsOf, storyOf, zoneName } from './incident-story.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { tierOf } from './palette.ts';
import type { Places } from './places.ts';
import { countUntil, type Replay } from './replay.ts';

export interface IncidentEvents {
  onSelect(call: number): void;
  onGoTo(call: number): void;
  onShow(call: number): void;
  onUnit(unitId: string): void;
}

const FILTERS = ['all', 'open', 'waited', 'late', 'lost', 'triaged'] as const;
type Filter = (typeof FILTERS)[number];

interface Row {
  button: HTMLButtonElement;
  state: HTMLElement;
  units: HTMLElement;
  response: HTMLElement;
}

export class IncidentPane {
  readonly #host: HTMLElement;
  readonly #events: IncidentEvents;
  #replay: Replay | null = null;
  #places: Places | null = null;
  #start: string | null = null;
  #clockStart = 'callReceived';
  #filter: Filter = 'all';
  #selected = -1;
  /** Built rows by call; thrown away with the language. */
  readonly #rows = new Map<number, Row>();
  #list: HTMLElement | null = null;
  #more: HTMLElement | null = null;
  #shownKey = '';
  /** When the steps of the incident that is told happened, and which one that is. */
  #stepsMs: readonly number[] = [];
  #stepsOf = -1;

  constructor(host: HTMLElement, events: IncidentEvents) {
    this.#host = host;
    this.#events = events;
  }

  setReplay(replay: Replay, places: Places, start: string | null, clockStart: string): void {
    this.#replay = replay;
    this.#places = places;
    this.#start = start;
    this.#clockStart = clockStart;
    this.#selected = -1;
    this.reset();
  }

  clear(): void {
    this.#replay = null;
    this.reset();
    this.#host.replaceChildren();
  }

  select(call: number): void {
    if (call === this.#selected) return;
    this.#selected = call;
    this.reset();
  }

  /** Forgets what was built: the language or the replay has changed. */
  reset(): void {
    this.#rows.clear();
    this.#list = null;
    this.#shownKey = '';
    this.#stepsOf = -1;
  }

  /** Shows the pane as of `atMs`. */
  show(atMs: number, wording: Wording): void {
    if (!this.#replay) return;
    if (this.#selected >= 0) this.#showStory(this.#replay, this.#selected, atMs, wording);
    else this.#showList(this.#replay, atMs, wording);
  }

  #showList({ calls }: Replay, atMs: number, wording: Wording): void {
    if (!this.#list) this.#buildList(wording);
    const nOccurred = countUntil(calls.atMs.occurred, atMs);
    const listed: number[] = [];
    let nLeftOut = 0;
    for (let call = nOccurred - 1; call >= 0; call--) {
      if (!this.#passes(call, atMs)) continue;
      if (listed.length < VIEWER_LIMITS.listedCalls) listed.push(call);
      else nLeftOut++;
    }
    const rows = listed.map((call) => this.#row(call, wording));
    if (this.#list) {
      if (rows.length === 0) {
        const none = wording.text(`incidents.none.${this.#filter}`);
        this.#list.replaceChildren(el('li', { class: 'quiet', text: none }));
      } else {
        arrange(
          this.#list,
          rows.map(({ button }) => button.parentElement ?? el('li', {}, [button])),
        );
      }
    }
    if (this.#more) setText(this.#more, nLeftOut > 0 ? wording.text('incidents.more', { n: nLeftOut }) : '');
    rows.forEach((row, ix) => this.#update(row, listed[ix], atMs, wording));
    // rows far in the past need not be kept for ever
    if (this.#rows.size > 4 * VIEWER_LIMITS.listedCalls) {
      const keep = new Set(listed);
      for (const call of this.#rows.keys()) if (!keep.has(call)) this.#rows.delete(call);
    }
  }

  #passes(call: number, atMs: number): boolean {
    const replay = this.#replay;
    if (!replay) return false;
    const { calls } = replay;
    switch (this.#filter) {
      case 'all':
        return true;
      case 'open':
        return !(calls.closedMs[call] <= atMs);
      case 'waited':
        return hasWaited(calls, call, atMs);
      case 'late':
        return tierOf(this.#responseAt(call, atMs)) === 'late';
      case 'lost':
      case 'triaged':
        return calls.end[call] === this.#filter && calls.closedMs[call] <= atMs;
    }
  }

  /**
   * Response time as it stands: still growing while nobody has arrived; NaN before its clock has started and where
   * nobody is to come.
   */
  #responseAt(call: number, atMs: number): number {
    const replay = this.#replay;
    if (!replay) return NaN;
    const { calls } = replay;
    if (calls.atMs.arrived[call] <= atMs) return responseS(calls, call, this.#clockStart);
    if (calls.closedMs[call] <= atMs) return NaN;
    const startMs = clockStartMs(calls, call, this.#clockStart);
    return startMs <= atMs ? (atMs - startMs) / 1000 : NaN;
  }

  #buildList(wording: Wording): void {
    const choice = el('div', {
      class: 'choice',
      attributes: { role: 'group', 'aria-label': wording.text('incidents.show') },
    });
    for (const filter of FILTERS) {
      choice.append(
        el('button', {
          text: wording.text(`incidents.${filter}`),
          attributes: { type: 'button', 'aria-pressed': String(filter === this.#filter) },
          onClick: () => {
            this.#filter = filter;
            for (const button of choice.children) button.setAttribute('aria-pressed', 'false');
            choice.children[FILTERS.indexOf(filter)].setAttribute('aria-pressed', 'true');
            this.#events.onSelect(-1);
          },
        }),
      );
    }
    this.#list = el('ul', {
      class: 'incident-list',
      attributes: { 'aria-label': wording.text('incidents.list') },
    });
    this.#more = el('p', { class: 'about' });
    this.#host.replaceChildren(choice, this.#list, this.#more);
  }

  #row(call: number, wording: Wording): Row {
    const known = this.#rows.get(call);
    if (known) return known;
    const { calls } = this.#replay as Replay;
    const state = el('span', { class: 'state' });
    const units = el('span', { class: 'units-of' });
    const response = el('span', { class: 'response' });
    const button = el(
      'button',
      { class: 'incident', attributes: { type: 'button' }, onClick: () => this.#events.onSelect(call) },
      [
        el('time', { text: clockText(this.#start, calls.atMs.occurred[call]) }),
        el('span', { class: 'what' }, [
          el('b', { text: wording.text('incidents.priority', { priority: String(calls.priority[call]) }) }),
          word(calls.category[call]),
        ]),
        el('span', { class: 'where' }, [
          ...(this.#places ? [zoneName(calls, this.#places, call, wording)] : []),
          units,
        ]),
        response,
        state,
      ],
    );
    el('li', {}, [button]);
    const row = { button, state, units, response };
    this.#rows.set(call, row);
    return row;
  }

  #update({ state, units, response, button }: Row, call: number, atMs: number, wording: Wording): void {
    const { calls } = this.#replay as Replay;
    const now = callStateAt(calls, call, atMs);
    setText(state, wording.text(`callState.${now}`));
    state.className = `state callState-${now}`;
    const seconds = this.#responseAt(call, atMs);
    setText(response, durationText(seconds));
    const arrived = calls.atMs.arrived[call] <= atMs;
    response.className = `response ${arrived ? `tier-${tierOf(seconds)}` : 'running'}`;
    button.classList.toggle('closed', now === 'closed');
    const wanted = calls.unitsWanted[call];
    const sent = unitsSentBy(calls, call, atMs);
    const isToldOf = now !== 'triaged' && (wanted > 1 || sent > 1);
    setText(units, isToldOf ? wording.text('incidents.unitsSent', { wanted, sent }) : '');
  }

  /** The story, rebuilt only when something in it changes: the state, or which steps have happened. */
  #showStory(replay: Replay, call: number, atMs: number, wording: Wording): void {
    if (!this.#places) return;
    const { calls } = replay;
    if (this.#stepsOf !== call) {
      this.#stepsMs = stepsOf(calls, call, this.#places, wording).map(({ ms }) => ms);
      this.#stepsOf = call;
    }
    const happened = this.#stepsMs.filter((ms) => ms <= atMs).length;
    const key = `${call} ${happened} ${wording.language}`;
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    const context = {
      replay,
      places: this.#places,
      start: this.#start,
      clockStart: this.#clockStart,
      wording,
      events: this.#events,
    };
    this.#host.replaceChildren(...storyOf(context, call, atMs));
  }
}
