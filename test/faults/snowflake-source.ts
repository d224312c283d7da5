import { startFakesnow, type Fakesnow, type LoggedStatement } from '../services/fakesnow.js';
import { startTcpProxy, type TcpProxy } from '../services/tcp-proxy.js';
import type { ColumnRead, FaultSource } from './fault-source.js';
import { changeSnowflakeWarehouse, fillSnowflakeWarehouse, SNOWFLAKE_DATABASE } from './snowflake-warehouse.js';

const PASSWORD = 'Lab-password-of-Snowflake';
/** So few that each list of a schema comes in many chunks: one that is cut off in its middle has something left. */
const CHUNK_ROWS = 10;

const CONNECTION = `
type: snowflake
serviceConnection:
  config:
    type: Snowflake
    account: fakesnow
    username: fake
    password: "\${LAB_PASSWORD}"
    warehouse: \${LAB_WAREHOUSE:-COMPUTE_WH}
    database: \${LAB_DATABASE:-${SNOWFLAKE_DATABASE}}
    connectionArguments:
      host: 127.0.0.1
      port: \${LAB_PORT}
      protocol: http
      sf_retry_max_login_retries: 1
      network_timeout: \${LAB_NETWORK_TIMEOUT:-60}
`;

const COLUMN_READ = /INFORMATION_SCHEMA\.COLUMNS\s+WHERE TABLE_SCHEMA = \? AND TABLE_NAME >= \?/;

/** The Snowflake emulator behind a proxy, with one unit of work. */
export class SnowflakeSource implements FaultSource {
  static async start(): Promise<SnowflakeSource> {
    const fakesnow = await startFakesnow({ password: PASSWORD, chunkRows: CHUNK_ROWS });
    await fakesnow.seed();
    await fillSnowflakeWarehouse(fakesnow);
    return new SnowflakeSource(fakesnow, await startTcpProxy(fakesnow.port));
  }

  readonly connection = CONNECTION;
  readonly chunks = 4;
  readonly dropped = 8;
  #mark = 0;

  private constructor(
    readonly fakesnow: Fakesnow,
    readonly proxy: TcpProxy
  ) {}

  get env(): Record<string, string> {
    return { LAB_PASSWORD: PASSWORD, LAB_PORT: String(this.proxy.port) };
  }

  change(): Promise<void> {
    return changeSnowflakeWarehouse(this.fakesnow);
  }

  async markReads(): Promise<void> {
    this.#mark = (await this.fakesnow.statements()).length;
  }

  async columnReads(): Promise<readonly ColumnRead[]> {
    return (await this.#sinceMark())
      .filter(({ sql }) => COLUMN_READ.test(sql ?? ''))
      .map(({ binds: [schema, from] }) => ({ schema: String(schema), from: String(from), inclusive: true }));
  }

  /** Logins since the mark. */
  async logins(): Promise<number> {
    return (await this.#sinceMark()).filter(({ login }) => login).length;
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.fakesnow.stop();
  }

  async #sinceMark(): Promise<readonly LoggedStatement[]> {
    return (await this.fakesnow.statements()).slice(this.#mark);
  }
}
