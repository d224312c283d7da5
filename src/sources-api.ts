/** What you need to write a connector: its spec, what it opens, and the pieces of connection models. */
export { defineSource, TEST_STEPS, type ConnectionModel, type Source } from './sources/index.js';
export type * from './sources/source-spec.js';
export type * from './sources/source.js';
export type * from './sources/records.js';
export type * from './sources/query-log.js';
export type * from './sources/measured-column.js';
export type * from './sources/condition.js';
export type * from './sources/measure.js';
export type * from './sources/measure-dialect.js';
export type * from './sources/measures.js';
export type { ComparedAs, RowHashing } from './sources/row-hashing.js';
export type { Dialect } from './sql/index.js';
export type { ColumnDataType, DatabaseServiceType, TableType } from './openmetadata/index.js';
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
