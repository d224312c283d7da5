import { createHash } from 'node:crypto';
import { RecordError } from '../errors/index.js';
import {
  restoreName,
  sensitiveColumns,
  splitFqn,
  type ProfiledTableRecord,
  type ProfilerConfigRecord,
  type ProfilerSettings,
} from '../openmetadata/index.js';
import { TABLE_METRICS, type ContainerEntry, type ProfilerRecipe, type TableEntry } from '../recipe/index.js';
import { findSource, type MeasuredColumn, type TableFacts, type UsersSqlDialect } from '../sources/index.js';
import {
  atMost,
  partitionOf,
  readSampleSetting,
  settle,
  takenOf,
  toSample,
  type SampleKeys,
  type SampleSetting,
  type FiniteDialect,
} from '../measures/index.js';
import { allowedByServer, chosenMetrics, columnConfigOf, columnRule } from './chosen-metrics.js';
import { columnKind, METRICS_OF_KIND } from './column-kind.js';
import { readOnlySql } from './read-only-sql.js';
import { storesRows } from './stored-rows.js';
import { entryFor } from './table-entry.js';
import type { ColumnPlan, CustomMetric, TablePlan } from './table-plan.js';

/** What a table's plan is made from, besides the table. */
export interface PlanSettings {
  readonly recipe: ProfilerRecipe;
  /** The server's own settings. */
  readonly server: ProfilerSettings | undefined;
  /** Stored for the table's database and schema. */
  readonly database: ProfilerConfigRecord | undefined;
  readonly schema: ProfilerConfigRecord | undefined;
  /** Where time windows count back from. */
  readonly now: number;
  /** How the engine quotes: how a user's SELECT is read depends on it. */
  readonly dialect: UsersSqlDialect & FiniteDialect;
}

/** The server cuts samples of rows to this many. */
const MOST_SHOWN_ROWS = 50;
const MASKED = new Set(['min', 'max', 'histogram', 'cardinalityDistribution']);
const VIEW = /view/i;
/** Foreign tables have no blocks of their own to sample either. */
const WITHOUT_BLOCKS = /view|foreign/i;

/**
 * What to measure for a table: the recipe's entry for it, what the server stores for it, its schema and its database,
 * then sourceConfig, in OpenMetadata's order.
 * @throws RecordError for a partition or a query that can't be used
 */
export function resolvePlan(
  table: ProfiledTableRecord,
  facts: TableFacts | undefined,
  settings: PlanSettings
): TablePlan {
  const { recipe, server, now, dialect } = settings;
  const config = recipe.source.sourceConfig.config;
  const own = recipe.workflowConfig.config?.profiler;
  const fqn = table.fullyQualifiedName;
  const [, database = '', schema = '', name = ''] = splitFqn(fqn).map(restoreName);
  const entry = entryFor(recipe, fqn);
  const stored = table.tableProfilerConfig;
  const chosen = chosenMetrics(recipe);
  const measured = table.columns.map(({ name: column, dataType, dataTypeDisplay }) => ({
    ...toMeasured(column, dataType),
    ...(/^(TIMESTAMP|TEXT)$/.test(dataType) ? optional('display', dataTypeDisplay) : {}),
  }));
  const { tableType = '' } = table;
  const connector = findSource(recipe.source.type);
  const { mostSampleRows } = connector;
  const special = sampleSetting([entry, stored, settings.schema, settings.database]);
  const asked = special ?? readSampleSetting(config);
  const setting = atMost(asked, mostSampleRows);
  const randomized = entry?.randomizedSample ?? config.randomizedSample;
  const query = entry === undefined ? stored?.profileQuery : 'profileQuery' in entry ? entry.profileQuery : undefined;
  const partition = partitionOf(
    entry === undefined
      ? enabled(stored?.partitioning)
      : 'partitionConfig' in entry
        ? entry.partitionConfig
        : undefined,
    measured,
    now,
    fqn,
    dialect
  );
  const isPart = partition !== undefined || query !== undefined;
  const byCount =
    setting?.dynamic !== undefined && isPart ? { setting, randomized, seed: seedOf(now, fqn) } : undefined;
  const sample = byCount === undefined ? settle(setting, facts?.rows) : undefined;
  const isCut = sample !== undefined && sample.profileSample !== settle(asked, facts?.rows)?.profileSample;
  if (sample !== undefined && sample.profileSample < 0)
    throw new RecordError(`${fqn} has the profileSample ${sample.profileSample}. Allowed: 0 or more.`, fqn, {
      remedy: 'Mend it in the profiler settings of the table, its schema or its database in OpenMetadata.',
    });
  const tableWide = config.computeTableMetrics && stored?.computeTableMetrics !== false;
  const columnWide = config.computeColumnMetrics && stored?.computeColumnMetrics !== false;
  const rule = columnRule(columnConfigOf(table, recipe));
  const sensitive = sensitiveColumns(table);
  const columns = table.columns.map((record): ColumnPlan => {
    const column = toMeasured(record.name, record.dataType);
    const kind = columnKind(record.dataType, connector.measured);
    const hidden = own?.maskSensitiveMetrics === true && sensitive.has(record.name);
    const metrics = columnWide
      ? chosen
          .filter((metric) => METRICS_OF_KIND[kind].has(metric))
          .filter((metric) => rule(column.name, metric) && allowedByServer(server, record.dataType, metric))
          .filter((metric) => !(hidden && MASKED.has(metric)))
      : [];
    return {
      column,
      catalogName: record.name,
      kind,
      metrics,
      customMetrics: columnWide ? customOf(record, fqn, dialect) : [],
    };
  });
  const tooLarge = sizeLimit(facts, own);
  return {
    id: table.id,
    fqn,
    rows: {
      table: { database, schema, table: name },
      isView: WITHOUT_BLOCKS.test(tableType),
      ...(query === undefined ? {} : { query: readOnlySql(query, `profileQuery of ${fqn}`, fqn, dialect) }),
      ...(partition === undefined ? {} : { where: partition.where }),
      ...optional('sample', toSample(sample, randomized, seedOf(now, fqn))),
    },
    columns,
    tableMetrics: tableWide ? TABLE_METRICS.filter((metric) => chosen.includes(metric)) : [],
    customMetrics: tableWide ? customOf(table, fqn, dialect) : [],
    ...(sample === undefined ? {} : { profileSample: takenOf(sample), profileSampleType: sample.type }),
    ...(isCut && mostSampleRows !== undefined ? { sampleCutTo: mostSampleRows } : {}),
    approximatePercentiles: connector.supports.includes('approximate-percentiles') && own?.exactPercentiles !== true,
    approximateDistinct: own?.approximateDistinct === true,
    ...sampleRows(columns, table, settings, entry, stored),
    ...(byCount === undefined ? {} : { byCount }),
    // of views none is known, and a sample for the whole service was not written for them
    ...(setting?.dynamic !== undefined &&
    !isPart &&
    facts?.rows === undefined &&
    !(VIEW.test(tableType) && special === undefined)
      ? { unsized: true }
      : {}),
    ...(tooLarge === undefined ? {} : { tooLarge }),
    movesWithTime: partition?.movesWithTime ?? false,
  };
}

