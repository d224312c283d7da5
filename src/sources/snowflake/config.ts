import { z } from 'zod';
import { secretLeaf } from '../../secrets/index.js';
import {
  connectionArguments,
  connectionOptions,
  sampleDataStorageConfig,
  supportsFlag,
  supportsFlags,
  uiFilterPatterns,
} from '../common/config-parts.js';
import { withoutEffect } from '../common/no-effect.js';

/** Policies that the OpenMetadata server's agent handles; no run reads it. */
const policyAgentConfig = withoutEffect(
  z
    .strictObject({
      enabled: z.exactOptional(z.boolean()),
      supportsColumnAccess: z.exactOptional(z.boolean()),
      supportsFullAccess: z.exactOptional(z.boolean()),
      supportsMaskedAccess: z.exactOptional(z.boolean()),
    })
    .meta({ title: 'policyAgentConfig' }),
  'settings of an agent of the server.'
);

/** serviceConnection.config of `source.type: snowflake`. */
export const snowflakeConnectionConfig = z
  .strictObject({
    type: z.literal('Snowflake').default('Snowflake').describe('Chooses these keys.'),
    scheme: z.literal('snowflake').default('snowflake').describe('Kept for OpenMetadata; the driver is fixed.'),
    username: z.string().min(1).describe('User of the account.'),
    password: z.exactOptional(secretLeaf('Password, or programmatic access token, of the user.')),
    privateKey: z.exactOptional(secretLeaf('PEM text of the key of key-pair login; `\\n` escapes are accepted.')),
    snowflakePrivatekeyPassphrase: z.exactOptional(secretLeaf('Passphrase of an encrypted privateKey.')),
    account: z.string().min(1).describe('Account identifier: `organization-account` or `locator.region`.'),
    warehouse: z.string().min(1).describe('Warehouse that runs the statements.'),
    role: z.exactOptional(z.string()).describe('Role of the session; the default role of the user when absent.'),
    database: z.exactOptional(z.string()).describe('Reads this database only.'),
    queryTag: z.exactOptional(z.string()).describe('QUERY_TAG of the session.'),
    accountUsageSchema: z
      .string()
      .min(1)
      .default('SNOWFLAKE.ACCOUNT_USAGE')
      .describe('database.schema with the account usage views, or copies of them.'),
    includeTransientTables: z.boolean().default(true).describe('Reads transient tables.'),
    includeStreams: z.boolean().default(false).describe('Reads streams.'),
    includeStages: z.boolean().default(false).describe('Reads stages.'),
    includeSemanticViews: z.boolean().default(false).describe('Reads semantic views.'),
    clientSessionKeepAlive: z.boolean().default(false).describe('Keeps idle sessions open.'),
    useAccessHistory: z.boolean().default(true).describe('Lineage from ACCESS_HISTORY where it can be read.'),
    accessHistoryChunkSize: z.int().min(1).default(2).describe('Days of ACCESS_HISTORY that one statement reads.'),
    creditCost: z.number().min(0).default(3.3).describe('Price of a credit, for the costs of usage runs.'),
    snowflakeSourceHost: z.string().default('app.snowflake.com').describe('Host of the source URLs of tables.'),
    connectionOptions: z.exactOptional(connectionOptions),
    connectionArguments: z.exactOptional(connectionArguments),
    sampleDataStorageConfig: z.exactOptional(sampleDataStorageConfig),
    policyAgentConfig: z.exactOptional(policyAgentConfig),
    ...uiFilterPatterns,
    ...supportsFlags(
      'MetadataExtraction',
      'IncrementalMetadataExtraction',
      'UsageExtraction',
      'LineageExtraction',
      'Profiler',
      'DBTExtraction',
      'Database',
      'QueryComment',
      'DataDiff'
    ),
    supportsSystemProfile: supportsFlag(false),
  })
  .meta({ id: 'SnowflakeConnection', title: 'Snowflake connection' });

export type SnowflakeConnectionConfig = z.infer<typeof snowflakeConnectionConfig>;
