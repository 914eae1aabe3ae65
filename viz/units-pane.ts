/**
 * The unit pane: every unit, what it does now, where its time on duty went; a click follows it on the map. Below, the
 * moves between bases until now.
 */
import type { Estimate, KpisJson } from '../engine/results/results-folder.ts';
import { doingText } from './doing.ts';
import { el, setText, visible } from './dom.ts';
import type { Wording } from './i18n.ts';
import { MoveList } from './move-list.ts';
import type { Places } from './places.ts';
import type { Replay } from './replay.ts';
import { phaseAt, UNIT_STATES } from './tracks.ts';

interface Row {
  button: HTMLButtonElement;
  state: HTMLElement;
  doing: HTMLElement;
}

type Split = KpisJson['utilisation'][number] | NonNullable<KpisJson['fleet']>;

/** Parts of the time on duty, in the order in which the bar stacks them. */
const PARTS = ['busyShare', 'activityShare', 'breakShare', 'outOfServiceShare'] as const;
type Part = (typeof PARTS)[number];

export class UnitsPane {
  readonly #host: HTMLElement;
  readonly #onFollow: (unit: number) => void;
  readonly #moves: MoveList;
  #replay: Replay | null = null;
  #places: Places | null = null;
  #kpis: KpisJson | null = null;
  #rows: Row[] = [];
  #isBuilt = false;

  constructor(host: HTMLElement, onFollow: (unit: number) => void) {
    this.#host = host;
    this.#onFollow = onFollow;
    this.#moves = new MoveList(onFollow);
  }

  /** Figures alone, as long as there is no replay. */
  setFigures(kpis: KpisJson): void {
    this.#kpis = kpis;
    this.#replay = null;
    this.reset();
  }

  setReplay(replay: Replay, places: Places, start: string | null): void {
    this.#replay = replay;
    this.#places = places;
    this.#moves.setReplay(replay, places, start);
    this.reset();
  }

  /** Forgets what was built: the language or the replay has changed. */
  reset(): void {
    this.#rows = [];
    this.#isBuilt = false;
    this.#moves.reset();
    this.#host.replaceChildren();
  }

  show(atMs: number, following: number, wording: Wording): void {
    if (!this.#isBuilt) this.#build(wording);
    const [replay, places] = [this.#replay, this.#places];
    if (!replay || !places) return;
    const { tracks } = replay;
    this.#rows.forEach(({ button, state, doing }, unit) => {
      const phase = phaseAt(tracks, unit, atMs);
      const now = phase < 0 ? 'offDuty' : UNIT_STATES[tracks.state[phase]];
      setText(state, wording.text(`unitState.${now}`));
      state.className = `state unitState-${now.toLowerCase()}`;
      setText(doing, phase < 0 ? '' : doingText(replay, places, phase, wording));
      button.setAttribute('aria-pressed', String(unit === following));
    });
    this.#moves.show(atMs, wording);
  }

