import { Worker } from 'node:worker_threads';
import type { BatchAnswer, BatchTask, ThreadMessage } from './parser-thread.js';

/** A thread that ended before it answered. `code` is Node's error code, if there is one. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';

  constructor(
    message: string,
    readonly code?: string
  ) {
    super(message);
  }
}

/** One parser thread: reads one batch at a time and can be ended while it does. */
export class ThreadHandle {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<void>;
  #settle: ((message: ThreadMessage | ThreadEnded) => void) | undefined;
  #alive = true;

  constructor(heapMb: number) {
    this.#worker = new Worker(new URL('./parser-thread.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    this.#ready = new Promise((resolve) => {
      this.#settle = () => {
        resolve();
      };
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end(new ThreadEnded('the parser thread ended'));
        resolve();
      });
    });
    this.#worker.on('message', (message: ThreadMessage) => this.#settle?.(message));
    this.#worker.on('error', (error) => {
      this.#end(new ThreadEnded(error.message, 'code' in error ? String(error.code) : undefined));
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves once the thread has loaded its code, or has ended in the attempt. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Throws ThreadEnded when the thread ends first. Call only after ready(), and not before the last answer. */
  async run(task: BatchTask): Promise<BatchAnswer> {
    if (!this.#alive) throw new ThreadEnded('the parser thread has ended');
    const message = await new Promise<ThreadMessage | ThreadEnded>((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage(task);
    });
    if (message instanceof ThreadEnded) throw message;
    if (message.kind === 'answer') return message.answer;
    throw new ThreadEnded(message.kind === 'error' ? message.message : 'the parser thread said ready twice');
  }

  /**
   * Ends the thread, whatever it is doing. Waits for a thread that is still loading: Node 20 aborts the whole process
   * when a thread is terminated while it links modules.
   */
  async end(): Promise<void> {
    await this.#ready;
    await this.#worker.terminate();
    await this.#exited;
  }

  #end(reason: ThreadEnded): void {
    this.#alive = false;
    this.#settle?.(reason);
  }
}
