import wasmUrl from 'highs/runtime?url';
import { fetchFiles, loadHighs, runInBrowser } from '../../../engine/browser/index.ts';
import type { Answer, Ask } from './ask.ts';

/** Fetches a scenario's files, runs it and hashes its results. */
export async function answer(ask: Ask): Promise<Answer> {
  const { urls, abortAfter, locateSolver, ...options } = ask;
  const steps: string[] = [];
  const done: number[] = [];
  const hashes: Record<string, string> = {};
  const abort = new AbortController();
  let error: string | null = null;
  try {
    const results = await runInBrowser(await fetchFiles(new Map(urls)), {
      ...options,
      ...(locateSolver === true ? { tools: { loadHighs: () => loadHighs(() => wasmUrl) } } : {}),
      signal: abort.signal,
      onStep: (step) => steps.push(step),
      onReplication: (n) => {
        done.push(n);
        if (n === abortAfter) abort.abort(new Error('enough'));
      },
    });
    for (const [name, bytes] of results) hashes[name] = await sha256(bytes);
  } catch (thrown) {
    error = String(thrown);
  }
  return { hashes, steps, done, error, isolated: crossOriginIsolated };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
