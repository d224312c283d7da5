import { z } from 'zod';
import { COLUMN_DATA_TYPES, TABLE_TYPES } from '../../openmetadata/index.js';
import { assetKeys, fqnText, freeObject, integer, tagLabels, text } from './body-parts.js';

const dataType = z.enum(COLUMN_DATA_TYPES);

const column = z.strictObject({
  name: z.string(),
  displayName: text,
  dataType,
  arrayDataType: dataType.nullish(),
  dataLength: integer,
  precision: integer,
  scale: integer,
  dataTypeDisplay: text,
  description: text,
  fullyQualifiedName: text,
  tags: tagLabels,
  constraint: z.enum(['NULL', 'NOT_NULL', 'UNIQUE', 'PRIMARY_KEY']).nullish(),
  ordinalPosition: integer,
  jsonSchema: text,
  profile: freeObject.nullish(),
  customMetrics: z.array(freeObject).nullish(),
  extension: freeObject.nullish(),
  get children() {
    return z.array(column).nullish();
  },
});

const tableConstraint = z.strictObject({
  constraintType: z.enum(['UNIQUE', 'PRIMARY_KEY', 'FOREIGN_KEY', 'SORT_KEY', 'DIST_KEY', 'CLUSTER_KEY']).nullish(),
  columns: z.array(z.string()).nullish(),
  referredColumns: z.array(fqnText).nullish(),
  relationshipType: z.enum(['ONE_TO_ONE', 'ONE_TO_MANY', 'MANY_TO_ONE', 'MANY_TO_MANY']).nullish(),
});

const partitionColumn = z.strictObject({
  columnName: text,
  intervalType: z
    .enum(['TIME-UNIT', 'INTEGER-RANGE', 'INGESTION-TIME', 'COLUMN-VALUE', 'INJECTED', 'ENUM', 'OTHER'])
    .nullish(),
  interval: text,
});

const FILE_FORMATS = [
  'csv',
  'csv.gz',
  'tsv',
  'avro',
  'parquet',
  'pq',
  'pqt',
  'parq',
  'parquet.snappy',
  'json',
  'json.gz',
  'json.zip',
  'jsonl',
  'jsonl.gz',
  'jsonl.zip',
  'MF4',
] as const;

/** Body of PUT `/tables` and a row of PUT `/tables/bulk`. */
export const tableBody = z.strictObject({
  ...assetKeys,
  databaseSchema: fqnText,
  columns: z.array(column),
  tableType: z.enum(TABLE_TYPES).nullish(),
  tableConstraints: z.array(tableConstraint).nullish(),
  tablePartition: z.strictObject({ columns: z.array(partitionColumn).nullish() }).nullish(),
  schemaDefinition: text,
  locationPath: text,
  aliases: z.array(fqnText).nullish(),
  retentionPeriod: text,
  fileFormat: z.enum(FILE_FORMATS).nullish(),
  dataModel: freeObject.nullish(),
  tableProfilerConfig: freeObject.nullish(),
});
