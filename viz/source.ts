/**
 * Where the files of a results folder come from: served beside the page, or dropped into it. Both give sizes first
 * and bytes later, so that size limits hold before anything is read.
 */
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { ResultsProblem } from './problem.ts';

/** A file that is read in ranges; the shape hyparquet asks for. */
export interface ByteFile {
  byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

export type ResultFileName = (typeof RESULT_FILES)[keyof typeof RESULT_FILES];

export interface ResultsSource {
  /** Sizes of the files that are there, by name. */
  sizes: ReadonlyMap<ResultFileName, number>;
  open(name: ResultFileName): ByteFile;
}

/** A source as it travels to the worker. */
export type SourceSpec = { kind: 'served'; baseUrl: string } | { kind: 'files'; files: File[] };

const NAMES: readonly ResultFileName[] = Object.values(RESULT_FILES);

export const isResultFileName = (name: string): name is ResultFileName =>
  (NAMES as readonly string[]).includes(name);

/** Opens what `spec` names. Reads no content yet. */
export async function openSource(spec: SourceSpec): Promise<ResultsSource> {
  return spec.kind === 'served' ? servedSource(spec.baseUrl) : fileSource(spec.files);
}

function fileSource(files: readonly File[]): ResultsSource {
  const byName = new Map<ResultFileName, File>();
  for (const file of files) if (isResultFileName(file.name)) byName.set(file.name, file);
  return {
    sizes: new Map([...byName].map(([name, file]) => [name, file.size])),
    open: (name) => {
      const file = byName.get(name);
      if (!file) throw new ResultsProblem('missingFiles', { files: name });
      return {
        byteLength: file.size,
        slice: async (start, end) => {
          try {
            return await file.slice(start, end).arrayBuffer();
          } catch {
            throw new ResultsProblem('unreadable', { file: name });
          }
        },
      };
    },
  };
}

async function servedSource(baseUrl: string): Promise<ResultsSource> {
  const sizes = new Map<ResultFileName, number>();
  await Promise.all(
    NAMES.map(async (name) => {
      const response = await fetch(new URL(name, baseUrl), { method: 'HEAD', cache: 'no-store' });
      const length = Number(response.headers.get('content-length'));
      // A server without a results folder may answer every path with a page of its own.
      const isPage = (response.headers.get('content-type') ?? '').startsWith('text/html');
      if (response.ok && !isPage && Number.isSafeInteger(length)) sizes.set(name, length);
    }),
  );
  return {
    sizes,
    open: (name) => {
      const byteLength = sizes.get(name);
      if (byteLength === undefined) throw new ResultsProblem('missingFiles', { files: name });
      return { byteLength, slice: (start, end = byteLength) => fetchRange(baseUrl, name, start, end) };
    },
  };
}

/** Bytes from `start` up to `end`; a server that ignores ranges costs the whole file, which the limits allow for. */
async function fetchRange(baseUrl: string, name: string, start: number, end: number): Promise<ArrayBuffer> {
  if (end <= start) return new ArrayBuffer(0);
  let response: Response;
  try {
    response = await fetch(new URL(name, baseUrl), {
      headers: { range: `bytes=${start}-${end - 1}` },
      cache: 'no-store',
    });
  } catch {
    throw new ResultsProblem('unreadable', { file: name });
  }
  if (!response.ok) throw new ResultsProblem('unreadable', { file: name });
  const bytes = await response.arrayBuffer();
  const part = response.status === 206 ? bytes : bytes.slice(start, end);
  if (part.byteLength !== end - start) throw new ResultsProblem('unreadable', { file: name });
  return part;
}
