import type { Progress } from '../../contract/progress.js';
import { BarsView } from './progress-bars.js';
import { LinesView } from './progress-lines.js';
import type { Terminal } from './terminal.js';

/** Shows how far a run is. */
export interface ProgressView {
  show(progress: Progress): void;
  /** A line for the user between two updates. */
  note(line: string): void;
  close(): void;
}

/** Bars on a terminal, plain lines elsewhere, only notices when quiet. */
export function createProgressView(terminal: Terminal, quiet: boolean): ProgressView {
  if (quiet) return { show: () => undefined, note: (line) => terminal.err(line), close: () => undefined };
  return terminal.live ? new BarsView(terminal) : new LinesView(terminal);
}
