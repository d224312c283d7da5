import pg from 'pg';
import { loggedStatements } from '../../test/services/postgres-log.js';
import { startPostgres, type TestPostgres } from '../../test/services/postgres.js';
import type { BareReader, BenchWarehouse } from './bench-warehouse.js';
import { inLanes } from './in-lanes.js';

/** As MySQL's: tables of a schema, and what each of them is. */
const PER_SCHEMA = 1_000;
const COLUMNS = `id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, name VARCHAR(120) NOT NULL, description TEXT, amount NUMERIC(12,2) NOT NULL DEFAULT 0,
currency CHAR(3), quantity INT, is_active BOOLEAN NOT NULL DEFAULT true, state TEXT, valid_from DATE, created_at TIMESTAMP, updated_at TIMESTAMPTZ(6)`;

export class PostgresWarehouse implements BenchWarehouse {
  static async start(): Promise<PostgresWarehouse> {
    const settings = {
      log_statement: 'all',
      shared_buffers: '256MB',
      max_locks_per_transaction: '1024',
    };
    return new PostgresWarehouse(await startPostgres({ settings }));
  }

  readonly connection = [
    'postgres',
    '{config: {type: Postgres, username: "${BENCH_USER}", authType: {password: "${BENCH_PASSWORD}"}, hostPort: "${BENCH_HOST_PORT}", database: postgres}}',
  ] as const;

  private constructor(private readonly postgres: TestPostgres) {}

  get env(): Record<string, string> {
    const { user, password, hostPort } = this.postgres;
    return { BENCH_USER: user, BENCH_PASSWORD: password, BENCH_HOST_PORT: hostPort };
  }

  async fill(prefix: string, tables: number): Promise<void> {
    const { postgres } = this;
    const old = await postgres.query(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE '${prefix}\\_%'`);
    for (const { name } of old) await postgres.query(`DROP SCHEMA ${String(name)} CASCADE`);
    for (let start = 0; start < tables; start += PER_SCHEMA) {
      const schema = `${prefix}_${start / PER_SCHEMA}`;
      await postgres.query(`CREATE SCHEMA ${schema}`);
      const last = Math.min(PER_SCHEMA, tables - start) - 1;
      await postgres.query(
        `DO $$ BEGIN FOR n IN 0..${last} LOOP EXECUTE format('CREATE TABLE ${schema}.t_%s (${COLUMNS})', lpad(n::text, 5, '0')); END LOOP; END $$`
      );
      // Comments on tables and two columns, as MySQL's have them.
      await postgres.query(
        `INSERT INTO pg_description SELECT c.oid, 'pg_class'::regclass, n, 'made for the bench' FROM pg_class c, unnest(ARRAY[0, 3, 6]) n
WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind = 'r'`
      );
    }
    await postgres.query('ANALYZE');
  }

  async statementsOf(work: () => Promise<void>): Promise<readonly string[]> {
    const from = this.postgres.log().length;
    await work();
    return loggedStatements(this.postgres.log().slice(from))
      .filter(({ text }) => text.startsWith('/* {"app"'))
      .map(({ text, parameters }) => text.replace(/\$(\d+)/g, (_, n) => parameters[Number(n) - 1] ?? 'NULL'));
  }

  async openBare(statements: readonly string[], readers: number): Promise<BareReader> {
    const { port, user, password } = this.postgres;
    const connections = await Promise.all(
      Array.from({ length: readers }, async () => {
        const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
        await client.connect();
        await client.query("SET search_path = ''");
        return client;
      })
    );
    return {
      read: () =>
        inLanes(readers, statements, async (lane, text) => {
          await connections[lane]?.query({ text, rowMode: 'array' });
        }),
      close: async () => void (await Promise.all(connections.map((each) => each.end()))),
    };
  }

  stop(): Promise<void> {
    return this.postgres.stop();
  }
}
