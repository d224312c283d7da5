import { AuthenticationError } from '../errors/index.js';
import type { MeasureSource, SourceContext } from '../sources/index.js';

/** How long an unused source stays open, milliseconds: stages of a run follow one another. */
const IDLE_MS = 30_000;

interface Open {
  readonly source: Promise<MeasureSource>;
  readonly controller: AbortController;
  users: number;
  isOpen: boolean;
  timer?: NodeJS.Timeout;
}

/** Sources that a worker's stages measure with, one per run: one log-in to a warehouse serves all stages. */
export class MeasureSources {
  readonly #open = new Map<string, Open>();

  /**
   * Runs `work` with the run's source, opened by the first call.
   * @param open opens it, in a context that outlives this stage
   */
  async use<T>(
    run: string,
    open: (context: Pick<SourceContext, 'signal'>) => Promise<MeasureSource>,
    work: (source: MeasureSource) => Promise<T>
  ): Promise<T> {
    const entry = this.#open.get(run) ?? this.#begin(run, open);
    entry.users += 1;
    clearTimeout(entry.timer);
    try {
      return await work(await entry.source);
    } catch (error) {
      // what it was opened with may have changed: the next stage opens it again
      if (error instanceof AuthenticationError && this.#open.get(run) === entry) this.#open.delete(run);
      throw error;
    } finally {
      entry.users -= 1;
      if (entry.users === 0) entry.timer = setTimeout(() => void this.#end(run, entry), IDLE_MS).unref();
    }
  }

  /** Closes unused sources, and gives up those in use. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map(([run, entry]) => this.#end(run, entry)));
  }

  #begin(run: string, open: (context: Pick<SourceContext, 'signal'>) => Promise<MeasureSource>): Open {
    const controller = new AbortController();
    const entry: Open = { source: open({ signal: controller.signal }), controller, users: 0, isOpen: false };
    this.#open.set(run, entry);
    entry.source.then(
      () => (entry.isOpen = true),
      () => this.#open.delete(run)
    );
    return entry;
  }

  async #end(run: string, entry: Open): Promise<void> {
    if (this.#open.get(run) === entry) this.#open.delete(run);
    clearTimeout(entry.timer);
    const over = new Error('the worker is done with the source');
    // one that is still being opened is given up
    if (!entry.isOpen) entry.controller.abort(over);
    const source = await entry.source.catch(() => undefined);
    await source?.close();
    entry.controller.abort(over);
  }
}