  #build(wording: Wording): void {
    const kpis = this.#kpis;
    if (!kpis) return;
    this.#isBuilt = true;
    const splits = new Map(kpis.utilisation.map((row) => [row.unit, row]));
    const all: Split[] = [...kpis.utilisation, ...(kpis.fleet ? [kpis.fleet] : [])];
    const hasOvertime = all.some((split) => (split.overtimeHours?.value ?? 0) > 0);
    const figures = (split: Split | undefined): HTMLElement[] => [
      dutyCell(split, wording),
      ...(hasOvertime ? [overtimeCell(split?.overtimeHours, wording)] : []),
    ];
    const replay = this.#replay;
    const head = [
      'unit' as const,
      ...(replay ? (['state', 'doing'] as const) : []),
      'busy' as const,
      ...(hasOvertime ? (['overtime'] as const) : []),
    ].map((key) =>
      el('th', {
        class: key === 'busy' || key === 'overtime' ? 'figure' : '',
        text: wording.text(`units.${key}`),
        attributes: { scope: 'col' },
      }),
    );
    const body = replay
      ? this.#liveRows(replay, splits, figures, wording)
      : kpis.utilisation.map((split) =>
          el('tr', {}, [
            el('th', { text: visible(split.unit), attributes: { scope: 'row' } }),
            ...figures(split),
          ]),
        );
    const shown = PARTS.filter((part) => all.some((split) => (split[part]?.value ?? 0) > 0));
    this.#host.replaceChildren(
      el('table', { class: 'units' }, [
        el('caption', { class: 'visually-hidden', text: wording.text('units.list') }),
        el('thead', {}, [el('tr', {}, head)]),
        ...(kpis.fleet
          ? [
              el('tbody', { class: 'fleet' }, [
                el('tr', {}, [
                  el('th', {
                    text: wording.text('units.fleet'),
                    attributes: { scope: 'row', colspan: replay ? '3' : '1' },
                  }),
                  ...figures(kpis.fleet),
                ]),
              ]),
            ]
          : []),
        el('tbody', {}, body),
      ]),
      el(
        'ul',
        { class: 'chart-key' },
        shown.map((part) =>
          el('li', {}, [
            el('i', { class: `swatch tall part-${part}`, attributes: { 'aria-hidden': 'true' } }),
            el('span', { text: wording.text(`units.part.${part}`) }),
          ]),
        ),
      ),
      el('p', { class: 'about', text: wording.text('units.busyAbout', { n: kpis.replications }) }),
      ...(replay && replay.moves.length > 0 ? [this.#moves.element(wording)] : []),
    );
  }

  #liveRows(
    { tracks }: Replay,
    splits: ReadonlyMap<string, Split>,
    figures: (split: Split | undefined) => HTMLElement[],
    wording: Wording,
  ): HTMLElement[] {
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
    return this.#rows.map(({ button, state, doing }, unit) =>
      el('tr', {}, [
        el('th', { attributes: { scope: 'row' } }, [button]),
        el('td', {}, [state]),
        el('td', {}, [doing]),
        ...figures(splits.get(tracks.unitIds[unit])),
      ]),
    );
  }
}

/** Share on calls in figures, and all parts as a stacked bar that reads out each of them. */
function dutyCell(split: Split | undefined, wording: Wording): HTMLElement {
  const busy = split?.busyShare.value ?? null;
  if (split === undefined || busy === null) return el('td', { class: 'figure', text: '–' });
  const parts = PARTS.flatMap((part: Part) => {
    const share = split[part]?.value ?? 0;
    return share > 0 ? [{ part, share }] : [];
  });
  const text = parts
    .map(({ part, share }) => `${wording.text(`units.part.${part}`)} ${wording.percent(share)}`)
    .join(', ');
  const bar = el(
    'span',
    { class: 'split-bar', attributes: { role: 'img', 'aria-label': text, title: text } },
    parts.map(({ part, share }) => {
      const fill = el('i', { class: `part-${part}` });
      fill.style.width = `${100 * Math.min(1, share)}%`;
      return fill;
    }),
  );
  const { ci95 } = split.busyShare;
  return el('td', { class: 'figure duty' }, [
    el('b', { text: wording.percent(busy) }),
    bar,
    ...(ci95 ? [el('small', { text: ci95.map((end) => wording.decimal(100 * end)).join(' – ') })] : []),
  ]);
}

function overtimeCell(overtime: Estimate | undefined, wording: Wording): HTMLElement {
  const hours = overtime?.value ?? null;
  if (hours === null || hours === 0) return el('td', { class: 'figure', text: '–' });
  const ci95 = overtime?.ci95;
  return el('td', { class: 'figure' }, [
    el('b', { text: wording.text('units.hours', { hours: wording.decimal(hours) }) }),
    ...(ci95 ? [el('small', { text: ci95.map((end) => wording.decimal(end)).join(' – ') })] : []),
  ]);
}
