/** Reading the words of a thread's scratch region. */

/** The address of a buffer. */
export function buffer(work: usize, word: i32): usize {
  return load<u32>(work + ((<usize>word) << 2));
}

export function addTo(work: usize, counter: i32, more: u64): void {
  const at = work + ((<usize>counter) << 2);
  store<u64>(at, load<u64>(at) + more);
}
