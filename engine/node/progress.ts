/** Progress on stderr: a bar with done, total and time left on a terminal; a plain line at the start elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

export interface Progress {
  /** `done` of the total are done. @param total  where it has turned out to be another */
  update(done: number, total?: number): void;
  /** Ends the display. */
  stop(): void;
}

/** Starts to show the progress of `total` items of work called `what`, such as `replications`. */
export function startProgress(output: Output, what: string, total: number): Progress {
  if (output.quiet) return { update: () => undefined, stop: () => undefined };
  if (!process.stderr.isTTY) {
    output.note(`${what}: ${total} to do`);
    return { update: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total}, {eta_formatted} left`,
    stream: process.stderr,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    hideCursor: null,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false, // interrupt.ts hears the signals
    etaBuffer: 20,
    formatTime: (seconds) => (Number.isFinite(seconds) ? durationText(seconds) : '?'),
  });
  bar.start(total, 0);
  return {
    update: (done, now = total) => {
      bar.setTotal(now);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

/** Whole seconds as people say them: `12 s`, `3 min 05 s`. */
function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`;
}
