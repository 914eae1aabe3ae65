/** Builds the labels of a space from arc times, and updates them when a few of these change. */
import { typescriptBuildKernels, type BuildKernels } from './build-typescript.ts';
import type { LabelSpace } from './label-space.ts';
import { loadKernels, type KernelKind } from './load.ts';
import * as slot from './slots.ts';

/** What an update did: the same in every runtime. */
export interface UpdateWork {
  /** Places whose arcs were computed anew, and places that were labelled anew; all of them where everything was built. */
  nCustomised: number;
  nLabelled: number;
  /** Whether labels can be used, as after a build. */
  isExact: boolean;
}

/**
 * Times are whole milliseconds; LABEL_UNREACHED (12 days) or more closes an arc. Whoever queries the space waits until the
 * call is over, in this and in every other thread that shares it.
 */
export interface LabelBuilder {
  readonly kind: KernelKind;
  /**
   * New times everywhere. Cost on a city of 64,000 nodes: 15 ms, in TypeScript 90 ms.
   * @param timeMs  one for each arc of the space
   * @returns whether labels can be used: false where one takes more than six days, because ways of two such labels could
   *   pass for unreached. The completed arcs are exact in any case.
   */
  build(timeMs: ArrayLike<number>): boolean;
  /**
   * New times of a few arcs, timeMs[i] for arcs[i]; of an arc given twice the last counts. The space then holds what a
   * build of all times would give. Cost for one arc of such a city: 25 us at the median, 16 ms for a bridge.
   */
  update(arcs: ArrayLike<number>, timeMs: ArrayLike<number>): UpdateWork;
}

/**
 * Places that WebAssembly handles in one call. Between calls the runtime can put optimised code in place of what it began
 * with: a first build takes half the time.
 */
const PLACES_PER_CALL = 512;

/**
 * With more arcs changed, or more places customised anew, than this share, building everything is faster: places near the
 * root have the most triangles and are among the first. Measured on Porto: partial customisation takes as long as a full
 * one at a 60th of the places, and labels follow.
 */
const FULL_BUILD_SHARE = 1 / 32;
/** Below, both take microseconds. */
const ALWAYS_PARTIAL = 64;

/** @param kind  which kernels; left out, the fast ones where they run */
export function createLabelBuilder(space: LabelSpace, kind?: KernelKind): LabelBuilder {
  const wasm = loadKernels(space, kind);
  const kernels: BuildKernels = wasm ?? typescriptBuildKernels(space);
  const { nNodes, header, arcTime } = space;
  const hasLabels = header[slot.N_LABELS] > 0;
  const isExact = (): boolean => header[slot.N_TOO_LONG] === 0;
  const atMost = (timeMs: number): number => Math.min(timeMs, slot.LABEL_UNREACHED);

  const buildAll = (): void => {
    kernels.fillBaseTimes();
    for (let end = nNodes; end > 0; end -= PLACES_PER_CALL) {
      kernels.customisePlaces(end, Math.max(0, end - PLACES_PER_CALL));
    }
    if (!hasLabels) return;
    for (let first = 0; first < nNodes; first += PLACES_PER_CALL) {
      kernels.labelPlaces(first, Math.min(nNodes, first + PLACES_PER_CALL));
    }
  };

  return {
    kind: wasm === null ? 'typescript' : 'wasm',
    build(timeMs) {
      for (let arc = 0; arc < arcTime.length; arc++) arcTime[arc] = atMost(timeMs[arc]);
      buildAll();
      return isExact();
    },
    update(arcs, timeMs) {
      const most = (count: number): number => ALWAYS_PARTIAL + Math.floor(count * FULL_BUILD_SHARE);
      let nCustomised = 0;
      if (arcs.length <= most(arcTime.length)) {
        for (let i = 0; i < arcs.length; i++) kernels.setArcTime(arcs[i], atMost(timeMs[i]));
        nCustomised = kernels.customiseQueued(most(nNodes));
        if (nCustomised < most(nNodes)) {
          if (hasLabels) return { nCustomised, nLabelled: kernels.labelChanged(), isExact: isExact() };
          kernels.clearQueue();
          return { nCustomised, nLabelled: 0, isExact: true };
        }
        kernels.clearQueue();
      } else {
        for (let i = 0; i < arcs.length; i++) arcTime[arcs[i]] = atMost(timeMs[i]);
      }
      buildAll();
      return { nCustomised: nNodes, nLabelled: hasLabels ? nNodes : 0, isExact: isExact() };
    },
  };
}
