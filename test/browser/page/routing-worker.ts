/** A worker that asks routing everything, after it has lost what the test takes from it. */
import { routingAnswers } from '../../support/routing-answers.ts';

onmessage = (message: MessageEvent<string[]>) => {
  for (const name of message.data) delete (globalThis as Record<string, unknown>)[name];
  void routingAnswers().then((answers) => postMessage(answers));
};
