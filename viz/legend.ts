/** The legend of the map: every mark with its name and, for what moves, how many there are now; layers on and off. */
import type { ShownLayers } from './base-layer.ts';
import { byId, el, setText, word } from './dom.ts';
import type { Wording } from './i18n.ts';
import { TIERS } from './palette.ts';
import { CALL_STATES, type CallState } from './calls.ts';
import type { Replay } from './replay.ts';
import { KEPT_AWAY, UNIT_STATES, type UnitState } from './tracks.ts';
import type { UnitsLayer } from './units-layer.ts';

/** In the order of the legend: free, on a call, kept away. Off duty comes last: it is the one nobody looks for. */
const SHOWN_UNIT_STATES: readonly UnitState[] = [
  'atPost',
  'patrolling',
  'returning',
  'movingUp',
  'assigned',
  'enRoute',
  'onScene',
  'transporting',
  'handingOver',
  'reporting',
  'onActivity',
  'onBreak',
  'outOfReach',
  'outOfService',
  'offDuty',
];
/** States that are named in the legend although a replication may not have them. */
const USUAL_STATES: readonly UnitState[] = ['atPost', 'patrolling', 'enRoute', 'onScene', 'offDuty'];
const USUAL_CALL_STATES: readonly CallState[] = ['waiting', 'assigned', 'attended', 'closed'];
const LAYERS = ['zones', 'lines', 'points', 'posts', 'destinations', 'names'] as const;

/** What is on the map: kinds of zones, destinations, and the replication that is played. */
interface LegendContent {
  zoneClasses: readonly string[];
  hasDestinations: boolean;
  replay: Replay | null;
  /** Without a log nothing moves, and only places are named. */
  hasLog: boolean;
}

const mark = (name: string): HTMLElement =>
  el('i', { class: `mark ${name}`, attributes: { 'aria-hidden': 'true' } });

export class Legend {
  readonly #unitCounts = new Map<UnitState, HTMLElement>();
  readonly #callCounts = new Map<CallState, HTMLElement>();
  #tasks: HTMLElement | null = null;

  /** Builds the legend in the words of `wording`. */
  build(
    wording: Wording,
    layers: ShownLayers,
    content: LegendContent,
    onLayers: (layers: ShownLayers) => void,
  ): void {
    this.#unitCounts.clear();
    this.#callCounts.clear();
    const wasOpen = byId('legend').querySelector('details')?.open ?? byId('stage').clientWidth > 560;
    const details = el('details', {}, [
      el('summary', { text: wording.text('legend.title') }),
      ...(content.hasLog
        ? [...this.#moving(content.replay, wording), ...timelineMarks(content.replay, wording)]
        : []),
      ...placesOf(wording, layers, content, onLayers),
    ]);
    details.open = wasOpen;
    byId('legend').replaceChildren(details);
  }

  /** What moves and changes, each with how many there are: the usual states and those that the replication has. */
  #moving(replay: Replay | null, wording: Wording): HTMLElement[] {
    const unitStates = new Set([
      ...USUAL_STATES,
      ...[...new Set(replay?.tracks.state)].map((state) => UNIT_STATES[state]),
    ]);
    const callStates = new Set([
      ...USUAL_CALL_STATES,
      ...[...new Set(replay?.calls.state)].map((state) => CALL_STATES[state]),
    ]);
    const counted = <K extends string>(
      key: K,
      prefix: 'unitState' | 'callState',
      counts: Map<K, HTMLElement>,
    ): HTMLElement => {
      const count = el('b', { text: '–' });
      counts.set(key, count);
      return el('li', {}, [
        mark(`${prefix}-${key.toLowerCase()}`),
        el('span', { text: wording.word(prefix, key) }),
        count,
      ]);
    };
    this.#tasks = el('b', { text: '–' });
    return [
      el('h3', { text: wording.text('legend.units') }),
      el(
        'ul',
        {},
        SHOWN_UNIT_STATES.filter((state) => unitStates.has(state)).map((state) =>
          counted(state, 'unitState', this.#unitCounts),
        ),
      ),
      el('h3', { text: wording.text('legend.calls') }),
      el(
        'ul',
        {},
        CALL_STATES.filter((state) => callStates.has(state)).map((state) =>
          counted(state, 'callState', this.#callCounts),
        ),
      ),
      el('ul', { class: 'tasks' }, [
        el('li', {}, [el('span', { text: wording.text('status.tasksDone') }), this.#tasks]),
      ]),
    ];
  }

  /** Shows how many there are now. */
  count(units: UnitsLayer, nTasksDone: number, wording: Wording): void {
    for (const [state, count] of this.#unitCounts) setText(count, wording.whole(units.unitCounts[state]));
    for (const [state, count] of this.#callCounts) setText(count, wording.whole(units.callCounts[state]));
    if (this.#tasks) setText(this.#tasks, wording.whole(nTasksDone));
  }
}

/** Marks of the time line; those of waiting, lost calls and units kept away only where there are any. */
function timelineMarks(replay: Replay | null, wording: Wording): HTMLElement[] {
  const isAway = (state: number): boolean => KEPT_AWAY.has(UNIT_STATES[state]);
  const hasWaiting = replay?.calls.state.includes(CALL_STATES.indexOf('waiting')) ?? false;
  const named = (name: string, text: string): HTMLElement => el('li', {}, [mark(name), el('span', { text })]);
  return [
    el('h3', { text: wording.text('legend.timeline') }),
    el(
      'ul',
      { class: 'tiers' },
      TIERS.map((tier) => named(`tier-mark tier-${tier}`, wording.text(`tierShort.${tier}`))),
    ),
    el('ul', {}, [
      named('busy-mark', wording.text('legend.busy')),
      ...(replay?.tracks.state.some(isAway) ? [named('away-mark', wording.text('legend.away'))] : []),
      ...(hasWaiting ? [named('waiting-mark', wording.text('legend.waiting'))] : []),
      ...(replay?.calls.end.includes('lost') ? [named('lost-mark', wording.text('callState.lost'))] : []),
    ]),
  ];
}

function placesOf(
  wording: Wording,
  layers: ShownLayers,
  { zoneClasses, hasDestinations }: LegendContent,
  onLayers: (layers: ShownLayers) => void,
): HTMLElement[] {
  const layer = (key: (typeof LAYERS)[number]): HTMLElement => {
    const box = el('input', { attributes: { type: 'checkbox' } });
    box.checked = layers[key];
    box.addEventListener('change', () => onLayers({ ...layers, [key]: (layers[key] = box.checked) }));
    return el('li', {}, [
      el('label', {}, [box, mark(`place-${key}`), el('span', { text: wording.text(`legend.${key}`) })]),
    ]);
  };
  return [
    el('h3', { text: wording.text('legend.places') }),
    el('ul', {}, [
      ...LAYERS.filter((key) => key !== 'destinations' || hasDestinations).map(layer),
      ...zoneClasses.map((zoneClass) =>
        el('li', { class: 'zone-class' }, [
          mark(`zone-${['core', 'key', 'general'].includes(zoneClass) ? zoneClass : 'other'}`),
          word(wording.word('group.zoneClass', zoneClass)),
        ]),
      ),
    ]),
  ];
}
