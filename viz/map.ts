/** The map: a still canvas and a moving one over it, pointing at things, following a unit, the scale bar. */
import { BaseLayer, type ShownLayers } from './base-layer.ts';
import { unitsOfCall } from './calls.ts';
import { byId, el, setText, visible, word } from './dom.ts';
import type { Wording } from './i18n.ts';
import { readPalette, type Palette } from './palette.ts';
import { boundsWithPlaces, type Places } from './places.ts';
import { reasonText } from './reasons.ts';
import type { Replay } from './replay.ts';
import type { Roads } from './roads.ts';
import { doingText, moveOf } from './doing.ts';
import { phaseAt, UNIT_STATES } from './tracks.ts';
import { UnitsLayer, type Selection } from './units-layer.ts';
import { MapView } from './view.ts';

interface MapEvents {
  /** Something must be drawn again. */
  onChange(): void;
  onPick(selection: Selection): void;
  onFollow(unit: number): void;
}

/** How near the pointer must be to a thing, in pixels. */
const REACH_PX = 14;
/** Milliseconds of painting that a frame may spend on the still map. */
const PAINT_BUDGET_MS = 5;
const PULSE_MS = 1600;
/** Scale at which a place that was picked is shown, pixels per metre: about 1 km across 250 px. */
const CLOSE_PX_PER_M = 0.25;

export class CityMap {
  readonly view: MapView;
  palette: Palette = readPalette();
  units: UnitsLayer | null = null;
  selection: Selection = { unit: -1, call: -1 };
  /** Unit that the view follows, or -1. */
  following = -1;
  readonly #element: HTMLElement;
  readonly #base: BaseLayer;
  readonly #moving: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #events: MapEvents;
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  #roads: Roads | null = null;
  #places: Places | null = null;
  #replay: Replay | null = null;
  #pointer: { x: number; y: number } | null = null;

  constructor(events: MapEvents) {
    this.#events = events;
    this.#element = byId('map');
    const [first, second, moving] = this.#element.querySelectorAll('canvas');
    this.#base = new BaseLayer(first, second);
    this.#moving = moving;
    const context = moving.getContext('2d');
    if (!context) throw new Error('this browser gives no 2D canvas');
    this.#context = context;
    this.view = new MapView(this.#element, (byPerson) => {
      if (byPerson && this.following >= 0) this.follow(-1);
      this.#drawScale();
      events.onChange();
    });
    new ResizeObserver(() => this.#resize()).observe(this.#element);
    this.#listen();
  }

  get layers(): ShownLayers {
    return this.#base.layers;
  }

  setLayers(layers: ShownLayers): void {
    this.#base.layers = layers;
    this.#base.refresh();
    this.#events.onChange();
  }

  setCity(roads: Roads, places: Places): void {
    this.#roads = roads;
    this.#places = places;
    this.#replay = null;
    this.units = null;
    this.#base.setCity(roads, places);
    this.#resize();
    this.fit();
  }

  setReplay(replay: Replay): void {
    this.#replay = replay;
    this.units = new UnitsLayer(replay);
    this.selection = { unit: -1, call: -1 };
    this.follow(-1);
  }

  /** The whole network and its places, between the legend and the buttons where there is room for all. */
  fit(): void {
    if (!this.#roads || !this.#places) return;
    const { offsetLeft, offsetWidth } = byId('legend');
    this.follow(-1);
    const isWide = this.view.width > 700;
    this.view.fit(boundsWithPlaces(this.#roads.bounds, this.#places), {
      left: isWide ? offsetLeft + offsetWidth : 0,
      right: isWide
        ? this.view.width -
          byId('zoom-in').getBoundingClientRect().left +
          this.#element.getBoundingClientRect().left
        : 0,
    });
  }

  /** Takes new colours from the style sheet. */
  recolour(): void {
    this.palette = readPalette();
    this.#base.refresh();
    this.#events.onChange();
  }

  /** Follows a unit, or nobody with -1. */
  follow(unit: number): void {
    if (this.following === unit) return;
    this.following = unit;
    this.#events.onFollow(unit);
  }

  showPlace(x: number, y: number): void {
    this.follow(-1);
    this.view.centre(x, y, CLOSE_PX_PER_M);
  }

  /** One frame at a moment of the replay. Returns whether another is needed although nothing changes. */
  frame(atMs: number, pageMs: number): boolean {
    const { units, view } = this;
    if (units && this.following >= 0) {
      const place = units.worldPlace(this.following, atMs);
      if (place) view.centre(place.x, place.y);
    }
    this.#base.frame(view, this.palette, pageMs, PAINT_BUDGET_MS);
    let pulses = false;
    if (units) {
      const still = this.#stillness.matches;
      units.locate(view, atMs);
      pulses = !still && units.callCounts.waiting > 0;
      const pulse = still ? 0.35 : (pageMs % PULSE_MS) / PULSE_MS;
      units.draw(this.#context, view, this.palette, atMs, this.selection, pulse);
    }
    return pulses || this.#base.waits(view);
  }

  #resize(): void {
    const ratio = Math.min(2, devicePixelRatio);
    this.view.resize();
    this.#moving.width = Math.round(this.view.width * ratio);
    this.#moving.height = Math.round(this.view.height * ratio);
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#events.onChange();
  }

  #listen(): void {
    const element = this.#element;
    element.addEventListener('pointermove', (event) => {
      const box = element.getBoundingClientRect();
      this.#pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
      this.#events.onChange();
    });
    element.addEventListener('pointerleave', () => {
      this.#pointer = null;
      this.#events.onChange();
    });
    element.addEventListener('click', (event) => {
      const box = element.getBoundingClientRect();
      const found = this.units?.at(this.view, event.clientX - box.left, event.clientY - box.top, REACH_PX);
      if (found) this.#events.onPick(found);
    });
    element.addEventListener('keydown', (event) => {
      if (event.key === '+' || event.key === '=') this.view.zoomBy(1.5);
      else if (event.key === '-') this.view.zoomBy(1 / 1.5);
      else if (event.key === '0') this.fit();
    });
  }

