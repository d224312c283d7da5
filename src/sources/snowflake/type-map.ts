import type { ColumnDataType } from '../../openmetadata/index.js';
import type { SourceColumn } from '../records.js';
import type { Row } from './session/row.js';

interface MappedType {
  readonly dataType: ColumnDataType;
  /** What is in parentheses: NUMBER(38,0), TEXT(255). */
  readonly sized?: 'precision' | 'length';
}

/** Snowflake's names of types, as the catalog reports them and as they may be declared. */
const TYPES: Readonly<Record<string, MappedType>> = {
  ...same(['NUMBER', 'DECIMAL', 'DEC', 'NUMERIC', 'FIXED'], { dataType: 'DECIMAL', sized: 'precision' }),
  ...same(['INT', 'INTEGER'], { dataType: 'INT' }),
  BIGINT: { dataType: 'BIGINT' },
  ...same(['SMALLINT', 'TINYINT', 'BYTEINT'], { dataType: 'SMALLINT' }),
  ...same(['FLOAT', 'FLOAT4', 'FLOAT8', 'DOUBLE', 'DOUBLE PRECISION', 'REAL'], { dataType: 'FLOAT' }),
  DECFLOAT: { dataType: 'DOUBLE' },
  ...same(['TEXT', 'VARCHAR', 'STRING'], { dataType: 'VARCHAR', sized: 'length' }),
  ...same(['CHAR', 'CHARACTER'], { dataType: 'CHAR', sized: 'length' }),
  ...same(['BINARY', 'VARBINARY'], { dataType: 'BINARY', sized: 'length' }),
  BOOLEAN: { dataType: 'BOOLEAN' },
  DATE: { dataType: 'DATE' },
  TIME: { dataType: 'TIME' },
  DATETIME: { dataType: 'DATETIME' },
  ...same(['TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'], { dataType: 'TIMESTAMP' }),
  ...same(['VARIANT', 'OBJECT'], { dataType: 'JSON' }),
  ARRAY: { dataType: 'ARRAY' },
  MAP: { dataType: 'MAP' },
  GEOGRAPHY: { dataType: 'GEOGRAPHY' },
  GEOMETRY: { dataType: 'GEOMETRY' },
  VECTOR: { dataType: 'BINARY' },
  UUID: { dataType: 'UUID' },
};

/** Columns that Snowflake itself adds to keep a table clustered. */
const INTERNAL_COLUMN = /^sys_clustering_column/i;

export interface MappedColumns {
  readonly columns: readonly SourceColumn[];
  /** One for each column whose type is not known. */
  readonly warnings: readonly string[];
}

/** @param rows of one table from INFORMATION_SCHEMA.COLUMNS, in order */
export function toColumns(rows: readonly Row[]): MappedColumns {
  const columns: SourceColumn[] = [];
  const warnings: string[] = [];
  for (const row of rows) {
    const name = row.text('COLUMN_NAME');
    if (INTERNAL_COLUMN.test(name)) continue;
    const ordinal = row.optionalNumber('ORDINAL_POSITION');
    const description = row.optionalText('COMMENT');
    const declared = row.optionalText('DATA_TYPE') ?? '';
    const type = toType(declared, row);
    if (type.dataType === 'NULL')
      warnings.push(`column ${name}: type ${declared || '(none)'} is not known, it is stored as NULL`);
    columns.push({
      name,
      ...type,
      ...(description === undefined ? {} : { description }),
      nullable: row.flag('IS_NULLABLE'),
      ...(ordinal === undefined ? {} : { ordinalPosition: ordinal }),
    });
  }
  return { columns, warnings };
}

type TypeFacts = Pick<
  SourceColumn,
  'dataType' | 'dataTypeDisplay' | 'dataLength' | 'precision' | 'scale' | 'arrayDataType'
>;

/** The type of a column; an unknown name becomes OpenMetadata's NULL type under its own name. */
export function toType(declared: string, row: Row): TypeFacts {
  const name = declared
    .replace(/\s*\(.*$/s, '')
    .trim()
    .toUpperCase();
  const mapped = TYPES[name];
  if (mapped === undefined) return { dataType: 'NULL', dataTypeDisplay: declared || 'NULL', dataLength: 1 };
  const { dataType } = mapped;
  if (mapped.sized === 'precision') {
    const precision = row.optionalNumber('NUMERIC_PRECISION');
    if (precision === undefined) return { dataType, dataTypeDisplay: name, dataLength: 1 };
    const scale = row.optionalNumber('NUMERIC_SCALE') ?? 0;
    return { dataType, dataTypeDisplay: `${name}(${precision},${scale})`, dataLength: 1, precision, scale };
  }
  if (mapped.sized === 'length') {
    const length = row.optionalNumber('CHARACTER_MAXIMUM_LENGTH') ?? row.optionalNumber('CHARACTER_OCTET_LENGTH');
    return { dataType, dataTypeDisplay: length === undefined ? name : `${name}(${length})`, dataLength: length ?? 1 };
  }
  // The catalog says nothing about the parts of structured types.
  return {
    dataType,
    dataTypeDisplay: name,
    dataLength: 1,
    ...(dataType === 'ARRAY' ? { arrayDataType: 'UNKNOWN' } : {}),
  };
}

function same(names: readonly string[], type: MappedType): Record<string, MappedType> {
  return Object.fromEntries(names.map((name) => [name, type]));
}
