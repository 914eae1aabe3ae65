/** The kernels that build and update labels, in TypeScript. */
import { customisePlaces, fillBaseTimes } from './customise.ts';
import { labelPlaces } from './label.ts';
import type { LabelSpace } from './label-space.ts';
import { clearQueue, customiseQueued, labelChanged, setArcTime } from './update.ts';

/** What the steps of a build and of an update do is told beside each. */
export interface BuildKernels {
  fillBaseTimes(): void;
  customisePlaces(end: number, first: number): void;
  labelPlaces(first: number, end: number): void;
  setArcTime(arc: number, timeMs: number): void;
  customiseQueued(most: number): number;
  labelChanged(): number;
  clearQueue(): void;
}

export const typescriptBuildKernels = (space: LabelSpace): BuildKernels => ({
  fillBaseTimes: () => fillBaseTimes(space),
  customisePlaces: (end, first) => customisePlaces(space, end, first),
  labelPlaces: (first, end) => labelPlaces(space, first, end),
  setArcTime: (arc, timeMs) => setArcTime(space, arc, timeMs),
  customiseQueued: (most) => customiseQueued(space, most),
  labelChanged: () => labelChanged(space),
  clearQueue: () => clearQueue(space),
});
