import { z } from 'zod';
import type { TestSuiteConfig } from '../recipe/index.js';
import { restoreName, splitFqn } from '../openmetadata/index.js';
import { readSampleSetting, settle, toSample, type SampleSetting } from '../measures/index.js';
import type { Condition, RowSet, Scalar, TableRef } from '../sources/index.js';
import { columnKind, valuesFor } from './column-kind.js';
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

/** The part of a table's stored profiler configuration that says which rows are tested. */
const stored = z.object({
  profileQuery: z.string().nullish(),
  partitioning: partitioning.nullish(),
  profileSampleConfig: z
    .object({
      sampleConfigType: z.string().nullish(),
      config: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});

/** Service, database, schema and table of an FQN, as the source names them. */
export function tableRefOf(fqn: string): TableRef {
  const [, database = '', schema = '', table = ''] = splitFqn(fqn).map(restoreName);
  return { database, schema, table };
}

/** A table's sample: the stored one, else the recipe's. */
export function sampleSettingOf(table: StagedTable, config: TestSuiteConfig): SampleSetting | undefined {
  const parsed = stored.safeParse(table.profilerConfig ?? {});
  const own = parsed.success ? parsed.data.profileSampleConfig : undefined;
  return settingOf(own) ?? settingOf(config.profileSampleConfig);
}

function settingOf(keys: z.infer<typeof stored>['profileSampleConfig']): SampleSetting | undefined {
  const { sampleConfigType, config } = keys ?? {};
  return readSampleSetting({
    profileSampleConfig: {
      ...(typeof sampleConfigType === 'string' ? { sampleConfigType } : {}),
      ...(config === undefined || config === null ? {} : { config }),
    },
  });
}

export interface RowSetFacts {
  /** Milliseconds since the epoch; time partitions count back from here. */
  readonly now: number;
  /** The same for all statements of a run, so that they see the same rows. */
  readonly seed: number;
  /** Rows of the table, which dynamic samples depend on; unknown counts as 0, so that everything is tested. */
  readonly rows?: number | undefined;
}

/**
 * The rows that a table's tests see: its partition, and a sample of that if one is configured for the table or in the
 * recipe.
 */
export function rowSetOf(table: StagedTable, config: TestSuiteConfig, { now, seed, rows }: RowSetFacts): RowSet {
  const parsed = stored.safeParse(table.profilerConfig ?? {});
  const profiler = parsed.success ? parsed.data : {};
  const where = partitionOf(table, profiler.partitioning ?? {}, now);
  const setting = settle(sampleSettingOf(table, config), rows);
  const taken = setting === undefined || setting.profileSample <= 0 ? undefined : toSample(setting, false, seed);
  const query = (profiler.profileQuery ?? '').replace(/[;\s]+$/, '');
  return {
    table: tableRefOf(table.fqn),
    isView: table.isView,
    ...(query.trim() === '' ? {} : { query }),
    ...(where === undefined ? {} : { where }),
    ...(taken === undefined ? {} : { sample: taken }),
  };
}

function partitionOf(table: StagedTable, config: z.infer<typeof partitioning>, now: number): Condition | undefined {
  const name = config.partitionColumnName;
  const found = table.columns.find((column) => column.name.toLowerCase() === name?.toLowerCase());
  if (config.enablePartitioning === false || found === undefined) return undefined;
  const column = measuredColumn(found);
  switch (config.partitionIntervalType) {
    case 'COLUMN-VALUE':
      return { op: 'in', column, values: (config.partitionValues ?? []).flatMap((each) => scalars(found, each)) };
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

/** Of a numeric column what is a number, also a word for a truth value: MySQL takes any other text for 0. */
function scalars(column: StagedTable['columns'][number], each: z.infer<typeof value>): Scalar[] {
  if (columnKind(column) !== 'number') return [each];
  const word = typeof each === 'string' ? each.trim().toLowerCase() : '';
  if (word === 'true' || word === 'false') return [word === 'true' ? 1 : 0];
  return valuesFor(column, [each]).filter((number) => number !== null);
}