function toMeasured(name: string, dataType: string): MeasuredColumn {
  return { name: restoreName(name), dataType: dataType as MeasuredColumn['dataType'] };
}

/** Of the first that has one. */
function sampleSetting(levels: readonly (SampleKeys | undefined)[]): SampleSetting | undefined {
  for (const keys of levels) {
    const setting = readSampleSetting(keys);
    if (setting !== undefined) return setting;
  }
  return undefined;
}

/** What the server stores about a partition only counts if it is enabled. */
function enabled(
  partitioning: Readonly<Record<string, unknown>> | undefined
): Readonly<Record<string, unknown>> | undefined {
  return partitioning?.['enablePartitioning'] === true ? partitioning : undefined;
}

function customOf(
  { customMetrics }: { readonly customMetrics: readonly { readonly name: string; readonly expression: string }[] },
  fqn: string,
  dialect: PlanSettings['dialect']
): CustomMetric[] {
  return customMetrics.map(({ name, expression }) => {
    try {
      return { name, sql: readOnlySql(expression, `custom metric ${name} of ${fqn}`, fqn, dialect) };
    } catch (error) {
      // costs its own value, not the table's profile
      if (!(error instanceof RecordError)) throw error;
      return { name, sql: expression, refused: error.describe() };
    }
  });
}

const numbers = new Intl.NumberFormat('en-US');

function sizeLimit(
  facts: TableFacts | undefined,
  own: { readonly maxRows?: number; readonly maxBytes?: number } | undefined
): string | undefined {
  if (own?.maxRows !== undefined && (facts?.rows ?? 0) > own.maxRows)
    return `${numbers.format(facts?.rows ?? 0)} rows are more than maxRows (${numbers.format(own.maxRows)})`;
  if (own?.maxBytes !== undefined && (facts?.bytes ?? 0) > own.maxBytes)
    return `${numbers.format(facts?.bytes ?? 0)} bytes are more than maxBytes (${numbers.format(own.maxBytes)})`;
  return undefined;
}

function sampleRows(
  columns: readonly ColumnPlan[],
  table: ProfiledTableRecord,
  { recipe, server, schema, database }: PlanSettings,
  entry: TableEntry | ContainerEntry | undefined,
  stored: ProfilerConfigRecord | undefined
): Pick<TablePlan, 'sampleData' | 'emptiesSample'> {
  if (!recipe.source.sourceConfig.config.generateSampleData) return {};
  if (!storesRows(server)) return { emptiesSample: true };
  const hidden = sensitiveColumns(table);
  const count =
    entry?.sampleDataCount ??
    stored?.sampleDataCount ??
    schema?.sampleDataCount ??
    database?.sampleDataCount ??
    MOST_SHOWN_ROWS;
  const shown = columns.filter(({ catalogName }) => !hidden.has(catalogName));
  if (count === 0 || shown.length === 0) return { emptiesSample: true };
  return { sampleData: { columns: shown, rows: Math.min(count, MOST_SHOWN_ROWS) } };
}

/** Different for each run and table, below 2^31. */
function seedOf(now: number, fqn: string): number {
  return createHash('sha256').update(`${now} ${fqn}`).digest().readUInt32BE(0) >>> 1;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
