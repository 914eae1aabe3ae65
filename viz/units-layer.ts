/**
 * The moving part of the map: units and open incidents at one moment. Everything is found from the time
 * alone, so scrubbing costs the same as playing. Drawn in one path per state.
 */
import { offsetInStepMm, stepAt, type Drives } from './drives.ts';
import { visible } from './dom.ts';
import type { Palette } from './palette.ts';
import { callStateAt, CALL_STATES, unitsOfCall, type Calls } from './calls.ts';
import { countUntil, type Replay } from './replay.ts';
import { placeOnSegment, type Roads } from './roads.ts';
import {
  isMoving,
  KEPT_AWAY,
  NO_CALL,
  NO_DRIVE,
  phaseAt,
  placeInPhase,
  UNIT_STATES,
  type UnitState,
} from './tracks.ts';
import type { MapView } from './view.ts';

/** What is selected; -1 for none. */
export interface Selection {
  unit: number;
  call: number;
}

/** Ways of units to calls, destinations and new bases drawn at once; beyond, only of what is selected. */
const MOST_WAYS = 60;
/** Drives whose ways are drawn unasked. */
const SHOWN_WAYS: ReadonlySet<UnitState> = new Set<UnitState>(['enRoute', 'transporting', 'movingUp']);
/** Units that stand at one place are set apart, this far from its middle, so many on a ring. */
const APART_PX = 11;
const ON_A_RING = 8;
const ON_SCENE = UNIT_STATES.indexOf('onScene');
/** A unit's heading is taken from where it will be this much later. */
const HEADING_MS = 400;

export class UnitsLayer {
  /** Screen places and states of the last frame, for pointing at things. */
  readonly unitX: Float64Array;
  readonly unitY: Float64Array;
  readonly unitState: Uint8Array;
  readonly unitCounts = zeros(UNIT_STATES);
  openCalls: number[] = [];
  readonly callCounts = zeros(CALL_STATES);
  readonly #replay: Replay;
  readonly #heading: Float64Array;
  readonly #phase: Int32Array;
  readonly #place = new Float64Array(2);
  readonly #ahead = new Float64Array(2);
  /** Units that stand at a place, while they are located. */
  readonly #standing = new Map<number, number>();

  constructor(replay: Replay) {
    const n = replay.tracks.unitIds.length;
    this.#replay = replay;
    this.unitX = new Float64Array(n).fill(NaN);
    this.unitY = new Float64Array(n).fill(NaN);
    this.unitState = new Uint8Array(n);
    this.#heading = new Float64Array(n);
    this.#phase = new Int32Array(n).fill(-1);
  }

