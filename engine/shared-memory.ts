/** Plain data whose columns live in shared memory, so that workers read one copy of the road graph. */

/**
 * A copy of plain data (objects, arrays, Maps, typed arrays) with every typed array in a SharedArrayBuffer. Views on
 * one buffer stay views on one buffer; columns that are shared already are kept. Only for data that no one writes
 * afterwards. Cost O(size), and as much memory again until the given data is dropped.
 */
export function inSharedMemory<T>(value: T): T {
  const buffers = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const copies = new Map<object, unknown>();

  const shareBuffer = (buffer: ArrayBufferLike): SharedArrayBuffer => {
    if (buffer instanceof SharedArrayBuffer) return buffer;
    let shared = buffers.get(buffer);
    if (shared === undefined) {
      shared = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(shared).set(new Uint8Array(buffer));
      buffers.set(buffer, shared);
    }
    return shared;
  };

  const share = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    const done = copies.get(item);
    if (done !== undefined) return done;
    if (ArrayBuffer.isView(item)) {
      const View = item.constructor as new (
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
      ) => unknown;
      const length = item instanceof DataView ? item.byteLength : (item as Uint8Array).length;
      const view = new View(shareBuffer(item.buffer), item.byteOffset, length);
      copies.set(item, view);
      return view;
    }
    if (Array.isArray(item)) {
      const list: unknown[] = [];
      copies.set(item, list);
      for (const entry of item) list.push(share(entry));
      return list;
    }
    if (item instanceof Map) {
      const map = new Map<unknown, unknown>();
      copies.set(item, map);
      for (const [key, entry] of item) map.set(key, share(entry));
      return map;
    }
    const record: Record<string, unknown> = {};
    copies.set(item, record);
    for (const [key, entry] of Object.entries(item)) record[key] = share(entry);
    return record;
  };
  return share(value) as T;
}
