import { z } from 'zod';
import { beginning, didYouMean, listed } from '../../errors/index.js';
import { filterPattern } from '../../filters/index.js';
import { refusedAsWriting, withoutEffect } from '../../sources/index.js';
import { profileSampleConfig, samplingMethod } from './profile-sample-config.js';
import { unusedStep } from '../step-models.js';
import { entryNameProblem, type EntryKey } from './entry-names.js';
import { kindModel } from './kind-model.js';
import { partitionConfig } from './partition-config.js';

/** The metrics of a profile; OpenMetadata's other names belong to tests and have no effect here. */
export const PROFILE_METRICS = [
  ...['rowCount', 'columnCount', 'columnNames', 'valuesCount', 'nullCount', 'nullProportion', 'distinctCount'],
  ...[
    'distinctProportion',
    'uniqueCount',
    'uniqueProportion',
    'duplicateCount',
    'min',
    'max',
    'minLength',
    'maxLength',
  ],
  ...['mean', 'sum', 'stddev', 'firstQuartile', 'median', 'thirdQuartile', 'interQuartileRange', 'nonParametricSkew'],
  ...['histogram', 'cardinalityDistribution', 'system'],
] as const;

export const TEST_METRICS = [
  ...[
    'countInSet',
    'likeCount',
    'iLikeCount',
    'notLikeCount',
    'regexCount',
    'notRegexCount',
    'likeRatio',
    'iLikeRatio',
  ],
  ...['valueRank', 'nullMissingCount'],
] as const;

/** Those that aren't about a column. */
export const TABLE_METRICS: readonly string[] = ['rowCount', 'columnCount', 'columnNames', 'system'];

/** What OpenMetadata profiles when a recipe names no metrics. */
export const DEFAULT_METRICS: readonly string[] = [
  ...[
    'mean',
    'valuesCount',
    'columnCount',
    'distinctCount',
    'distinctProportion',
    'max',
    'min',
    'nullCount',
    'rowCount',
  ],
  ...['stddev', 'sum', 'uniqueCount', 'uniqueProportion', 'columnNames', 'nullProportion', 'median', 'firstQuartile'],
  ...['thirdQuartile', 'interQuartileRange', 'nonParametricSkew'],
];

/** `threadCount` at most. */
export const MOST_THREADS = 20;

const metrics = z.array(z.enum([...PROFILE_METRICS, ...TEST_METRICS])).describe('Names of metrics.');
/** sourceConfig.config of a profiler run. */
export const profilerConfig = z
  .strictObject({
    type: z.literal('Profiler').default('Profiler').describe('Chooses these keys.'),
    processingEngine: z
      .exactOptional(
        z
          .strictObject({ type: z.literal('Native') })
          .meta({ title: 'processingEngine', description: '`{type: Native}`.' })
      )
      .describe('The database itself.'),
    classificationFilterPattern: z.exactOptional(filterPattern).describe('Classifications of the tags of tables.'),
    schemaFilterPattern: z.exactOptional(filterPattern).describe('Schemas.'),
    tableFilterPattern: z.exactOptional(filterPattern).describe('Tables.'),
    databaseFilterPattern: z.exactOptional(filterPattern).describe('Databases.'),
    includeViews: z.boolean().default(false).describe('Views too.'),
    useFqnForFiltering: z.boolean().default(false).describe('Patterns are matched with the fully qualified name.'),
    computeTableMetrics: z.boolean().default(true).describe('Row count, size, system profile.'),
    computeColumnMetrics: z.boolean().default(true).describe('Metrics of columns.'),
    useStatistics: withoutEffect(z.boolean().default(false), 'none of these databases keeps such statistics.'),
    profileSampleConfig: z.exactOptional(profileSampleConfig).describe('Which part of the rows is measured.'),
    randomizedSample: z.boolean().default(false).describe('A sample of rows is taken at random.'),
    threadCount: z.exactOptional(z.int().min(1)).describe('Tables at the same time, 20 at most; 5 when absent.'),
    timeoutSeconds: z
      .int()
      .min(1)
      .default(43_200)
      .describe('The most seconds that the database works on one statement; ended there.'),
    metrics: z.exactOptional(metrics).describe('Metrics to publish; the usual ones when absent.'),
    generateSampleData: z.boolean().default(false).describe('Puts up to 50 rows of each table into OpenMetadata.'),
  })
  .meta({ id: 'Profiler', title: 'Profiler config' });

