import mysql from 'mysql2/promise';
import { startMariadb, type TestMariadb } from '../../test/services/mariadb.js';
import { fillTables } from './bench-tables.js';
import type { BareReader, BenchWarehouse } from './bench-warehouse.js';
import { inLanes } from './in-lanes.js';

/** A statement that reads one schema; a run sends three of a schema side by side, on a connection each. */
const OF_A_SCHEMA = /(?:TABLE_SCHEMA|CONSTRAINT_SCHEMA|ROUTINE_SCHEMA|SCHEMA_NAME) = '(bench_\d+)'/;
const CONNECTIONS_A_READER = 3;

export class MariadbWarehouse implements BenchWarehouse {
  static async start(): Promise<MariadbWarehouse> {
    return new MariadbWarehouse(await startMariadb({ arguments: ['--innodb-buffer-pool-size=256M'] }));
  }

  readonly connection = [
    'mysql',
    '{config: {type: Mysql, username: "${BENCH_USER}", authType: {password: "${BENCH_PASSWORD}"}, hostPort: "${BENCH_HOST_PORT}"}}',
  ] as const;

  private constructor(private readonly mariadb: TestMariadb) {}

  get env(): Record<string, string> {
    const { user, password, hostPort } = this.mariadb;
    return { BENCH_USER: user, BENCH_PASSWORD: password, BENCH_HOST_PORT: hostPort };
  }

  fill(prefix: string, tables: number): Promise<void> {
    return fillTables(this.mariadb, prefix, tables);
  }

  async statementsOf(work: () => Promise<void>): Promise<readonly string[]> {
    await this.mariadb.logStatements(true);
    await work();
    const statements = (await this.mariadb.generalLog()).map(({ text }) => text);
    await this.mariadb.logStatements(false);
    return statements;
  }

  async openBare(statements: readonly string[], readers: number): Promise<BareReader> {
    const schemas = new Map<string, string[]>();
    for (const text of statements.filter((each) => /information_schema/i.test(each))) {
      const schema = OF_A_SCHEMA.exec(text)?.[1] ?? '';
      schemas.set(schema, [...(schemas.get(schema) ?? []), text]);
    }
    const { port, user, password } = this.mariadb;
    const connect = (): Promise<mysql.Connection> =>
      mysql.createConnection({ host: '127.0.0.1', port, user, password });
    const connections = await Promise.all(Array.from({ length: readers * CONNECTIONS_A_READER }, connect));
    return {
      read: async () => {
        for (const text of schemas.get('') ?? []) await connections[0]?.query(text);
        const groups = [...schemas].filter(([schema]) => schema !== '').map(([, texts]) => texts);
        await inLanes(readers, groups, async (lane, texts) => {
          const own = connections.slice(lane * CONNECTIONS_A_READER, (lane + 1) * CONNECTIONS_A_READER);
          await inLanes(
            CONNECTIONS_A_READER,
            texts,
            async (each, text) => void (await own[each]?.query({ sql: text, rowsAsArray: true }))
          );
        });
      },
      close: async () => void (await Promise.all(connections.map((connection) => connection.end()))),
    };
  }

  stop(): Promise<void> {
    return this.mariadb.stop();
  }
}
