import { columnReads } from '../services/general-log.js';
import { startMariadb, type TestMariadb } from '../services/mariadb.js';
import type { ColumnRead, FaultSource } from './fault-source.js';
import { changeWarehouse, fillWarehouse } from './warehouse.js';

const CONNECTION = `
type: mysql
serviceConnection:
  config:
    type: Mysql
    username: \${LAB_USER}
    authType: {password: "\${LAB_PASSWORD}"}
    hostPort: \${LAB_HOST_PORT}
`;

/** MariaDB, with two units of work. */
export class MariadbSource implements FaultSource {
  static async start(): Promise<MariadbSource> {
    const mariadb = await startMariadb({ arguments: ['--general-log=1'] });
    await fillWarehouse(mariadb);
    return new MariadbSource(mariadb);
  }

  readonly connection = CONNECTION;
  readonly chunks = 5;
  readonly dropped = 8;

  private constructor(readonly mariadb: TestMariadb) {}

  get env(): Record<string, string> {
    const { user, password, hostPort } = this.mariadb;
    return { LAB_USER: user, LAB_PASSWORD: password, LAB_HOST_PORT: hostPort };
  }

  change(): Promise<void> {
    return changeWarehouse(this.mariadb);
  }

  crash(): Promise<void> {
    return this.mariadb.restart();
  }

  async endSessions(): Promise<void> {
    const mine = `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = '${this.mariadb.user}'`;
    for (const { id } of await this.mariadb.query(mine))
      await this.mariadb.query(`KILL ${String(id)}`).catch(() => undefined);
  }

  async markReads(): Promise<void> {
    await this.mariadb.run('TRUNCATE mysql.general_log');
  }

  async columnReads(): Promise<readonly ColumnRead[]> {
    const reads = columnReads(await this.mariadb.generalLog());
    return reads.map(({ schema, after }) => ({ schema, from: after, inclusive: after === '' }));
  }

  stop(): Promise<void> {
    return this.mariadb.stop();
  }
}
