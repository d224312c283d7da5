/**
 * The database that names without one mean, in a session that several units share. Statements that need the same one
 * overlap; one that needs another waits until those before it are answered, and those after it wait for it.
 */
export class CurrentDatabase {
  #name: string | undefined;
  #running = 0;
  #idle: () => void = () => undefined;
  #lastEntry: Promise<void> = Promise.resolve();

  /** @throws what `use`, which makes a database the current one, and `work` throw; the signal's reason when aborted */
  async within<T>(
    database: string,
    { use, signal }: { readonly use: () => Promise<unknown>; readonly signal: AbortSignal },
    work: () => Promise<T>
  ): Promise<T> {
    const before = this.#lastEntry;
    const entry = this.#enter(before, database, use, signal);
    // one that is given up lets the next one in when its own turn would have come
    this.#lastEntry = entry.then(
      () => undefined,
      () => before
    );
    await entry;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle();
    }
  }

  async #enter(
    before: Promise<void>,
    database: string,
    use: () => Promise<unknown>,
    signal: AbortSignal
  ): Promise<void> {
    await unlessAborted(before, signal);
    if (this.#name !== database) {
      if (this.#running > 0) await unlessAborted(new Promise<void>((resolve) => (this.#idle = resolve)), signal);
      this.#name = undefined;
      await use();
      this.#name = database;
    }
    this.#running += 1;
  }
}

async function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([wait, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
