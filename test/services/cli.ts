import { join } from 'node:path';
import { startProgram, type Outcome, type Program } from './program.js';

const MAIN = join(process.cwd(), 'dist/src/client/cli/main.js');

/** What a command left behind. */
export type CliOutcome = Outcome;

export interface CliOptions {
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** An `om-ingest` process. */
export type CliProcess = Program;

/** Runs `om-ingest` to its end, as a user would. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  return startCli(args, options).ended;
}

/** Starts `om-ingest` as a process of its own. TEMPORAL_* and CI of this process are kept from it. */
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
