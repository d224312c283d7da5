import { spawn, type ChildProcess } from 'node:child_process';

/** What a program left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Program {
  readonly child: ChildProcess;
  /** Waits until stdout or stderr holds the text. */
  until(text: string): Promise<void>;
  readonly ended: Promise<Outcome>;
}

const running = new Set<ChildProcess>();

/**
 * Ends what tests left running: a test that failed half-way may have a command that waits for a worker that never
 * comes.
 */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a program and keeps what it says. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly detached?: boolean }
): Program {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    listeners.forEach((listener) => listener());
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    listeners.forEach((listener) => listener());
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text) || stderr.includes(text)) resolve();
      };
      listeners.add(look);
      look();
      void ended.then((outcome) => reject(new Error(`ended before "${text}": ${JSON.stringify(outcome)}`)));
    });
  return { child, until, ended };
}
