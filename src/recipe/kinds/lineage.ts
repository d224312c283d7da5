import { z } from 'zod';
import { filterPattern } from '../../filters/index.js';
import { withoutEffect } from '../../sources/index.js';
import { unusedStep } from '../step-models.js';
import { kindModel } from './kind-model.js';
import { queryLogKeys } from './query-log-keys.js';

const queryParserConfig = z
  .strictObject({
    type: withoutEffect(z.enum(['Auto', 'SqlGlot', 'SqlFluff', 'SqlParse']).default('Auto'), 'there is one parser.'),
  })
  .meta({
    title: 'queryParserConfig',
    description: '`{type: Auto | SqlGlot | SqlFluff | SqlParse}`. There is one parser.',
  });

/** sourceConfig.config of a lineage run. */
export const databaseLineageConfig = z
  .strictObject({
    type: z.literal('DatabaseLineage').default('DatabaseLineage').describe('Chooses these keys.'),
    queryLogDuration: queryLogKeys.queryLogDuration,
    queryLogFilePath: queryLogKeys.queryLogFilePath,
    resultLimit: z
      .int()
      .min(0)
      .default(1000)
      .describe('The most queries that are read from the log, newest first; 0 = all.'),
    parsingTimeoutLimit: z.int().min(1).default(300).describe('Seconds a query may take to parse.'),
    queryParserConfig: z.exactOptional(queryParserConfig),
    filterCondition: queryLogKeys.filterCondition,
    schemaFilterPattern: z
      .exactOptional(filterPattern)
      .describe('Schemas, of views and of the tables that edges lead to.'),
    tableFilterPattern: z.exactOptional(filterPattern).describe('Views, and the tables that edges lead to.'),
    databaseFilterPattern: z
      .exactOptional(filterPattern)
      .describe('Databases, of views and of the tables that edges lead to.'),
    storedProcedureFilterPattern: z.exactOptional(filterPattern).describe('Stored procedures whose statements count.'),
    overrideViewLineage: z.boolean().default(false).describe('Removes the old view lineage of a view first.'),
    processViewLineage: z.boolean().default(true).describe('Lineage of views, from their definitions.'),
    processQueryLineage: z.boolean().default(true).describe('Lineage of queries, from the log.'),
    processStoredProcedureLineage: z.boolean().default(true).describe('Lineage of what stored procedures ran.'),
    threads: z.int().min(1).default(1).describe('Parts parsed at the same time.'),
    processCrossDatabaseLineage: z.boolean().default(false).describe('Connects tables with those of other services.'),
    crossDatabaseServiceNames: z.exactOptional(z.array(z.string())).describe('Those services.'),
    enableTempTableLineage: z.boolean().default(false).describe('Follows tables that are not in OpenMetadata.'),
    incrementalLineageProcessing: z
      .boolean()
      .default(true)
      .describe('Leaves out views whose lineage is there already.'),
  })
  .meta({ id: 'DatabaseLineage', title: 'DatabaseLineage config' });

export type DatabaseLineageConfig = z.infer<typeof databaseLineageConfig>;

export const lineageModel = kindModel('lineage', {
  config: databaseLineageConfig,
  processor: unusedStep,
  stage: unusedStep,
  bulkSink: unusedStep,
});
