import { z } from 'zod';
import type { TestSuiteConfig } from '../recipe/index.js';
import { restoreName, splitFqn } from '../openmetadata/index.js';
import type { Condition, RowSet, Sample, Scalar, TableRef } from '../sources/index.js';
import { columnKind } from './column-kind.js';
import type { StagedTable } from './staged-lines.js';
import { measuredColumn } from './to-measures.js';
import { before } from './time-before.js';

const value = z.union([z.string(), z.number(), z.boolean()]);

const partitioning = z.object({
  enablePartitioning: z.boolean().nullish(),
  partitionColumnName: z.string().nullish(),
  partitionIntervalType: z.string().nullish(),
  partitionInterval: z.number().nullish(),
  partitionIntervalUnit: z.enum(['YEAR', 'MONTH', 'DAY', 'HOUR']).nullish(),
  partitionValues: z.array(value).nullish(),
  partitionIntegerRangeStart: z.number().nullish(),
  partitionIntegerRangeEnd: z.number().nullish(),
});

const sample = z.object({
  profileSample: z.number().nullish(),
  profileSampleType: z.enum(['PERCENTAGE', 'ROWS']).nullish(),
  samplingMethodType: z.enum(['BERNOULLI', 'SYSTEM']).nullish(),
});

/** The part of a table's stored profiler configuration that says which rows there are to test. */
const stored = z.object({
  profileQuery: z.string().nullish(),
  partitioning: partitioning.nullish(),
  profileSampleConfig: z.object({ config: sample.nullish() }).nullish(),
});

/** Service, database, schema and table of an FQN, as the source names them. */
export function tableRefOf(fqn: string): TableRef {
  const [, database = '', schema = '', table = ''] = splitFqn(fqn).map(restoreName);
  return { database, schema, table };
}

/**
 * The rows that tests of a table see: its partition, and a sample of it where the table has one configured, else the recipe's.
 * @param now milliseconds since the epoch, from which time partitions count back
 * @param seed the same for all statements of a run, so that they see the same rows
 */
export function rowSetOf(table: StagedTable, config: TestSuiteConfig, now: number, seed: number): RowSet {
  const parsed = stored.safeParse(table.profilerConfig ?? {});
  const profiler = parsed.success ? parsed.data : {};
  const where = partitionOf(table, profiler.partitioning ?? {}, now);
  const taken =
    sampleOf(profiler.profileSampleConfig?.config ?? {}, seed) ??
    sampleOf(config.profileSampleConfig?.config ?? {}, seed);
  const query = profiler.profileQuery ?? '';
  return {
    table: tableRefOf(table.fqn),
    isView: table.isView,
    ...(query.trim() === '' ? {} : { query }),
    ...(where === undefined ? {} : { where }),
    ...(taken === undefined ? {} : { sample: taken }),
  };
}

function sampleOf(config: z.infer<typeof sample>, seed: number): Sample | undefined {
  const { profileSample: size, profileSampleType: type, samplingMethodType: method } = config;
  if (size === undefined || size === null || size <= 0) return undefined;
  if (type === 'ROWS') return { by: 'rows', rows: Math.floor(size), randomized: false, seed };
  if (size >= 100) return undefined;
  return { by: 'percentage', percent: size, seed, ...(method === undefined || method === null ? {} : { method }) };
}

function partitionOf(table: StagedTable, config: z.infer<typeof partitioning>, now: number): Condition | undefined {
  const name = config.partitionColumnName;
  const found = table.columns.find((column) => column.name.toLowerCase() === name?.toLowerCase());
  if (config.enablePartitioning === false || found === undefined) return undefined;
  const column = measuredColumn(found);
  switch (config.partitionIntervalType) {
    case 'COLUMN-VALUE':
      return { op: 'in', column, values: (config.partitionValues ?? []).map((each) => scalar(found, each)) };
    case 'INTEGER-RANGE':
      return {
        op: 'and',
        of: [
          { op: 'compare', column, is: '>=', value: config.partitionIntegerRangeStart ?? 0 },
          { op: 'compare', column, is: '<=', value: config.partitionIntegerRangeEnd ?? 0 },
        ],
      };
    case 'TIME-UNIT':
    case 'INGESTION-TIME': {
      const time = before(now, config.partitionInterval ?? 1, config.partitionIntervalUnit ?? 'DAY');
      return { op: 'compare', column, is: '>=', value: { time } };
    }
    default:
      return undefined;
  }
}

function scalar(column: StagedTable['columns'][number], each: z.infer<typeof value>): Scalar {
  return columnKind(column) === 'number' &&
    typeof each === 'string' &&
    each.trim() !== '' &&
    !Number.isNaN(Number(each))
    ? Number(each)
    : each;
}
