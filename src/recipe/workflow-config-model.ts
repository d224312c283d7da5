import { z } from 'zod';
import { nearest } from './nearest.js';
import { openMetadataServerConfig } from './server-config-model.js';

const OWN_KEYS = ['maxDeletedPercent'];

/** Free in OpenMetadata; holds what this project adds to recipes. A misspelt key of ours must not pass as a free one. */
const ownConfig = z
  .looseObject({
    maxDeletedPercent: z
      .exactOptional(z.int().min(0).max(100))
      .describe('Of this project: the most of a scope that one run marks as deleted, in percent; 20 when absent.'),
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
      '`maxDeletedPercent` (of this project): the most of a scope that one run marks as deleted, 0 to 100; 20 when absent. Other keys have no effect.',
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
