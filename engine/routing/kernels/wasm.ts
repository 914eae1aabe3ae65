/** What the kernels need of WebAssembly: whether it is there, memories, and the compiled module. */
import type { WasmMemory } from '../../shared-memory.ts';
import { SHARED_WASM, UNSHARED_WASM } from './wasm-bytes.generated.ts';

/** A compiled module; nothing is read of it. */
type WasmModule = object;

interface WebAssemblyApi {
  Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: object };
  validate(bytes: Uint8Array): boolean;
}

const PAGE_BYTES = 65_536;

/** Absent in some runtimes, and its types where no DOM is. */
const api = (): WebAssemblyApi | undefined =>
  (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;

const isolation = (): boolean | undefined =>
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;

/** Whether memory can be posted to other threads: always in Node, in browsers where the page is cross-origin isolated. */
export const canShareMemory = (): boolean => typeof SharedArrayBuffer === 'function' && isolation() !== false;

/** Compiled on first use: a thread needs each variant once, and compiling again would begin with slow code again. */
const compiled = new Map<boolean, WasmModule | null>();

/** The kernels for shared or unshared memory; null where the runtime has no WebAssembly with SIMD, or may not compile it. */
export function kernelModule(shared: boolean): WasmModule | null {
  let module = compiled.get(shared);
  if (module === undefined) compiled.set(shared, (module = compile(shared)));
  return module;
}

function compile(shared: boolean): WasmModule | null {
  const wasm = api();
  if (wasm === undefined) return null;
  const bytes = Uint8Array.from(atob(shared ? SHARED_WASM : UNSHARED_WASM), (c) => c.charCodeAt(0));
  if (!wasm.validate(bytes)) return null;
  try {
    return new wasm.Module(bytes);
  } catch {
    return null; // a Content-Security-Policy without 'wasm-unsafe-eval' validates and then refuses
  }
}

/** The functions of a module on a memory. */
export function instantiate(module: WasmModule, memory: WasmMemory): object {
  return new (api()!.Instance)(module, { env: { memory } }).exports;
}

/** A memory of at least so many bytes that never grows; null where the runtime has none to give. */
export function newMemory(bytes: number, shared: boolean): WasmMemory | null {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new (api()!.Memory)({ initial: pages, maximum: pages, shared });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
