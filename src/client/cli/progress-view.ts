import type { Progress } from '../../contract/progress.js';

/** Shows how far a run is. */
export interface ProgressView {
  show(progress: Progress): void;
  /** A line for the user between two updates. */
  note(line: string): void;
  close(): void;
}
