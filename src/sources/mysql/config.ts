import { z } from 'zod';
import { secretLeaf } from '../../secrets/index.js';
import {
  awsCredentials,
  azureCredentials,
  connectionArguments,
  connectionOptions,
  gcpCredentials,
  sampleDataStorageConfig,
  sslConfig,
  supportsFlag,
  uiFilterPatterns,
} from '../common/config-parts.js';

/**
 * How to log in. One object for the four ways the recipe knows: `{password}`, `{awsConfig}` (RDS IAM), `{azureConfig}`
 * and `{password, enableIamAuth, gcpConfig}` (Cloud SQL).
 */
const authType = z
  .strictObject({
    password: z.exactOptional(secretLeaf('Password of the user.')),
    awsConfig: z.exactOptional(awsCredentials).describe('RDS IAM: a fresh token for each connection.'),
    azureConfig: z.exactOptional(azureCredentials).describe('Azure: an Entra ID token as password.'),
    gcpConfig: z
      .exactOptional(gcpCredentials)
      .describe('Cloud SQL: hostPort is project:region:instance; with enableIamAuth also host:port.'),
    // no default: otherwise a server would take `{password, enableIamAuth: false}` for Cloud SQL's way
    enableIamAuth: z.exactOptional(z.boolean()).describe('Cloud SQL: an access token of IAM instead of a password.'),
  })
  .superRefine((auth, context) => {
    const ways = (['password', 'awsConfig', 'azureConfig', 'gcpConfig'] as const).filter(
      (key) => auth[key] !== undefined && !(key === 'password' && auth.gcpConfig !== undefined)
    );
    if (ways.length > 1) {
      context.addIssue({
        code: 'custom',
        message: `names ${ways.length} ways to log in (${ways.join(', ')}). Keep one of password, awsConfig, azureConfig, or gcpConfig with a password.`,
      });
    }
  })
  .meta({
    title: 'authType',
    description:
      'How to log in: `{password}`, `{awsConfig}` for RDS IAM, `{azureConfig}` for Azure, `{gcpConfig, enableIamAuth}` or `{gcpConfig, password}` for Cloud SQL.',
  });

/** host:port with an IPv6 address in brackets, or the `project:region:instance` of Cloud SQL. */
const HOST_PORT = /^((\[[0-9a-fA-F:.%]+\]|[^\s:/@[\]]+):\d{1,5}|[^\s:/@]+(:[^\s:/@]+){2,3})$/;

/** serviceConnection.config of `source.type: mysql`. */
export const mysqlConnectionConfig = z
  .strictObject({
    type: z.literal('Mysql').default('Mysql').describe('Chooses these keys.'),
    scheme: z.literal('mysql+pymysql').default('mysql+pymysql').describe('Kept for OpenMetadata; the driver is fixed.'),
    username: z.string().min(1).describe('User of the database.'),
    authType: z.exactOptional(authType),
    hostPort: z
      .string()
      .regex(HOST_PORT, { error: 'is not host:port, for example `localhost:3306` (no `mysql://`, no user, no path).' })
      .describe('host:port, for example localhost:3306.'),
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
    supportsMetadataExtraction: supportsFlag(),
    supportsUsageExtraction: supportsFlag(),
    supportsLineageExtraction: supportsFlag(),
    supportsProfiler: supportsFlag(),
    supportsDBTExtraction: supportsFlag(),
    supportsQueryComment: supportsFlag(),
    supportsDataDiff: supportsFlag(),
  })
  .meta({ id: 'MysqlConnection', title: 'Mysql connection' });

export type MysqlConnectionConfig = z.infer<typeof mysqlConnectionConfig>;
