/** Zip archives made here, for tests of the reader. */
import { crc32, deflateRawSync } from 'node:zlib';

export function zipOf(files: Readonly<Record<string, Uint8Array>>, method: 0 | 8 = 8): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
    const local = Buffer.alloc(30);
    const entry = Buffer.alloc(46);
    local.writeUInt32LE(0x04034b50, 0);
    entry.writeUInt32LE(0x02014b50, 0);
    // the fields of the local header from 8 on are those of the directory from 10 on
    for (const [header, shift] of [[local, 0], [entry, 2]] as const) {
      header.writeUInt16LE(method, 8 + shift);
      header.writeUInt32LE(crc32(bytes), 14 + shift);
      header.writeUInt32LE(packed.length, 18 + shift);
      header.writeUInt32LE(bytes.length, 22 + shift);
      header.writeUInt16LE(name.length, 26 + shift);
    } // prettier-ignore
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}
