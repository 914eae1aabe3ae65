/** Plain data whose columns live in shared memory, so that workers read one copy of the road graph. */

/** A memory of WebAssembly, of which nothing but its buffer is read here. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** Absent in some runtimes, and its types where no DOM is. */
const memoryClass = (): (new () => WasmMemory) | undefined =>
  (globalThis as unknown as { WebAssembly?: { Memory: new () => WasmMemory } }).WebAssembly?.Memory;

/** Whether a value is a memory of WebAssembly. */
export function isWasmMemory(value: object): value is WasmMemory {
  const Memory = memoryClass();
  return Memory !== undefined && value instanceof Memory;
}

/** Whether memory is shared; the name itself is missing where pages are not isolated. */
export const isShared = (buffer: ArrayBufferLike): boolean =>
  typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;

/**
 * A copy of plain data (objects, arrays, Maps, typed arrays) with every typed array in a SharedArrayBuffer. Views on
 * one buffer stay views on one buffer; columns that are shared already are kept, and so are shared memories of
 * WebAssembly, which can be posted as they are. Only for data that no one writes afterwards. Cost O(size), and as much
 * memory again until the given data is dropped.
 */
export function inSharedMemory<T>(value: T): T {
  const buffers = new Map<ArrayBufferLike, SharedArrayBuffer>();
  return rebuilt(value, (buffer) => {
    if (buffer instanceof SharedArrayBuffer) return buffer;
    let shared = buffers.get(buffer);
    if (shared === undefined) {
      shared = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(shared).set(new Uint8Array(buffer));
      buffers.set(buffer, shared);
    }
    return shared;
  });
}

/**
 * Plain data that can be posted to another thread where memory cannot be shared: the same columns, with the plain buffer in
 * place of each memory of WebAssembly, which only its own thread can hold. The receiver gets a copy.
 */
export const postable = <T>(value: T): T => rebuilt(value, (buffer) => buffer);

/** A copy of plain data in which `place` says where each buffer goes; unshared memories become the buffer they have. */
function rebuilt<T>(value: T, place: (buffer: ArrayBufferLike) => ArrayBufferLike): T {
  const copies = new Map<object, unknown>();

  const copy = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    const done = copies.get(item);
    if (done !== undefined) return done;
    if (isWasmMemory(item)) return isShared(item.buffer) ? item : place(item.buffer);
    if (item instanceof ArrayBuffer || isShared(item as ArrayBufferLike))
      return place(item as ArrayBufferLike);
    if (ArrayBuffer.isView(item)) {
      const View = item.constructor as new (
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
      ) => unknown;
      const length = item instanceof DataView ? item.byteLength : (item as Uint8Array).length;
      const buffer = place(item.buffer);
      const view = buffer === item.buffer ? item : new View(buffer, item.byteOffset, length);
      copies.set(item, view);
      return view;
    }
    if (Array.isArray(item)) {
      const list: unknown[] = [];
      copies.set(item, list);
      for (const entry of item) list.push(copy(entry));
      return list;
    }
    if (item instanceof Map) {
      const map = new Map<unknown, unknown>();
      copies.set(item, map);
      for (const [key, entry] of item) map.set(key, copy(entry));
      return map;
    }
    const record: Record<string, unknown> = {};
    copies.set(item, record);
    for (const [key, entry] of Object.entries(item)) record[key] = copy(entry);
    return record;
  };
  return copy(value) as T;
}