const flatSample = {
  profileSample: z.exactOptional(z.number().min(0)),
  profileSampleType: z.exactOptional(z.enum(['PERCENTAGE', 'ROWS'])),
  samplingMethodType: samplingMethod,
  sampleDataCount: z.exactOptional(z.int().min(0)),
  randomizedSample: z.exactOptional(z.boolean()),
  profileSampleConfig: z.exactOptional(profileSampleConfig),
};

/** As the profiler reads those of a column: in any case. */
const anyCaseMetric = z.string().superRefine((name, context) => {
  const known = [...PROFILE_METRICS, ...TEST_METRICS];
  if (known.some((each) => each.toLowerCase() === name.toLowerCase())) return;
  context.addIssue(
    `found \`${beginning(name, 40)}\`, which is no metric. Allowed: ${listed(known)}.${didYouMean(name, known)}`
  );
});

const fullyQualifiedName = (key: EntryKey) =>
  z
    .string()
    .min(1)
    .superRefine((fqn, context) => {
      const problem = entryNameProblem(key, fqn);
      if (problem !== undefined) context.addIssue(problem);
    });

/** As the run would refuse it when it comes to the table. */
const readingQuery = z
  .string()
  .min(1)
  .superRefine((sql, context) => {
    const refused = refusedAsWriting(sql, 'the query', 'query');
    if (refused !== undefined) context.addIssue(`${refused} Allowed: one SELECT.`);
  });

const tableEntry = z.strictObject({
  fullyQualifiedName: fullyQualifiedName('tableConfig'),
  ...flatSample,
  profileQuery: z.exactOptional(readingQuery).describe('A SELECT that stands for the table.'),
  partitionConfig: z.exactOptional(partitionConfig),
  columnConfig: z.exactOptional(
    z.strictObject({
      excludeColumns: z.exactOptional(z.array(z.string())),
      includeColumns: z.exactOptional(
        z.array(z.strictObject({ columnName: z.string(), metrics: z.exactOptional(z.array(anyCaseMetric)) }))
      ),
    })
  ),
});

export type TableEntry = z.infer<typeof tableEntry>;

const containerEntry = (key: EntryKey) =>
  z.strictObject({
    fullyQualifiedName: fullyQualifiedName(key),
    ...flatSample,
    sampleDataStorageConfig: withoutEffect(z.exactOptional(z.record(z.string(), z.unknown()))),
  });

export type ContainerEntry = z.infer<ReturnType<typeof containerEntry>>;

const processor = z
  .strictObject({
    type: z.literal('orm-profiler'),
    config: z.exactOptional(
      z
        .strictObject({
          profiler: z.exactOptional(
            z.strictObject({
              name: withoutEffect(z.exactOptional(z.string()), 'nothing asks for it.'),
              timeout_seconds: z.exactOptional(z.int().min(1)),
              metrics: z.exactOptional(metrics),
            })
          ),
          tableConfig: z.exactOptional(z.array(tableEntry)),
          schemaConfig: z.exactOptional(z.array(containerEntry('schemaConfig'))),
          databaseConfig: z.exactOptional(z.array(containerEntry('databaseConfig'))),
        })
        .meta({ title: 'orm-profiler config' })
    ),
  })
  .meta({ title: 'processor', description: 'orm-profiler: metrics, and what is special about a table.' });

export const profilerModel = kindModel('profiler', {
  config: profilerConfig,
  processor,
  stage: unusedStep,
  bulkSink: unusedStep,
});
