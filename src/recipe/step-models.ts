import { z } from 'zod';

/** `sink`: where records go. There is one. */
export const sink = z
  .strictObject({
    type: z.literal('metadata-rest'),
    config: z.exactOptional(
      z
        .strictObject({
          api_endpoint: z.exactOptional(z.string()).describe('No effect: the URL is that of openMetadataServerConfig.'),
          bulk_sink_batch_size: z.int().min(1).default(100).describe('The most entities of one request.'),
          enable_async_pipeline: z
            .boolean()
            .default(true)
            .describe('No effect: reading and publishing always overlap.'),
          async_pipeline_workers: z.int().min(1).default(2).describe('Requests at the same time.'),
          override_metadata: z
            .exactOptional(z.boolean())
            .describe('No effect: sourceConfig.config.overrideMetadata counts.'),
        })
        .meta({ title: 'metadata-rest config' })
    ),
  })
  .meta({ title: 'sink' });

/** A step that a kind's runs don't have. */
export const unusedStep = z
  .strictObject({ type: z.string(), config: z.exactOptional(z.record(z.string(), z.unknown())) })
  .meta({ title: 'step', description: 'No effect: runs of this kind have no such step.' });
