/** Runs the command line as a child process, from source (always fresh) or as built by `npm run build`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
export const builtCli = join(root, 'dist/engine/node/cli.js');

interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Run dist/ instead of the source. */
  built?: boolean;
  /** Flags for Node itself. */
  nodeFlags?: readonly string[];
  /** Called with the process and all of stderr so far, whenever stderr grows. */
  onStderr?: (text: string, child: ChildProcess) => void;
  /** The same for stdout. */
  onStdout?: (text: string, child: ChildProcess) => void;
}

/** Ends when the process does; never rejects for its exit code. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const script = options.built
    ? [builtCli]
    : ['--import', import.meta.resolve('tsx'), join(root, 'engine/node/cli.ts')];
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), ...script, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, child);
  });
  return await new Promise((finish, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => finish({ code, signal, stdout, stderr }));
  });
}
