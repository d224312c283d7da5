import { z } from 'zod';
import { withoutEffect } from '../../sources/index.js';
import { kindModel } from './kind-model.js';
import { queryLogKeys } from './query-log-keys.js';

/** sourceConfig.config of a usage run. */
export const databaseUsageConfig = z
  .strictObject({
    type: z.literal('DatabaseUsage').default('DatabaseUsage').describe('Chooses these keys.'),
    queryLogDuration: queryLogKeys.queryLogDuration,
    queryLogFilePath: queryLogKeys.queryLogFilePath,
    resultLimit: z
      .int()
      .min(0)
      .default(1000)
      .describe(
        'The most queries of a day that are read from the log, newest first; 0 = all. No effect for Snowflake and PostgreSQL, where all are counted by the source, and for files.'
      ),
    filterCondition: queryLogKeys.filterCondition,
    stageFileLocation: withoutEffect(
      z.string().default('/tmp/query_log'),
      'what is read is kept in the staging store of the workers.'
    ),
    processQueryCostAnalysis: z.boolean().default(true).describe('Sends what queries cost, where the log knows it.'),
  })
  .meta({ id: 'DatabaseUsage', title: 'DatabaseUsage config' });

export type DatabaseUsageConfig = z.infer<typeof databaseUsageConfig>;

const queryParser = z
  .strictObject({ type: z.literal('query-parser'), config: z.exactOptional(z.record(z.string(), z.unknown())) })
  .meta({ title: 'processor', description: 'Finds the tables and joins of a statement. Has no settings.' });

const filename = z
  .string()
  .min(1)
  .describe('The same in stage and bulkSink: names what the two steps hand over, which is kept in the staging store.');

const tableUsage = z
  .strictObject({
    type: z.literal('table-usage'),
    config: z.strictObject({ filename }).meta({ title: 'table-usage config' }),
  })
  .meta({ title: 'stage' });

const metadataUsage = z
  .strictObject({
    type: z.literal('metadata-usage'),
    config: z.strictObject({ filename }).meta({ title: 'metadata-usage config' }),
  })
  .meta({ title: 'bulkSink' });

export const usageModel = kindModel('usage', {
  config: databaseUsageConfig,
  processor: queryParser,
  stage: tableUsage,
  bulkSink: metadataUsage,
  conflicts: ({ stage, bulkSink }) => {
    if (stage === undefined || bulkSink === undefined || stage.config.filename === bulkSink.config.filename) return [];
    const message = `is \`${bulkSink.config.filename}\`, but stage.config.filename is \`${stage.config.filename}\`: bulkSink sends what stage wrote. Write the same in both.`;
    return [{ path: ['bulkSink', 'config', 'filename'], message }];
  },
});
