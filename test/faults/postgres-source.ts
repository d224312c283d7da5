import { loggedStatements } from '../services/postgres-log.js';
import { startPostgres, type TestPostgres } from '../services/postgres.js';
import type { ColumnRead, FaultSource } from './fault-source.js';
import { changePostgresWarehouse, fillPostgresWarehouse } from './postgres-warehouse.js';

const CONNECTION = `
type: postgres
serviceConnection:
  config:
    type: Postgres
    username: \${LAB_USER}
    authType: {password: "\${LAB_PASSWORD}"}
    hostPort: \${LAB_HOST_PORT}
    database: lab
`;

/** The end of the statement of a schema's tables: `$1` is the schema, `$2` the name behind which it asks. */
const TABLE_READ = /OFFSET 0\) AS t$/;

/** PostgreSQL, with two units of work. */
export class PostgresSource implements FaultSource {
  static async start(): Promise<PostgresSource> {
    const postgres = await startPostgres({ settings: { log_statement: 'all' } });
    await postgres.query('CREATE DATABASE lab');
    await fillPostgresWarehouse(postgres);
    return new PostgresSource(postgres);
  }

  readonly connection = CONNECTION;
  readonly chunks = 5;
  readonly dropped = 8;
  #mark = 0;

  private constructor(readonly postgres: TestPostgres) {}

  get env(): Record<string, string> {
    const { user, password, hostPort } = this.postgres;
    return { LAB_USER: user, LAB_PASSWORD: password, LAB_HOST_PORT: hostPort };
  }

  change(): Promise<void> {
    return changePostgresWarehouse(this.postgres);
  }

  crash(): Promise<void> {
    return this.postgres.restart();
  }

  async endSessions(): Promise<void> {
    const mine = `FROM pg_stat_activity WHERE usename = '${this.postgres.user}'`;
    await this.postgres.query(`SELECT pg_terminate_backend(pid) ${mine}`);
  }

  async markReads(): Promise<void> {
    this.#mark = this.postgres.log().length;
  }

  async columnReads(): Promise<readonly ColumnRead[]> {
    const reads = loggedStatements(this.postgres.log().slice(this.#mark)).filter(({ text }) => TABLE_READ.test(text));
    return reads.map(({ parameters: [schema = '', from = ''] }) => ({
      schema: schema.slice(1, -1),
      from: from.slice(1, -1),
      inclusive: from === "''",
    }));
  }

  stop(): Promise<void> {
    return this.postgres.stop();
  }
}
