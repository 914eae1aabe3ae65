/** A thread of the `two-workers` case: rows of a matrix from labels that all threads share, into a shared result. */
import { parentPort, workerData } from 'node:worker_threads';
import { openLabelSpace, type LabelSpace } from '../engine/routing/kernels/label-space.ts';
import { openLabels } from '../engine/routing/labels.ts';
import { columnsOfStates } from './subject.ts';

export interface MatrixWorkerData {
  /** What engine/node/source-worker.js loads. */
  module: string;
  block: LabelSpace['block'];
  /** States, and row-major times; all in shared memory. */
  from: Uint32Array;
  to: Uint32Array;
  out: Uint32Array;
  /** next[0]: the first row that nobody has taken. */
  next: Int32Array;
}

/** Rows that a thread takes at a time: four batches of a sweep. */
const ROWS = 64;

const { block, from, to, out, next } = workerData as MatrixWorkerData;
const sweep = openLabels(openLabelSpace(block)).sweep!;
const port = parentPort!;

port.on('message', () => {
  const targets = sweep.prepare(columnsOfStates(to));
  for (;;) {
    const row = Atomics.add(next, 0, ROWS);
    if (row >= from.length) break;
    const end = Math.min(row + ROWS, from.length);
    sweep.rowsTo(
      targets,
      columnsOfStates(from.slice(row, end)),
      out.subarray(row * to.length, end * to.length),
    );
  }
  port.postMessage('done');
});
port.postMessage('ready');
