import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runProgram } from '../../src/client/cli/program.js';
import { processTerminal } from '../../src/client/cli/terminal.js';
import { startProgram, type Outcome, type Program } from './program.js';

const MAIN = join(process.cwd(), 'dist/src/client/cli/main.js');
/**
 * What brings a server or a worker with it needs a process of its own: signals, the SDK's runtime and log are one a
 * process.
 */
const OWN_PROCESS = ['--local', 'worker', 'catalog'];

/** What a command left behind. */
export type CliOutcome = Outcome;

export interface CliOptions {
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** An `om-ingest` process. */
export type CliProcess = Program;

let inside = false;

/**
 * Runs `om-ingest` to its end. It runs inside this process, which spares the second that a process takes to start,
 * unless it brings a server or a worker, or another one is under way: environment and working directory are one a
 * process. `startCli(…).ended` is a process in any case.
 */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  if (inside || OWN_PROCESS.some((word) => args.includes(word))) return startCli(args, options).ended;
  inside = true;
  const before = { env: process.env, cwd: process.cwd() };
  const [stdout, stderr] = [collect(), collect()];
  try {
    process.env = environment(options.env ?? {});
    process.chdir(options.cwd ?? before.cwd);
    const code = await runProgram(args, processTerminal(process.env, { stdout: stdout.stream, stderr: stderr.stream }));
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
    inside = false;
  }
}

/** Starts `om-ingest` as a process of its own, as a user would. TEMPORAL_* and CI of this process are kept from it. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliProcess {
  return startProgram(process.execPath, [MAIN, ...args], {
    env: environment(options.env ?? {}),
    cwd: options.cwd ?? process.cwd(),
  });
}

function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_') && name !== 'CI');
  return Object.fromEntries([...own, ...Object.entries(changes)].filter(([, value]) => value !== undefined));
}

function collect(): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write: (part: string | Buffer, _encoding, done) => {
      text += part.toString();
      done();
    },
  });
  return { stream, text: () => text };
}
