/** SIGINT and SIGTERM: a command with something to keep may stop gently on the first; the second leaves at once. */
import { EXIT } from './output.ts';

export interface Interruption {
  /** Fires at the first signal after `beGentle`. */
  readonly signal: AbortSignal;
  /**
   * From now on there is something to keep: a first signal only fires `signal`, a second ends the process. Before,
   * any signal ends the process. Temporary files and locks go with the exit in either case.
   */
  beGentle(): void;
}

/** Listens for the rest of the process. */
export function listenForInterrupts(): Interruption {
  const controller = new AbortController();
  let gentle = false;
  const onSignal = () => {
    if (gentle && !controller.signal.aborted) {
      process.stderr.write('\ninterrupted: keeping what is done (interrupt again to leave at once)\n');
      controller.abort();
      return;
    }
    process.stderr.write('\ninterrupted\n');
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal: controller.signal, beGentle: () => (gentle = true) };
}
