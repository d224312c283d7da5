import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { findSource, type MeasureSource, type SourceContext, type TableRef } from '../../../src/sources/index.js';
import { startFakesnow } from '../../services/fakesnow.js';
import { hasMariadb, startMariadb } from '../../services/mariadb.js';
import { hasPostgres, startPostgres } from '../../services/postgres.js';
import { emulatedConnection } from '../sources/snowflake-emulated.js';

/** One database with a way to write to it and a way to measure it. */
export interface Engine {
  readonly source: MeasureSource;
  /** How a worker reaches it. */
  readonly connection: { readonly type: string; readonly config: unknown };
  readonly context: SourceContext;
  /** Statements that were sent for measuring since the last look. */
  statements(): number;
  ref(table: string): TableRef;
  run(sql: string): Promise<void>;
  /** The value of a statement of one row and column. */
  scalar(sql: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  readonly available: () => boolean;
  readonly start: () => Promise<Engine>;
}

const TIME_LIMIT_MS = 30_000;

export function counting(): { context: SourceContext; statements: () => number } {
  let sent = 0;
  return {
    context: {
      runTag: 'test',
      signal: new AbortController().signal,
      onStatement: () => {
        sent += 1;
      },
      onWarning: () => undefined,
    },
    statements: () => {
      const before = sent;
      sent = 0;
      return before;
    },
  };
}

export async function openMeasures(type: string, config: unknown, context: SourceContext): Promise<MeasureSource> {
  const opened = await findSource(type).openMeasures?.(config, context, { statementTimeoutMs: TIME_LIMIT_MS });
  return opened ?? Promise.reject(new Error(`${type} measures nothing`));
}

const sqlite: EngineKind = {
  name: 'SQLite',
  available: () => true,
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-test-quality-'));
    const file = join(folder, 'shop.db');
    const database = new Database(file);
    database.exec('CREATE TABLE first (a INTEGER)');
    const { context, statements } = counting();
    const connection = { type: 'sqlite', config: { databaseMode: file } };
    const source = await openMeasures('sqlite', connection.config, context);
    return {
      source,
      connection,
      context,
      statements,
      ref: (table) => ({ database: 'default', schema: 'main', table }),
      run: async (sql) => void database.exec(sql),
      scalar: async (sql) => {
        const row: unknown = database.prepare(sql).raw(true).get();
        return Array.isArray(row) ? (row as unknown[])[0] : undefined;
      },
      stop: async () => {
        await source.close();
        database.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

const mariadb: EngineKind = {
  name: 'MariaDB',
  available: hasMariadb,
  start: async () => {
    const server = await startMariadb();
    await server.run('CREATE DATABASE shop CHARACTER SET utf8mb4');
    const { context, statements } = counting();
    const config = { username: server.user, authType: { password: server.password }, hostPort: server.hostPort };
    const source = await openMeasures('mysql', config, context);
    return {
      source,
      connection: { type: 'mysql', config },
      context,
      statements,
      ref: (table) => ({ database: 'default', schema: 'shop', table }),
      run: (sql) => server.run(sql),
      scalar: async (sql) => {
        const session = await source.session(context);
        try {
          return (await session.rows(sql))[0]?.[0];
        } finally {
          await session.close();
        }
      },
      stop: async () => {
        await source.close();
        await server.stop();
      },
    };
  },
};

const snowflake: EngineKind = {
  name: 'the Snowflake emulator',
  available: () => true,
  start: async () => {
    const server = await startFakesnow();
    await server.execute('CREATE DATABASE SHOP');
    await server.execute('CREATE SCHEMA SHOP.RAW');
    const { context, statements } = counting();
    const connection = { type: 'snowflake', config: emulatedConnection(server) };
    const source = await openMeasures('snowflake', connection.config, context);
    return {
      source,
      connection,
      context,
      statements,
      ref: (table) => ({ database: 'SHOP', schema: 'RAW', table }),
      run: async (sql) => void (await server.execute(sql)),
      scalar: async (sql) => Object.values((await server.execute(sql))[0] ?? {})[0],
      stop: async () => {
        await source.close();
        await server.stop();
      },
    };
  },
};

const postgres: EngineKind = {
  name: 'PostgreSQL',
  available: hasPostgres,
  start: async () => {
    const server = await startPostgres();
    // The tables of these tests have columns of a type that it knows by another name.
    await server.query(
      `CREATE SCHEMA shop; CREATE DOMAIN shop.datetime AS TIMESTAMP; GRANT pg_read_all_data TO ${server.user}`
    );
    const { context, statements } = counting();
    const config = {
      username: server.user,
      authType: { password: server.password },
      hostPort: server.hostPort,
      database: 'postgres',
    };
    const source = await openMeasures('postgres', config, context);
    return {
      source,
      connection: { type: 'postgres', config },
      context,
      statements,
      ref: (table) => ({ database: 'postgres', schema: 'shop', table }),
      run: async (sql) => void (await server.query(`SET search_path = shop; ${sql}`)),
      scalar: async (sql) => Object.values((await server.query(`SET search_path = shop; ${sql}`))[0] ?? {})[0],
      stop: async () => {
        await source.close();
        await server.stop();
      },
    };
  },
};

export const ENGINES = { sqlite, mariadb, postgres, snowflake } as const;
