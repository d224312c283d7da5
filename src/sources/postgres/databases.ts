import { IdleSessions } from '../common/idle-sessions.js';
import type { SourceContext } from '../source.js';
import { PostgresSession } from './session.js';
import type { PostgresSettings } from './settings.js';

/** Sessions by database: a connection only reads one. */
export class DatabaseSessions {
  readonly #idle = new Map<string, IdleSessions<PostgresSession>>();

  constructor(
    private readonly settings: PostgresSettings,
    private readonly context: SourceContext
  ) {}

  /** An idle session of a database, or a new one. Give it back. */
  async take(database: string): Promise<PostgresSession> {
    return this.#of(database).take() ?? (await PostgresSession.open(this.settings, this.context, database));
  }

  give(session: PostgresSession): void {
    this.#of(session.database).give(session);
  }

  async use<Result>(database: string, work: (session: PostgresSession) => Promise<Result>): Promise<Result> {
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

  #of(database: string): IdleSessions<PostgresSession> {
    const idle = this.#idle.get(database) ?? new IdleSessions<PostgresSession>();
    this.#idle.set(database, idle);
    return idle;
  }
}
