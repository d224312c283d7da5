import { expect } from 'chai';
import { z } from 'zod';
import { SqlSession, type SentStatement } from '../../../../src/sources/common/sql-session.js';
import { statement } from '../../../../src/sources/common/statement.js';
import { countingContext } from '../../../conformance/metadata-source.js';

/** Notes how long the server may take for each statement. */
class NotingSession extends SqlSession {
  protected readonly engine = 'Any';
  protected readonly canStop = true;
  protected readonly lostCode = 'LOST';
  readonly limits: number[] = [];

  constructor(statementTimeoutMs: number) {
    super({ place: 'there', statementTimeoutMs, whyPlain: '' }, countingContext());
  }

  async ask(): Promise<void> {
    await this.query(statement(z.unknown(), 'SELECT 1'));
  }

  opened(): void {
    this.isOpen = true;
  }

  protected async *send({ stallMs }: SentStatement): AsyncGenerator<readonly unknown[]> {
    this.limits.push(stallMs);
    yield [];
  }
  protected isRefusal(): boolean {
    return false;
  }
  protected explain(error: unknown): Error {
    return error instanceof Error ? error : new Error(String(error));
  }
  protected end(): Promise<void> {
    return Promise.resolve();
  }
  protected destroyConnection(): void {
    this.lose();
  }
  protected cancel(): Promise<void> {
    return Promise.resolve();
  }
}

describe('A session', () => {
  it('waits a minute for the statements that set it up, whatever the limit of those that read, and never longer than that limit', async () => {
    for (const [limit, setUp] of [
      [3_600_000, 60_000],
      [5_000, 5_000],
    ] as const) {
      const session = new NotingSession(limit);
      await session.ask();
      session.opened();
      await session.ask();
      expect(session.limits).to.deep.equal([setUp + 1_000, limit + 1_000]);
    }
  });
});
