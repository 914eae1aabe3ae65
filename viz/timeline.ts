/**
 * The transport bar: play, pause, speed, the scrub slider with a mark for each incident, and the time of day. Times
 * are relative to the scored start; the warm-up lies before it and is marked as not scored.
 */
import { scaleLinear, scaleUtc } from 'd3';
import { ReplayClock, SPEEDS } from './clock.ts';
import { byId, el, setText } from './dom.ts';
import { clockText, localEpochMs, sinceStartText, type Wording } from './i18n.ts';
import { responseS } from './calls.ts';
import { dutyShares, waitingCalls, type DutyShares, type Steps } from './over-time.ts';
import { tierOf, type Palette } from './palette.ts';
import { countUntil, type Replay } from './replay.ts';

/** The slider's thumb is this wide; the marks keep half of it free at both ends so that they line up with it. */
const THUMB_PX = 14;
/** Samples of the busy curve. */
const BUSY_SAMPLES = 480;
/** A few waiting calls do not fill the whole height. */
const LEAST_WAITING_SCALE = 6;
const STEP_MS = 10_000;
const BIG_STEP_MS = 300_000;

export class Timeline {
  clock = new ReplayClock(0, 0);
  readonly #onChange: () => void;
  #replay: Replay | null = null;
  #start: string | null = null;
  #clockStart = 'callReceived';
  #duty: DutyShares = { onCall: new Float64Array(0), away: new Float64Array(0) };
  #waiting: Steps = { atMs: [], n: [], most: 0 };
  #wording: Wording;

