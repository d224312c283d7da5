import { z } from 'zod';
import { PermanentError, RecordError } from '../errors/index.js';
import type { TestSuiteConfig } from '../recipe/index.js';
import { restoreName, splitFqn } from '../openmetadata/index.js';
import {
  partitionOf,
  readSampleSetting,
  settle,
  toSample,
  type FiniteDialect,
  type SampleSetting,
} from '../measures/index.js';
import type { Condition, RowSet, TableRef } from '../sources/index.js';
import type { StagedTable } from './staged-lines.js';
import { measuredColumn } from './to-measures.js';

const partitioning = z.looseObject({ enablePartitioning: z.boolean().nullish() });

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
  /** Whose columns of numbers may hold what is none, if it says so. */
  readonly dialect?: FiniteDialect | undefined;
}

/**
 * The rows that a table's tests see: its partition, and a sample of that if one is configured for the table or in the
 * recipe.
 */
export function rowSetOf(
  table: StagedTable,
  config: TestSuiteConfig,
  { now, seed, rows, dialect }: RowSetFacts
): RowSet {
  const parsed = stored.safeParse(table.profilerConfig ?? {});
  const profiler = parsed.success ? parsed.data : {};
  const { partitioning: keys } = profiler;
  const where = keys?.enablePartitioning === true ? partOf(table, keys, now, dialect) : undefined;
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

/** @throws PermanentError for a partition that is incomplete, or names what the table can't have */
function partOf(
  { fqn, columns }: StagedTable,
  keys: z.infer<typeof partitioning>,
  now: number,
  dialect: RowSetFacts['dialect']
): Condition | undefined {
  try {
    return partitionOf(keys, columns.map(measuredColumn), now, fqn, dialect)?.where;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new PermanentError(error.message, {
      where: fqn,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}
