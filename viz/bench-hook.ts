/** Frame times for the benchmark: only with `?bench=1` does the page expose anything to scripts. */
import type { CityMap } from './map.ts';
import type { Timeline } from './timeline.ts';

interface BenchHook {
  ready(): boolean;
  /** Starts to play at a speed and to record frames. */
  play(speed: number): void;
  /** Stops and gives back, in ms, the time between frames and the time the page's own code took in each. */
  stop(): { intervalsMs: number[]; workMs: number[] };
  /** Moves the map by hand, as a drag would. */
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
}

declare global {
  interface Window {
    __patrol135?: BenchHook;
  }
}

interface FrameRecorder {
  record(pageMs: number, workMs: number): void;
  expose(parts: { map: CityMap; timeline: Timeline; ready: () => boolean }): void;
}

export function recordFrames(): FrameRecorder {
  let at: number[] = [];
  let work: number[] = [];
  return {
    record: (pageMs, workMs) => {
      at.push(pageMs);
      work.push(workMs);
    },
    expose: ({ map, timeline, ready }) => {
      window.__patrol135 = {
        ready,
        play: (speed) => {
          timeline.clock.speed = speed;
          at = [];
          work = [];
          if (!timeline.clock.playing) timeline.toggle();
        },
        stop: () => {
          if (timeline.clock.playing) timeline.toggle();
          const intervalsMs = at.slice(1).map((time, ix) => time - at[ix]);
          return { intervalsMs, workMs: work };
        },
        pan: (dx, dy) => map.view.panBy(dx, dy),
        zoom: (factor) => map.view.zoomBy(factor),
      };
    },
  };
}
