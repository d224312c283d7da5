import { z } from 'zod';
import { withoutEffect } from '../sources/index.js';

/** `sink`: where records go. There is one. */
export const sink = z
  .strictObject({
    type: z.literal('metadata-rest'),
    config: z.exactOptional(
      z
        .strictObject({
          api_endpoint: withoutEffect(z.exactOptional(z.string()), 'the URL is that of openMetadataServerConfig.'),
          bulk_sink_batch_size: z.int().min(1).default(100).describe('The most entities of one request.'),
          enable_async_pipeline: withoutEffect(z.boolean().default(true), 'reading and publishing always overlap.'),
          async_pipeline_workers: z.int().min(1).default(2).describe('Requests at the same time.'),
          override_metadata: withoutEffect(
            z.exactOptional(z.boolean()),
            'sourceConfig.config.overrideMetadata counts.'
          ),
        })
        .meta({ title: 'metadata-rest config' })
    ),
  })
  .meta({ title: 'sink' });

/** A step that a kind's runs don't have. */
export const unusedStep = withoutEffect(
  z
    .strictObject({ type: z.string(), config: z.exactOptional(z.record(z.string(), z.unknown())) })
    .meta({ title: 'step' }),
  'runs of this kind have no such step.'
);
