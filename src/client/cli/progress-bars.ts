import { MultiBar, type SingleBar } from 'cli-progress';
import { harmlessLine } from '../../errors/index.js';
import type { Progress, StageProgress } from '../../contract/progress.js';
import type { ProgressView } from './progress-view.js';
import { elapsedText, rateText, remainingText } from './stage-text.js';
import type { Terminal } from './terminal.js';
import { countWords } from '../../contract/count-words.js';

const BAR_WIDTH = 24;

/** One bar per stage, redrawn all the time: units, records, rate, time left. */
export class BarsView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #screen: MultiBar;
  readonly #bars = new Map<string, SingleBar>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#screen = new MultiBar({
      stream: terminal.stream,
      hideCursor: true,
      clearOnComplete: false,
      // the end of the run ends the view, not a full bar: a stage may learn of more units later
      stopOnComplete: false,
      gracefulExit: false,
      emptyOnZero: true,
      autopadding: false,
      fps: 8,
      format: (_options, _parameters, payload: { line?: string }) => payload.line ?? '',
    });
  }

  show(progress: Progress): void {
    for (const stage of progress.stages) {
      if (stage.state === 'waiting') continue;
      const bar = this.#bars.get(stage.name) ?? this.#screen.create(1, 0, { line: '' });
      this.#bars.set(stage.name, bar);
      bar.update({ line: this.#line(stage) });
    }
    this.#screen.update();
  }

  note(line: string): void {
    if (this.#bars.size === 0) this.#terminal.err(line);
    else this.#screen.log(`${harmlessLine(line)}\n`);
  }

  close(): void {
    this.#screen.update();
    this.#screen.stop();
  }

  #line(stage: StageProgress): string {
    const { colors } = this.#terminal;
    const elapsed = this.#elapsed(stage);
    const total = Math.max(stage.total ?? 0, stage.done);
    const filled = stage.state === 'done' ? BAR_WIDTH : total === 0 ? 0 : Math.round((BAR_WIDTH * stage.done) / total);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const painted =
      stage.state === 'failed' ? colors.red(bar) : stage.state === 'done' ? colors.green(bar) : colors.cyan(bar);
    const units = stage.total === undefined ? `${stage.done}` : `${stage.done}/${stage.total}`;
    const facts = [
      units.padStart(7),
      countWords(stage.records, 'record', 'records').padStart(15),
      rateText(stage.records, elapsed).padStart(9),
      stage.failures > 0 ? colors.red(countWords(stage.failures, 'failure', 'failures')) : '',
      stage.state === 'running' ? remainingText(stage.done, total, elapsed) || elapsedText(elapsed) : '',
    ];
    return `${harmlessLine(stage.name).padEnd(14)} ${painted} ${facts.filter((fact) => fact !== '').join('  ')}`;
  }

  /** By the worker's clock for a stage that is over: whoever attaches late sees the true rate. */
  #elapsed(stage: StageProgress): number {
    return (stage.state === 'running' ? Date.now() : stage.changedAt) - stage.startedAt;
  }
}
