import { PermanentError } from '../../errors/index.js';
import { ThreadHandle } from './thread-handle.js';

/** Threads in a row that may fail to load before the set gives up. */
const MAX_FAILURES = 4;

interface Waiter {
  resolve(thread: ThreadHandle): void;
  reject(error: Error): void;
}

/**
 * Loaded threads waiting for work, one more than can work at a time: the spare takes over when one has to be ended. Our
 * own threads rather than piscina's, since piscina may terminate a thread that is still loading, which aborts the
 * process on Node 20.
 */
export class ThreadSet {
  readonly #idle: ThreadHandle[] = [];
  readonly #all = new Set<ThreadHandle>();
  readonly #waiting: Waiter[] = [];
  #failures = 0;
  #closed = false;

  constructor(
    private readonly size: number,
    private readonly heapMb: number
  ) {
    for (let index = 0; index < size; index += 1) this.#add();
  }

  /**
   * A thread that nobody else has; give it back by release() or discard(). Throws PermanentError when the set is closed
   * or threads can't be started.
   */
  take(): Promise<ThreadHandle> {
    if (this.#closed) return Promise.reject(new PermanentError('The parser pool is closed.'));
    if (this.#failures > MAX_FAILURES) return Promise.reject(cannotStart());
    for (;;) {
      const thread = this.#idle.pop();
      if (thread === undefined) break;
      if (thread.alive) return Promise.resolve(thread);
      this.#replace(thread);
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  release(thread: ThreadHandle): void {
    if (!thread.alive) {
      this.#replace(thread);
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(thread);
    else next.resolve(thread);
  }

  /** Ends a thread and starts another in its place. */
  discard(thread: ThreadHandle): Promise<void> {
    this.#replace(thread);
    return thread.end();
  }

  /** Resolves when all threads are loaded. */
  async ready(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.ready()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(new PermanentError('The parser pool is closed.'));
    await Promise.all([...this.#all].map((thread) => thread.end()));
    this.#all.clear();
  }

  #replace(thread: ThreadHandle): void {
    if (this.#all.delete(thread) && !this.#closed && this.#all.size < this.size) this.#add();
  }

  #add(): void {
    const thread = new ThreadHandle(this.heapMb);
    this.#all.add(thread);
    void thread.ready().then(() => {
      if (this.#closed) return;
      this.#failures = thread.alive ? 0 : this.#failures + 1;
      if (this.#failures <= MAX_FAILURES) this.release(thread);
      else for (const waiter of this.#waiting.splice(0)) waiter.reject(cannotStart());
    });
  }
}

function cannotStart(): PermanentError {
  return new PermanentError('Parser threads end while they load.', {
    remedy: 'Give the worker more memory, or check that the package is installed whole.',
  });
}
