import { isDefiner } from './body-marks.js';

/** Numbers of ended sessions, and of those whose login was seen, that are remembered at once. */
const THREADS = 20_000;

interface NumberedRow {
  readonly thread: string;
  readonly command: string;
  readonly account: string;
  /** Seconds since the epoch, by the clock of the server. */
  readonly at: string;
}

/**
 * Tells the threads of a general log apart that have one number: a server that starts anew gives its sessions, and the
 * threads of its events, the numbers that it gave before. What is known of a thread is kept by what this calls it.
 */
export class ThreadNumbers {
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  /** The last row was an event's. */
  readonly #aside = new Set<string>();
  #isAnew = false;

  /** @param startedAt when the server started last, in milliseconds since the epoch; undefined where it isn't known */
  constructor(private readonly startedAt: number | undefined) {}

  /**
   * What the thread of the next row is called; a row that ends a session is of that session.
   *
   * @param hasZone whether a thread has set a zone: then its rows have another clock than the server's
   */
  of({ thread, command, account, at }: NumberedRow, hasZone: (name: string) => boolean): string {
    const isBehindStart = !this.#isAnew && this.startedAt !== undefined && Number(at) * 1000 >= this.startedAt;
    if (command === 'Connect') {
      // a login has the server's clock
      if (isBehindStart) this.#begin();
      this.#ended.delete(thread);
      if (!this.#isAnew) remember(this.#begun, thread);
    } else if (isBehindStart && this.#begun.has(thread) && !hasZone(thread)) {
      // what logged in before is gone; what has its number now began while the log was off
      remember(this.#ended, thread);
    }
    // a session's own rows are not under a definer's account
    if (this.#aside.size > 0 && !isDefiner(account)) this.#aside.delete(thread);
    const name = this.#isAnew ? `${thread}+` : thread;
    if (this.#ended.has(thread) || this.#aside.has(thread)) return `${name}*`;
    if (command === 'Quit') remember(this.#ended, thread);
    return name;
  }

  /**
   * The row was an event's, and so are the next ones under a definer's account.
   *
   * @returns what its thread is called, of which nothing is known
   */
  aside(thread: string): string {
    remember(this.#aside, thread);
    return this.#isAnew ? `${thread}+*` : `${thread}*`;
  }

  #begin(): void {
    this.#isAnew = true;
    this.#ended.clear();
    this.#begun.clear();
    this.#aside.clear();
  }
}

function remember(threads: Set<string>, thread: string): void {
  threads.add(thread);
  const oldest = threads.keys().next();
  if (threads.size > THREADS && oldest.done !== true) threads.delete(oldest.value);
}
