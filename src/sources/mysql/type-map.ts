import { LRUCache } from 'lru-cache';
import type { ColumnDataType } from '../../openmetadata/index.js';
import { parseColumnType, type ColumnType } from './column-type.js';

/** A column's type in OpenMetadata's terms. */
export interface MappedType {
  readonly dataType: ColumnDataType;
  readonly dataTypeDisplay: string;
  readonly dataLength: number;
  readonly precision?: number;
  readonly scale?: number;
  /** Set when the type is not known. */
  readonly warning?: string;
}

/**
 * `name`: just the type's name; `arguments`: with what is in the brackets; `longest`: with the length of the longest
 * member.
 */
type Display = 'name' | 'arguments' | 'longest';

interface TypeRule {
  readonly dataType: ColumnDataType;
  readonly display?: Display;
  /** The first argument is the length. */
  readonly hasLength?: true;
  /** The arguments are precision and scale. */
  readonly hasPrecision?: true;
}

const geometry: TypeRule = { dataType: 'GEOMETRY' };

/**
 * Types of MySQL and MariaDB. Display widths of integers, fractions of seconds, `unsigned` and `zerofill` aren't shown,
 * as in OpenMetadata. inet4, inet6 and uuid are MariaDB's own.
 */
const RULES: Readonly<Record<string, TypeRule>> = {
  bool: { dataType: 'BOOLEAN' },
  boolean: { dataType: 'BOOLEAN' },
  tinyint: { dataType: 'TINYINT' },
  smallint: { dataType: 'SMALLINT' },
  mediumint: { dataType: 'INT' },
  int: { dataType: 'INT' },
  integer: { dataType: 'INT' },
  bigint: { dataType: 'BIGINT' },
  decimal: { dataType: 'DECIMAL', display: 'arguments', hasPrecision: true },
  numeric: { dataType: 'DECIMAL', display: 'arguments', hasPrecision: true },
  float: { dataType: 'FLOAT', display: 'arguments' },
  double: { dataType: 'DOUBLE', display: 'arguments' },
  real: { dataType: 'DOUBLE', display: 'arguments' },
  bit: { dataType: 'BIT', display: 'arguments' },
  char: { dataType: 'CHAR', display: 'arguments', hasLength: true },
  varchar: { dataType: 'VARCHAR', display: 'arguments', hasLength: true },
  tinytext: { dataType: 'TEXT' },
  text: { dataType: 'TEXT' },
  mediumtext: { dataType: 'MEDIUMTEXT' },
  longtext: { dataType: 'TEXT' },
  binary: { dataType: 'BINARY', display: 'arguments', hasLength: true },
  varbinary: { dataType: 'VARBINARY', display: 'arguments', hasLength: true },
  tinyblob: { dataType: 'BLOB' },
  blob: { dataType: 'BLOB' },
  mediumblob: { dataType: 'MEDIUMBLOB' },
  longblob: { dataType: 'LONGBLOB' },
  date: { dataType: 'DATE' },
  time: { dataType: 'TIME' },
  datetime: { dataType: 'DATETIME' },
  timestamp: { dataType: 'TIMESTAMP' },
  year: { dataType: 'YEAR' },
  enum: { dataType: 'ENUM', display: 'longest' },
  set: { dataType: 'SET', display: 'longest' },
  json: { dataType: 'JSON' },
  geometry,
  point: geometry,
  linestring: geometry,
  polygon: geometry,
  multipoint: geometry,
  multilinestring: geometry,
  multipolygon: geometry,
  geometrycollection: geometry,
  geomcollection: geometry,
  inet4: { dataType: 'IPV4' },
  inet6: { dataType: 'IPV6' },
  uuid: { dataType: 'UUID' },
};

/** OpenMetadata wants a length for every type; this is used if none applies. */
const NO_LENGTH = 1;

/** Types mapped before, by their text: a warehouse has few types and millions of columns. */
/** Each enumeration is a type: not all of a server's are kept. */
const MOST_MAPPED = 1_000;
const MAPPED = new LRUCache<string, MappedType>({ max: MOST_MAPPED });

/**
 * Maps a COLUMN_TYPE. An unknown type becomes NULL (without arguments) or UNKNOWN (with arguments, `vector(3)`), and a
 * warning.
 * @param isJson MariaDB keeps JSON as longtext with a json_valid check; the caller knows of the check.
 */
export function mapColumnType(columnType: string, isJson = false): MappedType {
  if (isJson) return { dataType: 'JSON', dataTypeDisplay: 'json', dataLength: NO_LENGTH };
  const known = MAPPED.get(columnType);
  if (known !== undefined) return known;
  const mapped = mapByRule(parseColumnType(columnType));
  MAPPED.set(columnType, mapped);
  return mapped;
}

function mapByRule(type: ColumnType): MappedType {
  const rule = Object.hasOwn(RULES, type.name) ? RULES[type.name] : undefined;
  if (rule === undefined) return unknownType(type);
  const [first, second] = (type.arguments ?? []).map(Number);
  return {
    dataType: rule.dataType,
    dataTypeDisplay: display(type, rule.display ?? 'name'),
    dataLength: rule.hasLength === true && first !== undefined ? first : NO_LENGTH,
    ...(rule.hasPrecision === true && first !== undefined ? { precision: first, scale: second ?? 0 } : {}),
  };
}

function unknownType(type: ColumnType): MappedType {
  const dataTypeDisplay = display(type, 'arguments');
  return {
    dataType: type.arguments === undefined ? 'NULL' : 'UNKNOWN',
    dataTypeDisplay,
    dataLength: NO_LENGTH,
    warning: `its type ${dataTypeDisplay} is not known`,
  };
}

function display(type: ColumnType, form: Display): string {
  if (form === 'name' || type.arguments === undefined) return type.name;
  if (form === 'arguments') return `${type.name}(${type.arguments.join(',')})`;
  const longest = Math.max(0, ...type.arguments.map((member) => [...member].length));
  return `${type.name}(${longest})`;
}
