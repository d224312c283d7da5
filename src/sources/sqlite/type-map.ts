import type { ColumnDataType } from '../../openmetadata/index.js';

/** A declared type in OpenMetadata's terms. */
export interface MappedType {
  readonly dataType: ColumnDataType;
  readonly dataTypeDisplay: string;
  readonly dataLength: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** Declared types that say more than their affinity. */
const NAMED: Readonly<Record<string, ColumnDataType>> = {
  INTEGER: 'INT',
  INT: 'INT',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  MEDIUMINT: 'INT',
  BIGINT: 'BIGINT',
  'UNSIGNED BIG INT': 'BIGINT',
  INT2: 'SMALLINT',
  INT8: 'BIGINT',
  CHAR: 'CHAR',
  CHARACTER: 'CHAR',
  NCHAR: 'CHAR',
  'NATIVE CHARACTER': 'CHAR',
  VARCHAR: 'VARCHAR',
  NVARCHAR: 'VARCHAR',
  'VARYING CHARACTER': 'VARCHAR',
  TEXT: 'TEXT',
  CLOB: 'CLOB',
  BLOB: 'BLOB',
  BINARY: 'BINARY',
  VARBINARY: 'VARBINARY',
  REAL: 'DOUBLE',
  DOUBLE: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  FLOAT: 'FLOAT',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'DECIMAL',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
  JSON: 'JSON',
  UUID: 'UUID',
};

const WITH_LENGTH: ReadonlySet<ColumnDataType> = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);
const WITH_PRECISION: ReadonlySet<ColumnDataType> = new Set(['NUMERIC', 'DECIMAL']);

/** OpenMetadata requires a length for every type; this one is used where none applies. */
const NO_LENGTH = 1;

/**
 * Maps a declared type: by its name where that is a known one, else by SQLite's rules of affinity
 * (sqlite.org/datatype3.html, "Determination Of Column Affinity"). A column without a declared type may hold anything:
 * UNKNOWN for it, `any` for display.
 */
export function mapDeclaredType(declared: string): MappedType {
  const text = declared.trim();
  if (text === '') return { dataType: 'UNKNOWN', dataTypeDisplay: 'any', dataLength: NO_LENGTH };
  const match = /^([^(]*?)\s*(?:\(\s*([+-]?\d+)\s*(?:,\s*([+-]?\d+)\s*)?\))?\s*$/.exec(text);
  const name = (match?.[1] ?? text).toUpperCase().replace(/\s+/g, ' ');
  const dataType = (Object.hasOwn(NAMED, name) ? NAMED[name] : undefined) ?? byAffinity(name);
  const [first, second] = [match?.[2], match?.[3]].map((each) => (each === undefined ? undefined : Number(each)));
  return {
    dataType,
    dataTypeDisplay: text.toLowerCase().replace(/\s*([(,)])\s*/g, '$1'),
    dataLength: WITH_LENGTH.has(dataType) && first !== undefined && first > 0 ? first : NO_LENGTH,
    ...(WITH_PRECISION.has(dataType) && first !== undefined ? { precision: first, scale: second ?? 0 } : {}),
  };
}

function byAffinity(name: string): ColumnDataType {
  if (name.includes('INT')) return 'INT';
  if (/CHAR|CLOB|TEXT/.test(name)) return 'TEXT';
  if (name.includes('BLOB')) return 'BLOB';
  if (/REAL|FLOA|DOUB/.test(name)) return 'DOUBLE';
  return 'NUMERIC';
}
