import type { WatchedRun } from './watched-run.js';

/** Time between two updates of a run, milliseconds. */
const EVERY_MS = 30_000;
/** An update that takes longer is given up, milliseconds: the next one is worth more. */
const SEND_MS = 10_000;
/** How many runs without an activity here are remembered, so that short activities don't send updates too often. */
const REMEMBERED = 100;

export interface ProgressSender {
  /** Reports how far the run is. @returns false when nobody takes it: it isn't called again */
  send(run: WatchedRun, signal: AbortSignal): Promise<boolean>;
  /** Called once per run about updates that failed. */
  failed(run: WatchedRun, error: unknown): void;
}

interface Followed {
  run: WatchedRun;
  active: number;
  /** When the next update is due, milliseconds since the epoch. */
  due: number;
  timer?: NodeJS.Timeout | undefined;
  sending?: AbortController | undefined;
  complained?: true;
  /** The server or the pipeline doesn't take progress. */
  refused?: true;
}

/**
 * Tells OpenMetadata every 30 seconds how far a run is, as long as this worker has an activity of it. If several
 * workers have one, each does: an update replaces the last. The run never notices a fault here.
 */
export class ProgressUpdates {
  readonly #runs = new Map<string, Followed>();

  constructor(
    private readonly sender: ProgressSender,
    private readonly everyMs = EVERY_MS
  ) {}

  /** An activity of the run begins. @returns what to call at its end */
  begin(run: WatchedRun): () => void {
    const { pipelineRunId } = run.identity;
    const followed = this.#runs.get(pipelineRunId) ?? { run, active: 0, due: Date.now() + this.everyMs };
    followed.run = run;
    followed.active += 1;
    // the run used last is forgotten last
    this.#runs.delete(pipelineRunId);
    this.#runs.set(pipelineRunId, followed);
    this.#forget();
    if (followed.active === 1) this.#wait(followed);
    return () => {
      followed.active -= 1;
      if (followed.active > 0) return;
      clearTimeout(followed.timer);
      // an update that comes late would replace the run's last word
      followed.sending?.abort();
    };
  }

  #wait(followed: Followed): void {
    if (followed.refused === true) return;
    clearTimeout(followed.timer);
    followed.timer = setTimeout(() => void this.#send(followed), Math.max(0, followed.due - Date.now()));
    followed.timer.unref();
  }

  async #send(followed: Followed): Promise<void> {
    if (followed.sending !== undefined) return;
    const over = new AbortController();
    followed.sending = over;
    followed.due = Date.now() + this.everyMs;
    try {
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(SEND_MS)]);
      if (!(await this.sender.send(followed.run, signal))) followed.refused = true;
    } catch (error) {
      if (!over.signal.aborted && followed.complained === undefined) {
        followed.complained = true;
        this.sender.failed(followed.run, error);
      }
    } finally {
      followed.sending = undefined;
      if (followed.active > 0) this.#wait(followed);
    }
  }

  #forget(): void {
    for (const [id, { active }] of this.#runs) {
      if (this.#runs.size <= REMEMBERED) return;
      if (active === 0) this.#runs.delete(id);
    }
  }
}
