import { z } from 'zod';
import { filterPattern } from '../filters/index.js';
import { openMetadataServerConfig } from './server-config-model.js';

const profiler = z
  .strictObject({
    skipUnchanged: z
      .boolean()
      .default(true)
      .describe('Tables that did not change since their last profile are left out.'),
    maxRows: z.exactOptional(z.int().min(1)).describe('Tables with more rows get metrics that cost nothing only.'),
    maxBytes: z.exactOptional(z.int().min(1)).describe('The same for bytes.'),
    budget: z
      .exactOptional(
        z.strictObject({
          statements: z.exactOptional(z.int().min(1)).describe('The most statements of a run that read rows.'),
          seconds: z.exactOptional(z.int().min(1)).describe('The most seconds that they take together.'),
        })
      )
      .describe('What a run may cost; what is left over comes first in the next run.'),
    exactPercentiles: z.boolean().default(false).describe('Snowflake: exact percentiles instead of estimates.'),
    approximateDistinct: z.boolean().default(false).describe('Snowflake: estimates of distinct values.'),
    maskSensitiveMetrics: z
      .boolean()
      .default(false)
      .describe('Columns tagged PII.Sensitive get no min, max, histogram and categories.'),
  })
  .meta({
    title: 'workflowConfig.config.profiler',
    description: 'Of this project: what a profiler run may cost and show.',
  });

/** An empty one would match every login. */
function ofLogins(patterns: typeof filterPattern.shape.includes): typeof patterns {
  return patterns.refine((texts) => texts?.includes('') !== true, {
    message: 'has an empty pattern, which matches every login. Leave it out, or write `.*` to mean that.',
  });
}

/** Of this project: of usage runs only. */
const usageConfig = z
  .strictObject({
    includeUsers: ofLogins(filterPattern.shape.includes).describe(
      'Only queries of logins that match one of these count.'
    ),
    excludeUsers: ofLogins(filterPattern.shape.excludes).describe(
      'Queries of logins that match one of these do not count.'
    ),
    readAgain: z.boolean().default(false).describe('Reads days again that an earlier run has done.'),
  })
  .meta({ title: 'usage', description: 'Of this project: `{includeUsers, excludeUsers, readAgain}` of usage runs.' });

/**
 * Free in OpenMetadata, but strict here, since it contains this project's additions to recipes: a misspelt key must not
 * be accepted as a free one.
 */
const ownConfig = z
  .strictObject({
    maxDeletedPercent: z
      .exactOptional(z.int().min(0).max(100))
      .describe(
        'Of this project: the most that metadata runs mark as deleted of what stood at the last unquestioned run, in percent; when absent 20, or 10 entities where that is less than half.'
      ),
    maxSessions: z
      .exactOptional(z.int().min(1))
      .describe('Of this project: sessions that all runs on this source, on all hosts, may hold at once.'),
    profiler: z.exactOptional(profiler).describe('Of this project: what a profiler run may cost and show.'),
    usage: z.exactOptional(usageConfig),
  })
  .meta({
    title: 'workflowConfig.config',
    description:
      'Keys of this project. `maxDeletedPercent`: the most that metadata runs mark as deleted of what stood at the last unquestioned run, 0 to 100; when absent 20, or 10 entities where that is less than half. 100 also lets an emptied source empty the catalog. `maxSessions`: sessions that all runs on this source, on all hosts, may hold at once. `usage`: whose queries count. `profiler`: what a profiler run may cost and show.',
  });

export const workflowConfig = z
  .strictObject({
    loggerLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .default('INFO')
      .describe(
        "Level of this run's own lines in the worker's log, whatever the worker's is; DEBUG traces each activity."
      ),
    raiseOnError: z
      .boolean()
      .default(true)
      .describe(
        'Exit code of `om-ingest run` alone; false: 0 although records failed, unless something ended the run. State and errors of the workflow stay.'
      ),
    successThreshold: z
      .int()
      .min(0)
      .max(100)
      .default(90)
      .describe('A run fails when a step with failures has a lower success percentage.'),
    openMetadataServerConfig,
    config: z.exactOptional(ownConfig),
  })
  .meta({ title: 'workflowConfig' });

export type WorkflowConfig = z.infer<typeof workflowConfig>;
