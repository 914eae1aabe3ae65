/** Waits for the test to call one of its functions: the engine in this page, or in a worker of this page. */
import { type RoutingAnswers, routingAnswers } from '../../support/routing-answers.ts';
import { answer } from './answer.ts';
import type { Answer, Ask } from './ask.ts';

/** What a worker answers to its only message. */
const asked = <T>(worker: Worker, question: unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    worker.onmessage = (message: MessageEvent<T>) => {
      resolve(message.data);
      worker.terminate();
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(question);
  });

const inOwnWorker = (ask: Ask): Promise<Answer> =>
  asked(new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' }), ask);

const routingInWorker = (without: string[]): Promise<RoutingAnswers> =>
  asked(new Worker(new URL('./routing-worker.ts', import.meta.url), { type: 'module' }), without);

Object.assign(globalThis, { answer, inOwnWorker, routingAnswers, routingInWorker });
document.title = 'ready';
