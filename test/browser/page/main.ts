/** Waits for the test to call one of two functions: the engine in this page, or in a worker of this page. */
import { answer } from './answer.ts';
import type { Answer, Ask } from './ask.ts';

const inOwnWorker = (ask: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (message: MessageEvent<Answer>) => {
      resolve(message.data);
      worker.terminate();
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(ask);
  });

Object.assign(globalThis, { answer, inOwnWorker });
document.title = 'ready';
