/** What you need to write a connector: its spec, what it opens, and the pieces of connection models. */
export {
  defineSource,
  TEST_STEPS,
  type CheckResult,
  type CountedQuery,
  type CounterReading,
  type Doubt,
  type LogSource,
  type Measure,
  type MeasureDialect,
  type MeasureOptions,
  type NameRange,
  type ScopeRef,
  type ScopeRights,
  type SourceDatabase,
  type SourceEntity,
  type SourcePartition,
  type SourceSchema,
  type SourceTag,
  type SourceUnselected,
  type UsageLogOptions,
  type UsageLogSource,
  type UsageRecord,
  type ConnectionTestStep,
  type Connector,
  type LogCursor,
  type LoggedEdge,
  type LoggedLoad,
  type LoggedQuery,
  type LogRecord,
  type LogWindow,
  type MeasureSource,
  type CheckOptions,
  type MetadataOptions,
  type MetadataSource,
  type MovedKey,
  type NameFolding,
  type QueryLogOptions,
  type QueryLogSource,
  type ReadPosition,
  type SchemaRef,
  type Selection,
  type Source,
  type SourceColumn,
  type SourceContext,
  type SourceFeature,
  type SourceForeignKey,
  type SourceProcedure,
  type SourceRecord,
  type SourceScope,
  type SourceSpec,
  type SourceTable,
} from './sources/index.js';
export type { ColumnDataType, DatabaseServiceType } from './openmetadata/index.js';
export type { Awaitable } from './filters/index.js';
/** Of a file that a connection names: so that a connector that reads files keeps to OM_INGEST_FILES. */
export { regularFilePath } from './reach/index.js';
/**
 * Marks a string in a connection model as a secret: the recipe keeps a reference to it, and messages and the catalog
 * never show it.
 */
export { secretLeaf } from './secrets/index.js';
/** The zod with which connection models must be written; another copy of it isn't understood. */
export { z } from 'zod';
