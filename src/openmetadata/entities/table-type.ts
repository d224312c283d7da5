/** Every `tableType` OpenMetadata knows. */
export const TABLE_TYPES = [
  'Regular',
  'External',
  'Dynamic',
  'View',
  'SecureView',
  'MaterializedView',
  'Iceberg',
  'Local',
  'Partitioned',
  'Foreign',
  'Transient',
  'Stream',
  'Stage',
  'SemanticView',
] as const;

export type TableType = (typeof TABLE_TYPES)[number];

/** The types whose `schemaDefinition` is a query over other tables; lineage of views looks at these. */
export const VIEW_LIKE_TYPES = [
  'View',
  'MaterializedView',
  'SecureView',
  'Dynamic',
  'Stream',
] as const satisfies readonly TableType[];
