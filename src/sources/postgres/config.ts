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

const authType = z
  .strictObject({
    password: z.exactOptional(secretLeaf('Password of the user.')),
    awsConfig: z.exactOptional(awsCredentials).describe('RDS IAM: a fresh token for each connection.'),
    azureConfig: z.exactOptional(azureCredentials).describe('Azure: an Entra ID token as password.'),
    gcpConfig: z
      .exactOptional(gcpCredentials)
      .describe('Cloud SQL: hostPort is project:region:instance; with enableIamAuth also host:port.'),
    enableIamAuth: z.exactOptional(z.boolean()).describe('Cloud SQL: an access token of IAM instead of a password.'),
  })
  .refine(
    ({ password, awsConfig, azureConfig, gcpConfig }) =>
      [gcpConfig ?? password, awsConfig, azureConfig].filter((way) => way !== undefined).length <= 1,
    {
      error:
        'names more than one way to log in. Keep one of password, awsConfig, azureConfig, or gcpConfig with a password.',
    }
  )
  .meta({
    title: 'authType',
    description:
      'How to log in: `{password}`, `{awsConfig}` for RDS IAM, `{azureConfig}` for Azure, `{gcpConfig, enableIamAuth}` or `{gcpConfig, password}` for Cloud SQL.',
  });

/**
 * host:port with an IPv6 address in brackets, or the `project:region:instance` of Cloud SQL; the recipes' JSON Schema
 * also sees variables as written.
 */
const HOST_PORT = /^((\[[0-9a-fA-F:.%]+\]|[^\s:/@[\]]+)(:\d{1,5})?|[^\s:/@]+(:[^\s:/@]+){2,3}|.*\$\{.*)$/;

/** Like libpq's `sslmode`. */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** serviceConnection.config of `source.type: postgres`. */
export const postgresConnectionConfig = z
  .strictObject({
    type: z.literal('Postgres').default('Postgres').describe('Chooses these keys.'),
    scheme: z
      .enum(['postgresql+psycopg2', 'pgspider+psycopg2'])
      .default('postgresql+psycopg2')
      .describe('Kept for OpenMetadata; the driver is fixed.'),
    username: z.string().min(1).describe('User of the database.'),
    authType: z.exactOptional(authType),
    hostPort: z
      .string()
      .regex(HOST_PORT, {
        error: 'is not host:port, for example `localhost:5432` (no `postgres://`, no user, no path).',
      })
      .describe('host:port, for example localhost:5432.'),
    database: z.string().min(1).describe('The database that is connected to, and the one that is read.'),
    ingestAllDatabases: z
      .boolean()
      .default(false)
      .describe('Reads all databases of the server, each over a connection.'),
    sslMode: z
      .enum(SSL_MODES)
      .default('disable')
      .describe(
        "As libpq's sslmode: verify-ca and verify-full check the server's certificate, the latter its name too."
      ),
    sslConfig: z.exactOptional(sslConfig),
    classificationName: z
      .string()
      .default('PostgresPolicyTags')
      .describe('Classification of the tags that row-level security policies become.'),
    queryStatementSource: z
      .string()
      .default('pg_stat_statements')
      .describe('Table or view with the columns of pg_stat_statements, for lineage and usage.'),
    connectionOptions: z.exactOptional(connectionOptions),
    connectionArguments: z.exactOptional(connectionArguments),
    sampleDataStorageConfig: z.exactOptional(sampleDataStorageConfig),
    ...uiFilterPatterns,
    supportsMetadataExtraction: supportsFlag(),
    supportsUsageExtraction: supportsFlag(),
    supportsLineageExtraction: supportsFlag(),
    supportsDBTExtraction: supportsFlag(),
    supportsProfiler: supportsFlag(),
    supportsDatabase: supportsFlag(),
    supportsQueryComment: supportsFlag(),
    supportsDataDiff: supportsFlag(),
  })
  .meta({ id: 'PostgresConnection', title: 'Postgres connection' });

export type PostgresConnectionConfig = z.infer<typeof postgresConnectionConfig>;