  /** What lies under the pointer, as text in the tooltip. */
  pointOut(atMs: number, wording: Wording): void {
    const tooltip = byId('tooltip');
    const pointer = this.#pointer;
    const lines = pointer ? this.#describe(pointer.x, pointer.y, atMs, wording) : null;
    this.#element.classList.toggle('points', lines !== null && lines.clickable);
    tooltip.hidden = lines === null;
    if (!pointer || !lines) return;
    tooltip.replaceChildren(
      word(lines.title, 'tooltip-title'),
      ...lines.about.filter((line) => line !== '').map((line) => el('span', { text: visible(line) })),
    );
    const left = Math.min(pointer.x + 14, this.view.width - tooltip.offsetWidth - 8);
    const top = Math.min(pointer.y + 14, this.view.height - tooltip.offsetHeight - 8);
    tooltip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  #describe(
    px: number,
    py: number,
    atMs: number,
    wording: Wording,
  ): { title: string; about: string[]; clickable: boolean } | null {
    const { units, view } = this;
    if (units && this.#replay && this.#places) {
      const { unit, call } = units.at(view, px, py, REACH_PX);
      const { tracks, calls } = this.#replay;
      if (unit >= 0) {
        const state = UNIT_STATES[units.unitState[unit]];
        const phase = phaseAt(tracks, unit, atMs);
        const move = moveOf(this.#replay, phase, unit);
        return {
          title: tracks.unitIds[unit],
          about: [
            wording.text(`unitState.${state}`),
            phase < 0 ? '' : doingText(this.#replay, this.#places, phase, wording),
            move === null ? '' : reasonText(move.reason, wording),
          ],
          clickable: true,
        };
      }
      if (call >= 0) {
        const { onIt, there } = unitsOfCall(calls, call, atMs);
        return {
          title: wording.text('incidents.title', { number: String(calls.number[call]) }),
          about: [
            `${wording.text('incidents.priority', { priority: String(calls.priority[call]) })} · ${calls.category[call]}`,
            wording.text('incidents.unitsNow', { wanted: calls.unitsWanted[call], onIt, there }),
          ],
          clickable: true,
        };
      }
    }
    const places = this.#places;
    if (!places) return null;
    const near = (place: { x: number; y: number }): boolean => {
      const { k, x, y } = view.transform;
      return (place.x * k + x - px) ** 2 + (place.y * k + y - py) ** 2 < 100;
    };
    const post = this.layers.posts ? places.posts.find(near) : undefined;
    if (post) return { title: post.name, about: [wording.text('legend.posts')], clickable: false };
    const destination = this.layers.destinations ? places.destinations.find(near) : undefined;
    if (destination) {
      const sort = wording.word('destination', destination.sort);
      return {
        title: destination.name,
        about: [wording.text('legend.destinations'), sort],
        clickable: false,
      };
    }
    const point = this.layers.points ? places.points.find(near) : undefined;
    if (point) return { title: point.name, about: [wording.text('legend.points')], clickable: false };
    return null;
  }

  /** A bar of a round length, at most 110 pixels. */
  #drawScale(): void {
    const scale = byId('scale');
    const mostM = 110 / this.view.transform.k;
    const power = 10 ** Math.floor(Math.log10(mostM));
    const lengthM = power * (mostM / power >= 5 ? 5 : mostM / power >= 2 ? 2 : 1);
    const text = lengthM >= 1000 ? `${lengthM / 1000} km` : `${lengthM} m`;
    const [label, bar] = scale.children;
    setText(label, text);
    (bar as HTMLElement).style.width = `${lengthM * this.view.transform.k}px`;
  }
}
