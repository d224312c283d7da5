import { z } from 'zod';
import { filterPattern } from '../../filters/index.js';
import { withoutEffect } from '../../sources/index.js';
import { unusedStep } from '../step-models.js';
import { kindModel } from './kind-model.js';

const ownerValue = z.union([z.string(), z.array(z.string()).min(1)]);
const ownersByName = z.exactOptional(z.union([z.string(), z.record(z.string(), ownerValue)]));

const ownerConfig = withoutEffect(
  z
    .strictObject({
      default: z.exactOptional(z.string()),
      service: z.exactOptional(z.string()),
      database: ownersByName,
      databaseSchema: ownersByName,
      table: ownersByName,
      enableInheritance: z.boolean().default(true),
    })
    .meta({ title: 'ownerConfig' })
);

const incremental = z
  .strictObject({
    enabled: z.boolean(),
    lookbackDays: z.int().min(0).default(7).describe('How far back a successful run is looked for.'),
    safetyMarginDays: z.int().min(0).default(1).describe('Subtracted from the start of that run.'),
  })
  .meta({
    title: 'incremental',
    description:
      '`{enabled, lookbackDays: 7, safetyMarginDays: 1}`. Snowflake: reads only what changed since the last successful run of the pipeline. Needs ingestionPipelineFQN.',
  });

/** sourceConfig.config of a metadata run. */
export const databaseMetadataConfig = z
  .strictObject({
    type: z.literal('DatabaseMetadata').default('DatabaseMetadata').describe('Chooses these keys.'),
    markDeletedTables: z.boolean().default(true).describe('Marks tables that are gone from the source as deleted.'),
    markDeletedStoredProcedures: z.boolean().default(true).describe('The same for stored procedures.'),
    markDeletedSchemas: z.boolean().default(false).describe('The same for schemas.'),
    markDeletedDatabases: z.boolean().default(false).describe('The same for databases.'),
    includeTables: z.boolean().default(true).describe('Reads tables; views have a switch of their own.'),
    includeViews: z.boolean().default(true).describe('Reads views.'),
    includeTags: z
      .boolean()
      .default(true)
      .describe('Snowflake: tags. PostgreSQL: row-level security policies as tags.'),
    includeOwners: z
      .boolean()
      .default(false)
      .describe(
        'PostgreSQL only: users and teams of OpenMetadata with the name of an owner in the source become owners.'
      ),
    includeStoredProcedures: z.boolean().default(true).describe('Reads stored procedures and functions.'),
    includeDDL: z
      .boolean()
      .default(false)
      .describe('Stores the CREATE statement of tables; that of views is always stored.'),
    includeCustomProperties: withoutEffect(z.boolean().default(false)),
    ownerConfig: z.exactOptional(ownerConfig),
    overrideMetadata: z
      .boolean()
      .default(false)
      .describe('Overwrites descriptions and names that users typed in OpenMetadata.'),
    queryLogDuration: withoutEffect(z.int().min(0).default(1)),
    queryParsingTimeoutLimit: withoutEffect(z.int().min(1).default(300)),
    useFqnForFiltering: z.boolean().default(false).describe('Patterns are matched against the fully qualified name.'),
    schemaFilterPattern: z.exactOptional(filterPattern).describe('Schemas.'),
    tableFilterPattern: z.exactOptional(filterPattern).describe('Tables and views.'),
    databaseFilterPattern: z.exactOptional(filterPattern).describe('Databases.'),
    storedProcedureFilterPattern: z.exactOptional(filterPattern).describe('Stored procedures and functions.'),
    threads: z.int().min(1).default(1).describe('Schemas read at the same time.'),
    incremental: z.exactOptional(incremental),
    extractJsonSchema: withoutEffect(z.boolean().default(false)),
    jsonSchemaSampleSize: withoutEffect(z.int().min(1).max(1000).default(10)),
  })
  .meta({ id: 'DatabaseMetadata', title: 'DatabaseMetadata config' });

export type DatabaseMetadataConfig = z.infer<typeof databaseMetadataConfig>;

export const metadataModel = kindModel('metadata', {
  config: databaseMetadataConfig,
  processor: unusedStep,
  stage: unusedStep,
  bulkSink: unusedStep,
});