  /** World place of a unit at a time, or null while it is off duty or unknown. */
  worldPlace(unit: number, atMs: number): { x: number; y: number } | null {
    const { tracks, drives, roads } = this.#replay;
    const phase = phaseAt(tracks, unit, atMs);
    if (phase < 0 || UNIT_STATES[tracks.state[phase]] === 'offDuty') return null;
    placeInPhase(tracks, drives, roads, phase, atMs, this.#place);
    return Number.isNaN(this.#place[0]) ? null : { x: this.#place[0], y: this.#place[1] };
  }

  /** Finds every unit and every open call at `atMs`. */
  locate(view: MapView, atMs: number): void {
    const { tracks, drives, roads, calls } = this.#replay;
    const { k, x, y } = view.transform;
    for (const state of UNIT_STATES) this.unitCounts[state] = 0;
    this.#standing.clear();
    for (let unit = 0; unit < this.unitX.length; unit++) {
      const phase = this.#phaseNear(unit, atMs);
      this.#phase[unit] = phase;
      if (phase < 0) {
        this.unitX[unit] = NaN;
        this.unitState[unit] = 0;
        this.unitCounts.offDuty++;
        continue;
      }
      this.unitState[unit] = tracks.state[phase];
      this.unitCounts[UNIT_STATES[tracks.state[phase]]]++;
      placeInPhase(tracks, drives, roads, phase, atMs, this.#place);
      this.unitX[unit] = this.#place[0] * k + x;
      this.unitY[unit] = this.#place[1] * k + y;
      if (isMoving(tracks, drives, phase, atMs)) {
        placeInPhase(tracks, drives, roads, phase, atMs + HEADING_MS, this.#ahead);
        const dx = this.#ahead[0] - this.#place[0];
        const dy = this.#ahead[1] - this.#place[1];
        this.#heading[unit] = dx === 0 && dy === 0 ? NaN : Math.atan2(dy, dx);
      } else {
        this.#heading[unit] = NaN;
        if (tracks.state[phase] > 0) this.#setApart(unit, tracks.state[phase] === ON_SCENE);
      }
    }
    this.#findOpenCalls(calls, atMs);
  }

  /** Moves a standing unit aside where others stand already, or where the mark of its call is. */
  #setApart(unit: number, atCall: boolean): void {
    const key = this.#place[0] * 65_537 + this.#place[1];
    const nBefore = this.#standing.get(key) ?? (atCall ? 1 : 0);
    this.#standing.set(key, nBefore + 1);
    if (nBefore === 0) return;
    const ring = Math.ceil(nBefore / ON_A_RING);
    const angle = (2 * Math.PI * (nBefore - 1)) / ON_A_RING - Math.PI / 2;
    this.unitX[unit] += ring * APART_PX * Math.cos(angle);
    this.unitY[unit] += ring * APART_PX * Math.sin(angle);
  }

  /** The phase at a time, tried first where the last frame left off. */
  #phaseNear(unit: number, atMs: number): number {
    const { tracks } = this.#replay;
    const last = this.#phase[unit];
    if (last >= 0 && tracks.startMs[last] <= atMs) {
      const end = tracks.firstPhase[unit + 1];
      if (last + 1 === end || tracks.startMs[last + 1] > atMs) return last;
    }
    return phaseAt(tracks, unit, atMs);
  }

  #findOpenCalls(calls: Calls, atMs: number): void {
    for (const state of CALL_STATES) this.callCounts[state] = 0;
    this.openCalls.length = 0;
    const nOccurred = countUntil(calls.atMs.occurred, atMs);
    for (let call = 0; call < nOccurred; call++) {
      if (calls.closedMs[call] <= atMs) continue;
      this.openCalls.push(call);
      this.callCounts[callStateAt(calls, call, atMs)]++;
    }
    this.callCounts.closed = countUntil(calls.endedMs.cleared, atMs);
    this.callCounts.triaged = countUntil(calls.endedMs.triaged, atMs);
    this.callCounts.lost = countUntil(calls.endedMs.lost, atMs);
  }

  /** Draws what `locate` has found. `pulse` runs from 0 to 1 and over again; fixed where motion is unwelcome. */
  draw(
    context: CanvasRenderingContext2D,
    view: MapView,
    palette: Palette,
    atMs: number,
    selection: Selection,
    pulse: number,
  ): void {
    context.clearRect(0, 0, view.width, view.height);
    this.#drawWays(context, view, palette, atMs, selection);
    this.#drawCalls(context, view, palette, atMs, selection, pulse);
    this.#drawUnits(context, view, palette, selection);
  }

  /** Whether a unit is on a call now. */
  isOn(unit: number, call: number): boolean {
    const phase = this.#phase[unit];
    return phase >= 0 && call !== NO_CALL && this.#replay.tracks.call[phase] === call;
  }

  #drawWays(
    context: CanvasRenderingContext2D,
    view: MapView,
    palette: Palette,
    atMs: number,
    { unit: selected, call }: Selection,
  ): void {
    const { tracks } = this.#replay;
    let nWays = 0;
    for (const state of SHOWN_WAYS) nWays += this.unitCounts[state];
    const showAll = nWays <= MOST_WAYS;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    for (let unit = 0; unit < this.unitX.length; unit++) {
      const phase = this.#phase[unit];
      if (phase < 0 || tracks.drive[phase] === NO_DRIVE) continue;
      const state = UNIT_STATES[tracks.state[phase]];
      if (unit !== selected && !this.isOn(unit, call) && !(showAll && SHOWN_WAYS.has(state))) continue;
      context.beginPath();
      context.moveTo(this.unitX[unit], this.unitY[unit]);
      traceWay(
        context,
        this.#replay.drives,
        this.#replay.roads,
        tracks.drive[phase],
        atMs - tracks.startMs[phase],
        view,
      );
      context.strokeStyle = palette.halo;
      context.globalAlpha = 0.7;
      context.lineWidth = 5;
      context.stroke();
      context.strokeStyle = palette.unit[state];
      context.globalAlpha = 0.9;
      context.lineWidth = 2.4;
      // nobody waits at the end of a move between bases
      if (state === 'movingUp') context.setLineDash([6, 5]);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
  }

  #drawCalls(
    context: CanvasRenderingContext2D,
    { transform: { k, x, y }, width, height }: MapView,
    palette: Palette,
    atMs: number,
    selection: Selection,
    pulse: number,
  ): void {
    const { calls } = this.#replay;
    const shown = this.openCalls;
    const all = selection.call >= 0 && !shown.includes(selection.call) ? [...shown, selection.call] : shown;
    for (const call of all) {
      const sx = calls.x[call] * k + x;
      const sy = calls.y[call] * k + y;
      if (sx < -20 || sy < -20 || sx > width + 20 || sy > height + 20) continue;
      const state = calls.atMs.occurred[call] <= atMs ? callStateAt(calls, call, atMs) : 'closed';
      const isOver = state === 'closed' || state === 'triaged' || state === 'lost';
      const colour = palette.call[state];
      if (state === 'waiting' || call === selection.call) {
        context.beginPath();
        context.arc(sx, sy, 9 + (state === 'waiting' ? 9 * pulse : 4), 0, 2 * Math.PI);
        context.globalAlpha = state === 'waiting' ? 1 - 0.8 * pulse : 1;
        context.strokeStyle = colour;
        context.lineWidth = 2;
        context.stroke();
        context.globalAlpha = 1;
      }
      context.beginPath();
      diamond(context, sx, sy, 7.5);
      context.fillStyle = isOver ? palette.ground : colour;
      context.fill();
      context.strokeStyle = isOver ? colour : palette.halo;
      context.lineWidth = 1.75;
      context.stroke();
      if (isOver) continue;
      context.fillStyle = palette.halo;
      context.fillRect(sx - 0.9, sy - 4, 1.8, 5);
      context.fillRect(sx - 0.9, sy + 2, 1.8, 1.8);
      const wanted = calls.unitsWanted[call];
      if (wanted > 1 && !(calls.staffedMs[call] <= atMs)) {
        const { came } = unitsOfCall(calls, call, atMs);
        this.#label(context, palette, `${came}/${wanted}`, sx - 11, sy, 'right');
      }
    }
  }

