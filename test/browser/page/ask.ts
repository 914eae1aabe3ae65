/** What the test asks of the page, and what the page answers. Plain data: it goes through the driver and to workers. */
export interface Ask {
  /** Address of each file of the scenario by name. */
  urls: [name: string, url: string][];
  replications?: number;
  seed?: number | string;
  workers?: number;
  workerUrl?: string;
  /** Take HiGHS from where the page's build put it by name, not from where the bundler puts it by itself. */
  locateSolver?: boolean;
  /** Abort once so many replications are done. */
  abortAfter?: number;
}

export interface Answer {
  /** SHA-256 of every file of the results folder by name. */
  hashes: Record<string, string>;
  steps: string[];
  /** Replications done, as told after each. */
  done: number[];
  error: string | null;
  isolated: boolean;
}
