export { DIALECTS, dialectNamed, catalogNamesAreExact, namesAreExact, type Dialect } from './dialect.js';
export {
  catalogColumns,
  indexColumns,
  otherNames,
  quotedTwin,
  storedColumn,
  type NamedColumn,
} from './column-names.js';
export { chosenSchemas, textUpToRefused } from './chosen-schema.js';
export { nameIn } from './name-identity.js';
export { parseLineage } from './parse-lineage.js';
export { comparedBy } from './query-lineage.js';
export type {
  ColumnJoin,
  ColumnPair,
  LineageColumn,
  LineageOptions,
  LineageTable,
  Spelling,
  QueryLineage,
  SchemaLookup,
  StatementKind,
  TableEdge,
} from './query-lineage.js';
export { maskLiterals, maskWholeText } from './mask-literals.js';
export { namesInText, type NameInText } from './names-in-text.js';
export { ParserPool } from './pool/parser-pool.js';
export type { ParserPoolOptions, ParserPoolReport, PooledLineage, PoolQuery } from './pool/pool-contract.js';
export type { PoisonedText, PoisonReason } from './pool/poison-list.js';
export { SESSION_TABLES_FIRST } from './resolve/session-tables.js';
export { sentCall, sentText } from './sent-text.js';
export { tableChanges, type TableChange } from './table-changes.js';
export { temporaryPlace } from './temporary-place.js';
export { isServerTable } from './server-tables.js';
export type { SqlServer, SqlSession } from './sql-session.js';
export { codeInComment } from './reader/code-comments.js';
export { stringPlaces } from './token-front-end.js';
export { TextReader, type TextReaderOptions } from './text-reader.js';
export { writtenTables } from './written-tables.js';
