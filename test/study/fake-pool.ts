/** Workers without threads: so many at a time, done in an order that a seed shuffles. */
import type { Pool } from '../../engine/node/pool.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';

/** @param answer  what a task gives; runs when the task ends */
export function shuffledPool<Out>(
  workers: number,
  seed: number,
  answer: (task: number) => Out,
): Pool<Out> & { started: number[]; ended: number[] } {
  const chance = new RandomStream(randomKey(seed), 1, PURPOSE.dispatch, 0);
  const running: { task: number; finish: (value: Out) => void }[] = [];
  const waiting: typeof running = [];
  const started: number[] = [];
  const ended: number[] = [];
  let closed = false;
  const step = () => {
    if (closed) return;
    while (running.length < workers && waiting.length > 0) {
      running.push(waiting.shift()!);
      started.push(running.at(-1)!.task);
    }
    if (running.length === 0) return;
    const [{ task, finish }] = running.splice(chance.below(running.length), 1);
    ended.push(task);
    finish(answer(task));
    setImmediate(step);
  };
  return {
    workers,
    started,
    ended,
    run: (task) =>
      new Promise<Out>((finish) => {
        waiting.push({ task, finish });
        if (running.length + waiting.length === 1) setImmediate(step);
      }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
