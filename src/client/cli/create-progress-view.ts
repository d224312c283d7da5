import { BarsView } from './progress-bars.js';
import { LinesView } from './progress-lines.js';
import type { Terminal } from './terminal.js';
import type { ProgressView } from './progress-view.js';

/** Bars on a terminal, plain lines elsewhere, only notices when quiet. */
export function createProgressView(terminal: Terminal, quiet: boolean): ProgressView {
  if (quiet) return { show: () => undefined, note: (line) => terminal.err(line), close: () => undefined };
  return terminal.live ? new BarsView(terminal) : new LinesView(terminal);
}
