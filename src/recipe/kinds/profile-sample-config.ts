import { z } from 'zod';

const sampleType = z.enum(['PERCENTAGE', 'ROWS']).default('PERCENTAGE');
export const samplingMethod = z
  .exactOptional(z.enum(['BERNOULLI', 'SYSTEM']))
  .describe('Of tables of Snowflake and PostgreSQL.');

const threshold = z.strictObject({
  rowCountThreshold: z.int().min(1).describe('Tables with at least as many rows.'),
  profileSample: z.number().min(0),
  profileSampleType: sampleType,
  samplingMethodType: samplingMethod,
});

/** A sample, as written in sourceConfig, in entries for tables, schemas and databases, and in test suites. */
export const profileSampleConfig = z
  .union([
    z.strictObject({
      sampleConfigType: z.literal('STATIC').default('STATIC'),
      config: z.strictObject({
        profileSample: z.exactOptional(z.number().min(0)),
        profileSampleType: sampleType,
        samplingMethodType: samplingMethod,
      }),
    }),
    z.strictObject({
      sampleConfigType: z.literal('DYNAMIC'),
      config: z.strictObject({
        smartSampling: z.boolean().default(true),
        thresholds: z.exactOptional(z.array(threshold)),
      }),
    }),
  ])
  .meta({
    title: 'profileSampleConfig',
    description:
      '`{sampleConfigType: STATIC, config: {profileSample, profileSampleType: PERCENTAGE | ROWS, samplingMethodType: BERNOULLI | SYSTEM}}` or `{sampleConfigType: DYNAMIC, config: {smartSampling, thresholds}}`.',
  });