  constructor(wording: Wording, onChange: () => void) {
    this.#wording = wording;
    this.#onChange = onChange;
    const speed = byId<HTMLSelectElement>('speed');
    for (const each of SPEEDS) {
      speed.append(el('option', { text: `${each}×`, attributes: { value: String(each) } }));
    }
    speed.addEventListener('change', () => {
      this.clock.speed = Number(speed.value);
      onChange();
    });
    byId('play').addEventListener('click', () => this.toggle());
    byId('next').addEventListener('click', () => this.jump(1));
    byId('previous').addEventListener('click', () => this.jump(-1));
    const scrub = byId<HTMLInputElement>('scrub');
    scrub.addEventListener('input', () => {
      this.clock.seek(Number(scrub.value));
      onChange();
    });
    document.addEventListener('keydown', (event) => this.#key(event));
    this.setEnabled(false);
  }

  setEnabled(enabled: boolean): void {
    for (const id of ['play', 'next', 'previous', 'speed', 'scrub']) {
      byId<HTMLButtonElement>(id).disabled = !enabled;
    }
    byId('transport').classList.toggle('idle', !enabled);
  }

  setReplay(replay: Replay, start: string | null, clockStart: string): void {
    const { speed } = this.clock;
    this.#replay = replay;
    this.#start = start;
    this.#clockStart = clockStart;
    this.clock = new ReplayClock(replay.startMs, replay.endMs);
    this.clock.speed = speed;
    this.#duty = dutyShares(replay, BUSY_SAMPLES);
    this.#waiting = waitingCalls(replay.calls);
    const scrub = byId<HTMLInputElement>('scrub');
    scrub.min = String(this.clock.startMs);
    scrub.max = String(this.clock.endMs);
    scrub.step = '1';
    this.setEnabled(true);
    this.#onChange();
  }

  setWording(wording: Wording): void {
    this.#wording = wording;
  }

  toggle(): void {
    this.clock.toggle();
    this.#onChange();
  }

  seek(toMs: number): void {
    this.clock.seek(toMs);
    this.#onChange();
  }

  /** To the start of the next (1) or previous (-1) incident. */
  jump(by: 1 | -1): void {
    const occurred = this.#replay?.calls.atMs.occurred;
    if (!occurred) return;
    // standing on an incident, `previous` means the one before it
    const ix =
      by === 1 ? countUntil(occurred, this.clock.nowMs) : countUntil(occurred, this.clock.nowMs - 1) - 1;
    if (ix >= 0 && ix < occurred.length) this.seek(occurred[ix]);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#replay || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof HTMLElement ? event.target : null;
    const isScrub = at?.id === 'scrub';
    const usesKeys = at?.closest('input, select, textarea, [role=tablist], [role=dialog]') !== null;
    if (usesKeys && !isScrub) return;
    if (event.key === ' ') {
      if (at?.closest('button, a, summary')) return;
      this.toggle();
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const step = event.shiftKey ? BIG_STEP_MS : STEP_MS;
      this.seek(this.clock.nowMs + (event.key === 'ArrowRight' ? step : -step));
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (at?.closest('.pane')) return;
      this.clock.changeSpeed(event.key === 'ArrowUp' ? 1 : -1);
      this.#onChange();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Shows the clock as it stands. */
  show(): void {
    const { clock } = this;
    const wording = this.#wording;
    const play = byId('play');
    const playLabel = wording.text(clock.playing ? 'time.pause' : 'time.play');
    if (play.getAttribute('aria-label') !== playLabel) {
      play.setAttribute('aria-label', playLabel);
      play.title = playLabel;
      play.classList.toggle('playing', clock.playing);
    }
    const time = clockText(this.#start, clock.nowMs);
    const since = sinceStartText(clock.nowMs, wording.text('time.dayUnit'));
    setText(byId('clock-day'), this.#start === null ? '' : wording.day(this.#start, clock.nowMs));
    setText(byId('clock-time'), time);
    setText(byId('clock-since'), clock.nowMs < 0 ? `${since} · ${wording.text('time.warmUp')}` : since);
    const speed = byId<HTMLSelectElement>('speed');
    if (speed.value !== String(clock.speed)) speed.value = String(clock.speed);
    const scrub = byId<HTMLInputElement>('scrub');
    const value = String(Math.round(clock.nowMs));
    if (scrub.value !== value) {
      scrub.value = value;
      scrub.setAttribute('aria-valuetext', `${time} (${since})`);
    }
  }

  /**
   * Paints the marks: hours, warm-up, which share of the units is busy or kept away, how many calls wait, and each
   * incident in the colour of its response, those lost as a cross.
   */
  paint(palette: Palette): void {
    const replay = this.#replay;
    const canvas = byId<HTMLCanvasElement>('track-marks');
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (!context || !replay || width < 40) return;
    context.scale(ratio, ratio);
    const x = scaleLinear([this.clock.startMs, this.clock.endMs], [THUMB_PX / 2, width - THUMB_PX / 2]);
    const floor = height - 17;

    if (this.clock.startMs < 0) {
      context.fillStyle = palette.warmUp;
      context.fillRect(x(this.clock.startMs), 2, x(0) - x(this.clock.startMs), floor - 2);
    }
    const { onCall, away } = this.#duty;
    const [left, right] = x.range();
    const fillUnder = (shareOf: (sample: number) => number, colour: string): void => {
      context.beginPath();
      context.moveTo(left, floor);
      for (let sample = 0; sample < onCall.length; sample++) {
        context.lineTo(
          left + (sample / (BUSY_SAMPLES - 1)) * (right - left),
          floor - shareOf(sample) * (floor - 4),
        );
      }
      context.lineTo(right, floor);
      context.fillStyle = colour;
      context.fill();
    };
    fillUnder((sample) => onCall[sample] + away[sample], palette.away);
    fillUnder((sample) => onCall[sample], palette.busy);

    const { calls } = replay;
    context.globalAlpha = calls.nCalls > 600 ? 0.5 : 0.9;
    for (let call = 0; call < calls.nCalls; call++) {
      const end = calls.end[call];
      if (end === 'triaged') continue; // nobody was to go
      const at = x(calls.atMs.occurred[call]);
      if (end === 'lost') {
        cross(context, at, 8, palette.call.lost);
        continue;
      }
      const tier = tierOf(responseS(calls, call, this.#clockStart));
      context.fillStyle = palette.tier[tier];
      const tall = tier === 'late' || tier === 'none' ? 22 : tier === '5' ? 17 : tier === '3' ? 13 : 9;
      context.fillRect(at - 0.75, floor - tall, 1.5, tall);
    }
    context.globalAlpha = 1;
    this.#paintWaiting(context, x, floor, palette);
    this.#paintHours(context, x, floor, palette);
  }

  /** The number of waiting calls as a line in steps. */
  #paintWaiting(
    context: CanvasRenderingContext2D,
    x: (ms: number) => number,
    floor: number,
    palette: Palette,
  ): void {
    const { atMs, n, most } = this.#waiting;
    if (most === 0) return;
    const unitPx = (floor - 6) / Math.max(LEAST_WAITING_SCALE, most);
    context.beginPath();
    // where nobody waits there is no line
    let height = floor;
    atMs.forEach((ms, ix) => {
      if (height === floor) context.moveTo(x(ms), floor);
      else context.lineTo(x(ms), height);
      height = floor - n[ix] * unitPx;
      context.lineTo(x(ms), height);
    });
    if (height !== floor) context.lineTo(x(this.clock.endMs), height);
    context.strokeStyle = palette.call.waiting;
    context.lineWidth = 1.25;
    context.stroke();
  }

  #paintHours(
    context: CanvasRenderingContext2D,
    x: (ms: number) => number,
    floor: number,
    palette: Palette,
  ): void {
    const { startMs, endMs } = this.clock;
    const origin = this.#start === null ? 0 : localEpochMs(this.#start);
    const ticks = scaleUtc([origin + startMs, origin + endMs], [0, 1]).ticks(9);
    context.fillStyle = palette.line;
    context.fillRect(x(startMs), floor, x(endMs) - x(startMs), 1);
    context.font = `11px ${palette.fontFamily}`;
    context.textBaseline = 'bottom';
    let free = -Infinity;
    for (const tick of ticks) {
      const ms = tick.getTime() - origin;
      const at = x(ms);
      context.fillStyle = palette.line;
      context.fillRect(at, floor, 1, 5);
      const isMidnight = tick.getTime() % 86_400_000 === 0 && this.#start !== null;
      const text = isMidnight
        ? this.#wording.day(this.#start ?? '', ms)
        : clockText(this.#start, ms).slice(0, 5);
      const width = context.measureText(text).width;
      const left = Math.min(Math.max(x(startMs), at - width / 2), x(endMs) - width);
      if (left < free) continue;
      context.fillStyle = palette.quietInk;
      context.fillText(text, left, floor + 17);
      free = left + width + 10;
    }
  }
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.beginPath();
  context.moveTo(x - 3, y - 3);
  context.lineTo(x + 3, y + 3);
  context.moveTo(x + 3, y - 3);
  context.lineTo(x - 3, y + 3);
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.stroke();
}
