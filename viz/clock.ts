/** The clock of the replay: where it stands, how fast it runs. Knows no page; driven by the frame loop. */

/** Speeds offered, in simulated seconds per second. */
export const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

/** A frame that took longer (a tab in the background) moves the clock no further than this. */
const LONGEST_FRAME_MS = 250;

export class ReplayClock {
  /** Milliseconds from the scored start, as everything in the log. */
  nowMs: number;
  playing = false;
  speed: number = 60;
  readonly startMs: number;
  readonly endMs: number;

  constructor(startMs: number, endMs: number) {
    this.startMs = startMs;
    this.endMs = Math.max(startMs, endMs);
    this.nowMs = Math.min(Math.max(0, startMs), this.endMs);
  }

  /** Moves to a time inside the log. */
  seek(toMs: number): void {
    this.nowMs = Math.min(Math.max(toMs, this.startMs), this.endMs);
  }

  /** Lets `frameMs` of real time pass. Stops at the end. */
  tick(frameMs: number): void {
    if (!this.playing) return;
    this.seek(this.nowMs + Math.min(Math.max(frameMs, 0), LONGEST_FRAME_MS) * this.speed);
    if (this.nowMs >= this.endMs) this.playing = false;
  }

  /** Plays on, from the beginning when it stands at the end. */
  toggle(): void {
    if (!this.playing && this.nowMs >= this.endMs) this.seek(this.startMs);
    this.playing = !this.playing;
  }

  /** The next faster (+1) or slower (-1) speed. */
  changeSpeed(by: 1 | -1): void {
    const ix = SPEEDS.findIndex((speed) => speed >= this.speed);
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, ix + by))];
  }
}
