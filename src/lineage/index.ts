export { DIALECTS, dialectNamed, type Dialect } from './dialect.js';
export { parseLineage } from './parse-lineage.js';
export type {
  ColumnJoin,
  ColumnPair,
  LineageColumn,
  LineageOptions,
  LineageTable,
  ParserName,
  QueryLineage,
  SchemaLookup,
  StatementKind,
  TableEdge,
} from './query-lineage.js';
