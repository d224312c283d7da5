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
    ...serverKeys('postgres', 5432, HOST_PORT),
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
    ...supportsFlags(...WAREHOUSE_FLAGS, 'Database'),
  })
  .meta({ id: 'PostgresConnection', title: 'Postgres connection' });

export type PostgresConnectionConfig = z.infer<typeof postgresConnectionConfig>;
