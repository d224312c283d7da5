/** A connection that may be lost. */
export interface LosableSession {
  /** False once the connection is lost or was given up. */
  readonly usable: boolean;
  close(): Promise<void>;
}

/** Sessions without a running statement, kept for the next read; lost ones aren't lent again. */
export class IdleSessions<Session extends LosableSession> {
  #idle: Session[] = [];

  take(): Session | undefined {
    this.#idle = this.#idle.filter((session) => session.usable);
    return this.#idle.pop();
  }

  /** Takes back what was lent; giving it back twice counts once. */
  give(...sessions: readonly Session[]): void {
    this.#idle.push(...new Set(sessions));
  }

  async close(): Promise<void> {
    const sessions = this.#idle;
    this.#idle = [];
    await Promise.all(sessions.map((session) => session.close()));
  }
}
