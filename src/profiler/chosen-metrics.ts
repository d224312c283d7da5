import {
  restoreName,
  type ProfiledTableRecord,
  type ProfilerConfigRecord,
  type ProfilerSettings,
} from '../openmetadata/index.js';
import { DEFAULT_METRICS, PROFILE_METRICS, type ProfilerRecipe, type TableEntry } from '../recipe/index.js';
import { entryFor } from './table-entry.js';

/**
 * `profiler.metrics` of the processor when it has a profiler, else those of sourceConfig, else the usual ones. In one
 * order, however the recipe lists them, as a table's plan is compared with that of the run before.
 */
export function chosenMetrics({ source, processor }: ProfilerRecipe): readonly string[] {
  const profiler = processor?.config?.profiler;
  const named = profiler === undefined ? source.sourceConfig.config.metrics : profiler.metrics;
  const chosen = new Set<string>(named ?? DEFAULT_METRICS);
  return PROFILE_METRICS.filter((metric) => chosen.has(metric));
}

type ColumnRule = (column: string, metric: string) => boolean;

/** Which columns are measured: as the recipe's entry of the table says, else as the server stores it. */
export function columnConfigOf(
  { fullyQualifiedName, tableProfilerConfig }: Pick<ProfiledTableRecord, 'fullyQualifiedName' | 'tableProfilerConfig'>,
  recipe: ProfilerRecipe
): ColumnConfig | undefined {
  const entry = entryFor(recipe, fullyQualifiedName);
  const own = entry !== undefined && 'columnConfig' in entry ? entry.columnConfig : undefined;
  return own ?? tableProfilerConfig ?? undefined;
}

type ColumnConfig = NonNullable<TableEntry['columnConfig']> | ProfilerConfigRecord;

/** Columns are named as OpenMetadata has them or as the source does. */
export function columnRule({ includeColumns, excludeColumns }: ColumnConfig = {}): ColumnRule {
  if (includeColumns !== undefined && includeColumns.length > 0) {
    return (column, metric) => {
      const named =
        includeColumns.find((each) => restoreName(each.columnName) === column) ??
        includeColumns.find((each) => each.columnName === 'all');
      if (named === undefined) return false;
      const { metrics } = named;
      return (
        metrics === undefined ||
        metrics.length === 0 ||
        metrics.some((each) => each.toLowerCase() === metric.toLowerCase())
      );
    };
  }
  const excluded = new Set(excludeColumns?.map(restoreName));
  return (column) => !excluded.has(column);
}

/** The server's settings for a data type; the first entry counts, and an entry without metrics allows all. */
export function allowedByServer(server: ProfilerSettings | undefined, dataType: string, metric: string): boolean {
  const rule = server?.metricConfiguration.find((each) => each.dataType === dataType);
  if (rule === undefined) return true;
  const { disabled, metrics = [] } = rule;
  return disabled !== true && (metrics.length === 0 || metrics.includes(metric));
}