  #drawUnits(
    context: CanvasRenderingContext2D,
    { width, height, transform: { k } }: MapView,
    palette: Palette,
    selection: Selection,
  ): void {
    const n = this.unitX.length;
    const size = n > 200 ? Math.min(6.5, Math.max(3.5, 3.5 + k * 12)) : 6.5;
    context.lineWidth = size > 5 ? 1.6 : 1;
    context.lineJoin = 'round';
    // busy units are drawn last, over the others
    for (let number = 1; number < UNIT_STATES.length; number++) {
      context.beginPath();
      for (let unit = 0; unit < n; unit++) {
        if (this.unitState[unit] !== number) continue;
        const sx = this.unitX[unit];
        const sy = this.unitY[unit];
        if (!(sx > -12 && sy > -12 && sx < width + 12 && sy < height + 12)) continue;
        const heading = this.#heading[unit];
        if (Number.isNaN(heading)) {
          context.moveTo(sx + size * 0.85, sy);
          context.arc(sx, sy, size * 0.85, 0, 2 * Math.PI);
        } else {
          arrow(context, sx, sy, heading, size * 1.35);
        }
      }
      const state = UNIT_STATES[number];
      // whom a call cannot have is hollow
      const isHollow = KEPT_AWAY.has(state);
      context.strokeStyle = isHollow ? palette.unit[state] : palette.halo;
      context.fillStyle = isHollow ? palette.ground : palette.unit[state];
      context.fill();
      context.stroke();
    }
    const { unit, call } = selection;
    if (call !== NO_CALL) this.#ringUnitsOf(context, palette, call);
    if (unit >= 0 && !Number.isNaN(this.unitX[unit]) && this.unitState[unit] > 0) {
      const sx = this.unitX[unit];
      const sy = this.unitY[unit];
      context.beginPath();
      context.arc(sx, sy, 13, 0, 2 * Math.PI);
      context.strokeStyle = palette.accent;
      context.lineWidth = 2.2;
      context.stroke();
      this.#label(context, palette, this.#replay.tracks.unitIds[unit], sx + 17, sy);
    }
  }

  /** Every unit of the selected call, with its name. */
  #ringUnitsOf(context: CanvasRenderingContext2D, palette: Palette, call: number): void {
    for (let unit = 0; unit < this.unitX.length; unit++) {
      if (!this.isOn(unit, call)) continue;
      context.beginPath();
      context.arc(this.unitX[unit], this.unitY[unit], 9, 0, 2 * Math.PI);
      context.strokeStyle = palette.accent;
      context.lineWidth = 1.6;
      context.stroke();
      this.#label(
        context,
        palette,
        this.#replay.tracks.unitIds[unit],
        this.unitX[unit] + 13,
        this.unitY[unit],
      );
    }
  }

  #label(
    context: CanvasRenderingContext2D,
    palette: Palette,
    text: string,
    x: number,
    y: number,
    align: CanvasTextAlign = 'left',
  ): void {
    context.textAlign = align;
    context.font = `600 12px ${palette.fontFamily}`;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.strokeStyle = palette.halo;
    context.lineWidth = 4;
    context.strokeText(visible(text), x, y);
    context.fillStyle = palette.ink;
    context.fillText(visible(text), x, y);
  }

  /** The call or unit nearest to a screen place, within `reach` pixels; calls first where both are near. */
  at(view: MapView, px: number, py: number, reach: number): { unit: number; call: number } {
    const { calls } = this.#replay;
    const { k, x, y } = view.transform;
    let best = reach * reach;
    const found = { unit: -1, call: -1 };
    for (const call of this.openCalls) {
      const distance = (calls.x[call] * k + x - px) ** 2 + (calls.y[call] * k + y - py) ** 2;
      if (distance < best) {
        best = distance;
        found.call = call;
      }
    }
    for (let unit = 0; unit < this.unitX.length; unit++) {
      if (this.unitState[unit] === 0) continue;
      const distance = (this.unitX[unit] - px) ** 2 + (this.unitY[unit] - py) ** 2;
      if (distance < best) {
        best = distance;
        found.unit = unit;
        found.call = -1;
      }
    }
    return found;
  }
}

