/** Progress on stderr: a bar with done, total and time left on a terminal; a plain line at the start and end elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

export interface Progress {
  /** `done` of the total are done. */
  update(done: number): void;
  /** Ends the display; `closing` replaces the line. */
  stop(closing?: string): void;
}

/** Starts to show the progress of `total` items of work called `what`, such as `replications`. */
export function startProgress(output: Output, what: string, total: number): Progress {
  if (output.quiet) return { update: () => undefined, stop: () => undefined };
  if (!process.stderr.isTTY) {
    output.note(`${what}: ${total} to do`);
    return {
      update: () => undefined,
      stop: (closing) => {
        if (closing !== undefined) output.note(closing);
      },
    };
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
  });
  bar.start(total, 0);
  return {
    update: (done) => bar.update(done),
    stop: (closing) => {
      bar.stop();
      if (closing !== undefined) output.note(closing);
    },
  };
}

/** Milliseconds as people say them: `0.4 s`, `12 s`, `3 min 05 s`. */
export function durationText(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
