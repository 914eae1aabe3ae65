/** SIGINT and SIGTERM: a long command may ask to stop gently on the first; the second leaves at once. */
import { EXIT } from './output.ts';

export interface Interruption {
  /** Fires at the first signal that comes during `gently`. */
  readonly signal: AbortSignal;
  /**
   * Runs work that has something to keep: a first signal only fires `signal`, a second ends the process. Outside of
   * it any signal ends the process; temporary files and locks go with the exit in either case.
   */
  gently<T>(work: () => Promise<T>): Promise<T>;
}

/** Listens for the rest of the process. */
export function listenForInterrupts(): Interruption {
  const controller = new AbortController();
  let gentle = false;
  const onSignal = () => {
    if (gentle && !controller.signal.aborted) {
      controller.abort();
      process.stderr.write('\ninterrupted: keeping what is done (interrupt again to leave at once)\n');
      return;
    }
    process.stderr.write('\ninterrupted\n');
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    gently: async (work) => {
      gentle = true;
      try {
        return await work();
      } finally {
        gentle = false;
      }
    },
  };
}
