import { countWords } from '../../contract/count-words.js';
import type { WatchedRun } from './watched-run.js';

/** How long a line waits for others to be sent with it, milliseconds. */
const EVERY_MS = 5_000;
/** Most characters that wait. If the server is slower than the run, lines are dropped and it is told how many. */
const MOST_WAITING = 1_000_000;
/** A batch that takes longer is given up, milliseconds. */
const SEND_MS = 10_000;

export interface LogSender {
  /** Adds lines to the run's log. @returns false when nobody takes them: no more are sent */
  send(run: WatchedRun, lines: readonly string[], signal: AbortSignal): Promise<boolean>;
  /** Called once per run about lines that were not sent. */
  failed(run: WatchedRun, error: unknown): void;
}

interface Waiting {
  run: WatchedRun;
  active: number;
  lines: string[];
  characters: number;
  dropped: number;
  timer?: NodeJS.Timeout | undefined;
  sending?: Promise<void> | undefined;
  complained?: true;
  refused?: true;
}

/** The lines of one activity. */
export interface ActivityLines {
  add(line: string): void;
  /**
   * Resolves when its lines are sent. If other activities of the run are still going here, they send them. Never
   * rejects.
   */
  end(): Promise<void>;
}

/** Sends the run's own log lines to OpenMetadata, in batches. The run never notices a fault here. */
export class LogStreams {
  readonly #runs = new Map<string, Waiting>();

  constructor(
    private readonly sender: LogSender,
    private readonly everyMs = EVERY_MS
  ) {}

  /** An activity of the run begins. */
  begin(run: WatchedRun): ActivityLines {
    const { pipelineRunId } = run.identity;
    const waiting = this.#runs.get(pipelineRunId) ?? { run, active: 0, lines: [], characters: 0, dropped: 0 };
    this.#runs.set(pipelineRunId, waiting);
    waiting.run = run;
    waiting.active += 1;
    return {
      add: (line) => this.#add(waiting, line),
      end: async () => {
        waiting.active -= 1;
        if (waiting.active > 0) return;
        clearTimeout(waiting.timer);
        waiting.timer = undefined;
        await waiting.sending;
        await this.#send(waiting);
        if (waiting.active === 0) this.#runs.delete(pipelineRunId);
      },
    };
  }

  #add(waiting: Waiting, line: string): void {
    if (waiting.refused === true) return;
    if (waiting.characters + line.length > MOST_WAITING) {
      waiting.dropped += 1;
      return;
    }
    waiting.lines.push(line);
    waiting.characters += line.length;
    this.#schedule(waiting);
  }

  #schedule(waiting: Waiting): void {
    waiting.timer ??= setTimeout(() => {
      waiting.timer = undefined;
      waiting.sending ??= this.#send(waiting).finally(() => (waiting.sending = undefined));
    }, this.everyMs);
    waiting.timer.unref();
  }

  async #send(waiting: Waiting): Promise<void> {
    const { lines, dropped, run } = waiting;
    if (lines.length === 0) return;
    Object.assign(waiting, { lines: [], characters: 0, dropped: 0 });
    if (dropped > 0)
      lines.push(
        `… ${countWords(dropped, 'line was left out: it', 'lines were left out: they')} came faster than could be sent`
      );
    try {
      if (!(await this.sender.send(run, lines, AbortSignal.timeout(SEND_MS)))) waiting.refused = true;
    } catch (error) {
      if (waiting.complained === undefined) {
        waiting.complained = true;
        this.sender.failed(run, error);
      }
    }
  }
}