const zeros = <K extends string>(names: readonly K[]): Record<K, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;

function arrow(context: CanvasRenderingContext2D, x: number, y: number, heading: number, size: number): void {
  const cos = Math.cos(heading) * size;
  const sin = Math.sin(heading) * size;
  context.moveTo(x + cos, y + sin);
  context.lineTo(x - 0.75 * cos - 0.72 * sin, y - 0.75 * sin + 0.72 * cos);
  context.lineTo(x - 0.4 * cos, y - 0.4 * sin);
  context.lineTo(x - 0.75 * cos + 0.72 * sin, y - 0.75 * sin - 0.72 * cos);
  context.closePath();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
}

/** Adds the rest of a drive, from `sinceMs` to its end, to the path. */
function traceWay(
  context: CanvasRenderingContext2D,
  drives: Drives,
  roads: Roads,
  drive: number,
  sinceMs: number,
  { transform: { k, x, y } }: MapView,
): void {
  const place = new Float64Array(2);
  const end = drives.firstStep[drive + 1];
  const underWay = stepAt(drives, drive, sinceMs);
  for (let step = underWay; step < end; step++) {
    const segment = drives.segment[step];
    const fromMm = step === underWay ? offsetInStepMm(drives, drive, step, sinceMs) : drives.fromMm[step];
    const toMm = drives.toMm[step];
    const backward = toMm < fromMm;
    const first = roads.firstPoint[segment];
    const last = roads.firstPoint[segment + 1] - 1;
    for (let ix = 0; ix <= last - first; ix++) {
      const point = backward ? last - ix : first + ix;
      const at = roads.atMm[point];
      if (at > Math.min(fromMm, toMm) && at < Math.max(fromMm, toMm)) {
        context.lineTo(roads.x[point] * k + x, roads.y[point] * k + y);
      }
    }
    placeOnSegment(roads, segment, toMm, place);
    context.lineTo(place[0] * k + x, place[1] * k + y);
  }
}
