import { IdleSessions, type LosableSession } from './idle-sessions.js';

/** A connection that reads one database alone. */
export interface DatabaseSession extends LosableSession {
  readonly database: string;
}

/** Sessions by database, for engines where a connection reads one alone. */
export class DatabaseSessions<Session extends DatabaseSession> {
  readonly #idle = new Map<string, IdleSessions<Session>>();

  constructor(private readonly open: (database: string) => Promise<Session>) {}

  /** An idle session of a database, or a new one. Give it back. */
  async take(database: string): Promise<Session> {
    return this.#of(database).take() ?? (await this.open(database));
  }

  give(session: Session): void {
    this.#of(session.database).give(session);
  }

  async use<Result>(database: string, work: (session: Session) => Promise<Result>): Promise<Result> {
    const session = await this.take(database);
    try {
      return await work(session);
    } finally {
      this.give(session);
    }
  }

  /**
   * Ends the idle ones of a database that isn't needed now: a server with a hundred databases must not get as many
   * connections.
   */
  async leave(database: string): Promise<void> {
    await this.#idle.get(database)?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#idle.values()].map((idle) => idle.close()));
  }

  #of(database: string): IdleSessions<Session> {
    const idle = this.#idle.get(database) ?? new IdleSessions<Session>();
    this.#idle.set(database, idle);
    return idle;
  }
}
