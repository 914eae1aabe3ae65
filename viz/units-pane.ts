/** The unit pane: every unit, what it does now, how busy it was; a click follows it on the map. */
import type { KpisJson } from '../engine/results/results-folder.ts';
import { el, setText, visible } from './dom.ts';
import type { Wording } from './i18n.ts';
import type { Places } from './places.ts';
import type { Replay } from './replay.ts';
import { NO_CALL, phaseAt, UNIT_STATES } from './tracks.ts';

interface Row {
  button: HTMLButtonElement;
  state: HTMLElement;
  doing: HTMLElement;
}

export class UnitsPane {
  readonly #host: HTMLElement;
  readonly #onFollow: (unit: number) => void;
  #replay: Replay | null = null;
  #names = new Map<string, string>();
  #busy = new Map<string, number | null>();
  #rows: Row[] = [];

  constructor(host: HTMLElement, onFollow: (unit: number) => void) {
    this.#host = host;
    this.#onFollow = onFollow;
  }

  setReplay(replay: Replay, places: Places, kpis: KpisJson): void {
    this.#replay = replay;
    this.#names = new Map([...places.points, ...places.lines].map(({ id, name }) => [id, name]));
    this.#busy = new Map(kpis.utilisation.map(({ unit, busyShare }) => [unit, busyShare.value]));
    this.reset();
  }

  clear(): void {
    this.#replay = null;
    this.reset();
  }

  /** Forgets what was built: the language or the replay has changed. */
  reset(): void {
    this.#rows = [];
    this.#host.replaceChildren();
  }

  show(atMs: number, following: number, wording: Wording): void {
    const replay = this.#replay;
    if (!replay) return;
    if (this.#rows.length === 0) this.#build(replay, wording);
    const { tracks } = replay;
    this.#rows.forEach(({ button, state, doing }, unit) => {
      const phase = phaseAt(tracks, unit, atMs);
      const now = phase < 0 ? 'offDuty' : UNIT_STATES[tracks.state[phase]];
      setText(state, wording.text(`unitState.${now}`));
      state.className = `state unitState-${now}`;
      setText(doing, phase < 0 ? '' : this.#doing(replay, phase, wording));
      button.setAttribute('aria-pressed', String(unit === following));
    });
  }

  #build({ tracks }: Replay, wording: Wording): void {
    this.#rows = tracks.unitIds.map((id, unit) => ({
      button: el('button', {
        class: 'unit-link',
        text: visible(id),
        attributes: { type: 'button', 'aria-label': wording.text('units.follow', { unit: visible(id) }) },
        onClick: () => this.#onFollow(unit),
      }),
      state: el('span', { class: 'state' }),
      doing: el('span', { class: 'doing' }),
    }));
    const rows = this.#rows.map(({ button, state, doing }, unit) => {
      const busy = this.#busy.get(tracks.unitIds[unit]);
      return el('tr', {}, [
        el('th', { attributes: { scope: 'row' } }, [button]),
        el('td', {}, [state]),
        el('td', {}, [doing]),
        el('td', {
          class: 'figure',
          text: busy === undefined || busy === null ? '–' : wording.percent(busy),
        }),
      ]);
    });
    const head = (['unit', 'state', 'doing', 'busy'] as const).map((key) =>
      el('th', { text: wording.text(`units.${key}`), attributes: { scope: 'col' } }),
    );
    this.#host.replaceChildren(
      el('table', { class: 'units' }, [
        el('caption', { class: 'visually-hidden', text: wording.text('units.list') }),
        el('thead', {}, [el('tr', {}, head)]),
        el('tbody', {}, rows),
      ]),
      el('p', { class: 'about', text: wording.text('units.busyAbout') }),
    );
  }

  #doing({ tracks, calls }: Replay, phase: number, wording: Wording): string {
    if (tracks.call[phase] !== NO_CALL) {
      return wording.text('units.call', { number: String(calls.number[tracks.call[phase]]) });
    }
    if (tracks.task[phase] < 0) return '';
    const task = tracks.tasks[tracks.task[phase]];
    const colon = task.indexOf(':');
    const id = colon < 0 ? '' : task.slice(colon + 1);
    const name = visible(this.#names.get(id) ?? id);
    switch (colon < 0 ? task : task.slice(0, colon)) {
      case 'visit':
        return wording.text('task.visit', { name });
      case 'pass':
        return wording.text('task.pass', { name });
      case 'pass-back':
        return wording.text('task.pass-back', { name });
      case 'home':
        // on the way there; a unit that stands at home has nothing else to do
        return tracks.drive[phase] >= 0 ? wording.text('task.home') : '';
      default:
        return visible(task);
    }
  }
}
