import { z } from 'zod';
import { nearest } from './nearest.js';
import { openMetadataServerConfig } from './server-config-model.js';

const OWN_KEYS = ['maxDeletedPercent', 'profiler'];

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

/** Free in OpenMetadata; holds what this project adds to recipes. A misspelt key of ours must not pass as a free one. */
const ownConfig = z
  .looseObject({
    maxDeletedPercent: z
      .exactOptional(z.int().min(0).max(100))
      .describe('Of this project: the most of a scope that one run marks as deleted, in percent; 20 when absent.'),
    profiler: z.exactOptional(profiler).describe('Of this project: what a profiler run may cost and show.'),
  })
  .superRefine((config, context) => {
    for (const key of Object.keys(config)) {
      const meant = OWN_KEYS.includes(key) ? undefined : nearest(key, OWN_KEYS);
      if (meant !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `unknown key. Did you mean \`${meant}\`?` });
    }
  })
  .meta({
    title: 'workflowConfig.config',
    description:
      '`maxDeletedPercent` (of this project): the most of a scope that one run marks as deleted, 0 to 100; 20 when absent. `profiler` (of this project): see the profiler. Other keys have no effect.',
  });

export const workflowConfig = z
  .strictObject({
    loggerLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .default('INFO')
      .describe('No effect: the log level is that of the worker.'),
    raiseOnError: z.boolean().default(true).describe('No effect: the exit code of the command tells.'),
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
