import { Worker } from 'node:worker_threads';
import type { PatternAnswer, PatternTask } from './pattern-thread.js';

/** Most names in one task. */
const MOST_NAMES = 1_000;
const HEAP_MB = 64;

/** Thrown when a pattern has used up its time. */
export class TooSlow extends Error {
  constructor() {
    super('its back-references take too long');
  }
}

/** Whether a name matches, and how long that took: milliseconds of the thread, for the whole task. */
export interface Tried {
  readonly found: boolean;
  readonly ms: number;
}

interface Job {
  readonly source: string;
  readonly flags: string;
  readonly name: string;
  /** It was in a task that took too long, perhaps because of another name. */
  readonly alone: boolean;
  readonly resolve: (tried: Tried) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Tries JavaScript's own regular expressions off the main thread, one task after another, in one thread for all
 * patterns of the process: however long they take, other work continues. A task beyond its limit is ended with its
 * thread; the next one gets a new thread.
 */
export class RegexThread {
  #worker: Worker | undefined;
  #isReady = false;
  readonly #queue: Job[] = [];
  #running: readonly Job[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs per task, from when the thread is ready */
  constructor(private readonly limitMs: number) {}

  /** Whether the expression matches in the name. @throws TooSlow */
  test(source: string, flags: string, name: string): Promise<Tried> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ source, flags, name, alone: false, resolve, reject });
      // whatever is asked in the same moment becomes one task
      queueMicrotask(() => this.#next());
    });
  }

  #next(): void {
    if (this.#running.length > 0 || this.#queue.length === 0) return;
    const worker = this.#started();
    if (!this.#isReady) return;
    this.#running = this.#take();
    const [{ source, flags } = { source: '', flags: '' }] = this.#running;
    const task: PatternTask = { source, flags, names: this.#running.map(({ name }) => name) };
    this.#timer = setTimeout(() => this.#give(worker), this.limitMs);
    worker.postMessage(task);
  }

  /** The first, and everything else that is asked of its pattern. */
  #take(): Job[] {
    const first = this.#queue.shift();
    if (first === undefined) return [];
    const same = first.alone
      ? []
      : this.#queue
          .filter((job) => !job.alone && job.source === first.source && job.flags === first.flags)
          .slice(0, MOST_NAMES - 1);
    const taken = new Set(same);
    this.#queue.splice(0, this.#queue.length, ...this.#queue.filter((job) => !taken.has(job)));
    return [first, ...same];
  }

  #started(): Worker {
    if (this.#worker !== undefined) {
      this.#worker.ref();
      return this.#worker;
    }
    const worker = new Worker(new URL('./pattern-thread.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker = worker;
    worker.on('message', (answer: PatternAnswer) => {
      if (worker === this.#worker) this.#answered(answer);
    });
    // out of memory, for example: the same as out of time
    worker.on('error', () => this.#give(worker));
    worker.on('exit', () => this.#give(worker));
    return worker;
  }

  #answered(answer: PatternAnswer): void {
    if (answer.kind === 'ready') this.#isReady = true;
    else {
      clearTimeout(this.#timer);
      const done = this.#running;
      this.#running = [];
      done.forEach(({ resolve }, at) => resolve({ found: answer.found[at] === true, ms: answer.ms }));
    }
    // an idle thread keeps no process alive
    if (this.#queue.length === 0) this.#worker?.unref();
    else this.#next();
  }

  /** Ends the thread. A single name is given up; of several, each is tried once more by itself. */
  #give(worker: Worker): void {
    if (worker !== this.#worker) return;
    clearTimeout(this.#timer);
    this.#worker = undefined;
    const wasReady = this.#isReady;
    this.#isReady = false;
    void worker.terminate();
    const cut = this.#running;
    this.#running = [];
    const [only] = cut;
    if (cut.length === 1) only?.reject(new TooSlow());
    else this.#queue.unshift(...cut.map((job) => ({ ...job, alone: true })));
    // a thread that can't even start isn't started for ever
    if (!wasReady) for (const job of this.#queue.splice(0)) job.reject(new TooSlow());
    this.#next();
  }
}
