/** SHA-256 as lower-case hex; the Web Crypto API serves Node and browsers alike. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  // digest() takes no view on shared memory: copy those
  const own =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  const digest = await crypto.subtle.digest('SHA-256', own);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
