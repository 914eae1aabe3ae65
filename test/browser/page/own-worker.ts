/** A page's own worker that runs the whole engine, so that the page stays free. */
import { answer } from './answer.ts';
import type { Ask } from './ask.ts';

onmessage = (message: MessageEvent<Ask>) => {
  void answer(message.data).then((result) => postMessage(result));
};
