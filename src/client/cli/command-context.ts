import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** What every command gets besides its flags. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets what the process will exit with. */
  finish(code: ExitCode): void;
}
