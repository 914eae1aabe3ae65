/** Tasks by number for workers: the lowest first, and those that nobody wants any more never started. */

interface TaskQueue<Out> {
  /** Asks for a task; the same task is run once, however often it is asked for. */
  want(task: number): Promise<Out>;
  /** The task's result is wanted no more; it is not started if it was not yet. */
  forget(task: number): void;
}

/**
 * @param run      runs a task
 * @param workers  how many at a time
 */
export function createTaskQueue<Out>(run: (task: number) => Promise<Out>, workers: number): TaskQueue<Out> {
  interface Entry {
    promise: Promise<Out>;
    start: () => void;
  }
  const entries = new Map<number, Entry>();
  const waiting = new Set<number>();
  let running = 0;
  const startNext = () => {
    while (running < workers && waiting.size > 0) {
      let task = Infinity;
      for (const each of waiting) task = Math.min(task, each);
      waiting.delete(task);
      running++;
      entries.get(task)!.start();
    }
  };
  return {
    want(task) {
      const known = entries.get(task);
      if (known !== undefined) return known.promise;
      let start = () => {};
      const promise = new Promise<Out>((finish, fail) => {
        start = () => {
          run(task)
            .finally(() => {
              running--;
              startNext();
            })
            .then(finish, fail);
        };
      });
      promise.catch(() => undefined); // whoever still wants it hears of it
      entries.set(task, { promise, start });
      waiting.add(task);
      startNext();
      return promise;
    },
    forget(task) {
      waiting.delete(task);
      entries.delete(task);
    },
  };
}
