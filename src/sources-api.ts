/** What somebody who writes a connector needs: its spec, what it opens, and the pieces of connection models. */
export {
  defineSource,
  TEST_STEPS,
  type CheckResult,
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
/**
 * Marks a string of a connection model as a secret: the recipe keeps a reference to it, messages and the catalog never
 * show it.
 */
export { secretLeaf } from './secrets/index.js';
/** The zod that connection models are written with; another copy of it is not understood. */
export { z } from 'zod';
