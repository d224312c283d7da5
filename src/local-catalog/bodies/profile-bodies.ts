import { z } from 'zod';
import { ExactDecimal, profilerConfigRecord } from '../../openmetadata/index.js';
import { freeObject, text } from './body-parts.js';

/** The server refuses seconds instead of milliseconds: they would be in January 1970. */
const timestamp = z.int().min(100_000_000_000, { error: 'expected milliseconds since the epoch' });
/** The server keeps doubles. */
const number = z.union([z.number(), z.bigint().transform(Number)]).nullish();
/** Whole numbers of any size. */
const value = z.union([z.number(), z.bigint(), z.string()]).nullish();
const customMetrics = z.array(z.strictObject({ name: text, value: number })).nullish();

const histogram = z.strictObject({
  boundaries: z.array(z.unknown()).nullish(),
  frequencies: z.array(z.unknown()).nullish(),
});
const cardinality = z.strictObject({
  categories: z.array(z.string()).nullish(),
  counts: z.array(z.int()).nullish(),
  percentages: z.array(z.number()).nullish(),
  allValuesUnique: z.boolean().nullish(),
});

const columnProfile = z.strictObject({
  name: z.string(),
  timestamp,
  ...Object.fromEntries(
    [
      ...['valuesCount', 'valuesPercentage', 'validCount', 'duplicateCount', 'nullCount', 'nullProportion'],
      ...[
        'missingPercentage',
        'missingCount',
        'uniqueCount',
        'uniqueProportion',
        'distinctCount',
        'distinctProportion',
      ],
      ...['minLength', 'maxLength', 'mean', 'sum', 'stddev', 'variance', 'median', 'firstQuartile', 'thirdQuartile'],
      ...['interQuartileRange', 'nonParametricSkew'],
    ].map((key) => [key, number])
  ),
  min: value,
  max: value,
  histogram: histogram.nullish(),
  customMetrics,
  cardinalityDistribution: cardinality.nullish(),
});

/** Body of PUT `/tables/{id}/tableProfile`. */
export const tableProfileBody = z.strictObject({
  tableProfile: z.strictObject({
    timestamp,
    columnCount: number,
    rowCount: number,
    sizeInByte: number,
    createDateTime: z.iso.datetime({ offset: true }).nullish(),
    customMetrics,
    profileSample: number,
    profileSampleType: z.enum(['PERCENTAGE', 'ROWS']).nullish(),
  }),
  columnProfile: z.array(columnProfile).nullish(),
  systemProfile: z
    .array(
      z.strictObject({
        timestamp,
        operation: z.enum(['UPDATE', 'INSERT', 'DELETE', 'WRITE']),
        rowsAffected: z.int().nullish(),
      })
    )
    .nullish(),
});

/** Body of PUT `/system/settings`. */
export const settingsBody = z.strictObject({ config_type: z.string(), config_value: freeObject });

/** Body of PUT `/tables/{id}/tableProfilerConfig`, and of those of schemas and databases. */
export const profilerConfigBody = freeObject.superRefine((config, { issues }) => {
  // what a run can't read would end it
  for (const issue of profilerConfigRecord.safeParse(config).error?.issues ?? [])
    issues.push({ ...issue, code: 'custom', input: config });
});

/** Body of PUT `/tables/{id}/customMetric`. */
export const customMetricBody = z.strictObject({
  name: z.string().min(1),
  expression: z.string().min(1),
  columnName: text,
  displayName: text,
  description: text,
});

/** Body of PUT `/tables/{id}/sampleData` and of a case's `failedRowsSample`: numbers of any size are kept. */
export const sampleDataBody = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(
    z.array(z.union([z.string(), z.number(), z.bigint(), z.instanceof(ExactDecimal), z.boolean(), z.null()]))
  ),
});
