import type { Progress, StageProgress } from '../../contract/progress.js';
import type { ProgressView } from './progress-view.js';
import { stageText } from './stage-text.js';
import type { Terminal } from './terminal.js';

/** How often a running stage is printed; a stage that starts or ends is printed at once. */
const REPEAT_MS = 10_000;

interface Told {
  readonly text: string;
  readonly state: StageProgress['state'];
  readonly at: number;
}

/** Progress as log lines: for files, CI and terminals that can't redraw. */
export class LinesView implements ProgressView {
  readonly #terminal: Pick<Terminal, 'err'>;
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(terminal: Pick<Terminal, 'err'>, now: () => number = Date.now) {
    this.#terminal = terminal;
    this.#now = now;
  }

  show(progress: Progress): void {
    for (const stage of progress.stages) this.#showStage(stage);
  }

  note(line: string): void {
    this.#terminal.err(line);
  }

  close(): void {
    this.#told.clear();
  }

  #showStage(stage: StageProgress): void {
    if (stage.state === 'waiting') return;
    const text = stageText(stage);
    const before = this.#told.get(stage.name);
    const stateChanged = before?.state !== stage.state;
    const dueAgain = before !== undefined && before.text !== text && this.#now() - before.at >= REPEAT_MS;
    if (!stateChanged && !dueAgain) return;
    this.#told.set(stage.name, { text, state: stage.state, at: this.#now() });
    this.#terminal.err(text);
  }
}
