// Entry of a worker while the engine runs from TypeScript source (tests, tsx): Node 20 cannot load a .ts file as a
// worker, so this one teaches it to and then loads the module that was meant. Built code does not use it.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
