import { z } from 'zod';
import {
  connectionArguments,
  connectionOptions,
  sampleDataStorageConfig,
  sslConfig,
  supportsFlags,
  uiFilterPatterns,
  WAREHOUSE_FLAGS,
} from '../common/config-parts.js';
import { serverKeys } from '../common/server-login.js';

/** host:port with an IPv6 address in brackets, or the `project:region:instance` of Cloud SQL. */
const HOST_PORT = /^((\[[0-9a-fA-F:.%]+\]|[^\s:/@[\]]+):\d{1,5}|[^\s:/@]+(:[^\s:/@]+){2,3})$/;

/** serviceConnection.config of `source.type: mysql`. */
export const mysqlConnectionConfig = z
  .strictObject({
    type: z.literal('Mysql').default('Mysql').describe('Chooses these keys.'),
    scheme: z.literal('mysql+pymysql').default('mysql+pymysql').describe('Kept for OpenMetadata; the driver is fixed.'),
    ...serverKeys('mysql', 3306, HOST_PORT),
    databaseName: z
      .exactOptional(z.string())
      .describe('Name that the one database gets in OpenMetadata; `default` when absent.'),
    databaseSchema: z.exactOptional(z.string()).describe('Reads this schema only.'),
    sslConfig: z.exactOptional(sslConfig),
    connectionOptions: z.exactOptional(connectionOptions),
    connectionArguments: z.exactOptional(connectionArguments),
    useSlowLogs: z.boolean().default(false).describe('Reads mysql.slow_log instead of mysql.general_log.'),
    queryHistoryTable: z
      .exactOptional(z.string())
      .describe('Table with the query log; mysql.general_log (mysql.slow_log with useSlowLogs) when absent.'),
    sampleDataStorageConfig: z.exactOptional(sampleDataStorageConfig),
    ...uiFilterPatterns,
    ...supportsFlags(...WAREHOUSE_FLAGS),
  })
  .meta({ id: 'MysqlConnection', title: 'Mysql connection' });

export type MysqlConnectionConfig = z.infer<typeof mysqlConnectionConfig>;
