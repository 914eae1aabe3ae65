/**
 * Which kernels work on a label space: WebAssembly with SIMD where the runtime has it,
 * their twins in TypeScript elsewhere.
 */
import { assert } from '../../errors.ts';
import { isShared, isWasmMemory } from '../../shared-memory.ts';
import type { BuildKernels } from './build-typescript.ts';
import type { LabelSpace } from './label-space.ts';
import type { QueryKernels } from './query-typescript.ts';
import type { SweepKernels } from './sweep-typescript.ts';
import { instantiate, kernelModule } from './wasm.ts';

export type KernelKind = 'wasm' | 'typescript';

/** What assembly/index.ts exports. Columns are found by the header; times are counted in ms, places and arcs by index. */
interface WasmKernels extends BuildKernels, QueryKernels, SweepKernels {}

/** The functions of the module on this space, for this thread; null where TypeScript has to do. */
function wasmKernels(space: LabelSpace): WasmKernels | null {
  const { block } = space;
  if (!isWasmMemory(block)) return null;
  const module = kernelModule(isShared(block.buffer));
  return module === null ? null : (instantiate(module, block) as WasmKernels);
}

/**
 * The kernels for a space.
 * @param kind  asks for one of the two (tests and benches compare them); left out, the fast one where it runs
 * @returns the functions of the module, or null for TypeScript
 * @throws Error where WebAssembly is asked for and does not run
 */
export function loadKernels(space: LabelSpace, kind?: KernelKind): WasmKernels | null {
  if (kind === 'typescript') return null;
  const kernels = wasmKernels(space);
  assert(kind === undefined || kernels !== null, 'this runtime has no WebAssembly with SIMD');
  return kernels;
}
