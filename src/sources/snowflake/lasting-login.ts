import { CurrentDatabase } from './current-database.js';
import { endsSession, ranNothing } from './errors.js';
import type { Session } from './session/session.js';

/** A login and what is known of its session. */
export interface Login {
  readonly session: Session;
  readonly current: CurrentDatabase;
}

/**
 * One login at a time, which is made anew when the server has ended its session, or the session's token has expired.
 */
export class LastingLogin {
  #login: Login;
  #opening: Promise<Login> | undefined;
  /** Of sessions that the server ended. */
  readonly #ends: Promise<void>[] = [];

  constructor(
    first: Session,
    private readonly open: () => Promise<Session>
  ) {
    this.#login = { session: first, current: new CurrentDatabase() };
  }

  /** What was refused because of the session's end is asked once more, at once, in a new one. */
  async use<T>(work: (login: Login) => Promise<T>): Promise<T> {
    const login = await this.#usable();
    try {
      return await work(login);
    } catch (error) {
      if (!endsSession(error)) throw error;
      this.#leave(login);
      if (!ranNothing(error)) throw error;
      return await work(await this.#usable());
    }
  }

  async close(): Promise<void> {
    this.#leave(this.#login);
    await Promise.all(this.#ends);
  }

  async #usable(): Promise<Login> {
    if (!this.#login.session.isClosed) return this.#login;
    this.#opening ??= this.#reopen().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #reopen(): Promise<Login> {
    this.#login = { session: await this.open(), current: new CurrentDatabase() };
    return this.#login;
  }

  /** Nobody waits for the end of a session that is no more. */
  #leave({ session }: Login): void {
    if (!session.isClosed) this.#ends.push(session.close());
  }
}
