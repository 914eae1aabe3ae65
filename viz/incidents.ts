/** The incident pane: the list until now, and for one incident its time line and who was sent and why. */
import { arrange, el, setText, visible, word } from './dom.ts';
import { clockText, durationText, type Wording } from './i18n.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { tierOf } from './palette.ts';
import { ABSENT } from './parquet-table.ts';
import {
  callStateAt,
  clockStartMs,
  countUntil,
  responseS,
  type CallDispatch,
  type Replay,
} from './replay.ts';
import type { Places } from './places.ts';

export interface IncidentEvents {
  onSelect(call: number): void;
  onGoTo(call: number): void;
  onShow(call: number): void;
  onUnit(unitId: string): void;
}

const FILTERS = ['all', 'open', 'late'] as const;
type Filter = (typeof FILTERS)[number];

interface Row {
  button: HTMLButtonElement;
  state: HTMLElement;
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
  }

  /** Shows the pane as of `atMs`. */
  show(atMs: number, wording: Wording): void {
    if (!this.#replay) return;
    if (this.#selected >= 0) this.#showDetail(this.#replay, this.#selected, atMs, wording);
    else this.#showList(this.#replay, atMs, wording);
  }

  #showList({ calls }: Replay, atMs: number, wording: Wording): void {
    if (!this.#list) this.#buildList(wording);
    const nOccurred = countUntil(calls.occurredMs, atMs);
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
        const none = {
          all: 'incidents.none',
          open: 'incidents.noneOpen',
          late: 'incidents.noneLate',
        } as const;
        this.#list.replaceChildren(el('li', { class: 'quiet', text: wording.text(none[this.#filter]) }));
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
    if (this.#filter === 'open') return !(replay.calls.clearedMs[call] <= atMs);
    if (this.#filter === 'late') return tierOf(this.#responseAt(call, atMs)) === 'late';
    return true;
  }

  /** Response time as it stands: still growing while nobody has arrived, NaN before its clock has started. */
  #responseAt(call: number, atMs: number): number {
    const replay = this.#replay;
    if (!replay) return NaN;
    const { calls } = replay;
    if (calls.arrivedMs[call] <= atMs) return responseS(calls, call, this.#clockStart);
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
    const response = el('span', { class: 'response' });
    const button = el(
      'button',
      { class: 'incident', attributes: { type: 'button' }, onClick: () => this.#events.onSelect(call) },
      [
        el('time', { text: clockText(this.#start, calls.occurredMs[call]) }),
        el('span', { class: 'what' }, [
          el('b', { text: wording.text('incidents.priority', { priority: String(calls.priority[call]) }) }),
          word(calls.category[call]),
        ]),
        el('span', { class: 'where' }, [this.#zoneName(call, wording)]),
        response,
        state,
      ],
    );
    el('li', {}, [button]);
    const row = { button, state, response };
    this.#rows.set(call, row);
    return row;
  }

  #update({ state, response, button }: Row, call: number, atMs: number, wording: Wording): void {
    const { calls } = this.#replay as Replay;
    const now = callStateAt(calls, call, atMs);
    setText(state, wording.text(`callState.${now}`));
    state.className = `state callState-${now}`;
    const seconds = this.#responseAt(call, atMs);
    setText(response, durationText(seconds));
    const arrived = calls.arrivedMs[call] <= atMs;
    response.className = `response ${arrived ? `tier-${tierOf(seconds)}` : 'running'}`;
    button.classList.toggle('closed', now === 'closed');
  }

  #zoneName(call: number, wording: Wording): HTMLElement {
    const { calls } = this.#replay as Replay;
    const zone = calls.zone[call];
    if (zone === '') return el('span', { text: wording.text('incidents.outside') });
    return word(this.#places?.zones.find((each) => each.id === zone)?.name ?? zone);
  }

  #showDetail({ calls, roads, startMs, endMs }: Replay, call: number, atMs: number, wording: Wording): void {
    const state = calls.occurredMs[call] <= atMs ? callStateAt(calls, call, atMs) : 'closed';
    // rebuilt only when something in it changes: the state, or which steps have happened
    const happened = [
      calls.occurredMs,
      calls.receivedMs,
      calls.dispatchedMs,
      calls.enRouteMs,
      calls.arrivedMs,
      calls.clearedMs,
    ]
      .map((times) => (times[call] <= atMs ? 1 : 0))
      .join('');
    const key = `${call} ${state} ${happened} ${wording.language}`;
    if (key === this.#shownKey) return;
    this.#shownKey = key;

    const number = String(calls.number[call]);
    const seconds = responseS(calls, call, this.#clockStart);
    const tier = tierOf(seconds);
    const segment = calls.segment[call];
    const street = segment === ABSENT ? '' : (roads.streetNames[roads.streetName[segment]] ?? '');
    const facts: [string, HTMLElement][] = [
      [wording.text('incidents.category'), word(calls.category[call])],
      [wording.text('incidents.zone'), this.#zoneName(call, wording)],
      ...(street ? [[wording.text('incidents.street'), word(street)] as [string, HTMLElement]] : []),
    ];
    this.#host.replaceChildren(
      el('button', {
        class: 'back-link',
        text: `← ${wording.text('incidents.back')}`,
        attributes: { type: 'button' },
        onClick: () => this.#events.onSelect(-1),
      }),
      el('header', { class: 'incident-head' }, [
        el('h2', { text: wording.text('incidents.title', { number }) }),
        el('span', {
          class: 'priority',
          text: wording.text('incidents.priority', { priority: String(calls.priority[call]) }),
        }),
        el('span', { class: `state callState-${state}`, text: wording.text(`callState.${state}`) }),
        el('span', {
          class: `response tier-${tier}`,
          text: Number.isNaN(seconds)
            ? wording.text('tier.none')
            : `${wording.text('incidents.response', { time: durationText(seconds) })} · ${wording.text(`tier.${tier}`)}`,
        }),
      ]),
      el('p', {
        class: 'about',
        text: wording.text('incidents.clock', { clock: wording.word('clock', this.#clockStart) }),
      }),
      el(
        'dl',
        { class: 'facts' },
        facts.flatMap(([term, value]) => [el('dt', { text: term }), el('dd', {}, [value])]),
      ),
      el('div', { class: 'row-tools' }, [
        el('button', {
          text: wording.text('incidents.goTo'),
          attributes: { type: 'button' },
          onClick: () => this.#events.onGoTo(call),
        }),
        el('button', {
          text: wording.text('incidents.showOnMap'),
          attributes: { type: 'button' },
          onClick: () => this.#events.onShow(call),
        }),
      ]),
      el('h3', { text: wording.text('incidents.timeline') }),
      this.#timeLine(call, atMs, wording),
      ...(Number.isNaN(calls.clearedMs[call]) && atMs >= endMs && startMs <= endMs
        ? [el('p', { class: 'about', text: wording.text('incidents.openAtEnd') })]
        : []),
      el('h3', { text: wording.text('incidents.why') }),
      ...this.#why(call, wording),
    );
  }

  #timeLine(call: number, atMs: number, wording: Wording): HTMLElement {
    const { calls } = this.#replay as Replay;
    const steps: { text: string; ms: number; unit: string }[] = [
      { text: wording.text('incidents.occurred'), ms: calls.occurredMs[call], unit: '' },
      { text: wording.text('incidents.received'), ms: calls.receivedMs[call], unit: '' },
      ...calls.dispatches[call].flatMap(({ unit, dispatchedMs, enRouteMs, arrivedMs }) => [
        { text: wording.text('incidents.dispatched', { unit: visible(unit) }), ms: dispatchedMs, unit },
        { text: wording.text('incidents.enRoute', { unit: visible(unit) }), ms: enRouteMs, unit },
        { text: wording.text('incidents.arrived', { unit: visible(unit) }), ms: arrivedMs, unit },
      ]),
      { text: wording.text('incidents.cleared'), ms: calls.clearedMs[call], unit: '' },
    ].filter((step) => !Number.isNaN(step.ms));
    steps.sort((a, b) => a.ms - b.ms);
    return el(
      'ol',
      { class: 'time-line' },
      steps.map((step, ix) =>
        el('li', { class: step.ms <= atMs ? 'past' : 'future' }, [
          el('time', { text: clockText(this.#start, step.ms) }),
          el('span', { text: step.text }),
          el('small', { text: ix === 0 ? '' : `+${durationText((step.ms - steps[0].ms) / 1000)}` }),
        ]),
      ),
    );
  }

  #why(call: number, wording: Wording): HTMLElement[] {
    const { calls } = this.#replay as Replay;
    const dispatches = calls.dispatches[call];
    if (dispatches.length === 0)
      return [el('p', { class: 'about', text: wording.text('incidents.notSentYet') })];
    return dispatches.flatMap((dispatch) => this.#decision(dispatch, wording));
  }

  #decision({ unit, reason, candidates }: CallDispatch, wording: Wording): HTMLElement[] {
    const unitButton = (id: string): HTMLElement =>
      el('button', {
        class: 'unit-link',
        text: visible(id),
        attributes: { type: 'button', 'aria-label': wording.text('units.follow', { unit: visible(id) }) },
        onClick: () => this.#events.onUnit(id),
      });
    const longest = Math.max(
      1,
      ...candidates.slice(0, VIEWER_LIMITS.listedCandidates).map((each) => each.travelTimeS),
    );
    const rows = candidates.slice(0, VIEWER_LIMITS.listedCandidates).map((candidate) => {
      const bar = el('i', { class: 'bar', attributes: { 'aria-hidden': 'true' } });
      bar.style.width = `${(100 * candidate.travelTimeS) / longest}%`;
      const isSent = candidate.unit === unit;
      return el('tr', { class: isSent ? 'sent' : '' }, [
        el('th', { attributes: { scope: 'row' } }, [unitButton(candidate.unit)]),
        el('td', { class: 'figure', text: durationText(candidate.travelTimeS) }),
        el('td', { class: 'bar-cell' }, [bar]),
        el('td', { class: 'mark-sent', text: isSent ? wording.text('incidents.sent') : '' }),
      ]);
    });
    const nMore = candidates.length - rows.length;
    return [
      el('p', { class: 'decision' }, [
        unitButton(unit),
        ...(reason
          ? [
              el('span', {
                text: visible(wording.text('incidents.reason', { reason: wording.word('reason', reason) })),
              }),
            ]
          : []),
      ]),
      ...(rows.length > 0
        ? [
            el('table', { class: 'candidates' }, [
              el('caption', { text: wording.text('incidents.candidates') }),
              el('tbody', {}, rows),
            ]),
          ]
        : []),
      ...(nMore > 0
        ? [el('p', { class: 'about', text: wording.text('incidents.moreCandidates', { n: nMore }) })]
        : []),
    ];
  }
}
