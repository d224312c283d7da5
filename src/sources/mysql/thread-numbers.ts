/** Numbers of ended sessions remembered at once. */
const ENDED = 20_000;

interface NumberedRow {
  readonly thread: string;
  readonly command: string;
  /** Seconds since the epoch. */
  readonly at: string;
}

/**
 * Tells the threads of a general log apart that have one number: a server that starts anew gives its sessions, and the
 * threads of its events, the numbers that it gave before. What is known of a thread is kept by what this calls it.
 */
export class ThreadNumbers {
  readonly #ended = new Set<string>();
  #isAnew = false;

  /** @param startedAt when the server started last, in milliseconds since the epoch; undefined where it isn't known */
  constructor(private readonly startedAt: number | undefined) {}

  /** What the thread of the next row is called; a row that ends a session is of that session. */
  of({ thread, command, at }: NumberedRow): string {
    if (command === 'Connect') {
      // a login has the server's clock, other rows that of their session; pools log in as soon as the server is there
      if (!this.#isAnew && this.startedAt !== undefined && Number(at) * 1000 >= this.startedAt) this.#begin();
      this.#ended.delete(thread);
    }
    const name = this.#isAnew ? `${thread}+` : thread;
    if (this.#ended.has(thread)) return `${name}*`;
    if (command === 'Quit') this.end(thread);
    return name;
  }

  /**
   * That session is over: what has its number now is a thread that no session began.
   * @returns what that is called
   */
  end(thread: string): string {
    this.#ended.add(thread);
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > ENDED && oldest.done !== true) this.#ended.delete(oldest.value);
    return `${this.#isAnew ? `${thread}+` : thread}*`;
  }

  #begin(): void {
    this.#isAnew = true;
    this.#ended.clear();
  }
}
