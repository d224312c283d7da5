import type { TableType } from '../../../openmetadata/index.js';
import type { Row } from '../session/row.js';

const BY_NAME: Readonly<Record<string, TableType>> = {
  'BASE TABLE': 'Regular',
  VIEW: 'View',
  'MATERIALIZED VIEW': 'MaterializedView',
  'EXTERNAL TABLE': 'External',
};

/**
 * The kind of a row of INFORMATION_SCHEMA.TABLES; a table with a clustering key becomes Partitioned later, when its
 * columns are known.
 */
export function tableType(row: Row): TableType {
  if (row.flag('IS_TRANSIENT')) return 'Transient';
  if (row.flag('IS_DYNAMIC')) return 'Dynamic';
  if (row.flag('IS_ICEBERG')) return 'Iceberg';
  return BY_NAME[row.optionalText('TABLE_TYPE')?.toUpperCase() ?? ''] ?? 'Regular';
}

/** How the recipe's include flags see it. */
export function selectionKind(type: TableType): 'table' | 'view' | 'other' {
  if (type === 'View' || type === 'MaterializedView' || type === 'SemanticView') return 'view';
  return type === 'Stream' || type === 'Stage' ? 'other' : 'table';
}
